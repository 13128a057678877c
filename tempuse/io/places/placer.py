"""Coordinates are never believed: each is tried against where it must lie, mended where one reading fits, and said so.

The errors are those that registers really have: latitude and longitude swapped, eastings and northings
swapped, metres without a CRS, a column that says ETRS89 over British grid metres, lost minus signs, 0/0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import shapely

from tempuse import geometry
from tempuse.geometry import LON_LAT, Floats
from tempuse.io.places.extents import Extent

WEB_MERCATOR = "EPSG:3857"
_SAME_M = 1000.0  # two readings nearer than this are one place
_USUAL_SHARE = 0.5


class Reading(NamedTuple):
    """One way to understand a pair of numbers."""

    crs: str
    swapped: bool = False
    flip_x: bool = False
    flip_y: bool = False

    def lonlat(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The pair read like this, as lon and lat; what makes no sense is infinite or out of range."""
        first, second = (y, x) if self.swapped else (x, y)
        first, second = (-first if self.flip_x else first), (-second if self.flip_y else second)
        return geometry.project_xy(first, second, self.crs)

    def shape(self, shape: Any) -> Any:
        """A whole geometry read like this."""

        def move(xy: Floats) -> Floats:
            return np.column_stack(self.lonlat(xy[:, 0], xy[:, 1]))

        return shapely.transform(shape, move)


@dataclass(slots=True)
class Placed:
    """What became of a batch: lon and lat (NaN where no place could be made) and the reading of each row.

    ``notes`` has a message id, what was done, and their values for every row that was not read as declared.
    """

    lon: Floats
    lat: Floats
    readings: list[Reading | None]
    notes: list[tuple[str, str, dict[str, Any]] | None]


@dataclass(slots=True)
class Placer:
    """Reads pairs of numbers of one file.

    Attributes:
        extent: where places must lie; None when nobody told.
        declared: the CRS that the file, a column or the planner declares, None when nobody does.
        extra: further systems worth trying (the city's own).
        usual: how most of the file is read, None where nothing was learnt.
        is_ambiguous: what was learnt is that it could be read in several ways.
    """

    extent: Extent | None
    declared: str | None = None
    extra: Sequence[str] = ()
    usual: Reading | None = None
    is_ambiguous: bool = False
    note: tuple[str, str, dict[str, Any]] | None = None
    _candidates: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        systems = [self.declared, LON_LAT, *self.extra, *(self.extent.crs if self.extent else ()), WEB_MERCATOR]
        self._candidates = list(dict.fromkeys(crs for crs in systems if crs))

    def learn(self, x: Floats, y: Floats) -> None:
        """Find out how a file usually means its numbers, from a sample of them.

        Only needed where no CRS is declared, or where most rows do not fit the one that is.
        """
        fine = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
        x, y = x[fine], y[fine]
        if not len(x):
            return
        if self.extent is None:
            self._believe(x, y)
            return
        fits: list[tuple[float, Reading]] = []
        for crs in self._candidates:
            for swapped in (False, True):
                reading = Reading(crs, swapped)
                share = float(self.extent.holds(*reading.lonlat(x, y)).mean())
                fits.append((share, reading))
        fits.sort(key=lambda fit: -fit[0])
        best, reading = fits[0]
        as_declared = next((share for share, each in fits if each == Reading(self.declared or "")), 0.0)
        if self.declared and as_declared >= _USUAL_SHARE:
            self.usual = Reading(self.declared)
            return
        if best < _USUAL_SHARE:
            return
        # East before north is the usual order: turned round only counts where it fits clearly better.
        shares = {each: share for share, each in fits}
        if reading.swapped and shares[Reading(reading.crs)] >= best * 0.9:
            reading = Reading(reading.crs)
        straight = {each.crs for share, each in fits if not each.swapped and share >= best * 0.9}
        rivals = [
            each for share, each in fits
            if share > best * 0.5 and not (each.swapped and each.crs in straight) and self._apart(reading, each, x, y)
        ]  # fmt: skip
        if rivals:
            names = sorted({reading.crs, *(each.crs for each in rivals)})
            self.note = ("place.crs_ambiguous", "place.nothing_placed", {"crs": names})
            self.is_ambiguous = True
            return
        self.usual = reading
        if self.declared is None and (reading.crs != LON_LAT or reading.swapped):
            how = "place.read_swapped" if reading.swapped else "place.read_as"
            self.note = ("place.crs_inferred", how, {"crs": reading.crs})

    def _believe(self, x: Floats, y: Floats) -> None:
        """Without an extent: only what cannot be otherwise."""
        degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90)
        crs = self.declared or (LON_LAT if degrees.mean() > _USUAL_SHARE else None)
        if crs is None and (np.abs(y) <= 180).mean() > _USUAL_SHARE and (np.abs(x) <= 90).mean() > _USUAL_SHARE:
            crs = LON_LAT
        if crs is None:
            self.note = ("place.no_crs", "place.nothing_placed", {})
            self.is_ambiguous = True
            return
        self.usual = Reading(crs)
        self.note = ("place.unchecked", "place.taken_as_declared", {"crs": crs})

    def _apart(self, one: Reading, other: Reading, x: Floats, y: Floats) -> bool:
        lon, lat = one.lonlat(x[:50], y[:50])
        lon2, lat2 = other.lonlat(x[:50], y[:50])
        far = np.array(
            [
                geometry.distance_m(np.array([a]), np.array([b]), (c, d))[0]
                for a, b, c, d in zip(lon, lat, lon2, lat2, strict=True)
            ]
        )
        return bool(np.nanmedian(far) > _SAME_M)

    def place(self, x: Floats, y: Floats, declared: Sequence[str | None] | None = None) -> Placed:
        """Read a batch of pairs; ``declared`` is the CRS that each row itself names."""
        count = len(x)
        said = [each or self.declared for each in declared] if declared is not None else [self.declared] * count
        lon, lat = np.full(count, np.nan), np.full(count, np.nan)
        readings: list[Reading | None] = [None] * count
        notes: list[tuple[str, str, dict[str, Any]] | None] = [None] * count
        given = np.isfinite(x) & np.isfinite(y)
        zero = given & (x == 0) & (y == 0)
        for i in np.flatnonzero(zero):
            notes[i] = ("place.zero", "place.waits", {})
        left = given & ~zero
        if self.is_ambiguous and declared is None:
            for i in np.flatnonzero(left):
                notes[i] = ("place.crs_ambiguous_row", "place.waits", {})
            return Placed(lon, lat, readings, notes)
        for crs in dict.fromkeys(each for each in said if each):
            self._try(Reading(crs), left & np.array([each == crs for each in said]), x, y, lon, lat, readings, left)
        if self.usual is not None:
            before = left.copy()
            self._try(self.usual, left, x, y, lon, lat, readings, left)
            for i in np.flatnonzero(before & ~left):
                notes[i] = self._said(said[i], self.usual)
        for i in np.flatnonzero(left):
            found = self._mend(float(x[i]), float(y[i]), said[i])
            if len(found) == 1:
                readings[i], lon[i], lat[i] = found[0]
                notes[i] = self._said(said[i], found[0][0])
            else:
                message = "place.ambiguous" if found else "place.outside" if self.extent else "place.not_on_earth"
                notes[i] = (message, "place.waits", {"extent": self.extent.name if self.extent else ""})
        return Placed(lon, lat, readings, notes)

    def _try(
        self, reading: Reading, wanted: Any, x: Floats, y: Floats, lon: Floats, lat: Floats,
        readings: list[Reading | None], left: Any,
    ) -> None:  # fmt: skip
        """Read the wanted rows like this; those that land where they must are done."""
        rows = np.flatnonzero(wanted)
        if not len(rows):
            return
        east, north = reading.lonlat(x[rows], y[rows])
        fits = self._fits(east, north)
        done = rows[fits]
        lon[done], lat[done] = east[fits], north[fits]
        for i in done:
            readings[i] = reading
        left[done] = False

    def _fits(self, lon: Floats, lat: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
        if self.extent is not None:
            return self.extent.holds(lon, lat)
        return np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)

    def _mend(self, x: float, y: float, declared: str | None) -> list[tuple[Reading, float, float]]:
        """The places that another reading of this pair gives; readings of one place count once.

        The smaller the error supposed, the sooner it is believed: first the declared system swapped or
        another system as it stands, then another one swapped, then lost signs.
        """
        tried = [crs for crs in (declared, self.usual.crs if self.usual else None) if crs]
        first = list(dict.fromkeys(tried)) or [LON_LAT]
        others = [crs for crs in self._candidates if crs not in first] if self.extent is not None else []
        steps = [] if tried else [[Reading(LON_LAT)]]
        steps.append([Reading(crs, True) for crs in first] + [Reading(crs) for crs in [*first[1:], *others]])
        if self.extent is not None:
            steps.append([Reading(crs, True) for crs in others])
            signs = [Reading(crs, swapped, east, north) for crs in [*first, *others] for swapped in (False, True)
                     for east, north in ((True, False), (False, True), (True, True))]  # fmt: skip
            steps.append(signs)
        found: list[tuple[Reading, float, float]] = []
        for step in steps:
            for reading in step:
                lon, lat = reading.lonlat(np.array([x]), np.array([y]))
                if self._fits(lon, lat)[0]:
                    near = any(geometry.distance_m(lon, lat, (east, north))[0] < _SAME_M for _, east, north in found)
                    if not near:
                        found.append((reading, float(lon[0]), float(lat[0])))
            if found:
                return found
        return found

    def _said(self, declared: str | None, reading: Reading) -> tuple[str, str, dict[str, Any]] | None:
        """What was wrong with a row that was read otherwise than declared."""
        values = {"declared": declared or "", "crs": reading.crs}
        same = declared is None or declared == reading.crs or not self._differ(declared, reading.crs)
        if reading.flip_x or reading.flip_y:
            return "place.sign_lost", "place.sign_given_back", values
        if reading.swapped:
            return "place.swapped", "place.turned_round", values
        return None if same else ("place.other_crs", "place.read_as", values)

    @staticmethod
    def _differ(one: str, other: str) -> bool:
        degrees = {LON_LAT, "EPSG:4258"}
        return not {one, other} <= degrees
