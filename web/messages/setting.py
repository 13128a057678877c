"""Words about settings."""

MESSAGES = {
    "setting.accent_pale": "Text in this colour is hard to read. This darker one can be read: {better}.",
    "setting.entry_used": "“{name}” is still named by: {users}. Take it out there first.",
    "setting.no_entry": "There is no entry “{name}”.",
    "setting.country": "Write the country in two capital letters, like BE.",
    "setting.crs": "“{value}” is not a coordinate reference system that we know. Write it like EPSG:31370.",
    "setting.currency": "Write the currency in three capital letters, like EUR.",
    "setting.languages": "Choose from the languages that we speak: {choices}.",
    "setting.not_a_colour": "Write the colour like #0b5a4a.",
    "setting.number": "“{value}” is not a whole number.",
    "setting.one_line": "Write it on one line, in at most 500 characters.",
    "setting.one_of": "Choose one of: {choices}.",
    "setting.range": "Choose a number between {least} and {most}.",
    "setting.tile_url": "Write an https address with {{z}}, {{x}} and {{y}} in it, like https://tile.example.org/{{z}}/{{x}}/{{y}}.png, without blanks, quotes and semicolons.",
    "setting.time_zone": "“{value}” is not a time zone. Write it like Europe/Brussels.",
    "setting.unknown": "There is no setting “{name}”.",
    "setting.url": "Write a web address that begins with https://.",
    "setting.catalogue": "Write a list of at most {most} entries, as JSON.",
    "setting.catalogue_entry": "{field} of “{name}” does not fit.",
    "setting.catalogue_twice": "Two entries have the same name: {value}.",
}
