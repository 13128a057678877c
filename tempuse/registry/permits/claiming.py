"""Taking the days of a permit: wanted claims are held against those that are there, then written."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from tempuse.errors import Conflict
from tempuse.occurrences import MOST, Occurrence, minute_of, occurrences
from tempuse.permits import CLAIMING, Permit
from tempuse.registry.permits.holding import refs_of
from tempuse.standing import last_on
from tempuse.store import claims, closures, covering, permits
from tempuse.store.engine import Connection
from tempuse.terms import Terms

# No permit takes more rows than this; so many spaces at so many times are taken as whole days.
MOST_CLAIMS = 20_000
_NEVER = minute_of(date.max)


def wanted(
    con: Connection, permit: Permit, terms: Terms, from_minute: int = 0, ids: Collection[int] | None = None
) -> list[claims.Claim]:
    """The claims that these terms ask for, from a minute on: every time on every space and what lies within it.

    Where a permit ended early, up to the end of its last day.

    Args:
        con: any connection.
        permit: whose.
        terms: which.
        from_minute: what is before is left out.
        ids: the rows of its spaces and of what lies within them, where somebody knows them already.

    Raises:
        Conflict: they are too many.
    """
    until = minute_of(permit.ended_on + timedelta(days=1)) if permit.ended_on else _NEVER
    times = [
        Occurrence(max(each.from_minute, from_minute), min(each.until_minute, until), each.on)
        for each in occurrences(terms) if each.until_minute > from_minute and each.from_minute < until
    ]  # fmt: skip
    ids = claims.closure(con, permit.space_refs) if ids is None else ids
    if len(times) > MOST or len(times) * len(ids) > MOST_CLAIMS:
        raise Conflict("permit.too_many_claims", ref=permit.ref, most=MOST_CLAIMS)
    head = claims.id_of(con, permit.head_ref) if permit.head_ref else claims.CITY
    return claims.wanted(ids, times, permit.ref, head)


def meets(
    con: Connection, permit: Permit, terms: Terms, without: Collection[str] = ()
) -> tuple[list[claims.Rival], int]:  # fmt: skip
    """Which decided permits these terms would meet: the first of them, and how many there are in all."""
    asked = wanted(con, permit, terms)
    return claims.rivals(con, asked, {permit.ref, *without}) if asked else ([], 0)


def would_meet(con: Connection, one: Permit, its: Terms, other: Permit, others: Terms) -> bool:
    """Whether two requests want some minute of some space both."""
    spaces = set(claims.closure(con, one.space_refs)) & set(claims.closure(con, other.space_refs))
    if not spaces or one.head_ref != other.head_ref:
        return False
    first, second = occurrences(its), occurrences(others)
    while first and second:
        if first[0].from_minute < second[0].until_minute and second[0].from_minute < first[0].until_minute:
            return True
        (first if first[0].until_minute <= second[0].until_minute else second).pop(0)
    return False


def take(con: Connection, permit: Permit, terms: Terms, from_minute: int = 0) -> None:
    """Take the days of a permit from a minute on; what it had from there on goes first.

    A renewal or transfer cuts what it goes on from on its own first day: it takes the place of that.

    Raises:
        Conflict: ``permit.overlaps`` with ``rivals`` (their refs) and ``days`` (the days on which they meet).
    """
    claims.cut(con, permit.ref, from_minute)
    if permit.continues_ref and terms.starts_on:
        claims.cut(con, permit.continues_ref, minute_of(terms.starts_on))
        if out := covering.sticking_out(con, permit.continues_ref):
            raise Conflict("permit.subuses_stick_out", ref=permit.continues_ref, refs=", ".join(out), subuses=list(out))
    asked = wanted(con, permit, terms, from_minute)
    if not asked:
        raise Conflict("permit.nothing_to_take", ref=permit.ref)
    if permit.head_ref and (outside := covering.not_covered(con, asked, permit.head_ref)):
        where = covering.space_of(con, outside[0])
        raise Conflict("permit.outside_head", ref=permit.ref, head=permit.head_ref, space=where, day=outside[0].on)
    found, number = claims.rivals(con, asked, {permit.ref})
    if found:
        raise _closed(con, permit, found, number) or overlap(permit, found, number)
    claims.put(con, asked)


def let_go(con: Connection, permit: Permit, terms: Terms) -> None:
    """Free all days of a permit; those that it took from the one that it goes on from are that one's again.

    Raises:
        Conflict: somebody else has them by now.
    """
    claims.cut(con, permit.ref, 0)
    if permit.continues_ref is None or terms.starts_on is None:
        return
    earlier, its = permits.one_ruled(con, permit.continues_ref)
    last = last_on(earlier, its)
    if earlier.status in CLAIMING and last is not None and last >= terms.starts_on:
        take(con, earlier, its, minute_of(terms.starts_on))


def _closed(con: Connection, permit: Permit, found: list[claims.Rival], number: int) -> Conflict | None:
    """The refusal that names the days on which all is closed, where nothing else stands in the way."""
    refs = refs_of(found)
    shut = closures.by_refs(con, refs)
    if len(shut) != len(refs):
        return None
    first = shut[found[0].ref]
    return Conflict(
        "permit.closed", ref=permit.ref, refs=", ".join(refs), rivals=found, more=number - len(found),
        day=first.starts_on, until=first.ends_on, space=found[0].space_ref, because=first.because,
    )  # fmt: skip


def overlap(permit: Permit, found: list[claims.Rival], number: int) -> Conflict:
    """The refusal that names the rivals and the first day on which they meet."""
    refs = refs_of(found)
    return Conflict(
        "permit.overlaps", ref=permit.ref, refs=", ".join(refs), rivals=found, more=number - len(found),
        day=claims.day_of_rival(found[0]), space=found[0].space_ref,
    )  # fmt: skip
