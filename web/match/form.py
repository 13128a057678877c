"""The form of a question: five questions first, more behind them, and what each answer that is a must hides today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse import week
from tempuse.mapindex.filters import CHIPS
from tempuse.vocabulary import Facility, SpaceKind, Theme, UseCategory, Works
from tempuse.wanted import NEVER_MUST, Wanted
from web import words
from web.map import index
from web.match import wording
from web.match.question import ROWS_OF_HOURS, MatchQuestion
from web.presenters import labels
from web.search import unread

# How loud it gets: the louder of what one would name.
NOISES = ((55, lazy_gettext("Talking, desks, children at homework")), (70, lazy_gettext("Tools, soft music")),
          (90, lazy_gettext("Machines, a band, a feast")))  # fmt: skip
GROUPS: tuple[tuple[str, LazyString], ...] = (
    ("registered", lazy_gettext("Registered: an association, a company, a foundation")),
    ("guaranteed", lazy_gettext("Not registered, with somebody who stands in for us")),
    ("informal", lazy_gettext("Not registered")),
)
DISTANCES_M = (500, 1000, 2000, 5000, 10_000)
# The field of the form where what is wrong with a field of the question is said.
_FIELD = {
    "area_least_m2": "least", "area_most_m2": "most", "starts_on": "from", "starts_by": "by", "kinds": "kind",
    "uses": "use", "works": "works", "term_months": "months", "within_m": "within", "persons": "people",
    "budget_month_cents": "cost", "budget_start_cents": "deposit", "m2": "least", "for": "months", "hours": "day-1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One row of hours: a weekday's short name, from and until o'clock."""

    day: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """A criterion that is asked: whether it is a must, and how many more spaces there would be if it were none."""

    key: str
    words: str
    is_must: bool
    hides: int


@dataclass(frozen=True, slots=True)
class MatchForm:
    """What the form shows: the question as it is, the lists to choose from, what is wrong with it."""

    question: MatchQuestion
    hides: Mapping[str, int]
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    today: date

    @property
    def wanted(self) -> Wanted:
        """The question as it is."""
        return self.question.wanted

    @property
    def uses(self) -> list[tuple[str, str]]:
        """What one can do, with its word."""
        return [(each.value, gettext(each.label)) for each in UseCategory]

    @property
    def districts(self) -> list[tuple[str, str]]:
        """Refs and names of the districts, by name."""
        return index.districts()

    @property
    def first_facilities(self) -> list[tuple[str, str]]:
        """What is asked for most."""
        return [(each.value, gettext(each.label)) for each in CHIPS]

    @property
    def more_facilities(self) -> list[tuple[str, str]]:
        """What else may be there."""
        return [(each.value, gettext(each.label)) for each in Facility if each not in CHIPS]

    kinds = property(lambda self: [(each.value, gettext(each.label)) for each in SpaceKind])
    themes = property(lambda self: [(each.value, gettext(each.label)) for each in Theme])
    works = property(lambda self: labels.choices(Works, empty=gettext("Does not matter"), hints=True))

    @property
    def noises(self) -> list[tuple[str, str]]:
        """How loud it gets; what an address says besides stays a choice."""
        known = [("", gettext("Nothing worth mentioning")), *((str(level), str(said)) for level, said in NOISES)]
        level = self.wanted.noise_db
        return known if level is None or level in dict(NOISES) else [*known, (str(level), f"{level} dB")]

    @property
    def groups(self) -> list[tuple[str, str]]:
        """What kind of group asks."""
        return [("", gettext("We do not want to say")), *((value, str(said)) for value, said in GROUPS)]

    @property
    def yes_or_no(self) -> list[tuple[str, str]]:
        """Yes, no, and not said."""
        return [("", gettext("We do not want to say")), ("yes", gettext("Yes")), ("no", gettext("No"))]

    @property
    def distances(self) -> list[tuple[str, str]]:
        """How far; what an address says besides stays a choice."""
        known = list(DISTANCES_M)
        if self.wanted.within_m is not None and self.wanted.within_m not in known:
            known = sorted([*known, self.wanted.within_m])
        return [(str(metres), wording.distance(metres)) for metres in known]

    @property
    def days(self) -> list[tuple[str, str]]:
        """The days of a week."""
        return [("", gettext("No day")), *zip(week.DAYS, wording.day_names(), strict=True)]

    @property
    def lines(self) -> list[HoursLine]:
        """The rows of hours, at least ROWS_OF_HOURS of them."""
        held = [
            HoursLine(week.DAYS[day], str(first), str(last)) for day, first, last in week.stretches(self.wanted.hours)
        ]
        return held + [HoursLine()] * max(ROWS_OF_HOURS - len(held), 1)

    @property
    def where(self) -> str:
        """Which way of saying where is chosen."""
        return "near" if self.wanted.near else "district" if self.wanted.districts else "anywhere"

    @property
    def switches(self) -> list[Switch]:
        """What is asked and may be a must or not."""
        return [
            Switch(key, f"{wording.label(key)}: {said}" if wording.facility_of(key) is None else wording.label(key),
                   self.wanted.is_must(key), self.hides.get(key, 0))
            for key, said in wording.parts(self.wanted) if key not in NEVER_MUST
        ]  # fmt: skip

    @property
    def more_is_asked(self) -> bool:
        """Whether something of the second part is asked: then it is open from the start."""
        asked = set(self.wanted.asked) - {"terms", "wishes"}
        first = {"use", "size", "start", "term", "place", *(f"facility:{each}" for each in CHIPS), "hours"}
        return bool(asked - first or self.wanted.hours or self.wanted.themes or self.wanted.group or self.wanted.kinds)

    def value(self, name: str) -> str:
        """What stands in a field: what was typed, where that was not understood, else what is asked."""
        if name in self.typed:
            return self.typed[name]
        wanted = self.wanted
        values = {
            "least": wanted.area_least_m2, "most": wanted.area_most_m2, "people": wanted.persons,
            "from": wanted.starts_on, "by": wanted.starts_by, "months": wanted.term_months,
            "ceiling": wanted.ceiling_cm, "door": wanted.door_cm, "load": wanted.floor_load_kg_m2,
            "cost": _amount(wanted.budget_month_cents), "deposit": _amount(wanted.budget_start_cents),
        }  # fmt: skip
        value = values[name]
        return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)

    @property
    def near(self) -> str:
        """The place as the address writes it."""
        return f"{self.wanted.near[1]:.3f},{self.wanted.near[0]:.3f}" if self.wanted.near else ""

    @property
    def mends(self) -> list[tuple[str, str]]:
        """What is to be mended: the id of an input and the sentence."""
        return list(self.errors.items())

    def error(self, name: str) -> str:
        """What is wrong with a field."""
        return self.errors.get(name, "")


def _amount(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def build(question: MatchQuestion, typed: Mapping[str, str], hides: Mapping[str, int], today: date) -> MatchForm:
    """The form of a question.

    Args:
        question: as it is.
        typed: the texts that were sent.
        hides: by must, how many more spaces there would be without it.
        today: the day in the city.
    """
    strange = [issue for issue in question.issues if issue.message == "question.unknown_part"]
    wrong = {
        _FIELD.get(issue.field, issue.field): words.issue_sentence(issue)
        for issue in (*question.issues, *question.cannot_be)
        if issue not in strange
    }
    if strange:  # no field of the form asks for these: they are one sentence
        (wrong[strange[0].field],) = unread.sentences(strange)
    kept = {name: text for name, text in typed.items() if name in wrong}
    return MatchForm(question, hides, kept, wrong, today)
