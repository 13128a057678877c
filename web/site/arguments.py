"""What an address or a form says, as values within bounds: the one place where texts of strangers become numbers.

A shared link never breaks: what makes no sense counts as not said. Where a form must say what is wrong instead,
its view compares the text with what came back here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from tempuse.geometry import Box

Args = MultiDict[str, str]
_Otherwise = TypeVar("_Otherwise")

# The longest text that can be a number worth reading; Python itself refuses more than some thousand digits.
_DIGITS = re.compile(r"[0-9]{1,18}")
# A place or a box as the map's script writes it.
_LONGEST_NUMBERS = 200
LONGEST = 200
LEAST_ZOOM, MOST_ZOOM = 0, 22
# The Web Mercator square ends here.
_MOST_LAT = 85.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its number from 1, how many there are (at least one), and how many rows each has."""

    number: int
    pages: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows of the list come before the page."""
        return (self.number - 1) * self.size


def whole(args: Args, name: str, least: int, most: int, otherwise: _Otherwise) -> int | _Otherwise:
    """A whole number without a sign, brought within its bounds; ``otherwise`` when the text is none."""
    text = args.get(name, "").strip()
    return min(max(int(text), least), most) if _DIGITS.fullmatch(text) else otherwise


def choice(args: Args, name: str, of: Collection[str], otherwise: _Otherwise) -> str | _Otherwise:
    """One of several values; ``otherwise`` when it is none of them."""
    text = args.get(name)
    return text if text is not None and text in of else otherwise


def several(args: Args, name: str, of: Collection[str]) -> tuple[str, ...]:
    """Those of several values that were named, each once, in their order: repeated, or in a row with commas."""
    given = (part for text in args.getlist(name) for part in text.split(","))
    return tuple(dict.fromkeys(part for part in given if part in of))


def text(args: Args, name: str, most: int = LONGEST) -> str:
    """A text without blanks around it, cut where it is longer than anybody needs."""
    return args.get(name, "")[: 2 * most].strip()[:most]


def day(written: str) -> date | None:
    """A day as ``2027-03-01``; None when the text is none."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return None


def pages(total: int, size: int) -> int:
    """How many pages a list of so many rows has; an empty one has one."""
    return max(-(-total // size), 1)


def page(args: Args, total: int, size: int, name: str = "page") -> Page:
    """The page of a list that is asked for; one beyond its end is the last."""
    count = pages(total, size)
    return Page(whole(args, name, 1, count, 1), count, size)


def _numbers(written: str, separator: str, count: int) -> list[float] | None:
    """So many finite numbers in a row; None when the text is something else."""
    if len(written) > _LONGEST_NUMBERS:
        return None
    try:
        found = [float(part) for part in written.split(separator)]
    except ValueError:
        return None
    return found if len(found) == count and all(map(math.isfinite, found)) else None


def box(args: Args, name: str = "box") -> Box | None:
    """West, south, east, north in degrees; what lies beyond the date line is cut off."""
    numbers = _numbers(args.get(name, ""), ",", 4)
    if numbers is None:
        return None
    west, south, east, north = numbers
    if not (-540 <= west < east <= 540 and -90 <= south < north <= 90):
        return None
    return Box(_within(west, 180.0), south, _within(east, 180.0), north)


def zoom(args: Args, otherwise: int, name: str = "zoom") -> int:
    """A zoom of the map."""
    return whole(args, name, LEAST_ZOOM, MOST_ZOOM, otherwise)


def viewport(args: Args, name: str = "map") -> tuple[int, tuple[float, float]] | None:
    """Where a map looks, written zoom/lat/lon: the zoom, and lon and lat of the middle."""
    numbers = _numbers(args.get(name, ""), "/", 3)
    if numbers is None:
        return None
    level, lat, lon = numbers
    return int(min(max(level, LEAST_ZOOM), MOST_ZOOM)), (_within(lon, 180.0), _within(lat, _MOST_LAT))


def point(args: Args, name: str) -> tuple[float, float] | None:
    """A place written lat,lon, as lon and lat; None when it lies nowhere on earth."""
    numbers = _numbers(args.get(name, ""), ",", 2)
    if numbers is None or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
        return None
    return numbers[1], numbers[0]


def _within(number: float, most: float) -> float:
    return min(max(number, -most), most)
