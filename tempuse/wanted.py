"""Wanted: what is asked of a space, without names, texts or refs of people. One noun for the form, the address, a kept
need and a watch: whatever asks the same is equal, and is matched by the same functions (``tempuse.matching``).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta

from tempuse import week
from tempuse.errors import Issue
from tempuse.occurrences import last_day
from tempuse.vocabulary import Facility, SpaceKind, Term, Theme, UseCategory, Works

# The criteria in the order in which reasons are given; a facility has one each: ``facility:power``.
KEYS = (
    "use", "kind", "size", "start", "term", "hours", "place", "cost", "start_money",
    *(f"facility:{each.value}" for each in Facility),
    "ceiling", "door", "floor_load", "persons", "noise", "quiet", "condition", "soil", "terms", "wishes",
)  # fmt: skip
# What the seeker does not switch: the ground's health and the owner's terms are musts, the owner's wishes never are.
NEVER_MUST = frozenset({"wishes"})
NEVER_SWITCHED = frozenset({"soil", "terms"}) | NEVER_MUST
# Nobody is told to do without these.
NEVER_OFFERED = frozenset({f"facility:{Facility.STEP_FREE_ACCESS.value}", "soil", "terms"})
# A must as soon as it is asked; the others are wishes until the seeker says so.
_MUST = frozenset(KEYS) - NEVER_MUST - {"term", "persons", "noise", "quiet", "start_money", "condition"}
LOUD_DB = 70  # what is as loud as machines must be allowed
GROUPS = ("registered", "guaranteed", "informal")
MOST_USES, MOST_DISTRICTS = 3, 20
LONGEST_TERM_MONTHS, LONGEST_TERM_DAYS = 600, 18_250

# The least and the most of each number, in its own unit.
BOUNDS: dict[str, tuple[float, float]] = {
    "area_least_m2": (1, 1e7), "area_most_m2": (1, 1e7), "persons": (1, 1_000_000),
    "term_months": (1, LONGEST_TERM_MONTHS), "term_days": (1, LONGEST_TERM_DAYS), "within_m": (50, 500_000),
    "ceiling_cm": (50, 20_000), "door_cm": (20, 5_000), "floor_load_kg_m2": (1, 65_000), "noise_db": (0, 150),
    "budget_month_cents": (0, 10**10), "budget_start_cents": (0, 10**10),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked; a part that is None or empty asks nothing.

    Of ``uses`` and ``kinds`` any one is enough, of ``facilities`` each is asked by itself; ``near`` with ``within_m``
    and ``districts`` are two ways to say where, either is enough. Area in m2, lengths in cm, money in cents of the
    register's currency, noise in dB at the loudest; days include both ends.

    Attributes:
        starts_on: not before this day; None: from today on.
        starts_by: not after it; None: the same day where one is named, else whenever.
        term_months: at least so many months as the calendar has them (``occurrences.last_day``).
        term_days: at least so many days; only where ``term_months`` is None.
        hours: the hours of the week that are needed (``tempuse.week``); 0: all the time.
        near: lon and lat in degrees, to 0.001 (about 100 m): nobody's door.
        within_m: how far from there, in metres along the ground.
        districts: refs of areas.
        soil: the ground will be touched: by plants that are eaten, or by small children.
        works: how much the group would mend itself.
        group: one of GROUPS; None: not said.
        insured: whether it has liability insurance; None: not said.
        gives_public_access: whether everybody may come in; None: not said.
        musts: keys of criteria that are a must although they are none by themselves.
        nices: keys of criteria that are none although they are a must by themselves.
    """

    uses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    area_least_m2: float | None = None
    area_most_m2: float | None = None
    persons: int | None = None
    starts_on: date | None = None
    starts_by: date | None = None
    term_months: int | None = None
    term_days: int | None = None
    hours: int = 0
    near: tuple[float, float] | None = None
    within_m: int | None = None
    districts: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    ceiling_cm: int | None = None
    door_cm: int | None = None
    floor_load_kg_m2: int | None = None
    noise_db: int | None = None
    quiet: bool = False
    soil: bool = False
    works: str | None = None
    budget_month_cents: int | None = None
    budget_start_cents: int | None = None
    group: str | None = None
    insured: bool | None = None
    gives_public_access: bool | None = None
    musts: frozenset[str] = frozenset()
    nices: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Bring it into the one form that equal questions have."""

        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        lists: tuple[tuple[str, type[Term]], ...] = (
            ("uses", UseCategory), ("kinds", SpaceKind), ("themes", Theme), ("facilities", Facility),
        )  # fmt: skip
        for name, of in lists:
            if held := getattr(self, name):
                put(name, tuple(each.value for each in of if each.value in held))
        put("districts", tuple(sorted(set(self.districts), key=lambda ref: (len(ref), ref))))
        if self.near is not None:
            put("near", (round(self.near[0], 3), round(self.near[1], 3)))
        if self.hours == week.ALL:
            put("hours", 0)
        if self.musts or self.nices:
            open_to = frozenset(self.asked) - NEVER_SWITCHED
            put("musts", frozenset(key for key in self.musts & open_to if not self._is_must(key)))
            put("nices", frozenset(key for key in self.nices & open_to if self._is_must(key)))

    def _is_must(self, key: str) -> bool:
        """Whether a criterion is a must by itself."""
        if key == "noise":
            return (self.noise_db or 0) >= LOUD_DB
        if key == "term":
            return self.starts_on is not None and self.starts_on == self.starts_by
        return key in _MUST

    @property
    def last_start(self) -> date | None:
        """The last day on which it may begin, None for whenever."""
        return self.starts_by or self.starts_on

    @property
    def asked(self) -> tuple[str, ...]:
        """The criteria that are asked, in the order of KEYS. Hours and the owner's terms are looked at always."""
        is_asked = {
            "use": bool(self.uses),
            "kind": bool(self.kinds),
            "size": self.area_least_m2 is not None or self.area_most_m2 is not None,
            "start": self.last_start is not None,
            "term": self.term_months is not None or self.term_days is not None,
            "hours": True,
            "place": (self.near is not None and self.within_m is not None) or bool(self.districts),
            "cost": self.budget_month_cents is not None,
            "start_money": self.budget_start_cents is not None,
            **{f"facility:{each}": True for each in self.facilities},
            "ceiling": self.ceiling_cm is not None,
            "door": self.door_cm is not None,
            "floor_load": self.floor_load_kg_m2 is not None,
            "persons": self.persons is not None,
            "noise": self.noise_db is not None,
            "quiet": self.quiet,
            "condition": self.works is not None,
            # What is planted is eaten: a garden asks it by itself.
            "soil": self.soil or UseCategory.GARDEN.value in self.uses,
            "terms": True,
            "wishes": bool(self.themes) or self.gives_public_access is not None,
        }
        return tuple(key for key in KEYS if is_asked.get(key))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked that a seeker would say."""
        return self.asked == ("hours", "terms") and not self.hours

    def is_must(self, key: str) -> bool:
        """Whether a criterion that is asked is a must: a space that fails it is no match."""
        return key in self.musts or (key not in self.nices and self._is_must(key))

    @property
    def must_keys(self) -> tuple[str, ...]:
        """The musts among what is asked, in the order of KEYS."""
        return tuple(key for key in self.asked if self.is_must(key))

    def days_least(self, today: date) -> int | None:
        """How many days it needs at least, both ends counted, from its first day or today; None: nobody said."""
        if self.term_months is None:
            return self.term_days
        start = max(self.starts_on or today, today)
        return (last_day(start, self.term_months) - start + timedelta(days=1)).days

    def without(self, key: str) -> Wanted:
        """The same question with one criterion as a wish only."""
        return dataclasses.replace(self, musts=self.musts - {key}, nices=self.nices | {key})


def check_wanted(wanted: Wanted, today: date | None = None) -> list[Issue]:
    """What is wrong with a question by itself; a list, empty when nothing is.

    Args:
        wanted: the question.
        today: where days that are over are to be said as well.
    """
    issues = [
        Issue.of(name, str(value), "value.out_of_range", least=int(least), most=int(most))
        for name, (least, most) in BOUNDS.items()
        if (value := getattr(wanted, name)) is not None and not least <= value <= most
    ]
    least, most = wanted.area_least_m2, wanted.area_most_m2
    if least is not None and most is not None and most < least:
        issues.append(Issue.of("area_most_m2", str(most), "wanted.most_below_least", least=least, most=most))
    first, last = wanted.starts_on, wanted.starts_by
    if first is not None and last is not None and last < first:
        issues.append(Issue.of("starts_by", str(last), "wanted.by_before_from", start=first, end=last))
    elif today is not None and wanted.last_start is not None and wanted.last_start < today:
        over = "starts_by" if last is not None else "starts_on"
        issues.append(Issue.of(over, str(wanted.last_start), "wanted.day_is_over", day=wanted.last_start))
    if wanted.kinds == (SpaceKind.PLOT.value,) and (wanted.ceiling_cm or wanted.door_cm or wanted.floor_load_kg_m2):
        issues.append(Issue.of("kinds", "plot", "wanted.plot_has_no_ceiling"))
    if len(wanted.uses) > MOST_USES:
        issues.append(Issue.of("uses", ", ".join(wanted.uses), "wanted.too_many_uses", most=MOST_USES))
    if wanted.works is not None and wanted.works not in tuple(Works):
        issues.append(Issue.of("works", wanted.works, "value.not_in_list"))
    return issues
