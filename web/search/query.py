"""A seeker's question in the address: filter, box and page; read from a request and written back into links."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import orjson

from tempuse.geometry import Box
from tempuse.mapindex import Filter
from tempuse.mapindex.facets import FACILITY_BIT, KINDS, MONTHS, OUTLOOKS, SIZES_M2, USE_BIT
from tempuse.store import published
from web import database
from web.site import arguments

MAX_PAGE = 100_000
# Where nobody says how near the map is.
ZOOM = 13
SIZE_CHOICES = tuple(str(i) for i in range(len(SIZES_M2) + 1))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the filter, the box of the map, its zoom, the page of the list, the chosen space."""

    wanted: Filter = Filter()
    box: Box | None = None
    zoom: int = ZOOM
    page: int = 1
    chosen: str = ""
    centre: tuple[float, float] | None = None

    def here(self) -> tuple[float, float] | None:
        """The lon and lat that "nearest first" counts from."""
        if self.box is None:
            return self.centre
        return (self.box.west + self.box.east) / 2, (self.box.south + self.box.north) / 2

    @property
    def viewport(self) -> str:
        """Where the map looks, as the address writes it: zoom/lat/lon; empty when nobody said."""
        if self.centre is None:
            return ""
        return f"{self.zoom}/{self.centre[1]:.5f}/{self.centre[0]:.5f}"

    @property
    def box_text(self) -> str:
        """The box as the address writes it, empty when there is none."""
        return "" if self.box is None else ",".join(f"{part:.6f}" for part in self.box)

    def address(self, wanted: Filter | None = None, **more: str) -> str:
        """The query of this question, or of another filter in the same place, and more."""
        held = {"map": self.viewport, "chosen": self.chosen, **more}
        return address(self.wanted if wanted is None else wanted, **held)


def read(args: arguments.Args) -> Question:
    """The question in an address. What makes no sense asks nothing: a shared link never breaks."""

    viewport = arguments.viewport(args)
    wanted = Filter(
        kinds=frozenset(arguments.several(args, "kind", KINDS)),
        outlooks=frozenset(arguments.several(args, "outlook", OUTLOOKS)),
        facilities=frozenset(arguments.several(args, "has", FACILITY_BIT)),
        uses=frozenset(arguments.several(args, "use", USE_BIT)),
        sizes=frozenset(int(size) for size in arguments.several(args, "size", SIZE_CHOICES)),
        free_within=_free_within(arguments.text(args, "free")),
        free_by=arguments.day(arguments.text(args, "from")),
        district=_ref(arguments.text(args, "district")),
    )
    return Question(
        wanted,
        arguments.box(args),
        arguments.zoom(args, viewport[0] if viewport else ZOOM),
        arguments.whole(args, "page", 1, MAX_PAGE, 1),
        _ref(arguments.text(args, "chosen")) or "",
        viewport[1] if viewport else None,
    )


def _free_within(text: str) -> int | None:
    months = {"now": 0, **{str(month): i for i, month in enumerate(MONTHS) if month}}
    return months.get(text)


def _ref(text: str) -> str | None:
    return text if is_ref(text) else None


def is_ref(text: str) -> bool:
    """Whether a text could be the ref of something."""
    return re.fullmatch(r"[A-Z]{2}-[0-9]{1,12}", text) is not None


def pairs(wanted: Filter) -> list[tuple[str, str]]:
    """A filter as the pairs of an address, always in the same order."""
    free = (
        None if wanted.free_within is None else ("now" if not wanted.free_within else str(MONTHS[wanted.free_within]))
    )
    return [
        *(("kind", kind) for kind in KINDS if kind in wanted.kinds),
        *(("outlook", each) for each in OUTLOOKS if each in wanted.outlooks),
        *(("use", use) for use in USE_BIT if use in wanted.uses),
        *(("size", str(size)) for size in sorted(wanted.sizes)),
        *(("has", name) for name in FACILITY_BIT if name in wanted.facilities),
        *([("free", free)] if free else []),
        *([("from", wanted.free_by.isoformat())] if wanted.free_by else []),
        *([("district", wanted.district)] if wanted.district else []),
    ]


def address(wanted: Filter, **more: str) -> str:
    """The query of an address that asks this, with its question mark; empty when it asks nothing."""
    text = urlencode([*pairs(wanted), *((name, value) for name, value in more.items() if value)], safe=",/")
    return f"?{text}" if text else ""


def toggled(wanted: Filter, group: str, value: str) -> Filter:
    """The filter after a chip was pressed; a press that makes no sense changes nothing."""
    if group == "free":
        within = _free_within(value)
        return replace(wanted, free_within=None if wanted.free_within == within else within)
    if group in ("from", "district"):
        return replace(wanted, **{_PARTS[group][0]: None})
    name, allowed = _PARTS.get(group, ("", ()))
    if value not in allowed:
        return wanted
    item: str | int = int(value) if group == "size" else value
    return replace(wanted, **{name: getattr(wanted, name) ^ {item}})


_PARTS: dict[str, tuple[str, Collection[str]]] = {
    "kind": ("kinds", KINDS),
    "outlook": ("outlooks", OUTLOOKS),
    "has": ("facilities", FACILITY_BIT),
    "use": ("uses", USE_BIT),
    "size": ("sizes", SIZE_CHOICES),
    "from": ("free_by", ()),
    "district": ("district", ()),
}


def district_name(ref: str) -> str:
    """The name of a district, its ref where it has none or is not known."""
    text = published.feature(database.connection(), "areas", ref)
    return str((orjson.loads(text)["properties"].get("name") if text else None) or ref)
