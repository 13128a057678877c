"""Match: how well a space fitted what somebody looked for, on one day; kept with what came of it, and never changed.

Everything that led to it stands in it: what each function was given, so that it is computed again in ten years, and
what a sentence needs, so that it is said in any language. Where somebody wanted to be near is never kept, only how far
away the space is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from tempuse import questions
from tempuse import vocabulary as v
from tempuse.fields import field
from tempuse.refs import noun
from tempuse.wanted import Wanted

# What a reason may name of a space, as its published feature calls it. Nothing else of the feature is kept.
SAID = (
    "area_band_m2", "available_from", "available_until", "ceiling_height_cm", "condition", "contamination",
    "cost_model", "district", "door_width_cm", "excluded_uses", "favoured_themes", "fire_capacity_persons",
    "floor_area_m2", "floor_load_kg_m2", "free_from", "highest_step_cm", "insurance_required", "kind",
    "longest_term_days", "noise_limit_db", "plot_area_m2", "registered_only", "shortest_term_days", "suitable_uses",
    "surroundings", "wants_public_access",
)  # fmt: skip
# The parts of a question that tell near whom somebody lives or works, and the criterion that is made of them.
_PLACE, _BY_PLACE = ("near", "within"), "place"


@noun("match", "MT")
@dataclass(slots=True, kw_only=True)
class Match:
    """One space against one question, as everybody saw the space.

    Attributes:
        permit_ref: the request that began with it.
        need_ref: the need that asks the same, where there is one.
        on: the day on which it was computed, in the city's time zone.
        version: of the criteria.
        question: what was asked, without its point.
        facts: what everybody saw of the space, of SAID.
        criteria: one map each, in the order of ``wanted.KEYS``: ``key``; ``function``, its id; ``given``, pairs of an
            input's name and its whole number; ``weight`` in thousandths; ``must``; ``lo`` and ``hi``; ``values`` as in
            ``matching.Reason``, None where nobody is told of it.
        good: what speaks for it, in thousandths of thousandths; ``bad`` against it; ``total`` what all weighs.
        enough: how much had to be known of what fits, in thousandths.
        sha256: of everything that is never blanked.
    """

    RULES: ClassVar = ()

    ref: str = field("text", default="", fixed=True, needed=True)
    permit_ref: str | None = field("text", fixed=True)
    need_ref: str | None = field("text", fixed=True)
    space_ref: str = field("text", default="", fixed=True, needed=True)
    because: str = field("choice", default=v.MatchBecause.REQUESTED.value, of=v.MatchBecause, fixed=True)
    on: date | None = field("day", fixed=True)
    version: str = field("text", default="", fixed=True)
    tier: str = field("choice", default=v.MatchTier.ASK.value, of=v.MatchTier, fixed=True)
    question: str = field("long", default="", fixed=True)
    facts: dict[str, Any] = field("map", default=dict, fixed=True)
    criteria: tuple[dict[str, Any], ...] = field("list", default=(), fixed=True)
    good: int = field("whole", default=0, fixed=True)
    bad: int = field("whole", default=0, fixed=True)
    total: int = field("whole", default=0, fixed=True)
    enough: int = field("whole", default=0, fixed=True)
    sha256: str = field("text", default="", fixed=True)
    made_at: datetime | None = field("instant", fixed=True)

    @property
    def wanted(self) -> Wanted:
        """What was asked, as far as it is understood today."""
        return questions.read_text(self.question)[0]


def _without(text: str, *names: str) -> str:
    return urlencode([pair for pair in parse_qsl(text) if pair[0] not in names], safe=",:")


def question_kept(wanted: Wanted) -> str:
    """A question as a match keeps it: without its point."""
    return _without(questions.text_of(wanted), "near")


def digest(match: Match) -> str:
    """The hash of what is never blanked: what came out, by what, of which question without its place."""
    criteria = [[each[name] for name in ("key", "function", "weight", "must", "lo", "hi")] for each in match.criteria]
    numbers = [match.good, match.bad, match.total, match.enough]
    held = [
        match.space_ref, match.because, str(match.on), match.version, match.tier, _without(match.question, *_PLACE),
        match.facts, criteria, numbers,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(held, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def blank(match: Match) -> None:
    """Take out how far away from somebody the space lies: of several spaces their place could be found by it."""
    match.question = _without(match.question, *_PLACE)
    match.criteria = tuple(
        {**each, "given": None, "values": None} if each["key"] == _BY_PLACE else each for each in match.criteria
    )  # fmt: skip
