"""Words for issues: what is wrong with one value, and what was done about it."""

MESSAGES = {
    "email.no_at": "The e-mail address has no @. Write it like name@example.org.",
    "email.odd": "This is not an e-mail address. Write it like name@example.org.",
    "person.name": "Write the person’s name.",
    "report.consent": "Tick the box, or leave the e-mail address empty.",
    "report.kind": "Choose what you want to tell us.",
    "report.space_kind": "Choose a building, a unit or a plot.",
    "report.too_long": "This is longer than {most} characters. Please shorten it.",
    "report.what": "Tell us what is wrong.",
    "report.where": "Put the pin on the place, or write the address.",
    "space.end_before_start": "The end is before the start. Choose a later end date.",
    "space.longest_below_shortest": "The longest term is shorter than the shortest. Make it longer.",
    "space.within_itself": "A space cannot lie within itself.",
    "value.not_in_list": "This is not one of the choices.",
    "value.out_of_range": "This must lie between {least} and {most}.",
}
