"""Pairs of numbers and WKT as files write them: decimal commas, degrees and minutes, two numbers in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from tempuse.geometry import Geometries
from tempuse.io.measures import Style, learn, number
from tempuse.io.written import degrees, two_numbers

_DMS = re.compile(
    r"""^\s*([NSEWO]?)\s*(\d{1,3})\s*°\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:"|″|”|''))?\s*([NSEWO]?)\s*$""",
    re.IGNORECASE,
)
_SRID = re.compile(r"^\s*SRID\s*=\s*\d+\s*;", re.IGNORECASE)
_PLAIN = re.compile(r"-?\d{1,15}\.\d{4,}$")  # four figures behind a point are no thousands


def shapes_of(texts: Sequence[Any]) -> tuple[Geometries, list[bool]]:
    """WKT as geometries, None where there is none; and which texts are not WKT."""
    bare = [_SRID.sub("", str(text)) if text else None for text in texts]
    shapes = np.asarray(shapely.from_wkt(np.array(bare, object), on_invalid="ignore"), object)
    return shapes, [text is not None and shape is None for text, shape in zip(bare, shapes, strict=True)]


def coordinate_style(texts: Sequence[Any]) -> Style:
    """The decimal sign of coordinates; 532,249 among nothing but its like groups thousands: no degree is so large."""
    style = learn(texts, "number")
    given = [text for text in texts if isinstance(text, str) and "," in text and "." not in text]
    if style.decimal or not given:
        return style if style.decimal else Style(".")
    wholes = [
        abs(int(text.split(",")[0].strip() or 0)) for text in given if text.split(",")[0].strip().lstrip("-").isdigit()
    ]
    return Style("." if wholes and max(wholes) > 180 else ",")


def coordinate(value: Any, style: Style, o_is: int = 0) -> float | None:
    """One coordinate of a cell, None where it is none.

    Args:
        value: a number or text, also degrees with minutes and seconds.
        style: how the column writes numbers.
        o_is: what the letter O means: 1 east (Dutch, German), -1 west (French, Spanish), 0 nobody knows.
    """
    if isinstance(value, str):
        if _PLAIN.match(value):
            return float(value)
        if match := _DMS.match(value):
            turned = sum(float((part or "0").replace(",", ".")) / 60**i for i, part in enumerate(match.group(2, 3, 4)))
            side = (match[1] or match[5]).upper()
            if side == "O" and not o_is:
                return None
            return float(-turned if side in ("S", "W") or (side == "O" and o_is < 0) else turned)
    found, wrong = number(value, style)
    return None if wrong else float(found)


def pair(values: Sequence[Any], style: Style, o_is: int = 0) -> tuple[float, float, str]:
    """East and north of a row, NaN where there is none, and the message id of what is wrong."""
    if len(values) == 1:
        return _in_one_cell(values[0])
    if all(value is None for value in values):
        return np.nan, np.nan, ""
    x, y = (coordinate(value, style, o_is) if value is not None else None for value in values)
    return (np.nan, np.nan, "place.not_a_pair") if x is None or y is None else (x, y, "")


def _in_one_cell(value: Any) -> tuple[float, float, str]:
    """Latitude before longitude, as maps on the web copy them."""
    if value is None:
        return np.nan, np.nan, ""
    if found := degrees(str(value)):
        return (*found, "")
    found = two_numbers(str(value))
    return (np.nan, np.nan, "place.not_a_pair") if found is None else (found[1], found[0], "")
