"""What stands in the way of an approval, all of it at once: each obstacle is an issue with its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from tempuse.agreements import word_on
from tempuse.durations import most_days
from tempuse.errors import Issue
from tempuse.occurrences import check_occurrences
from tempuse.permits import Permit
from tempuse.registry.permits.asking import not_answered
from tempuse.registry.permits.checking import not_checked
from tempuse.registry.permits.heads import within_head
from tempuse.registry.permits.holding import Held
from tempuse.registry.permits.noticing import not_heard
from tempuse.spaces import Space
from tempuse.store import agreements, permits, spaces
from tempuse.store.engine import Connection
from tempuse.terms import Terms, check_terms
from tempuse.vocabulary import Ownership, SpaceStatus

Obstacle = Callable[[Connection, Held], list[Issue]]


def needs_word(of: Sequence[Space]) -> bool:
    """Whether the owner's yes is needed: the city's own spaces are the planner's to give."""
    return any(space.ownership != Ownership.MUNICIPALITY for space in of)


def _there(con: Connection, held: Held) -> list[Issue]:
    """Whether the spaces can be given at all, and in these days."""
    issues, terms = [], held.terms
    for space in _spaces(con, held.permit):
        if space.status in (SpaceStatus.RETIRED, SpaceStatus.WITHHELD):
            values: dict[str, Any] = {"ref": space.ref, "status": SpaceStatus(space.status)}
            if space.retired_on:
                values |= {"day": space.retired_on, "why": space.retired_why or ""}
                issues.append(Issue.of("space_refs", space.ref, "permit.space_retired", **values))
            else:
                issues.append(Issue.of("space_refs", space.ref, "permit.space_gone", **values))
        if space.available_from and terms.starts_on and terms.starts_on < space.available_from:
            issues.append(_outside("permit.too_early", space.ref, space.available_from))
        if space.available_until and terms.ends_on and terms.ends_on > space.available_until:
            issues.append(_outside("permit.too_late", space.ref, space.available_until))
    return issues


def _outside(message: str, ref: str, day: date) -> Issue:
    return Issue.of("space_refs", ref, message, ref=ref, day=day)


def _right(con: Connection, held: Held) -> list[Issue]:
    return [*check_terms(held.terms), *check_occurrences(held.terms)]


def _not_too_long(con: Connection, held: Held) -> list[Issue]:
    """Whether it stays within the kind's longest term, and its chain within what was agreed as the longest in all."""
    issues, kind = [], held.kind
    if kind.longest_term_days and held.terms.days > most_days(kind.longest_term_days):
        issues.append(Issue.of("ends_on", "", "permit.kind_too_long", days=kind.longest_term_days))
    longest = held.terms.longest_total_days
    if longest and (total := days_of_chain(con, held.permit, held.terms)) > longest:
        issues.append(Issue.of("ends_on", "", "permit.chain_too_long", days=longest, total=total))
    return issues


def days_of_chain(con: Connection, permit: Permit, terms: Terms) -> int:
    """How many days a permit has, with those that it goes on from."""
    days, before, seen, begins = terms.days, permit.continues_ref, {permit.ref}, terms.starts_on
    while before and before not in seen:
        seen.add(before)
        earlier, its = permits.one_ruled(con, before)
        if its.starts_on and (last := earlier.ended_on or its.ends_on):
            if begins and last >= begins:
                last = begins - timedelta(days=1)  # the next took its place
            days += max((last - its.starts_on).days + 1, 0)
            begins = its.starts_on
        before = earlier.continues_ref
    return days


def _agreed(con: Connection, held: Held) -> list[Issue]:
    """Whether the owner said yes to exactly these terms; within a head it is the holder of that who decides."""
    permit = held.permit
    if permit.head_ref or not needs_word(_spaces(con, permit)):
        return []
    given = agreements.assents_of(con, permit.ref)
    word = word_on(given, permit.terms_version, held.sha256, permit.grantor_ref)
    if word is None:
        return [Issue.of("assent", "", "permit.assent_for_other_terms" if given else "permit.no_assent")]
    return [] if word.says_yes else [Issue.of("assent", "", "permit.assent_refused", because=word.because or "")]


def _spaces(con: Connection, permit: Permit) -> list[Space]:
    return [spaces.get(con, ref) for ref in permit.space_refs]


# Each asked in this order; a part of permits that can stand in the way has a line here.
OBSTACLES: list[Obstacle] = [
    _there, _right, _not_too_long, _agreed, within_head, not_checked, not_answered, not_heard,
]  # fmt: skip


def obstacles(con: Connection, held: Held) -> list[Issue]:
    """Everything that stands in the way of approving this version of the terms; a list, empty when nothing does."""
    return [issue for look in OBSTACLES for issue in look(con, held)]
