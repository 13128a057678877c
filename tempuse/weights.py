"""What a city weighs otherwise than the table of criteria: ``size=5 wishes=0``, each from 0 to 5; 0 takes one away."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tempuse.errors import Issue
from tempuse.wanted import KEYS

Weights = Mapping[str, int]

LARGEST = 5
# How much of what is asked must be known of what fits, in thousandths, unless a city says another.
ENOUGH = 500
_PAIR = re.compile(r"([a-z_:]{1,60})=([+-]?\d{1,6})")


def read(text: str) -> tuple[dict[str, int], list[Issue]]:
    """The weights that a person typed, with blanks or commas between them, and what is wrong with them."""
    found: dict[str, int] = {}
    issues: list[Issue] = []
    for part in re.sub(r"\s*=\s*", "=", re.sub("[,;]", " ", text)).split():
        pair = _PAIR.fullmatch(part.lower())
        if pair is None or pair[1] not in KEYS:
            issues.append(
                Issue.of("match_weights", part, "setting.weight_unknown", name=part.partition("=")[0], value=part[:40])
            )
        elif not 0 <= int(pair[2]) <= LARGEST:
            issues.append(Issue.of("match_weights", part, "setting.weight", name=pair[1], value=pair[2], most=LARGEST))
        else:
            found[pair[1]] = int(pair[2])
    return {key: found[key] for key in KEYS if key in found}, issues


def text_of(weights: Weights) -> str:
    """The same weights as ``read`` takes them."""
    return " ".join(f"{key}={weight}" for key, weight in weights.items())


def fits(weights: Weights) -> bool:
    """Whether these can be a city's."""
    return all(key in KEYS and type(weight) is int and 0 <= weight <= LARGEST for key, weight in weights.items())
