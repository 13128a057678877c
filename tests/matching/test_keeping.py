"""A kept match: computed again from what it keeps, also in ten years, and said with the same words as on its day."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempuse import matching
from tempuse.matches import Match, blank, digest
from tempuse.matching import functions
from tempuse.matching.reasons import Reason
from tempuse.vocabulary import MatchTier
from tempuse.wanted import Wanted
from tests.matching.columns import HERE, TODAY, USE, north_of_here, of, spaces
from tests.matching.crowds import crowd
from tests.matching.questions import questions

CROWD = crowd(300, 5)
CAFE = Wanted(uses=("workshop",), area_least_m2=60, near=HERE, within_m=2000, hours=0b111 << 43, themes=("food",))
SHED = spaces({"uses": USE["workshop"], **of(48), **north_of_here(1500), "shared": 1, "taken": 0b1 << 44})


def kept(offers: Any = SHED, wanted: Wanted = CAFE) -> Match:
    """What is kept, as a register brings it back."""
    made = matching.keep(offers, wanted, TODAY)
    made.sha256 = digest(made)
    made.criteria = tuple(json.loads(json.dumps(made.criteria)))
    return made


@given(questions(), st.integers(0, len(CROWD) - 1))
def test_whatever_is_kept_comes_out_again_and_is_what_was_listed(wanted: Wanted, row: int) -> None:
    made, one = kept(CROWD.take(np.array([row])), wanted), CROWD.take(np.array([row]))
    judged = matching.judge(one, wanted, TODAY)
    assert list(matching.faults(made)) == []
    assert tuple(each["key"] for each in made.criteria) == judged.keys
    assert [(each["lo"], each["hi"]) for each in made.criteria] == list(
        zip(judged.lo[:, 0].tolist(), judged.hi[:, 0].tolist(), strict=True)
    )
    assert list(MatchTier).index(MatchTier(made.tier)) == judged.tier[0]
    assert made.good - made.bad == judged.lead[0]
    then = matching.reasons(one, 0, wanted, TODAY)
    assert [replace(each, values={}) for each in matching.reasons_kept(made)] == [
        replace(each, values={}) for each in then
    ]
    blank(made)
    assert list(matching.faults(made)) == []


def test_the_point_is_never_kept_and_what_is_blanked_tells_no_distance() -> None:
    made = kept()
    assert "near" not in made.question
    assert "within=2000" in made.question
    values = dict(next(each for each in made.criteria if each["key"] == "place")["given"])
    assert values["pair.near_m"] == values["pair.far_m"] == pytest.approx(1500, abs=2)
    assert str(HERE[0]) not in json.dumps([made.question, made.criteria])
    blank(made)
    said = json.dumps([made.question, made.criteria])
    assert "within" not in made.question
    assert str(values["pair.near_m"]) not in said
    assert [each.key for each in matching.reasons_kept(made)] == ["size", "hours", "use", "wishes"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"good": 1}, {"sum", "sha256"}), ({"tier": "fits"}, {"sum", "sha256"}), ({"version": "old"}, {"sha256"}),
        ({"space_ref": "SP-0009"}, {"sha256"}), ({"facts": {"kind": "plot"}}, {"sha256"}),
    ],
)  # fmt: skip
def test_what_somebody_changed_does_not_come_out_again(change: dict[str, Any], found: set[str]) -> None:
    assert set(matching.faults(replace(kept(), **change))) == found


def test_a_function_that_answers_otherwise_or_is_gone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    made = kept()
    monkeypatch.setattr(functions, "size_1", lambda *inputs: (np.int64(1000), np.int64(1000)))
    assert list(matching.faults(made)) == ["size"]
    monkeypatch.delattr(functions, "use_1")
    assert list(matching.faults(made)) == ["use", "size"]


def test_reasons_come_back_with_what_their_sentences_need() -> None:
    told: dict[str, Reason] = {each.key: each for each in matching.reasons_kept(kept())}
    assert told["size"].values["area_low"] == 48
    assert int(told["hours"].values["taken"]) == 0b1 << 44
    assert told["place"].values["within_m"] == 2000
