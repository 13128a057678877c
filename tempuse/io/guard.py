"""One odd value never ends an import: what a reader of ours did not expect costs that value and nothing else."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tempuse.errors import TempuseError
from tempuse.texts import without_controls

_log = logging.getLogger("tempuse.import")


class Log:
    """What one import could not read, for the log of the program: a line for each kind and place in the code."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def note(self, what: str, error: Exception) -> None:
        """Write down that something of this kind could not be read.

        Never the value, nor what the error says: both may name people.
        """
        last = traceback.extract_tb(error.__traceback__)[-1]
        line = f"{what} could not be read: {type(error).__name__} in {Path(last.filename).name}:{last.lineno}"
        if line not in self._said:
            self._said.add(line)
            _log.warning(line)


def as_text(value: Any) -> str:
    """A value as text, whatever it is; empty where it has none."""
    try:
        return without_controls(str(value))
    except Exception:  # Python itself writes no whole number of more than 4,300 figures
        return ""


def as_told(value: Any) -> str | None:
    """A value as its sender wrote it, whatever it is; None where that is nothing."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return as_text(value).strip() or None


def by_halves(
    rows: Sequence[Any], work: Callable[[Sequence[Any]], Any], take: Callable[[int, Any], None],
    give_up: Callable[[int, Exception], None],
) -> None:  # fmt: skip
    """Do a piece of work on many rows at once; where it fails, on halves of them, down to the one that is odd.

    Args:
        rows: what to work on.
        work: takes some of the rows, in order.
        take: gets the position of the first of these rows, and what ``work`` gave.
        give_up: gets the position of a row that cannot be worked on even alone, and why.

    Raises:
        TempuseError: as ``work`` does; a rule that is broken is no odd value.
    """
    waiting = [(0, len(rows))] if len(rows) else []
    while waiting:
        first, end = waiting.pop()
        try:
            found = work(rows[first:end])
        except TempuseError:
            raise
        except Exception as error:
            if end - first == 1:
                give_up(first, error)
            else:
                middle = (first + end) // 2
                waiting += [(middle, end), (first, middle)]
        else:
            take(first, found)
