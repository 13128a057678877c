"""What a city sets, in sections: each setting with its label, its hint and the input that fits it."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import EmailField, TextAreaField

from web.office.settings import choices
from web.office.settings.parts import Section, Setting
from web.office.settings.weighing import WeightsField
from web.site.forms import Choice, Choices

_ = lazy_gettext

SECTIONS = (
    Section(
        "city",
        _("The city"),
        _("Whose register this is."),
        (
            Setting("municipality", _("Name of the municipality"), _("It stands at the top of every page.")),
            Setting("site_name", _("Name of this site"), _("It stands beside the municipality’s name.")),
            Setting(
                "country",
                _("Country"),
                _("Its currency and its coordinates come with it, where you set no others."),
                Choice,
                choices.countries,
                look="list",
            ),
            Setting(
                "time_zone", _("Time zone"), _("It decides when a day begins."), Choice, choices.zones, look="list"
            ),
            Setting("currency", _("Currency"), "", Choice, choices.currencies, look="list"),
            Setting("languages", _("Languages of the pages"), "", Choices, choices.languages),
        ),
    ),
    Section(
        "look",
        _("Logo and colour"),
        _("The city is the sender of every page."),
        (
            Setting("logo", _("Logo"), _("PNG, JPEG or WebP, at most 1 MB. Square is best."), FileField),
            Setting("accent", _("Accent colour"), _("For everything that can be pressed. Like #0b5a4a."), short=True),
        ),
    ),
    Section(
        "contact",
        _("Contact"),
        _("Whom people ask. It stands on every public page about a space."),
        (
            Setting("contact_email", _("E-mail address"), "", EmailField),
            Setting("contact_phone", _("Telephone"), short=True),
            Setting("contact_address", _("Address"), "", TextAreaField),
            Setting("emergency_number", _("Emergency number"), _("For people who see a danger."), short=True),
        ),
    ),
    Section(
        "publication",
        _("What is public"),
        _("You see what a change does before it is done. Reported and withheld spaces are never public."),
        (
            Setting(
                "publish_from",
                _("Publicly owned spaces"),
                _("From when they are public."),
                Choice,
                choices.publish_from,
            ),
            Setting(
                "private_rule",
                _("Spaces of other owners"),
                _("As the law of your place has it."),
                Choice,
                choices.private_rules,
            ),
            Setting(
                "objection_days",
                _("Time to object"),
                _("Counts only where owners may object."),
                short=True,
                unit=_("days"),
            ),
            Setting(
                "public_level",
                _("Where a publicly owned space lies"),
                _("How precisely everybody sees it, unless the space says otherwise."),
                Choice,
                choices.levels,
            ),
            Setting(
                "private_level",
                _("Where a space of another owner lies"),
                _("How precisely everybody sees it, unless the space says otherwise."),
                Choice,
                choices.levels,
            ),
            Setting(
                "licence",
                _("Licence of the public data"),
                _("Like CC BY 4.0. It stands in every download."),
                known=choices.licences,
            ),
            Setting(
                "attribution",
                _("How the source is to be named"),
                _("Whoever uses the data writes this. Empty: the name of the city."),
            ),
        ),
    ),
    Section(
        "map",
        _("Map and addresses"),
        _("The map works without anybody’s help. What you add here asks other hosts."),
        (
            Setting(
                "national_crs",
                _("National coordinate reference system"),
                _("Like EPSG:31370. For files without one, and for coordinates that you paste."),
                known=choices.systems,
            ),
            Setting(
                "background_source", _("Source of districts, water and green"), _("It stands at the edge of the map.")
            ),
            Setting(
                "tile_url",
                _("Map tiles"),
                _(
                    "Leave it empty and no visitor’s browser asks anybody but this site. With an address like "
                    "https://tile.example.org/{z}/{x}/{y}.png, each visitor’s browser asks that host, which then sees "
                    "the visitor’s address."
                ),
            ),
            Setting("tile_attribution", _("Source of the tiles"), _("What that host wants to be named as.")),
            Setting(
                "office_tiles",
                _("Street map for the office"),
                _("Only who is signed in asks that host, on the office’s pages. Visitors never do."),
                Choice,
                choices.office_tiles,
                look="list",
            ),
            Setting(
                "geocoder",
                _("Address service"),
                _("For finding addresses. It is told each address that you look for."),
                Choice,
                choices.geocoders,
                look="list",
            ),
            Setting("geocoder_url", _("Address of the service"), _("Only for a service of your own.")),
        ),
    ),
    Section(
        "letters",
        _("Reports and letters"),
        _("How the office answers."),
        (
            Setting(
                "mail_from",
                _("Sender of letters"),
                _("An e-mail address that your mail server may send from."),
                EmailField,
            ),
            Setting(
                "report_answer_days",
                _("Reports are answered within"),
                _("Citizens are told so."),
                short=True,
                unit=_("days"),
            ),
            Setting(
                "report_contact_days",
                _("Citizens’ addresses are kept for"),
                _("Then they are removed by themselves."),
                short=True,
                unit=_("days"),
            ),
            Setting("recheck_months", _("Spaces are looked at again after"), "", short=True, unit=_("months")),
        ),
    ),
    Section(
        "permits",
        _("Permits"),
        _("How requests are treated, and for how long what is known of them is kept."),
        (
            Setting(
                "rivals_rule",
                _("Several requests for one space"),
                _("Groups are told so."),
                Choice,
                choices.rivals_rules,
            ),
            Setting("rivals_days", _("Decided together within"), "", short=True, unit=_("days")),
            Setting("uses_public_from", _("From when everybody sees a use"), "", Choice, choices.uses_public_from),
            Setting("own_requests", _("A request of one’s own group"), "", Choice, choices.own_requests),
            Setting("ends_soon_days", _("A use ends soon from"), _("Before its last day."), short=True, unit=_("days")),
            Setting(
                "request_data_days",
                _("Refused requests are kept for"),
                _("Then names and texts are removed."),
                short=True,
                unit=_("days"),
            ),
            Setting(
                "permit_data_days",
                _("Permits are kept for"),
                _("After the keys are back. The figures stay."),
                short=True,
                unit=_("days"),
            ),
        ),
    ),
    Section(
        "matching",
        _("Matching"),
        _("How groups that look for a space are kept in mind, and when they hear of one."),
        (
            Setting(
                "moderate_needs",
                _("A group that wants everybody to read of its search"),
                "",
                Choice,
                choices.moderate_needs,
            ),
            Setting(
                "public_need_counts",
                _("How many groups look for such a space, on its page"),
                "",
                Choice,
                choices.public_need_counts,
            ),
            Setting(
                "watch_letters", _("When people hear of a space that begins to fit"), "", Choice, choices.watch_letters
            ),
            Setting("watch_hour", _("In the morning means from"), "", short=True, unit=_("o’clock")),
            Setting(
                "still_looking_days",
                _("A group is asked whether it still looks after"),
                _("By letter; counted from when it said so last."),
                short=True,
                unit=_("days"),
            ),
            Setting(
                "still_looking_grace_days",
                _("Without an answer its search leaves the lists after"),
                _("Further days. One press brings it back."),
                short=True,
                unit=_("days"),
            ),
            Setting(
                "need_data_days",
                _("What groups looked for is kept for"),
                _("After it ended. Then names and texts are removed."),
                short=True,
                unit=_("days"),
            ),
        ),
    ),
    Section(
        "weights",
        _("What weighs how much"),
        _("What orders the spaces that fit a group. You see what a change does before it is done."),
        (
            Setting(
                "match_weights",
                _("Weights, from 0 to 5"),
                _("0: nobody looks at it any more, not even as a must. Together, what must be there weighs 4 at most."),
                WeightsField,
            ),
            Setting(
                "match_enough",
                _("A space fits when so much is known of it"),
                _("Of what a group asks, by weight. Of what is less known, the group is told to ask."),
                short=True,
                unit=_("of 1,000"),
            ),
        ),
    ),
)
BY_KEY = {section.key: section for section in SECTIONS}
