"""What is given within a permit: whether it lies within what the head itself has."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.engine import Connection

from tempuse.permits import CLAIMING
from tempuse.store import claims
from tempuse.store.permit_tables import permits
from tempuse.store.tables import spaces

_Stretches = dict[int, list[tuple[int, int]]]


def _stretches(held: Iterable[claims.Claim]) -> _Stretches:
    """The minutes of each space, those that touch joined; the claims come by space and minute."""
    found: _Stretches = {}
    for each in held:
        of_space = found.setdefault(each.space_id, [])
        if of_space and each.from_minute <= of_space[-1][1]:
            of_space[-1] = (of_space[-1][0], max(of_space[-1][1], each.until_minute))
        else:
            of_space.append((each.from_minute, each.until_minute))
    return found


def _first_outside(stretches: _Stretches, claim: claims.Claim) -> int | None:
    """The first minute of a claim that is in none of the stretches; None when all of it is."""
    of_space = stretches.get(claim.space_id, [])
    place = bisect_right(of_space, (claim.from_minute, float("inf"))) - 1
    until = max(of_space[place][1], claim.from_minute) if place >= 0 else claim.from_minute
    return until if until < claim.until_minute else None


def not_covered(con: Connection, asked: Iterable[claims.Claim], head_ref: str) -> list[claims.Claim]:
    """Those of some claims that do not lie within what a head has on the same space."""
    held = _stretches(claims.of_permit(con, head_ref))
    return [each for each in asked if _first_outside(held, each) is not None]


def subuses_of(con: Connection, head_ref: str) -> list[str]:
    """The decided permits within a head, the oldest first."""
    query = select(permits.c.ref).where(permits.c.head_ref == head_ref, permits.c.status.in_(CLAIMING))
    return list(con.scalars(query.order_by(permits.c.id)))


def sticking_out(con: Connection, head_ref: str) -> dict[str, int]:
    """The decided permits within a head that have more than it has any more, each with its first such minute."""
    refs, found = subuses_of(con, head_ref), dict[str, int]()
    held = _stretches(claims.of_permit(con, head_ref)) if refs else {}
    for ref in refs:
        first = [_first_outside(held, each) for each in claims.of_permit(con, ref)]
        if out := [minute for minute in first if minute is not None]:
            found[ref] = min(out)
    return found


def space_of(con: Connection, claim: claims.Claim) -> str:
    """The space that a claim is on."""
    return str(con.scalar(select(spaces.c.ref).where(spaces.c.id == claim.space_id)))
