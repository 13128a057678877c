"""The third step: what will happen, before anything does; and the press that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from tempuse.errors import TempuseError
from tempuse.geometry import Box
from tempuse.io.places import typed
from tempuse.jobs import Job
from tempuse.registry.importing import incoming
from tempuse.store import imports as import_rows
from tempuse.store import spaces as space_rows
from tempuse.store.import_staging import Staging
from tempuse.vocabulary import Permission
from web import database, words
from web.map import folium_map
from web.office import names
from web.office.blueprint import office
from web.office.imports import file, mending, work
from web.office.imports import noticed as import_noticed
from web.office.imports import request as import_request
from web.office.imports.mending import Mending
from web.presenters import import_report, labels
from web.site import arguments

PAGE = 25
MOST_POINTS = 5000
SHOWN_VANISHED = 50


@office.get("/import/<key>/check", Permission.SPACE_IMPORT, endpoint="import_check")
def check(key: str) -> ResponseReturnValue:
    """The report before anything changes."""
    draft = file.mine(key)
    if draft.state != "checked":
        return redirect(url_for("office.import_go", key=key))
    return _page(draft)


def _page(draft: Job, said: str = "", status: int = 200, sent: mending.Replies | None = None) -> ResponseReturnValue:
    staging = import_request.staging_of(draft)
    try:
        page = arguments.page(request.values, len(staging.kinds()), PAGE)
        lines = import_noticed.lines(staging, Mending(draft, staging), page.offset, PAGE)
        counts = staging.get("counts")
        points = staging.points(MOST_POINTS)
        page_text = render_template(
            "office/imports/check.html", draft=draft, counts=counts, bring=bring_words(counts),
            parts=parts(draft, counts), lines=lines, sent=sent or mending.Replies(),
            noticed=staging.get("issue_count"), page=page.number, pages=page.pages,
            another=staging.get("another_list"), by_hand=by_hand_words(draft),
            address=_pages_of("import_check", key=draft.key),
            vanished=staging.vanished(SHOWN_VANISHED), more_vanished=counts["vanished"] - SHOWN_VANISHED,
            map=_map(points) if points else None, points=points, ringed=sum(point[3] for point in points),
            said=said or file.error_of(draft), this_day=database.today().isoformat(), coming=coming(counts),
            anew=draft.problem is not None and draft.problem.message in ("import.changed_since", "import.came_since"),
        )  # fmt: skip
        return page_text, 409 if draft.problem else status
    finally:
        staging.close()


def by_hand_words(draft: Job) -> str:
    """What was said of single rows, empty where nothing was."""
    count = {name: len(rows) for name, rows in draft.about.by_hand.items()}
    spaces, near, places = (count.get(name, 0) for name in ("spaces", "near", "places"))
    told = [
        ngettext("%(num)s row is brought in that looked like none", "%(num)s rows are brought in that looked like none",
                 spaces) if spaces else "",
        ngettext("%(num)s proposed place is taken", "%(num)s proposed places are taken", near) if near else "",
        ngettext("%(num)s row got its place", "%(num)s rows got their place", places) if places else "",
    ]  # fmt: skip
    return words.several([each for each in told if each])


def _pages_of(view: str, **values: Any) -> Callable[[int], str]:
    return lambda number: url_for(f"office.{view}", page=number, **values)


def coming(counts: dict[str, int]) -> int:
    """How many spaces an import brings in or changes."""
    return counts["new"] + counts["without_place"] + counts["changed"] + counts["retired"]


def bring_words(counts: dict[str, int]) -> str:
    """What the button says."""
    number = coming(counts)
    return ngettext("Bring in %(n)s space", "Bring in %(n)s spaces", number, n=words.figure(number))


def parts(draft: Job | None, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The bar in true proportion, and its words."""
    see = gettext("see what")
    link = url_for("office.import_changed", key=draft.key) if draft and counts["changed"] else ""
    shown = [
        {"n": counts["new"], "look": "plain", "word": gettext("new"), "note": gettext("placed on the map")},
        {"n": counts["changed"], "look": "changed", "word": gettext("changed"), "link": link,
         "note": see if link else gettext("as the list says now")},
        {"n": counts["unchanged"], "look": "same", "word": gettext("the same"), "note": gettext("nothing to do")},
        {"n": counts["without_place"], "look": "wait", "word": gettext("without a place"),
         "note": gettext("you show us where")},
        {"n": counts["left_behind"], "look": "left", "word": gettext("left behind"),
         "note": gettext("nothing to go by, or twice the same")},
    ]  # fmt: skip
    if counts["retired"]:
        shown.insert(2, {"n": counts["retired"], "look": "shut", "word": gettext("ended"),
                         "note": gettext("as the list says")})  # fmt: skip
    return shown


def _map(points: list[tuple[int, float, float, bool]]) -> folium_map.RenderedMap:
    lon, lat = np.array([point[1] for point in points]), np.array([point[2] for point in points])
    box = Box(float(lon.min()) - 0.002, float(lat.min()) - 0.001, float(lon.max()) + 0.002, float(lat.max()) + 0.001)
    marks = [[round(x, 5), round(y, 5), int(grave)] for _, x, y, grave in points]
    return folium_map.build(
        "import", (box.west + box.east) / 2, (box.south + box.north) / 2, 12, fit=list(box), points=marks,
        said={"map": gettext("Map of the new spaces")},
    )  # fmt: skip


@office.post("/import/<key>/merge", Permission.SPACE_IMPORT, endpoint="import_merge")
def merge(key: str) -> ResponseReturnValue:
    """Bring it in; sent twice, it is brought in once."""
    draft = file.mine(key)
    if draft.state != "checked" or file.was_sent_before(draft):
        return redirect(url_for("office.import_go", key=key))
    if import_request.looks_like_another(draft):
        answer, name = request.form.get("same", ""), request.form.get("source", "").strip()[:200]
        if answer == "another":
            return _as_another(draft, name)
        if answer != "same":
            return _page(draft, gettext("Say first whether this is the same list."), 422)
        draft.about.same_list = True
    draft.about.retire_on = ""
    if request.form.get("retire"):
        ended = arguments.day(arguments.text(request.form, "retire_on"))
        if ended is None:
            return _page(draft, gettext("Write the day on which the missing spaces ended, like 2027-03-01."), 422)
        draft.about.retire_on = ended.isoformat()
    work.begin(draft, "merge", big=work.is_big(draft))
    return redirect(url_for("office.import_go", key=key))


def _as_another(draft: Job, name: str) -> ResponseReturnValue:
    """Under a name of its own the list is compared anew."""
    if not name:
        return _page(draft, words.sentence("import.name_needed"), 422)
    if import_rows.count_of(database.connection(), name):
        return _page(draft, words.sentence("import.name_taken"), 422)
    draft.about.source = name
    work.begin(draft, "check", big=work.is_big(draft))
    return redirect(url_for("office.import_go", key=draft.key))


@office.post("/import/<key>/mend", Permission.SPACE_IMPORT, endpoint="import_mend")
def mend(key: str) -> ResponseReturnValue:
    """What was pressed or written on the report; the list is read anew with it."""
    draft = file.mine(key)
    if draft.state != "checked" or file.was_sent_before(draft):
        return redirect(url_for("office.import_go", key=key))
    sent = mending.sent()
    if sent.wrong:
        told = gettext("Something cannot be read yet; what else you wrote still stands there.")
        return (_noticed if request.form.get("kind") else _page)(draft, told, 422, sent)
    try:
        mending.take(draft, sent.places)
    except TempuseError as error:
        return _page(draft, words.error_sentence(error), 422)
    work.begin(draft, "check", big=work.is_big(draft))
    return redirect(url_for("office.import_go", key=key))


@office.post("/import/<key>/again", Permission.SPACE_IMPORT, endpoint="import_again")
def again(key: str) -> ResponseReturnValue:
    """Compare anew, because somebody changed something meanwhile."""
    draft = file.mine(key)
    if draft.state == "checked" and not file.was_sent_before(draft):
        work.begin(draft, "check", big=work.is_big(draft))
    return redirect(url_for("office.import_go", key=key))


@office.get("/import/<key>/noticed", Permission.SPACE_IMPORT, endpoint="import_noticed")
def noticed(key: str) -> ResponseReturnValue:
    """Each row of one kind of issue."""
    return _noticed(file.mine(key))


def _noticed(draft: Job, said: str = "", status: int = 200, sent: mending.Replies | None = None) -> ResponseReturnValue:
    staging = import_request.staging_of(draft)
    try:
        kinds = staging.kinds()
        number = arguments.whole(request.values, "kind", 1, len(kinds) + 1, 1) - 1
        if number >= len(kinds):
            return redirect(url_for("office.import_check", key=draft.key))
        name, message, done, kept, _ = kinds[number]
        page = arguments.page(request.values, kept, PAGE)
        issues = staging.issues_of((name, message, done), PAGE, page.offset)
        mends = Mending(draft, staging)
        return render_template(
            "office/imports/noticed.html", draft=draft, kind=number + 1, said=said, sent=sent or mending.Replies(),
            lines=[import_noticed.line_of([each], mends) for each in issues],
            page=page.number, pages=page.pages, kept=kept,
            address=_pages_of("import_noticed", key=draft.key, kind=number + 1),
        ), status  # fmt: skip
    finally:
        staging.close()


@office.get("/import/<key>/noticed.csv", Permission.SPACE_IMPORT, endpoint="import_noticed_file")
def noticed_file(key: str) -> Response:
    """Everything that was noticed, as a file."""
    draft = file.mine(key)
    staging = import_request.staging_of(draft)
    try:
        return as_file(import_report.as_csv(staging.issues(), str(words.locale().language)), "noticed.csv")
    finally:
        staging.close()


def as_file(text: str, name: str) -> Response:
    """A CSV file for a spreadsheet."""
    response = Response("\ufeff" + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


@office.get("/import/<key>/changed", Permission.SPACE_IMPORT, endpoint="import_changed")
def changed(key: str) -> ResponseReturnValue:
    """What the list says otherwise than the register, space by space and field by field."""
    draft = file.mine(key)
    staging = import_request.staging_of(draft)
    try:
        total = staging.get("counts")["changed"]
        page = arguments.page(request.args, total, PAGE)
        rows = _some_changed(staging, page.offset, PAGE)
    finally:
        staging.close()
    held = {space.ref: space for _, space in space_rows.numbered(database.connection(), [row[1] for row in rows])}
    shown = [
        (line, names.space(held[ref]), ref, [
            (labels.label(name), told(name, getattr(held[ref], name)), told(name, value))
            for name, value in changes.items()
        ])
        for line, ref, _, changes in rows
        if ref in held
    ]  # fmt: skip
    return render_template(
        "office/imports/changed.html", draft=draft, shown=shown, page=page.number, pages=page.pages, total=total,
        address=_pages_of("import_changed", key=key),
    )  # fmt: skip


def told(name: str, value: Any) -> str:
    """A field's value in words, also a place or what is kept beside."""
    if name == "geometry":
        shape = value if value is None or value.geom_type == "Point" else value.representative_point()
        return typed.shown(shape) if value is None or value.geom_type == "Point" else gettext(
            "outline around %(place)s", place=typed.shown(shape)
        )  # fmt: skip
    if name == "source_fields":
        return ", ".join(f"{column}: {text}" for column, text in (value or {}).items())
    return labels.told(name, value)


def _some_changed(staging: Staging, first: int, count: int) -> list[Any]:
    rows: list[Any] = []
    passed = 0
    for batch in staging.batches("changed"):
        if passed + len(batch) > first:
            rows += incoming.unpacked_changes(batch[max(first - passed, 0) :])
        passed += len(batch)
        if len(rows) >= count:
            break
    return rows[:count]
