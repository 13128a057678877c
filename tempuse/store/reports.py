"""Queries for citizens' reports. Nothing here is ever read by a public page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.engine import Connection

from tempuse.reports import Report
from tempuse.store.records import Records
from tempuse.store.tables import reports
from tempuse.vocabulary import ReportKind, ReportStatus

rows = Records(reports, Report, "report")
get, lock, add, save = rows.get, rows.lock, rows.add, rows.save


def of_link(con: Connection, confirm_token: str) -> Report | None:
    """The report whose address this fingerprint proves, held until the transaction ends."""
    return rows.one(con, reports.c.confirm_token == confirm_token, held=True)


def _conditions(status: Sequence[str], space_ref: str | None) -> list[ColumnElement[bool]]:
    these: list[ColumnElement[bool]] = []
    if status:
        these.append(reports.c.status.in_(status))
    if space_ref:
        these.append(reports.c.space_ref == space_ref)
    return these


def find(
    con: Connection, status: Sequence[str] = (), *, space_ref: str | None = None, newest_first: bool = False,
    limit: int | None = None, offset: int = 0,
) -> list[Report]:  # fmt: skip
    """Reports in these statuses or all: danger first, then those that wait longest; or the newest first."""
    danger = case((reports.c.kind == ReportKind.DANGER.value, 0), else_=1)
    order: tuple[ColumnElement[Any], ...] = (danger, reports.c.sent_at, reports.c.id)
    order = (reports.c.sent_at.desc(), reports.c.id.desc()) if newest_first else order
    return rows.find(con, *_conditions(status, space_ref), order=order, limit=limit, offset=offset)


def of_uses(con: Connection, permit_refs: Collection[str]) -> list[Report]:
    """The reports that tell of the uses under these permits, the newest first."""
    return rows.find(con, reports.c.use_ref.in_(list(permit_refs)), order=(reports.c.sent_at.desc(), reports.c.id))


def owners_waiting(con: Connection, space_refs: Collection[str]) -> list[Report]:
    """The words of owners about these spaces that nobody has judged yet."""
    c = reports.c
    return rows.find(
        con, c.space_ref.in_(list(space_refs)), c.kind == ReportKind.OWNER.value, c.status == ReportStatus.SENT.value
    )


def tally(con: Connection) -> dict[str, int]:
    """How many reports there are in each status."""
    query = select(reports.c.status, func.count()).group_by(reports.c.status)
    return {row[0]: row[1] for row in con.execute(query)}


def with_contact(con: Connection, sent_before: datetime, limit: int = 1000) -> list[str]:
    """Refs of the reports sent before this instant that still hold somebody's address, name or photos."""
    tells = or_(*(each.is_not(None) for each in (reports.c.contact, reports.c.sender_name, reports.c.photos)))
    query = select(reports.c.ref).where(tells, reports.c.sent_at < sent_before)
    return list(con.scalars(query.order_by(reports.c.id).limit(limit)))


def photos(con: Connection) -> list[str]:
    """The names of the photos that reports refer to."""
    return [
        name for these in con.scalars(select(reports.c.photos).where(reports.c.photos.is_not(None))) for name in these
    ]
