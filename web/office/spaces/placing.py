"""Spaces without a place, one after another: one click on the map places one and brings the next."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, StringField

from tempuse.errors import Conflict, Unusable, WrongState
from tempuse.io.places import geocode, typed
from tempuse.registry import setup
from tempuse.registry import spaces as registry
from tempuse.spaces import PROPOSED_ADDRESS, PROPOSED_PLACE, Space
from tempuse.store import space_lists
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Permission, PlacedBy, SpaceStatus
from web import database
from web.map import ground, services
from web.office import maps, names, tallies
from web.office.blueprint import office
from web.office.spaces import doubts
from web.site import arguments
from web.site.forms import Form

# More rows and spaces than any register has.
MOST = 10**12
_COUNTED = ("after", "placed", "skipped", "of")


@dataclass(frozen=True, slots=True)
class Walk:
    """How far the person has come: the last row that was shown, how many were placed and passed over, of how many."""

    after: int = 0
    placed: int = 0
    skipped: int = 0
    of: int = 0
    last: str = ""

    def fields(self) -> dict[str, Any]:
        """As the hidden fields of a form or the pairs of an address."""
        pairs = {"after": self.after, "placed": self.placed, "skipped": self.skipped, "of": self.of}
        return {name: str(value) for name, value in pairs.items()} | ({"last": self.last} if self.last else {})


class PlaceForm(Form):
    """Where a space lies, as written or as the address service proposed it; or why there is no such place."""

    place = StringField(
        lazy_gettext("Or write where it is"), id="where",
        description=lazy_gettext("51.05, 3.72, or national coordinates, WKT or GeoJSON"),
    )  # fmt: skip
    proposed = HiddenField()
    zoom = HiddenField()  # of the map that was clicked
    sure = HiddenField()  # the place that was asked about
    note = StringField(lazy_gettext("Why?"), id="place-note", render_kw={"autocomplete": "off"})

    def say(self, name: str, said: str) -> None:
        """Whatever is wrong is wrong with the place."""
        super().say("place", said)


def _read() -> Walk:
    said = request.values
    after, placed, skipped, of = (arguments.whole(said, name, 0, MOST, 0) for name in _COUNTED)
    return Walk(after, placed, skipped, of, arguments.text(said, "last", 40))


@office.get("/places", Permission.SPACE_EDIT)
def places() -> ResponseReturnValue:
    """The next space without a place; ``only`` names the one to begin with."""
    walk = _read()
    if only := arguments.text(request.args, "only", 40):
        space = space_rows.get(database.connection(), only)
        if space.geometry is not None:
            return redirect(url_for("office.space", ref=only))
        return _show(walk, space)
    return _show(walk)


def _kept(space: Space | None) -> dict[str, str] | None:
    """What an import proposed for a space: the words of an address list, if it was one, and where that is."""
    beside = (space.source_fields if space else None) or {}
    if PROPOSED_PLACE not in beside:
        return None
    return {"label": beside.get(PROPOSED_ADDRESS, ""), "place": beside[PROPOSED_PLACE]}


def _next(walk: Walk) -> tuple[int, Space] | None:
    found = space_lists.placeless(database.connection(), walk.after)
    return found[0] if found else None


def _show(
    walk: Walk,
    space: Space | None = None,
    form: PlaceForm | None = None,
    *,
    proposal: Any = None,
    doubted: str = "",
    by: PlacedBy = PlacedBy.GEOCODER,
) -> ResponseReturnValue:
    """One space to place: the whole page, or only its panel where htmx asked."""
    form = form or PlaceForm(formdata=None)
    con = database.connection()
    remaining = space_lists.count_placeless(con)
    row_id = walk.after
    if space is None and (found := _next(walk)) is not None:
        row_id, space = found
    elif space is not None:
        row_id = space_rows.numbered(con, [space.ref])[0][0]
    total = max(walk.of, remaining + walk.placed)
    walk = Walk(walk.after, walk.placed, walk.skipped, total, walk.last)
    last = space_rows.get(con, walk.last) if walk.last else None
    values = {
        "walk": walk, "space": space, "row_id": row_id, "remaining": remaining, "names": names,
        "offerable": 0 if space else tallies.now().of_status(SpaceStatus.VERIFIED),
        "proposal": proposal, "doubted": doubted, "by": by, "kept": _kept(space), "last": last,
        "last_place": typed.shown(last.geometry) if last else "",
        "number": min(walk.placed + walk.skipped + 1, total),
        "finds": ground.knows_addresses() or geocode.is_configured(database.settings()),
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return form.page("office/spaces/_place.html", **values)[0]  # htmx swaps nothing that is not a success
    drawn = maps.to_place() if maps.has_ground(con) else None
    return form.page("office/spaces/placing.html", map=drawn, services=services.KNOWN, **values)


@office.post("/places/ground", Permission.SETTINGS_EDIT)
def place_ground() -> ResponseReturnValue:
    """A service for the office that was chosen at one of the doors: a street map, or who finds addresses."""
    said = {name: request.form.get(name, "") for name in ("office_tiles", "geocoder") if request.form.get(name)}
    setup.change_settings(database.idle(), g.actor, said, database.now())
    return redirect(url_for("office.places"))


@office.post("/places/<ref>", Permission.SPACE_EDIT)
def place(ref: str) -> ResponseReturnValue:
    """What was pressed for one space: place it, find its address, pass it over, end it, or take the last one back."""
    walk = _read()
    does = {"find": _find, "skip": _skip, "retire": _retire, "undo": _undo}
    return does.get(request.form.get("do", ""), _place)(ref, walk)


def _on(walk: Walk) -> ResponseReturnValue:
    """To the next: as an answer for htmx, else by its address."""
    if request.headers.get("HX-Request"):
        return _show(walk)
    return redirect(url_for("office.places", **walk.fields()))


def _place(ref: str, walk: Walk) -> ResponseReturnValue:
    con, form = database.connection(), PlaceForm()
    space, text, by = space_rows.get(con, ref), (form.place.data or "").strip(), PlacedBy.PLANNER
    if request.form.get("do") == "take":
        of_ours = request.form.get("by") == PlacedBy.OPENSTREETMAP
        text, by = form.proposed.data or "", PlacedBy.OPENSTREETMAP if of_ours else PlacedBy.GEOCODER
    elif request.form.get("do") == "take_kept":
        beside = space.source_fields or {}
        text = beside.get(PROPOSED_PLACE, "")
        by = PlacedBy.ADDRESS if PROPOSED_ADDRESS in beside else PlacedBy.PLANNER
    elif text and form.sure.data == text and request.form.get("by") in tuple(PlacedBy):
        by = PlacedBy(request.form["by"])  # what was asked about had been proposed
    with form.saying():
        there = doubts.read(con, text)
        if form.sure.data != text and (said := doubts.said(con, there, form.zoom.data)):
            form.say("place", said)
            form.sure.data = form.place.data = text
            return _show(walk, space, form, doubted=typed.shown(there), by=by)
        revision = arguments.whole(request.form, "revision", 0, MOST, 0)
        change, now = {"geometry": there}, database.now()
        try:
            registry.edit_space(database.idle(), g.actor, ref, change, now, revision=revision, placed_by=by)
        except Conflict as error:
            if not error.values["theirs"] or space.geometry is not None:
                return _on(_stepped(walk))  # it has a place: from somebody else, or from this form sent twice
            form.say("place", gettext("Somebody changed this space meanwhile. Look, and place it again."))
        else:
            return _on(Walk(_row_id(), walk.placed + 1, walk.skipped, walk.of, ref))
    return _show(walk, space, form)


def _stepped(walk: Walk) -> Walk:
    return Walk(_row_id(), walk.placed, walk.skipped, walk.of, walk.last)


def _row_id() -> int:
    return arguments.whole(request.form, "row_id", 0, MOST, 0)


def _skip(ref: str, walk: Walk) -> ResponseReturnValue:
    return _on(Walk(_row_id(), walk.placed, walk.skipped + 1, walk.of, walk.last))


def _retire(ref: str, walk: Walk) -> ResponseReturnValue:
    note = (PlaceForm().note.data or "").strip() or None
    today = database.today()
    with contextlib.suppress(WrongState):  # it has ended already: this form sent twice
        registry.move_space(database.idle(), g.actor, ref, "retire", database.now(), note=note, retired_on=today)
    return _on(Walk(_row_id(), walk.placed, walk.skipped + 1, walk.of, walk.last))


def _undo(ref: str, walk: Walk) -> ResponseReturnValue:
    """Take the last place back and show that space again."""
    revision, change = arguments.whole(request.form, "last_revision", 0, MOST, 0), {"geometry": None}
    space = registry.edit_space(database.idle(), g.actor, ref, change, database.now(), revision=revision)
    before = Walk(walk.after, max(walk.placed - 1, 0), walk.skipped, walk.of)
    if request.headers.get("HX-Request"):
        return _show(before, space)
    return redirect(url_for("office.places", only=ref, **before.fields()))


def _find(ref: str, walk: Walk) -> ResponseReturnValue:
    """Look in the ground's own list, then ask the city's address service; the answer is a proposal, nothing more."""
    con, settings = database.connection(), database.settings()
    space = space_rows.get(con, ref)
    town = " ".join(part for part in (space.postcode, space.locality or settings.municipality) if part)
    address = ", ".join(part for part in (space.address or space.name, town) if part)
    if found := ground.find_address(space.address or space.name or "", space.postcode, space.locality):
        return _show(walk, space, proposal=found, by=PlacedBy.OPENSTREETMAP)
    if not geocode.is_configured(settings):
        form = PlaceForm(formdata=None)
        form.say("place", gettext("OpenStreetMap has no such address here."))
        return _show(walk, space, form)
    here = maps.extent(con)
    con.rollback()  # nobody waits for the register while the service thinks
    form, proposal = PlaceForm(formdata=None), None
    with form.saying({Unusable: "place"}):
        proposal = geocode.find_address(settings, address, here)
        if proposal is None:
            form.say("place", gettext("The address service knows no such address here."))
    return _show(walk, space, form, proposal=proposal)
