"""What the calendar knows of a permit: derived on the day it is asked and never stored; no nightly job keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.terms import Terms
from tempuse.vocabulary import PermitStatus

# Days before the end from which a running permit is one that ends soon.
SOON = 90


@dataclass(frozen=True, slots=True)
class PermitStanding:
    """A permit on one day.

    Attributes:
        state: ``upcoming`` (agreed, not begun), ``not_started`` (signed, its first day is here, no keys), ``running``,
            ``ending_soon``, ``overdue`` (its last day is over, the keys are still out), ``ended``, or ``open`` for what
            is not decided.
        last_on: the last day, earlier than the terms' own where it ended early.
        days_left: from today to the last day; None where there is none.
        unsigned: approved, and the day to sign by is over.
        ask_renewal_by_on: the last day on which a renewal is asked in time.
        turn: whose turn it is: ``holder``, ``office``, ``grantor``, or empty for nobody's.
    """

    state: str
    last_on: date | None
    days_left: int | None
    unsigned: bool
    ask_renewal_by_on: date | None
    turn: str

    @property
    def is_running(self) -> bool:
        """Whether somebody uses the space on this day."""
        return self.state in ("running", "ending_soon", "overdue")


def last_on(permit: Permit, terms: Terms) -> date | None:
    """The last day of a permit."""
    return permit.ended_on or terms.ends_on


def standing(permit: Permit, terms: Terms, on: date, *, soon: int = SOON) -> PermitStanding:
    """How a permit stands on a day.

    Args:
        permit: the permit.
        terms: those that rule.
        on: the day, in the city.
        soon: days before the end from which it ends soon.
    """
    last = last_on(permit, terms)
    by = None if terms.ends_on is None else terms.ends_on - timedelta(days=terms.renew_ask_days)
    return PermitStanding(
        state=_state(permit, terms, last, on, soon),
        last_on=last,
        days_left=None if last is None else (last - on).days,
        unsigned=permit.status == PermitStatus.APPROVED and permit.sign_by_on is not None and on > permit.sign_by_on,
        ask_renewal_by_on=by,
        turn=_turn(permit, terms, on),
    )


def _state(permit: Permit, terms: Terms, last: date | None, on: date, soon: int) -> str:
    if permit.status not in CLAIMING:
        return "open" if permit.status in (*OPEN, PermitStatus.DRAFT) else "ended"
    begun = terms.starts_on is not None and on >= terms.starts_on
    if permit.status != PermitStatus.HANDED_OVER:
        return "not_started" if begun and permit.status == PermitStatus.SIGNED else "upcoming"
    if last is not None and on > last:
        return "ended" if permit.continued_by_ref else "overdue"
    if not begun:
        return "upcoming"
    return "ending_soon" if last is not None and (last - on).days <= soon else "running"


def _turn(permit: Permit, terms: Terms, on: date) -> str:
    if permit.status in (PermitStatus.DRAFT, PermitStatus.INFORMATION_REQUESTED, PermitStatus.APPROVED):
        return "holder"
    if permit.status in (PermitStatus.SUBMITTED, PermitStatus.UNDER_REVIEW):
        return "office"
    if permit.status == PermitStatus.SIGNED:
        return "office" if terms.starts_on is not None and on >= terms.starts_on - timedelta(days=7) else ""
    return ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which the clock of a request stood still: from a day until the answer, None while it waits."""

    asked_on: date
    answered_on: date | None


def stopped_days(stops: Iterable[Stop], on: date) -> int:
    """For how many days the clock stood still in all, up to a day: the union of the stretches, not their sum."""
    days: set[int] = set()
    for stop in stops:
        days.update(range(stop.asked_on.toordinal(), (stop.answered_on or on).toordinal()))
    return len(days)


def decide_by_on(submitted_on: date, decision_days: int, stops: Iterable[Stop], on: date) -> date:
    """The last day for a decision: so many days after the request, and as many as the clock stood still."""
    return submitted_on + timedelta(days=decision_days + stopped_days(stops, on))
