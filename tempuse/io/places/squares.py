"""Places as squares of a grid: UTM and MGRS, British and Irish grid references, plus codes.

The rules: NGA.STND.0037 (Universal Grids) for UTM and MGRS, the Ordnance Survey's *Using the National Grid* for letters
before figures in Britain and Ireland, the Open Location Code specification for plus codes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from tempuse import geometry

# A square up to this size is a place, of which its size is said; in a larger one a person looks.
PLACE_M, LARGEST_M = 100.0, 1000.0
_SAID_M = 20.0  # a smaller one is as good as a point

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and no O
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
# The least northing in each band, in units of 100 km; south of the equator counted from 10,000 km.
_LEAST = dict(zip(_BANDS, (11, 20, 28, 37, 46, 55, 64, 73, 82, 91, 0, 8, 17, 26, 35, 44, 53, 62, 70, 79), strict=True))
_ZONE = r"(?:(?:ETRS ?89|WGS ?84)[ /,]*+)?+(?:UTM[ :]*+)?+(?:ZONE ?+)?+(?P<zone>[0-9]{1,2}) ?(?P<band>[C-HJ-NP-X])"
_FIGURES = r" ?(?P<figures>[0-9]{2,5} [0-9]{2,5}|[0-9]{4,10})"
_MGRS = re.compile(rf"{_ZONE} ?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V]){_FIGURES}")
_METRES = r"{0}?[ :=]*+0?(?P<{1}>[0-9]{{6,7}}(?:[.,][0-9]++)?+) ?M?(?:{0}(?![A-Z]))?+"
_UTM = re.compile(rf"{_ZONE}[ ,;:/]++{_METRES.format('E', 'east')}[ ,;/]++{_METRES.format('N', 'north')}")
_BRITISH = re.compile(rf"(?P<square>[HJNOST][A-HJ-Z]){_FIGURES}")
_IRISH = re.compile(rf"(?P<square>[A-HJ-Z]){_FIGURES}")
_CODE_LETTERS = "23456789CFGHJMPQRVWX"
_CELL = rf"[{_CODE_LETTERS}]"
_TOWN = r"(?:,? [^0-9+]++)?+"
_CODE = re.compile(rf"(?P<code>[2-9C][2-9CFGHJMPQRV]{_CELL}{{6}}\+(?:{_CELL}{{2,5}})?+){_TOWN}")
_SHORT = re.compile(rf"(?P<code>{_CELL}{{4}}\+{_CELL}{{2,5}}){_TOWN}")


class Square(NamedTuple):
    """The middle of a square, and how large it is."""

    lon: float
    lat: float
    size_m: float

    @property
    def is_said(self) -> bool:
        """Whether it is so large that its size is to be said."""
        return self.size_m > _SAID_M


def square_of(text: str, *, with_letters: bool = True) -> Square | None:
    """The square that a text names and nothing else, None where it names none.

    Args:
        text: a grid reference, or a whole plus code with or without its town.
        with_letters: also those of Britain and Ireland, which look like any numbering of anything.
    """
    plain = " ".join(text.upper().split())
    if match := _CODE.fullmatch(plain):
        return _of_code(match["code"])
    if match := _MGRS.fullmatch(plain):
        return _of_mgrs(match)
    if match := _UTM.fullmatch(plain):
        return _of_utm(match)
    for pattern, crs in ((_BRITISH, "EPSG:27700"), (_IRISH, "EPSG:29903")) if with_letters else ():
        if match := pattern.fullmatch(plain):
            return _of_letters(match, crs)
    return None


def is_lettered(text: str) -> bool:
    """Whether a text is a British or Irish grid reference, or some number that looks like one."""
    return square_of(text, with_letters=False) is None and square_of(text) is not None


def _of_figures(figures: str) -> tuple[float, float, float] | None:
    """East and north within 100 km, of the middle of a square, and its size."""
    first, blank, second = figures.partition(" ")
    if not blank:
        half = len(figures) // 2
        first, second = figures[:half], figures[half:]
    if len(first) != len(second):
        return None
    size = 10.0 ** (5 - len(first))
    return (int(first) + 0.5) * size, (int(second) + 0.5) * size, size


def _made(east: float, north: float, crs: str, size: float) -> Square | None:
    lon, lat = geometry.project_xy(np.array([east]), np.array([north]), crs)
    return Square(float(lon[0]), float(lat[0]), size) if np.isfinite([lon[0], lat[0]]).all() else None


def _of_mgrs(match: re.Match[str]) -> Square | None:
    zone, band, square = int(match["zone"]), match["band"], match["square"]
    within = _of_figures(match["figures"])
    # Each third zone has its own eight letters from west to east; northwards all have twenty, even ones from F on.
    east = _LETTERS[(zone - 1) % 3 * 8 :][:8].find(square[0]) + 1
    if within is None or not 1 <= zone <= 60 or not east:
        return None
    north = (_ROWS.index(square[1]) - (0 if zone % 2 else 5)) % 20
    north += -(-(_LEAST[band] - north) // 20) * 20
    found = _made(east * 100_000 + within[0], north * 100_000 + within[1], _utm(zone, is_north=band >= "N"), within[2])
    return found if found is not None and _is_in(band, found.lat) else None


def _is_in(band: str, lat: float) -> bool:
    south = -80 + 8 * _BANDS.index(band)
    return south - 0.1 <= lat <= south + (12 if band == "X" else 8) + 0.1


def _utm(zone: int, *, is_north: bool) -> str:
    return f"EPSG:{326 if is_north else 327}{zone:02}"


def _of_utm(match: re.Match[str]) -> Square | None:
    zone, band = int(match["zone"]), match["band"]
    east, north = (float(match[name].replace(",", ".")) for name in ("east", "north"))
    if not 1 <= zone <= 60 or not 100_000 <= east < 900_000:
        return None
    found = _made(east, north, _utm(zone, is_north=band >= "N"), 1.0)
    if found is None or band == "N":  # also: north
        return found
    return found if _is_in(band, found.lat) else None


def _of_letters(match: re.Match[str], crs: str) -> Square | None:
    within = _of_figures(match["figures"])
    *large, small = (divmod("ABCDEFGHJKLMNOPQRSTUVWXYZ".index(letter), 5) for letter in match["square"])
    if within is None:
        return None
    east, north = small[1], 4 - small[0]
    if large:
        east, north = east + 5 * (large[0][1] - 2), north + 5 * (3 - large[0][0])
    return _made(east * 100_000 + within[0], north * 100_000 + within[1], crs, within[2])


# ---- plus codes -----------------------------------------------------------------------------------------


def _of_code(code: str) -> Square | None:
    figures = [_CODE_LETTERS.index(letter) for letter in code.replace("+", "")]
    lat, lon, height, width = -90.0, -180.0, 400.0, 400.0
    for at in range(0, min(len(figures), 10) - 1, 2):
        height, width = height / 20, width / 20
        lat, lon = lat + figures[at] * height, lon + figures[at + 1] * width
    for figure in figures[10:]:  # the last ones count cells of four columns and five rows
        height, width = height / 5, width / 4
        lat, lon = lat + figure // 4 * height, lon + figure % 4 * width
    found = Square(lon + width / 2, lat + height / 2, height * 111_320)
    return found if found.lat < 90 and found.lon < 180 else None


def is_short(text: str) -> bool:
    """Whether a text is a plus code without its first four letters, with or without its town."""
    return _SHORT.fullmatch(" ".join(text.upper().split())) is not None


def recovered(text: str, near: tuple[float, float]) -> Square | None:
    """The square of a short plus code that lies nearest to a place (lon, lat)."""
    match = _SHORT.fullmatch(" ".join(text.upper().split()))
    if match is None:
        return None
    lon, lat = near
    head = "".join(
        _CODE_LETTERS[int(of)] for of in ((lat + 90) // 20, (lon + 180) // 20, (lat + 90) % 20, (lon + 180) % 20)
    )
    found = _of_code(head + match["code"])
    if found is None:
        return None
    # The code of the nearest degree may be the one beside it.
    return Square(found.lon - round(found.lon - lon), found.lat - round(found.lat - lat), found.size_m)
