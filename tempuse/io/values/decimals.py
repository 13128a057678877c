"""Dot or comma: what the file says by its other numbers, then the country, then sense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tempuse.io.values.cells import Parsed, Style, own_sign, read

# Of the votes so many must agree; one cell that contradicts is left alone.
_MOST = 2 / 3
# Where numbers are written with a dot before their decimals; all other countries of the continent take a comma.
DOTTED = frozenset({"GB", "IE", "MT", "CH", "LI", "CY"})


@dataclass(frozen=True, slots=True)
class Decided:
    """A decimal sign, empty where it stays open, and who decided: column, file, country, sense, told."""

    sign: str
    by: str = ""


def votes(texts: Iterable[Any]) -> Counter[str]:
    """How many of these texts give which decimal sign away."""
    found: Counter[str] = Counter()
    for text in texts:
        if isinstance(text, str) and ("," in text or "." in text):
            for part in read(text).parts:
                if sign := own_sign(part.digits):
                    found[sign] += 1
    return found


def winner(counted: Counter[str]) -> str:
    """The sign that clearly most votes are for, empty when none is."""
    total = counted.total()
    sign, most = counted.most_common(1)[0] if total else ("", 0)
    return sign if total and most >= _MOST * total else ""


def is_open(text: Any) -> bool:
    """Whether a cell has a number that could be two."""
    if not isinstance(text, str) or not ("," in text or "." in text):
        return False
    return any(
        not own_sign(part.digits) and ("," in part.digits or "." in part.digits) and "e" not in part.digits
        for part in read(text).parts
    )


def of_country(country: str) -> str:
    """The decimal sign of a country, empty where we know none."""
    return "" if not country else "." if country in DOTTED else ","


def by_sense(texts: Iterable[Any], parse: Callable[[str, Style], Parsed]) -> str:
    """The sign with which these cells make sense, where they make none with the other.

    Args:
        texts: cells that could be two numbers.
        parse: reads one with a style; a value, or None where there is no sense in it.
    """
    fits: Counter[str] = Counter()
    for text in texts:
        read_with = [sign for sign in (",", ".") if parse(text, Style(sign))[0] is not None]
        if len(read_with) == 1:
            fits[read_with[0]] += 1
    return winner(fits)
