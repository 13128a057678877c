"""The decision on a request: what, why, on what terms, and until when one may object."""

from __future__ import annotations

from flask_babel import gettext

from tempuse.papers import PaperSection
from tempuse.papers.snapshot import DecisionOnPaper, Snapshot
from web.papers import plain, terms

# Decisions after which the terms hold; a refusal tells none of them, and no conditions.
WITH_TERMS = frozenset({"grant", "change", "end_early"})


def title(snapshot: Snapshot) -> str:
    """What the paper is called."""
    return gettext("Decision on temporary use")


def sections(snapshot: Snapshot) -> list[PaperSection]:
    """What was decided."""
    decision = snapshot.get("decision") or {}
    holds = decision.get("kind") in WITH_TERMS
    return plain.present([
        _what(decision), plain.about(snapshot), *plain.parties(snapshot), plain.spaces(snapshot),
        *(terms.sections(snapshot) if holds else []), _objection(decision), terms.proof(snapshot) if holds else None,
    ])  # fmt: skip


def _what(decision: DecisionOnPaper) -> PaperSection:
    return plain.section(
        gettext("The decision"),
        (gettext("Decision"), _kind(decision.get("kind", ""))),
        (gettext("Decided on"), plain.day(decision.get("on"))),
        (gettext("Decided by"), decision.get("by")),
        (gettext("Last day"), plain.day(decision.get("ended_on"))),
        (gettext("Reason"), decision.get("because")),
    )


def _objection(decision: DecisionOnPaper) -> PaperSection | None:
    if not decision.get("object_until_on"):
        return None
    return plain.section(
        gettext("If you do not agree"),
        (gettext("You may object until"), plain.day(decision["object_until_on"])),
        (gettext("Where"), decision.get("objections_to")),
    )


def _kind(value: str) -> str:
    return {
        "grant": gettext("the permit is granted"),
        "refuse": gettext("the request is refused"),
        "change": gettext("the terms are changed"),
        "end_early": gettext("the use ends early"),
        "revoke": gettext("the permit is revoked"),
    }.get(value, value)
