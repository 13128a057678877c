"""Use cases of people: add, change, end, write to. Passwords are not their business (``store/accounts.py``)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tempuse.access import PUBLIC, Actor, Membership, check_allowed
from tempuse.emails import tidy_email
from tempuse.errors import Conflict, Invalid, Issue, NotFound, WrongState
from tempuse.people import Person, check_person, check_roles
from tempuse.registry.erasing import ERASED
from tempuse.registry.forgetting import forget_needs, forget_requests
from tempuse.registry.letters import tell
from tempuse.store import events, organisations, people
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission, Role

# What an administrator changes of anybody, and everybody of themselves.
CHANGEABLE = frozenset({"name", "email", "role", "language", "digest"})
OWN = frozenset({"name", "language", "digest"})


def add_person(con: Connection, actor: Actor, person: Person, now: datetime, *, invite: bool = False) -> Person:
    """Take somebody into the office.

    Args:
        con: an idle connection.
        actor: who adds them.
        person: who they are.
        now: the instant.
        invite: write them a letter with a link to their password.

    Raises:
        Conflict: the e-mail address belongs to somebody already; ``values["ref"]`` says to whom.
        Invalid: the name, the address or the role does not fit.
    """
    check_allowed(actor, Permission.PERSON_EDIT)
    person = _tidy(person)
    _check(check_roles(person))
    with writing(con):
        _check_free(con, person)
        person = replace(person, ref=next_refs(con, "person")[0], added_at=now, ended_at=None)
        people.add(con, person, now)
        add_event(con, actor, now, "person", person.ref, "add", changes={"role": [None, person.role or None]})
        if invite:
            _tell(con, actor, person, "invitation", now)
    return person


def known_person(
    con: Connection, name: str, email: str, language: str, now: datetime, *, by: Actor = PUBLIC
) -> Person:  # fmt: skip
    """The person of an e-mail address; one whom nobody knows yet is written down, and is nothing.

    A part of use cases that asked, within their transaction. Whoever had left is known again, without what they were.

    Args:
        con: a connection within a writing transaction.
        name: what to call them; whom the register knows keeps the name that it has.
        email: their address.
        language: of their pages and letters; whom the register knows keeps theirs.
        now: the instant.
        by: who told of them.

    Raises:
        Invalid: the name or the address does not fit.
    """
    person = _tidy(Person(name=name, email=email, language=language, added_at=now))
    found = people.by_email(con, person.email)
    if found is None:
        person.ref = next_refs(con, "person")[0]
        people.add(con, person, now)
        add_event(con, by, now, "person", person.ref, "add")
        return person
    if found.ended_at is not None:
        people.end_memberships(con, found.ref, now)
        found.ended_at, found.memberships = None, ()
        people.save(con, found, now)
        add_event(con, by, now, "person", found.ref, "bring_back")
    return found


def forget_person(con: Connection, actor: Actor, ref: str, now: datetime) -> Person:
    """Erase somebody from outside the office, who asked for it: their name, their address, their part in anything.

    The row stays, with its number; so does what they did, done by nobody who is named. Backups that were made before
    keep their name until they are thrown away.

    Args:
        con: an idle connection.
        actor: themselves, or an administrator.
        ref: who.
        now: the instant.

    Raises:
        NotFound: there is nobody of this ref.
        WrongState: they work in the office: what they decided bears their name.
    """
    check_allowed(actor, Permission.ACCOUNT_EDIT if ref == actor.person_ref else Permission.PERSON_EDIT)
    with writing(con):
        return forget_within(con, actor, ref, now)


def forget_within(con: Connection, actor: Actor, ref: str, now: datetime) -> Person:
    """The same as a part of a use case that asked, within its transaction."""
    person = people.get(con, ref)
    if person.role:
        raise WrongState("person.of_office", name=person.name)
    for organisation in organisations.with_email(con, person.email):
        organisation.email = None
        organisations.save(con, organisation)
        _blank_events(con, "organisation", organisation.ref, person.email)
    people.end_memberships(con, ref, now)
    forget_requests(con, actor, ref, now)
    forget_needs(con, actor, ref, now)
    person = replace(person, name=ERASED, email=_nobodys(ref), ended_at=person.ended_at or now, memberships=())
    people.save(con, person, now)
    events.forget_actor(con, ref, ERASED)
    _blank_events(con, "person", ref)
    add_event(con, replace(actor, name=ERASED) if ref == actor.person_ref else actor, now, "person", ref, "forget")
    return person


def _nobodys(ref: str) -> str:
    """An address that is nobody's, of its own for everybody who was forgotten."""
    return f"{ref.lower()}@forgotten.localhost"


def _blank_events(con: Connection, noun: str, ref: str, only: str | None = None) -> None:
    """Put the mark into every value that the events of a thing tell of, or where this one stands alone."""
    for event_id, changes, note in events.told_of(con, noun, ref):
        blank = {
            name: [ERASED if each and only in (None, each) else each for each in pair]
            for name, pair in (changes or {}).items()
        }
        if blank != {name: list(pair) for name, pair in (changes or {}).items()}:
            events.rewrite(con, event_id, blank, note)


def send_link(con: Connection, actor: Actor, ref: str, now: datetime, first: bool) -> Person:
    """Write somebody a letter with a link to a new password.

    Args:
        con: an idle connection.
        actor: who has it sent.
        ref: who gets it.
        now: the instant.
        first: they have never had a password: it is an invitation.

    Raises:
        NotFound: there is nobody of this ref.
    """
    check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        person = people.get(con, ref)
        _tell(con, actor, person, "invitation" if first else "new_password", now)
    return person


def send_link_to(con: Connection, actor: Actor, email: str, now: datetime) -> None:
    """Write the person of an address a letter with a link to a new password.

    Whether the address is anybody's cannot be seen by the time it takes: a letter is written in any case, and one to
    nobody is dropped at its delivery.
    """
    check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        found = people.by_email(con, tidy_email(email))
        _tell(con, actor, found if found and not found.ended_at else Person(), "new_password", now)


def _tell(con: Connection, actor: Actor, person: Person, template: str, now: datetime) -> None:
    """Each time that somebody asks is an event of its own."""
    refs = {"by": actor.person_ref} if actor.person_ref else {}
    tell(con, now, template, "person", person.ref, person.language, event=secrets.token_hex(6), refs=refs)


def change_person(con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime) -> Person:
    """Change somebody's name, address, role, language or way of letters; of oneself all but address and role.

    Raises:
        Conflict: the new e-mail address belongs to somebody else.
        Invalid: a value does not fit.
        WrongState: the last administrator would lose the role.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    is_own = ref == actor.person_ref and set(changes) <= OWN
    check_allowed(actor, Permission.ACCOUNT_EDIT if is_own else Permission.PERSON_EDIT)
    with writing(con):
        administrators = people.lock_administrators(con)
        before = people.get(con, ref)
        person = _tidy(_changed(before, changes))
        changed = {
            name: [getattr(before, name), getattr(person, name)]
            for name in sorted(CHANGEABLE)
            if getattr(before, name) != getattr(person, name)
        }
        if not changed:
            return before
        if "email" in changed:
            _check_free(con, person)
        if administrators == [ref] and person.role != Role.ADMINISTRATOR:
            raise WrongState("person.last_administrator")
        people.save(con, person, now)
        add_event(con, actor, now, "person", ref, "edit", changes=changed)
    return person


def end_person(con: Connection, actor: Actor, ref: str, now: datetime) -> Person:
    """Write down that somebody left; done twice, it stays as it is.

    Raises:
        WrongState: nobody would be left to administer the register.
    """
    check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        administrators = people.lock_administrators(con)
        person = people.get(con, ref)
        if person.ended_at:
            return person
        if administrators == [ref]:
            raise WrongState("person.last_administrator")
        person.ended_at = now
        people.save(con, person, now)
        add_event(con, actor, now, "person", ref, "end")
    return person


def bring_back_person(con: Connection, actor: Actor, ref: str, now: datetime) -> Person:
    """Let somebody who left work in the office again; they need a new invitation."""
    check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        person = people.get(con, ref)
        if person.ended_at is None:
            return person
        person.ended_at = None
        people.save(con, person, now)
        add_event(con, actor, now, "person", ref, "bring_back")
    return person


def _changed(before: Person, changes: Mapping[str, Any]) -> Person:
    """The person with these changes; a role in the office takes the place of the one before."""
    values: dict[str, Any] = dict(changes)
    role = values.pop("role", before.role)
    person = replace(before, **values)
    if role != before.role:
        over_things = tuple(each for each in before.memberships if each.over is not None)
        person.memberships = (Membership(role), *over_things)
        _check(check_roles(person))
    return person


def _tidy(person: Person) -> Person:
    tidied = replace(person, name=" ".join(person.name.split()), email=tidy_email(person.email))
    _check(check_person(tidied))
    return tidied


def _check(issues: list[Issue]) -> None:
    if issues:
        raise Invalid("person.invalid", issues)


def _check_free(con: Connection, person: Person) -> None:
    holder = people.by_email(con, person.email)
    if holder is not None and holder.ref != person.ref:
        message = "person.ended_before" if holder.ended_at else "person.email_taken"
        raise Conflict(message, email=person.email, name=holder.name, ref=holder.ref)
