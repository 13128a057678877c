"""The form of a space: new, change, and what happens when somebody else changed it meanwhile.

The form carries what it was filled from (``seen``), so that only what the person touched is written, and what
the others touched stays. Nothing typed is ever lost.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from tempuse.errors import Conflict, Invalid, Issue, NotFound
from tempuse.io.places import typed
from tempuse.registry import spaces as registry
from tempuse.spaces import Period, Space
from tempuse.store import events as event_rows
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Occupancy, SpaceKind
from web import database, words
from web.office import history, maps, names
from web.office.spaces import fields, sections
from web.presenters import labels
from web.site import arguments

PAST = "past"
# Nothing was ever changed so often.
MOST_REVISION = 10**9


@dataclass(slots=True)
class Sheet:
    """What stands in the form: texts by field, the rows of the past, what is wrong, whose changes came between."""

    texts: fields.Texts
    rows: list[fields.Texts]
    seen: fields.Texts
    revision: int = 0
    issues: list[Issue] = field(default_factory=list)
    rivals: list[tuple[str, str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)

    @property
    def touched(self) -> fields.Texts:
        """What the person changed, as against what the form was filled from."""
        return {name: text for name, text in self.texts.items() if text != self.seen.get(name, "")}

    @property
    def past_touched(self) -> bool:
        """Whether the rows of the past were changed."""
        return packed(self.rows) != self.seen.get(PAST, "[]")


def packed(rows: list[fields.Texts]) -> str:
    """The rows of the past as one text."""
    return orjson.dumps([row for row in rows if any(row[name] for name in row if name != "occupancy")]).decode()


def _of(space: Space, past: list[Period]) -> Sheet:
    texts, rows = fields.texts_of(space), fields.rows_of(past)
    return Sheet(dict(texts), rows, {**texts, PAST: packed(rows)}, space.revision)


def _sent() -> Sheet:
    """The form as it came back."""
    try:
        seen = orjson.loads(request.form.get("seen", "{}"))
    except ValueError:
        seen = {}
    seen = {str(name): str(text) for name, text in seen.items()} if isinstance(seen, dict) else {}
    revision = arguments.whole(request.form, "revision", 0, MOST_REVISION, 0)
    texts = fields.read(request.form)
    if "suitable_uses" in texts:
        texts["suitable_uses"] = _in_order(texts["suitable_uses"], seen.get("suitable_uses", ""))
    return Sheet(texts, fields.read_rows(request.form), seen, revision)


def _in_order(ticked: str, before: str) -> str:
    """Boxes come in the form's order; what was ticked before keeps its own: the first use names the space."""
    now = [part for part in ticked.split(", ") if part]
    kept = [part for part in before.split(", ") if part in now]
    return ", ".join([*kept, *(part for part in now if part not in kept)])


def edit(ref: str) -> Any:
    """Change a space."""
    con = database.connection()
    space, past = space_rows.get(con, ref), space_rows.periods_of(con, ref)
    if request.method == "GET":
        return _page(_of(space, past), space)
    sheet = _sent()
    if answer := _rows_asked(sheet, space):
        return answer
    return _save(sheet, space, past)


def _save(sheet: Sheet, space: Space, past: list[Period]) -> Any:
    values, sheet.issues, note = _values(sheet, sheet.touched)
    periods, wrong = fields.past_of(sheet.rows)
    sheet.issues += wrong
    if sheet.issues:
        return _page(sheet, space)
    try:
        registry.edit_space(
            database.idle(), g.actor, space.ref, values, database.now(), revision=sheet.revision or None,
            past=periods if sheet.past_touched else None, note=request.form.get("why", "").strip() or None,
        )  # fmt: skip
    except Invalid as error:
        sheet.issues = error.issues
        return _page(sheet, space)
    except NotFound:
        sheet.issues = [Issue(None, "within_ref", sheet.texts.get("within_ref", ""), "within.not_found")]
        return _page(sheet, space)
    except Conflict as error:
        if "theirs" not in error.values:
            raise
        con = database.connection()
        current = space_rows.get(con, space.ref)
        if not error.values["theirs"] and (not sheet.past_touched or periods == past):
            return _saved(space.ref, note)  # the same form, sent twice
        return _page(_beside(sheet, _of(current, space_rows.periods_of(con, space.ref)), space.ref), current)
    return _saved(space.ref, note)


def _saved(ref: str, note: str) -> Any:
    flash(" ".join(part for part in (gettext("Saved."), words.sentence(note) if note else "") if part))
    return redirect(url_for("office.space", ref=ref))


def _beside(mine: Sheet, theirs: Sheet, ref: str) -> Sheet:
    """Mine over theirs: what I touched stays mine, all else is theirs; and in words what came between."""
    touched = mine.touched
    sheet = Sheet(
        {**theirs.texts, **touched}, mine.rows if mine.past_touched else theirs.rows, theirs.seen, theirs.revision
    )
    who = _who_changed(ref, mine.revision)
    for name in (*theirs.texts, PAST):
        before, now = mine.seen.get(name, ""), theirs.seen[name]
        if before == now:
            continue
        label, author = labels.label(name), who.get(name, gettext("Somebody"))
        if name == PAST:
            said = gettext("%(who)s changed this.", who=author)
        else:
            said = gettext("%(who)s set it to %(value)s.", who=author, value=_shown(name, now))
        if (name in touched and touched[name] != now) or (name == PAST and mine.past_touched):
            sheet.rivals.append((name, label, said if name == PAST else _both(said, name, touched[name])))
        else:
            sheet.others.append((label, said))
    return sheet


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
    for event in event_rows.of(database.connection(), ("space",), ref, max(current - revision, 1)):
        author = gettext("%(who)s, %(when)s,", who=history.who_did(event.actor), when=words.moment(event.at))
        for name in event.changes or {}:
            found.setdefault(name, author)
    return found


def new() -> Any:
    """A new space; within a building, its unit."""
    con = database.connection()
    within = request.args.get("within", "")
    empty = Space(kind=SpaceKind.UNIT.value, within_ref=within, occupancy=Occupancy.VACANT.value) if within else Space()
    if within:
        building = space_rows.get(con, within)
        empty.address, empty.postcode, empty.locality = building.address, building.postcode, building.locality
        empty.ownership, empty.geometry = building.ownership, building.geometry
    if request.method == "GET":
        return _page(_of(empty, []), None)
    sheet = _sent()
    if answer := _rows_asked(sheet, None):
        return answer
    values, sheet.issues, note = _values(sheet, sheet.texts)
    past, wrong = fields.past_of(sheet.rows)
    sheet.issues += wrong
    if not any(sheet.texts.get(name) for name in ("name", "address", "geometry")):
        sheet.issues.append(Issue(None, "name", "", "space.unnamed"))
    if sheet.issues:
        return _page(sheet, None)
    try:
        ref = registry.add_space(
            database.idle(), g.actor, Space(**values), database.now(), past=past, form_token=_token() or None
        )
    except Invalid as error:
        sheet.issues = error.issues
        return _page(sheet, None)
    except NotFound:
        sheet.issues = [Issue(None, "within_ref", sheet.texts.get("within_ref", ""), "within.not_found")]
        return _page(sheet, None)
    return _saved(ref, note)


def _token() -> str:
    return request.form.get("form_token", "")[:60]


def _values(sheet: Sheet, texts: fields.Texts) -> tuple[dict[str, Any], list[Issue], str]:
    here = maps.extent(database.connection()) if texts.get("geometry") else None
    return fields.values_of(texts, national_crs=database.settings().national_crs, extent=here)


def _rows_asked(sheet: Sheet, space: Space | None) -> Any:
    """A row of the past more or less, without saving; None when saving was asked for."""
    asked = request.form.get("do", "")
    if asked == "add":
        sheet.rows.append(dict.fromkeys(fields.PERIOD_FIELDS, "") | {"occupancy": Occupancy.TEMPORARY_USE.value})
    elif asked.startswith("drop-"):
        sheet.rows = [row for i, row in enumerate(sheet.rows) if asked != f"drop-{i}"]
    else:
        return None
    return _page(sheet, space)


def _page(sheet: Sheet, space: Space | None) -> Any:
    errors = {issue.field: words.issue_sentence(issue) for issue in sheet.issues}
    try:
        drawn = fields.values_of({"geometry": sheet.texts.get("geometry", "")})[0].get("geometry")
    except Invalid:
        drawn = None
    body = render_template(
        "office/spaces/edit.html", space=space, name=names.space(space) if space else "", sheet=sheet, errors=errors,
        sections=sections.inputs(sheet.texts, errors, database.settings().currency), map=maps.to_draw(drawn),
        seen=orjson.dumps(sheet.seen).decode(), form_token=_token() or secrets.token_urlsafe(12),
        occupancies=labels.choices(Occupancy), units=_units(), within=request.args.get("within", ""),
        why=request.form.get("why", ""),
    )  # fmt: skip
    return body, 409 if sheet.rivals or sheet.others else 422 if sheet.issues else 200


def _units() -> list[tuple[str, str]]:
    return [("day", gettext("days")), ("month", gettext("months")), ("year", gettext("years"))]


def read_place() -> Any:
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


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    blueprint.add_url_rule("/spaces/place", endpoint="place_read", view_func=read_place, methods=["POST"])
    blueprint.add_url_rule("/spaces/new", endpoint="space_new", view_func=new, methods=["GET", "POST"])
    blueprint.add_url_rule("/spaces/<ref>/edit", endpoint="space_edit", view_func=edit, methods=["GET", "POST"])
