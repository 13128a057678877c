"""The record of a hand-over never changes; each side says beside it, once, that it agrees, and what it adds."""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor
from tempuse.agreements import Handover, check_handover
from tempuse.errors import Invalid, Issue, NotFound, WrongState
from tempuse.permits import Permit
from tempuse.registry.permits.holding import allow, tell_office
from tempuse.store import agreements, permits
from tempuse.store.common import add_event
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Party, Permission


def side_of(actor: Actor, permit: Permit) -> Party | None:
    """For whom somebody speaks; whoever is of both sides speaks for the holder."""
    theirs = {each.over.ref for each in actor.memberships if each.over is not None}
    if permit.holder_ref in theirs:
        return Party.HOLDER
    return Party.GRANTOR if permit.grantor_ref in theirs else None


def writes_for_grantor(actor: Actor, permit: Permit) -> bool:
    """Whether the record of a hand-over is the grantor's own word: the city's, or a mediator's who gives a part."""
    in_office = any(each.over is None for each in actor.memberships)
    return side_of(actor, permit) == Party.GRANTOR or (permit.grantor_ref is None and in_office)


def answer_handover(
    con: Connection, actor: Actor, ref: str, number: int, now: datetime, *, agrees: bool, remarks: str | None = None
) -> Handover:
    """Agree to the record of a hand-over, add a remark to it, or both. Each is said once; the same twice is one.

    Args:
        con: an idle connection.
        actor: a contact or signatory of one of the two sides.
        ref: which permit.
        number: of the hand-over, from 1.
        now: the instant.
        agrees: they agree.
        remarks: what they add.

    Raises:
        Invalid: they say nothing, or too much, or have remarked before.
        NotFound: there is no such hand-over.
        WrongState: they are of neither side.
    """
    allow(con, actor, Permission.PERMIT_SIGN, ref)
    words = (remarks or "").strip() or None
    with writing(con):
        permit = permits.lock(con, ref)
        side = side_of(actor, permit)
        if side is None:
            raise WrongState("permit.not_your_record", ref=ref)
        kept = agreements.handover_of(con, ref, number)
        if kept is None:
            raise NotFound("permit.no_handover", ref=ref)
        row_id, record = kept
        agreed_at, said = f"agreed_by_{side.value}_at", f"remarks_{side.value}"
        if issues := _wrong_words(words, getattr(record, said), agrees=agrees):
            raise Invalid("permit.invalid", issues)
        adds, agrees_now = (
            words is not None and getattr(record, said) is None,
            agrees and not getattr(record, agreed_at),
        )
        if adds:
            setattr(record, said, words)
        if agrees_now:
            setattr(record, agreed_at, now)
        if issues := check_handover(record):
            raise Invalid("permit.invalid", issues)
        if adds or agrees_now:
            agreements.put_answer(con, row_id, record)
            what = "handover_agreed" if agrees_now else "handover_remarked"
            changes = {"party": [None, side.value], "on": [None, record.on]}
            note = words if adds else None
            add_event(con, actor, now, "permit", ref, what, status=permit.status, changes=changes, note=note)
        if adds:
            tell_office(con, permit, "permit_handover_remark", now)
    return record


def _wrong_words(words: str | None, before: str | None, *, agrees: bool) -> list[Issue]:
    if words is None:
        return [] if agrees else [Issue.of("remarks", "", "field.needed")]
    return [] if before in (None, words) else [Issue.of("remarks", "", "permit.remarked_before")]
