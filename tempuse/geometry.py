"""Places: EPSG:4326 in lon lat order, 2D, valid, to 7 decimals; areas in m2; the stable cell; boxes; Morton keys.

Everything works on NumPy arrays of shapely geometries, so that a million places cost one pass. pyproj has
its home here.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyproj
import pyproj.network
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError

from tempuse import outlines
from tempuse.errors import Invalid

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]

LON_LAT = "EPSG:4326"
DECIMALS = 7  # about 1 cm, what RFC 7946 files carry

# Within this box EPSG:3035 (ETRS89-LAEA, equal area) is defined; it is the INSPIRE grid's projection.
_EUROPE = (-35.0, 25.0, 44.0, 84.0)
_WORLD_EQUAL_AREA = "EPSG:6933"  # EASE-Grid 2.0, equal area

MORTON_BITS = 21
SEQUENCE_BITS = 20


class Box(NamedTuple):
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


# Names that files and cities use for a coordinate reference system, folded to lower case.
CRS_NAMES = {
    "wgs84": LON_LAT, "wgs 84": LON_LAT, "epsg4326": LON_LAT, "gps": LON_LAT, "crs84": LON_LAT,
    "etrs89": "EPSG:4258", "osgb36": "EPSG:27700", "osgb": "EPSG:27700", "bng": "EPSG:27700",
    "british national grid": "EPSG:27700", "lambert 93": "EPSG:2154", "lambert93": "EPSG:2154",
    "l93": "EPSG:2154", "rgf93": "EPSG:2154", "lambert 72": "EPSG:31370", "lambert72": "EPSG:31370",
    "belge 1972": "EPSG:31370", "lambert 2008": "EPSG:3812", "rd": "EPSG:28992", "rd new": "EPSG:28992",
    "rijksdriehoek": "EPSG:28992", "amersfoort": "EPSG:28992", "web mercator": "EPSG:3857",
    "pseudo-mercator": "EPSG:3857", "s-jtsk": "EPSG:5514", "krovak": "EPSG:5514", "lks92": "EPSG:3059",
    "lks-92": "EPSG:3059", "egsa87": "EPSG:2100", "ggrs87": "EPSG:2100", "stereo 70": "EPSG:3844",
    "puwg 1992": "EPSG:2180", "pl-1992": "EPSG:2180", "etrs-tm35fin": "EPSG:3067", "tm35fin": "EPSG:3067",
    "gk25": "EPSG:3879", "utm32": "EPSG:25832", "utm 32n": "EPSG:25832", "utm33": "EPSG:25833",
    "utm 33n": "EPSG:25833", "laea": "EPSG:3035", "lv95": "EPSG:2056", "itm": "EPSG:2157",
    "sweref99": "EPSG:3006", "sweref 99 tm": "EPSG:3006",
}  # fmt: skip


# A code, alone or as OGC writes it; PROJ answers these from its table, at once.
_CODE = re.compile(
    r"(?:(?:epsg|esri):|urn:ogc:def:crs:epsg:[\w.]{0,9}:|https?://www\.opengis\.net/def/crs/epsg/[\w.]{1,9}/)?[0-9]{4,6}",
    re.IGNORECASE,
)
# The definition of a system in WKT has some thousands of letters.
LONGEST_CRS = 20_000
# PROJ reads its whole table for what is no name: the longest name in it has 110 letters, and a pair of Latin ones is
# in each, in each code and in each definition.
_LONGEST_NAME = 200
_LATIN = re.compile("[A-Za-z]{2}")


def coded_crs(text: str) -> str:
    """The CRS of a code (``EPSG:31370``, ``31370``, its URN or URI) or of one of our names, as ``EPSG:n``.

    The only way from a stranger's word to PROJ, which looks a fifth of a second and more for a name it does not know.

    Raises:
        Invalid: the text is neither, or nobody knows the code.
    """
    bare = text.strip() if len(text) <= 100 else ""
    if (named := CRS_NAMES.get(bare.lower())) is not None:
        return named
    found = _crs_code(f"EPSG:{bare}" if bare.isdecimal() else bare) if _CODE.fullmatch(bare) else None
    if found is None:
        raise Invalid("crs.unknown", crs=text[:80])
    return found


def known_crs(text: str) -> str:
    """The CRS that a file or a colleague at the terminal names: also by a name that PROJ knows, or WKT.

    Given as ``EPSG:n`` where it has a code. JSON is not read, nor more than 20,000 letters.

    Raises:
        Invalid: nobody knows a CRS of this name.
    """
    bare = text.strip() if len(text) <= LONGEST_CRS else ""
    if bare.lower() in CRS_NAMES or _CODE.fullmatch(bare):
        return coded_crs(bare)
    found = _crs_code(bare) if _may_be_crs(bare) else None
    if found is None:
        raise Invalid("crs.unknown", crs=text[:80])
    return found


def _may_be_crs(text: str) -> bool:
    """Whether PROJ is worth being asked: a name, or a definition, that is longer."""
    if text.startswith(("{", "[")) or "\0" in text:  # PROJ would read as far as the NUL
        return False
    return _LATIN.search(text) is not None and (len(text) <= _LONGEST_NAME or any(each in text for each in "[(="))


def is_tied(text: str) -> bool:
    """Whether what a file declares is tied to the earth: a drawing's own axes, or "undefined", say nothing."""
    try:
        return not pyproj.CRS.from_user_input(text).is_engineering
    except (CRSError, ValueError):
        return True


@lru_cache(maxsize=256)
def _crs_code(text: str) -> str | None:
    """What PROJ knows under a text, None where that is nothing; either answer is remembered."""
    try:
        crs = pyproj.CRS.from_user_input(text)
    except (CRSError, ValueError):
        return None
    if crs.is_engineering:
        return None
    if crs.to_authority() == ("OGC", "CRS84"):
        return LON_LAT
    # 70 of 100: an ESRI .prj names its own datum and still means the EPSG one.
    authority = crs.to_authority(min_confidence=60)
    return ":".join(authority) if authority else str(crs.to_wkt())


@lru_cache(maxsize=256)
def _transformer(origin: str, target: str) -> pyproj.Transformer:
    pyproj.network.set_network_enabled(False)  # type: ignore[attr-defined]
    return pyproj.Transformer.from_crs(origin, target, always_xy=True)


@lru_cache(maxsize=256)
def name_of(crs: str) -> str:
    """What the makers of a CRS call it."""
    return str(pyproj.CRS.from_user_input(crs).name)


def is_projected(crs: str) -> bool:
    """Whether the CRS counts in metres or feet, not in degrees."""
    return bool(pyproj.CRS.from_user_input(crs).is_projected)


def project_xy(x: Floats, y: Floats, origin: str, target: str = LON_LAT) -> tuple[Floats, Floats]:
    """Coordinates in another CRS, east before north in both; what cannot be moved becomes infinite.

    Grid files are never fetched: accuracy without them is 1 to 3 m in the national systems of Europe.
    """
    if origin == target:
        return x, y
    try:
        east, north = _transformer(origin, target).transform(x, y, errcheck=False)
    except (CRSError, ProjError) as error:
        raise Invalid("crs.unknown", crs=origin if target == LON_LAT else target) from error
    return np.asarray(east, float), np.asarray(north, float)


def project(geometries: Geometries, origin: str, target: str = LON_LAT) -> Geometries:
    """Geometries in another CRS, coordinates east before north in both."""
    if origin == target:
        return geometries

    def move(xy: Floats) -> Floats:
        return np.column_stack(project_xy(xy[:, 0], xy[:, 1], origin, target))

    return np.asarray(shapely.transform(geometries, move), object)


def clean(geometries: Geometries) -> tuple[Geometries, list[str]]:
    """2D, to 7 decimals, valid, single parts as single, outer rings counter-clockwise.

    An outline that crosses itself is mended while it has at most 100,000 corners and crosses itself at most 2,000
    times: about 0.1 s. What is beyond that is no outline that anybody drew, and becomes None; valid outlines may
    have any number of corners.

    Returns the geometries, None where there is no place left, and beside each a message id that says what
    was done (empty where nothing was): ``geometry.mended_ring``, ``geometry.closed_line``,
    ``geometry.parts_taken``, ``geometry.no_place``, ``geometry.too_tangled``.
    """
    notes = [""] * len(geometries)
    places: Geometries = np.array(shapely.force_2d(geometries), object)
    finite = np.isfinite(shapely.bounds(places)).all(axis=1)
    places = np.array(shapely.transform(places, lambda xy: np.round(xy, DECIMALS)), object)
    places[~finite] = None
    kinds = shapely.get_type_id(places)
    for i in np.flatnonzero(~np.isin(kinds, (-1, 0, 3, 6))):
        places[i], notes[i] = outlines.simpler(places[i])
    for i in np.flatnonzero(shapely.get_num_coordinates(places) > outlines.LARGE):
        if outlines.is_scattered(places[i]):
            places[i], notes[i] = None, "geometry.too_tangled"
    for i in np.flatnonzero(~shapely.is_valid(places) & (shapely.get_type_id(places) > 0)):
        places[i], notes[i] = outlines.mended(places[i])
    lost = (shapely.is_empty(places) | shapely.is_missing(places)) & ~shapely.is_missing(geometries)
    for i in np.flatnonzero(lost):
        places[i], notes[i] = None, notes[i] if notes[i] == "geometry.too_tangled" else "geometry.no_place"
    for i in np.flatnonzero((shapely.get_type_id(places) == 6) & (shapely.get_num_geometries(places) == 1)):
        places[i] = shapely.get_geometry(places[i], 0)
    return np.asarray(shapely.orient_polygons(places), object), notes


def area_m2(geometries: Geometries) -> Floats:
    """Areas in square metres, measured in EPSG:3035 in Europe and EPSG:6933 elsewhere; points have 0."""
    bounds = shapely.bounds(geometries)
    areas = np.zeros(len(geometries))
    flat = shapely.get_dimensions(geometries) == 2
    west, south, east, north = _EUROPE
    european = (bounds[:, 0] > west) & (bounds[:, 1] > south) & (bounds[:, 2] < east) & (bounds[:, 3] < north)
    for crs, where in (("EPSG:3035", flat & european), (_WORLD_EQUAL_AREA, flat & ~european)):
        if where.any():
            areas[where] = shapely.area(project(geometries[where], LON_LAT, crs))
    return areas


def _grid_crs(lon: float, lat: float) -> str:
    west, south, east, north = _EUROPE
    if west < lon < east and south < lat < north:
        return "EPSG:3035"
    zone = min(int((lon + 180) // 6) + 1, 60)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def cell_of(lon: float, lat: float, size_m: int = 500) -> Any:
    """The fixed square that a place lies in, as a polygon; the same at every call, for every caller.

    The grid is EPSG:3035 in Europe and the UTM zone elsewhere. A fresh random offset would average away;
    a fixed cell does not.
    """
    crs = _grid_crs(lon, lat)
    x, y = project_xy(np.array([lon]), np.array([lat]), LON_LAT, crs)
    west, south = math.floor(x[0] / size_m) * size_m, math.floor(y[0] / size_m) * size_m
    return _cell(crs, west, south, size_m)


@lru_cache(maxsize=4096)
def _cell(crs: str, west: int, south: int, size_m: int) -> Any:
    east, north = west + size_m, south + size_m
    x, y = np.array([east, east, west, west, east], float), np.array([south, north, north, south, south], float)
    # Counter-clockwise and valid as it is: ``clean`` would only round it.
    return shapely.polygons(np.round(np.column_stack(project_xy(x, y, crs)), DECIMALS))


def distance_m(lon: Floats, lat: Floats, here: tuple[float | Floats, float | Floats]) -> Floats:
    """Great-circle distances in metres from ``here`` (lon, lat); sphere of 6,371 km, good to 0.5 %.

    From here to there is as far as back, to the last bit; ``here`` may be many places, too.
    """
    a, b = np.radians(lat), np.radians(here[1])
    half = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon - here[0]) / 2) ** 2
    return np.asarray(12_742_000 * np.arcsin(np.sqrt(half)), float)


def mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Web Mercator as fractions of the world square: 0 to 1 eastward and southward, like tile numbers."""
    x = (lon + 180) / 360
    s = np.sin(np.radians(np.clip(lat, -85.05112878, 85.05112878)))
    return np.clip(x, 0, 1 - 1e-12), np.clip(0.5 - np.log((1 + s) / (1 - s)) / (4 * math.pi), 0, 1 - 1e-12)


def morton_keys(lon: Floats, lat: Floats) -> NDArray[np.int64]:
    """Z-order keys of 42 bits shifted left by 20: tile number at zoom 21, room for a sequence below."""
    x, y = mercator(np.asarray(lon, float), np.asarray(lat, float))
    scale = 1 << MORTON_BITS
    return (_spread((x * scale).astype(np.int64)) | _spread((y * scale).astype(np.int64)) << 1) << SEQUENCE_BITS


def _spread(n: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put a zero bit between the bits of each 21-bit number."""
    n = (n | n << 16) & 0x0000_FFFF_0000_FFFF
    n = (n | n << 8) & 0x00FF_00FF_00FF_00FF
    n = (n | n << 4) & 0x0F0F_0F0F_0F0F_0F0F
    n = (n | n << 2) & 0x3333_3333_3333_3333
    return (n | n << 1) & 0x5555_5555_5555_5555


def anchors(geometries: Geometries) -> tuple[Floats, Floats]:
    """One lon and lat for each geometry that lies inside it; NaN where there is none."""
    points = geometries.copy()
    flat = shapely.get_dimensions(geometries) == 2
    if flat.any():
        points[flat] = shapely.point_on_surface(geometries[flat])
    return shapely.get_x(points), shapely.get_y(points)
