"""Columns beside those of coordinates without which their numbers say something else: minutes, seconds, E or W."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tempuse.folding import fold_name
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.places.angles import axis_of
from tempuse.io.places.numbers import coordinate
from tempuse.io.sources.source import Row, Source
from tempuse.io.values.cells import Style

_MOST = 200  # rows in which a column without a heading is looked for
_NEAR = 3  # columns to either side in which one of E and W is looked for
_MINUTES = frozenset({
    "min", "mins", "minute", "minutes", "minuten", "minuut", "minuti", "minutos", "minuta", "minutt", "m",
})  # fmt: skip
_SECONDS = frozenset({
    "sec", "secs", "second", "seconds", "seconde", "seconden", "sek", "sekunden", "secondi", "segundos", "s",
})  # fmt: skip


class Beside(NamedTuple):
    """What stands beside each of two columns of coordinates, None where nothing does.

    Attributes:
        sides: the column that says E or W, N or S.
        parts: those with the minutes and the seconds.
    """

    sides: tuple[str | None, ...] = (None, None)
    parts: tuple[tuple[str, ...], ...] = ((), ())


def find_beside(pair: tuple[str, ...], source: Source, crosswalk: Crosswalk, rows: Sequence[Row]) -> Beside:
    """The columns beside a pair without which its numbers say something else, by what stands in them.

    N alone is *no* in as many languages as it is north: where there is no E or W, it says nothing.
    """
    mapped = {column.theirs for column in crosswalk.columns if column.field and not column.guessed} | set(pair)
    # A last column may have no heading: it stands in rows alone.
    names = list(dict.fromkeys([*source.columns, *(name for row in rows[:_MOST] for name in row.values)]))
    parts = [_parts(names, names.index(column), mapped, rows) for column in pair]
    sides: list[str | None] = []
    for column, axis, more in zip(pair, ("lon", "lat"), parts, strict=True):
        at = names.index(more[-1] if more else column)
        near = sorted(range(max(at - _NEAR, 0), min(at + _NEAR + 1, len(names))), key=lambda i: (abs(i - at), -i))
        free = [names[i] for i in near if names[i] not in mapped and names[i] not in more]
        sides.append(next((name for name in free if _tells_side(name, axis, rows)), None))
    return Beside(tuple(sides) if sides[0] else (None, None), tuple(parts))


def _parts(names: Sequence[str], at: int, mapped: set[str], rows: Sequence[Row]) -> tuple[str, ...]:
    """The columns of minutes and seconds behind one of whole degrees."""
    found: list[str] = []
    for name, called in zip(names[at + 1 : at + 3], (_MINUTES, _SECONDS), strict=False):
        if name in mapped or not called & set(fold_name(name).split()) or not _within(name, 60, rows, whole=False):
            break
        found.append(name)
    return tuple(found) if found and _within(names[at], 180, rows, whole=True) else ()


def _within(name: str, most: int, rows: Sequence[Row], *, whole: bool) -> bool:
    """Whether most of a column are numbers up to so many: what is none, or more, waits by itself."""
    told = [value for row in rows if isinstance(value := row.values.get(name), (str, int, float)) and value != ""]
    numbers = [coordinate(value, Style(".")) for value in told]
    fitting = [
        number for number in numbers if number is not None and abs(number) <= most and not (whole and number % 1)
    ]
    return bool(told) and len(fitting) > len(told) / 2


def _tells_side(name: str, axis: str, rows: Sequence[Row]) -> bool:
    told = {value for row in rows if (value := row.values.get(name)) not in (None, "")}
    return bool(told) and all(isinstance(each, str) and axis_of(each) == axis for each in told)
