"""A match that is kept: made of one space and one question with all that it was computed from, and computed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from tempuse.matches import Match, digest, question_kept
from tempuse.matching import functions
from tempuse.matching.judging import Tally
from tempuse.matching.pairs import Pairs
from tempuse.matching.reasons import Reason, in_order, reasons, state_of
from tempuse.matching.table import BY_PLACE, USUAL, Scale, version
from tempuse.matching.wants import wants
from tempuse.offers import Offers
from tempuse.vocabulary import MatchTier
from tempuse.wanted import Wanted

_TIERS = tuple(each.value for each in MatchTier)
# JSON holds no larger number in every program that reads it.
_LARGEST = 2**53


def keep(offers: Offers, wanted: Wanted, today: date, scale: Scale = USUAL) -> Match:
    """The first of these spaces against a question, with what it was computed from; neither ref nor facts yet.

    Args:
        offers: the space.
        wanted: the question.
        today: in the city's time zone.
        scale: how the city weighs.
    """
    asked = wants([wanted], today, scale)
    pairs = Pairs(offers, 0, asked, 0)
    told = {each.key: each.values for each in reasons(offers, 0, wanted, today, scale)}
    criteria: list[dict[str, Any]] = []
    for place in asked.keys_of(0):
        line = BY_PLACE[place]
        lo, hi = (int(end) for end in pairs.answer(place))
        criteria.append({
            "key": line.key, "function": line.id,
            "given": [[name, int(pairs.input(name, line.key))] for name in line.inputs],
            "weight": int(asked.weights[place, 0]), "must": bool(asked.musts[place, 0]), "lo": lo, "hi": hi,
            "values": _plain(told[line.key]) if line.key in told else None,
        })  # fmt: skip
    good, bad, total, tier = _settled(criteria, scale.enough)
    return Match(
        on=today, version=version(scale), tier=tier, question=question_kept(wanted), criteria=tuple(criteria),
        good=good, bad=bad, total=total, enough=scale.enough,
    )  # fmt: skip


def _settled(criteria: Iterable[Mapping[str, Any]], enough: int) -> tuple[int, int, int, str]:
    """What speaks for it and against it, what all weighs, and the tier."""
    tally, total = Tally.of(1), 0
    for each in criteria:
        lo, hi = (np.array([each[end]], np.int64) for end in ("lo", "hi"))
        tally.add(slice(None), lo, hi, each["weight"], each["must"])
        total += each["weight"]
    return int(tally.good[0]), int(tally.bad[0]), total, _TIERS[int(tally.tier(total, enough)[0])]


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a sentence needs, as JSON keeps it: days as text, and so are the bits of a week."""

    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple):
            return list(value)
        return str(value) if isinstance(value, int) and value > _LARGEST else value

    return {name: plain(value) for name, value in values.items()}


def reasons_kept(match: Match) -> list[Reason]:
    """What was said of each criterion, in the order of ``reasons``; what was blanked is not among them."""
    return in_order(
        Reason(each["key"], state_of(each["lo"], each["hi"]), each["lo"], each["hi"], each["must"], each["weight"],
               each["values"])
        for each in match.criteria if each["values"] is not None
    )  # fmt: skip


def faults(match: Match) -> Iterator[str]:
    """What in a kept match does not come out again: keys of criteria, ``sum`` and ``sha256``."""
    for each in match.criteria:
        if each["given"] is not None and _again(each) != (each["lo"], each["hi"]):
            yield str(each["key"])
    if _settled(match.criteria, match.enough) != (match.good, match.bad, match.total, match.tier):
        yield "sum"
    if digest(match) != match.sha256:
        yield "sha256"


def _again(criterion: Mapping[str, Any]) -> tuple[int, int] | None:
    """What the function of a kept criterion answers today; None where there is no such function."""
    function = getattr(functions, criterion["function"], None)
    if function is None or criterion["function"].startswith("_"):
        return None
    lo, hi = function(*(np.int64(value) for _, value in criterion["given"]))
    return int(lo), int(hi)
