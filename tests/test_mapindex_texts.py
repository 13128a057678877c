"""Words are found in many short texts as a simple search would find them, whatever was changed before."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tempuse.folding import fold
from tempuse.mapindex.texts import Texts

words = st.text("abß14é .-", max_size=12)
changes = st.lists(st.lists(st.dictionaries(st.integers(1, 60), words, max_size=30), max_size=3), max_size=12)


def holds(text: str, asked: str) -> bool:
    return all(
        re.search(("(?<![0-9])" if word[0].isdigit() else "") + re.escape(word), text) for word in fold(asked).split()
    )


@given(changes, words)
def test_every_word_is_asked_for_in_the_newest_text_of_each(changed: list[list[dict[int, str]]], asked: str) -> None:
    texts, truth = Texts(), {}
    for batches in changed:
        apart: dict[int, str] = {}
        given_ = []
        for batch in batches:
            fresh = {number: fold(text) for number, text in batch.items() if number not in apart}
            apart |= fresh
            given_.append((list(fresh), list(fresh.values())))
        texts = texts.changed(given_)
        truth |= apart
    found = texts.holding(asked).tolist()
    assert sorted(found) == sorted(number for number, text in truth.items() if holds(text, asked))


def test_a_figure_is_found_where_a_number_begins() -> None:
    texts = Texts().changed([([1, 2, 3], ["sp-0001 14 bark street", "sp-0002 214 bark street", None])])
    assert texts.holding("14 Bark").tolist() == [1]
    assert texts.holding("BARK").tolist() == [1, 2]
    assert texts.holding("sp-0002").tolist() == [2]
    assert texts.holding("street 14").tolist() == [1]
    assert texts.holding("").tolist() == [1, 2, 3]
