"""One coordinate in any writing, read from its first sign to its last: 51.05, 51°03'14"N, W 0,08, 104 512."""

from __future__ import annotations

import re
from typing import NamedTuple

from tempuse.io.places.extents import Extent
from tempuse.io.values.cells import literal, own_sign
from tempuse.io.values.words import spellings

# Letters of two numbers, also in degrees, minutes and seconds. A longer text is looked at only as WKT or GeoJSON.
LONGEST_PAIR = 100
_DEGREES = 180

_PLAIN_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–—‐‑‒﹣－", "-"), **dict.fromkeys("º˚∘⁰", "°"), **dict.fromkeys("′’‘´`ʹ＇ʼ", "'"),
        **dict.fromkeys("″”“„˝ʺ＂", '"'), **dict.fromkeys("\u00a0\u2009\u202f\u2007\u2002\u2003", " "),
    }
)  # fmt: skip
_SIDES = spellings("side")
_AXES = spellings("axis")
_SIGN_OF = {"n": ("lat", 1), "s": ("lat", -1), "e": ("lon", 1), "w": ("lon", -1), "o": ("lon", 0)}
_SIDE = "|".join(sorted(map(re.escape, _SIDES), key=len, reverse=True))
_AXIS = "|".join(sorted(map(re.escape, _AXES), key=len, reverse=True))
# Nothing here is given back once it is read: a text that does not fit costs no more than one that does.
_ANGLE = re.compile(
    rf"(?:(?P<axis>{_AXIS})\.?+\s*+[:=]?+\s*+)?+(?:(?P<before>{_SIDE})(?![^\W\d_])\s*+)?+(?P<sign>[-+]?+)\s*+"
    r"(?P<d>[0-9]++(?:(?:[.,]|[ '](?=[0-9]{3}(?![0-9])))[0-9]++)*+)"
    r"(?:\s*+(?P<by>°|deg(?:rees|\.)?+|d(?![^\W\d_])|:)\s*+|(?P<gap>\s++)(?=[0-9]))?+"
    r"(?:(?P<m>[0-9]{1,2}+(?:[.,][0-9]++)?+)\s*+(?:'(?!')|(?P<letter>min\.?+|m(?![^\W\d_]))|:)?+\s*+"
    # An s is a second only close behind its figure, small, and where an m said the minutes; else it is south.
    r"(?:(?P<s>[0-9]{1,2}+(?:[.,][0-9]++)?+)(?:\s*+(?:\"|''|sec\.?+)"
    r"|(?(letter)(?-i:s)(?=\s*+(?:$|[NSEWO]))|(?!)))?+\s*+)?+)?+"
    rf"\s*+(?:m(?:etres?|eter)?+\.?+\s*+)?+(?:(?P<after>{_SIDE})\.?+)?+",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*+[;/|]\s*+|\s*+,\s*+|\s++|(?<=[NSEWO])(?=[0-9NSEWO])|(?<=[\"'])(?=[0-9NSEWO])", re.IGNORECASE)


class Coordinate(NamedTuple):
    """A coordinate, and which of the two it says it is: ``lat``, ``lon``, or empty."""

    value: float
    axis: str = ""


def plain_signs(text: str) -> str:
    """A text with one sign each for minus, degrees, minutes, seconds and blanks."""
    return text if text.isascii() else text.translate(_PLAIN_SIGNS)


def o_is(extent: Extent | None) -> int:
    """East (1) or west (-1) where the letter O can only be one of them, else 0."""
    if extent is None:
        return 0
    west, _, east, _ = extent.shape.bounds
    return 1 if west >= 0 else -1 if east <= 0 else 0


def coordinate_of(text: str, decimal: str = "", o_is: int = 0) -> Coordinate | None:
    """The one coordinate that a text is, None where it is not one from its first sign to its last.

    Args:
        text: in degrees, or in metres.
        decimal: the decimal sign of its column, for what could be two numbers; empty where nobody knows.
        o_is: what the letter O means: 1 east (Dutch, German), -1 west (French, Spanish), 0 nobody knows.
    """
    if len(text) > LONGEST_PAIR:
        return None
    match = _ANGLE.fullmatch(plain_signs(text).strip())
    if match is None or (match["before"] and match["after"]):
        return None
    told = match["before"] or match["after"] or ""
    axis, side = _SIGN_OF[_SIDES[told.lower()]] if told else ("", 1)
    if told and (match["sign"] or (side == 0 and not o_is)):
        return None  # -0.1 W says it twice, or the contrary
    named = _AXES.get((match["axis"] or "").lower(), "")
    if named and axis and named != axis:
        return None
    size = _size(match, decimal, bool(told))
    if size is None or (told and side < 0 and size > _DEGREES):
        return None
    if told and size > _DEGREES and match["d"].startswith("0"):
        return None  # 0034302E is no 34 km: degrees, minutes and seconds in one
    return Coordinate((side or o_is) * (-size if match["sign"] == "-" else size), named or axis)


def _size(match: re.Match[str], decimal: str, has_side: bool) -> float | None:
    whole, minutes, seconds = match["d"], match["m"], match["s"]
    if minutes is None:
        if match["by"] == ":" or match["gap"]:
            return None
        found, wrong = literal(whole, own_sign(whole) or decimal or "")
        return None if wrong else float(found)
    # Two numbers with nothing but a blank between them are as well two coordinates.
    if match["by"] is None and seconds is None and not has_side:
        return None
    parts = [float((part or "0").replace(",", ".")) for part in (minutes, seconds)]
    fine = seconds is not None and not minutes.isdecimal()
    if not whole.isdecimal() or int(whole) > 180 or fine or max(parts) >= 60:
        return None
    return int(whole) + parts[0] / 60 + parts[1] / 3600


def axis_of(text: str) -> str:
    """Which coordinate a text is of that is a side of the world and nothing else: ``lat``, ``lon``; empty for none."""
    side = _SIDES.get(text.strip().rstrip(".").lower())
    return _SIGN_OF[side][0] if side else ""


def on_side(found: Coordinate, told: str, o_is: int = 0) -> Coordinate | None:
    """A coordinate whose side of the world stands in a cell of its own; None where the two do not go together.

    Args:
        found: what its own cell says.
        told: what that other cell says, which is empty where nobody knows.
        o_is: what the letter O means.
    """
    if not (axis := axis_of(told)) or (found.axis and found.axis != axis):
        return None
    side = _SIGN_OF[_SIDES[told.strip().rstrip(".").lower()]][1] or o_is
    # A minus beside west says it twice; beside east it says the contrary, as a letter in the cell itself may.
    if not side or (side < 0 and abs(found.value) > 180) or (side > 0 and found.value < 0):
        return None
    if found.axis and side < 0 < found.value:
        return None
    return Coordinate(side * abs(found.value) + 0.0, axis)  # no minus before nought


def pair_of(text: str, o_is: int = 0) -> tuple[float, float] | None:
    """East and north of a text that is two coordinates and nothing else, each with what says which it is.

    In degrees, or in metres; there east comes first where nothing tells. None where it is not, or could be cut in two
    ways.
    """
    if len(text) > LONGEST_PAIR:
        return None
    bare = plain_signs(text).strip().strip("()[]").strip()
    found = set()
    for cut in _CUT.finditer(bare):
        one = coordinate_of(bare[: cut.start()], ".", o_is)
        other = coordinate_of(bare[cut.end() :], ".", o_is) if one is not None else None
        if one is None or other is None:
            continue
        by_axis = {one.axis: one.value, other.axis: other.value}
        if by_axis.keys() == {"lat", "lon"}:
            found.add((by_axis["lon"], by_axis["lat"]))
        elif not one.axis and not other.axis and ("°" in bare or ":" in bare):
            found.add((other.value, one.value))  # latitude first, as maps on the web copy them
        elif not one.axis and not other.axis and min(abs(one.value), abs(other.value)) > _DEGREES:
            found.add((one.value, other.value))
    return found.pop() if len(found) == 1 else None
