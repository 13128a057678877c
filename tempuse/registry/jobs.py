"""Use cases of jobs: begin, move, stop and forget long work. Its files lie beside (``store/job_files.py``)."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, NotFound, TempuseError
from tempuse.jobs import AT_WORK, COMMAND, IMPORT, JOB_LIFECYCLE, ImportJob, Job, Problem
from tempuse.registry.importing.prepare import Progress
from tempuse.store import job_files, jobs
from tempuse.store.engine import Connection, writing
from tempuse.store.import_staging import WRITTEN_BY
from tempuse.store.job_files import JobFiles, Stopped
from tempuse.vocabulary import JobState, Permission

_TOLD_EVERY = 0.5  # seconds
# So long the command line may take from writing down that it works to working.
_BEGINNING = timedelta(minutes=1)


def begin_job(
    con: Connection, actor: Actor, home: Path, about: ImportJob, now: datetime, *,
    kind: str = IMPORT, state: JobState = JobState.OPENING,
) -> Job:  # fmt: skip
    """Begin a job, with an empty folder for its files."""
    check_allowed(actor, Permission.SPACE_IMPORT)
    job = Job(
        key=secrets.token_hex(16), kind=kind, state=state.value, person_ref=actor.person_ref, actor=actor.name,
        begun_at=now, moved_at=now, version=WRITTEN_BY, about=about,
    )  # fmt: skip
    JobFiles(home, job.key).make()
    with writing(con):
        jobs.add(con, job)
    return job


def get_job(con: Connection, key: str, person_ref: str | None = None) -> Job:
    """One job; of this person, if a person asks.

    Raises:
        NotFound: it is not there (any more), is somebody else's, or was begun by another version of the program.
    """
    job = jobs.find_one(con, key)
    if job is None or person_ref not in (None, job.person_ref):
        raise NotFound("import.gone")
    if job.version != WRITTEN_BY:
        raise NotFound("import.other_version")
    return job


def move_job(
    con: Connection, actor: Actor, job: Job, name: str, now: datetime, *, problem: Problem | None = None
) -> None:
    """Make one move of JOB_LIFECYCLE, and write down what is known; if nobody has moved it since it was read.

    Raises:
        Conflict: somebody has, or it is gone: the same form was sent twice.
    """
    move = JOB_LIFECYCLE.moves[name]
    check_allowed(actor, move.permission)
    if job.state not in move.origins:
        raise Conflict("import.moved_on")
    after = dataclasses.replace(
        job, state=JobState(move.target).value, step=job.step + 1, moved_at=now, problem=problem, tries=0
    )
    _save(con, after, job.step)
    job.state, job.step, job.moved_at, job.problem, job.tries = after.state, after.step, now, problem, 0


def note_job(con: Connection, actor: Actor, job: Job, now: datetime) -> None:
    """Write down what was chosen, without a further step; what was checked before is to be checked anew.

    Raises:
        Conflict: it has moved on meanwhile, or is gone.
    """
    move = JOB_LIFECYCLE.moves["mend"]
    check_allowed(actor, move.permission)
    if job.state not in move.origins:
        raise Conflict("import.moved_on")
    job.state, job.moved_at = JobState(move.target).value, now
    _save(con, job, job.step)


def take_job(con: Connection, actor: Actor, key: str) -> Job | None:
    """A job whose work somebody begins, who holds its folder; None when there is nothing to do."""
    check_allowed(actor, Permission.SPACE_IMPORT)
    with writing(con):
        job = jobs.find_one(con, key)
        if job is None or job.state not in AT_WORK or job.version != WRITTEN_BY or job.kind == COMMAND:
            return None
        job.tries += 1
        jobs.save(con, job, job.step)
    return job


@contextlib.contextmanager
def shown_as_job(
    con: Connection, actor: Actor, home: Path, about: ImportJob, clock: Callable[[], datetime], progress: Progress
) -> Iterator[tuple[Job, Progress]]:
    """Show work of this process among the jobs while it lasts; the progress to tell ends it when somebody stops it.

    Args:
        con: an idle connection.
        actor: who works.
        home: where the folders of jobs are.
        about: what is worked on.
        clock: gives the instant it is.
        progress: told the same.

    Raises:
        Conflict: somebody stopped it.
    """
    job = begin_job(con, actor, home, about, clock(), kind=COMMAND, state=JobState.CHECKING)
    held, last = JobFiles(home, job.key), 0.0

    def tell(what: str, done: int, total: int | None) -> None:
        nonlocal last
        progress(what, done, total)
        if time.monotonic() - last >= _TOLD_EVERY:
            last = time.monotonic()
            held.tell(what, done, total, clock())

    try:
        with held.working():
            yield job, tell
    except Stopped:
        raise Conflict("import.stopped") from None
    finally:
        con.rollback()
        with contextlib.suppress(TempuseError):  # what cannot be removed now is removed by the next hour
            forget_job(con, actor, home, job)


def _save(con: Connection, job: Job, step: int) -> None:
    with writing(con):
        if not jobs.save(con, job, step):
            raise Conflict("import.moved_on")


def waiting_jobs(con: Connection) -> list[str]:
    """The keys of the jobs in which there is something to do, the earliest first."""
    found = jobs.find(con, states=AT_WORK)
    con.rollback()
    return [job.key for job in reversed(found) if job.kind != COMMAND and job.version == WRITTEN_BY]


def stop_job(con: Connection, actor: Actor, home: Path, job: Job) -> bool:
    """End a job and throw its files away; False when somebody works on it, who was asked to end."""
    check_allowed(actor, Permission.SPACE_IMPORT)
    held = JobFiles(home, job.key)
    with held.working() as mine:
        if not mine and held.folder.is_dir():
            held.stop()
            return False
    forget_job(con, actor, home, job)
    return True


def forget_job(con: Connection, actor: Actor, home: Path, job: Job) -> None:
    """Remove a job with its files; those first, for a full disk lets nothing be written before there is room."""
    check_allowed(actor, Permission.SPACE_IMPORT)
    JobFiles(home, job.key).remove()
    with writing(con):
        jobs.remove(con, [job.key])


def forget_old_jobs(con: Connection, actor: Actor, home: Path, now: datetime) -> int:
    """Remove what nobody came back for, what another version began, and what a crash left; how many."""
    check_allowed(actor, Permission.SPACE_IMPORT)
    keys = jobs.old(con, now - job_files.KEPT, WRITTEN_BY)
    begun = now - _BEGINNING
    keys += [
        each.key for each in jobs.find(con)
        if each.kind == COMMAND and each.begun_at <= begun and not JobFiles(home, each.key).is_at_work()
    ]  # fmt: skip
    con.rollback()
    for key in keys:
        JobFiles(home, key).remove()
    if keys:
        with writing(con):
            jobs.remove(con, keys)
    held = [each.key for each in jobs.find(con)]
    con.rollback()
    return len(set(keys)) + job_files.remove_strays(home, held, now)
