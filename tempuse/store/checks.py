"""Queries for what is asked while a request is looked at. Nothing here is ever read by a public page but a notice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, update
from sqlalchemy.engine import Connection

from tempuse.checks import Ask, Check, CheckAnswer, Comment, Notice
from tempuse.errors import NotFound
from tempuse.people import Person
from tempuse.permits import CLAIMING, OPEN
from tempuse.store import people as person_rows
from tempuse.store.check_tables import asks, check_answers, checks, comments, notices
from tempuse.store.permit_tables import permits
from tempuse.store.records import Records
from tempuse.store.tables import memberships
from tempuse.vocabulary import Role

rows = Records(checks, Check, "check")
get, lock, save, add = rows.get, rows.lock, rows.save, rows.add
answer_rows = Records(check_answers, CheckAnswer, "check_answer")
ask_rows = Records(asks, Ask, "ask")
notice_rows = Records(notices, Notice, "notice")
comment_rows = Records(comments, Comment, "comment")

DEPARTMENT = "department"


def find_one(con: Connection, ref: str) -> Check | None:
    """One check; None when there is none."""
    return rows.one(con, checks.c.ref == ref)


def checks_of(con: Connection, permit_ref: str) -> list[Check]:
    """The departments that are asked about a request, in the order in which they were."""
    return rows.find(con, checks.c.permit_ref == permit_ref)


def answers_of(con: Connection, check_refs: Collection[str]) -> dict[str, list[CheckAnswer]]:
    """Everything that was answered, by check, the first one first."""
    found: dict[str, list[CheckAnswer]] = {ref: [] for ref in check_refs}
    for each in answer_rows.find(con, check_answers.c.check_ref.in_(list(check_refs))):
        found[each.check_ref].append(each)
    return found


def unanswered(
    con: Connection, departments: Collection[str] | None = None, limit: int | None = None,
    due_before: date | None = None,
) -> list[Check]:  # fmt: skip
    """The checks of live permits that wait for an answer on what they were asked last, the first due first.

    Args:
        con: any connection.
        departments: of these alone.
        limit: so many at most.
        due_before: of these alone whose day is before this one.
    """
    answered = select(check_answers.c.id).where(
        check_answers.c.check_ref == checks.c.ref, check_answers.c.sha256 == checks.c.sha256
    )
    # Asked of each check: SQLite would make a list of all live permits first.
    live = select(permits.c.id).where(
        permits.c.ref == checks.c.permit_ref, permits.c.status.in_([*OPEN, *CLAIMING])
    )  # fmt: skip
    where: list[ColumnElement[bool]] = [
        checks.c.asked_at.is_not(None), checks.c.waived_at.is_(None), ~answered.exists(),
        live.exists(),
    ]  # fmt: skip
    if due_before is not None:
        where.append(checks.c.due_on < due_before)
    if departments is not None:
        where.append(checks.c.department.in_(list(departments)))
    return rows.find(con, *where, order=(checks.c.due_on, checks.c.id), limit=limit)


def reviewers(con: Connection, department: str) -> list[Person]:
    """Who answers for a department, in the order in which they came."""
    theirs = select(memberships.c.person_ref).where(
        memberships.c.role == Role.REVIEWER.value, memberships.c.over_noun == DEPARTMENT,
        memberships.c.over_ref == department, memberships.c.ended_at.is_(None), memberships.c.confirmed_at.is_not(None),
    )  # fmt: skip
    known = person_rows.by_refs(con, list(con.scalars(theirs)))
    return [each for each in known.values() if each.ended_at is None]


def permit_status(con: Connection, permit_ref: str) -> str | None:
    """Where a permit stands; None when there is none."""
    return con.scalar(select(permits.c.status).where(permits.c.ref == permit_ref))


def holder_of(con: Connection, permit_ref: str) -> str | None:
    """Who asks by a permit; None when nobody does, or there is none."""
    return con.scalar(select(permits.c.holder_ref).where(permits.c.ref == permit_ref))


# ---- questions to the group ----------------------------------------------------------------------------------


def _next(con: Connection, table: Table, permit_ref: str) -> int:
    query = select(func.max(table.c.number)).where(table.c.permit_ref == permit_ref)
    return int(con.scalar(query) or 0) + 1


def asks_of(con: Connection, permit_ref: str) -> list[Ask]:
    """The questions to the group, the first one first."""
    return ask_rows.find(con, asks.c.permit_ref == permit_ref, order=(asks.c.number,))


def _one(con: Connection, of: Records[Any], permit_ref: str, number: int) -> Any:
    found = of.one(con, of.table.c.permit_ref == permit_ref, of.table.c.number == number, held=True)
    if found is None:
        raise NotFound(f"{of.called}.not_found", ref=permit_ref, number=number)
    return found


def _write(con: Connection, of: Records[Any], record: Any) -> None:
    table = of.table
    this = update(table).where(table.c.permit_ref == record.permit_ref, table.c.number == record.number)
    con.execute(this.values(**of.values_of(record)))


def lock_ask(con: Connection, permit_ref: str, number: int) -> Ask:
    """One question, held until the transaction ends.

    Raises:
        NotFound: there is none of this number.
    """
    return _one(con, ask_rows, permit_ref, number)  # type: ignore[no-any-return]


def add_ask(con: Connection, ask: Ask) -> None:
    """Insert a question under the next number of its permit."""
    ask.number = _next(con, asks, ask.permit_ref)
    ask_rows.add(con, ask)


def save_ask(con: Connection, ask: Ask) -> None:
    """Write a question back over its row."""
    _write(con, ask_rows, ask)


_OPEN_ASK = (asks.c.answered_at.is_(None), asks.c.withdrawn_at.is_(None))


def overdue_asks(con: Connection, today: date, limit: int | None = None) -> list[Ask]:
    """The questions about open requests whose day is over, the earliest first."""
    waits = select(permits.c.id).where(permits.c.ref == asks.c.permit_ref, permits.c.status.in_(list(OPEN)))
    where = (*_OPEN_ASK, asks.c.due_on < today, waits.exists())
    return ask_rows.find(con, *where, order=(asks.c.due_on, asks.c.id), limit=limit)


# ---- neighbours -----------------------------------------------------------------------------------------------


def notices_of(con: Connection, permit_ref: str) -> list[Notice]:
    """How the neighbours were told of a request, the first time first."""
    return notice_rows.find(con, notices.c.permit_ref == permit_ref, order=(notices.c.number,))


def notice_of_token(con: Connection, token: str) -> Notice | None:
    """The notice whose page a secret opens, by its fingerprint."""
    return notice_rows.one(con, notices.c.token == token)


def lock_notice(con: Connection, permit_ref: str, number: int) -> Notice:
    """One notice, held until the transaction ends.

    Raises:
        NotFound: there is none of this number.
    """
    return _one(con, notice_rows, permit_ref, number)  # type: ignore[no-any-return]


def add_notice(con: Connection, notice: Notice) -> None:
    """Insert a notice under the next number of its permit."""
    notice.number = _next(con, notices, notice.permit_ref)
    notice_rows.add(con, notice)


def save_notice(con: Connection, notice: Notice) -> None:
    """Write a notice back over its row."""
    _write(con, notice_rows, notice)


def comments_of(con: Connection, permit_ref: str) -> list[Comment]:
    """What neighbours wrote, the first one first."""
    return comment_rows.find(con, comments.c.permit_ref == permit_ref, order=(comments.c.number,))


def lock_comment(con: Connection, permit_ref: str, number: int) -> Comment:
    """One comment, held until the transaction ends.

    Raises:
        NotFound: there is none of this number.
    """
    return _one(con, comment_rows, permit_ref, number)  # type: ignore[no-any-return]


def add_comment(con: Connection, comment: Comment) -> None:
    """Insert a comment under the next number of its permit."""
    comment.number = _next(con, comments, comment.permit_ref)
    comment_rows.add(con, comment)


def save_comment(con: Connection, comment: Comment) -> None:
    """Write a comment back over its row: what was written in it stays."""
    _write(con, comment_rows, comment)


def unanswered_comments(con: Connection, limit: int | None = None) -> Sequence[Comment]:
    """The comments on open requests that nobody has answered, the oldest first."""
    waits = select(permits.c.id).where(permits.c.ref == comments.c.permit_ref, permits.c.status.in_(list(OPEN)))
    return comment_rows.find(con, comments.c.answered_at.is_(None), waits.exists(), limit=limit)
