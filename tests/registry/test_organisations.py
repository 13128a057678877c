"""Organisations: written down, changed, ended; who belongs to them, and how they are reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tempuse.access import SYSTEM, Actor, Membership, Over, is_allowed
from tempuse.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import members, organisations
from tempuse.registry import people as people_registry
from tempuse.registry.care import checking
from tempuse.store import letters, people
from tempuse.store import organisations as rows
from tempuse.store.engine import Connection, writing
from tempuse.store.events import of as events_of
from tempuse.store.tables import metadata
from tempuse.vocabulary import Permission

LATER = timedelta(days=1)


def an_organisation(**values: Any) -> Organisation:
    """A group with an address of its own."""
    return Organisation(
        **{"kinds": ("initiative",), "name": "Choir of the Docks", "email": "choir@example.org", **values}
    )


@pytest.fixture
def choir(con: Connection, now: datetime) -> str:
    return organisations.add_organisation(con, SYSTEM, an_organisation(), now)


def ask(
    con: Connection, ref: str, now: datetime, name: str = "Ada", part: str = "contact", by: Actor = SYSTEM
) -> Person:
    """Somebody who was asked by letter."""
    return members.invite_member(con, by, ref, name, f"{name.lower()}@example.org", "en", part, now)


def a_member(con: Connection, ref: str, now: datetime, name: str = "Ada", part: str = "contact") -> Person:
    """Somebody who said yes."""
    asked = ask(con, ref, now, name, part)
    members.confirm_membership(con, asked.actor(), ref, now)
    return person(con, asked.ref)


def person(con: Connection, ref: str) -> Person:
    found = people.get(con, ref)
    con.rollback()
    return found


def reached(con: Connection, ref: str) -> list[tuple[str | None, str, str]]:
    found = organisations.address_of(con, ref)
    con.rollback()
    return [(each.person.name if each.person else None, each.email, each.language) for each in found]


def lonely(con: Connection) -> list[str]:
    found = rows.without_contact(con)
    con.rollback()
    return found


def test_an_organisation_is_written_down_with_a_ref_and_an_event(con: Connection, now: datetime) -> None:
    told = an_organisation(
        name="  Choir  of the Docks ", email=" Choir@Example.org", phone="  ", url="https://choir.example"
    )
    ref = organisations.add_organisation(con, SYSTEM, told, now)
    found = rows.get(con, ref)
    assert (ref, found.name, found.email, found.phone) == ("OR-0001", "Choir of the Docks", "choir@example.org", None)
    assert (found.kinds, found.created_at, found.revision, found.shown_name) == (("initiative",), now, 1, "")
    assert [event.what for event in events_of(con, ref)] == ["add"]
    con.rollback()
    assert checking.check_register(con, now) == []


def test_a_form_that_comes_twice_makes_one_organisation(con: Connection, now: datetime) -> None:
    made = {organisations.add_organisation(con, SYSTEM, an_organisation(), now, "form-1") for _ in range(2)}
    assert made == {"OR-0001"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "choir"}, "email"),
        ({"url": "choir.example"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"kinds": ("gang",)}, "kinds"),
        ({"guarantor_ref": "OR-0404"}, "guarantor_ref"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_what_does_not_fit_is_refused(con: Connection, now: datetime, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        organisations.add_organisation(con, SYSTEM, an_organisation(**values), now)
    assert [issue.field for issue in caught.value.issues] == [field]
    con.rollback()
    assert rows.find(con, ended=None) == []


def test_nobody_answers_for_themselves(con: Connection, now: datetime, choir: str) -> None:
    with pytest.raises(Invalid):
        organisations.edit_organisation(con, SYSTEM, choir, {"guarantor_ref": choir}, now)
    parish = organisations.add_organisation(con, SYSTEM, an_organisation(name="Parish"), now)
    assert organisations.edit_organisation(con, SYSTEM, choir, {"guarantor_ref": parish}, now).guarantor_ref == parish


def test_a_change_is_held_against_what_somebody_saw(con: Connection, now: datetime, choir: str) -> None:
    changed = organisations.edit_organisation(con, SYSTEM, choir, {"phone": "1", "name_public": True}, now, revision=1)
    assert (changed.revision, changed.shown_name) == (2, "Choir of the Docks")
    assert organisations.edit_organisation(con, SYSTEM, choir, {"phone": "1"}, now).revision == 2
    with pytest.raises(Conflict) as caught:
        organisations.edit_organisation(con, SYSTEM, choir, {"phone": "2"}, now, revision=1)
    assert caught.value.values["theirs"] == {"phone": "1"}
    with pytest.raises(NotFound):
        organisations.edit_organisation(con, SYSTEM, choir, {"retired_on": "2026-01-01"}, now)


def test_a_contact_changes_what_is_theirs_to_say_and_nothing_else(con: Connection, now: datetime, choir: str) -> None:
    ada, bob = a_member(con, choir, now), a_member(con, choir, now, "Bob", "member")
    other = organisations.add_organisation(con, SYSTEM, an_organisation(name="Other"), now)
    assert (
        organisations.edit_organisation(con, ada.actor(), choir, {"public_name": "Choir"}, now).public_name == "Choir"
    )
    for who, ref, changes in (
        (ada, choir, {"kinds": ("owner",)}), (ada, choir, {"name": "C", "informal": True}), (ada, other, {"name": "C"}),
        (bob, choir, {"name": "C"}),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            organisations.edit_organisation(con, who.actor(), ref, changes, now)


def test_an_organisation_ends_unless_something_of_it_runs(
    con: Connection, now: datetime, choir: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisations, "RUNS", [lambda _, ref: ["PM-0007"] if ref == choir else []])
    with pytest.raises(WrongState) as caught:
        organisations.retire_organisation(con, SYSTEM, choir, now, on=date(2026, 11, 1))
    assert caught.value.values["refs"] == "PM-0007"
    monkeypatch.setattr(organisations, "RUNS", [])
    for day in (date(2026, 11, 1), date(2026, 11, 2)):
        assert organisations.retire_organisation(con, SYSTEM, choir, now, on=day).retired_on == date(2026, 11, 1)
    assert rows.find(con) == []
    con.rollback()
    with pytest.raises(WrongState):
        ask(con, choir, now)
    assert organisations.reinstate_organisation(con, SYSTEM, choir, now).retired_on is None
    assert [event.what for event in events_of(con, choir)] == ["reinstate", "retire", "add"]
    con.rollback()
    assert checking.check_register(con, now) == []


def test_it_is_found_by_its_names_its_number_and_what_it_is(con: Connection, now: datetime, choir: str) -> None:
    parish = an_organisation(name="Parish 100%", kinds=("owner", "mediator"), registered_no="KvK 123")
    organisations.add_organisation(con, SYSTEM, parish, now)
    found = {
        text: [each.name for each in rows.find(con, text)] for text in ("docks", "kvk", "OR-0002", "100%", "%", "_")
    }
    assert found == {
        "docks": ["Choir of the Docks"], "kvk": ["Parish 100%"], "OR-0002": ["Parish 100%"], "100%": ["Parish 100%"],
        "%": ["Parish 100%"], "_": [],
    }  # fmt: skip
    assert [each.name for each in rows.find(con, kind=rows.OrganisationKind.OWNER)] == ["Parish 100%"]
    assert (rows.count(con), rows.count(con, "docks")) == (2, 1)


# ---- who belongs to it -------------------------------------------------------------------------------------


def test_who_was_invited_is_nothing_before_they_said_yes(con: Connection, now: datetime, choir: str) -> None:
    ada = ask(con, choir, now)
    assert ada.memberships == ()
    assert not is_allowed(ada.actor(), Permission.ORGANISATION_READ, Organisation(ref=choir))
    assert (lonely(con), reached(con, choir)) == ([choir], [(None, "choir@example.org", "en")])
    assert members.confirm_membership(con, ada.actor(), choir, now) == ["contact"]
    assert members.confirm_membership(con, ada.actor(), choir, now) == []
    ada = person(con, ada.ref)
    assert ada.memberships == (Membership("contact", Over("organisation", choir)),)
    assert (lonely(con), reached(con, choir)) == ([], [("Ada", "ada@example.org", "en")])
    assert [event.what for event in events_of(con, choir)] == ["join", "invite", "add"]
    assert [event.actor for event in events_of(con, choir)][:1] == ["Ada"]
    con.rollback()
    assert checking.check_register(con, now) == []


def test_each_invitation_is_a_letter_and_one_more_until_they_say_yes(
    con: Connection, now: datetime, choir: str
) -> None:
    ada = ask(con, choir, now)
    assert ask(con, choir, now).ref == ada.ref
    told = [(each.template, each.to_ref, each.refs) for each in letters.find(con)]
    con.rollback()
    assert told == [("member_invitation", ada.ref, {"organisation": choir})] * 2
    members.confirm_membership(con, ada.actor(), choir, now)
    with pytest.raises(Conflict):
        ask(con, choir, now)
    assert [event.what for event in events_of(con, choir)] == ["join", "invite", "add"]


def test_a_contact_invites_and_removes_and_a_member_does_not(con: Connection, now: datetime, choir: str) -> None:
    ada, bob = a_member(con, choir, now), a_member(con, choir, now, "Bob", "member")
    eve = ask(con, choir, now, "Eve", "signatory", by=ada.actor())
    with pytest.raises(NotAllowed):
        ask(con, choir, now, "Zoe", by=bob.actor())
    with pytest.raises(NotAllowed):
        members.end_membership(con, bob.actor(), choir, ada.ref, now)
    assert members.end_membership(con, ada.actor(), choir, eve.ref, now) == ["signatory"]
    with pytest.raises(WrongState):
        members.confirm_membership(con, eve.actor(), choir, now)
    with pytest.raises(NotFound):
        members.end_membership(con, ada.actor(), choir, eve.ref, now)
    assert [each.person.name for each in rows.members(con, choir)] == ["Ada", "Bob"]


@pytest.mark.parametrize("part", ["administrator", "reviewer", "king"])
def test_a_part_in_an_organisation_is_none_in_the_office(con: Connection, now: datetime, choir: str, part: str) -> None:
    with pytest.raises(Invalid):
        ask(con, choir, now, part=part)


def test_the_last_contact_leaves_at_once_and_the_unconfirmed_one_gains_nothing(
    con: Connection, now: datetime, choir: str
) -> None:
    ada, bob = a_member(con, choir, now), ask(con, choir, now, "Bob")
    assert members.leave_organisation(con, ada.actor(), choir, now + LATER) == ["contact"]
    assert person(con, ada.ref).memberships == person(con, bob.ref).memberships == ()
    assert lonely(con) == [choir]
    assert reached(con, choir) == [(None, "choir@example.org", "en")]
    organisations.edit_organisation(con, SYSTEM, choir, {"email": None}, now)
    assert reached(con, choir) == []
    with pytest.raises(NotFound):
        members.leave_organisation(con, ada.actor(), choir, now)


def test_who_was_removed_joins_anew_when_invited_again(con: Connection, now: datetime, choir: str) -> None:
    ada = a_member(con, choir, now)
    members.end_membership(con, SYSTEM, choir, ada.ref, now)
    assert ask(con, choir, now + LATER).ref == ada.ref
    assert person(con, ada.ref).memberships == ()
    members.confirm_membership(con, ada.actor(), choir, now + LATER)
    assert person(con, ada.ref).memberships == (Membership("contact", Over("organisation", choir)),)


def test_several_parts_end_together_or_one_by_one(con: Connection, now: datetime, choir: str) -> None:
    ada = a_member(con, choir, now)
    ask(con, choir, now, part="signatory")
    members.confirm_membership(con, ada.actor(), choir, now)
    assert members.end_membership(con, SYSTEM, choir, ada.ref, now, "signatory") == ["signatory"]
    assert reached(con, choir) == [("Ada", "ada@example.org", "en")]
    ask(con, choir, now, part="signatory")
    assert members.leave_organisation(con, ada.actor(), choir, now) == ["contact", "signatory"]


def test_who_says_no_stays_what_they_are(con: Connection, now: datetime, choir: str) -> None:
    ada = a_member(con, choir, now)
    ask(con, choir, now, part="signatory")
    assert members.decline_membership(con, ada.actor(), choir, now) == ["signatory"]
    assert [each.part for each in rows.members(con, choir)] == ["contact"]
    con.rollback()
    with pytest.raises(NotFound):
        members.decline_membership(con, ada.actor(), choir, now)


def test_a_contact_who_left_the_register_does_not_count(con: Connection, now: datetime, choir: str) -> None:
    ada = a_member(con, choir, now)
    people_registry.end_person(con, SYSTEM, ada.ref, now)
    assert (lonely(con), reached(con, choir)) == ([choir], [(None, "choir@example.org", "en")])


# ---- people from outside the office ------------------------------------------------------------------------


def known(con: Connection, now: datetime, email: str, name: str = "Jo") -> Person:
    with writing(con):
        return people_registry.known_person(con, name, email, "nl", now)


def test_a_person_of_an_address_is_known_or_becomes_so(con: Connection, now: datetime) -> None:
    jo = known(con, now, " Jo@Example.org ")
    assert (jo.ref, jo.email, jo.language, jo.memberships) == ("PE-0001", "jo@example.org", "nl", ())
    assert known(con, now, "jo@example.org", "Somebody else") == jo
    assert people.find_office(con) == []
    con.rollback()
    assert checking.check_register(con, now) == []


def test_who_had_left_the_office_is_known_again_without_what_they_were(con: Connection, now: datetime) -> None:
    people_registry.add_person(con, SYSTEM, Person.with_role("administrator", name="A", email="a@example.org"), now)
    planner = Person.with_role("planner", name="Jo", email="jo@example.org")
    jo = people_registry.add_person(con, SYSTEM, planner, now)
    people_registry.end_person(con, SYSTEM, jo.ref, now)
    again = known(con, now + LATER, "jo@example.org")
    assert (again.ref, again.memberships, again.ended_at) == (jo.ref, (), None)
    assert person(con, jo.ref) == again


@pytest.fixture
def whispered(con: Connection, now: datetime, choir: str) -> str:
    """A member whose name and address are nowhere else."""
    organisations.edit_organisation(con, SYSTEM, choir, {"email": "zqada@example.org"}, now)
    ada = a_member(con, choir, now, "Zqada")
    people_registry.change_person(con, ada.actor(), ada.ref, {"name": "Zqada Zqsmith"}, now)
    organisations.edit_organisation(con, person(con, ada.ref).actor(), choir, {"phone": "1"}, now)
    return ada.ref


def test_who_asks_to_be_forgotten_is_named_nowhere(con: Connection, now: datetime, whispered: str, choir: str) -> None:
    actor = person(con, whispered).actor()
    forgotten = people_registry.forget_person(con, actor, whispered, now + LATER)
    assert (forgotten.name, forgotten.ended_at, forgotten.memberships) == ("…", now + LATER, ())
    assert rows.get(con, choir).email is None
    con.rollback()
    assert known_rows(con) == []
    assert checking.check_register(con, now + LATER) == []
    assert known(con, now + LATER, "zqada@example.org", "New").ref != whispered


def known_rows(con: Connection) -> list[str]:
    """Where her name or address still stands, whatever table."""
    found = [
        f"{table.name}: {row}" for table in metadata.sorted_tables for row in con.execute(select(table))
        if "zqada" in str(row).lower()
    ]  # fmt: skip
    con.rollback()
    return found


def test_who_works_in_the_office_is_not_forgotten_and_nobody_forgets_another(
    con: Connection, now: datetime, choir: str
) -> None:
    planner = Person.with_role("planner", name="Ilse", email="ilse@example.org")
    ilse = people_registry.add_person(con, SYSTEM, planner, now)
    with pytest.raises(WrongState):
        people_registry.forget_person(con, SYSTEM, ilse.ref, now)
    ada = a_member(con, choir, now)
    with pytest.raises(NotAllowed):
        people_registry.forget_person(con, ilse.actor(), ada.ref, now)
    assert people_registry.forget_person(con, SYSTEM, ada.ref, now).name == "…"
    assert replace(person(con, ada.ref)).ended_at == now
