"""The words by which each space is found, and which spaces hold the words that somebody asks for.

A million short texts as Python strings would take 200 MB and be walked in a second; here they are runs of bytes, one a
batch of rows, that a regular expression walks in some tens of milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempuse.folding import fold

# More words narrow nothing further that anybody means.
MOST_WORDS = 8
# Runs of more rows than this are not copied together.
_MOST_ROWS = 20_000

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Run:
    """The texts of some rows in one, each begun by a newline; of a row that is in two, the later change holds."""

    text: bytes
    starts: NDArray[np.int64]
    numbers: Numbers
    change: int

    def __len__(self) -> int:
        return len(self.numbers)

    def holding(self, words: Sequence[re.Pattern[bytes]]) -> NDArray[np.bool_]:
        """Which rows hold every word."""
        found = np.ones(len(self), bool)
        for word in words:
            at = np.array([each.start() for each in word.finditer(self.text)], np.int64)
            one = np.zeros(len(self), bool)
            one[np.searchsorted(self.starts, at, side="right") - 1] = True
            found &= one
        return found

    def with_later(self, later: _Run) -> _Run:
        """Both as one."""
        stay = np.flatnonzero(~np.isin(self.numbers, later.numbers))
        ends = np.append(self.starts[1:], len(self.text))
        kept = _run([self.text[self.starts[row] : ends[row]] for row in stay.tolist()], self.numbers[stay], 0)
        return _Run(
            kept.text + later.text, np.concatenate([kept.starts, len(kept.text) + later.starts]),
            np.concatenate([kept.numbers, later.numbers]), later.change,
        )  # fmt: skip


def _run(texts: Sequence[bytes], numbers: Numbers, change: int) -> _Run:
    starts = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    return _Run(b"".join(texts), starts[:-1], numbers, change)


class Texts:
    """The words of every space, by the number of its ref; never changed once made."""

    def __init__(self, runs: tuple[_Run, ...] = ()) -> None:
        self._runs = runs

    def changed(self, batches: Iterable[tuple[Sequence[int], Sequence[str | None]]]) -> Texts:
        """The texts after some were added or changed. What nobody asks for any more may stay.

        Args:
            batches: numbers of refs and the text of each, folded (None holds no word); each number once.
        """
        runs = list(self._runs)
        change = runs[-1].change + 1 if runs else 0
        for numbers, texts in batches:
            lines = [b"\n" + (text or "").encode() for text in texts]
            runs.append(_run(lines, np.array(numbers, np.int32), change))
        while len(runs) > 1 and len(runs[-2]) <= min(2 * len(runs[-1]), _MOST_ROWS):
            later = runs.pop()
            runs[-1] = runs[-1].with_later(later)
        return Texts(tuple(runs))

    def holding(self, asked: str) -> Numbers:
        """The numbers of those that hold every word that is asked for; a figure only where a number begins."""
        words = [_pattern(word) for word in fold(asked).split()[:MOST_WORDS]]
        found = [np.zeros(0, np.int32)]
        for run in self._runs:
            here = run.numbers[run.holding(words)]
            later = [each.numbers for each in self._runs if each.change > run.change]
            found.append(here[~np.isin(here, np.concatenate(later))] if later else here)
        return np.concatenate(found)


def _pattern(word: str) -> re.Pattern[bytes]:
    """Finds a word at most once a text: the search goes on behind the text that holds it."""
    start = rb"(?<![0-9])" if word[:1].isdigit() else b""
    return re.compile(start + re.escape(word.encode()) + rb"[^\n]*")
