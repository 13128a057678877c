"""A use: the keys over, the keys back, an early end, conditions looked at, and what came after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from tempuse.access import Actor
from tempuse.agreements import Afterlife, Handover, check_handover
from tempuse.errors import Conflict, Invalid, Issue, WrongState
from tempuse.fields import check_record
from tempuse.occurrences import minute_of
from tempuse.permits import ENDED, Permit
from tempuse.registry.permits.carrying import carry_waiting, chain_before
from tempuse.registry.permits.handing import writes_for_grantor
from tempuse.registry.permits.holding import Held, allow, expect, holding, parties_told, tell_office
from tempuse.registry.permits.recording import decide
from tempuse.registry.permits.subuses import settle_subuses
from tempuse.standing import last_on
from tempuse.store import agreements, claims, owner_changes, permits, spaces
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import DecisionKind, EarlyEnd, HandoverWay, Permission, PermitStatus


def hand_over(con: Connection, actor: Actor, ref: str, now: datetime, handover: Handover) -> Permit:
    """Give the keys.

    Raises:
        Invalid: something does not fit.
        Conflict: an earlier permit still has the keys of one of the spaces, or whoever gives it has none.
        WrongState: it is not signed.
    """
    allow(con, actor, Permission.PERMIT_HAND_OVER, ref)
    with writing(con):
        with holding(con, actor, ref, now, "hand_over", handover=handover) as held:
            _note(con, actor, held, handover, HandoverWay.OVER, now)
            if still := claims.keys_out_before(con, ref):
                raise Conflict("permit.keys_out", ref=ref, refs=", ".join(still))
            if (head := held.permit.head_ref) and permits.get(con, head).status != PermitStatus.HANDED_OVER:
                raise Conflict("permit.head_without_keys", ref=ref, head=head)
        carry_waiting(con, actor, held.permit, now)
        parties_told(con, held.permit, "permit_handed_over", now)
    return held.permit


def hand_back(
    con: Connection, actor: Actor, ref: str, now: datetime, handover: Handover, *, with_subuses: bool = False,
    because: str | None = None,
) -> Permit:  # fmt: skip
    """Take the keys back: the spaces are free from the day after. The permits that it goes on from are over, too.

    Raises:
        Invalid: something does not fit.
        WrongState: the keys are not out, or another permit goes on with them.
        Conflict: others have parts of it, and nobody said that theirs are over as well.
    """
    allow(con, actor, Permission.PERMIT_HAND_OVER, ref)
    with writing(con):
        with holding(con, actor, ref, now, "hand_back", handover=handover) as held:
            permit = held.permit
            if permit.continued_by_ref:
                raise WrongState("permit.goes_on", ref=ref, by=permit.continued_by_ref)
            _note(con, actor, held, handover, HandoverWay.BACK, now)
            assert handover.on is not None  # it was checked
            _over_on(con, held, handover.on)
            settle_subuses(
                con, actor, permit, now, because or "", with_subuses=with_subuses, last=handover.on, handover=handover,
            )  # fmt: skip
        for earlier in chain_before(con, permit):
            if earlier.status == PermitStatus.HANDED_OVER:
                with holding(con, actor, earlier.ref, now, "hand_back", handover=handover) as before:
                    _over_on(con, before, handover.on)
                    settle_subuses(
                        con, actor, before.permit, now, because or "", with_subuses=with_subuses, last=handover.on,
                        handover=handover,
                    )  # fmt: skip
        parties_told(con, permit, "permit_handed_back", now)
    return permit


def _over_on(con: Connection, held: Held, on: date) -> None:
    """Let a permit be over on a day, where that is before its last one."""
    claims.cut(con, held.permit.ref, minute_of(on + timedelta(days=1)))
    if held.terms.ends_on and on < (held.permit.ended_on or held.terms.ends_on):
        held.permit.ended_on = on


def _note(
    con: Connection, actor: Actor, held: Held, handover: Handover, way: HandoverWay, now: datetime
) -> None:  # fmt: skip
    issues = check_handover(handover)
    if handover.on and handover.on > held.today:
        issues.append(Issue.of("on", handover.on.isoformat(), "permit.not_yet"))
    before = agreements.handovers_of(con, held.permit.ref)
    if way is HandoverWay.BACK and handover.on and before and before[-1].on and handover.on < before[-1].on:
        issues.append(Issue.of("on", handover.on.isoformat(), "permit.back_before_over", day=before[-1].on))
    if issues:
        raise Invalid("permit.invalid", issues)
    agreed_at = now if writes_for_grantor(actor, held.permit) else None
    noted = replace(
        handover, permit_ref=held.permit.ref, way=way.value, by=actor.name, at=now, agreed_by_grantor_at=agreed_at
    )  # fmt: skip
    agreements.handover_rows.add(con, noted)
    held.told["on"] = [None, handover.on]


def end_early(
    con: Connection, actor: Actor, ref: str, now: datetime, *, ended_on: date, ended_how: str, because: str,
    with_subuses: bool = False,
) -> Permit:  # fmt: skip
    """Let a running permit end before its last day; the days after are free. The keys still come back by ``hand_back``.

    Args:
        con: an idle connection.
        actor: the holder's contact, who gives notice; or the grantor, or the office.
        ref: which permit.
        now: the instant.
        ended_on: the last day.
        ended_how: a value of ``EarlyEnd``.
        because: why.
        with_subuses: what is given within it and would stick out ends with it.

    Raises:
        Invalid: the day does not fit, or is before the notice is over.
        WrongState: the keys are not out, or another permit goes on with them.
        Conflict: others have parts of it, and nobody said that theirs end as well.
    """
    allow(con, actor, Permission.PERMIT_END, ref)
    with writing(con):
        with holding(
            con, actor, ref, now, "end_early", note=because, ended_on=ended_on, ended_how=ended_how, because=because
        ) as held:
            permit = held.permit
            if permit.continued_by_ref:
                raise WrongState("permit.goes_on_end", ref=ref, by=permit.continued_by_ref)
            earlier = [each for each in chain_before(con, permit) if each.status == PermitStatus.HANDED_OVER]
            begins = permits.one_ruled(con, earlier[-1].ref).terms.starts_on if earlier else held.terms.starts_on
            if issues := _wrong_end(actor, held, ended_on, ended_how, begins):
                raise Invalid("permit.invalid", issues)
            held.told["ended_how"] = [permit.ended_how, ended_how]
            _end(con, held, ended_on, ended_how, because)
            owner_changes.settle(con, ref, now)
            settle_subuses(con, actor, permit, now, because, with_subuses=with_subuses, last=ended_on)
            decide(con, actor, held, DecisionKind.END_EARLY, now, because)
        for each in earlier:
            if ended_on < (last_on(*permits.one_ruled(con, each.ref)) or ended_on):
                with holding(con, actor, each.ref, now, "end_early", note=because, ended_on=ended_on,
                             ended_how=ended_how, because=because) as before:  # fmt: skip
                    _end(con, before, ended_on, ended_how, because)
                    settle_subuses(
                        con, actor, before.permit, now, because, with_subuses=with_subuses, last=ended_on
                    )  # fmt: skip
        parties_told(con, permit, "permit_ended_early", now)
        if not any(each.over is None for each in actor.memberships):
            tell_office(con, permit, "permit_ended_early", now)
    return permit


def _end(con: Connection, held: Held, ended_on: date, ended_how: str, because: str) -> None:
    held.told["ended_on"] = [held.permit.ended_on, ended_on]
    held.permit.ended_on, held.permit.ended_how, held.permit.ended_why = ended_on, ended_how, because
    claims.cut(con, held.permit.ref, minute_of(ended_on + timedelta(days=1)))


def _wrong_end(actor: Actor, held: Held, ended_on: date, ended_how: str, begins: date | None) -> list[Issue]:
    """What is wrong with an early end; ``begins`` is the first day of what the keys are out for, renewals and all."""
    permit, terms = held.permit, held.terms
    if ended_how not in set(EarlyEnd):
        return [Issue.of("ended_how", ended_how, "value.not_in_list")]
    last = permit.ended_on or terms.ends_on
    if last is None or ended_on >= last:
        return [Issue.of("ended_on", ended_on.isoformat(), "permit.not_earlier", day=last)]
    if begins and ended_on < begins:
        return [Issue.of("ended_on", ended_on.isoformat(), "permit.before_it_began", day=begins)]
    in_office = any(each.over is None for each in actor.memberships)
    is_holder = any(each.over and each.over.ref == permit.holder_ref for each in actor.memberships)
    if not in_office and (ended_how == EarlyEnd.NOTICE_BY_HOLDER) != is_holder:
        return [Issue.of("ended_how", ended_how, "permit.not_your_notice")]
    notice = {
        EarlyEnd.NOTICE_BY_HOLDER: terms.notice_days_holder, EarlyEnd.NOTICE_BY_GRANTOR: terms.notice_days_grantor,
    }.get(EarlyEnd(ended_how), 0)  # fmt: skip
    if ended_on < (first := held.today + timedelta(days=notice)):
        return [Issue.of("ended_on", ended_on.isoformat(), "permit.notice_too_short", days=notice, day=first)]
    return []


def write_afterlife(con: Connection, actor: Actor, ref: str, now: datetime, afterlife: Afterlife) -> Permit:
    """Write down what became of a use; a later word counts instead.

    Raises:
        Invalid: something does not fit.
        NotFound: there is no such space to have moved to.
        WrongState: it is not over.
    """
    allow(con, actor, Permission.PERMIT_HAND_OVER, ref)
    with writing(con), holding(con, actor, ref, now, "afterlife") as held:
        expect(held.permit, ENDED)
        noted = replace(afterlife, permit_ref=ref, on=afterlife.on or held.today, by=actor.name, at=now)
        if issues := check_record(noted):
            raise Invalid("permit.invalid", issues)
        if noted.moved_to_ref:
            spaces.get(con, noted.moved_to_ref)
        agreements.afterlife_rows.add(con, noted)
        held.told["outcome"] = [None, noted.outcome]
    return held.permit


def look_at_condition(
    con: Connection, actor: Actor, ref: str, now: datetime, *, number: int, kept: bool, note: str | None = None
) -> Permit:  # fmt: skip
    """Write down whether a condition is kept, by its number from 0 in the terms that rule.

    Raises:
        Invalid: there is no such condition.
    """
    allow(con, actor, Permission.PERMIT_HAND_OVER, ref)
    with writing(con):
        permit = permits.lock(con, ref)
        terms = permits.terms_of(con, ref, permit.terms_version)
        if not 0 <= number < len(terms.conditions):
            raise Invalid("permit.invalid", [Issue.of("number", str(number), "permit.no_condition")])
        today = get_settings(con).today(now)
        look = agreements.Look(number, today, actor.name, kept, note)
        agreements.add_look(con, ref, permit.terms_version, look, now)
        what = "condition_kept" if kept else "condition_broken"
        told = {"condition": [None, terms.conditions[number].text]}
        add_event(con, actor, now, "permit", ref, what, status=permit.status, changes=told, note=note)
        if not kept:
            tell_office(con, permit, "permit_condition_broken", now)
    return permit
