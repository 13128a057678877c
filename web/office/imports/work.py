"""The work of an import that was begun in the browser: opening the file, checking it, bringing it in.

A small file is worked on within the request; a large one by a worker, and the page says how far it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import current_app

from tempuse.access import Actor
from tempuse.errors import Conflict, Invalid, NotFound, TempuseError, Unusable
from tempuse.io.read import open_source
from tempuse.registry.importing import merging
from tempuse.registry.importing.opening import open_import, open_list
from tempuse.registry.importing.prepare import check_columns, prepare_import
from tempuse.store import people
from tempuse.store.drafts import Draft, Drafts
from web import database
from web.config import MEGABYTE
from web.office.imports.request import crosswalk_of, guess, keep_sample, request_of, sample_of, staging_of
from web.tasks import Job, every, job

BIG_BYTES = 2 * MEGABYTE
BIG_ROWS = 5000
SAMPLE = 1000
# Where an import stands again when a piece of work could not be done.
BEFORE = {"opening": "unreadable", "checking": "columns", "merging": "checked"}
_TOLD_EVERY = 0.5  # seconds


def drafts() -> Drafts:
    """The imports that were begun in this register."""
    return Drafts(database.register().home)


def clock() -> datetime:
    """The instant it really is, also when a piece of work takes long."""
    now: datetime = current_app.extensions["tempuse.clock"]()
    return now


def begin(work: Job, draft: Draft, state: str, *, big: bool, **options: Any) -> None:
    """Let a piece of work begin: here and now, or by a worker when it is big.

    Raises:
        Conflict: the draft has moved on: this press was sent twice.
    """
    draft.about.pop("error", None)
    drafts().move(draft, state, clock())
    if big:
        work.later(draft.key, draft.step, **options)
    else:
        work(draft.key, draft.step, **options)


def is_big(draft: Draft) -> bool:
    """Whether a worker should do what comes now."""
    return bool(draft.about.get("bytes", 0) > BIG_BYTES or draft.about.get("rows", 0) > BIG_ROWS)


def _guarded(key: str, step: int, after: str, work: Callable[[Draft], None]) -> None:
    """Do a piece of work and write down how it ended; nothing, if the draft has moved on meanwhile."""
    held = drafts()
    try:
        draft = held.get(key)
    except NotFound:
        return
    if draft.step != step:
        return
    try:
        work(draft)
        state = after
    except TempuseError as error:
        state = BEFORE[draft.state]
        draft.about["error"] = _told(error)
    except Exception:
        current_app.logger.exception("an import failed")
        state = BEFORE[draft.state]
        draft.about["error"] = {"message": "import.failed", "values": {}, "issues": []}
    try:
        held.move(draft, state, clock())
    except Conflict:
        return


def _told(error: TempuseError) -> dict[str, Any]:
    issues = error.issues if isinstance(error, Invalid) else []
    message, values = error.message, error.values
    if isinstance(error, Unusable) and not message.startswith("geocoder."):
        message, values = "import.register_away", {}  # where the register lies is nobody's business on a page
    told = [
        {"row": each.row, "message": each.message, "values": {"value": each.value, **each.values}}
        for each in issues[:50]
    ]
    return {"message": message, "values": values, "issues": told}


def _progress(draft: Draft) -> Callable[[str, int, int | None], None]:
    held, last = drafts(), 0.0

    def tell(what: str, done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= _TOLD_EVERY:
            last = time.monotonic()
            held.tell(draft, {"what": what, "done": done, "total": total}, clock())

    return tell


# ---- opening --------------------------------------------------------------------------------------------


@job
def open_file(key: str, step: int) -> None:
    """Open the file, guess its columns, and keep its first rows beside it."""
    _guarded(key, step, "columns", _open)


def _open(draft: Draft) -> None:
    about, request = draft.about, request_of(draft)
    con = database.idle()
    source = open_list(con, request, draft.folder)
    rows = source.sample(SAMPLE)
    source.close()
    for name in ("addresses", "parcels"):
        if about.get(name):
            open_source(draft.folder / about[name], draft.folder / name, name=about[f"{name}_name"]).close()
    keep_sample(draft, source, rows)
    about.update(rows=source.count, sheet=source.layer, sheets=source.layers, source_kind=source.kind)
    if not about.get("crosswalk"):
        guess(con, draft)
    else:
        crosswalk_of(draft, source.columns)
    con.rollback()


# ---- checking and bringing in ---------------------------------------------------------------------------


@job
def check(key: str, step: int) -> None:
    """Read the whole file, compare it with the register, and keep the outcome beside it."""
    _guarded(key, step, "checked", _check)


def _check(draft: Draft) -> None:
    actor, con = actor_of(draft), database.idle()
    request = request_of(draft)
    request.crosswalk = crosswalk_of(draft, sample_of(draft).columns)
    opened = open_import(con, request, draft.folder)
    con.rollback()
    check_columns(opened)
    name = f"stage-{draft.step}"
    staging = prepare_import(con, actor, opened, clock(), draft.folder / name, _progress(draft))
    staging.close()
    draft.about["staged"] = name
    draft.about["rows"] = opened.records.source.count


@job
def merge(key: str, step: int, retire_on: str | None = None) -> None:
    """Bring in what was checked."""
    _guarded(key, step, "merged", lambda draft: _merge(draft, retire_on))


def _merge(draft: Draft, retire_on: str | None) -> None:
    staging, actor = staging_of(draft), actor_of(draft)
    try:
        day = date.fromisoformat(retire_on) if retire_on else None
        merged = merging.merge_import(
            database.idle(), actor, staging, clock(), retire_vanished_on=day,
            same_list=bool(draft.about.get("same_list")), progress=_progress(draft),
        )  # fmt: skip
    finally:
        staging.close()
    draft.about["ref"] = merged.ref


def actor_of(draft: Draft) -> Actor:
    """Whoever began the import, with the roles of today."""
    return people.get(database.idle(), draft.person_ref).actor()


@every(minute="41")
def forget_old() -> None:
    """Remove imports that nobody came back for within a week."""
    drafts().forget_old(clock())
