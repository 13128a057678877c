"""Mandates: given, changed, taken back; what a mediator may with one, and no more; on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from tempuse.access import PUBLIC, SYSTEM, Actor
from tempuse.errors import Conflict, Invalid, NotAllowed, NotFound
from tempuse.mandates import Mandate
from tempuse.organisations import Organisation
from tempuse.permits import Permit
from tempuse.registry import organisations
from tempuse.registry.care import checking
from tempuse.registry.mandates import change_mandate, end_mandate, give_mandate, mandates_of, mandates_over
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.permits.deciding import approve_permit
from tempuse.registry.permits.mine import request_of
from tempuse.registry.permits.proposing import propose_head, propose_request
from tempuse.registry.permits.requesting import Requester
from tempuse.registry.spaces import add_space
from tempuse.store import events, mandates, permits
from tempuse.store.engine import Connection, writing
from tests.builders import a_space
from tests.mandating import a_mediator, contact, give
from tests.permitting import terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
TODAY, LAST = date(2027, 4, 1), date(2027, 12, 31)
MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
WIM = Requester(name="Wim", email="wim@weavers.example", group="Weavers")


@pytest.fixture
def house(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(name="The Grain Store"), NOW)


@pytest.fixture
def room(con: Connection, house: str) -> str:
    return add_space(con, SYSTEM, a_space(kind="unit", within_ref=house), NOW)


@pytest.fixture
def other(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(name="Not theirs"), NOW)


@pytest.fixture
def mediator(con: Connection) -> str:
    return a_mediator(con, NOW)


def propose(con: Connection, actor: Actor, *space_refs: str, now: datetime = NOW) -> Permit:
    permit = Permit(space_refs=space_refs, title="Weavers")
    return propose_request(con, actor, permit, MAY, WIM, now, None, lambda _: True).permit


def test_a_mandate_is_given_changed_and_taken_back_and_each_is_one_event(
    con: Connection, mediator: str, house: str, other: str
) -> None:
    ref = give(con, NOW, mediator, [house, house], TODAY)
    assert ref == "MD-0001"
    change_mandate(con, SYSTEM, ref, {"until_on": LAST, "space_refs": (house, other)}, NOW, revision=1)
    with pytest.raises(Conflict):
        change_mandate(con, SYSTEM, ref, {"may_visit": True}, NOW, revision=1)
    assert [end_mandate(con, SYSTEM, ref, NOW, note="They stopped.").ended_at for _ in range(2)] == [NOW, NOW]
    with pytest.raises(Conflict):
        change_mandate(con, SYSTEM, ref, {"may_visit": True}, NOW)
    held = mandates.get(con, ref)
    assert (held.space_refs, held.until_on, held.may_propose, held.may_head) == ((house, other), LAST, True, False)
    assert [(each.what, each.note) for each in events.of(con, ref, "mandate")] == [
        ("end", "They stopped."), ("edit", None), ("give", None),
    ]  # fmt: skip
    con.rollback()
    assert checking.check_register(con, NOW) == []


def test_what_does_not_fit_is_said_at_once_and_only_the_office_gives_one(
    con: Connection, mediator: str, house: str
) -> None:
    with pytest.raises(Invalid) as told:
        give_mandate(con, SYSTEM, Mandate(mediator_ref=mediator), NOW)
    assert {each.field for each in told.value.issues} == {"space_refs", "from_on", "may_visit"}
    with pytest.raises(Invalid) as told:
        give(con, NOW, mediator, [house, "SP-0999"], LAST, TODAY)
    assert {each.message for each in told.value.issues} == {"mandate.ends_before_start", "space.not_found"}
    group = organisations.add_organisation(con, SYSTEM, Organisation(name="Choir", kinds=("initiative",)), NOW)
    with pytest.raises(Conflict):
        give(con, NOW, group, [house], TODAY)
    with pytest.raises(NotFound):
        give(con, NOW, "OR-0999", [house], TODAY)
    ref = give(con, NOW, mediator, [house], TODAY)
    for actor in (PUBLIC, contact(con)):
        with pytest.raises(NotAllowed):
            give_mandate(con, actor, Mandate(mediator_ref=mediator, space_refs=(house,), from_on=TODAY), NOW)
        with pytest.raises(NotAllowed):
            change_mandate(con, actor, ref, {"may_head": True}, NOW)
        with pytest.raises(NotAllowed):
            end_mandate(con, actor, ref, NOW)


def test_a_form_that_comes_twice_gives_one_mandate(con: Connection, mediator: str, house: str) -> None:
    mandate = Mandate(mediator_ref=mediator, space_refs=(house,), from_on=TODAY, may_visit=True)
    assert [give_mandate(con, SYSTEM, mandate, NOW, "form") for _ in range(2)] == ["MD-0001", "MD-0001"]


def test_a_mediator_fills_in_a_request_that_the_group_confirms_and_has_no_more_part_in_it(
    con: Connection, mediator: str, house: str, room: str
) -> None:
    give(con, NOW, mediator, [house], TODAY, LAST)
    mia = contact(con)
    asked = propose(con, mia, room)  # within the house
    assert (asked.status, asked.helper_ref, asked.holder_ref) == ("draft", mia.person_ref, None)
    expect_secret(con, SYSTEM, asked.ref, "a secret")
    assert confirm_request(con, PUBLIC, "a secret", NOW) is not None
    held = permits.get(con, asked.ref)
    con.rollback()
    assert (held.status, held.confirmed_at, held.helper_ref) == ("submitted", NOW, mia.person_ref)
    assert held.holder_ref != mediator
    with pytest.raises(NotFound):
        request_of(con, mia, asked.ref)
    with pytest.raises(NotAllowed):
        approve_permit(con, mia, asked.ref, NOW)


def test_without_a_mandate_that_allows_it_today_over_each_space_nothing_is_asked(
    con: Connection, mediator: str, house: str, other: str, room: str
) -> None:
    mia = contact(con)
    give(con, NOW, mediator, [house], date(2027, 4, 2), LAST, may_propose=True)  # from tomorrow on
    give(con, NOW, mediator, [house], TODAY, LAST, may_visit=True, may_head=True)
    give(con, NOW, mediator, [room], date(2027, 1, 1), date(2027, 3, 31), may_propose=True)  # until yesterday
    give(con, NOW, a_mediator(con, NOW, "Others", "bo@mediator.example"), [other], TODAY, may_propose=True)
    for actor, spaces in ((mia, [house]), (mia, [room]), (mia, [other]), (PUBLIC, [other]), (mia, [])):
        with pytest.raises(NotAllowed):
            propose(con, actor, *spaces)
    tomorrow = datetime(2027, 4, 1, 22, 30, tzinfo=UTC)  # in Brussels
    with pytest.raises(NotAllowed):
        propose(con, mia, house, other, now=tomorrow)
    assert propose(con, mia, house, room, now=tomorrow).status == "draft"
    assert propose(con, contact(con, "bo@mediator.example"), other).status == "draft"
    assert permits.rows.count(con) == 2


def test_a_mandate_ends_with_its_day_and_at_once_when_it_is_taken_back(
    con: Connection, mediator: str, house: str
) -> None:
    ref = give(con, NOW, mediator, [house], TODAY, date(2027, 6, 30))
    mia = contact(con)
    before, after = datetime(2027, 6, 30, 21, 59, tzinfo=UTC), datetime(2027, 6, 30, 22, 0, tzinfo=UTC)
    later = terms(date(2027, 8, 1), date(2027, 8, 31))
    for now, is_there in ((before, True), (after, False)):
        permit = Permit(space_refs=(house,), title="Weavers")
        if is_there:
            propose_request(con, mia, permit, later, WIM, now, None, lambda _: True)
        else:
            with pytest.raises(NotAllowed):
                propose_request(con, mia, permit, later, WIM, now, None, lambda _: True)
    end_mandate(con, SYSTEM, ref, NOW)
    with pytest.raises(NotAllowed):
        propose(con, mia, house)
    assert mandates_of(con, mia, TODAY) == []


def test_a_mediator_that_ended_has_none(con: Connection, mediator: str, house: str) -> None:
    give(con, NOW, mediator, [house], TODAY)
    mia = contact(con)
    organisations.retire_organisation(con, SYSTEM, mediator, NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        propose(con, mia, house)
    assert mandates_over(con, house, TODAY) == []


def test_a_head_is_asked_for_with_its_own_leave_alone(con: Connection, mediator: str, house: str, room: str) -> None:
    mia = contact(con)
    asked = {"space_refs": (house,), "title": "Rooms for many"}
    give(con, NOW, mediator, [house], TODAY, LAST)  # to fill in requests
    with pytest.raises(NotAllowed):
        propose_head(con, mia, Permit(**asked), MAY, mediator, NOW)
    give(con, NOW, mediator, [house], TODAY, LAST, may_head=True)
    with pytest.raises(NotAllowed):
        propose_head(con, mia, Permit(**asked), MAY, "OR-0999", NOW)
    with pytest.raises(NotAllowed):
        propose_head(con, contact(con, "mia@mediator.example"), Permit(space_refs=(), title="x"), MAY, mediator, NOW)
    held = propose_head(con, mia, Permit(**asked), MAY, mediator, NOW).permit
    assert (held.status, held.holder_ref, held.helper_ref) == ("submitted", mediator, None)
    assert permits.one_ruled(con, held.ref).terms.sublet == "yes"
    con.rollback()


def test_a_space_tells_who_may_mediate_it(con: Connection, mediator: str, house: str, room: str, other: str) -> None:
    ref = give(con, NOW, mediator, [house], TODAY, LAST)
    assert [each.ref for each in mandates_over(con, room, TODAY)] == [ref]
    assert mandates_over(con, other, TODAY) == []
    assert mandates_over(con, room, date(2028, 1, 1)) == []
    assert [each.ref for each in mandates_of(con, contact(con), TODAY)] == [ref]


def test_a_check_finds_mandates_over_spaces_that_are_gone(con: Connection, mediator: str, house: str) -> None:
    ref = give(con, NOW, mediator, [house], TODAY)
    with writing(con):
        lost = {"space_refs": (house, "SP-0777"), "mediator_ref": "OR-0777"}
        con.execute(update(mandates.rows.table).values(lost))
    found = checking.check_register(con, NOW)
    assert {(each.message, each.values["ref"], each.values.get("table")) for each in found} == {
        ("check.orphan", ref, "space_refs"), ("check.orphan", ref, "mediator_ref"),
    }  # fmt: skip
