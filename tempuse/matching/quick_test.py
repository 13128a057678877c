"""What a quick test is, and those of criteria whose columns have few values: their function is asked once for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tempuse.facts import CONDITIONS, SOILS, SURROUNDINGS, YES
from tempuse.matching.functions import FULL
from tempuse.matching.pairs import Pairs
from tempuse.matching.table import BY_PLACE, PLACES
from tempuse.matching.wants import Wants
from tempuse.vocabulary import SpaceKind

Flags = NDArray[np.bool_]
# Asked of some spaces with the question that it was made for.
Test = Callable[[Pairs], Flags]

# How many values the columns have that have few.
_VALUES = {
    "kind": len(SpaceKind), "condition": len(CONDITIONS), "surroundings": len(SURROUNDINGS), "soil": len(SOILS),
    "registered": YES + 1, "insurance": YES + 1,
}  # fmt: skip


def want(asked: Wants, pick: int, name: str) -> int:
    """A number of one question."""
    return int(asked.columns[name][pick])


def none(pairs: Pairs) -> Flags:
    """No space."""
    return np.zeros(len(pairs), bool)


def every(pairs: Pairs) -> Flags:
    """Every space."""
    return np.ones(len(pairs), bool)


@lru_cache(maxsize=512)
def _by_values(key: str, wanted: tuple[int, ...]) -> tuple[Test, Test]:
    """Who fails a criterion and who meets it, given the numbers that it reads of the question."""
    criterion = BY_PLACE[PLACES[key]]
    names = [name.partition(".")[2] for name in criterion.inputs if name.startswith("offer.")]
    shape = tuple(_VALUES[name] for name in names)
    grids, numbers = iter(np.indices(shape)), iter(wanted)
    inputs = [next(grids) if name.startswith("offer.") else np.int64(next(numbers)) for name in criterion.inputs]
    lo, hi = (np.broadcast_to(end, shape) for end in criterion.function(*inputs))
    return _of_few(names, hi < FULL), _of_few(names, lo == FULL)


def _few_values(asked: Wants, pick: int, key: str) -> tuple[Test, Test]:
    read = [name.partition(".") for name in BY_PLACE[PLACES[key]].inputs]
    return _by_values(key, tuple(want(asked, pick, name) for side, _, name in read if side == "want"))


def _of_few(names: list[str], flags: NDArray[np.bool_]) -> Test:
    if not flags.any():
        return none
    if flags.all():
        return every
    held = np.uint8 if flags.size <= 8 else np.uint16 if flags.size <= 16 else np.uint32
    bits = held(sum(1 << place for place in np.flatnonzero(flags).tolist()))

    def test(pairs: Pairs) -> Flags:
        code = pairs.offer(names[0])
        for name, size in zip(names[1:], flags.shape[1:], strict=True):
            code = code * np.uint8(size) + pairs.offer(name)
        return np.asarray((bits >> code.astype(held)) & held(1) != 0)

    return test


def few_fail(asked: Wants, pick: int, key: str) -> Test:
    """Which spaces fail such a criterion."""
    return _few_values(asked, pick, key)[0]


def few_meet(asked: Wants, pick: int, key: str) -> Test:
    """Which spaces meet it."""
    return _few_values(asked, pick, key)[1]
