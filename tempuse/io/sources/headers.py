"""The rows of a table that name its columns: below a preamble, in two rows with groups, and once more further down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from tempuse.folding import fold_name

Cells = list[Any]
Numbered = tuple[int, Cells]
# Folded names of columns against our fields.
Known = Mapping[str, str]

_MOSTLY, _MANY, _FEWEST = 0.8, 0.6, 3


def header_of(head: Sequence[Numbered], known: Known) -> tuple[int, Cells]:
    """The row that names the columns, and their names: texts, few alike, about as wide as what follows.

    Where two rows name them, one of them groups: *Owner* above *Name* and *Phone*.

    Args:
        head: the first rows, each with its number.
        known: names of columns that are known.
    """
    at = _row_of(head)
    number, cells = head[at]
    if at + 1 < len(head) and (groups := _groups_above(cells, head[at + 1][1])) is not None:
        return head[at + 1][0], _named(groups, head[at + 1][1], known, cells)
    above = head[at - 1][1] if at and head[at - 1][0] == number - 1 else []
    if sum(cell is not None for cell in above) > 1 and _are_texts(above):
        return number, _named(_spread(above, len(cells)), cells, known, [])
    return number, cells


def _row_of(head: Sequence[Numbered]) -> int:
    widths = [sum(cell is not None for cell in cells) for _, cells in head]
    for i, (_, cells) in enumerate(head):
        below = [width for width in widths[i + 1 :] if width > 1] or widths[i + 1 :] or [0]
        texts = [cell for cell in cells if _is_text(cell)]
        few_alike = len(set(texts)) >= _MANY * len(texts)
        if widths[i] >= max(median(below) * _MANY, 1) and len(texts) >= widths[i] * _MOSTLY and few_alike:
            return i
    return next(i for i, width in enumerate(widths) if width)


def _spread(cells: Cells, width: int) -> Cells:
    """Each group over the columns that it stands above."""
    found: Cells = []
    for cell in [*cells, *[None] * width][:width]:
        found.append(cell if cell is not None else found[-1] if found else None)
    return found


def _groups_above(cells: Cells, below: Cells) -> Cells | None:
    """The groups of a row of columns, where the next row says what is in them and nothing else; None elsewhere."""
    width = max(len(cells), len(below))
    upper, lower = ([*row, *[None] * width][:width] for row in (cells, below))
    spread = _spread(upper, width)
    counted = Counter(place for place in _places(upper))
    is_group = [counted[place] > 1 and lower[i] is not None for i, place in enumerate(_places(upper))]
    if not _are_texts(lower) or sum(is_group) < 2 or not any(lower):
        return None
    alone = (lower[i] in (None, upper[i]) for i in range(width) if not is_group[i])
    return [name if is_group[i] else None for i, name in enumerate(spread)] if all(alone) else None


def _places(cells: Cells) -> list[int]:
    """For each column the one in which the group above it begins."""
    found: list[int] = []
    for i, cell in enumerate(cells):
        found.append(i if cell is not None or not found else found[-1])
    return found


def _named(groups: Cells, cells: Cells, known: Known, upper: Cells) -> Cells:
    """The names of columns with those of their groups, where they would else say something else, or one thing twice."""
    seen: set[str] = set()
    found: Cells = []
    for i, group in enumerate(groups):
        name = cells[i] if i < len(cells) and cells[i] is not None else upper[i] if i < len(upper) else None
        if group is not None and name is not None and _needs(str(group), str(name), known, seen):
            name = f"{group} {name}"
        seen.add(fold_name(str(name)))
        found.append(name)
    return [*found, *cells[len(groups) :]]


def _needs(group: str, name: str, known: Known, seen: set[str]) -> bool:
    field, of = known.get(fold_name(group), ""), known.get(fold_name(name), "")
    if fold_name(f"{group} {name}") in known or (fold_name(name) in seen and group != name):
        return True
    return (field.startswith("owner") and not of.startswith("owner")) or (
        field.endswith("area_m2") and not of.endswith("area_m2")
    )


def later(rows: Iterable[Numbered], at: int, columns: Sequence[str], known: Known) -> dict[int, Cells]:
    """The rows further down that name other columns, or the same in another order: another table begins there."""
    ours = [fold_name(each) for each in columns]
    found = {}
    for number, cells in rows:
        given = [(i, cell) for i, cell in enumerate(cells) if cell is not None]
        if number <= at or len(given) < _FEWEST or not all(_is_text(cell) for _, cell in given):
            continue
        names = [fold_name(cell) for _, cell in given]
        told = sum(name in known or name in ours for name in names)
        same = sum(i < len(ours) and ours[i] == name for (i, _), name in zip(given, names, strict=True))
        if len(set(names)) == len(names) and told >= max(_FEWEST, _MOSTLY * len(names)) and same < _MANY * len(names):
            found[number] = cells
            ours = [fold_name(cell or "") for cell in cells]
    return found


def beside(head: Sequence[Numbered], at: int, header: Cells) -> int | None:
    """The empty column behind which another table stands, whose columns have names that this one has, too."""
    for gap in range(2, len(header) - 2):
        if any(gap < len(cells) and cells[gap] is not None for number, cells in head if number >= at):
            continue
        left, right = ({fold_name(str(cell)) for cell in some if cell} for some in (header[:gap], header[gap + 1 :]))
        if len(left & right) >= 2 and len(left & right) >= _MANY * len(right):
            return gap
    return None


def _are_texts(cells: Cells) -> bool:
    return all(_is_text(cell) for cell in cells if cell is not None)


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str) and not is_number(cell)


def is_number(text: str) -> bool:
    """Whether a text is a number, in any writing."""
    return text.replace(".", "").replace(",", "").replace("-", "").replace(" ", "").isdigit()
