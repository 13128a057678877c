"""Queries for the purge of permits: what departments, the group and neighbours wrote about a request."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.engine import Connection

from tempuse.store.check_tables import asks, check_answers, checks, comments, notices


def blank(con: Connection, ref: str, by: str, mark: str) -> None:
    """Take out whatever tells of persons: names, addresses, words, papers; verdicts, days and numbers stay.

    Args:
        con: a connection within a writing transaction.
        ref: which permit.
        by: stands where a name stood.
        mark: stands where words stood.
    """
    theirs = select(checks.c.ref).where(checks.c.permit_ref == ref)
    answers = update(check_answers).where(check_answers.c.check_ref.in_(theirs))
    con.execute(answers.values(by=by, person_ref=None, document=None))
    for table, name in (
        (check_answers, "text"), (check_answers, "office_text"), (checks, "waived_because"), (asks, "text"),
        (asks, "answer"), (notices, "text"), (comments, "text"), (comments, "released_text"), (comments, "answer"),
    ):  # fmt: skip
        _replace(con, table, name, ref, mark)
    _replace(con, asks, "answered_by", ref, by)
    con.execute(update(comments).where(comments.c.permit_ref == ref).values(name=None, contact=None))
    # Nobody comes to the neighbours' page any more.
    con.execute(update(notices).where(notices.c.permit_ref == ref).values(token=None))


def _replace(con: Connection, table: Table, name: str, ref: str, mark: str) -> None:
    """Put a mark where something is written, and nothing where nothing is."""
    theirs: ColumnElement[bool]
    if table is check_answers:
        theirs = table.c.check_ref.in_(select(checks.c.ref).where(checks.c.permit_ref == ref))
    else:
        theirs = table.c.permit_ref == ref
    con.execute(update(table).where(theirs, table.c[name].is_not(None)).values({name: mark}))
