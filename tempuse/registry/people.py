"""Use cases of people: add, change, end, bring back. Passwords are not their business (``store/accounts.py``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.emails import tidy_email
from tempuse.errors import Conflict, Invalid, NotFound, WrongState
from tempuse.people import Person, check_person
from tempuse.store import people
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission, Role

# What an administrator changes of anybody, and everybody of themselves.
CHANGEABLE = frozenset({"name", "email", "role", "language"})
OWN = frozenset({"name", "language"})


def add_person(con: Connection, actor: Actor, person: Person, now: datetime) -> Person:
    """Take somebody into the office.

    Raises:
        Conflict: the e-mail address belongs to somebody already; ``values["ref"]`` says to whom.
        Invalid: the name, the address or the role does not fit.
    """
    check_allowed(actor, Permission.PERSON_EDIT)
    person = _tidy(person)
    with writing(con):
        _check_free(con, person)
        person = replace(person, ref=next_refs(con, "person")[0], added_at=now, ended_at=None)
        people.add(con, person)
        add_event(con, actor, now, "person", person.ref, "add", changes={"role": [None, person.role]})
    return person


def change_person(con: Connection, actor: Actor, ref: str, changes: Mapping[str, str], now: datetime) -> Person:
    """Change somebody's name, address, role or language; everybody may change their own name and language.

    Raises:
        Conflict: the new e-mail address belongs to somebody else.
        Invalid: a value does not fit.
        WrongState: the last administrator would lose the role.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    if ref != actor.person_ref or not set(changes) <= OWN:
        check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        administrators = people.lock_administrators(con)
        before = people.get(con, ref)
        person = _tidy(replace(before, **dict[str, Any](changes)))
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
        people.save(con, person)
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
        people.save(con, person)
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
        people.save(con, person)
        add_event(con, actor, now, "person", ref, "bring_back")
    return person


def _tidy(person: Person) -> Person:
    tidied = replace(person, name=" ".join(person.name.split()), email=tidy_email(person.email))
    if issues := check_person(tidied):
        raise Invalid("person.invalid", issues)
    return tidied


def _check_free(con: Connection, person: Person) -> None:
    holder = people.by_email(con, person.email)
    if holder is not None and holder.ref != person.ref:
        message = "person.ended_before" if holder.ended_at else "person.email_taken"
        raise Conflict(message, email=person.email, name=holder.name, ref=holder.ref)
