"""Both sides' word on the record of a hand-over: each once, beside a record that stays; on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tempuse.access import SYSTEM, Actor
from tempuse.errors import Invalid, NotAllowed, NotFound, WrongState
from tempuse.organisations import Organisation
from tempuse.registry import members, organisations
from tempuse.registry.permits.agreeing import name_grantor
from tempuse.registry.permits.handing import answer_handover
from tempuse.registry.permits.purging import purge_permits
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, events, people
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.permitting import a_request, bring_back, running, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
YEAR = terms(date(2027, 4, 1), date(2028, 3, 31))


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


def actor_of(con: Connection, email: str) -> Actor:
    found = people.by_email(con, email)
    con.rollback()
    assert found is not None
    return found.actor()


def an_owner(con: Connection, ref: str) -> Actor:
    """The contact of an owner who grants this permit, and did not write its records."""
    made = organisations.add_organisation(con, SYSTEM, Organisation(name="Estates", kinds=("owner",)), NOW)
    jan = members.invite_member(con, SYSTEM, made, "Jan", "jan@owner.example", "en", "contact", NOW)
    members.confirm_membership(con, jan.actor(), made, NOW)
    name_grantor(con, SYSTEM, ref, made, NOW)
    return actor_of(con, "jan@owner.example")


def records(con: Connection, ref: str) -> list[agreements.Handover]:
    found = agreements.handovers_of(con, ref)
    con.rollback()
    return found


def whats(con: Connection, ref: str) -> list[str]:
    found = [each.what for each in events.of(con, ref, "permit")]
    con.rollback()
    return found


def letters_called(con: Connection, template: str) -> int:
    found = con.exec_driver_sql(f"SELECT count(*) FROM letters WHERE template = '{template}'").scalar()
    con.rollback()
    return int(found or 0)


def test_the_group_agrees_once_and_the_record_stays(con: Connection, hall: str) -> None:
    ref = running(con, NOW, [hall], YEAR, on=date(2027, 4, 1))
    (before,) = records(con, ref)
    assert before.agreed_by_grantor_at == NOW, "the city wrote it down"
    ada = actor_of(con, "ada@group.example")
    answer_handover(con, ada, ref, 1, NOW + timedelta(hours=1), agrees=True, remarks=" The tap drips.\n")
    answer_handover(con, ada, ref, 1, NOW + timedelta(hours=2), agrees=True, remarks="The tap drips.")
    (after,) = records(con, ref)
    assert (after.agreed_by_holder_at, after.remarks_holder) == (NOW + timedelta(hours=1), "The tap drips.")
    assert (after.on, after.keys, after.at, after.by) == (before.on, before.keys, before.at, before.by)
    assert whats(con, ref).count("handover_agreed") == 1
    assert letters_called(con, "permit_handover_remark") == 1
    with pytest.raises(Invalid) as said:
        answer_handover(con, ada, ref, 1, NOW, agrees=True, remarks="And the door, too.")
    assert said.value.issues[0].message == "permit.remarked_before"


def test_a_remark_alone_agrees_to_nothing(con: Connection, hall: str) -> None:
    ref = running(con, NOW, [hall], YEAR, on=date(2027, 4, 1))
    bring_back(con, ref, NOW + timedelta(days=9), date(2027, 4, 9))
    ada = actor_of(con, "ada@group.example")
    answer_handover(con, ada, ref, 2, NOW, agrees=False, remarks="One key was lost.")
    over, back = records(con, ref)
    assert (over.remarks_holder, back.remarks_holder, back.agreed_by_holder_at) == (None, "One key was lost.", None)
    answer_handover(con, ada, ref, 2, NOW + timedelta(days=10), agrees=True)
    assert records(con, ref)[1].agreed_by_holder_at == NOW + timedelta(days=10)
    for number in (0, -1, 3):
        with pytest.raises(NotFound):
            answer_handover(con, ada, ref, number, NOW, agrees=True)
    for words in (None, "  "):
        with pytest.raises(Invalid):
            answer_handover(con, ada, ref, 1, NOW, agrees=False, remarks=words)
    with pytest.raises(Invalid):
        answer_handover(con, ada, ref, 1, NOW, agrees=True, remarks="x" * 4001)
    assert records(con, ref)[0].agreed_by_holder_at is None, "what does not fit is not half written"


def test_each_side_speaks_for_itself(con: Connection, hall: str) -> None:
    ref = running(con, NOW, [hall], YEAR, on=date(2027, 4, 1))
    jan = an_owner(con, ref)
    bring_back(con, ref, NOW + timedelta(days=9), date(2027, 4, 9))
    assert records(con, ref)[1].agreed_by_grantor_at is None, "the office wrote it, not the owner"
    answer_handover(con, jan, ref, 2, NOW + timedelta(days=10), agrees=True, remarks="Swept.")
    back = records(con, ref)[1]
    assert (back.agreed_by_grantor_at, back.remarks_grantor) == (NOW + timedelta(days=10), "Swept.")
    assert (back.agreed_by_holder_at, back.remarks_holder) == (None, None)
    a_request(con, NOW, [hall], terms(date(2029, 1, 1), date(2029, 2, 1)), group="Choir", email="bo@choir.example")
    with pytest.raises(NotAllowed):
        answer_handover(con, actor_of(con, "bo@choir.example"), ref, 2, NOW, agrees=True)
    with pytest.raises(WrongState):
        answer_handover(con, SYSTEM, ref, 2, NOW, agrees=True)


def test_a_purge_takes_remarks_and_leaves_when_who_agreed(con: Connection, hall: str, tmp_path: object) -> None:
    ref = running(con, NOW, [hall], YEAR, on=date(2027, 4, 1))
    answer_handover(con, actor_of(con, "ada@group.example"), ref, 1, NOW, agrees=True, remarks="Ada's own words")
    bring_back(con, ref, NOW + timedelta(days=9), date(2027, 4, 9))
    purge_permits(con, SYSTEM, tmp_path, NOW + timedelta(days=6 * 365))  # type: ignore[arg-type]
    over = records(con, ref)[0]
    assert (over.remarks_holder, over.agreed_by_holder_at) == (None, NOW)
    assert not any("own words" in (each.note or "") for each in events.of(con, ref, "permit"))
