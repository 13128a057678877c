"""Coordinates are never believed: each is tried against where it must lie, mended where one reading fits, and said so.

The errors are those that registers really have: latitude and longitude swapped, eastings and northings
swapped, metres without a CRS, a column that says ETRS89 over British grid metres, lost minus signs, 0/0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tempuse.geometry import LON_LAT, Floats
from tempuse.io.places.extents import Extent
from tempuse.io.places.home import Home
from tempuse.io.places.reading import Note, Reading, Trial, apart

_USUAL_SHARE = 0.5
_AS_GOOD = 0.9  # of the best share


@dataclass(slots=True)
class Placed:
    """What became of a batch: lon and lat (NaN where no place could be made) and the reading of each row.

    ``notes`` has a message id, what was done, and their values for every row that was not read as declared.
    """

    lon: Floats
    lat: Floats
    readings: list[Reading | None]
    notes: list[Note | None]


@dataclass(slots=True)
class Placer:
    """Reads pairs of numbers of one file.

    Attributes:
        extent: where places must lie; None when nobody told.
        declared: the CRS that the file, a column or the planner declares, None when nobody does.
        extra: further systems worth trying (the city's own).
        witness: where the register's own spaces lie; None where it has too few.
        home: where the list lies, once that is known.
        usual: how most of the file is read, None where nothing was learnt.
        is_ambiguous: what was learnt is that it could be read in several ways.
        is_order_open: nobody knows which of its two columns is east.
        turned: systems in which the whole list has its two columns turned round, though both orders fit the extent.
    """

    extent: Extent | None
    declared: str | None = None
    extra: Sequence[str] = ()
    witness: Home | None = None
    home: Home | None = None
    usual: Reading | None = None
    is_ambiguous: bool = False
    is_order_open: bool = False
    turned: set[str] = field(default_factory=set)
    note: Note | None = None
    _trial: Trial = field(init=False)

    def __post_init__(self) -> None:
        self._trial = Trial(self.extent, [*([self.declared] if self.declared else []), *self.extra])

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
        fits = self._trial.shares(x, y)
        best = max(fits.values(), default=0.0)
        if self.declared and fits[Reading(self.declared)] >= _USUAL_SHARE:
            self.learn_turned(self.declared, x, y)
            self.usual = Reading(self.declared, self.declared in self.turned)
            return
        at_home = self._at_home(fits, x, y)
        if best < _USUAL_SHARE:
            return
        found = at_home if len(at_home) == 1 else self._likely(fits, best, x, y)
        rivals = [each for each in found[1:] if apart(found[0], each, x, y)]
        if rivals:
            names = sorted({found[0].crs, *(each.crs for each in rivals)})
            self.note = ("place.crs_ambiguous", "place.nothing_placed", {"crs": names})
            self.is_ambiguous = True
            return
        if self._fits_turned(found[0], fits, x, y) and len(at_home) != 1:
            self.note = ("place.order_open", "place.nothing_placed", {"crs": found[0].crs})
            self.is_ambiguous = True
            return
        reading = self.usual = found[0]
        if reading.swapped or (self.declared is None and reading.crs != LON_LAT):
            how = "place.read_swapped" if reading.swapped else "place.read_as"
            self.note = ("place.crs_inferred" if self.declared is None else "place.swapped", how, {"crs": reading.crs})

    def _fits_turned(self, found: Reading, fits: dict[Reading, float], x: Floats, y: Floats) -> bool:
        """Whether the other order of two columns, of which nobody knows which is east, is as good as this one."""
        if not self.is_order_open or found.crs == LON_LAT:
            return False
        turned = Reading(found.crs, not found.swapped)
        land = self._trial.on_land(turned, x, y) >= _AS_GOOD * self._trial.on_land(found, x, y)
        return fits.get(turned, 0.0) >= _AS_GOOD * fits[found] and land and apart(found, turned, x, y)

    def learn_turned(self, crs: str, x: Floats, y: Floats) -> None:
        """Find out whether all rows that declare a system are turned round: then that brings them on land, or home."""
        straight, swapped = Reading(crs), Reading(crs, True)
        fits = self._trial.shares(x, y, (straight, swapped))
        if fits[swapped] < max(_AS_GOOD * fits[straight], _USUAL_SHARE) or not apart(straight, swapped, x, y):
            return
        at_home = self._at_home(fits, x, y)
        at_sea = self._trial.on_land(straight, x, y) < _USUAL_SHARE * self._trial.on_land(swapped, x, y)
        if at_home == [swapped] or (at_sea and straight not in at_home):
            self.turned.add(crs)
            self.note = ("place.swapped", "place.read_swapped", {"crs": crs})

    def _likely(self, fits: dict[Reading, float], best: float, x: Floats, y: Floats) -> list[Reading]:
        """The readings that remain, the best first: east before north is the usual order, and a place is on land."""
        good = sorted((each for each, share in fits.items() if share > best * 0.5), key=lambda each: -fits[each])
        straight = [each for each in good if not each.swapped and fits[each] >= best * _AS_GOOD]
        on_land = {each: self._trial.on_land(each, x, y) for each in good}
        most = max(on_land.values())
        if straight and max(on_land[each] for each in straight) < _USUAL_SHARE <= most:
            straight = []  # turned round, what would lie at sea lies on land
        kept = [each for each in good if (not straight or not each.swapped) and on_land[each] >= most * 0.5]
        return kept or good[:1]

    def _at_home(self, fits: dict[Reading, float], x: Floats, y: Floats) -> list[Reading]:
        """The readings that bring most of the list to where the register's own spaces are."""
        if self.witness is None:
            return []
        there = []
        for reading, share in fits.items():
            if share >= _USUAL_SHARE and self.witness.holds(*reading.lonlat(x[:200], y[:200])).mean() >= _USUAL_SHARE:
                there.append(reading)
        return [each for i, each in enumerate(there) if not any(not apart(each, other, x, y) for other in there[:i])]

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

    def place(self, x: Floats, y: Floats, declared: Sequence[str | None] | None = None) -> Placed:
        """Read a batch of pairs; ``declared`` is the CRS that each row itself names."""
        count = len(x)
        said = [each or self.declared for each in declared] if declared is not None else [self.declared] * count
        lon, lat = np.full(count, np.nan), np.full(count, np.nan)
        readings: list[Reading | None] = [None] * count
        notes: list[Note | None] = [None] * count
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
            wanted = left & np.array([each == crs for each in said])
            self._try(Reading(crs, crs in self.turned), wanted, x, y, lon, lat, readings, left)
        if self.usual is not None:
            self._try(self.usual, left, x, y, lon, lat, readings, left)
        for i in np.flatnonzero(left):
            found = self._mend(float(x[i]), float(y[i]), said[i])
            if len(found) == 1:
                readings[i], lon[i], lat[i] = found[0]
            else:
                message = "place.ambiguous" if found else "place.outside" if self.extent else "place.not_on_earth"
                notes[i] = (message, "place.waits", {"extent": self.extent.name if self.extent else ""})
        for row, reading in enumerate(readings):
            if reading is not None and (reading.crs != said[row] or reading.is_mended):
                notes[row] = self._said(said[row], reading)
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
        fits = self._trial.holds(east, north)
        done = rows[fits]
        lon[done], lat[done] = east[fits], north[fits]
        for i in done:
            readings[i] = reading
        left[done] = False

    def _mend(self, x: float, y: float, declared: str | None) -> list[tuple[Reading, float, float]]:
        """The places that another reading of this pair gives; readings of one place count once.

        The smaller the error supposed, the sooner it is believed: first the declared system swapped or
        another system as it stands, then another one swapped, then lost signs. Of several places the one
        that lies where the list lies is meant.
        """
        tried = [crs for crs in (declared, self.usual.crs if self.usual else None) if crs]
        first = list(dict.fromkeys(tried)) or [LON_LAT]
        others = [crs for crs in self._trial.candidates if crs not in first] if self.extent is not None else []
        steps = [] if tried else [[Reading(LON_LAT)]]
        steps.append([Reading(crs, True) for crs in first] + [Reading(crs) for crs in [*first[1:], *others]])
        if self.extent is not None:
            steps.append([Reading(crs, True) for crs in others])
            signs = [Reading(crs, swapped, east, north) for crs in [*first, *others] for swapped in (False, True)
                     for east, north in ((True, False), (False, True), (True, True))]  # fmt: skip
            steps.append(signs)
        for step in steps:
            if found := self._trial.places(step, x, y):
                near = [each for each in found if self._is_near(each[1], each[2])] if len(found) > 1 else []
                return near if len(near) == 1 else found
        return []

    def _is_near(self, lon: float, lat: float) -> bool:
        home = self.home or self.witness
        return home is not None and bool(home.holds(np.array([lon]), np.array([lat]))[0])

    def _said(self, declared: str | None, reading: Reading) -> Note | None:
        """What was wrong with a row that was read otherwise than declared."""
        values = {"declared": declared or "", "crs": reading.crs}
        same = declared is None or declared == reading.crs or not _differ(declared, reading.crs)
        if reading.flip_x or reading.flip_y:
            return "place.sign_lost", "place.sign_given_back", values
        if reading.swapped:
            return "place.swapped", "place.turned_round", values
        return None if same else ("place.other_crs", "place.read_as", values)


def _differ(one: str, other: str) -> bool:
    return not {one, other} <= {LON_LAT, "EPSG:4258"}
