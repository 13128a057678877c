"""The table of spaces: filtered, sorted, counted, in pages; the whole question stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import g, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from tempuse.spaces import FIELDS, SPACE_LIFECYCLE, Space, area_of
from tempuse.store import events, space_lists
from tempuse.store import spaces as space_rows
from tempuse.store.spaces import SpaceFilter
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Permission, SpaceStatus
from web import database, verbs
from web.office import names, tallies
from web.office.blueprint import office
from web.office.menu import Room
from web.presenters import labels
from web.site import arguments

ROOM = Room(20, "office.spaces", lazy_gettext("Spaces"), Permission.SPACE_READ)

PAGE = 50
# A list may be called after a long sentence.
LONGEST_SOURCE = 1000
# Nobody turns so many pages; whoever needs more takes the file.
LAST = 10_000
SORTS = {"ref": "ref", "name": "name", "status": "status", "kind": "kind", "size": "floor_area_m2",
         "district": "district_ref", "owner": "ownership", "checked_on": "checked_on"}  # fmt: skip
SEVERAL = ("status", "kind", "occupancy", "ownership", "consent")
FILE_FORMATS = ("xlsx", "csv", "geojson", "gpkg")
_HEADS: dict[str, LazyString] = {
    "name": lazy_gettext("Space"), "status": lazy_gettext("Where it stands"), "kind": lazy_gettext("Kind"),
    "size": lazy_gettext("Size"), "district": lazy_gettext("District"), "owner": lazy_gettext("Owner"),
    "checked_on": lazy_gettext("Last checked"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the filter, the order, the page."""

    wanted: SpaceFilter = SpaceFilter()
    sort: str = "ref"
    down: bool = False
    page: int = 1
    # What was just done to several spaces, as ``done_key`` writes it; ``wanted`` keeps those.
    done: str = ""

    def pairs(self, *, page: bool = False) -> list[tuple[str, str]]:
        """As the pairs of an address, always in the same order."""
        wanted = self.wanted
        place = {True: "yes", False: "no", None: ""}[wanted.has_place]
        found = [(name, value) for name in SEVERAL for value in getattr(wanted, name)]
        single = (("district", wanted.district_ref), ("source", wanted.source), ("place", place), ("q", wanted.text))
        found += [(name, value) for name, value in (*single, ("done", self.done)) if value]
        found += [("sort", self.sort)] if self.sort != "ref" else []
        found += [("down", "1")] if self.down else []
        return found + ([("page", str(self.page))] if page and self.page > 1 else [])

    def address(self, **changes: Any) -> str:
        """The address that asks this, or this with changes."""
        return _address(replace(self, **changes))


def _address(asked: Asked) -> str:
    query = urlencode(asked.pairs(page=True))
    return url_for("office.spaces") + (f"?{query}" if query else "")


def args_of(query: str) -> arguments.Args:
    """A query of an address as its pairs."""
    return MultiDict(parse_qsl(query))


def done_key(move: str, at: datetime) -> str:
    """What somebody did to several spaces at once, as an address and a form say it."""
    return f"{move} {at.isoformat()}"


def read_done(text: str) -> tuple[str, datetime] | None:
    """The move and the instant of such a key; None where it is none."""
    move, _, at = text.partition(" ")
    try:
        return (move, datetime.fromisoformat(at)) if move in SPACE_LIFECYCLE.moves else None
    except ValueError:
        return None


def _just_moved(text: str) -> tuple[str, ...]:
    """The refs of those that the reader moved then; where there are none any more, one that no space has."""
    if (done := read_done(text)) is None:
        return ()
    return tuple(ref for ref, _ in events.moved_at(database.connection(), *done, g.actor.person_ref, LAST)) or ("",)


def read(args: arguments.Args) -> Asked:
    """The question in an address; what makes no sense asks nothing."""
    done = arguments.text(args, "done", 100)
    just_moved = _just_moved(done)
    several: dict[str, Any] = {
        name: arguments.several(args, name, {term.value for term in FIELDS[name]["of"]}) for name in SEVERAL
    }
    return Asked(
        SpaceFilter(
            **several,
            district_ref=arguments.text(args, "district") or None,
            source=arguments.text(args, "source", LONGEST_SOURCE) or None,
            has_place={"yes": True, "no": False}.get(arguments.text(args, "place")),
            text=arguments.text(args, "q", 100) or None,
            refs=just_moved,
        ),
        arguments.choice(args, "sort", SORTS, "ref"),
        args.get("down") == "1",
        arguments.whole(args, "page", 1, LAST // PAGE, 1),
        done if just_moved else "",
    )


@dataclass(slots=True)
class Found:
    """One page of the table, with what the filters would give; ``more`` than ``total`` were not counted."""

    asked: Asked
    spaces: list[Space]
    total: int
    more: bool
    counts: dict[str, dict[Any, int]] | None
    sources: list[str] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """How many pages there are to turn."""
        return arguments.pages(min(self.total, LAST), PAGE)

    @property
    def heading(self) -> str:
        """How many spaces the filter keeps."""
        if self.more:
            return gettext("More than %(count)s spaces", count=names.figure(LAST))
        if not self.total:
            return gettext("No space fits")
        return names.counted(self.total)


def answer(asked: Asked) -> Found:
    """Ask the register for one page."""
    con, offset = database.connection(), (asked.page - 1) * PAGE
    order = SORTS[asked.sort]
    combinations = tallies.combinations()
    if is_long := bool(asked.wanted.text or asked.wanted.refs):
        # One pass finds the page and the number.
        ids = space_lists.row_ids(con, asked.wanted, order, down=asked.down, limit=LAST + 1)
        total, more, ids = len(ids), len(ids) > LAST, ids[offset : offset + PAGE]
    else:
        ids = space_lists.row_ids(con, asked.wanted, order, down=asked.down, limit=PAGE, offset=offset)
        total, more = _total(asked.wanted, combinations)
    counts = None if combinations is None or is_long else _counts(asked.wanted, combinations)
    spaces = space_lists.at(con, ids)
    return Found(asked, spaces, total, more, counts, _sources(combinations))


def _sources(combinations: list[tuple[dict[str, Any], int]] | None) -> list[str]:
    if combinations is None:
        return space_rows.sources(database.connection())
    return sorted({str(values["source"]) for values, _ in combinations if values["source"]})


def _total(wanted: SpaceFilter, combinations: list[tuple[dict[str, Any], int]] | None) -> tuple[int, bool]:
    """How many spaces the filter keeps, and whether there are more than were counted."""
    if combinations is not None:
        return sum(number for values, number in combinations if _fits(wanted, values)), False
    if wanted == SpaceFilter(status=wanted.status):
        return tallies.now().of_status(*wanted.status), False
    total = space_lists.count_to(database.connection(), wanted, LAST + 1)
    return total, total > LAST


def _fits(wanted: SpaceFilter, values: Mapping[str, Any], but: str = "") -> bool:
    for name in SEVERAL:
        if name != but and getattr(wanted, name) and values[name] not in getattr(wanted, name):
            return False
    for name in ("district_ref", "source", "has_place"):
        asked = getattr(wanted, name)
        if name != but and asked is not None and values[name] != asked:
            return False
    return True


def _counts(wanted: SpaceFilter, combinations: list[tuple[dict[str, Any], int]]) -> dict[str, dict[Any, int]]:
    """What each choice of each filter would give, the other filters staying."""
    found: dict[str, dict[Any, int]] = {}
    for name in (*SEVERAL, "district_ref", "source", "has_place"):
        tally: dict[Any, int] = {}
        for values, number in combinations:
            if _fits(wanted, values, but=name):
                tally[values[name]] = tally.get(values[name], 0) + number
        found[name] = tally
    return found


@office.get("/spaces", Permission.SPACE_READ)
def spaces() -> str:
    """The table."""
    asked = read(request.args)
    found = answer(asked)
    return render_template(
        "office/spaces/table.html", found=found, asked=asked, heads=_HEADS, sorts=SORTS,
        statuses=[(status.value, labels.term(SpaceStatus, status.value)) for status in SpaceStatus],
        status_counts={status.value: tallies.now().of_status(status) for status in SpaceStatus},
        choices=_choices(found), query=urlencode(asked.pairs()), files=files(asked), size=area_of,
        with_status=lambda wanted, these: replace(wanted, status=these), toggled=_toggled,
        active=_active(asked), public_ownership=PUBLIC_OWNERSHIP,
        page_address=lambda number: asked.address(page=number), moves=verbs.buttons(SPACE_LIFECYCLE),
    )  # fmt: skip


def _active(asked: Asked) -> list[tuple[str, str]]:
    """The filters that are on beyond the status: what each keeps, and the address without it."""
    wanted, found = asked.wanted, []
    for name in SEVERAL[1:]:
        if values := getattr(wanted, name):
            said = ", ".join(labels.term(FIELDS[name]["of"], value) for value in values)
            without: dict[str, Any] = {name: ()}
            found.append((said, asked.address(wanted=replace(wanted, **without), page=1)))
    if wanted.district_ref:
        said = names.district(wanted.district_ref) or wanted.district_ref
        found.append((said, asked.address(wanted=replace(wanted, district_ref=None), page=1)))
    if wanted.source:
        found.append((wanted.source, asked.address(wanted=replace(wanted, source=None), page=1)))
    if wanted.has_place is not None:
        said = gettext("On the map") if wanted.has_place else gettext("Without a place")
        found.append((said, asked.address(wanted=replace(wanted, has_place=None), page=1)))
    if asked.done:
        found.append((gettext("Just those"), asked.address(wanted=replace(wanted, refs=()), done="", page=1)))
    if wanted.text:
        found.append((f"“{wanted.text}”", asked.address(wanted=replace(wanted, text=None), page=1)))
    return found


def _toggled(these: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(each for each in these if each != value) if value in these else (*these, value)


def files(asked: Asked) -> list[tuple[str, str]]:
    """The table as a file: what can be had, each with its address; what people read comes first."""
    words = {"xlsx": gettext("Excel to read"), "csv": gettext("CSV to read")}
    ways = [
        *((said, name, [("for", "people")]) for name, said in words.items()),
        *((name.upper(), name, []) for name in FILE_FORMATS),
    ]
    return [
        (said, f"{url_for('office.spaces_file', suffix=name)}?{urlencode([*asked.pairs(), *more])}".rstrip("?"))
        for said, name, more in ways
    ]


def _choices(found: Found) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The filters below the chips: name, words, choices with their counts, the one that is chosen."""
    wanted, everything = found.asked.wanted, gettext("All")

    def with_counts(axis: str, pairs: list[tuple[Any, str]]) -> list[tuple[str, str]]:
        tally = None if found.counts is None else found.counts[axis]
        said = [
            (str(value), word if tally is None else f"{word} ({names.figure(tally.get(value, 0))})")
            for value, word in pairs
        ]
        return [("", everything), *said]

    selects = [
        (
            name,
            labels.label(name),
            with_counts(
                name, [(each.value, labels.term(FIELDS[name]["of"], each.value)) for each in FIELDS[name]["of"]]
            ),
            (getattr(wanted, name) or ("",))[0],
        )
        for name in SEVERAL[1:]
    ]
    districts = with_counts("district_ref", list(names.district_names().items()))
    sources = with_counts("source", [(source, source) for source in found.sources])
    tally = None if found.counts is None else found.counts["has_place"]
    places = [("yes", gettext("On the map")), ("no", gettext("Without a place"))]
    if tally is not None:
        places = [(value, f"{word} ({names.figure(tally.get(value == 'yes', 0))})") for value, word in places]
    chosen = {True: "yes", False: "no", None: ""}[wanted.has_place]
    return [
        *selects,
        ("district", labels.label("district_ref"), districts, wanted.district_ref or ""),
        ("source", labels.label("source"), sources, wanted.source or ""),
        ("place", labels.label("geometry"), [("", everything), *places], chosen),
    ]
