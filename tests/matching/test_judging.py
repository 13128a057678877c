"""Both directions, the fast tests and the slow ones: one judgement, whoever asks."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tempuse import matching
from tempuse.matching.functions import FULL
from tempuse.matching.pairs import Pairs
from tempuse.matching.quick import fails, meets
from tempuse.wanted import KEYS, Wanted
from tests.matching.columns import TODAY, rows, spaces
from tests.matching.questions import questions

many_rows = st.lists(rows(), min_size=1, max_size=6)
many_questions = st.lists(questions(), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(many_rows, questions())
def test_an_answer_is_an_interval_and_the_fast_test_agrees_with_it(told: list[dict[str, Any]], wanted: Wanted) -> None:
    offers, asked = spaces(*told), matching.wants([wanted], TODAY)
    judged = matching.judge(offers, wanted, TODAY)
    assert ((judged.lo >= 0) & (judged.lo <= judged.hi) & (judged.hi <= FULL)).all()
    for row, key in enumerate(judged.keys):
        for places in (slice(0, len(offers)), np.arange(len(offers))[::-1]):
            pairs, place = Pairs(offers, places, asked, 0), KEYS.index(key)
            assert fails(place, asked, 0)(pairs).tolist() == (judged.hi[row][places] < FULL).tolist(), key
            assert not (meets(place, asked, 0)(pairs) & (judged.lo[row][places] < FULL)).any(), key


@settings(max_examples=40, deadline=None)
@given(many_rows, many_questions)
def test_a_space_judges_its_questions_as_they_judge_it(told: list[dict[str, Any]], wanted: list[Wanted]) -> None:
    offers, asked = spaces(*told), matching.wants(wanted, TODAY)
    theirs = [matching.judge(offers, each, TODAY) for each in wanted]
    for row in range(len(offers)):
        ours = matching.judge_needs(offers, asked, row=row)
        for place, judged in enumerate(theirs):
            keys = [KEYS.index(key) for key in judged.keys]
            assert np.flatnonzero(ours.asked[:, place]).tolist() == keys
            for name in ("lo", "hi"):
                assert getattr(ours, name)[keys, place].tolist() == getattr(judged, name)[:, row].tolist()
            for name in ("tier", "lead", "score", "completeness"):
                assert getattr(ours, name)[place] == getattr(judged, name)[row], name
