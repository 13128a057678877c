"""Queries for citizens' reports. Nothing here is ever read by a public page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from tempuse.errors import NotFound
from tempuse.reports import Report
from tempuse.store.tables import reports

_NAMES = tuple(each.name for each in fields(Report))


def _report(row: Row[Any]) -> Report:
    values = row._mapping
    report = Report(**{name: values[name] for name in _NAMES})
    report.contact_consent = bool(report.contact_consent)
    return report


def _one(con: Connection, *where: ColumnElement[bool], held: bool = False) -> Report | None:
    query = select(reports).where(*where)
    row = con.execute(query.with_for_update() if held else query).first()
    return None if row is None else _report(row)


def get(con: Connection, ref: str) -> Report:
    """One report.

    Raises:
        NotFound: the register has no report of this ref.
    """
    report = _one(con, reports.c.ref == ref)
    if report is None:
        raise NotFound("report.not_found", ref=ref)
    return report


def lock(con: Connection, ref: str) -> Report:
    """One report, held until the transaction ends.

    Raises:
        NotFound: the register has no report of this ref.
    """
    report = _one(con, reports.c.ref == ref, held=True)
    if report is None:
        raise NotFound("report.not_found", ref=ref)
    return report


def of_form(con: Connection, form_token: str) -> Report | None:
    """The report that this form sent, None when it has sent none yet."""
    return _one(con, reports.c.form_token == form_token)


def of_link(con: Connection, confirm_token: str) -> Report | None:
    """The report whose address this fingerprint proves, held until the transaction ends."""
    return _one(con, reports.c.confirm_token == confirm_token, held=True)


def add(con: Connection, report: Report) -> None:
    """Insert a report."""
    con.execute(insert(reports), [asdict(report)])


def save(con: Connection, report: Report) -> None:
    """Write a report back over its row."""
    con.execute(update(reports).where(reports.c.ref == report.ref).values(**asdict(report)))


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
    """Reports in these statuses or all, those that wait longest first."""
    order = (reports.c.sent_at, reports.c.id)
    query = select(reports).where(*_conditions(status, space_ref))
    query = query.order_by(*(each.desc() for each in order) if newest_first else order).limit(limit).offset(offset)
    return [_report(row) for row in con.execute(query)]


def tally(con: Connection) -> dict[str, int]:
    """How many reports there are in each status."""
    query = select(reports.c.status, func.count()).group_by(reports.c.status)
    return {row[0]: row[1] for row in con.execute(query)}


def with_contact(con: Connection, sent_before: datetime, limit: int = 1000) -> list[str]:
    """Refs of the reports sent before this instant that still hold somebody's address."""
    query = select(reports.c.ref).where(reports.c.contact.is_not(None), reports.c.sent_at < sent_before)
    return list(con.scalars(query.order_by(reports.c.id).limit(limit)))
