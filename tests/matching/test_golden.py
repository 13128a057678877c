"""What each function of a criterion answers, by its id, for good: kept matches are computed again by them.

``golden.json`` holds, by id, the cases in words and numbers, and a digest of the answers to many inputs. Who needs
another answer writes another function: ``size_2`` beside ``size_1``.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tempuse.facts import CONDITIONS, SOILS, SURROUNDINGS
from tempuse.matching import CRITERIA, Scale, functions, version
from tempuse.matching.functions import ENDLESS, NOTHING
from tempuse.wanted import KEYS

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parent / "golden.json").read_text())
CASES = [(function, case) for function, held in GOLDEN.items() for case in held["cases"]]

# What the inputs of the digest are taken from, in the order of each function's arguments.
_AREA, _DAYS, _YES_NO = (
    [NOTHING, 0, 2000, 4999, 5000, 12_345, ENDLESS],
    [NOTHING, 0, 1, 29, 30, 180, 365, 800],
    [0, 1, 2],
)
_MONEY, _BITS, _COUNT = (
    [0, 1, 19_999, 20_000, 25_001, ENDLESS],
    [0, 1, 2, 5, 64, 8191],
    [NOTHING, 0, 7, 8, 45, 46, 60, 300],
)
_INPUTS: dict[str, list[list[int]]] = {
    "use_1": [_BITS, _BITS, _BITS], "kind_1": [[0, 1, 2], list(range(8))], "size_1": [_AREA, _AREA, _AREA, _AREA],
    "start_1": [[-(2**31), 739_000, 739_100, 2**31 - 1], [739_000, 739_300, 2**31 - 1], [739_000, 739_050],
                [738_000, 739_000, 739_120]],
    "term_1": [_DAYS, _DAYS, _DAYS, _DAYS, [1, 14, 30, 365]], "hours_1": [_YES_NO, [0, 1, 3], [3, 168]],
    "place_1": [[0, 499, 2001, 3000], [0, 2500, ENDLESS], _YES_NO, [NOTHING, 500, 2000]],
    "cost_1": [_MONEY, _MONEY, _MONEY[:-1]], "facility_1": [_BITS, _BITS, [1, 2, 64]],
    "step_free_1": [_BITS, _BITS, [1, 2, 64], _COUNT], "enough_1": [_COUNT, [1, 25, 300]],
    "noise_1": [_COUNT, _COUNT[1:]],
    "quiet_1": [list(range(len(SURROUNDINGS)))], "condition_1": [list(range(len(CONDITIONS))), _YES_NO, [0, 1, 2]],
    "soil_1": [list(range(len(SOILS)))], "terms_1": [_YES_NO, _YES_NO, [0, 1, 2, 3], _YES_NO],
    "wishes_1": [_BITS, _YES_NO, _BITS, _YES_NO],
}  # fmt: skip


def digest(function: str) -> str:
    """Of what a function answers to every combination of its inputs."""
    inputs = np.meshgrid(*(np.array(values, np.int64) for values in _INPUTS[function]), indexing="ij")
    answers = np.stack(np.broadcast_arrays(*getattr(functions, function)(*inputs))).astype("<i8")
    return hashlib.sha256(answers.tobytes()).hexdigest()


@pytest.mark.parametrize(("function", "case"), CASES, ids=[f"{function}: {case['case']}" for function, case in CASES])
def test_a_case_has_its_answer(function: str, case: dict[str, Any]) -> None:
    answered = getattr(functions, function)(*(np.array(value) for value in case["inputs"]))
    assert [int(end) for end in answered] == case["answer"]


@pytest.mark.parametrize("function", GOLDEN)
def test_a_function_is_never_changed(function: str) -> None:
    assert digest(function) == GOLDEN[function]["digest"]


def test_every_criterion_has_one_line_and_a_function_with_cases() -> None:
    assert tuple(sorted(CRITERIA, key=KEYS.index)) == KEYS
    assert {each.id for each in CRITERIA.values()} <= set(GOLDEN)


def test_the_version_is_that_of_the_weights_too() -> None:
    assert version() == version(Scale()) == version(Scale({"size": 3}))
    others = (Scale(), Scale({"size": 4}), Scale({"size": 0}), Scale(enough=400))
    assert len({version(each) for each in others}) == len(others)
