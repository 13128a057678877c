"""People of the office: added, changed, ended, brought back; and their accounts."""

from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tempuse.access import SYSTEM, Actor, Membership, Over
from tempuse.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from tempuse.people import Person
from tempuse.registry import people as registry
from tempuse.store import people, tables
from tempuse.store.accounts import Accounts
from tempuse.store.engine import Connection, Register
from tempuse.store.events import of as events_of


def a_person(name: str = "Ilse Maes", email: str = "ilse@rivermouth.example", role: str = "planner") -> Person:
    return Person.with_role(role, name=name, email=email)


def an_administrator() -> Person:
    return a_person("Adam Reed", "adam@rivermouth.example", "administrator")


def test_a_person_is_added_with_a_ref_and_an_event(con: Connection, now: datetime) -> None:
    ilse = registry.add_person(con, SYSTEM, a_person("  Ilse   Maes ", " Ilse@Rivermouth.Example "), now)
    assert (ilse.ref, ilse.name, ilse.email) == ("PE-0001", "Ilse Maes", "ilse@rivermouth.example")
    assert people.get(con, "PE-0001") == ilse
    assert [event.what for event in events_of(con, "PE-0001")] == ["add"]
    assert ilse.actor() == Actor("Ilse Maes", frozenset({Membership("planner")}), "PE-0001")


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (a_person(name="  "), "name"),
        (a_person(email="ilse"), "email"),
        (a_person(email="a@b@c"), "email"),
        (a_person(email="two words@example.org"), "email"),
        (a_person(role="king"), "role"),
        (a_person(name="x" * 201), "name"),
    ],
)
def test_an_entry_that_does_not_fit_is_refused(con: Connection, now: datetime, person: Person, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        registry.add_person(con, SYSTEM, person, now)
    assert [issue.field for issue in caught.value.issues] == [field]
    con.rollback()
    assert people.find(con) == []


def test_an_address_belongs_to_one_person_whatever_its_letters(con: Connection, now: datetime) -> None:
    registry.add_person(con, SYSTEM, a_person(), now)
    with pytest.raises(Conflict) as caught:
        registry.add_person(con, SYSTEM, a_person("Another", "ILSE@rivermouth.example"), now)
    assert caught.value.values["name"] == "Ilse Maes"


def test_a_planner_changes_only_their_own_name_and_language(con: Connection, now: datetime) -> None:
    registry.add_person(con, SYSTEM, an_administrator(), now)
    ilse = registry.add_person(con, SYSTEM, a_person(), now)
    actor = ilse.actor()
    assert registry.change_person(con, actor, ilse.ref, {"name": "Ilse M.", "language": "nl"}, now).language == "nl"
    for ref, changes in ((ilse.ref, {"role": "administrator"}), ("PE-0001", {"name": "Nobody"})):
        with pytest.raises(NotAllowed):
            registry.change_person(con, actor, ref, changes, now)
    with pytest.raises(NotAllowed):
        registry.add_person(con, actor, a_person("X", "x@example.org"), now)
    with pytest.raises(NotFound):
        registry.change_person(con, SYSTEM, ilse.ref, {"password": "x"}, now)


def test_the_last_administrator_stays_administrator(con: Connection, now: datetime) -> None:
    adam = registry.add_person(con, SYSTEM, an_administrator(), now)
    registry.add_person(con, SYSTEM, a_person(), now)
    with pytest.raises(WrongState):
        registry.end_person(con, adam.actor(), adam.ref, now)
    with pytest.raises(WrongState):
        registry.change_person(con, adam.actor(), adam.ref, {"role": "planner"}, now)
    assert people.get(con, adam.ref).role == "administrator"
    con.rollback()
    second = registry.add_person(con, SYSTEM, a_person("Bea", "bea@example.org", "administrator"), now)
    registry.end_person(con, second.actor(), adam.ref, now)
    with pytest.raises(WrongState):
        registry.end_person(con, second.actor(), second.ref, now)


def test_a_membership_may_be_over_named_things_only(con: Connection, now: datetime) -> None:
    mill, barn = Over("space", "SP-0001"), Over("space", "SP-0002")
    some = (Membership("planner", mill), Membership("planner", barn), Membership("planner", mill))
    bea = registry.add_person(con, SYSTEM, Person(name="Bea", email="bea@example.org", memberships=some), now)
    found = people.get(con, bea.ref)
    con.rollback()
    assert found.memberships == some[:2]
    assert found.role == ""
    actor = found.actor()
    assert (actor.has("planner", mill), actor.has("planner", barn)) == (True, True)
    assert not actor.has("planner")
    assert not actor.has("planner", Over("space", "SP-0003"))
    assert not actor.has("administrator", mill)
    everywhere = registry.add_person(con, SYSTEM, a_person(), now).actor()
    assert everywhere.has("planner")
    assert everywhere.has("planner", mill)


def test_a_new_role_in_the_office_ends_the_one_before_and_no_other(con: Connection, now: datetime) -> None:
    registry.add_person(con, SYSTEM, an_administrator(), now)
    mill, later = Membership("planner", Over("space", "SP-0001")), now + timedelta(days=1)
    ilse = registry.add_person(con, SYSTEM, replace(a_person(), memberships=(Membership("planner"), mill)), now)
    changed = registry.change_person(con, SYSTEM, ilse.ref, {"role": "administrator"}, later)
    assert changed.memberships == (Membership("administrator"), mill)
    assert set(people.get(con, ilse.ref).memberships) == {Membership("administrator"), mill}
    rows = con.execute(select(tables.memberships).where(tables.memberships.c.person_ref == ilse.ref)).all()
    assert [(row.role, row.over_ref, row.since, row.ended_at) for row in rows] == [
        ("planner", None, now, later), ("planner", "SP-0001", now, None), ("administrator", None, later, None),
    ]  # fmt: skip
    con.rollback()
    registry.end_person(con, SYSTEM, ilse.ref, later)
    registry.bring_back_person(con, SYSTEM, ilse.ref, later)
    assert set(people.get(con, ilse.ref).memberships) == {Membership("administrator"), mill}


def test_an_administrator_over_one_thing_is_not_the_last_one(con: Connection, now: datetime) -> None:
    adam = registry.add_person(con, SYSTEM, an_administrator(), now)
    over = (Membership("administrator", Over("space", "SP-0001")),)
    bea = registry.add_person(con, SYSTEM, Person(name="Bea", email="bea@example.org", memberships=over), now)
    with pytest.raises(WrongState):
        registry.end_person(con, SYSTEM, adam.ref, now)
    with pytest.raises(NotAllowed):
        registry.end_person(con, bea.actor(), adam.ref, now)


RIVAL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempuse.access import SYSTEM
from tempuse.errors import WrongState
from tempuse.registry import people
from tempuse.store.engine import open_register
register = open_register(sys.argv[1], Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
with register.connect() as con:
    try:
        people.end_person(con, SYSTEM, sys.argv[3], datetime.now(UTC))
        print("ended")
    except WrongState:
        print("refused")
register.close()
"""


def test_two_administrators_who_end_each_other_leave_one(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    refs = [
        registry.add_person(con, SYSTEM, a_person(name, f"{name}@example.org", "administrator"), now).ref
        for name in ("Adam", "Bea")
    ]
    rivals = [
        subprocess.Popen(
            [sys.executable, "-c", RIVAL, address, str(tmp_path / "home"), ref],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for ref in refs
    ]  # fmt: skip
    for rival in rivals:
        assert rival.stdout is not None
        assert rival.stdout.readline() == "ready\n"
    for rival in rivals:
        assert rival.stdin is not None
        rival.stdin.write("go\n")
        rival.stdin.flush()
    said = sorted(rival.communicate(timeout=60)[0].strip() for rival in rivals)
    assert said == ["ended", "refused"]
    con.rollback()
    assert len(people.find(con)) == 1


def test_ending_somebody_twice_changes_nothing_more_and_they_can_come_back(con: Connection, now: datetime) -> None:
    registry.add_person(con, SYSTEM, an_administrator(), now)
    ilse = registry.add_person(con, SYSTEM, a_person(), now)
    ended = registry.end_person(con, SYSTEM, ilse.ref, now)
    assert registry.end_person(con, SYSTEM, ilse.ref, now + timedelta(days=1)) == ended
    assert ended.actor() == Actor("Ilse Maes")
    assert [person.name for person in people.find(con)] == ["Adam Reed"]
    con.rollback()
    with pytest.raises(Conflict) as caught:
        registry.add_person(con, SYSTEM, a_person(), now)
    assert caught.value.message == "person.ended_before"
    registry.bring_back_person(con, SYSTEM, ilse.ref, now)
    assert [event.what for event in events_of(con, ilse.ref)] == ["bring_back", "end", "add"]


def test_credentials_lie_outside_the_register_readable_by_one_user(register: Register, now: datetime) -> None:
    accounts = Accounts(register)
    account = accounts.of_person("PE-0001", now)
    account.password = "a hash"
    accounts.put(account)
    accounts.commit()
    accounts.release()
    assert accounts.refs_with_password() == {"PE-0001"}
    elsewhere = Accounts(register)
    assert elsewhere.of_person("PE-0001", now).fs_uniquifier == account.fs_uniquifier
    elsewhere.release()
    if register.is_file:
        path = register.home / "accounts.sqlite"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"a hash" in path.read_bytes()
    else:
        with register.connect() as con:
            names = con.exec_driver_sql(
                "SELECT table_schema FROM information_schema.tables WHERE table_name = 'accounts'"
            ).scalars()
            assert con.connection.info["schema"] + "_accounts" in list(names)
    accounts.forget("PE-0001")
    assert accounts.find_user(person_ref="PE-0001") is None
    accounts.release()
