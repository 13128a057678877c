"""Queries for mandates: of a mediator, and those that run on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.engine import Connection

from tempuse.mandates import Mandate
from tempuse.store.records import Records
from tempuse.store.tables import mandates, organisations

rows = Records(mandates, Mandate, "mandate")
get, lock, add, save = rows.get, rows.lock, rows.add, rows.save

_LAST_FIRST = (mandates.c.from_on.desc(), mandates.c.id.desc())


def of_mediator(con: Connection, mediator_ref: str) -> list[Mandate]:
    """Every mandate of a mediator, those that are over among them; the latest first."""
    return rows.find(con, mandates.c.mediator_ref == mediator_ref, order=_LAST_FIRST)


def running(con: Connection, today: date, *where: ColumnElement[bool]) -> list[Mandate]:
    """The mandates that run on a day, of mediators that are there; the latest first."""
    c = mandates.c
    there = select(organisations.c.ref).where(organisations.c.retired_on.is_(None))
    return rows.find(
        con, c.ended_at.is_(None), c.from_on <= today, or_(c.until_on.is_(None), c.until_on >= today),
        c.mediator_ref.in_(there), *where, order=_LAST_FIRST,
    )  # fmt: skip


def of_mediators(con: Connection, today: date, mediator_refs: list[str]) -> list[Mandate]:
    """The mandates of some mediators that run on a day; the latest first."""
    return running(con, today, mandates.c.mediator_ref.in_(mediator_refs))


def papers(con: Connection) -> list[str]:
    """The names of the papers that mandates refer to."""
    return [str(each) for each in con.scalars(select(mandates.c.document).where(mandates.c.document.is_not(None)))]
