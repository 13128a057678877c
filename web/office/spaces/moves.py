"""Moves of spaces: their words, a look at what will happen, many at once, and the way back."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, TextAreaField

from tempuse.publication import Rule
from tempuse.registry import publishing
from tempuse.registry import spaces as registry
from tempuse.spaces import SPACE_LIFECYCLE, Space
from tempuse.store import events as event_rows
from tempuse.store import space_lists
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Permission, SpaceStatus
from web import database, verbs
from web.accounts import guard
from web.office import names
from web.office.blueprint import office
from web.office.spaces import table, visibility
from web.presenters import labels
from web.site.forms import Day, Form

# More at once would keep the register's lock for too long; the command line does not mind.
MOST = 2000
_LISTED = 10


def way_back(move: str, origin: str) -> str | None:
    """The move that undoes another, None where there is none that leads back to where it came from."""
    target = SPACE_LIFECYCLE.moves[move].target
    ways = (each for each in SPACE_LIFECYCLE.open_to(target) if each.target == origin and not each.needs)
    return next((each.name for each in ways), None)


def flash_done(move: str, refs: Sequence[str], origins: Sequence[str], at: datetime, also: str = "") -> None:
    """Say that it is done and what stays in sight, and what nobody sees yet; with a way back where there is one."""
    parts = (verbs.done("space", move, len(origins)), also, visibility.units_stay(refs, move))
    said = " ".join(part for part in parts if part)
    if all(way_back(move, origin) for origin in origins) and len({way_back(move, origin) for origin in origins}) == 1:
        key = table.done_key(move, at)
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
    unseen: int = 0
    too_many: bool = False

    @property
    def unseen_said(self) -> str:
        """How many of those that will be offered nobody outside the office sees; empty where all are seen."""
        if self.move != "offer" or not self.unseen:
            return ""
        return ngettext("%(n)s of them is not public.", "%(n)s of them are not public.", self.unseen,
                        n=names.figure(self.unseen))  # fmt: skip

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
    rulings = [_ruling(rule, space, step.target) for space in look.can]
    look.effects = [(number, said) for said, number in Counter(said for said, _ in rulings).most_common()]
    look.unseen = sum(not is_seen for _, is_seen in rulings)
    look.units = visibility.units_stay([space.ref for space in look.can], move)
    return look


def _ruling(rule: Rule, space: Space, target: str) -> tuple[str, bool]:
    """What everybody would see of a space in another status, in words, and whether they see it at all."""
    moved = dataclasses.replace(space, status=str(SpaceStatus(target).value))
    decision = rule.decide(moved)
    return visibility.sentences(decision, moved)[0], decision.is_seen


class MoveForm(Form):
    """What a move needs besides its press: why, and of one that ends something, when."""

    retired_on = Day()
    note = TextAreaField(
        lazy_gettext("Why?"),
        description=lazy_gettext("For the history. Nobody outside the office reads it. You may leave it empty."),
    )
    next = HiddenField()

    def __init__(self, move: str, count: int = 1) -> None:
        super().__init__(data={"retired_on": database.today().isoformat(), "next": request.args.get("next", "")})
        if "retired_on" not in SPACE_LIFECYCLE.moves[move].needs:
            del self.retired_on
        elif count == 1:
            self.retired_on.label.text = gettext("When did it end?")
            self.retired_on.description = gettext("The day from which it was no vacant space any more.")
        else:
            self.retired_on.label.text = gettext("When did they end?")

    def make(self, refs: list[str], move: str) -> datetime:
        """Make the move; the instant at which it was made."""
        day = self.retired_on.day if "retired_on" in self else None
        at, note = database.now(), (self.note.data or "").strip() or None
        registry.move_spaces(database.idle(), g.actor, refs, move, at, note=note, retired_on=day)
        return at


@office.post("/spaces/move", Permission.SPACE_EDIT, endpoint="spaces_move")
def preview() -> ResponseReturnValue:
    """The page that says what will happen to the chosen spaces; and, at its button, do it."""
    move, asked = request.form.get("move", ""), request.form.get("asked", "")
    if move not in SPACE_LIFECYCLE.moves:
        flash(gettext("Choose what to do with them."))
        return redirect(to_table(asked))
    refs = chosen(asked)
    if not refs:
        flash(gettext("Tick the spaces first."))
        return redirect(to_table(asked))
    look, form = look_at(refs, move), MoveForm(move, len(refs) + 1)
    if (go := request.form.get("go")) and look.can and not look.too_many:
        meanwhile = gettext("Somebody changed one of them meanwhile. Nothing was done yet. Look again.")
        if go != str(len(look.can)):
            form.refuse(meanwhile, 409)
        elif form.validate_on_submit():
            moved, origins = [space.ref for space in look.can], [space.status for space in look.can]
            with form.saying(refusal=meanwhile):
                at = form.make(moved, move)
                flash_done(move, moved, origins, at, look.unseen_said)
                return redirect(url_for("office.spaces", done=table.done_key(move, at)))
    return form.page(
        "office/spaces/move_several.html", look=look, refs=refs, asked=asked,
        verb=verbs.button("space", move), button=verbs.button_for("space", move, len(look.can)),
        back=to_table(asked), most=MOST,
    )  # fmt: skip


def chosen(asked: str) -> list[str]:
    """The refs that were ticked, or (``all``) those that the question in an address keeps, a few too many."""
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


def to_table(asked: str) -> str:
    """The address of the table that asks this."""
    return url_for("office.spaces") + (f"?{asked}" if asked else "")


@office.route("/spaces/<ref>/move/<move>", Permission.SPACE_EDIT, endpoint="space_move", methods=["GET", "POST"])
def move_one(ref: str, move: str) -> ResponseReturnValue:
    """Make one move with one space; one that needs more than a press asks on a page of its own."""
    if move not in SPACE_LIFECYCLE.moves:
        return redirect(url_for("office.space", ref=ref))
    step, space = SPACE_LIFECYCLE.moves[move], space_rows.get(database.connection(), ref)
    form = MoveForm(move)
    if form.validate_on_submit():
        with form.saying():
            flash_done(move, [ref], [space.status], form.make([ref], move))
            return redirect(guard.way_back(form.next.data) if form.next.data else _to(ref))
    SPACE_LIFECYCLE.check(move, ref, space.status, **dict.fromkeys(step.needs, "later"))
    rule = publishing.publisher(database.connection(), database.now())
    return form.page(
        "office/spaces/move.html", space=space, name=names.space(space), move=move, verb=verbs.button("space", move),
        effect=_ruling(rule, space, step.target)[0], units=visibility.units_stay([ref], move),
    )  # fmt: skip


def _to(ref: str) -> str:
    return url_for("office.space", ref=ref)


@office.post("/spaces/undo", Permission.SPACE_EDIT, endpoint="spaces_undo")
def undo() -> ResponseReturnValue:
    """Take back what was just done, to one space or many."""
    done = table.read_done(request.form.get("done", ""))
    if done is None:
        return redirect(url_for("office.spaces"))
    move, at = done
    moved = event_rows.moved_at(database.connection(), move, at, g.actor.person_ref, MOST)
    backs = {way_back(move, origin) for _, origin in moved}
    if len(backs) != 1 or None in backs:
        return redirect(url_for("office.spaces"))
    refs = [ref for ref, _ in moved]
    registry.move_spaces(database.idle(), g.actor, refs, str(backs.pop()), database.now())
    flash(gettext("Taken back."))
    return redirect(_to(refs[0]) if len(refs) == 1 else url_for("office.spaces"))
