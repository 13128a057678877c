"""What a person said of a list, having read its report: it goes before what we make of it ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import shapely

from tempuse.errors import Issue
from tempuse.folding import fold
from tempuse.io import guard
from tempuse.io.values.cells import Parsed
from tempuse.io.values.measures import Parser
from tempuse.spaces import PROPOSED_ADDRESS, PROPOSED_PLACE
from tempuse.vocabulary import PlacedBy

# What was done with a row that has no place.
WAITS = frozenset({"place.waits", "place.proposed", "addresses.near"})
# What became of a proposal that somebody took.
_TAKEN = {"addresses.near": "addresses.taken", "place.proposed": "place.proposal_taken"}


@dataclass(frozen=True, slots=True)
class ByHand:
    """What was said of single rows, by their line in the sender's file.

    Attributes:
        spaces: those that are spaces, though they look like a heading or say the same as another row.
        near: those that stand where it was proposed for them: at an address of a list, or where they say about.
        places: where rows are, in EPSG:4326.
    """

    spaces: frozenset[int] = frozenset()
    near: frozenset[int] = frozenset()
    places: Mapping[int, Any] = field(default_factory=dict)

    def settle(self, line: int, fields: dict[str, Any], issues: list[Issue]) -> None:
        """Give a row the place that was said; what was noticed about its having none goes."""
        if (place := self.places.get(line)) is not None:
            fields.update(geometry=place, placed_by=PlacedBy.PLANNER.value)
            issues[:] = [issue for issue in issues if issue.done not in WAITS]
        elif line in self.near and PROPOSED_PLACE in (beside := fields.get("source_fields") or {}):
            lat, lon = map(float, beside[PROPOSED_PLACE].split(","))
            by = PlacedBy.ADDRESS if PROPOSED_ADDRESS in beside else PlacedBy.PLANNER
            fields.update(geometry=shapely.Point(lon, lat), placed_by=by.value)
            kept = {name: text for name, text in beside.items() if name not in (PROPOSED_ADDRESS, PROPOSED_PLACE)}
            fields["source_fields"] = kept
            issues[:] = [
                replace(issue, done=_TAKEN[issue.done], grave=False) if issue.done in _TAKEN else issue
                for issue in issues
            ]


def propose(fields: dict[str, Any], issues: Iterable[Issue]) -> None:
    """Keep beside a row the place that was proposed for it, for one press to take."""
    for issue in issues:
        if issue.done == "place.proposed":
            fields["source_fields"] = {**fields.get("source_fields", {}), PROPOSED_PLACE: issue.values["at"]}
            return


def explained(parser: Parser, words: Mapping[str, str]) -> Parser:
    """A parser that reads a text which somebody has explained as what they say it is.

    Args:
        parser: reads what is left.
        words: other words for texts, by the folded text.
    """
    if not words:
        return parser

    def parse(value: Any) -> Parsed:
        return parser(words.get(fold(guard.as_told(value) or ""), value))

    return parse
