"""The form of a space: new, change, and what happens when somebody else changed it meanwhile.

Only what the person touched is written, and what the others touched stays. Nothing typed is ever lost.
"""

from __future__ import annotations

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.errors import Conflict, Invalid, Issue, NotFound
from tempuse.io.places import typed
from tempuse.registry import spaces as registry
from tempuse.spaces import Space
from tempuse.store import events as event_rows
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Occupancy, Permission, SpaceKind
from web import database, words
from web.office import history, maps, names
from web.office.blueprint import office
from web.office.spaces import fields, sections
from web.office.spaces.form import PAST, NewSpaceForm, SpaceForm, form_of, form_of_space
from web.presenters import labels

# The only other thing that a space names.
NO_BUILDING = Issue(None, "within_ref", "", "within.not_found")


@office.route("/spaces/<ref>/edit", Permission.SPACE_EDIT, endpoint="space_edit", methods=["GET", "POST"])
def edit(ref: str) -> ResponseReturnValue:
    """Change a space."""
    con = database.connection()
    space, past = space_rows.get(con, ref), space_rows.periods_of(con, ref)
    form = form_of(SpaceForm) if request.method == "POST" else form_of_space(SpaceForm, space, past)
    if _rows_asked(form) or not form.validate_on_submit():
        return _page(form, space)
    with form.saying({NotFound: NO_BUILDING}):
        try:
            registry.edit_space(
                database.idle(), g.actor, ref, form.values, database.now(), revision=form.revision_seen or None,
                past=form.periods if form.past_touched else None, note=(form.why.data or "").strip() or None,
            )  # fmt: skip
        except Conflict as error:
            if "theirs" not in error.values:
                raise
            con = database.connection()
            space = space_rows.get(con, ref)
            if error.values["theirs"] or (form.past_touched and form.periods != past):
                return _page(
                    _beside(form, form_of_space(SpaceForm, space, space_rows.periods_of(con, ref)), ref), space
                )
        return _saved(ref, form.note)  # by this form, or by the same form sent before
    return _page(form, space)


def _saved(ref: str, note: str) -> ResponseReturnValue:
    flash(" ".join(part for part in (gettext("Saved."), words.sentence(note) if note else "") if part))
    return redirect(url_for("office.space", ref=ref))


def _beside(mine: SpaceForm, theirs: SpaceForm, ref: str) -> SpaceForm:
    """Mine over theirs: what I touched stays mine, all else is theirs; and in words what came between."""
    touched = mine.touched
    form = form_of(
        SpaceForm, {**theirs.texts, **touched}, mine.rows if mine.past_touched else theirs.rows,
        revision=theirs.revision.data, seen=theirs.seen.data, form_token=mine.form_token.data, why=mine.why.data,
    )  # fmt: skip
    who = _who_changed(ref, mine.revision_seen)
    for name in (*theirs.texts, PAST):
        before, now = mine.before.get(name, ""), theirs.before[name]
        if before == now:
            continue
        label, author = labels.label(name), who.get(name, gettext("Somebody"))
        if name == PAST:
            said = gettext("%(who)s changed this.", who=author)
        else:
            said = gettext("%(who)s set it to %(value)s.", who=author, value=_shown(name, now))
        if (name in touched and touched[name] != now) or (name == PAST and mine.past_touched):
            form.rivals.append((name, label, said if name == PAST else _both(said, name, touched[name])))
        else:
            form.others.append((label, said))
    return form


def _both(said: str, name: str, mine: str) -> str:
    return gettext("%(theirs)s You wrote %(mine)s.", theirs=said, mine=_shown(name, mine))


def _shown(name: str, text: str) -> str:
    """A text of the form as it is read: 640 m²."""
    if not text:
        return gettext("nothing")
    if name == "geometry":
        return gettext("another place")
    values, issues, _ = fields.values_of({name: text})
    if issues:
        return f"“{text}”"
    said = labels.told(name, values[name])
    return said if len(said) <= 200 else f"{said[:199]}…"


def _who_changed(ref: str, revision: int) -> dict[str, str]:
    """Who changed each field last, and when, since a revision."""
    found: dict[str, str] = {}
    current = space_rows.get(database.connection(), ref).revision
    for event in event_rows.of(database.connection(), ref, "space", limit=max(current - revision, 1)):
        author = gettext("%(who)s, %(when)s,", who=history.who_did(event.actor), when=words.moment(event.at))
        for name in event.changes or {}:
            found.setdefault(name, author)
    return found


@office.route("/spaces/new", Permission.SPACE_EDIT, endpoint="space_new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new space; within a building, its unit."""
    con = database.connection()
    within = request.args.get("within", "")
    empty = Space(kind=SpaceKind.UNIT.value, within_ref=within, occupancy=Occupancy.VACANT.value) if within else Space()
    if within:
        building = space_rows.get(con, within)
        empty.address, empty.postcode, empty.locality = building.address, building.postcode, building.locality
        empty.ownership, empty.geometry = building.ownership, building.geometry
    form = form_of(NewSpaceForm) if request.method == "POST" else form_of_space(NewSpaceForm, empty)
    if _rows_asked(form) or not form.validate_on_submit():
        return _page(form, None)
    with form.saying({NotFound: NO_BUILDING}):
        space, token = Space(**form.values), form.form_token.data
        ref = registry.add_space(
            database.idle(), g.actor, space, database.now(), past=form.periods, form_token=token
        )  # fmt: skip
        return _saved(ref, form.note)
    return _page(form, None)


def _rows_asked(form: SpaceForm) -> bool:
    """A row of the past more or less, or a form as it was left, without saving; whether that was asked for."""
    asked = request.form.get("do", "")
    if asked == "add":
        form.with_rows(
            [*form.rows, dict.fromkeys(fields.PERIOD_FIELDS, "") | {"occupancy": Occupancy.TEMPORARY_USE.value}]
        )
    elif asked.startswith("drop-"):
        form.with_rows([row for i, row in enumerate(form.rows) if asked != f"drop-{i}"])
    else:
        return asked == "take"  # what somebody had typed and left, as it was
    return True


def _page(form: SpaceForm, space: Space | None) -> ResponseReturnValue:
    try:
        drawn = fields.values_of({"geometry": form.texts.get("geometry", "")})[0].get("geometry")
    except Invalid:
        drawn = None
    return form.page(
        "office/spaces/edit.html", space=space, name=names.space(space) if space else "",
        sections=sections.layout(), looks=sections.looks, map=maps.to_draw(drawn),
        within=request.args.get("within", ""),
    )  # fmt: skip


@office.post("/spaces/place", Permission.SPACE_EDIT, endpoint="place_read")
def read_place() -> ResponseReturnValue:
    """What a text in the place's field means, for the map beside it."""
    text = request.form.get("text", "").strip()
    con = database.connection()
    try:
        read = typed.parse_place(text, database.settings().national_crs, maps.extent(con)) if text else None
    except Invalid as error:
        return jsonify(geometry=None, wrong=True, said=words.issue_sentence(error.issues[0]))
    if read is None:
        return jsonify(geometry=None, wrong=False, said="")
    said = words.sentence(read.note) if read.note else ""
    return jsonify(geometry=maps.geojson(read.geometry), wrong=False, said=said)
