"""Queries for jobs: long work that somebody began."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.engine import Connection, Row

from tempuse.jobs import Job, Problem, import_job
from tempuse.store.tables import jobs


def _job(row: Row[Any]) -> Job:
    problem = Problem(**row.problem) if row.problem else None
    return Job(**{**row._mapping, "about": import_job(row.about), "problem": problem, "tries": row.tries or 0})


def add(con: Connection, job: Job) -> None:
    """Insert a job."""
    values = asdict(job)
    del values["id"]
    con.execute(insert(jobs), [values])


def find_one(con: Connection, key: str) -> Job | None:
    """The job of a key; None when there is none."""
    row = con.execute(select(jobs).where(jobs.c.key == key)).first()
    return None if row is None else _job(row)


def find(con: Connection, *, person_ref: str | None = None, states: Collection[str] | None = None) -> list[Job]:
    """Jobs, the latest first; a person's own, or those in these states, where asked for."""
    where: list[ColumnElement[bool]] = []
    if person_ref is not None:
        where.append(jobs.c.person_ref == person_ref)
    if states is not None:
        where.append(jobs.c.state.in_(list(states)))
    return [_job(row) for row in con.execute(select(jobs).where(*where).order_by(jobs.c.id.desc()))]


def save(con: Connection, job: Job, step: int) -> bool:
    """Write a job back over its row, if it is still at this step; whether it was."""
    values = asdict(job)
    del values["id"]
    done = con.execute(update(jobs).where(jobs.c.key == job.key, jobs.c.step == step).values(**values))
    return bool(done.rowcount)


def remove(con: Connection, keys: Collection[str]) -> None:
    """Remove jobs."""
    con.execute(delete(jobs).where(jobs.c.key.in_(list(keys))))


def remove_all(con: Connection) -> None:
    """Remove every job: their files did not come along."""
    con.execute(delete(jobs))


def old(con: Connection, before: datetime, version: str) -> list[str]:
    """The keys of the jobs that nobody came back for since an instant, or that another version of the program began."""
    query = select(jobs.c.key).where((jobs.c.moved_at < before) | (jobs.c.version != version))
    return list(con.scalars(query))
