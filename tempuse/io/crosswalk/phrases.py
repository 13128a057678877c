"""Phrases within what somebody writes: which of ours they mean, a longer phrase before the words within it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tempuse.folding import fold_name

# Nobody says more in a line.
_LONGEST = 500

Phrases = tuple[tuple[str, str], ...]


def phrases_of(words: Mapping[str, str] | Iterable[tuple[str, str]]) -> Phrases:
    """Phrases and what they mean, folded, the longer before the shorter."""
    said = words.items() if isinstance(words, Mapping) else words
    folded = {name: ours for theirs, ours in said if (name := fold_name(theirs))}
    return tuple(sorted(folded.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def found_in(text: str, known: Phrases) -> tuple[str, ...]:
    """What a text names, in the order in which it names it."""
    said = f" {fold_name(text[:_LONGEST])} "
    found: dict[str, int] = {}
    for theirs, ours in known:
        at = re.search(rf" {re.escape(theirs)}s? ", said)
        if at is not None:
            found.setdefault(ours, at.start())
            said = said[: at.start() + 1] + "·" * (at.end() - at.start() - 2) + said[at.end() - 1 :]
    return tuple(sorted(found, key=lambda ours: found[ours]))
