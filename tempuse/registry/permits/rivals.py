"""What stands around a permit in its spaces: others who ask for the same days, and what was there before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tempuse.errors import Conflict
from tempuse.occurrences import Occurrence, occurrences
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.registry.permits import claiming
from tempuse.store import claims, permits, spaces
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.terms import Terms
from tempuse.vocabulary import PermitStatus

_DEEPEST = 20
_MOST = 50
_SHOWN = (*CLAIMING, PermitStatus.HANDED_BACK.value)


class Around(NamedTuple):
    """What stands around a permit.

    Attributes:
        asking: open requests that ask for some of the same days in the same spaces, the oldest first.
        agreed: what was or is agreed in these spaces, by its first day, this permit left out.
        meets: decided permits that have some of its days already.
        more: how many of these are not among them.
        too_many: it asks for more times than can be kept.
    """

    asking: list[Ruled]
    agreed: list[Ruled]
    meets: list[claims.Rival]
    more: int
    too_many: Conflict | None


def surroundings(con: Connection, permit: Permit, terms: Terms) -> Around:
    """What stands around a permit in its spaces, in what lies within them, and in what they lie within."""
    refs = around(con, permit.space_refs)
    others = [
        each for each in permits.of_spaces(con, refs, (*OPEN, *_SHOWN))
        if each.permit.ref != permit.ref and each.permit.head_ref == permit.head_ref
    ]  # fmt: skip
    mine = occurrences(terms)
    asking = [
        each for each in others if each.permit.status in OPEN and _meet(mine, occurrences(each.terms))
    ]  # fmt: skip
    agreed = sorted(
        (each for each in others if each.permit.status in _SHOWN and each.terms.starts_on and each.terms.ends_on),
        key=lambda each: (str(each.terms.starts_on), each.permit.ref),
    )
    found: list[claims.Rival] = []
    number, too_many = 0, None
    if permit.status in OPEN:
        try:
            without = [permit.continues_ref] if permit.continues_ref else []
            found, number = claiming.meets(con, permit, terms, without)
        except Conflict as error:
            too_many = error
    return Around(asking[:_MOST], agreed[-_MOST:], found, number - len(found), too_many)


def around(con: Connection, space_refs: Sequence[str]) -> list[str]:
    """These spaces, everything within them, and every space that they lie within."""
    found = dict.fromkeys([*space_refs, *claims.closure(con, space_refs).values()])
    level = list(space_refs)
    for _ in range(_DEEPEST):
        level = [
            each.within_ref for _, each in spaces.numbered(con, level)
            if each.within_ref and each.within_ref not in found
        ]  # fmt: skip
        if not level:
            break
        found |= dict.fromkeys(level)
    return list(found)


def _meet(one: Sequence[Occurrence], other: Sequence[Occurrence]) -> bool:
    """Whether two rows of stretches, each in order, share a minute."""
    at = 0
    for each in one:
        while at < len(other) and other[at].until_minute <= each.from_minute:
            at += 1
        if at < len(other) and other[at].from_minute < each.until_minute:
            return True
    return False
