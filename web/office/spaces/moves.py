"""Moves of spaces: their words, a look at what will happen, many at once, and the way back."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from tempuse.errors import Conflict, Invalid, Issue, WrongState
from tempuse.publication import Publisher
from tempuse.registry import publishing
from tempuse.registry import spaces as registry
from tempuse.spaces import SPACE_LIFECYCLE, Space
from tempuse.store import events as event_rows
from tempuse.store import space_lists
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import SpaceStatus
from web import database, verbs
from web.accounts import guard
from web.office import names
from web.office.spaces import table, visibility
from web.presenters import labels
from web.site import arguments

# More at once would keep the register's lock for too long; the command line does not mind.
MOST = 2000
_LISTED = 10


def way_back(move: str, origin: str) -> str | None:
    """The move that undoes another, None where there is none that leads back to where it came from."""
    target = SPACE_LIFECYCLE.moves[move].target
    ways = (each for each in SPACE_LIFECYCLE.open_to(target) if each.target == origin and not each.needs)
    return next((each.name for each in ways), None)


def flash_done(move: str, refs: Sequence[str], origins: Sequence[str], at: datetime) -> None:
    """Say that it is done and what stays in sight, with a way back where there is one."""
    said = f"{verbs.done('space', move, len(origins))} {visibility.units_stay(refs, move)}".rstrip()
    if all(way_back(move, origin) for origin in origins) and len({way_back(move, origin) for origin in origins}) == 1:
        key = f"{move} {at.isoformat()}"
        button = Markup('<button class="link-button" form="undo" name="done" value="{}">{}</button>')
        flash(Markup("{} {}").format(said, button.format(key, gettext("Undo"))))
    else:
        flash(said)


@dataclass(slots=True)
class Look:
    """What a move of several spaces will do."""

    move: str
    can: list[Space] = field(default_factory=list)
    cannot: list[Space] = field(default_factory=list)
    effects: list[tuple[int, str]] = field(default_factory=list)
    units: str = ""
    too_many: bool = False

    @property
    def listed(self) -> list[tuple[str, str]]:
        """The first of those that cannot, each with where it stands."""
        return [(names.space(space), labels.term(SpaceStatus, space.status)) for space in self.cannot[:_LISTED]]


def look_at(refs: Sequence[str], move: str) -> Look:
    """Look ahead: which can be moved, which cannot, and what the public will see."""
    step = SPACE_LIFECYCLE.moves[move]
    look = Look(move, too_many=len(refs) > MOST)
    con = database.connection()
    for start in range(0, min(len(refs), MOST), 500):
        for _, space in space_rows.numbered(con, refs[start : start + 500]):
            (look.can if space.status in step.origins else look.cannot).append(space)
    rule = publishing.publisher(con, database.now())
    look.effects = [
        (number, said)
        for said, number in Counter(_effect(rule, space, step.target) for space in look.can).most_common()
    ]
    look.units = visibility.units_stay([space.ref for space in look.can], move)
    return look


def _effect(rule: Publisher, space: Space, target: str) -> str:
    return visibility.sentences(rule, dataclasses.replace(space, status=str(SpaceStatus(target).value)))[0]


def preview() -> Any:
    """The page that says what will happen to the chosen spaces; and, at its button, do it."""
    move, asked = request.form.get("move", ""), request.form.get("asked", "")
    if move not in SPACE_LIFECYCLE.moves:
        flash(gettext("Choose what to do with them."))
        return redirect(_table(asked))
    refs = _chosen(asked)
    if not refs:
        flash(gettext("Tick the spaces first."))
        return redirect(_table(asked))
    look = look_at(refs, move)
    issues: list[Issue] = []
    meanwhile = False
    if request.form.get("go") and look.can and not look.too_many:
        meanwhile = request.form.get("go") != str(len(look.can))
        if not meanwhile:
            origins = [space.status for space in look.can]
            try:
                moved = [space.ref for space in look.can]
                at = _do(moved, move)
            except Invalid as error:
                issues = error.issues
            except (WrongState, Conflict):
                meanwhile, look = True, look_at(refs, move)
            else:
                flash_done(move, moved, origins, at)
                return redirect(_table(asked))
    page = render_template(
        "office/spaces/move_several.html", look=look, refs=refs, asked=asked,
        verb=verbs.button("space", move), button=verbs.button_for("space", move, len(look.can)),
        back=_table(asked), issues=issues, meanwhile=meanwhile, most=MOST, values=request.form,
        needs=SPACE_LIFECYCLE.moves[move].needs,
    )  # fmt: skip
    return page, 422 if issues else 409 if meanwhile else 200


def _do(refs: list[str], move: str, revision: int | None = None) -> datetime:
    at = database.now()
    registry.move_spaces(
        database.idle(), g.actor, refs, move, at,
        note=request.form.get("note", "").strip() or None, retired_on=_day("retired_on", move), revision=revision,
    )  # fmt: skip
    return at


def _day(name: str, move: str) -> date | None:
    if name not in SPACE_LIFECYCLE.moves[move].needs:
        return None
    text = arguments.text(request.form, name)
    if (day := arguments.day(text)) is None and text:
        raise Invalid("space.invalid", [Issue(None, name, text, "fact.not_a_date")])
    return day


def _chosen(asked: str) -> list[str]:
    if request.form.get("all"):
        wanted = table.read(_args(asked)).wanted
        ids = space_lists.row_ids(database.connection(), wanted, "ref", limit=MOST + 1)
        return [space.ref for start in range(0, len(ids), 500) for space in _at(ids[start : start + 500])]
    texts = request.form.getlist("ref") + request.form.get("refs", "").split()
    return list(dict.fromkeys(texts))


def _at(ids: list[int]) -> list[Space]:
    return space_lists.at(database.connection(), ids)


def _args(asked: str) -> MultiDict[str, str]:
    return table.args_of(asked)


def _table(asked: str) -> str:
    return url_for("office.spaces") + (f"?{asked}" if asked else "")


def move_one(ref: str, move: str) -> Any:
    """Make one move with one space; one that needs more than a press asks on a page of its own."""
    if move not in SPACE_LIFECYCLE.moves:
        return redirect(url_for("office.space", ref=ref))
    step, space = SPACE_LIFECYCLE.moves[move], space_rows.get(database.connection(), ref)
    issues: list[Issue] = []
    if request.method == "POST":
        origin = space.status
        try:
            at = _do([ref], move)
        except Invalid as error:
            issues = error.issues
        else:
            flash_done(move, [ref], [origin], at)
            return redirect(guard.way_back(request.form.get("next")) if request.form.get("next") else _to(ref))
    SPACE_LIFECYCLE.check(move, ref, space.status, **dict.fromkeys(step.needs, "later"))
    rule = publishing.publisher(database.connection(), database.now())
    page = render_template(
        "office/spaces/move.html", space=space, name=names.space(space), move=move, verb=verbs.button("space", move),
        effect=_effect(rule, space, step.target), units=visibility.units_stay([ref], move), issues=issues,
        values=request.form, needs=step.needs, next=request.values.get("next", ""),
    )  # fmt: skip
    return page, 422 if issues else 200


def _to(ref: str) -> str:
    return url_for("office.space", ref=ref)


def undo() -> Any:
    """Take back what was just done, to one space or many."""
    move, _, text = request.form.get("done", "").partition(" ")
    try:
        at = datetime.fromisoformat(text) if move in SPACE_LIFECYCLE.moves else None
    except ValueError:
        at = None
    if at is None:
        return redirect(url_for("office.spaces"))
    moved = event_rows.moved_at(database.connection(), move, at, g.actor.person_ref, MOST)
    backs = {way_back(move, origin) for _, origin in moved}
    if len(backs) != 1 or None in backs:
        return redirect(url_for("office.spaces"))
    refs = [ref for ref, _ in moved]
    registry.move_spaces(database.idle(), g.actor, refs, str(backs.pop()), database.now())
    flash(gettext("Taken back."))
    return redirect(_to(refs[0]) if len(refs) == 1 else url_for("office.spaces"))


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    blueprint.add_url_rule("/spaces/move", endpoint="spaces_move", view_func=preview, methods=["POST"])
    blueprint.add_url_rule("/spaces/undo", endpoint="spaces_undo", view_func=undo, methods=["POST"])
    blueprint.add_url_rule(
        "/spaces/<ref>/move/<move>", endpoint="space_move", view_func=move_one, methods=["GET", "POST"]
    )
