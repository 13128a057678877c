"""What a group looks for is written down, and confirmed by the link in a letter; or it is forgotten in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from tempuse.access import PUBLIC, Actor, check_allowed
from tempuse.errors import Invalid, Issue
from tempuse.needs import NEED_LIFECYCLE, Need, blank, check_need, values_for
from tempuse.people import Person
from tempuse.registry import records
from tempuse.registry.letters import tell
from tempuse.registry.members import group_of
from tempuse.registry.people import known_person
from tempuse.registry.permits.requesting import Requester
from tempuse.registry.publishing import publish
from tempuse.registry.records import changing
from tempuse.registry.reports import fingerprint
from tempuse.settings import Settings
from tempuse.store import forms, needs, people
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import NeedAudience, NeedStatus, Permission

# A need whose address nobody confirmed is forgotten after so long.
UNCONFIRMED = timedelta(days=14)


class Drafted(NamedTuple):
    """What became of a need that was sent; ``told`` says whether a letter to confirm it was written."""

    need: Need
    told: bool


class ConfirmedNeed(NamedTuple):
    """A need that somebody confirmed, and who that was."""

    need: Need
    person: Person


def _everybody(address: str) -> bool:
    return True


def draft_need(
    con: Connection, actor: Actor, need: Need, requester: Requester, now: datetime, form_token: str | None = None,
    may_write: Callable[[str], bool] = _everybody,
) -> Drafted:  # fmt: skip
    """Write down what a group looks for. The same form sent twice is one need.

    From a stranger it is a draft until the address is confirmed, by the link in a letter. For a contact who is signed
    in it is open at once. What the office writes down for a group the group confirms by its letter; without an
    address it stays a draft until the office opens it.

    Args:
        con: an idle connection.
        actor: who writes it down.
        need: what is looked for, by the fields that a form has.
        requester: who looks, and for which group.
        now: the instant.
        form_token: of the form that was sent; None where none was.
        may_write: asked once, with the address of a new need, whether a letter may go there.

    Raises:
        Invalid: something is missing, or does not fit.
        NotAllowed: they write for an organisation that is not theirs.
    """
    check_allowed(actor, Permission.NEED_SEND)
    if requester.organisation_ref:
        check_allowed(actor, Permission.NEED_WRITE, Need(initiative_ref=requester.organisation_ref))
    told = False

    def take() -> str:
        nonlocal told
        _check(con, actor, need, requester, now)
        need.ref = next_refs(con, "need")[0]
        need.status, need.created_at, need.updated_at, need.revision = NeedStatus.DRAFT.value, now, now, 1
        need.group_name = " ".join(requester.group.split()) or None
        if requester.organisation_ref:
            need.initiative_ref, need.contact_ref = requester.organisation_ref, actor.person_ref
        else:
            need.helper_ref = actor.person_ref
            if requester.email:
                found = known_person(con, requester.name, requester.email, need.language, now, by=actor)
                need.contact_ref = found.ref
        needs.add(con, need)
        add_event(con, actor, now, "need", need.ref, "draft", status=need.status)
        if requester.organisation_ref:
            open_within(con, actor, need, now)
        elif need.contact_ref and may_write(requester.email):
            told = True
            tell(con, now, "need_confirm", "person", need.contact_ref, need.language, event=need.ref,
                 refs={"need": need.ref})  # fmt: skip
        return need.ref

    with writing(con):
        ref = forms.once(con, "need", form_token, now, take)
        if need.ref == ref:
            return Drafted(need, told)
        held = needs.get(con, ref)
        return Drafted(held, held.status == NeedStatus.DRAFT)


def _check(con: Connection, actor: Actor, need: Need, requester: Requester, now: datetime) -> None:
    issues = check_need(need, get_settings(con).today(now))
    if not values_for(need)["uses"]:
        issues.append(Issue.of("uses", "", "field.needed"))
    if not requester.organisation_ref:
        if not requester.group.strip():
            issues.append(Issue.of("group", "", "permit.no_group"))
        # The office may write down what somebody without an address looks for; a stranger confirms theirs.
        if not requester.email and not actor.memberships:
            issues.append(Issue.of("email", "", "field.needed"))
    if issues:
        raise Invalid("need.invalid", issues)


def open_within(con: Connection, actor: Actor, need: Need, now: datetime) -> None:
    """Let a draft be looked for, within the transaction of a use case that asked: its group is found, or made."""
    if need.initiative_ref is None and (need.group_name or need.contact_ref):
        person = people.get(con, need.contact_ref) if need.contact_ref else None
        called = need.group_name or (person.name if person else "")
        proved = person is not None and person.ref == actor.person_ref
        need.initiative_ref = group_of(con, actor, called, person, need.language, now, confirmed=proved)
    records.move(need, NEED_LIFECYCLE, "open", **values_for(need))
    need.opened_at = need.updated_at = now
    settings = get_settings(con)
    need.confirmed_on = settings.today(now)
    let_be_read(need, settings)
    need.revision += 1
    needs.save(con, need)
    add_event(con, actor, now, "need", need.ref, "open", status=need.status)
    publish(con, "needs", [need.ref], now)


def let_be_read(need: Need, settings: Settings) -> None:
    """Release what a group wants everybody to read in its own words, where the office reads nothing before."""
    if settings.moderate_needs == "never" and need.audience == NeedAudience.PUBLIC and not need.released_text:
        need.released_text = need.purpose or need.title


def expect_secret(con: Connection, actor: Actor, ref: str, secret: str) -> None:
    """Let whoever knows this secret confirm a need; the register keeps its fingerprint alone.

    Raises:
        NotFound: there is no such need.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        need = needs.lock(con, ref)
        need.confirm_token = fingerprint(secret)
        needs.save(con, need)


def confirm_need(con: Connection, actor: Actor, secret: str, now: datetime) -> ConfirmedNeed | None:
    """Take a need as its sender's: from now on it is looked for. None when none waits for this secret.

    Twice does no harm: who comes again gets the same answer, while the need is not forgotten.
    """
    check_allowed(actor, Permission.NEED_SEND)
    with writing(con):
        need = needs.of_link(con, fingerprint(secret))
        if need is None or need.contact_ref is None:
            return None
        person = people.get(con, need.contact_ref)
        is_draft = need.status == NeedStatus.DRAFT
        if person.ended_at is not None or (is_draft and is_too_old(need, now)):
            return None
        if is_draft:
            open_within(con, replace(PUBLIC, name=person.name, person_ref=person.ref), need, now)
        return ConfirmedNeed(need, people.get(con, need.contact_ref))


def is_too_old(need: Need, now: datetime) -> bool:
    """Whether nobody confirmed a draft in time, though nobody has forgotten it yet."""
    return need.created_at is not None and need.created_at + UNCONFIRMED <= now


def forget_unconfirmed(con: Connection, actor: Actor, now: datetime) -> int:
    """Withdraw the drafts that nobody confirmed in time, and blank what they tell; how many."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    refs = needs.unconfirmed_before(con, now - UNCONFIRMED)
    con.rollback()
    for ref in refs:
        with writing(con), changing(con, actor, needs.rows, ref, now, "withdraw", only=("status",)) as change:
            records.move(change.record, NEED_LIFECYCLE, "withdraw")
            blank(change.record)
    return len(refs)
