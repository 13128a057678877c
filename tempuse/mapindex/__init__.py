"""Published spaces as NumPy columns in Z-order: what is in this view, under these filters, how many of each.

A million spaces answer in milliseconds because neighbours on the ground are neighbours in memory, because
the chips' facts are folded into one small number a space (``facets``), and because clusters are runs of
equal key prefixes (``clusters``). The index holds only what the public may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.facts import LAYOUT, More, unpack
from tempuse.geometry import SEQUENCE_BITS, Box, mercator
from tempuse.mapindex.clusters import Cluster, cell_shift, coarse_enough, key_ranges, merge, nodes_of
from tempuse.mapindex.facets import PATTERNS, count, fitting, fold
from tempuse.mapindex.filters import USES, Columns, Filter, narrowing
from tempuse.mapindex.order import page, window
from tempuse.mapindex.texts import Texts
from tempuse.offers import Offers, offers_of
from tempuse.publication.rows import Queryable
from tempuse.publication.spaces import COLLECTION as SPACES
from tempuse.refs import number_of, ref_of
from tempuse.spaces import outlook
from tempuse.vocabulary import Occupancy, SpaceStatus

__all__ = ["ROW", "Cluster", "Filter", "MapIndex", "View", "empty_index"]

# The published columns that a row of the index is made of, in this order.
ROW = ("key", "ref", "lon", "lat", *(each.name for each in SPACES.queryables))

# How a queryable of each kind is held: a choice by its place in the list, a ref by its number; texts are held apart.
_HELD: dict[str, Any] = {
    "choice": np.uint8, "bits": np.uint32, "ref": np.int32, "number": np.float32, "day": np.int32, "facts": LAYOUT,
}  # fmt: skip
# The index's own columns. number: the digits of the ref; x, y: Web Mercator.
_TYPES: dict[str, Any] = {
    "key": np.int64, "number": np.int32, "lon": np.float64, "lat": np.float64, "x": np.float64, "y": np.float64,
    **{each.name: _HELD[each.kind] for each in SPACES.queryables if each.kind != "text"},
}  # fmt: skip
# A day that is not known is as early, or as late, as can be.
_EARLY, _LATE = -(2**31), 2**31 - 1
# By status and occupancy, as long as it is offered: 0 not available, 1 free, 2 in temporary use.
_CODE_OF = {"shut": 0, "free": 1, "used": 2}
_OFFERED = np.array(
    [[_CODE_OF[outlook(status, each, None, date.min)] for each in Occupancy] for status in SpaceStatus], np.uint8
)

# As the form for requests takes them: those in temporary use as well, which are free again some day.
_MAY_BE_ASKED = np.array([
    [status == SpaceStatus.OFFERED and each != Occupancy.OCCUPIED for each in Occupancy] for status in SpaceStatus
])  # fmt: skip

Rows = NDArray[np.int64]
# So many searches are kept at once.
MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class View:
    """The spaces of a box under a filter: their rows in order of key, and what each chip would give."""

    rows: Rows
    counts: dict[str, dict[str, int]]


class MapIndex:
    """The columns, never changed once made: readers see no half of a change. ``seq`` is the change they show.

    132 bytes a space, its words, and what follows from them for the day: 3 bytes each, and 123 for each that may be
    asked for as soon as ``offers`` is read (a sixth of a second a million); what few have comes on top.
    """

    def __init__(
        self, columns: dict[str, Any], today: date, seq: int, more: Mapping[int, More] | None = None,
        texts: Texts | None = None,
    ) -> None:  # fmt: skip
        self.columns = columns
        self._more = more or {}  # by number
        self._texts = texts or Texts()
        self._found: dict[str, NDArray[np.bool_]] = {}
        self.seq = seq
        self.today = today
        self.key: NDArray[np.int64] = columns["key"]
        self.number: NDArray[np.int32] = columns["number"]
        self.lon: NDArray[np.float64] = columns["lon"]
        self.lat: NDArray[np.float64] = columns["lat"]
        self.x: NDArray[np.float64] = columns["x"]
        self.y: NDArray[np.float64] = columns["y"]
        offered, until = _OFFERED[columns["status"], columns["occupancy"]], columns["free_until"]
        free = (offered == 1) & (until >= today.toordinal())
        self.outlook: NDArray[np.uint8] = np.where(offered == 2, 1, np.where(free, 0, 2)).astype(np.uint8)
        # Rows without a place have the smallest keys.
        self._placed_from = int(np.searchsorted(self.key, 1 << SEQUENCE_BITS))
        self.pattern = fold(
            columns["kind"], self.outlook, columns["facilities"], columns["area_m2"], columns["free_from"], today
        )

    def __len__(self) -> int:
        return len(self.key)

    def on(self, today: date) -> MapIndex:
        """The index as of another day."""
        return self if today == self.today else MapIndex(self.columns, today, self.seq, self._more, self._texts)

    def changed(self, batches: Iterable[Sequence[Sequence[Any]]], gone: Sequence[str], seq: int) -> MapIndex:
        """The index after some rows were added or changed and some went.

        Args:
            batches: rows as ROW says.
            gone: refs that the public no longer sees.
            seq: the number of the last change that is in.
        """
        fresh, found, words = [], dict[int, More](), []
        for batch in batches:
            fresh.append(_columns(batch))
            found.update(fresh[-1].pop("more"))
            words.append((fresh[-1]["number"], fresh[-1].pop("words")))
        leaving = np.concatenate(
            [np.array([_number(ref) for ref in gone], np.int32), *(part["number"] for part in fresh)]
        )
        stay = np.isin(self.number, leaving, invert=True)
        merged = {name: np.concatenate([self.columns[name][stay], *(part[name] for part in fresh)]) for name in _TYPES}
        order = np.argsort(merged["key"], kind="stable")
        left = set(leaving.tolist()) if self._more else set()
        more = {number: each for number, each in self._more.items() if number not in left} | found
        columns = {name: column[order] for name, column in merged.items()}
        return MapIndex(columns, self.today, seq, more, self._texts.changed(words))

    @cached_property
    def offer_rows(self) -> Rows:
        """The rows of the spaces that may be asked for today: offered, not occupied for good, and not over."""
        return np.flatnonzero(
            _MAY_BE_ASKED[self.columns["status"], self.columns["occupancy"]]
            & (self.columns["free_until"] >= self.today.toordinal())
        )

    @cached_property
    def offers(self) -> Offers:
        """What they offer, in the order of ``offer_rows``."""
        rows = self.offer_rows
        number = self.number[rows]
        places = np.flatnonzero(np.isin(number, list(self._more))) if self._more else ()
        more = {int(place): self._more[int(number[place])] for place in places}
        return offers_of(self.columns, rows, self.today, more)

    def refs(self, rows: Rows) -> list[str]:
        """The refs of rows of the index."""
        return [ref_of(SPACES.noun, number) for number in self.number[rows].tolist()]

    def row_of(self, ref: str) -> int:
        """Where a space stands in the index, -1 when it is not there."""
        found = np.flatnonzero(self.number == _number(ref))
        return int(found[0]) if len(found) else -1

    def rows_in(self, box: Box | None) -> Rows | slice:
        """Rows whose place lies in a box; every row, with or without a place, when there is no box."""
        if box is None:
            return slice(None)
        (x0, x1), (y1, y0) = mercator(np.array([box.west, box.east]), np.array([box.south, box.north]))
        ranges = np.searchsorted(self.key, key_ranges(x0, y0, x1, y1))
        if int((ranges[:, 1] - ranges[:, 0]).sum()) > len(self) // 3:
            return np.flatnonzero((self.x >= x0) & (self.x <= x1) & (self.y >= y0) & (self.y <= y1))
        rows = np.concatenate([np.arange(start, end) for start, end in ranges.tolist()]).astype(np.int64)
        x, y = self.x[rows], self.y[rows]
        return np.asarray(rows[(x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)])

    def view(self, box: Box | None, wanted: Filter) -> View:
        """The rows of a box that a filter keeps, and how many each chip would give."""
        rows = self._narrowed(self.rows_in(box), wanted)
        pattern = self.pattern[rows]
        counts = count(np.bincount(pattern, minlength=PATTERNS), wanted)
        fits = fitting(wanted)
        if isinstance(rows, slice):
            return View(np.arange(len(self)) if fits is None else np.flatnonzero(fits[pattern]), counts)
        return View(rows if fits is None else rows[fits[pattern]], counts)

    def without_place(self, wanted: Filter) -> Rows:
        """The rows without a place that a filter keeps; no box holds them."""
        every = np.arange(self._placed_from)
        rows = every[self._narrowed(every, wanted)]
        fits = fitting(wanted)
        return rows if fits is None else rows[fits[self.pattern[rows]]]

    def _narrowed(self, rows: Rows | slice, wanted: Filter) -> Rows | slice:
        """The rows that fit what is not folded into the pattern: uses, rare facilities, district, any date."""
        masks = narrowing(Columns(self.columns, self.outlook, rows, self._holding), wanted)
        if not masks:
            return rows
        keep = np.flatnonzero(np.logical_and.reduce(masks))
        return keep if isinstance(rows, slice) else rows[keep]

    def use_counts(self, rows: Rows) -> dict[str, int]:
        """How many of these rows suit each use."""
        uses = self.columns["uses"][rows]
        return {use: int(np.count_nonzero(uses & bit)) for use, bit in USES.items()}

    def _holding(self, asked: str) -> NDArray[np.bool_]:
        """Which rows hold the words that somebody asks for; kept, for a page asks several times."""
        if asked not in self._found:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            self._found[asked] = np.isin(self.number, self._texts.holding(asked))
        return self._found[asked]

    def within(self, ref: str) -> Rows:
        """The rows of the spaces that lie within another, as far as everybody may know."""
        return np.flatnonzero(self.columns["within_ref"] == _number(ref))

    def page(self, rows: Rows, order: str, here: tuple[float, float], count: int, offset: int = 0) -> Rows:
        """One page of the rows in one of ORDERS; ``here`` is the lon and lat that is near."""
        return page(self, rows, order, here, count, offset)

    def clusters(self, rows: Rows, zoom: int) -> list[Cluster]:
        """What to draw of these rows at a zoom: lone markers, and clusters that do not overlap them.

        More than a screen can hold is drawn as at a coarser zoom, so there are never more than ``MOST_NODES``.
        """
        placed = rows[np.searchsorted(rows, self._placed_from) :]
        if not len(placed):
            return []
        at = window(placed)
        zoom = coarse_enough(self.key[at], zoom)
        nodes = nodes_of(self.key[at] >> cell_shift(zoom), self.x[at], self.y[at], self.outlook[at], placed)
        return merge(nodes, 256.0 * 2**zoom)


def empty_index(today: date) -> MapIndex:
    """An index that has seen nothing yet."""
    return MapIndex({name: np.zeros(0, kind) for name, kind in _TYPES.items()}, today, -1)


def _number(ref: str) -> int:
    """The number within a ref, -1 for what is none or too long to be one."""
    number = number_of(ref, -1)
    return number if number <= _LATE else -1


def _columns(batch: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Rows as they come from the store as columns; and ``more``, by number what few have."""
    held: dict[str, Any] = dict(zip(ROW, zip(*batch, strict=True), strict=True))
    lon, lat = np.array(held["lon"], float), np.array(held["lat"], float)
    x, y = mercator(lon, lat)
    numbers = [_number(each) for each in held["ref"]]
    facts, more = unpack(held["facts"])
    values: dict[str, Any] = {
        "key": held["key"], "lon": lon, "lat": lat, "x": x, "y": y, "number": numbers,
        **{each.name: _as_held(each, held[each.name]) for each in SPACES.queryables}, "facts": facts,
    }  # fmt: skip
    columns = {name: np.asarray(values[name], kind) for name, kind in _TYPES.items()}
    return {**columns, "more": {numbers[row]: each for row, each in more.items()}, "words": held["words"]}


def _as_held(queryable: Queryable, values: Sequence[Any]) -> Any:
    """The values of a queryable as the index holds them."""
    match queryable.kind:
        case "choice":
            codes = {value: code for code, value in enumerate(queryable.of or ())}
            return [codes[value] for value in values]
        case "ref":
            return [-1 if value is None else _number(value) for value in values]
        case "number":
            return np.array(values, float)
        case "day":
            unknown = _LATE if queryable.late else _EARLY
            return [unknown if value is None else value for value in values]
        case _:
            return values
