"""A question as the pairs of an address, and back: ``use=workshop&m2=60-120&from=2027-03-01&for=12m&has=toilets``.

The map's filter, the list, ``/match``, the command line and kept questions speak it. Equal questions have equal pairs,
and what a pair says and nobody understands is an issue: a question is never widened in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tempuse import week
from tempuse.errors import Issue
from tempuse.vocabulary import Facility, Named, SpaceKind, Theme, UseCategory, Works
from tempuse.wanted import BOUNDS, GROUPS, KEYS, MOST_USES, NEVER_SWITCHED, Wanted

Pairs = list[tuple[str, str]]

# More pairs than any form can send, and a longer value than any form holds.
MOST_PAIRS, LONGEST = 120, 120
_NUMBER = re.compile(r"\d{1,10}(\.\d{1,2})?")
_TERM = re.compile(r"(\d{1,5})([md])")
_REF = re.compile(r"AR-\d{1,12}")
_RANGE = re.compile(r"(\d{0,10}(?:\.\d{1,2})?)-(\d{0,10}(?:\.\d{1,2})?)")
_PLACE = re.compile(r"(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?)")

# What people call the parts, in English, within a sentence.
_WORDS = {
    "use": "the use", "kind": "the kind of space", "m2": "the size", "people": "how many people",
    "from": "the first day", "by": "the last day to begin", "for": "how long", "hours": "the hours",
    "near": "the place", "within": "how far away", "district": "the district", "has": "what must be there",
    "ceiling": "the height", "door": "the door", "load": "the floor", "noise": "the noise", "quiet": "how quiet",
    "soil": "the soil", "works": "the repairs", "cost": "the cost", "deposit": "the money at the start",
    "theme": "the theme", "group": "the kind of group", "insured": "the insurance",
    "open": "open to everybody", "must": "the musts", "nice": "the wishes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address.

    Attributes:
        name: in the address.
        fields: of Wanted, those that it fills.
        read: the values of a text, None for what makes no sense; given one text where ``several``.
        write: the texts of a question.
        several: whether it may come more than once, or with commas.
    """

    name: str
    fields: tuple[str, ...]
    read: Callable[[str], tuple[Any, ...] | None]
    write: Callable[[Wanted], list[str]]
    several: bool = False

    @property
    def called(self) -> Named:
        """Its name, with what people call it."""
        return Named(self.name, _WORDS[self.name])


def _list(name: str, field: str, of: Iterable[str], most: int = 100) -> Parameter:
    known = frozenset(of)
    return Parameter(
        name, (field,), lambda text: (text,) if text in known else None,
        lambda wanted: list(getattr(wanted, field))[:most], several=True,
    )  # fmt: skip


def _keys(name: str, field: str) -> Parameter:
    known = frozenset(KEYS) - NEVER_SWITCHED
    return Parameter(
        name, (field,), lambda text: (text,) if text in known else None,
        lambda wanted: [key for key in KEYS if key in getattr(wanted, field)], several=True,
    )  # fmt: skip


def _number(name: str, field: str, scale: int = 1) -> Parameter:
    """A number within its bounds; ``scale`` 100 for money, which addresses say in units and questions in cents."""

    def read(text: str) -> tuple[Any, ...] | None:
        if not _NUMBER.fullmatch(text):
            return None
        value = round(float(text) * scale)
        least, most = BOUNDS[field]
        return (value,) if least <= value <= most and (scale > 1 or "." not in text) else None

    def write(wanted: Wanted) -> list[str]:
        value = getattr(wanted, field)
        return [] if value is None else [_decimal(value / scale)]

    return Parameter(name, (field,), read, write)


def _decimal(value: float) -> str:
    """A number without needless zeros, at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _day(name: str, field: str) -> Parameter:
    def read(text: str) -> tuple[Any, ...] | None:
        try:
            return (date.fromisoformat(text),)
        except ValueError:
            return None

    return Parameter(name, (field,), read, lambda wanted: [str(day)] if (day := getattr(wanted, field)) else [])


def _flag(name: str, field: str, *, no: bool = False) -> Parameter:
    """Yes; and no, where that says something else than nothing."""
    known = {"yes": True, **({"no": False} if no else {})}

    def read(text: str) -> tuple[Any, ...] | None:
        return (known[text],) if text in known else None

    def write(wanted: Wanted) -> list[str]:
        value = getattr(wanted, field)
        return ["yes"] if value else ["no"] if no and value is False else []

    return Parameter(name, (field,), read, write)


def _one(name: str, field: str, of: Iterable[str]) -> Parameter:
    known = frozenset(of)
    return Parameter(
        name, (field,), lambda text: (text,) if text in known else None,
        lambda wanted: [value] if (value := getattr(wanted, field)) else [],
    )  # fmt: skip


def _read_area(text: str) -> tuple[Any, ...] | None:
    found = _RANGE.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        return None
    ends = [float(part) if part else None for part in found.groups()]
    low, high = BOUNDS["area_least_m2"]
    return tuple(ends) if all(end is None or low <= end <= high for end in ends) else None


def _write_area(wanted: Wanted) -> list[str]:
    ends = wanted.area_least_m2, wanted.area_most_m2
    return ["-".join("" if end is None else _decimal(end) for end in ends)] if any(ends) else []


def _read_term(text: str) -> tuple[Any, ...] | None:
    found = _TERM.fullmatch(text)
    if found is None:
        return None
    field, count = ("term_months" if found[2] == "m" else "term_days"), int(found[1])
    least, most = BOUNDS[field]
    if not least <= count <= most:
        return None
    return (count, None) if found[2] == "m" else (None, count)


def _write_term(wanted: Wanted) -> list[str]:
    if wanted.term_months is not None:
        return [f"{wanted.term_months}m"]
    return [] if wanted.term_days is None else [f"{wanted.term_days}d"]


def _read_place(text: str) -> tuple[Any, ...] | None:
    found = _PLACE.fullmatch(text)
    lat, lon = (float(part) for part in found.groups()) if found else (91.0, 0.0)
    return ((lon, lat),) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _write_place(wanted: Wanted) -> list[str]:
    return [] if wanted.near is None else [f"{wanted.near[1]:.3f},{wanted.near[0]:.3f}"]


def _read_hours(text: str) -> tuple[Any, ...] | None:
    bits = week.read(text)
    return None if bits is None else (bits,)


# In the order in which an address writes them.
PARTS: dict[str, Parameter] = {
    each.name: each
    for each in (
        _list("use", "uses", UseCategory),
        _list("kind", "kinds", SpaceKind),
        Parameter("m2", ("area_least_m2", "area_most_m2"), _read_area, _write_area),
        _number("people", "persons"),
        _day("from", "starts_on"),
        _day("by", "starts_by"),
        Parameter("for", ("term_months", "term_days"), _read_term, _write_term),
        Parameter("hours", ("hours",), _read_hours, lambda wanted: week.texts(wanted.hours), several=True),
        Parameter("near", ("near",), _read_place, _write_place),
        _number("within", "within_m"),
        Parameter(
            "district", ("districts",), lambda text: (text,) if _REF.fullmatch(text) else None,
            lambda wanted: list(wanted.districts), several=True,
        ),
        _list("has", "facilities", Facility),
        _number("ceiling", "ceiling_cm"),
        _number("door", "door_cm"),
        _number("load", "floor_load_kg_m2"),
        _number("noise", "noise_db"),
        _flag("quiet", "quiet"),
        _flag("soil", "soil"),
        _one("works", "works", Works),
        _number("cost", "budget_month_cents", 100),
        _number("deposit", "budget_start_cents", 100),
        _list("theme", "themes", Theme),
        _one("group", "group", GROUPS),
        _flag("insured", "insured", no=True),
        _flag("open", "gives_public_access", no=True),
        _keys("must", "musts"),
        _keys("nice", "nices"),
    )
}  # fmt: skip


def read(pairs: Iterable[tuple[str, str]]) -> tuple[Wanted, list[Issue]]:
    """The question of an address, and what in it nobody understands.

    Args:
        pairs: names and texts; names that are no part of a question are passed over by whoever knows them.

    Returns:
        The question, made of what makes sense; an issue for each text that makes none, for parts that come twice
        where one is asked, and for what comes after MOST_PAIRS.
    """
    held: dict[str, Any] = {}
    issues: list[Issue] = []
    for number, (name, text) in enumerate(pairs):
        if number >= MOST_PAIRS:
            issues.append(Issue.of(name[:LONGEST], "", "question.too_long", most=MOST_PAIRS))
            break
        part = PARTS.get(name)
        if part is None:
            called = name[:LONGEST]
            issues.append(Issue.of(called, text[:LONGEST], "question.unknown_part", field=called))
        elif text.strip():
            _take(part, text, held, issues)
    uses = held.get("uses", ())
    if len(uses) > MOST_USES:
        held["uses"] = uses[:MOST_USES]
        issues.append(Issue.of("use", ",".join(uses), "wanted.too_many_uses", most=MOST_USES))
    musts, nices = (frozenset(held.pop(name, ())) for name in ("musts", "nices"))
    return Wanted(**held, musts=musts, nices=nices - musts), issues


def _take(part: Parameter, text: str, held: dict[str, Any], issues: list[Issue]) -> None:
    """Take one text of a part in."""
    if not part.several:
        values = part.read(text.strip()) if len(text) <= LONGEST else None
        if values is None:
            issues.append(_unclear(part, text))
        elif any(held.get(field, value) != value for field, value in zip(part.fields, values, strict=True)):
            issues.append(Issue.of(part.name, text[:LONGEST], "question.twice", field=part.called))
        else:
            held.update(zip(part.fields, values, strict=True))
        return
    for each in text[: LONGEST * MOST_PAIRS].split(","):
        values = part.read(each.strip()) if len(each) <= LONGEST else None
        field = part.fields[0]
        if values is None:
            issues.append(_unclear(part, each))
        elif field == "hours":
            held[field] = held.get(field, 0) | values[0]
        elif values[0] not in held.get(field, ()):
            held[field] = (*held.get(field, ()), values[0])


def _unclear(part: Parameter, text: str) -> Issue:
    said = text[:LONGEST].strip()
    return Issue.of(part.name, said, "question.unclear", field=part.called, value=said)


def pairs(wanted: Wanted) -> Pairs:
    """The pairs of a question, always in the same order; ``read`` gives the same question back."""
    return [(part.name, text) for part in PARTS.values() for text in part.write(wanted)]


def text_of(wanted: Wanted) -> str:
    """A question as it is kept: equal questions have equal texts."""
    return urlencode(pairs(wanted), safe=",:")


def read_text(text: str) -> tuple[Wanted, list[Issue]]:
    """A question that was kept, and what in it nobody understands any more."""
    return read(parse_qsl(text))
