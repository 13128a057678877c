"""What somebody plans, in their own words: which uses those words mean in any of the languages of our lists."""

from __future__ import annotations

import re
from functools import cache

from tempuse.folding import fold_name
from tempuse.io.crosswalk import shipped
from tempuse.vocabulary import UseCategory

# Nobody says more in a line.
_LONGEST = 500


@cache
def _known() -> tuple[tuple[str, str], ...]:
    """Phrases and what they mean, the longer before the shorter."""
    found = {fold_name(theirs): ours for theirs, ours in shipped("generic").values["suitable_uses"].items()}
    found |= {fold_name(each.label): each.value for each in UseCategory}
    ours_are = {each.value for each in UseCategory}
    phrases = [(theirs, ours) for theirs, ours in found.items() if ours in ours_are and len(theirs) > 2]
    return tuple(sorted(phrases, key=lambda pair: (-len(pair[0]), pair[0])))


def uses_in(text: str) -> tuple[str, ...]:
    """The uses that a text names, in the order in which it names them; a longer phrase before the words within it.

    "A repair café with a small kitchen" is a workshop and a kitchen.
    """
    said = f" {fold_name(text[:_LONGEST])} "
    found: dict[str, int] = {}
    for theirs, ours in _known():
        at = re.search(rf" {re.escape(theirs)}s? ", said)
        if at is not None and ours != UseCategory.OTHER:
            found.setdefault(ours, at.start())
            said = said[: at.start() + 1] + "·" * (at.end() - at.start() - 2) + said[at.end() - 1 :]
    return tuple(sorted(found, key=lambda use: found[use]))
