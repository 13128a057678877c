"""Terms: on what a permit is agreed, version by version; what an assent or a signature is given to.

A version is never changed once it is written: other terms are a further version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any, ClassVar

import orjson

from tempuse import vocabulary as v
from tempuse.errors import Issue
from tempuse.fields import InOrder, check_record, field

DAY = 1440  # minutes of a day on the clock of the city
EVERY_DAY = 0b111_1111
_LONGEST_CHAIN = 36_500
_MOST_ROWS = 50
_SEASON = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody uses a space within its days.

    Attributes:
        weekdays: a bit for each: Monday 1, Tuesday 2, Wednesday 4 ... Sunday 64.
        from_minute: minute of the day on the city's clock, 0 to 1439.
        until_minute: likewise, up to 1440; not after ``from_minute`` it is of the next morning.
        every_weeks: 1 for each week, 2 for every second and so on up to 4, counted from the Monday of the first day.
        nth_in_month: 1 to 4 for the first to fourth such weekday of a month, -1 for the last; None for each.
    """

    weekdays: int
    from_minute: int
    until_minute: int
    every_weeks: int = 1
    nth_in_month: int | None = None

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.until_minute - self.from_minute - 1) % DAY + 1

    def is_right(self) -> bool:
        """Whether each number is within its bounds."""
        return (
            0 < self.weekdays <= EVERY_DAY
            and 0 <= self.from_minute < DAY
            and 0 <= self.until_minute <= DAY
            and 1 <= self.every_weeks <= 4
            and self.nth_in_month in (None, 1, 2, 3, 4, -1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsCondition:
    """One thing that the holder has to keep to.

    Attributes:
        text: what.
        key: its name in the city's catalogue, None for one that was written for this permit.
        because: why.
        from_check_ref: the department's answer that it follows.
        check_on: the day on which the office looks whether it is kept.
    """

    text: str
    key: str | None = None
    because: str | None = None
    from_check_ref: str | None = None
    check_on: date | None = None


@dataclass(slots=True, kw_only=True)
class Terms:
    """One version of the terms of a permit.

    Both days belong to the use. Minutes are those of the day on the city's clock. A season repeats every year, from
    a month and day to another (``11-01``), over New Year where the second is before the first; 29 February is
    28 February in other years. ``except_on`` are days without use, ``extra_on`` days beside the weekdays.
    ``from_on`` is the first day on which they rule, for a change within a running permit. Money in cents.
    """

    RULES: ClassVar = (InOrder("starts_on", "ends_on", "terms.end_before_start"),)

    permit_ref: str = field("text", default="", fixed=True, needed=True)
    version: int = field("whole", default=1, fixed=True, needed=True)
    proposed_at: datetime | None = field("instant", fixed=True)
    proposed_by: str = field("text", default="", fixed=True)
    from_on: date | None = field("day", "In force from")
    starts_on: date | None = field("day", "First day")
    ends_on: date | None = field("day", "Last day")
    hours: tuple[Hours, ...] = field("list", "Hours", ())
    season_from: str | None = field("text", "Season from", longest=5)
    season_until: str | None = field("text", "Season until", longest=5)
    except_on: tuple[date, ...] = field("list", "Not on", ())
    extra_on: tuple[date, ...] = field("list", "Also on", ())
    part: str | None = field("text", "Which part", longest=500)
    uses_permitted: tuple[str, ...] = field("list", "Uses", (), of=v.UseCategory)
    persons_most: int | None = field("whole", "People at once", least=1, most=1_000_000, unit="persons")
    noise_limit_db: int | None = field("whole", "Noise limit", least=0, most=150, unit="db")
    quiet_from: int | None = field("whole", "Quiet from", least=0, most=DAY, unit="minute")
    quiet_until: int | None = field("whole", "Quiet until", least=0, most=DAY, unit="minute")
    open_to_public: bool = field("flag", "Open to everybody", False)
    insurance_required: bool = field("flag", "Liability insurance needed", False)
    sublet: str = field("choice", "Letting others use it", v.Sublet.NO.value, of=v.Sublet)
    tenure: str = field("choice", "Form of law", v.Tenure.LOAN.value, of=v.Tenure)
    instrument: str | None = field("text", "The city’s name for it", longest=200)
    cost_model: str = field("choice", "Cost", v.CostModel.FREE.value, of=v.CostModel)
    fee_cents: int | None = field("whole", "Fee", least=0, most=10**12, unit="cents")
    fee_period: str | None = field("choice", "Paid for", of=v.CostPeriod)
    deposit_cents: int | None = field("whole", "Deposit", least=0, most=10**12, unit="cents")
    notice_days_holder: int = field("whole", "Notice by the group", 30, least=0, most=3650, unit="days")
    notice_days_grantor: int = field("whole", "Notice by the grantor", 60, least=0, most=3650, unit="days")
    renew_ask_days: int = field("whole", "A renewal is asked before", 90, least=0, most=3650, unit="days")
    longest_total_days: int | None = field(
        "whole", "Longest in all", least=1, most=_LONGEST_CHAIN, unit="days"
    )  # fmt: skip
    on_sale: str = field("choice", "When the space is sold", v.OnSale.CONTINUES.value, of=v.OnSale)
    conditions: tuple[TermsCondition, ...] = field("list", "Conditions", ())

    def __post_init__(self) -> None:
        """What the store gives back as maps and texts becomes what it was."""
        self.hours = tuple(each if isinstance(each, Hours) else Hours(**each) for each in self.hours)
        self.conditions = tuple(map(_condition, self.conditions))
        self.except_on, self.extra_on = _days(self.except_on), _days(self.extra_on)

    @property
    def days(self) -> int:
        """How many days there are from the first to the last, both counted; 0 while one is not known."""
        if self.starts_on is None or self.ends_on is None:
            return 0
        return max((self.ends_on - self.starts_on).days + 1, 0)

    @property
    def has_times(self) -> bool:
        """Whether the space is used at some times only, and is free at others within these days."""
        return bool(self.hours or self.season_from or self.except_on)


def _condition(given: TermsCondition | Mapping[str, Any]) -> TermsCondition:
    if isinstance(given, TermsCondition):
        return given
    values = dict(given)
    if isinstance(values.get("check_on"), str):
        values["check_on"] = date.fromisoformat(values["check_on"])
    return TermsCondition(**values)


def _days(given: Sequence[date | str]) -> tuple[date, ...]:
    return tuple(each if isinstance(each, date) else date.fromisoformat(each) for each in given)


def with_values(terms: Terms, values: Mapping[str, Any]) -> Terms:
    """The terms with other values."""
    return replace(terms, **values)


def digest(terms: Terms, space_refs: Sequence[str], holder_ref: str | None) -> str:
    """What an assent or a signature is given to: SHA-256 over everything agreed, in one canonical form.

    Whoever agrees agrees to these terms in these spaces with this holder: where one of them changes, the word given
    before is for something else.
    """
    agreed: dict[str, Any] = {name: getattr(terms, name) for name in FIELDS if name not in _NOT_AGREED}
    agreed |= {name: [asdict(each) for each in agreed[name]] for name in ("hours", "conditions")}
    agreed |= {"space_refs": sorted(space_refs), "holder_ref": holder_ref}
    return hashlib.sha256(orjson.dumps(agreed, option=orjson.OPT_SORT_KEYS)).hexdigest()


def check_terms(terms: Terms) -> list[Issue]:
    """What is wrong with terms by themselves, field by field; a list, empty when nothing is."""
    issues = check_record(terms)
    for name in ("starts_on", "ends_on"):
        if getattr(terms, name) is None:
            issues.append(Issue.of(name, "", "field.needed"))
    seasons = (terms.season_from, terms.season_until)
    if any(seasons) and not all(each and _SEASON.fullmatch(each) for each in seasons):
        issues.append(Issue.of("season_from", " ".join(filter(None, seasons)), "terms.season"))
    if not all(each.is_right() for each in terms.hours):
        issues.append(Issue.of("hours", "", "terms.hours"))
    elif _overlap(terms.hours):
        issues.append(Issue.of("hours", "", "terms.hours_overlap"))
    for name in ("hours", "conditions"):
        if len(getattr(terms, name)) > _MOST_ROWS:
            issues.append(Issue.of(name, "", "terms.too_many", most=_MOST_ROWS))
    for name in ("except_on", "extra_on"):
        for day in getattr(terms, name):
            if terms.starts_on and terms.ends_on and not terms.starts_on <= day <= terms.ends_on:
                issues.append(Issue.of(name, day.isoformat(), "terms.day_outside", day=day))
    if any(not each.text.strip() for each in terms.conditions):
        issues.append(Issue.of("conditions", "", "terms.condition_empty"))
    return issues


def _overlap(hours: Sequence[Hours]) -> bool:
    """Whether two rows meet on a weekday of the same weeks; those that never fall together are let be."""
    week = 7 * DAY
    for number, one in enumerate(hours):
        for other in hours[number + 1 :]:
            apart = {one.nth_in_month, other.nth_in_month}
            if None not in apart and len(apart) == 2:
                continue
            for a in _starts(one):
                for b in _starts(other):
                    if (b - a) % week < one.minutes or (a - b) % week < other.minutes:
                        return True
    return False


def _starts(hours: Hours) -> list[int]:
    return [day * DAY + hours.from_minute for day in range(7) if hours.weekdays >> day & 1]


FIELDS = {each.name: each.metadata for each in fields(Terms)}
# By whom and when a version was proposed; nobody agrees to that.
_NOT_AGREED = frozenset({"proposed_at", "proposed_by"})
PROPOSABLE = tuple(name for name, about in FIELDS.items() if not about.get("fixed"))
