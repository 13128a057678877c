"""Pairs of numbers as files write them: decimal commas, degrees and minutes, two numbers in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from tempuse.io.places import links
from tempuse.io.places.angles import LONGEST_PAIR, Coordinate, coordinate_of, on_side, pair_of
from tempuse.io.places.squares import LARGEST_M, PLACE_M, is_short, recovered, square_of
from tempuse.io.places.typed import two_numbers
from tempuse.io.values.cells import Style, typed
from tempuse.io.values.decimals import votes, winner

_DEGREES = 180.0
_PLAIN = re.compile(r"-?\d{1,15}+\.\d{4,}+", re.ASCII)  # four figures behind a point are no thousands
_BEFORE_SIGN = re.compile(r"\s*+-?(\d{1,15}+)\s*+([.,])", re.ASCII)


def coordinate_style(texts: Sequence[Any]) -> Style:
    """The decimal sign of coordinates; 532,249 among nothing but its like groups thousands: no degree is so large."""
    given = [text for text in texts if isinstance(text, str) and ("," in text or "." in text)]
    if sign := winner(votes(text for text in given if len(text) <= LONGEST_PAIR)):
        return Style(sign)
    before = [match for text in given if (match := _BEFORE_SIGN.match(text))]
    signs = {match[2] for match in before}
    if len(signs) != 1:
        return Style(".")
    (sign,) = signs
    other = "," if sign == "." else "."
    return Style(other if max(int(match[1]) for match in before) > 180 else sign)


def coordinate(value: Any, style: Style, o_is: int = 0) -> float | None:
    """One coordinate of a cell, None where it is none.

    Args:
        value: a number or text, also degrees with minutes and seconds.
        style: how the column writes numbers.
        o_is: what the letter O means: 1 east (Dutch, German), -1 west (French, Spanish), 0 nobody knows.
    """
    found = _coordinate(value, style, o_is)
    return None if found is None else found.value


def _coordinate(value: Any, style: Style, o_is: int) -> Coordinate | None:
    if isinstance(value, str):
        if _PLAIN.fullmatch(value):
            return Coordinate(float(value)) if len(value) <= LONGEST_PAIR else None
        return coordinate_of(value, style.decimal, o_is)
    found, wrong = typed(value) or (None, "value.not_a_number")
    return None if found is None or wrong else Coordinate(float(found))


def pair(
    values: Sequence[Any], style: Style, o_is: int = 0, sides: Sequence[Any] | None = None,
    near: tuple[float, float] | None = None,
) -> tuple[float, float, str]:  # fmt: skip
    """East and north of a row, NaN where there is none, and the message id of what is wrong or only about so.

    Letters say more than headings: north in the first of two columns is north.

    Args:
        values: of its two columns, or of the one that has both.
        style: how they write numbers.
        o_is: what the letter O means.
        sides: for each of two, what the column beside it says (E or W, N or S); None where there is no such column.
        near: a place (lon, lat) from which a short plus code is counted; None where nobody knows one.
    """
    if len(values) == 1:
        return _in_one_cell(values[0], o_is, near)
    if all(value is None for value in values):
        return np.nan, np.nan, ""
    x, y = (_coordinate(value, style, o_is) if value is not None else None for value in values)
    if sides is not None:
        x, y = (
            each if told is None or each is None else on_side(each, str(told), o_is)
            for each, told in zip((x, y), sides, strict=True)
        )
    if x is None or y is None or (x.axis and x.axis == y.axis):
        return np.nan, np.nan, "place.not_a_pair"
    turned = x.axis == "lat" or y.axis == "lon"
    return (y.value, x.value, "") if turned else (x.value, y.value, "")


def _in_one_cell(value: Any, o_is: int, near: tuple[float, float] | None) -> tuple[float, float, str]:
    """Latitude before longitude, as maps on the web copy them; in metres east comes first."""
    if value is None:
        return np.nan, np.nan, ""
    text = str(value)
    if found := two_numbers(text):
        first, second = found
        in_metres = max(abs(first), abs(second)) > _DEGREES
        return (first, second, "") if in_metres else (second, first, "")
    if links.is_short(text):
        return np.nan, np.nan, "place.short_link"
    if degrees := pair_of(text, o_is):
        return *degrees, ""
    if place := links.lon_lat(text):
        return *place, "place.link_view" if links.is_view(text) else ""
    return _in_a_square(text, near)


def _in_a_square(text: str, near: tuple[float, float] | None) -> tuple[float, float, str]:
    square = square_of(text)
    if square is None and is_short(text):
        square = recovered(text, near) if near is not None else None
        return (np.nan, np.nan, "place.short_code") if square is None else (square.lon, square.lat, "place.short_code")
    if square is None:
        return np.nan, np.nan, "place.not_a_pair"
    if square.size_m > LARGEST_M:
        return np.nan, np.nan, "place.large_square"
    large = "place.large_square" if square.size_m > PLACE_M else "place.square" if square.is_said else ""
    return square.lon, square.lat, large
