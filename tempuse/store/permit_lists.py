"""What the office counts and lists of permits: quick with many, because each answer has its index or its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, case, func, or_, select
from sqlalchemy.engine import Connection

from tempuse.permits import ENDED, OPEN
from tempuse.store import organisations as organisation_rows
from tempuse.store import permits as permit_rows
from tempuse.store.permit_tables import permit_spaces, permits
from tempuse.store.permits import Ruled
from tempuse.store.searching import holds, some
from tempuse.store.space_lists import find_some
from tempuse.store.tables import letters, spaces
from tempuse.vocabulary import LetterStatus, PermitStatus

# The parts of the list: asked for, agreed, in use, ending soon, over, not sent yet, everything.
SHOWN = ("asked", "agreed", "running", "ending", "ended", "drafts", "all")
_MOST_FOUND = 500
# Most permits are over: asked for by what they are not, they are walked from the newest, not sorted.
_NOT_ENDED = tuple(status.value for status in PermitStatus if status.value not in ENDED)
LAST_DAY = permits.c.last_on


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitFilter:
    """Which permits are asked for: a part of the list, and what else they must be."""

    shown: str = "all"
    kind: str = ""
    district_ref: str = ""
    handler_ref: str = ""
    text: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked but the part of the list."""
        return not (self.kind or self.district_ref or self.handler_ref or self.text)


def _in_part(shown: str, today: date, soon: int) -> list[ColumnElement[bool]]:
    status = permits.c.status
    running = status == PermitStatus.HANDED_OVER.value
    parts: dict[str, list[ColumnElement[bool]]] = {
        "asked": [status.in_(OPEN)],
        "agreed": [status.in_((PermitStatus.APPROVED.value, PermitStatus.SIGNED.value))],
        "running": [running],
        "ending": [running, LAST_DAY.between(today, today + timedelta(days=soon))],
        "ended": [status.not_in(_NOT_ENDED)],
        "drafts": [status == PermitStatus.DRAFT.value],
    }
    return parts.get(shown, [])


def _order(shown: str) -> tuple[ColumnElement[Any] | Column[Any], ...]:
    """What presses comes first: the office's turn and the oldest request, the first to begin, the first to end."""
    if shown == "asked":
        waits = case((permits.c.status == PermitStatus.INFORMATION_REQUESTED.value, 1), else_=0)
        return waits, permits.c.submitted_at, permits.c.id
    if shown == "agreed":
        return permits.c.first_on, permits.c.id
    if shown in ("running", "ending"):
        return LAST_DAY, permits.c.id
    return (permits.c.id.desc(),)


def conditions(con: Connection, wanted: PermitFilter, today: date, soon: int) -> list[ColumnElement[bool]]:
    """What is asked for, to count it and to find some of it; a text is looked for here, once.

    Args:
        con: any connection.
        wanted: the part of the list and its filters.
        today: the city's day.
        soon: for how many days ahead a use ends soon.
    """
    these = _in_part(wanted.shown, today, soon)
    if wanted.kind:
        these.append(permits.c.kind == wanted.kind)
    if wanted.handler_ref:
        these.append(permits.c.handler_ref == wanted.handler_ref)
    if wanted.district_ref:
        # From the district's few spaces to their permits; the other way each permit of the city would be looked at.
        there = select(permit_spaces.c.permit_ref).join(spaces, spaces.c.ref == permit_spaces.c.space_ref)
        these.append(permits.c.ref.in_(there.where(spaces.c.district_ref == wanted.district_ref)))
    if wanted.text:
        these.append(permits.c.ref.in_(matching(con, wanted.text)))
    return these


def matching(con: Connection, text: str) -> list[str]:
    """Refs of the permits that a text is about: its ref, its title, its group, or a space of it; some hundred."""
    text, named = text.strip(), (permits.c.title, permits.c.holder_name)
    titled = or_(permits.c.ref == text.upper(), *(
        holds(column, text) for column in named
    ))  # fmt: skip
    ids = some(con, permits.c.id, titled, _MOST_FOUND, led=named, newest=True)
    found = list(con.scalars(select(permits.c.ref).where(permits.c.id.in_(ids)).order_by(permits.c.id.desc())))
    groups = [each.ref for each in organisation_rows.find(con, text, ended=None, limit=_MOST_FOUND)]
    if groups:
        held = select(permits.c.ref).where(or_(permits.c.holder_ref.in_(groups), permits.c.grantor_ref.in_(groups)))
        found += con.scalars(held.limit(_MOST_FOUND))
    there = [each.ref for each in find_some(con, text, _MOST_FOUND)]
    if there:
        asked = select(permit_spaces.c.permit_ref).where(permit_spaces.c.space_ref.in_(there))
        found += con.scalars(asked.limit(_MOST_FOUND))
    return list(dict.fromkeys(found))


def find(
    con: Connection, these: Sequence[ColumnElement[bool]], shown: str, *, limit: int, offset: int = 0
) -> list[Ruled]:  # fmt: skip
    """The permits of these ``conditions``, what presses first in a part of the list, each with the terms that rule."""
    query = select(permits.c.id).where(*these)
    ids = list(con.scalars(query.order_by(*_order(shown)).limit(limit).offset(offset or None)))
    return _at(con, ids)


def _at(con: Connection, ids: Sequence[int]) -> list[Ruled]:
    """The permits of these rows, in this order; the wide rows are read for these alone."""
    if not ids:
        return []
    refs = {
        row[0]: row[1] for row in con.execute(select(permits.c.ref, permits.c.id).where(permits.c.id.in_(list(ids))))
    }
    place = {number: at for at, number in enumerate(ids)}
    found = permit_rows.ruled(con, permits.c.id.in_(list(ids)))
    return sorted(found, key=lambda each: place[refs[each.permit.ref]])


def count_to(con: Connection, these: Sequence[ColumnElement[bool]], most: int) -> int:
    """How many permits fulfil these conditions, counted no further than so many."""
    some = select(permits.c.id).where(*these).limit(most).subquery()
    return int(con.scalar(select(func.count()).select_from(some)) or 0)


# ---- what waits -------------------------------------------------------------------------------------------


def waits(name: str, today: date, soon: int) -> tuple[list[ColumnElement[bool]], tuple[ColumnElement[Any], ...]]:
    """The conditions and the order of one queue: ``requests``, ``unsigned``, ``starting``, ``ending``, ``overdue``."""
    status = permits.c.status
    running = status == PermitStatus.HANDED_OVER.value
    in_a_week = today + timedelta(days=7)
    if name == "requests":
        asked = status.in_((PermitStatus.SUBMITTED.value, PermitStatus.UNDER_REVIEW.value))
        return [asked], (permits.c.submitted_at, permits.c.id)
    if name == "unsigned":
        return [status == PermitStatus.APPROVED.value, permits.c.sign_by_on < today], (permits.c.sign_by_on,)
    if name == "starting":
        agreed = status.in_((PermitStatus.APPROVED.value, PermitStatus.SIGNED.value))
        return [agreed, permits.c.first_on <= in_a_week], (permits.c.first_on, permits.c.id)
    goes_on = permits.c.continued_by_ref.is_(None)
    if name == "overdue":
        return [running, goes_on, today > LAST_DAY], (LAST_DAY, permits.c.id)
    return [running, goes_on, LAST_DAY.between(today, today + timedelta(days=soon))], (LAST_DAY, permits.c.id)


def waiting(con: Connection, name: str, today: date, soon: int, limit: int) -> list[Ruled]:
    """The first of a queue."""
    these, order = waits(name, today, soon)
    ids = con.scalars(select(permits.c.id).where(*these).order_by(*order).limit(limit))
    return _at(con, list(ids))


def count_waiting(con: Connection, name: str, today: date, soon: int, most: int) -> int:
    """How many are in a queue, counted no further than so many."""
    return count_to(con, waits(name, today, soon)[0], most)


def with_checks(con: Connection, today: date, most: int) -> list[Ruled]:
    """Permits in use with a condition that somebody is to look after on a day; some of many."""
    dated = permits.c.check_on <= today
    ids = con.scalars(
        select(permits.c.id).where(permits.c.status == PermitStatus.HANDED_OVER.value, dated)
        .order_by(permits.c.check_on, permits.c.id).limit(most)
    )  # fmt: skip
    return _at(con, list(ids))


# ---- beside one permit ------------------------------------------------------------------------------------


def letters_of(con: Connection, ref: str, limit: int = 50) -> list[Any]:
    """The letters that were written about a permit since the memory of letters begins, the latest first."""
    c = letters.c
    query = select(c.template, c.to_noun, c.to_ref, c.written_at, c.status, c.ended_at, c.problem).where(
        c.permit_ref == ref, c.template.like("permit%")
    )
    return list(con.execute(query.order_by(c.id.desc()).limit(limit)))


def failed_letters(con: Connection, most: int) -> int:
    """How many letters about permits were given up, counted no further than so many."""
    some = select(letters.c.id).where(letters.c.status == LetterStatus.FAILED.value, letters.c.template.like("permit%"))
    return int(con.scalar(select(func.count()).select_from(some.limit(most).subquery())) or 0)
