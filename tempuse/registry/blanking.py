"""What events tell of persons from outside the office is blanked, when the time of what they are about is over."""

from __future__ import annotations

from typing import Any

from tempuse.registry.erasing import ERASED
from tempuse.store import purging
from tempuse.store.engine import Connection
from tempuse.store.purging import Told

# What events tell that is no person's: days, numbers, kinds, refs of things.
_SAFE = frozenset({
    "status", "terms_version", "starts_on", "ends_on", "ended_on", "ended_how", "outcome", "on", "says_yes", "party",
    "holder_ref", "grantor_ref", "space_refs", "due_on", "kept", "verdict", "department", "condition", "space_ref",
    "met_how", "initiative_ref", "permit_ref", "need_ref",
})  # fmt: skip


def blank_events(con: Connection, noun: str, ref: str, by: str) -> set[str]:
    """Blank what the events of a thing tell of persons from outside the office; whom they named."""
    told = purging.events_of(con, noun, ref)
    named = {each.person_ref for each in told if each.person_ref}
    office = purging.in_office(con, sorted(named))
    for each in told:
        outside = each.person_ref is not None and each.person_ref not in office
        changes = {name: _safe(name, pair) for name, pair in (each.changes or {}).items()} or None
        blank = Told(
            each.id, by if outside else each.actor, None if outside else each.person_ref, changes,
            ERASED if each.note else each.note,
        )  # fmt: skip
        if blank != each:
            purging.rewrite(con, blank)
    return named


def _safe(name: str, pair: Any) -> Any:
    """What an event tells of a field, with the mark where it may tell of a person."""
    if name in _SAFE or not isinstance(pair, (list, tuple)):
        return pair
    return [ERASED if each else each for each in pair]
