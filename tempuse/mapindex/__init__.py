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
from tempuse.geometry import SEQUENCE_BITS, Box, distance_m, mercator
from tempuse.mapindex.clusters import Cluster, cell_shift, coarse_enough, key_ranges, merge, nodes_of
from tempuse.mapindex.facets import PATTERNS, count, fitting, fold
from tempuse.mapindex.filters import USES, Columns, Filter, narrowing
from tempuse.offers import Offers, offers_of
from tempuse.publication.rows import Queryable
from tempuse.publication.spaces import COLLECTION as SPACES
from tempuse.refs import number_of, ref_of
from tempuse.spaces import outlook
from tempuse.vocabulary import Occupancy, SpaceStatus

__all__ = ["ROW", "Cluster", "Filter", "MapIndex", "View", "empty_index"]

# The published columns that a row of the index is made of, in this order.
ROW = ("key", "ref", "lon", "lat", *(each.name for each in SPACES.queryables))

# How a queryable of each kind is held: a choice by its place in the list, a ref by its number.
_HELD: dict[str, Any] = {
    "choice": np.uint8, "bits": np.uint32, "ref": np.int32, "number": np.float32, "day": np.int32, "facts": LAYOUT,
}  # fmt: skip
# The index's own columns. number: the digits of the ref; x, y: Web Mercator.
_TYPES: dict[str, Any] = {
    "key": np.int64, "number": np.int32, "lon": np.float64, "lat": np.float64, "x": np.float64, "y": np.float64,
    **{each.name: _HELD[each.kind] for each in SPACES.queryables},
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


@dataclass(frozen=True, slots=True)
class View:
    """The spaces of a box under a filter: their rows in order of key, and what each chip would give."""

    rows: Rows
    counts: dict[str, dict[str, int]]


class MapIndex:
    """The columns, never changed once made: readers see no half of a change. ``seq`` is the change they show.

    128 bytes a space, and what follows from them for the day: 3 bytes each, and 133 for each that may be asked for as
    soon as ``offers`` is read (a third of a second a million); what few have comes on top.
    """

    def __init__(self, columns: dict[str, Any], today: date, seq: int, more: Mapping[int, More] | None = None) -> None:
        self.columns = columns
        self._more = more or {}  # by number
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
        return self if today == self.today else MapIndex(self.columns, today, self.seq, self._more)

    def changed(self, batches: Iterable[Sequence[Sequence[Any]]], gone: Sequence[str], seq: int) -> MapIndex:
        """The index after some rows were added or changed and some went.

        Args:
            batches: rows as ROW says.
            gone: refs that the public no longer sees.
            seq: the number of the last change that is in.
        """
        fresh, found = [], dict[int, More]()
        for batch in batches:
            fresh.append(_columns(batch))
            found.update(fresh[-1].pop("more"))
        leaving = np.concatenate(
            [np.array([_number(ref) for ref in gone], np.int32), *(part["number"] for part in fresh)]
        )
        stay = np.isin(self.number, leaving, invert=True)
        merged = {name: np.concatenate([self.columns[name][stay], *(part[name] for part in fresh)]) for name in _TYPES}
        order = np.argsort(merged["key"], kind="stable")
        left = set(leaving.tolist()) if self._more else set()
        more = {number: each for number, each in self._more.items() if number not in left} | found
        return MapIndex({name: column[order] for name, column in merged.items()}, self.today, seq, more)

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
        masks = narrowing(Columns(self.columns, self.outlook, rows), wanted)
        if not masks:
            return rows
        keep = np.flatnonzero(np.logical_and.reduce(masks))
        return keep if isinstance(rows, slice) else rows[keep]

    def use_counts(self, rows: Rows) -> dict[str, int]:
        """How many of these rows suit each use."""
        uses = self.columns["uses"][rows]
        return {use: int(np.count_nonzero(uses & bit)) for use, bit in USES.items()}

    def nearest(self, rows: Rows, here: tuple[float, float], count: int, offset: int = 0) -> Rows:
        """One page of the rows, nearest to a lon and lat first; those without a place come last."""
        most = min(offset + count, len(rows))
        near = rows if len(rows) <= 4 * most else self._nearer(rows, here, most)
        far = distance_m(self.lon[near], self.lat[near], here)
        far[np.isnan(far)] = np.inf
        order = np.lexsort((self.number[near], far))
        return np.asarray(near[order[offset:most]])

    def soonest(self, rows: Rows, count: int, offset: int = 0) -> Rows:
        """One page of the rows: free ones first, the soonest before the later, then those in use, then the rest."""
        most = min(offset + count, len(rows))
        begins = np.maximum(self.columns["free_from"][rows], self.today.toordinal()).astype(np.int64)
        rank = (self.outlook[rows].astype(np.int64) << 32) | begins
        if most < len(rows):
            bound = np.partition(rank, most)[most]
            rows, rank = rows[rank <= bound], rank[rank <= bound]
        return np.asarray(rows[np.lexsort((self.number[rows], rank))[offset:most]])

    def _nearer(self, rows: Rows, here: tuple[float, float], most: int) -> Rows:
        """At least ``most`` of the rows, none of them farther on the map than one left out."""
        x, y = (float(part[0]) for part in mercator(np.array([here[0]]), np.array([here[1]])))
        window = _window(rows)
        far = (self.x[window] - x) ** 2 + (self.y[window] - y) ** 2
        far[np.isnan(far)] = np.inf
        step = max(len(rows) // 16_384, 1)
        sample = np.sort(far[::step])
        bound = sample[min(2 * most // step + 8, len(sample) - 1)]
        close = np.flatnonzero(far <= bound)
        return rows[close] if len(close) >= most else rows[np.argpartition(far, most - 1)[:most]]

    def clusters(self, rows: Rows, zoom: int) -> list[Cluster]:
        """What to draw of these rows at a zoom: lone markers, and clusters that do not overlap them.

        More than a screen can hold is drawn as at a coarser zoom, so there are never more than ``MOST_NODES``.
        """
        placed = rows[np.searchsorted(rows, self._placed_from) :]
        if not len(placed):
            return []
        at = _window(placed)
        zoom = coarse_enough(self.key[at], zoom)
        nodes = nodes_of(self.key[at] >> cell_shift(zoom), self.x[at], self.y[at], self.outlook[at], placed)
        return merge(nodes, 256.0 * 2**zoom)


def _window(rows: Rows) -> Rows | slice:
    """Rows in order without a gap as a slice, which NumPy reads without copying."""
    whole = len(rows) > 0 and int(rows[-1]) - int(rows[0]) + 1 == len(rows)
    return slice(int(rows[0]), int(rows[-1]) + 1) if whole else rows


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
    return {**columns, "more": {numbers[row]: each for row, each in more.items()}}


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
