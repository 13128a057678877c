"""How many groups look for such a space, as everybody may read it: in steps, from three on, and of coarse facts alone.

What counts is the use, the kind, the band of its size and the district: never the point near which a group looks, what
it can pay, or anything else of its question. So all spaces that are alike in these have the same count, and it tells
of no group where it looks. It is made once a night: nobody sees it change as somebody opens a search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tempuse.publication.needs import in_steps
from tempuse.publication.seen import AREA_BANDS_M2, band_of
from tempuse.refs import number_of
from tempuse.vocabulary import SpaceKind, UseCategory
from tempuse.wanted import Wanted

_USES = {each.value: each.flag for each in UseCategory}
_KINDS = {each.value: 1 << place for place, each in enumerate(SpaceKind)}
_BANDS = {low: place for place, low in enumerate(AREA_BANDS_M2)}
_NO_BAND, _LAST_BAND = -1, len(AREA_BANDS_M2)

Whole = NDArray[np.int64]


class Looking(NamedTuple):
    """What one group looks for: who it is, and its question."""

    group: str
    wanted: Wanted


def counts(columns: Mapping[str, NDArray[Any]], looking: Sequence[Looking]) -> Whole:
    """By space, the step that is told of it; 0 where nothing is.

    Args:
        columns: of published spaces, shape (n,): ``kind`` (place in the list of SpaceKind), ``uses`` (bits),
            ``area_m2`` (NaN where it was not measured, the lower end of a band below exact), ``district_ref``
            (number, -1 for none).
        looking: what groups look for.
    """
    band = np.searchsorted(np.array(AREA_BANDS_M2), columns["area_m2"], side="right") - 1
    band = np.where(np.isnan(columns["area_m2"]), _NO_BAND, band)
    alike = np.stack([columns["kind"], columns["uses"], band, columns["district_ref"]]).astype(np.int64)
    each, member = np.unique(alike, axis=1, return_inverse=True)
    asked = _columns(looking)
    told = np.array([in_steps(_groups(each[:, place], asked)) for place in range(each.shape[1])], np.int64)
    return told[member.reshape(-1)] if len(told) else np.zeros(0, np.int64)


class _Asked(NamedTuple):
    """Questions as columns; ``districts`` has -2 where there are fewer, ``anywhere`` where none is named."""

    group: Whole
    uses: Whole
    kinds: Whole
    low: Whole
    high: Whole
    sized: NDArray[np.bool_]
    districts: Whole
    anywhere: NDArray[np.bool_]


def _columns(looking: Sequence[Looking]) -> _Asked:
    groups = {each.group: number for number, each in enumerate(looking)}
    wanted = [each.wanted for each in looking]
    most = max((len(each.districts) for each in wanted), default=0)
    districts = np.full((len(wanted), max(most, 1)), -2, np.int64)
    for row, each in enumerate(wanted):
        districts[row, : len(each.districts)] = [number_of(ref, -2) for ref in each.districts]

    def whole(values: list[int]) -> Whole:
        return np.array(values, np.int64)

    return _Asked(
        whole([groups[each.group] for each in looking]),
        whole([sum(_USES[use] for use in each.uses) for each in wanted]),
        whole([sum(_KINDS[kind] for kind in each.kinds) or sum(_KINDS.values()) for each in wanted]),
        whole([_band(each.area_least_m2, 0) for each in wanted]),
        whole([_band(each.area_most_m2, _LAST_BAND) for each in wanted]),
        np.array([each.area_least_m2 is not None or each.area_most_m2 is not None for each in wanted], bool),
        districts,
        np.array([not each.districts for each in wanted], bool),
    )


def _band(area: float | None, otherwise: int) -> int:
    return otherwise if area is None else _BANDS[band_of(area)[0]]


def _groups(alike: Whole, asked: _Asked) -> int:
    """How many groups look for spaces of one sort."""
    kind, uses, band, district = alike.tolist()
    fits = (asked.uses & uses > 0) & (asked.kinds >> kind & 1 > 0)
    fits &= ~asked.sized | ((band != _NO_BAND) & (asked.low <= band) & (band <= asked.high))
    fits &= asked.anywhere | ((district >= 0) & (asked.districts == district).any(axis=1))
    return len(np.unique(asked.group[fits]))
