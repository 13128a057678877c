"""Use cases of those who belong to an organisation: invite, say yes, leave, remove.

Whoever is invited has no right and does not count before they said yes. Everybody leaves at once, the last contact
too: that nobody can be written to any more is the office's to mend, and keeps nobody.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, Invalid, NotFound, WrongState
from tempuse.folding import fold
from tempuse.organisations import Organisation, check_part
from tempuse.people import Person
from tempuse.registry.letters import tell
from tempuse.registry.organisations import put_organisation
from tempuse.registry.people import known_person
from tempuse.store import organisations as rows
from tempuse.store import people
from tempuse.store.common import add_event
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import OrganisationKind, Permission, Role


def invite_member(
    con: Connection, actor: Actor, ref: str, name: str, email: str, language: str, part: str, now: datetime
) -> Person:
    """Ask somebody by letter to have a part in an organisation; who waits for a letter already gets another.

    Args:
        con: an idle connection.
        actor: the office, or a contact of the organisation.
        ref: which organisation.
        name: who is asked; whom the register knows keeps the name that it has.
        email: where the letter goes.
        language: of the letter.
        part: what they are asked to be, a value of ``PARTS``.
        now: the instant.

    Raises:
        NotFound: there is no such organisation.
        WrongState: it has ended.
        Conflict: they have this part already.
        Invalid: the name, the address or the part does not fit.
    """
    check_allowed(actor, Permission.ORGANISATION_TEND, Organisation(ref=ref))
    if issues := check_part(part):
        raise Invalid("organisation.invalid", issues)
    with writing(con):
        _check_there(con, ref)
        person = known_person(con, name, email, language, now, by=actor)
        put_member(con, actor, ref, person, part, now)
    return person


def put_member(
    con: Connection, actor: Actor, ref: str, person: Person, part: str, now: datetime, *, confirmed: bool = False
) -> None:  # fmt: skip
    """Give somebody a part in an organisation, within the transaction of a use case that asked.

    Args:
        con: a connection within a writing transaction.
        actor: who does.
        ref: which organisation.
        person: who.
        part: a value of ``PARTS``.
        now: the instant.
        confirmed: they said yes already, as whoever asks for a space by a confirmed address does; otherwise they are
            asked by letter.

    Raises:
        Conflict: they have this part already.
    """
    before = next((each for each in rows.members(con, ref) if (each.person.ref, each.part) == (person.ref, part)), None)
    if before is not None and before.confirmed_at is not None:
        raise Conflict("organisation.member_already", name=person.name, ref=person.ref)
    asked = rows.Member(organisation_ref=ref, person=person, part=part, invited_by=actor.person_ref)
    told = {part: [None, person.ref]}
    if confirmed:
        if before is None:
            rows.invite(con, replace(asked, confirmed_at=now), now)
        else:
            rows.confirm(con, ref, person.ref, now)
        add_event(con, actor, now, "organisation", ref, "join", changes=told)
        return
    if before is None:
        rows.invite(con, replace(asked, invited_at=now), now)
        add_event(con, actor, now, "organisation", ref, "invite", changes=told)
    _write(con, actor, ref, person, now)


def group_of(
    con: Connection, actor: Actor, called: str, person: Person | None, language: str, now: datetime, *,
    confirmed: bool = True,
) -> str:  # fmt: skip
    """The group that somebody asks for: theirs of that name, or one that is written down now with them as its contact.

    Args:
        con: a connection within a writing transaction.
        actor: who does.
        called: as the group calls itself.
        person: who asks, None where nobody of it is known.
        language: of letters to it.
        now: the instant.
        confirmed: they proved their address; otherwise they are asked by letter whether they are its contact.
    """
    theirs = [each.organisation_ref for each in rows.parts_of(con, person.ref) if each.is_contact] if person else []
    for each in rows.by_refs(con, theirs).values():
        if fold(each.name) == fold(called) and each.retired_on is None:
            return each.ref
    group = Organisation(kinds=(OrganisationKind.INITIATIVE.value,), name=called, language=language)
    made = put_organisation(con, actor, group, now)
    if person is not None:
        put_member(con, actor, made.ref, person, Role.CONTACT.value, now, confirmed=confirmed)
    return made.ref


def _write(con: Connection, actor: Actor, ref: str, person: Person, now: datetime) -> None:
    """Each time that somebody asks is an event of its own."""
    refs = {"organisation": ref} | ({"by": actor.person_ref} if actor.person_ref else {})
    tell(con, now, "member_invitation", "person", person.ref, person.language, event=secrets.token_hex(6), refs=refs)


def confirm_membership(con: Connection, actor: Actor, ref: str, now: datetime) -> list[str]:
    """Say yes to what an organisation asked oneself to be; the parts that one has now more. Twice does no harm.

    Raises:
        NotFound: there is no such organisation.
        WrongState: it has ended, or did not ask.
    """
    check_allowed(actor, Permission.MY_EDIT)
    with writing(con):
        _check_there(con, ref)
        parts = rows.confirm(con, ref, str(actor.person_ref), now)
        for part in parts:
            add_event(con, actor, now, "organisation", ref, "join", changes={part: [None, actor.person_ref]})
        if not parts and not _parts(con, ref, str(actor.person_ref)):
            raise WrongState("organisation.not_asked", ref=ref)
    return parts


def decline_membership(con: Connection, actor: Actor, ref: str, now: datetime) -> list[str]:
    """Say no to what an organisation asked oneself to be; which parts these were. What one is already, one stays.

    Raises:
        NotFound: there is no such organisation, or it did not ask.
    """
    check_allowed(actor, Permission.MY_EDIT)
    return _end(con, actor, ref, str(actor.person_ref), now, "decline", asked=True)


def leave_organisation(con: Connection, actor: Actor, ref: str, now: datetime) -> list[str]:
    """Have no part in an organisation any more; which parts these were.

    Raises:
        NotFound: there is no such organisation, or one had no part in it.
    """
    check_allowed(actor, Permission.MY_EDIT)
    return _end(con, actor, ref, str(actor.person_ref), now, "leave")


def end_membership(
    con: Connection, actor: Actor, ref: str, person_ref: str, now: datetime, part: str | None = None
) -> list[str]:
    """Let somebody have no part in an organisation any more, or not this one; which parts these were.

    Args:
        con: an idle connection.
        actor: the office, or a contact of the organisation.
        ref: which organisation.
        person_ref: who.
        now: the instant.
        part: one part alone, None for all that they have.

    Raises:
        NotFound: there is no such organisation, or they have no such part.
    """
    check_allowed(actor, Permission.ORGANISATION_TEND, Organisation(ref=ref))
    return _end(con, actor, ref, person_ref, now, "remove", part)


def _end(
    con: Connection, actor: Actor, ref: str, person_ref: str, now: datetime, what: str, part: str | None = None, *,
    asked: bool = False,
) -> list[str]:  # fmt: skip
    with writing(con):
        organisation = rows.lock(con, ref)
        parts = rows.end(con, ref, person_ref, now, part, asked=asked)
        if not parts:
            person = people.find_one(con, person_ref)
            raise NotFound("organisation.no_member", ref=ref, name=person.name if person else person_ref)
        for each in parts:
            add_event(con, actor, now, "organisation", organisation.ref, what, changes={each: [person_ref, None]})
    return parts


def _parts(con: Connection, ref: str, person_ref: str) -> list[str]:
    return [each.part for each in rows.parts_of(con, person_ref) if each.organisation_ref == ref]


def _check_there(con: Connection, ref: str) -> None:
    """Hold an organisation that has not ended."""
    if (held := rows.lock(con, ref)).retired_on is not None:
        raise WrongState("organisation.retired", ref=ref, day=held.retired_on)
