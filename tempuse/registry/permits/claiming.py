"""Taking the days of a permit: wanted claims are held against those that are there, then written."""

from __future__ import annotations

from collections.abc import Collection

from tempuse.errors import Conflict
from tempuse.occurrences import MOST, Occurrence, minute_of, occurrences
from tempuse.permits import Permit
from tempuse.registry.permits.holding import refs_of
from tempuse.store import claims
from tempuse.store.engine import Connection
from tempuse.terms import Terms

# No permit takes more rows than this; so many spaces at so many times are taken as whole days.
MOST_CLAIMS = 20_000


def wanted(con: Connection, permit: Permit, terms: Terms, from_minute: int = 0) -> list[claims.Claim]:
    """The claims that these terms ask for, from a minute on: every time on every space and what lies within it.

    Raises:
        Conflict: they are too many.
    """
    times = [
        Occurrence(max(each.from_minute, from_minute), each.until_minute, each.on)
        for each in occurrences(terms) if each.until_minute > from_minute
    ]  # fmt: skip
    ids = claims.closure(con, permit.space_refs)
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


def take(con: Connection, permit: Permit, terms: Terms, from_minute: int = 0) -> None:
    """Take the days of a permit from a minute on; what it had from there on goes first.

    A renewal or transfer cuts what it goes on from on its own first day: it takes the place of that.

    Raises:
        Conflict: ``permit.overlaps`` with ``rivals`` (their refs) and ``days`` (the days on which they meet).
    """
    claims.cut(con, permit.ref, from_minute)
    if permit.continues_ref and terms.starts_on:
        claims.cut(con, permit.continues_ref, minute_of(terms.starts_on))
    asked = wanted(con, permit, terms, from_minute)
    if not asked:
        raise Conflict("permit.nothing_to_take", ref=permit.ref)
    found, number = claims.rivals(con, asked, {permit.ref})
    if found:
        raise overlap(permit, found, number)
    claims.put(con, asked)


def overlap(permit: Permit, found: list[claims.Rival], number: int) -> Conflict:
    """The refusal that names the rivals and the first day on which they meet."""
    refs = refs_of(found)
    return Conflict(
        "permit.overlaps", ref=permit.ref, refs=", ".join(refs), rivals=found, more=number - len(found),
        day=claims.day_of_rival(found[0]), space=found[0].space_ref,
    )  # fmt: skip
