"""The work of an import that was begun in the browser: opening the file, checking it, bringing it in.

A small file is worked on within the request; a large one by a worker, and the page says how far it is. What there is to
do stands in the register: the queue only says that there is something, and a worker that was killed is followed by the
next, which begins the same piece of work again. A list is merged once, whoever is killed when.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import date

from flask import current_app

from tempuse.access import SYSTEM, Actor
from tempuse.errors import Conflict, Invalid, TempuseError, Unusable
from tempuse.io.read import open_source
from tempuse.jobs import MOST_TRIES, Job, Problem
from tempuse.registry import jobs as registry
from tempuse.registry.ground import known_addresses
from tempuse.registry.importing import merging
from tempuse.registry.importing.opening import open_import, open_list
from tempuse.registry.importing.prepare import check_columns, prepare_import
from tempuse.store import people
from tempuse.store.job_files import Stopped
from tempuse.vocabulary import JobState
from web import database
from web.config import MEGABYTE
from web.office.imports import jobs
from web.office.imports.request import crosswalk_of, guess, keep_sample, request_of, sample_of, staging_of
from web.tasks import every, job

BIG_BYTES = 2 * MEGABYTE
BIG_ROWS = 5000
SAMPLE = 1000
_TOLD_EVERY = 0.5  # seconds


def begin(draft: Job, name: str, *, big: bool) -> None:
    """Let a piece of work begin, by the move that leads to it: here and now, or by a worker when it is big.

    Raises:
        Conflict: the import has moved on: this press was sent twice.
    """
    jobs.move(draft, name)
    jobs.files_of(draft.key).begin_anew()
    if big:
        look.later()
    else:
        work_on(draft.key)


def is_big(draft: Job) -> bool:
    """Whether a worker should do what comes now."""
    return draft.about.bytes > BIG_BYTES or (draft.about.rows or 0) > BIG_ROWS


@every(minute="*")
def go_on() -> None:
    """Do what there is to do, also what a worker had begun that was killed."""
    for key in registry.waiting_jobs(database.idle()):
        work_on(key)


@job
def look() -> None:
    """There is work."""
    go_on()


def work_on(key: str) -> None:
    """Do the piece of work that an import waits for, and write down how it ended; nothing when somebody is at it."""
    with jobs.files_of(key).working() as mine:
        draft = registry.take_job(database.idle(), SYSTEM, key) if mine else None
        if draft is not None:
            _work_on(draft)


def _work_on(draft: Job) -> None:
    piece, done, failed = _PIECES[JobState(draft.state)]
    name, problem = done, None
    try:
        if draft.tries > MOST_TRIES:
            name, problem = failed, Problem(message="import.failed")
        else:
            piece(draft)
        if name != "merged" and jobs.files_of(draft.key).is_stopped():
            raise Stopped
    except Stopped:
        jobs.forget(draft)
        return
    except TempuseError as error:
        name, problem = failed, _told(error)
    except Exception:
        current_app.logger.exception("an import failed")
        name, problem = failed, Problem(message="import.failed")
    with contextlib.suppress(Conflict):
        jobs.move(draft, name, problem)


def _told(error: TempuseError) -> Problem:
    issues = error.issues if isinstance(error, Invalid) else []
    message, values = error.message, error.values
    if isinstance(error, Unusable) and not message.startswith("geocoder."):
        message, values = "import.register_away", {}  # where the register lies is nobody's business on a page
    told = [
        {"row": each.row, "message": each.message, "values": {"value": each.value, **each.values}}
        for each in issues[:50]
    ]
    return Problem(message=message, values=values, issues=told)


def _progress(draft: Job) -> Callable[[str, int, int | None], None]:
    held, last = jobs.files_of(draft.key), 0.0

    def tell(what: str, done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= _TOLD_EVERY:
            last = time.monotonic()
            held.tell(what, done, total, jobs.clock())

    return tell


# ---- opening --------------------------------------------------------------------------------------------


def _open(draft: Job) -> None:
    about, request = draft.about, request_of(draft)
    con = database.idle()
    folder = jobs.folder(draft)
    source = open_list(con, request, folder)
    rows = source.sample(SAMPLE)
    source.close()
    for name, kept, called in (
        ("addresses", about.addresses, about.addresses_name), ("parcels", about.parcels, about.parcels_name),
    ):  # fmt: skip
        if kept:
            beside = open_source(folder / kept, folder / name, name=called)
            if name == "addresses":
                about.address_heads = tuple(beside.columns)
            beside.close()
    keep_sample(draft, source, rows)
    about.rows, about.sheet, about.sheets = source.count, source.layer, tuple(source.layers)
    about.source_kind, about.alike = source.kind, tuple(source.alike)
    if not about.crosswalk:
        guess(con, draft)
    else:
        crosswalk_of(draft, source.columns)
    con.rollback()


# ---- checking and bringing in ---------------------------------------------------------------------------


def _check(draft: Job) -> None:
    actor, con = actor_of(draft), database.idle()
    request = request_of(draft)
    request.crosswalk = crosswalk_of(draft, sample_of(draft).columns)
    request.known_addresses = known_addresses(con, database.register().home)
    opened = open_import(con, request, jobs.folder(draft))
    con.rollback()
    check_columns(opened)
    name = f"stage-{draft.step}-{draft.tries}"
    staging = prepare_import(con, actor, opened, jobs.clock(), jobs.folder(draft) / name, _progress(draft))
    staging.close()
    draft.about.staged, draft.about.rows = name, opened.records.source.count


def _merge(draft: Job) -> None:
    staging, actor, about = staging_of(draft), actor_of(draft), draft.about
    try:
        day = date.fromisoformat(about.retire_on) if about.retire_on else None
        about.ref = merging.merge_import(
            database.idle(), actor, staging, jobs.clock(), retire_vanished_on=day, same_list=about.same_list,
            progress=_progress(draft),
        ).ref  # fmt: skip
    except Conflict as error:
        # A worker was killed after it had merged, before it could say so.
        if error.message != "import.merged_already":
            raise
        about.ref = str(error.values["ref"])
    finally:
        staging.close()


# What is done in a state, and the moves by which it ends.
_PIECES: dict[JobState, tuple[Callable[[Job], None], str, str]] = {
    JobState.OPENING: (_open, "opened", "not_opened"),
    JobState.CHECKING: (_check, "checked", "not_checked"),
    JobState.MERGING: (_merge, "merged", "not_merged"),
}


def actor_of(draft: Job) -> Actor:
    """Whoever began the import, with the roles of today."""
    return people.get(database.idle(), draft.person_ref or "").actor()


@every(minute="41")
def forget_old() -> None:
    """Remove imports that nobody came back for within a week, and those of another version of the program."""
    registry.forget_old_jobs(database.idle(), SYSTEM, jobs.home(), jobs.clock())
