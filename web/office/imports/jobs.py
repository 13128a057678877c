"""The imports that were begun in this register, as the pages and the worker ask for them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import current_app

from tempuse.access import SYSTEM, Actor
from tempuse.jobs import AT_WORK, COMMAND, ImportJob, Job, Problem
from tempuse.registry import jobs as registry
from tempuse.store import jobs as rows
from tempuse.store.job_files import JobFiles
from web import database


def clock() -> datetime:
    """The instant it really is, also when a piece of work takes long."""
    now: datetime = current_app.extensions["tempuse.clock"]()
    return now


def home() -> Path:
    """Where the folders of the jobs are."""
    return database.register().home


def files_of(key: str) -> JobFiles:
    """The folder of a job, and what is said in it."""
    return JobFiles(home(), key)


def folder(draft: Job) -> Path:
    """Where the files of an import lie."""
    return files_of(draft.key).folder


def begin(actor: Actor, about: ImportJob) -> Job:
    """A new import of somebody's, with an empty folder."""
    return registry.begin_job(database.idle(), actor, home(), about, clock())


def get(key: str, person_ref: str | None = None) -> Job:
    """One import; of this person, if a person asks.

    Raises:
        NotFound: it is not there (any more), or is somebody else's.
    """
    return registry.get_job(database.connection(), key, person_ref)


def of_person(person_ref: str) -> list[Job]:
    """A person's own, the latest first."""
    return rows.find(database.connection(), person_ref=person_ref)


def of_command_line() -> list[Job]:
    """Those that the command line does just now."""
    found = [job for job in rows.find(database.connection(), states=AT_WORK) if job.kind == COMMAND]
    return [job for job in found if files_of(job.key).is_at_work()]


def move(draft: Job, name: str, problem: Problem | None = None) -> None:
    """Make a move, if nobody has made one since the job was read.

    Raises:
        Conflict: somebody has, or it is gone.
    """
    registry.move_job(database.idle(), SYSTEM, draft, name, clock(), problem=problem)


def note(draft: Job) -> None:
    """Write down what was chosen.

    Raises:
        Conflict: it has moved on meanwhile, or is gone.
    """
    registry.note_job(database.idle(), SYSTEM, draft, clock())


def stop(draft: Job) -> bool:
    """End an import; False when a worker is at it, which was asked to end."""
    return registry.stop_job(database.idle(), SYSTEM, home(), draft)


def forget(draft: Job) -> None:
    """Remove an import that nobody is at with its files."""
    registry.forget_job(database.idle(), SYSTEM, home(), draft)
