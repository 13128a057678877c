"""The facts of the chips folded into one small number a space."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.durations import DAYS_A_MONTH
from tempuse.mapindex.filters import CHIPS, FACILITIES, KINDS, MONTHS, OUTLOOKS, SIZES_M2, Filter

_RADIX = (len(KINDS), len(OUTLOOKS), 1 << len(CHIPS), len(SIZES_M2) + 2, len(MONTHS) + 1)
PATTERNS = int(np.prod(_RADIX))
# Each pattern taken apart again: kind, outlook, chips, size, free-from band.
_KIND, _OUTLOOK, _CHIPS, _SIZE, _SOON = np.unravel_index(np.arange(PATTERNS), _RADIX)

Mask = NDArray[np.bool_]


def fold(kind: Any, outlook: Any, facilities: Any, area: Any, free_from: Any, today: date) -> NDArray[np.uint16]:
    """The pattern of each space, from its columns, as of a day."""
    months = np.array([today.toordinal() + round(month * DAYS_A_MONTH) for month in MONTHS])
    soon = np.where(outlook == 0, np.searchsorted(months, free_from), len(MONTHS))
    size = np.where(np.isnan(area), len(SIZES_M2) + 1, np.searchsorted(SIZES_M2, area, side="right"))
    chips = np.zeros(len(kind), np.intp)
    for i, chip in enumerate(CHIPS):
        chips |= ((facilities & FACILITIES[chip]) > 0).astype(np.intp) << i
    folded = np.ravel_multi_index((kind.astype(np.intp), outlook.astype(np.intp), chips, size, soon), _RADIX)
    return np.asarray(folded, np.uint16)


def _parts(wanted: Filter) -> dict[str, Mask]:
    """Which patterns fit, for each group of chips by itself; a group that asks nothing is left out."""
    parts: dict[str, Mask] = {}
    if wanted.kinds:
        parts["kind"] = np.isin(_KIND, [i for i, kind in enumerate(KINDS) if kind in wanted.kinds])
    if wanted.outlooks:
        parts["outlook"] = np.isin(_OUTLOOK, [i for i, each in enumerate(OUTLOOKS) if each in wanted.outlooks])
    if bits := sum(1 << i for i, chip in enumerate(CHIPS) if chip.value in wanted.facilities):
        parts["has"] = (_CHIPS & bits) == bits
    if wanted.sizes:
        parts["size"] = np.isin(_SIZE, list(wanted.sizes))
    if wanted.free_within is not None:
        parts["free"] = wanted.free_within >= _SOON
    return parts


def fitting(wanted: Filter) -> Mask | None:
    """Which patterns a filter keeps; None when it keeps all."""
    parts = list(_parts(wanted).values())
    return np.logical_and.reduce(parts) if parts else None


def count(histogram: NDArray[np.int64], wanted: Filter) -> dict[str, dict[str, int]]:
    """How many spaces each chip would give if it were pressed now.

    Args:
        histogram: how many spaces have each pattern, before the filter.
        wanted: the filter as it is.
    """
    parts = _parts(wanted)

    def without(group: str) -> NDArray[np.int64]:
        others = [mask for name, mask in parts.items() if name != group]
        return histogram * np.logical_and.reduce(others) if others else histogram

    kept = without("")
    by_kind, by_outlook, by_size, by_soon = (without(group) for group in ("kind", "outlook", "size", "free"))
    return {
        "all": {"all": int(kept.sum()), **_tally(kept, _OUTLOOK, OUTLOOKS)},
        "kind": _tally(by_kind, _KIND, KINDS),
        "outlook": _tally(by_outlook, _OUTLOOK, OUTLOOKS),
        "has": {chip.value: int(kept[(_CHIPS & (1 << i)) > 0].sum()) for i, chip in enumerate(CHIPS)},
        "size": _tally(by_size, _SIZE, tuple(str(i) for i in range(len(SIZES_M2) + 1))),
        "free": {str(i): int(by_soon[i >= _SOON].sum()) for i in range(len(MONTHS))},
    }


def _tally(histogram: NDArray[np.int64], codes: Any, names: tuple[str, ...]) -> dict[str, int]:
    sums = np.bincount(codes, weights=histogram, minlength=len(names))
    return {name: int(sums[i]) for i, name in enumerate(names)}
