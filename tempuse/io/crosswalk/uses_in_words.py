"""What somebody plans, in their own words: which uses those words mean in any of the languages of our lists."""

from __future__ import annotations

from functools import cache

from tempuse.io.crosswalk import shipped
from tempuse.io.crosswalk.phrases import Phrases, found_in, phrases_of
from tempuse.vocabulary import UseCategory


@cache
def _known() -> Phrases:
    ours_are = {each.value for each in UseCategory} - {UseCategory.OTHER.value}
    said = [*shipped("generic").values["suitable_uses"].items(), *((each.label, each.value) for each in UseCategory)]
    return phrases_of((theirs, ours) for theirs, ours in said if ours in ours_are and len(theirs) > 2)


def uses_in(text: str) -> tuple[str, ...]:
    """The uses that a text names, in the order in which it names them; a longer phrase before the words within it.

    "A repair café with a small kitchen" is a workshop and a kitchen.
    """
    return found_in(text, _known())
