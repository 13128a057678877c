"""The form with which a group says what it looks for; what the form does not ask stays as it was asked elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, HiddenField, StringField, SubmitField, TextAreaField

from tempuse import questions
from tempuse.needs import Need
from tempuse.vocabulary import Facility, NeedAudience, SpaceKind, Theme, UseCategory
from tempuse.wanted import LONGEST_TERM_DAYS, LONGEST_TERM_MONTHS, Wanted
from web import database, words
from web.map import index
from web.presenters import labels
from web.site import arguments
from web.site.forms import AtMost, Choice, Choices, Day, Duration, Form, Needed
from web.site.once import StrangerForm

_OFF = {"autocomplete": "off"}
_NUMBER = {**_OFF, "inputmode": "numeric"}
_MOST = 10_000_000
_IN_MONTHS = {"month": 1, "year": 12}


def _number(text: str | None) -> int | None:
    """A whole number that somebody wrote, None for nothing and for what is none."""
    return arguments.whole(arguments.Args({"n": (text or "").strip()}), "n", 0, _MOST, None)


class _Whole:
    """A whole number, or nothing."""

    def __call__(self, form: Form, field: StringField) -> None:
        """Refuse anything else."""
        if (field.data or "").strip() and _number(field.data) is None:
            raise wtforms.ValidationError(gettext("Write a whole number, like 12."))


class NeedForm(StrangerForm):
    """What a group looks for."""

    called = "need"

    title = StringField(
        lazy_gettext("What do you look for?"), validators=[Needed(), AtMost(200)], render_kw=_OFF,
        description=lazy_gettext("In a few words, like: a workshop for a repair café."),
    )  # fmt: skip
    uses = Choices(lazy_gettext("What for?"), description=lazy_gettext("Up to three; any of them is enough."))
    purpose = TextAreaField(
        lazy_gettext("What do you want to do there?"), validators=[AtMost(4000)],
        description=lazy_gettext("The city reads it. Others read it only if you want that, and after the city."),
    )  # fmt: skip
    area_least_m2 = StringField(lazy_gettext("At least how large?"), validators=[_Whole()], render_kw=_NUMBER)
    area_most_m2 = StringField(lazy_gettext("At most how large?"), validators=[_Whole()], render_kw=_NUMBER)
    persons = StringField(lazy_gettext("How many people at once?"), validators=[_Whole()], render_kw=_NUMBER)
    starts_on = Day(lazy_gettext("From which day?"), description=lazy_gettext("Empty: from today."))
    starts_by = Day(lazy_gettext("By which day at the latest?"), description=lazy_gettext("Empty: whenever."))
    term = Duration(lazy_gettext("For how long at least?"))
    districts = Choices(
        lazy_gettext("In which districts?"), description=lazy_gettext("None ticked: anywhere.")
    )  # fmt: skip
    kinds = Choices(lazy_gettext("What kind of space?"), description=lazy_gettext("None ticked: any."))
    facilities = Choices(lazy_gettext("What must be there?"))
    budget_month = StringField(lazy_gettext("What can you pay a month?"), validators=[_Whole()], render_kw=_NUMBER)
    themes = Choices(lazy_gettext("What is your group about?"))
    private_text = TextAreaField(
        lazy_gettext("Anything else?"), validators=[AtMost(4000)],
        description=lazy_gettext("Only the city reads it. You may leave it empty."),
    )  # fmt: skip
    audience = Choice(lazy_gettext("Who else may read of it?"), default=NeedAudience.PRIVATE.value)
    name = StringField(
        lazy_gettext("Your name"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        lazy_gettext("Your e-mail"), validators=[AtMost(200)], render_kw={"autocomplete": "email"},
        description=lazy_gettext("We send you a link to confirm it. Everything about your search comes there."),
    )  # fmt: skip
    group = StringField(
        lazy_gettext("Your group"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "organization"},
        description=lazy_gettext("As it calls itself. Your own name, if you are alone."),
    )  # fmt: skip
    organisation = Choice(lazy_gettext("For which group?"), look="list")
    send = SubmitField(lazy_gettext("Save what we look for"))
    revision = HiddenField()

    def __init__(
        self, asked: Wanted, *, who: str = "", organisations: Sequence[tuple[str, str]] = (), need: Need | None = None,
        **options: Any,
    ) -> None:  # fmt: skip
        """Make the form.

        Args:
            asked: what is asked already: by the need, or by the address that one comes with.
            who: whom it asks who they are: ``stranger``, ``contact`` of the organisations, or nobody.
            organisations: refs and names to choose from.
            need: the need that is changed.
            options: Flask-WTF's.
        """
        super().__init__(data={**_data(asked), **_texts(need)}, **options)
        self.asked = asked
        gone = {"stranger": {"organisation"}, "contact": {"name", "email", "group"}}.get(
            who, {"name", "email", "group", "organisation"}
        )
        for field in gone:
            del self[field]
        self.uses.choices, self.kinds.choices = labels.choices(UseCategory), labels.choices(SpaceKind)
        self.facilities.choices, self.themes.choices = labels.choices(Facility), labels.choices(Theme)
        self.audience.choices = labels.choices(NeedAudience, hints=True)
        if database.settings().moderate_needs == "never":
            self.purpose.description = gettext("The city reads it. Others read it only if you want that.")
            self.audience.choices = [
                (*choice[:2], choice[2] * (choice[0] != "public")) for choice in self.audience.choices
            ]
        self.districts.choices = _districts(asked.districts)
        if not self.districts.choices:
            del self["districts"]
        if who == "contact":
            self.organisation.choices = list(organisations)

    def seen(self) -> int | None:
        """The revision that they saw, None where none was sent."""
        return arguments.whole(arguments.Args({"n": self.revision.data or ""}), "n", 1, 10**9, None)

    def validate_term(self, field: Duration) -> None:
        """A number of days, months or years, or nothing."""
        if (field.data or "").strip():
            months, days = self._term()
            if not (months or days) or (months or 0) > LONGEST_TERM_MONTHS or (days or 0) > LONGEST_TERM_DAYS:
                raise wtforms.ValidationError(gettext("Write a whole number, like 12."))

    def _term(self) -> tuple[int | None, int | None]:
        number, unit = self.term.parts
        count = arguments.whole(arguments.Args({"n": number}), "n", 1, 100_000, None)
        if count is None:
            return None, None
        return (None, count) if unit == "day" else (count * _IN_MONTHS.get(unit, 1), None)

    def wanted(self) -> Wanted:
        """What is asked now: as the form says it, and what it does not ask as it was."""
        months, days = self._term()
        budget = _number(self.budget_month.data)
        least, most = _number(self.area_least_m2.data), _number(self.area_most_m2.data)
        return replace(
            self.asked, uses=tuple(self.uses.data or ()), kinds=tuple(self.kinds.data or ()),
            themes=tuple(self.themes.data or ()), area_least_m2=least or None, area_most_m2=most or None,
            persons=_number(self.persons.data) or None, starts_on=self.starts_on.day, starts_by=self.starts_by.day,
            term_months=months, term_days=days, facilities=tuple(self.facilities.data or ()),
            districts=tuple(self.districts.data or ()) if "districts" in self else self.asked.districts,
            budget_month_cents=None if budget is None else budget * 100,
        )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The fields of a need, as they were written."""
        texts = {
            name: (self[name].data or "").replace("\r\n", "\n").strip() or None
            for name in ("title", "purpose", "private_text")
        }
        return {**texts, "audience": self.audience.data, "question": questions.text_of(self.wanted())}

    def need(self) -> Need:
        """A new need, as the form tells it."""
        return Need(**self.values(), language=words.locale().language)


def _districts(chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Refs and names of the districts, by name; those that are chosen stay, whatever became of them."""
    background, _ = index.background()
    named = {
        str(each["ref"]): str(each.get("name") or each["ref"])
        for each in background.about if each["kind"] == "district"
    }  # fmt: skip
    return sorted(({ref: ref for ref in chosen} | named).items(), key=lambda pair: pair[1].casefold())


def _texts(need: Need | None) -> dict[str, Any]:
    if need is None:
        return {}
    names = ("title", "purpose", "private_text", "audience", "revision")
    return {name: getattr(need, name) or "" for name in names}


def _data(asked: Wanted) -> dict[str, Any]:
    """What is asked, as the form's fields show it."""
    term = f"{asked.term_months} month" if asked.term_months else f"{asked.term_days} day" if asked.term_days else ""
    budget = asked.budget_month_cents
    return {
        "uses": list(asked.uses), "kinds": list(asked.kinds), "themes": list(asked.themes),
        "facilities": list(asked.facilities), "districts": list(asked.districts), "term": term,
        "area_least_m2": _whole(asked.area_least_m2), "area_most_m2": _whole(asked.area_most_m2),
        "persons": _whole(asked.persons), "budget_month": _whole(None if budget is None else budget / 100),
        "starts_on": str(asked.starts_on or ""), "starts_by": str(asked.starts_by or ""),
    }  # fmt: skip


def _whole(number: float | None) -> str:
    return "" if number is None else f"{number:.0f}"
