"""Who answers for a department: reviewers, named by the office; its own mailbox where nobody is."""

from __future__ import annotations

from datetime import datetime

from tempuse.access import SYSTEM, Actor, Membership, Over, check_allowed
from tempuse.errors import NotFound
from tempuse.people import Person
from tempuse.permit_kinds import Department, said
from tempuse.registry.people import known_person
from tempuse.store import checks, people
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission, Role


def reviewers_of(con: Connection, department: Department, now: datetime) -> list[Person]:
    """Who is written to for a department, within another act: its reviewers; else whoever reads its own mailbox."""
    found = checks.reviewers(con, department.name)
    if found or not department.email:
        return found
    language = get_settings(con).languages[0]
    called = said(department.title, language) or department.name
    return [_name(con, SYSTEM, department.name, called, department.email, language, now)]


def name_reviewer(
    con: Connection, actor: Actor, department: str, name: str, email: str, language: str, now: datetime
) -> Person:
    """Let somebody answer for a department. Done twice, it stays as it is.

    Args:
        con: an idle connection.
        actor: an administrator.
        department: its name in the settings.
        name: who; whom the register knows keeps the name that it has.
        email: where letters go.
        language: of letters.
        now: the instant.

    Raises:
        NotFound: the city has no such department.
        Invalid: the name or the address does not fit.
    """
    check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        if department not in {each.get("name") for each in get_settings(con).departments}:
            raise NotFound("check.no_department", name=department)
        return _name(con, actor, department, name, email, language, now)


def end_reviewer(con: Connection, actor: Actor, department: str, person_ref: str, now: datetime) -> Person:
    """Let somebody answer for a department no more; what they answered stays."""
    check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        person = people.get(con, person_ref)
        part = _part(department)
        if part in person.memberships:
            person.memberships = tuple(each for each in person.memberships if each != part)
            people.save(con, person, now)
            add_event(con, actor, now, "person", person_ref, "edit", changes={"reviewer": [department, None]})
    return person


def _name(
    con: Connection, actor: Actor, department: str, name: str, email: str, language: str, now: datetime
) -> Person:
    person = known_person(con, name, email, language, now, by=actor)
    part = _part(department)
    if part not in person.memberships:
        person.memberships = (*person.memberships, part)
        people.save(con, person, now)
        add_event(con, actor, now, "person", person.ref, "edit", changes={"reviewer": [None, department]})
    return person


def _part(department: str) -> Membership:
    return Membership(Role.REVIEWER.value, Over(checks.DEPARTMENT, department))
