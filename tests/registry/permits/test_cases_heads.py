"""A mediator gives parts of what it has to others: never more than it has, and they end with it or it does not end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tempuse.access import SYSTEM, Actor
from tempuse.agreements import Handover
from tempuse.errors import Conflict, Invalid, NotAllowed, WrongState
from tempuse.permits import Permit
from tempuse.registry.permits.agreeing import adopt_terms, name_grantor, propose_terms
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.permits.deciding import approve_permit, reconsider_permit, refuse_request, revoke_permit
from tempuse.registry.permits.requesting import Requester
from tempuse.registry.permits.subletting import hand_to_head, request_within
from tempuse.registry.permits.using import end_early, hand_back, hand_over
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, claims, covering, letters, people, permits
from tempuse.store.engine import Connection
from tempuse.terms import Terms
from tempuse.vocabulary import LetterStatus
from tests.builders import a_space
from tests.permitting import a_request, approved, running, sha_of, sign_on_paper, terms

NOW = datetime(2027, 1, 10, 8, 0, tzinfo=UTC)
LATER = datetime(2028, 1, 10, 8, 0, tzinfo=UTC)
LONG = date(2027, 1, 10), date(2029, 12, 31)


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


@pytest.fixture
def rooms(con: Connection, hall: str) -> list[str]:
    return [add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall), NOW) for _ in range(4)]


@pytest.fixture
def head(con: Connection, hall: str, rooms: list[str]) -> str:
    asked = terms(*LONG, sublet="yes", notice_days_grantor=60)
    return running(con, NOW, [hall], asked, on=LONG[0], group="Pro Leerstand", email="mia@mediator.example", name="Mia")


def mediator(con: Connection) -> Actor:
    mia = people.by_email(con, "mia@mediator.example")
    con.rollback()
    assert mia is not None
    return mia.actor()


def within(con: Connection, head: str, room: str, asked: Terms, *, group: str = "Weavers") -> str:
    """The ref of a request within a head that the mediator filled in and the group confirmed."""
    who = Requester(name="Wim", email=f"{group.lower().replace(' ', '')}@group.example", group=group)
    permit = Permit(space_refs=(room,), title=group)
    ref = request_within(con, mediator(con), head, permit, asked, who, NOW).permit.ref
    expect_secret(con, SYSTEM, ref, f"secret {ref}")
    assert confirm_request(con, SYSTEM, f"secret {ref}", NOW) is not None
    return ref


def in_use(con: Connection, head: str, room: str, until: date, group: str) -> str:
    ref = within(con, head, room, terms(date(2027, 2, 1), until), group=group)
    approve_permit(con, mediator(con), ref, NOW)
    sign_on_paper(con, ref, NOW)
    hand_over(con, mediator(con), ref, NOW, Handover(on=date(2027, 1, 10)))
    return ref


@pytest.fixture
def four(con: Connection, head: str, rooms: list[str]) -> list[str]:
    ends = [date(2029, 10, 31), *[LONG[1]] * 3]
    return [
        in_use(con, head, room, until, f"Group {n}") for n, (room, until) in enumerate(zip(rooms, ends, strict=True))
    ]


END = {"ended_on": date(2028, 6, 30), "ended_how": "notice_by_grantor", "because": "The school is built."}


def test_case_18_a_head_ends_with_its_four_uses_or_not_at_all(con: Connection, head: str, four: list[str]) -> None:
    with pytest.raises(Conflict) as caught:
        end_early(con, SYSTEM, head, LATER, **END)
    assert caught.value.message == "permit.subuses_stick_out"
    assert caught.value.values["subuses"] == sorted(four)
    assert {permits.get(con, ref).ended_on for ref in (head, *four)} == {None}
    con.rollback()
    end_early(con, SYSTEM, head, LATER, **END, with_subuses=True)
    for ref in (head, *four):
        permit = permits.get(con, ref)
        assert (permit.ended_on, permit.ended_why, permit.status) == (
            date(2028, 6, 30), "The school is built.", "handed_over",
        )  # fmt: skip
        assert max(each.until_minute for each in claims.of_permit(con, ref)) == date(2028, 7, 1).toordinal() * 1440
        assert agreements.decisions_of(con, ref)[-1].kind == "end_early"


def test_case_18_a_room_outside_the_head_is_not_the_mediators_to_give(con: Connection, head: str) -> None:
    other = add_space(con, SYSTEM, a_space(), NOW)
    with pytest.raises(Invalid) as caught:
        within(con, head, other, terms(date(2027, 2, 1), date(2027, 3, 1)))
    assert caught.value.issues[0].message == "permit.space_outside_head"
    ref = a_request(con, NOW, [other], terms(date(2027, 2, 1), date(2027, 3, 1)))
    with pytest.raises(Invalid):
        hand_to_head(con, SYSTEM, ref, head, NOW)


def test_what_the_head_has_no_more_cannot_be_given(con: Connection, head: str, rooms: list[str]) -> None:
    ref = within(con, head, rooms[0], terms(date(2028, 6, 1), date(2028, 12, 31)))
    end_early(con, SYSTEM, head, LATER, **END)
    with pytest.raises(Conflict) as caught:
        approve_permit(con, mediator(con), ref, LATER)
    assert (caught.value.message, caught.value.values["space"]) == ("permit.outside_head", rooms[0])


def test_two_uses_of_one_room_within_a_head_meet_and_the_head_is_no_rival(
    con: Connection, head: str, rooms: list[str]
) -> None:
    spring = terms(date(2027, 2, 1), date(2027, 5, 31))
    first = within(con, head, rooms[0], spring)
    approve_permit(con, mediator(con), first, NOW)
    second = within(con, head, rooms[0], spring, group="Spinners")
    with pytest.raises(Conflict) as caught:
        approve_permit(con, mediator(con), second, NOW)
    assert caught.value.values["refs"] == first
    with pytest.raises(Conflict) as city:
        approved(con, NOW, [rooms[0]], spring, group="Choir", email="bo@choir.example")
    assert city.value.values["refs"] == head


def test_the_mediator_decides_what_is_asked_within_its_own_permit_and_nothing_else(
    con: Connection, head: str, rooms: list[str]
) -> None:
    other = add_space(con, SYSTEM, a_space(), NOW)
    elsewhere = a_request(con, NOW, [other], terms(date(2027, 2, 1), date(2027, 3, 1)), group="Choir")
    for act in (
        lambda: approve_permit(con, mediator(con), elsewhere, NOW),
        lambda: approve_permit(con, mediator(con), head, NOW),
        lambda: hand_to_head(con, mediator(con), elsewhere, head, NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    ref = within(con, head, rooms[0], terms(date(2027, 2, 1), date(2027, 3, 1)))
    group = people.by_email(con, "weavers@group.example")
    con.rollback()
    assert group is not None
    with pytest.raises(NotAllowed):
        approve_permit(con, group.actor(), ref, NOW)
    with pytest.raises(Conflict):
        name_grantor(con, mediator(con), ref, None, NOW)
    assert refuse_request(con, mediator(con), ref, NOW, "The loom is too heavy.").status == "refused"


def test_a_head_that_needs_consent_or_lets_nobody(con: Connection, hall: str) -> None:
    consent = terms(date(2027, 2, 1), date(2027, 6, 30), sublet="with_consent")
    head = running(con, NOW, [hall], consent, on=LONG[0], group="Pro", email="mia@mediator.example", name="Mia")
    ref = within(con, head, hall, terms(date(2027, 2, 1), date(2027, 3, 1)))
    with pytest.raises(Invalid) as caught:
        approve_permit(con, mediator(con), ref, NOW)
    assert caught.value.issues[0].message == "permit.head_asks_consent"
    assert approve_permit(con, SYSTEM, ref, NOW).status == "approved"
    other = add_space(con, SYSTEM, a_space(), NOW)
    closed = running(con, NOW, [other], terms(date(2027, 2, 1), date(2027, 6, 30)), on=LONG[0], group="Pro",
                     email="mia@mediator.example", name="Mia")  # fmt: skip
    with pytest.raises(Invalid) as nobody:
        within(con, closed, other, terms(date(2027, 2, 1), date(2027, 3, 1)))
    assert nobody.value.issues[0].message == "permit.head_lets_nobody"


def test_nothing_is_given_within_a_head_that_is_not_approved(con: Connection, hall: str) -> None:
    asked = terms(*LONG, sublet="yes")
    head = a_request(con, NOW, [hall], asked, group="Pro", email="mia@mediator.example", name="Mia")
    with pytest.raises(Invalid) as caught:
        within(con, head, hall, terms(date(2027, 2, 1), date(2027, 3, 1)))
    assert caught.value.issues[0].message == "permit.head_not_agreed"


@pytest.mark.parametrize("act", [revoke_permit, reconsider_permit])
def test_a_head_taken_back_takes_its_approved_uses_with_it(con: Connection, hall: str, act: object) -> None:
    head = approved(con, NOW, [hall], terms(*LONG, sublet="yes"), group="Pro", email="mia@mediator.example", name="Mia")
    ref = within(con, head, hall, terms(date(2027, 2, 1), date(2027, 3, 1)))
    approve_permit(con, mediator(con), ref, NOW)
    with pytest.raises(Conflict):
        act(con, SYSTEM, head, NOW, "The roof leaks.")  # type: ignore[operator]
    act(con, SYSTEM, head, NOW, "The roof leaks.", with_subuses=True)  # type: ignore[operator]
    assert permits.get(con, ref).status == "revoked"
    assert claims.of_permit(con, ref) == claims.of_permit(con, head) == []


def test_a_heads_keys_come_back_with_all_others(con: Connection, head: str, four: list[str]) -> None:
    back = Handover(on=date(2028, 1, 10))
    with pytest.raises(Conflict):
        hand_back(con, SYSTEM, head, LATER, back)
    hand_back(con, SYSTEM, head, LATER, back, with_subuses=True, because="The mediator ends its work.")
    assert {permits.get(con, ref).status for ref in (head, *four)} == {"handed_back"}
    assert covering.sticking_out(con, head) == {}


def test_a_head_is_shortened_by_other_terms_with_what_sticks_out(con: Connection, head: str, four: list[str]) -> None:
    propose_terms(con, SYSTEM, head, {"ends_on": date(2029, 11, 30), "from_on": date(2028, 2, 1)}, LATER)
    version = permits.newest_terms(con, head).version
    con.rollback()
    sha_of(con, head)
    sign_on_paper(con, head, LATER)
    with pytest.raises(Conflict) as caught:
        adopt_terms(con, SYSTEM, head, LATER, version=version)
    assert caught.value.values["subuses"] == sorted(four[1:])
    adopt_terms(con, SYSTEM, head, LATER, version=version, with_subuses=True, because="The site is needed.")
    ended = [permits.get(con, ref).ended_on for ref in four]
    assert ended == [None, *[date(2029, 11, 30)] * 3]


def test_the_office_hands_a_request_to_whoever_holds_the_space(con: Connection, head: str, rooms: list[str]) -> None:
    ref = a_request(con, NOW, [rooms[0]], terms(date(2027, 2, 1), date(2027, 3, 1)), group="Choir")
    with pytest.raises(Conflict):
        approve_permit(con, SYSTEM, ref, NOW)
    hand_to_head(con, SYSTEM, ref, head, NOW)
    assert permits.get(con, ref).grantor_ref == permits.get(con, head).holder_ref
    con.rollback()
    assert approve_permit(con, mediator(con), ref, NOW).status == "approved"
    with pytest.raises(WrongState):
        hand_to_head(con, SYSTEM, ref, head, NOW)


def test_keys_come_from_whoever_has_them(con: Connection, hall: str) -> None:
    head = approved(con, NOW, [hall], terms(*LONG, sublet="yes"), group="Pro", email="mia@mediator.example", name="Mia")
    ref = within(con, head, hall, terms(date(2027, 2, 1), date(2027, 3, 1)))
    approve_permit(con, mediator(con), ref, NOW)
    sign_on_paper(con, ref, NOW)
    with pytest.raises(Conflict) as caught:
        hand_over(con, mediator(con), ref, NOW, Handover(on=date(2027, 1, 10)))
    assert (caught.value.message, caught.value.values["head"]) == ("permit.head_without_keys", head)


def test_the_mediator_is_written_to_about_what_is_asked_within_its_permit(
    con: Connection, head: str, rooms: list[str]
) -> None:
    ref = within(con, head, rooms[0], terms(date(2027, 2, 1), date(2027, 3, 1)))
    mia = mediator(con).person_ref
    told = {(each.template, each.to_ref) for each in letters.find(con, [LetterStatus.WAITING])
            if each.refs.get("permit") == ref}  # fmt: skip
    assert ("permit_to_review", mia) in told
    assert ("permit_to_review", "office") in told
