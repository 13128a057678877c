"""Queries for what the public rows of uses, and of the spaces that they are in, are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection

from tempuse.occurrences import minute_of
from tempuse.publication.rule import Rule
from tempuse.publication.stretches import NOT_USED, Stretch, Used, Weekly
from tempuse.publication.uses import MAY_BE_SHOWN, Use, level_of, state_of
from tempuse.spaces import Space
from tempuse.store import agreements, organisations, permits, spaces
from tempuse.store.claims import CITY, closure
from tempuse.store.permit_tables import afterlives, claims, permit_spaces
from tempuse.store.permit_tables import permits as permits_table
from tempuse.store.records import walk as walk_rows
from tempuse.terms import DAY
from tempuse.vocabulary import LocationLevel, UseState

_AT_ONCE = 500
_WEEK = 7 * DAY


def _parts(refs: Collection[str]) -> Iterator[list[str]]:
    listed = list(dict.fromkeys(refs))
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))


def by_refs(con: Connection, refs: Sequence[str]) -> list[Use]:
    """These permits as uses, as far as some city may show them."""
    found: list[Use] = []
    for some in _parts(refs):
        found += _made(con, permits.ruled(con, permits_table.c.ref.in_(some), permits_table.c.status.in_(MAY_BE_SHOWN)))
    return found


def walk(con: Connection) -> Iterator[tuple[list[str], list[Use]]]:
    """The refs of all permits with those of them that are uses, in batches."""
    query = select(permits_table.c.id, permits_table.c.ref)
    for rows in walk_rows(con, query, permits_table.c.id):
        refs = [row[1] for row in rows]
        yield refs, by_refs(con, refs)


def _made(con: Connection, found: Sequence[permits.Ruled]) -> list[Use]:
    holders = organisations.by_refs(con, [each.permit.holder_ref for each in found if each.permit.holder_ref])
    after = agreements.afterlives_of(con, [each.permit.ref for each in found])
    wanted = [ref for each in found for ref in each.permit.space_refs]
    wanted += [each.moved_to_ref for each in after.values() if each.moved_to_ref]
    known = {space.ref: space for some in _parts(wanted) for _, space in spaces.numbered(con, some)}
    made = []
    for permit, terms in found:
        end = after.get(permit.ref)
        own = tuple(known[ref] for ref in dict.fromkeys(permit.space_refs) if ref in known)
        to = known.get(end.moved_to_ref) if end and end.moved_to_ref else None
        made.append(Use(permit, terms, own, holders.get(permit.holder_ref or ""), end, to))
    return made


# ---- whose rows tell of what ----------------------------------------------------------------------------------


def of_spaces(con: Connection, space_refs: Collection[str]) -> list[str]:
    """The permits that were asked for any of these spaces, or whose group moved there."""
    found: list[str] = []
    for some in _parts(space_refs):
        found += con.scalars(select(permit_spaces.c.permit_ref).where(permit_spaces.c.space_ref.in_(some)))
        found += con.scalars(select(afterlives.c.permit_ref).where(afterlives.c.moved_to_ref.in_(some)))
    return found


def of_holders(con: Connection, organisation_refs: Collection[str]) -> list[str]:
    """The permits that these organisations hold."""
    found: list[str] = []
    for some in _parts(organisation_refs):
        found += con.scalars(select(permits_table.c.ref).where(permits_table.c.holder_ref.in_(some)))
    return found


def spaces_of(con: Connection, permit_refs: Collection[str]) -> list[str]:
    """The spaces of these permits, and of those that they go on from, with all that lies within them."""
    found: list[str] = []
    for some in _parts([*permit_refs, *_before(con, permit_refs)]):
        asked = list(con.scalars(select(permit_spaces.c.space_ref).where(permit_spaces.c.permit_ref.in_(some))))
        for each in _parts(asked):
            found += closure(con, each).values()
    return found


def _before(con: Connection, permit_refs: Collection[str]) -> list[str]:
    column = permits_table.c.continues_ref
    return [
        str(ref) for some in _parts(permit_refs)
        for ref in con.scalars(select(column).where(permits_table.c.ref.in_(some), column.is_not(None)))
    ]  # fmt: skip


def beside(con: Connection, space_refs: Collection[str]) -> list[str]:
    """The spaces that share a use with these: their rows name it only while the place of each of them is public."""
    return spaces_of(con, of_spaces(con, space_refs))


# ---- what the row of a space tells of its use -------------------------------------------------------------------


def used_of(con: Connection, rule: Rule, batch: Sequence[tuple[int, Space]]) -> dict[str, Used]:
    """What is known of the use of these spaces, by ref, each given with its row number; without those not used."""
    refs = {number: space.ref for number, space in batch}
    taken = _whole_days(con, list(refs), minute_of(rule.today))
    weekly = _hours(con, list(refs), minute_of(rule.today))
    asked = _asked(con, list(refs.values()))
    holding = {row[0] for held in (taken, weekly) for rows in held.values() for row in rows}
    named = holding | {ref for these in asked.values() for ref in these}
    if not named:
        return {}
    known = {use.permit.ref: use for use in by_refs(con, sorted(named))}
    exact = {ref for ref, use in known.items() if level_of(rule, use) is LocationLevel.EXACT}
    running = frozenset(ref for ref in exact if state_of(known[ref], rule.today) is UseState.RUNNING)
    of_it = _spaces_asked(con, holding)
    found: dict[str, Used] = {}
    for number, ref in refs.items():
        stretches = tuple(Stretch(by, start, end, ref in of_it.get(by, ())) for by, start, end in taken.get(number, ()))
        hours = tuple(Weekly(*row, ref in of_it.get(row[0], ())) for row in weekly.get(number, ()))
        shown = ({each.permit_ref for each in stretches} | set(asked.get(ref, ()))) & exact
        by_day = sorted(shown, key=lambda each: (known[each].terms.starts_on or rule.today, each), reverse=True)
        used = Used(stretches, hours, tuple(by_day), running & shown)
        if used != NOT_USED:
            found[ref] = used
    return found


def _whole_days(con: Connection, ids: Sequence[int], from_minute: int) -> dict[int, list[tuple[str, int, int]]]:
    """By row number the claims of a day or longer that end after a minute: whose, from, until; in order."""
    c, found = claims.c, {}  # type: ignore[var-annotated]
    for start in range(0, len(ids), _AT_ONCE):
        query = select(c.space_id, c.ref, c.from_minute, c.until_minute).where(
            c.space_id.in_(ids[start : start + _AT_ONCE]), c.head_id == CITY, c.until_minute > from_minute,
            c.until_minute - c.from_minute >= DAY,
        )  # fmt: skip
        for row in con.execute(query.order_by(c.space_id, c.from_minute)):
            found.setdefault(row[0], []).append((row[1], row[2], row[3]))
    return found


def _hours(con: Connection, ids: Sequence[int], from_minute: int) -> dict[int, list[tuple[str, int, int, int]]]:
    """By row number the claims of less than a day that end after a minute, those of one time of the week as one.

    Each: whose, from which minute of the week, for how long, and where the last of them ends.
    """
    c, found = claims.c, {}  # type: ignore[var-annotated]
    # The first day of all was a Monday.
    begins = ((c.from_minute - minute_of(date.min)) % _WEEK).label("begins")
    lasts = (c.until_minute - c.from_minute).label("lasts")
    query = select(c.space_id, c.ref, begins, lasts, func.max(c.until_minute))
    query = query.group_by(c.space_id, c.ref, text("begins"), text("lasts"))
    for start in range(0, len(ids), _AT_ONCE):
        some = query.where(
            c.space_id.in_(ids[start : start + _AT_ONCE]), c.head_id == CITY, c.until_minute > from_minute,
            c.until_minute - c.from_minute < DAY,
        )  # fmt: skip
        for row in con.execute(some.order_by(c.space_id, text("begins"), text("lasts"), c.ref)):
            found.setdefault(row[0], []).append((row[1], row[2], row[3], row[4]))
    return found


def _asked(con: Connection, refs: Sequence[str]) -> dict[str, list[str]]:
    """By space the permits asked for it that some city may show."""
    found: dict[str, list[str]] = {}
    query = select(permit_spaces.c.space_ref, permit_spaces.c.permit_ref).join(
        permits_table, permits_table.c.ref == permit_spaces.c.permit_ref
    )
    for some in _parts(refs):
        where = permit_spaces.c.space_ref.in_(some), permits_table.c.status.in_(MAY_BE_SHOWN)
        for space_ref, permit_ref in con.execute(query.where(*where)):
            found.setdefault(space_ref, []).append(permit_ref)
    return found


def _spaces_asked(con: Connection, permit_refs: Collection[str]) -> dict[str, set[str]]:
    """By permit the spaces that it was asked for."""
    found: dict[str, set[str]] = {}
    for some in _parts(permit_refs):
        query = select(permit_spaces.c.permit_ref, permit_spaces.c.space_ref)
        for permit_ref, space_ref in con.execute(query.where(permit_spaces.c.permit_ref.in_(some))):
            found.setdefault(permit_ref, set()).add(space_ref)
    return found
