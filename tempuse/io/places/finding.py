"""Which columns say where a row is: by what they are taken for, and by what stands in them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from tempuse.folding import fold_name
from tempuse.geometry import LON_LAT
from tempuse.io.crosswalk import PLACES, Column, Crosswalk
from tempuse.io.places import wkt
from tempuse.io.places.extents import Extent, crs_in_name
from tempuse.io.places.home import Home
from tempuse.io.places.numbers import coordinate, coordinate_style, pair
from tempuse.io.places.placer import Placer
from tempuse.io.places.squares import is_lettered
from tempuse.io.sources.source import Row, Source
from tempuse.io.values.cells import Style

PAIRS = (("lon", "lat"), ("x", "y"), ("easting", "northing"), ("lon2", "lat2"))
_MOST = 200  # rows are looked at
_MOSTLY = 0.8
_NEARLY_ALL = 0.95
_FAR_M = 100_000.0  # of two columns that only look like metres, places lie nearer together than this
_ALONE = frozenset({"n", "e"})  # a number, or north beside east
# What two headings of coordinates differ in, east before north.
_ENDS = frozenset({
    ("x", "y"), ("e", "n"), ("east", "north"), ("easting", "northing"), ("eastings", "northings"), ("est", "nord"),
    ("ost", "nord"), ("oost", "noord"), ("este", "norte"), ("ouest", "nord"), ("lon", "lat"), ("lng", "lat"),
    ("long", "lat"), ("longitude", "latitude"), ("rechts", "hoch"), ("longitud", "latitud"), ("xx", "yy"),
    ("longitudine", "latitudine"), ("dlugosc", "szerokosc"), ("delka", "sirka"), ("pituus", "leveys"),
    ("ita", "pohjoinen"),
})  # fmt: skip


_X_IS_NORTH = frozenset({
    "AT", "BA", "BG", "CZ", "EE", "FI", "HR", "HU", "LT", "LV", "ME", "MK", "PL", "RO", "RS", "SI", "SK", "TR",
})  # fmt: skip


def statements(source: Source, crosswalk: Crosswalk) -> list[tuple[str, tuple[str, ...], str | None]]:
    """The ways in which rows say where they are, as they are believed: kind, columns, the CRS that those declare."""
    found: list[tuple[str, tuple[str, ...], str | None]] = []
    if source.has_geometry:
        found.append(("geometry", (), source.crs))
    if column := crosswalk.column_for("wkt"):
        found.append(("wkt", (column,), None))
    for x, y in PAIRS:
        east, north = crosswalk.column_for(x), crosswalk.column_for(y)
        if east and north:
            hint = crs_in_name(east) or crs_in_name(north)
            found.append(("pair", (east, north), LON_LAT if x.startswith("lon") else hint))
    if column := crosswalk.column_for("latlon"):
        found.append(("latlon", (column,), LON_LAT))
    if column := crosswalk.column_for("wkt2"):
        found.append(("wkt", (column,), None))
    return found


def is_order_open(kind: str, columns: Sequence[str], crosswalk: Crosswalk, extent: Extent | None) -> bool:
    """Whether nobody knows which of two numbers is east: *X* is north for the surveyors of half of Europe."""
    if extent is None or not set(extent.countries) & _X_IS_NORTH or kind not in ("pair", "latlon"):
        return False
    if kind == "latlon":
        return True
    if crosswalk.column_for("x") != columns[0]:
        return False
    east, north = map(fold_name, columns)
    return not any(
        east.endswith(first) and north.endswith(second) for first, second in _ENDS if first not in ("x", "xx")
    )


def by_values(known: Crosswalk, source: Source, extent: Extent | None) -> Crosswalk:
    """The guessed columns once more, by what stands in them: a column of places is known by its values.

    A column whose name promises a place is read as what it holds; where none does, one is looked for among those
    that nobody knows, or that hold nothing but places under another name.
    """
    rows = source.sample(_MOST)[:_MOST]
    columns = [_as_it_is(column, rows, extent) for column in known.columns]
    found = Crosswalk(known.name, columns, known.values, known.about)
    if source.has_geometry or _has_place(found):
        return found
    taken = {column.theirs: column for column in columns if column.field}
    for name in source.columns:
        if (kind := _kind(name, rows, extent)) and found.column_for(kind) is None:
            columns[:] = [column for column in columns if column.theirs != name]
            columns.append(Column(name, kind, "", True))
            return found
    free = [name for name in source.columns if name not in taken or taken[name].field in PLACES or (
        taken[name].guessed and fold_name(name) in _ALONE)]  # fmt: skip
    if two := _two_columns(free, rows, extent):
        columns[:] = [column for column in columns if column.theirs not in two]
        columns += [Column(two[0], "x", "", True), Column(two[1], "y", "", True)]
    return found


def _has_place(known: Crosswalk) -> bool:
    return any(known.column_for(each) for each in ("wkt", "latlon", "wkt2")) or any(
        known.column_for(x) and known.column_for(y) for x, y in PAIRS
    )


def _as_it_is(column: Column, rows: Sequence[Row], extent: Extent | None) -> Column:
    if column.field not in ("wkt", "latlon", "wkt2") or not column.guessed:
        return column
    kind = _kind(column.theirs, rows, extent, is_promised=True)
    if not kind or kind == column.field.rstrip("2"):
        return column
    return Column(column.theirs, kind, column.unit, True)


def _kind(name: str, rows: Sequence[Row], extent: Extent | None, *, is_promised: bool = False) -> str:
    """What a column of texts holds nearly throughout: ``wkt``, ``latlon``, or nothing that is a place.

    Where its heading promises none, letters before figures are a numbering sooner than a British or Irish grid.
    """
    texts = [value for row in rows if isinstance(value := row.values.get(name), str) and value.strip()]
    if not texts:
        return ""
    first = [text.lstrip()[:1] for text in texts]
    if sum(each in "{0" or bool(wkt.kind_of(text)) for each, text in zip(first, texts, strict=True)) > _MOSTLY * len(
        texts
    ):
        shapes = wkt.shapes_of(texts).shapes
        return "wkt" if sum(shape is not None for shape in shapes) >= _MOSTLY * len(texts) else ""
    told = [text for text in texts if any(sign.isdigit() for sign in text) and (is_promised or not is_lettered(text))]
    if len(told) < _MOSTLY * len(texts):
        return ""
    pairs = np.array([pair([text], Style())[:2] for text in told])
    if _degrees(pairs[:, 0], pairs[:, 1], extent) >= _MOSTLY * len(texts):
        return "latlon"
    return "latlon" if extent is not None and _lie_together(pairs[:, 0], pairs[:, 1], extent) else ""


def _degrees(lon: Any, lat: Any, extent: Extent | None) -> int:
    """How many of these are degrees where they must lie, in either order."""
    if extent is not None:
        return int((extent.holds(lon, lat) | extent.holds(lat, lon)).sum())
    fine = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & (lon % 1 != 0) & (lat % 1 != 0)
    return int(fine.sum())


def _two_columns(names: Sequence[str], rows: Sequence[Row], extent: Extent | None) -> tuple[str, str] | None:
    """Two columns of coordinates: by headings that differ as east and north do, or by where their numbers lie."""
    numbers: dict[str, Any] = {}
    for name in names:
        values = [row.values.get(name) for row in rows]
        style = coordinate_style(values)
        found = [None if value in (None, "") else coordinate(value, style) for value in values]
        given = sum(value not in (None, "") for value in values)
        if given and sum(each is not None for each in found) >= _MOSTLY * given:
            numbers[name] = np.array([np.nan if each is None else each for each in found])
    for east, north in itertools.permutations(numbers, 2):
        if _is_pair(east, north):
            return east, north
    if extent is None:
        return None
    for east, north in itertools.pairwise(name for name in names if name in numbers):
        if _lie_together(numbers[east], numbers[north], extent):
            return east, north
    return None


def _is_pair(east: str, north: str) -> bool:
    """Whether two headings differ in nothing but east and north: itm_e and itm_n, gbest and gbnord."""
    words = zip(*_as_long(fold_name(east), fold_name(north)), strict=True)
    differ = [(one, other) for one, other in words if one != other]
    if len(differ) != 1:
        return False
    one, other = differ[0]
    for first, second in _ENDS:
        if (one, other) == (first, second):
            return True
        at_end = one.endswith(first) and other.endswith(second) and one[: -len(first)] == other[: -len(second)]
        at_start = one.startswith(first) and other.startswith(second) and one[len(first) :] == other[len(second) :]
        if (at_end or at_start) and (len(first) > 1 or first == "x"):
            return True
    return False


def _as_long(one: str, other: str) -> tuple[list[str], list[str]]:
    words, more = one.split(), other.split()
    return (words, more) if len(words) == len(more) else ([], [])


def _lie_together(x: Any, y: Any, extent: Extent) -> bool:
    """Whether these are places by their values alone: nearly all in the extent, each its own, and near one another."""
    fine = np.isfinite(x) & np.isfinite(y)
    enough = _MOSTLY * fine.sum()
    if fine.sum() < 5 or min(len(np.unique(x[fine])), len(np.unique(y[fine]))) < enough:
        return False
    degrees = _degrees(x[fine], y[fine], extent) >= _NEARLY_ALL * fine.sum()
    if degrees:
        return bool((x[fine] % 1 != 0).mean() >= _MOSTLY and (y[fine] % 1 != 0).mean() >= _MOSTLY)
    if np.median(np.abs(x[fine])) < 10_000 or np.median(np.abs(y[fine])) < 10_000:
        return False
    placer = Placer(extent)
    placer.learn(x[fine], y[fine])
    if placer.usual is None:
        return False
    placed = placer.place(x[fine], y[fine])
    home = Home.of(placed.lon, placed.lat)
    share = np.isfinite(placed.lon).mean()
    return bool(share >= _NEARLY_ALL and home is not None and home.usual_m <= _FAR_M)
