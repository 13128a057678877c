"""Queries for what groups look for. Nothing here is ever read by a public page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.engine import Connection

from tempuse.needs import ENDED, Need
from tempuse.publication.needs import Sought
from tempuse.settings import Settings
from tempuse.store import organisations
from tempuse.store.records import Records
from tempuse.store.searching import holds
from tempuse.store.tables import needs
from tempuse.store.tables import organisations as groups
from tempuse.vocabulary import NeedAudience, NeedState, NeedStatus

rows = Records(needs, Need, "need")
get, lock, add, save, count = rows.get, rows.lock, rows.add, rows.save, rows.count

_AT_ONCE = 500
_OPEN = needs.c.status == NeedStatus.OPEN.value
_MOST_GROUPS = 500

# The parts of the office's list beside the states, and by what it is sorted.
EVERY, RELEASE = "all", "release"
_GROUP = func.coalesce(
    select(groups.c.name).where(groups.c.ref == needs.c.initiative_ref).scalar_subquery(), needs.c.group_name
)
SORTS: dict[str, ColumnElement[Any]] = {
    "title": func.lower(needs.c.title), "group": func.lower(_GROUP), "opened_on": needs.c.opened_at,
    "confirmed_on": needs.c.confirmed_on,
}  # fmt: skip


def find_one(con: Connection, ref: str) -> Need | None:
    """One need; None when there is none."""
    return rows.one(con, needs.c.ref == ref)


def of_link(con: Connection, token: str) -> Need | None:
    """The need that waits for a secret, by its fingerprint, held; None when none does."""
    return rows.one(con, needs.c.confirm_token == token, held=True)


def of_contact(con: Connection, person_ref: str) -> list[Need]:
    """What a person wrote down, or helped to write down."""
    return rows.find(con, or_(needs.c.contact_ref == person_ref, needs.c.helper_ref == person_ref))


def of_person(con: Connection, person_ref: str, initiative_refs: Collection[str]) -> list[Need]:
    """What these groups look for, and what a person wrote down for a group that is not there yet; newest first."""
    mine = and_(needs.c.contact_ref == person_ref, needs.c.initiative_ref.is_(None))
    theirs = needs.c.initiative_ref.in_(list(initiative_refs))
    return rows.find(con, or_(mine, theirs), order=(needs.c.id.desc(),))


def live_of(con: Connection, initiative_ref: str) -> list[str]:
    """The refs of what a group still looks for."""
    query = select(needs.c.ref).where(needs.c.initiative_ref == initiative_ref, _OPEN)
    return list(con.scalars(query.order_by(needs.c.id)))


def asking(con: Connection, initiative_ref: str, question: str) -> str | None:
    """The ref of what a group looks for with exactly this question, the latest; None where it does not."""
    query = select(needs.c.ref).where(needs.c.initiative_ref == initiative_ref, _OPEN, needs.c.question == question)
    return con.scalar(query.order_by(needs.c.id.desc()).limit(1))


def naming(con: Connection, words: Collection[str]) -> list[str]:
    """The refs of needs in whose question one of these words stands."""
    query = select(needs.c.ref).where(or_(*(needs.c.question.contains(word, autoescape=True) for word in words)))
    return list(con.scalars(query.order_by(needs.c.id)))


def of_source(con: Connection, source: str) -> dict[str, str]:
    """What came with a list: refs by the list's own numbers."""
    query = select(needs.c.source_ref, needs.c.ref).where(needs.c.source == source)
    return {row[0]: row[1] for row in con.execute(query) if row[0]}


def unconfirmed_before(con: Connection, at: datetime) -> list[str]:
    """The drafts from strangers that nobody confirmed since an instant."""
    query = select(needs.c.ref).where(
        needs.c.status == NeedStatus.DRAFT.value, needs.c.created_at <= at, needs.c.initiative_ref.is_(None),
        needs.c.helper_ref.is_(None),
    )  # fmt: skip
    return list(con.scalars(query.order_by(needs.c.id)))


# ---- where they stand on a day ----------------------------------------------------------------------------------


def _stands(state: NeedState, settings: Settings, today: date) -> ColumnElement[bool]:
    """The condition of a state: ``needs.state_of`` in SQL."""
    if state not in (NeedState.WAITING, NeedState.ASKED, NeedState.LAPSED):
        return needs.c.status == state.value
    asked = today - timedelta(days=settings.still_looking_days + 1)  # confirmed so long ago, or longer
    lapsed = asked - timedelta(days=settings.still_looking_grace_days)
    day = needs.c.confirmed_on
    if state is NeedState.WAITING:
        return and_(_OPEN, or_(day > asked, day.is_(None)))
    return and_(_OPEN, day <= asked, day > lapsed) if state is NeedState.ASKED else and_(_OPEN, day <= lapsed)


def _to_release() -> ColumnElement[bool]:
    """Everybody may read of it as far as the group goes, and the office has not looked at it yet."""
    public = needs.c.audience == NeedAudience.PUBLIC.value
    return and_(_OPEN, public, needs.c.unlisted.is_not(True), needs.c.released_text.is_(None))


def in_state(con: Connection, state: NeedState, settings: Settings, today: date) -> list[Need]:
    """The needs in a state, newest first."""
    return rows.find(con, _stands(state, settings, today), order=(needs.c.id.desc(),))


def to_release(con: Connection, *, limit: int | None = None) -> list[Need]:
    """What waits for the office's look before everybody reads it, the first first."""
    return rows.find(con, _to_release(), order=(needs.c.id,), limit=limit)


def tally(con: Connection, settings: Settings, today: date) -> dict[str, int]:
    """How many needs stand in each state."""
    states = {each.value: rows.count(con, _stands(each, settings, today)) for each in NeedState}
    return {name: number for name, number in states.items() if number}


def count_to_release(con: Connection) -> int:
    """How many wait for the office's look."""
    return rows.count(con, _to_release())


def find(con: Connection, *, limit: int | None = None) -> list[Need]:
    """All needs, in their order."""
    return rows.find(con, limit=limit)


def looking(con: Connection, settings: Settings, today: date) -> Iterator[list[Need]]:
    """What is looked for today, in batches: open, and heard from."""
    these = or_(*(_stands(each, settings, today) for each in (NeedState.WAITING, NeedState.ASKED)))
    for batch in rows.walk(con, these):
        yield [need for _, need in batch]


def ended_before(con: Connection, at: datetime, confirmed_before: date) -> list[str]:
    """The needs that ended, or that nobody confirmed, so long ago that what they tell of persons may go."""
    quiet = and_(_OPEN, needs.c.confirmed_on <= confirmed_before)
    over = and_(needs.c.status.in_(ENDED), needs.c.updated_at <= at)
    query = select(needs.c.ref).where(or_(over, quiet), needs.c.title.is_not(None))
    return list(con.scalars(query.order_by(needs.c.id)))


# ---- the office's list ------------------------------------------------------------------------------------------


def conditions(
    con: Connection, shown: str, text: str, settings: Settings, today: date
) -> list[ColumnElement[bool]]:  # fmt: skip
    """What the office's list asks for, to count it and to find some of it; a text is looked for here, once.

    Args:
        con: any connection.
        shown: a value of NeedState, EVERY or RELEASE.
        text: in a ref, a title, a purpose, the name of a group or of a place; empty for none.
        settings: after how long one is asked whether it still looks.
        today: the city's day.
    """
    part = {EVERY: [], RELEASE: [_to_release()]}
    these = part[shown] if shown in part else [_stands(NeedState(shown), settings, today)]
    if text:
        known = [each.ref for each in organisations.find(con, text, ended=None, limit=_MOST_GROUPS)]
        columns = needs.c.title, needs.c.group_name, needs.c.purpose, needs.c.near_label
        these = [*these, or_(
            needs.c.ref == text.upper(), needs.c.initiative_ref.in_(known), *(holds(each, text) for each in columns),
        )]  # fmt: skip
    return these


def listed(
    con: Connection, these: Sequence[ColumnElement[bool]], shown: str, sort: str = "", *, down: bool = False,
    limit: int, offset: int = 0,
) -> list[Need]:  # fmt: skip
    """The needs of these ``conditions``, by one of SORTS, those without a value of it last.

    Where none is named, the newest come first; of what waits to be heard from or looked at, what waits longest.
    """
    order: tuple[ColumnElement[Any], ...]
    if sort in SORTS:
        column = SORTS[sort]
        order = (column.desc() if down else column.asc()).nulls_last(), needs.c.id.asc()
    elif shown in (NeedState.ASKED, NeedState.LAPSED):
        order = needs.c.confirmed_on.asc(), needs.c.id.asc()
    else:
        order = (needs.c.id.asc() if shown == RELEASE else needs.c.id.desc(),)
    return rows.find(con, *these, order=order, limit=limit, offset=offset)


# ---- what their public rows are made of -----------------------------------------------------------------------


def _made(con: Connection, found: Sequence[Need]) -> list[Sought]:
    groups = organisations.by_refs(con, {each.initiative_ref for each in found if each.initiative_ref})
    return [Sought(need, groups.get(need.initiative_ref or "")) for need in found]


def sought(con: Connection, refs: Sequence[str]) -> list[Sought]:
    """These needs, each with its group."""
    found: list[Sought] = []
    for start in range(0, len(refs), _AT_ONCE):
        found += _made(con, rows.find(con, needs.c.ref.in_(refs[start : start + _AT_ONCE]), order=None))
    return found


def walk_sought(con: Connection) -> Iterator[list[Sought]]:
    """All needs, each with its group, in batches."""
    for batch in rows.walk(con):
        yield _made(con, [need for _, need in batch])


def of_initiatives(con: Connection, organisation_refs: Collection[str]) -> list[str]:
    """The refs of what these groups look for."""
    found: list[str] = []
    listed = list(organisation_refs)
    for start in range(0, len(listed), _AT_ONCE):
        some = needs.c.initiative_ref.in_(listed[start : start + _AT_ONCE])
        found += con.scalars(select(needs.c.ref).where(some))
    return found
