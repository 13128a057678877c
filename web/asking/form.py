"""The form with which a group asks for spaces: five fields, and further ones where the kind of permit asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, EmailField, FormField, HiddenField, StringField, SubmitField, TextAreaField
from wtforms.widgets import TimeInput

from tempuse.permit_kinds import PermitKind
from tempuse.permits import Permit
from tempuse.terms import Hours, Terms
from tempuse.vocabulary import UseCategory
from web import database, words
from web.presenters import labels
from web.site import arguments
from web.site.forms import AtMost, Choice, Choices, Day, Needed, Rows
from web.site.once import StrangerForm

ROWS_OF_HOURS = 3
_WEEKDAYS = (
    lazy_gettext("Monday"), lazy_gettext("Tuesday"), lazy_gettext("Wednesday"), lazy_gettext("Thursday"),
    lazy_gettext("Friday"), lazy_gettext("Saturday"), lazy_gettext("Sunday"),
)  # fmt: skip
_OFF = {"autocomplete": "off"}


class HoursRow(wtforms.Form):  # type: ignore[misc]
    """One row of times: on which weekdays, from when until when."""

    weekdays = Choices(lazy_gettext("On"), choices=[(str(bit), word) for bit, word in enumerate(_WEEKDAYS)])
    from_time = StringField(lazy_gettext("From"), widget=TimeInput())
    until_time = StringField(lazy_gettext("Until"), widget=TimeInput())

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self.weekdays.data or self.from_time.data or self.until_time.data)

    def hours(self) -> Hours:
        """As terms have it; numbers out of bounds where something is missing, so that it is said."""
        bits = sum(1 << int(day) for day in self.weekdays.data or () if day in "0123456")
        return Hours(
            weekdays=bits, from_minute=_minute(self.from_time.data), until_minute=_minute(self.until_time.data)
        )  # fmt: skip


def _minute(text: str | None) -> int:
    """The minute of the day that ``19:30`` is; -1 where it is none."""
    hours, _, minutes = (text or "").strip().partition(":")
    parts = arguments.Args({"hours": hours, "minutes": minutes[:2]})
    hour = arguments.whole(parts, "hours", 0, 99, 99)
    minute = arguments.whole(parts, "minutes", 0, 99, 99)
    return hour * 60 + minute if hour < 24 and minute < 60 else -1


class SpaceRequestForm(StrangerForm):
    """What a group asks for."""

    called = "request"

    title = StringField(
        lazy_gettext("What do you want to do there?"), validators=[Needed(), AtMost(200)], render_kw=_OFF,
        description=lazy_gettext("In a few words, like: a repair café on Saturdays."),
    )  # fmt: skip
    use = Choice(lazy_gettext("What is it most of all?"), look="list")
    name = StringField(
        lazy_gettext("Your name"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        lazy_gettext("Your e-mail"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "email"},
        description=lazy_gettext("We send you a link to confirm it. Everything about your request comes there."),
    )  # fmt: skip
    group = StringField(
        lazy_gettext("Your group"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "organization"},
        description=lazy_gettext("As it calls itself. Your own name, if you are alone."),
    )  # fmt: skip
    organisation = Choice(lazy_gettext("For which group?"), look="list")
    starts_on = Day(lazy_gettext("From which day?"), validators=[Needed()])
    ends_on = Day(lazy_gettext("Until which day?"), validators=[Needed()])
    hours = Rows(FormField(HoursRow), min_entries=ROWS_OF_HOURS, max_entries=20)
    persons = StringField(
        lazy_gettext("How many people at once?"), render_kw={**_OFF, "inputmode": "numeric"}
    )  # fmt: skip
    noise = StringField(lazy_gettext("What will be heard outside?"), validators=[AtMost(500)], render_kw=_OFF)
    insurance = BooleanField(lazy_gettext("We are insured for damage to others"))
    budget = StringField(
        lazy_gettext("What can you pay, and from what?"), validators=[AtMost(500)], render_kw=_OFF
    )  # fmt: skip
    private_text = TextAreaField(
        lazy_gettext("Anything else?"), validators=[AtMost(3000)],
        description=lazy_gettext("Only the city reads it. You may leave it empty."),
    )  # fmt: skip
    send = SubmitField(lazy_gettext("Ask for it"))
    kind = HiddenField()
    match = HiddenField()

    def __init__(
        self, kind: PermitKind, organisations: Sequence[tuple[str, str]] | None = None, **options: Any
    ) -> None:  # fmt: skip
        """Make the form for a kind; of a signed-in contact with their groups in place of name, address and group."""
        super().__init__(**options)
        self.permit_kind = kind
        self.use.choices = labels.choices(UseCategory, empty=gettext("Choose one"))
        gone = {"name", "email", "group"} if organisations is not None else {"organisation"}
        gone |= {name for name in ("hours", "persons", "noise", "insurance", "budget") if name not in kind.asks}
        for name in gone:
            del self[name]
        if organisations is not None:
            self.organisation.choices = list(organisations)

    def begins_in_time(self) -> bool:
        """Whether it begins today or later; if not, it is said here."""
        if self.starts_on.day is None or self.starts_on.day >= database.today():
            return True
        self.say("starts_on", words.sentence("permit.begins_past"))
        return False

    def validate_persons(self, field: StringField) -> None:
        """A whole number, or nothing."""
        text = (field.data or "").strip()
        if text and arguments.whole(arguments.Args({"n": text}), "n", 0, 10**9, None) is None:
            raise wtforms.ValidationError(gettext("Write a whole number, like 12."))

    def asked(self, space_refs: Sequence[str]) -> tuple[Permit, Terms]:
        """What is asked for, as the form tells it."""
        persons = self._text("persons")
        permit = Permit(
            kind=self.permit_kind.name, space_refs=tuple(space_refs), title=self._text("title") or None,
            use_categories=(self.use.data,) if self.use.data else (), private_text=self._text("private_text") or None,
            answers=self._answers(), persons=arguments.whole(arguments.Args({"n": persons}), "n", 0, 10**9, None),
            language=words.locale().language,
        )  # fmt: skip
        rows = [each.form for each in self.hours] if "hours" in self else []
        hours = tuple(row.hours() for row in rows if not row.is_empty)
        return permit, Terms(starts_on=self.starts_on.day, ends_on=self.ends_on.day, hours=hours)

    def _text(self, name: str) -> str:
        return (self[name].data or "").replace("\r\n", "\n").strip() if name in self else ""

    def _answers(self) -> dict[str, str]:
        """What the kind asked besides, by its name; what was not answered is left out."""
        found = {name: text for name in ("noise", "budget") if (text := self._text(name))}
        return {**found, "insurance": "yes" if self.insurance.data else "no"} if "insurance" in self else found
