"""Spaces against questions: what the functions of the criteria are given.

One side is a single one and the other an array; or both are arrays of one length, and each space has its question.

Numbers of a space become whole here (hundredths of a m2, metres, days, cents), and what needs both sides, such as
a distance, is made of both, in the same way from either side.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tempuse.geometry import distance_m
from tempuse.matching.functions import ENDLESS, NOTHING, Answer
from tempuse.matching.table import BY_PLACE, Criterion
from tempuse.matching.wants import BITS, Wants
from tempuse.offers import Offers

Rows = slice | NDArray[np.int64] | int
Picks = NDArray[np.int64] | int

# How many hours are in a byte of a week's bits.
_BITS_IN = np.array([each.bit_count() for each in range(256)], np.uint8)
_HUNDREDTHS = frozenset({"area_low", "area_high"})


class Pairs:
    """Some spaces and some questions, at least one side of them a single one, or one question for each space.

    Args:
        offers: the spaces.
        rows: which of them, each once.
        wants: the questions.
        picks: which of them.
    """

    def __init__(self, offers: Offers, rows: Rows, wants: Wants, picks: Picks) -> None:
        self.offers, self.rows, self.wants, self.picks = offers, rows, wants, picks
        self._raw: dict[str, Any] = {}
        self._wider: tuple[dict[str, Any], NDArray[np.int64]] | None = None
        self._held: dict[str, Any] = {}

    def __len__(self) -> int:
        if isinstance(self.rows, slice):
            return int(self.rows.stop - self.rows.start)
        return 1 if isinstance(self.rows, int) else len(self.rows)

    def at(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """The spaces at some places among these, by their places in the offers."""
        return places + self.rows.start if isinstance(self.rows, slice) else np.asarray(self.rows)[places]

    def narrow(self, places: NDArray[np.int64]) -> Pairs:
        """The spaces at some places among these, with the same questions; what was read of them is not read again."""
        found = Pairs(self.offers, self.at(places), self.wants, self.picks)
        found._wider = self._raw, places
        return found

    def asked_by(self, wants: Wants, pick: int) -> Pairs:
        """The same spaces with another question."""
        found = Pairs(self.offers, self.rows, wants, pick)
        found._raw = self._raw
        return found

    def offer(self, name: str) -> Any:
        """A column of the spaces as it is held."""
        if name not in self._raw:
            if self._wider is not None and name in self._wider[0]:
                self._raw[name] = self._wider[0][name].take(self._wider[1])
            else:
                column = getattr(self.offers, name)
                self._raw[name] = column.take(self.rows) if isinstance(self.rows, np.ndarray) else column[self.rows]
        return self._raw[name]

    def want(self, name: str) -> Any:
        """A column of the questions; of a single one its number."""
        found = self.wants.columns[name][self.picks]
        return int(found) if isinstance(self.picks, int) else found

    def input(self, name: str, key: str) -> Any:
        """What a criterion is given under a name of its line, whole numbers of 64 bits."""
        if name == "pair.bit":
            return BITS[key]
        if name not in self._held:
            side, _, column = name.partition(".")
            made = {"offer": self._whole, "want": self.want, "pair": self._of_both}[side](column)
            self._held[name] = made
        return self._held[name]

    def answer(self, place: int) -> Answer:
        """What the criterion at a place in KEYS answers."""
        return answer(BY_PLACE[place], self)

    def _whole(self, name: str) -> Any:
        column = self.offer(name)
        if column.dtype.kind != "f":
            return column.astype(np.int64)
        scale = 100.0 if name in _HUNDREDTHS else 1.0
        numbers = np.fmin(np.rint(column * np.float64(scale)), ENDLESS)
        return np.where(np.isnan(column), NOTHING, numbers).astype(np.int64)

    def _of_both(self, name: str) -> Any:
        if name in ("near_m", "far_m"):
            return self.metres()[name == "far_m"]
        if name in ("stay_low", "stay_high"):
            return self.stay("from_high" if name == "stay_low" else "from_low")
        return self.district() if name == "district" else self.taken()

    def metres(self) -> tuple[Any, Any]:
        """How far it is at least and at most, in whole metres; 0 and ENDLESS where the place is not known."""
        here = (self.wants.lon[self.picks], self.wants.lat[self.picks])
        far, spread = distance_m(self.offer("lon"), self.offer("lat"), here), np.ceil(self.offer("spread"))
        known = np.isfinite(far) & np.isfinite(spread)
        metres = np.where(known, np.rint(far), 0).astype(np.int64)
        around = np.where(known, spread, 0).astype(np.int64)
        return np.where(known, np.maximum(metres - around, 0), 0), np.where(known, metres + around, ENDLESS)

    def district(self) -> Any:
        """Whether it lies in one of the districts that are named: 0 no, 1 yes, 2 not known; 0 where none is named.

        Who has a place and no district lies in none.
        """
        named = self.wants.districts[self.picks]
        own = self.offer("district")
        within = np.zeros(np.broadcast_shapes(np.shape(own), named.shape[:-1]), bool)
        for column in range(named.shape[-1]):
            within |= own == named[..., column]
        unknown = (own < 0) & ~np.isfinite(self.offer("lon")) & (named > 0).any(axis=-1)
        return np.where(unknown, 2, within).astype(np.int64)

    def taken(self) -> Any:
        """How many of the wanted hours others have, where that is told."""
        few, hours = self.offers.few, self.wants.hours[self.picks]
        at, places = self.among(few.rows)
        if isinstance(self.rows, int):
            held = few.taken[at].sum(axis=0, dtype=np.uint8) if len(at) else np.zeros(hours.shape[-1], np.uint8)
            return _BITS_IN[held & hours].sum(axis=-1, dtype=np.int64)
        found = np.zeros(len(self), np.int64)
        own = hours if hours.ndim == 1 else hours[places]
        found[places] = _BITS_IN[few.taken[at] & own].sum(axis=-1, dtype=np.int64)
        return found

    def stay(self, begins: str) -> Any:
        """Days in a row for which it is to be had: from its first day, or in a later stretch that begins in time."""
        earliest, by = self.want("earliest"), self.want("by")
        until = self.offer("until" if begins == "from_high" else "until_high").astype(np.int64)
        stay = np.maximum(until - np.maximum(self.offer(begins).astype(np.int64), earliest) + 1, 0)
        few = self.offers.few
        at, places = self.among(few.again)
        if isinstance(self.rows, int):
            for first, last in zip(few.first[at].tolist(), few.last[at].tolist(), strict=True):
                stay = np.maximum(stay, np.where(first <= by, last - np.maximum(first, earliest) + 1, 0))
        elif len(at):
            first = few.first[at]
            if not isinstance(self.picks, int):
                earliest, by = earliest[places], by[places]
            days = np.where(first <= by, few.last[at] - np.maximum(first, earliest) + 1, 0)
            np.maximum.at(stay, places, days)
        return stay

    def among(self, held: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of a few ascending places are among the rows: where they stand there, and where among the rows."""
        nothing = np.zeros(0, np.int64)
        if not len(held):
            return nothing, nothing
        if isinstance(self.rows, int):
            at = np.arange(*np.searchsorted(held, [self.rows, self.rows + 1]))
            return at, np.zeros(len(at), np.int64)
        if isinstance(self.rows, slice):
            at = np.arange(*np.searchsorted(held, [self.rows.start, self.rows.stop]))
            return at, held[at] - self.rows.start
        rows, order = self.rows, None
        if not (rows[1:] > rows[:-1]).all():
            order = np.argsort(rows)
            rows = rows[order]
        at = np.arange(*np.searchsorted(held, [rows[0], rows[-1] + 1])) if len(rows) else nothing
        places = np.searchsorted(rows, held[at])
        there = rows[places] == held[at]
        return at[there], places[there] if order is None else order[places[there]]


def answer(criterion: Criterion, pairs: Pairs) -> Answer:
    """What one criterion answers for the pairs, (lo, hi) in thousandths."""
    return criterion.function(*(pairs.input(name, criterion.key) for name in criterion.inputs))
