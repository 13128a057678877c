"""Import: where one begins, how far it is, what was brought in before, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse.errors import Issue
from tempuse.imports import Import
from tempuse.jobs import COMMAND, Job
from tempuse.publication import Rule
from tempuse.registry import publishing
from tempuse.spaces import Space
from tempuse.store import imports as import_rows
from tempuse.store import space_lists, tallies
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Permission, SpaceStatus
from web import database, words
from web.config import MEGABYTE, UPLOAD_LIMIT
from web.office.blueprint import office
from web.office.imports import check, file, jobs, needs, noticed, uses
from web.office.imports import work as import_work
from web.office.menu import Room
from web.office.spaces import visibility
from web.presenters import import_report
from web.site import arguments

ROOM = Room(
    40, "office.imports", lazy_gettext("Import"), Permission.SPACE_IMPORT,
    reading=("office.import_list", Permission.IMPORT_READ),
)  # fmt: skip

PAGE = 50
SILENT = timedelta(minutes=3)  # after so long without a word, work is taken for lost
UNSTARTED = timedelta(seconds=20)
# By which move work is begun again that was lost.
_AGAIN = {"opening": "open", "checking": "check", "merging": "check"}


@office.route("/import", Permission.SPACE_IMPORT, methods=["GET", "POST"])
def imports() -> ResponseReturnValue:
    """Begin with a file; what was begun and not ended; what was brought in last."""
    form = file.FileForm(again=request.args.get("again", ""))
    if request.method == "POST" and form.validate_on_submit() and (draft := form.begin()) is not None:
        import_work.begin(draft, "open", big=import_work.is_big(draft))
        if draft_said := _unreadable(draft.key):
            form.say("file", draft_said)
        else:
            return redirect(url_for("office.import_go", key=draft.key))
    from_before = [draft for draft in _mine() if draft.state not in ("merged", "unreadable")]
    page = render_template(
        "office/imports/new.html", form=form, drafts=[*jobs.of_command_line(), *from_before],
        last=import_rows.find(database.connection(), 3),
        limit=UPLOAD_LIMIT, limit_mb=UPLOAD_LIMIT // MEGABYTE, standing=standing,
    )  # fmt: skip
    return page, 422 if form.mending() else 200


def _unreadable(key: str) -> str:
    """Why a small file could not be read, so that the form can say it at once; it is forgotten then."""
    draft = file.mine(key)
    if draft.state != "unreadable":
        return ""
    said = " ".join([file.error_of(draft), *file.error_issues(draft)])
    jobs.forget(draft)
    return said


def _mine() -> list[Job]:
    return jobs.of_person(file.person_ref())


def standing(state: str) -> str:
    """How far an import is, in words."""
    return {
        "opening": gettext("the file is being opened"),
        "columns": gettext("waits for you at its columns"),
        "checking": gettext("is being checked"),
        "checked": gettext("waits for you to bring it in"),
        "merging": gettext("is being brought in"),
    }.get(state, "")


@office.get("/import/<key>", Permission.SPACE_IMPORT, endpoint="import_go")
def go(key: str) -> ResponseReturnValue:
    """Wherever this import stands now; while a worker is at it, how far that is."""
    draft = file.mine(key)
    there = {
        "columns": url_for("office.import_columns", key=key),
        "checked": url_for("office.import_check", key=key),
        "merged": url_for("office.import_report", ref=draft.about.ref, done=1),
    }.get(draft.state)
    if there is not None:
        if draft.state == "merged":
            jobs.forget(draft)
        if request.headers.get("HX-Request"):
            return Response(headers={"HX-Redirect": there})
        return redirect(there)
    if draft.state == "unreadable":
        said, issues = file.error_of(draft), file.error_issues(draft)
        if request.headers.get("HX-Request"):
            return Response(headers={"HX-Refresh": "true"})
        return render_template("office/imports/unreadable.html", draft=draft, said=said, issues=issues), 422
    progress = jobs.files_of(key).progress()
    quiet = jobs.clock() - max(draft.moved_at, progress.get("at", draft.moved_at))
    template = "office/imports/_progress.html" if request.headers.get("HX-Request") else "office/imports/progress.html"
    return render_template(
        template, draft=draft, progress=progress, lost=quiet > SILENT, unstarted=not progress and quiet > UNSTARTED,
        said=_doing(draft.state, progress),
    )  # fmt: skip


def _doing(state: str, progress: dict[str, Any]) -> str:
    done, total = progress.get("done"), progress.get("total")
    if progress.get("what") == "duplicates":
        return gettext("Looking for spaces that are there already")
    if state == "checking" and done:
        if total:
            return gettext("Read %(done)s of about %(total)s rows", done=words.figure(done), total=words.figure(total))
        return gettext("Read %(done)s rows", done=words.figure(done))
    if state == "merging" and done:
        return gettext(
            "Brought in %(done)s of %(total)s spaces", done=words.figure(done), total=words.figure(total or done)
        )
    return {
        "opening": gettext("Opening the file"),
        "checking": gettext("Reading the list and comparing it with the register"),
        "merging": gettext("Bringing the spaces in"),
    }.get(state, "")


@office.post("/import/<key>/retry", Permission.SPACE_IMPORT, endpoint="import_retry")
def retry(key: str) -> ResponseReturnValue:
    """Begin the lost piece of work once more."""
    draft = file.mine(key)
    if draft.state in _AGAIN and not file.was_sent_before(draft):
        import_work.begin(draft, _AGAIN[draft.state], big=import_work.is_big(draft))
    return redirect(url_for("office.import_go", key=key))


@office.post("/import/<key>/stop", Permission.SPACE_IMPORT, endpoint="import_stop")
def stop(key: str) -> ResponseReturnValue:
    """Not after all: the file is thrown away."""
    draft = jobs.get(key)
    if draft.kind != COMMAND:
        draft = file.mine(key)
    if jobs.stop(draft):
        flash(gettext("Stopped. Nothing was changed."))
    else:
        flash(gettext("It is being stopped. If it was brought in before that, you find it here."))
    return redirect(url_for("office.imports"))


# Lists of other things than spaces, which have pages of their own.
_LISTS = {each.name: each for each in (uses.LIST, needs.LIST)}

# ---- earlier imports ------------------------------------------------------------------------------------


@office.get("/imports", Permission.IMPORT_READ, endpoint="import_list")
def earlier() -> ResponseReturnValue:
    """What was brought in before."""
    return render_template("office/imports/list.html", rows=import_rows.find(database.connection(), PAGE))


@office.get("/imports/<ref>", Permission.IMPORT_READ, endpoint="import_report")
def report(ref: str) -> ResponseReturnValue:
    """What one import did, and what comes next."""
    con = database.connection()
    row = import_rows.get(con, ref)
    issues = _issues(row)
    if (listed := _LISTS.get(row.profile or "")) is not None:
        return listed.report(row, issues)
    lines = noticed.of_kept(issues)
    page = arguments.page(request.args, len(lines), check.PAGE)
    counts = dict.fromkeys(_COUNTS, 0) | dict(row.counts)
    return render_template(
        "office/imports/report.html", row=row, counts=counts, parts=check.parts(None, counts),
        lines=lines[page.offset :][: page.size], noticed=len(issues), page=page.number, pages=page.pages,
        address=lambda number: url_for("office.import_report", ref=ref, page=number),
        done=bool(request.args.get("done")), placeless=space_lists.count_placeless(con),
        own_placeless=space_rows.count(con, space_rows.SpaceFilter(source=row.source, has_place=False)),
        seen=_seen(row.source), offerable=_offerable(row.source),
        asked=urlencode({"source": row.source, "status": SpaceStatus.VERIFIED.value}),
    )  # fmt: skip


_COUNTS = ("rows", "new", "changed", "unchanged", "without_place", "left_behind", "retired", "vanished")


def _issues(row: Import) -> list[Issue]:
    return [Issue(**each) for each in orjson.loads(row.issues or "[]")]


def _seen(source: str | None) -> list[tuple[int, bool, str]]:
    """How many spaces of a list the public sees, and why it does not see the others."""
    con = database.connection()
    rule: Rule = publishing.publisher(con, database.now())
    found: dict[tuple[bool, str], int] = {}
    for fields, count in tallies.combined(con, Rule.LOOKS_AT, source=source):
        space = Space(**fields, geometry="somewhere")
        decision = rule.decide(space)
        said = (decision.is_seen, visibility.sentences(decision, space)[0])
        found[said] = found.get(said, 0) + count
    return sorted(((count, *said) for said, count in found.items()), key=lambda each: (not each[1], -each[0]))


def _offerable(source: str | None) -> int:
    wanted = space_rows.SpaceFilter(source=source, status=(SpaceStatus.VERIFIED.value,))
    return space_rows.count(database.connection(), wanted)


@office.get("/imports/<ref>/noticed.csv", Permission.IMPORT_READ, endpoint="import_report_file")
def report_file(ref: str) -> Response:
    """What was noticed then, as a file."""
    issues: Sequence[Issue] = _issues(import_rows.get(database.connection(), ref))
    return check.as_file(import_report.as_csv(issues, str(words.locale().language)), f"{ref}-noticed.csv")


@office.get("/imports/<ref>/columns.csv", Permission.IMPORT_READ, endpoint="import_report_columns")
def report_columns(ref: str) -> Response:
    """What the columns were taken for, as a file to bring again."""
    return check.as_file(import_rows.get(database.connection(), ref).crosswalk or "", f"{ref}-columns.csv")
