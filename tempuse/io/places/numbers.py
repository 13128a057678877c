"""Pairs of numbers as files write them: decimal commas, degrees and minutes, two numbers in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from tempuse.io.places.typed import LONGEST_PAIR, degrees, two_numbers
from tempuse.io.values.measures import Style, learn, number

_DMS = re.compile(
    r"""([NSEWO]?+)\s*+(\d{1,3}+)\s*+°\s*+(?:(\d{1,2}+(?:[.,]\d++)?+)\s*+['′’]\s*+)?(?:(\d{1,2}+(?:[.,]\d++)?+)\s*+(?:"|″|”|''))?\s*+([NSEWO]?+)""",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"-?\d{1,15}+\.\d{4,}+")  # four figures behind a point are no thousands
_BEFORE_COMMA = re.compile(r"\s*+-?(\d{1,15}+)\s*+,")


def coordinate_style(texts: Sequence[Any]) -> Style:
    """The decimal sign of coordinates; 532,249 among nothing but its like groups thousands: no degree is so large."""
    style = learn(texts, "number")
    given = [text for text in texts if isinstance(text, str) and "," in text and "." not in text]
    if style.decimal or not given:
        return style if style.decimal else Style(".")
    wholes = [int(match[1]) for text in given if (match := _BEFORE_COMMA.match(text))]
    return Style("." if wholes and max(wholes) > 180 else ",")


def coordinate(value: Any, style: Style, o_is: int = 0) -> float | None:
    """One coordinate of a cell, None where it is none.

    Args:
        value: a number or text, also degrees with minutes and seconds.
        style: how the column writes numbers.
        o_is: what the letter O means: 1 east (Dutch, German), -1 west (French, Spanish), 0 nobody knows.
    """
    if isinstance(value, str):
        if len(value) > LONGEST_PAIR:
            return None
        if _PLAIN.fullmatch(value):
            return float(value)
        if match := _DMS.fullmatch(value.strip()):
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
