"""Questions to the group: asked, answered, taken back; and the clock of the decision, which they may stop."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from tempuse.access import Actor
from tempuse.checks import Ask, check_text
from tempuse.errors import Invalid, Issue, WrongState
from tempuse.permit_kinds import kind_named
from tempuse.permits import OPEN, PERMIT_LIFECYCLE, Permit
from tempuse.registry import records
from tempuse.registry.permits.holding import Held, allow, expect, holding, tell_holder, tell_office
from tempuse.settings import Settings
from tempuse.standing import Stop, decide_by_on, stopped_days
from tempuse.store import checks
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission, PermitStatus


def ask_holder(
    con: Connection, actor: Actor, ref: str, now: datetime, question: str, due_on: date, *, stops_clock: bool = True,
    revision: int | None = None,
) -> Ask:  # fmt: skip
    """Ask the group something by letter. Several questions may be open at once.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which request.
        now: the instant.
        question: what is asked.
        due_on: by when.
        stops_clock: the time for the decision stands still until it is answered.
        revision: what they saw; when it was changed since, nothing is written.

    Raises:
        WrongState: it is decided.
        Invalid: the question is empty or too long, or its day is past.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        with holding(
            con, actor, ref, now, "ask", revision=revision, note=question, question=question, due_on=due_on
        ) as held:
            issues = check_text("question", question)
            if due_on < held.today:
                issues.append(Issue.of("due_on", due_on.isoformat(), "ask.past"))
            if issues:
                raise Invalid("permit.invalid", issues)
            ask = Ask(permit_ref=ref, asked_at=now, asked_by=actor.name, text=question.strip(), due_on=due_on,
                      stops_clock=stops_clock)  # fmt: skip
            checks.add_ask(con, ask)
            held.told["due_on"] = [None, due_on]
        tell_holder(con, held.permit, "permit_question", now, f"ask {ask.number}")
    return ask


def answer_ask(
    con: Connection, actor: Actor, ref: str, number: int, answer: str, now: datetime, *, by: str | None = None
) -> Ask:  # fmt: skip
    """Answer a question; with the last open one the request is in review again. It works whatever became of the space.

    The same answer twice is one.

    Args:
        con: an idle connection.
        actor: a contact of the group, or the office for what it heard by telephone.
        ref: which request.
        number: which question.
        answer: the answer.
        now: the instant.
        by: whose word it is, where the office writes it down.

    Raises:
        NotFound: there is no such question.
        WrongState: it is answered or taken back, or the request is decided.
        Invalid: the answer is empty or too long.
    """
    allow(con, actor, Permission.PERMIT_ANSWER, ref)
    with writing(con):
        ask = checks.lock_ask(con, ref, number)
        if ask.answered_at is not None and ask.answer == answer.strip():
            return ask
        _expect_open(ask)
        with holding(con, actor, ref, now, "answer" if _is_last(con, ask) else "answered", note=answer,
                     answer=answer) as held:  # fmt: skip
            expect(held.permit, OPEN)
            if issues := check_text("answer", answer):
                raise Invalid("permit.invalid", issues)
            ask.answered_at, ask.answer, ask.answered_by = now, answer.strip(), by or actor.name
            checks.save_ask(con, ask)
        if not by:
            tell_office(con, held.permit, "permit_answered", now, f"ask {number}")
    return ask


def withdraw_ask(
    con: Connection, actor: Actor, ref: str, number: int, now: datetime, *, note: str | None = None
) -> Ask:
    """Take a question back and go on without its answer; with the last open one the request is in review again.

    Raises:
        NotFound: there is no such question.
        WrongState: it is answered already, or the request is decided.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        ask = checks.lock_ask(con, ref, number)
        if ask.withdrawn_at is not None:
            return ask
        _expect_open(ask)
        is_last = _is_last(con, ask)
        with holding(con, actor, ref, now, "withdraw_ask", note=note) as held:
            expect(held.permit, OPEN)
            ask.withdrawn_at = now
            checks.save_ask(con, ask)
            if is_last:
                records.move(held.permit, PERMIT_LIFECYCLE, "answer", answer=ask.text)
    return ask


def remind_of_ask(con: Connection, actor: Actor, ref: str, number: int, now: datetime) -> Ask:
    """Write to the group once more about a question; once a day at most.

    Raises:
        NotFound: there is no such question.
        WrongState: it is answered or taken back.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        ask = checks.lock_ask(con, ref, number)
        _expect_open(ask)
        with holding(con, actor, ref, now, "remind") as held:
            expect(held.permit, OPEN)
        tell_holder(con, held.permit, "permit_question", now, f"ask {number} {held.today}")
    return ask


def _expect_open(ask: Ask) -> None:
    if not ask.is_open:
        raise WrongState("ask.over", ref=ask.permit_ref)


def _is_last(con: Connection, ask: Ask) -> bool:
    """Whether the request waits for this answer alone."""
    others = [each for each in checks.asks_of(con, ask.permit_ref) if each.is_open and each.number != ask.number]
    waits = checks.permit_status(con, ask.permit_ref) == PermitStatus.INFORMATION_REQUESTED
    return waits and not others


def not_answered(con: Connection, held: Held) -> list[Issue]:
    """Obstacle: a question is open."""
    return [
        Issue.of("asks", ask.text, "ask.open", day=ask.due_on)
        for ask in checks.asks_of(con, held.permit.ref) if ask.is_open
    ]  # fmt: skip


# ---- the clock ------------------------------------------------------------------------------------------------


def stops_of(con: Connection, ref: str, *, every: bool = False) -> list[Stop]:
    """When the clock of a request stood still: from the day of a question to that of its answer.

    Args:
        con: any connection.
        ref: which request.
        every: with the questions, too, that stop nothing: whenever it was the group's turn.
    """
    settings = get_settings(con)

    def day(at: datetime | None) -> date | None:
        return None if at is None else settings.today(at)

    return [
        Stop(asked, day(ask.ended_at)) for ask in checks.asks_of(con, ref)
        if (every or ask.stops_clock) and (asked := day(ask.asked_at)) is not None
    ]  # fmt: skip


class PermitClock(NamedTuple):
    """The time of a request: by when the city has to decide and by when it wants to, and who had it how long.

    Attributes:
        decide_by_on: the last day by law.
        aim_on: the day that the city aims at.
        office_days: for how many days it was the city's turn so far.
        applicant_days: for how many it was the group's.
        stopped: for how many the time for the decision stood still.
    """

    decide_by_on: date
    aim_on: date
    office_days: int
    applicant_days: int
    stopped: int


def clock_of(con: Connection, permit: Permit, settings: Settings, today: date) -> PermitClock | None:
    """The time of a request as it is on a day; None for one that was not sent."""
    if permit.submitted_at is None:
        return None
    kind, began = kind_named(settings.permit_kinds, permit.kind), settings.today(permit.submitted_at)
    stops = stops_of(con, permit.ref)
    stopped, applicant = stopped_days(stops, today), stopped_days(stops_of(con, permit.ref, every=True), today)
    return PermitClock(
        decide_by_on(began, kind.decision_days, stops, today), began + timedelta(days=kind.aim_days + stopped),
        max((today - began).days - applicant, 0), applicant, stopped,
    )  # fmt: skip
