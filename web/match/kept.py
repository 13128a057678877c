"""A kept match in the reader's language: what was asked, how a space fitted it, of which day and by which criteria."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tempuse import matching
from tempuse.matches import Match
from tempuse.store import matches
from tempuse.vocabulary import MatchTier
from web import database
from web.match import answers, wording
from web.presenters import labels


@dataclass(frozen=True, slots=True)
class KeptMatch:
    """One kept match.

    Attributes:
        ref: of the match; ``space_ref`` of the space.
        on: the day on which it was computed.
        tier: how it fitted, in a word or two.
        summary: what was asked, in one line.
        verdict: "Four of six fit", in words.
        reasons: why, the most important first.
        version: of the criteria.
    """

    ref: str
    space_ref: str
    on: date | None
    tier: str
    summary: str
    verdict: str
    reasons: list[answers.SaidReason]
    version: str


def tell(match: Match) -> KeptMatch:
    """A kept match in words; of nothing but what it keeps."""
    wanted = match.wanted
    told = [answers.tell(match.facts, wanted, each) for each in matching.reasons_kept(match)]
    return KeptMatch(
        match.ref, match.space_ref, match.on, labels.term(MatchTier, match.tier), wording.summary(wanted),
        answers.verdict(told), told, match.version,
    )  # fmt: skip


def of_permit(ref: str, space_refs: Collection[str]) -> list[KeptMatch]:
    """What was kept with a request, of those of its spaces that it still asks for."""
    found = matches.of_permit(database.connection(), ref)
    return [tell(each) for each in found if each.space_ref in space_refs]
