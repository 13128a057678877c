"""The course of a permit: from a request to the keys, and what came after; on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.agreements import Afterlife, Handover
from tempuse.errors import Conflict, Invalid, NotAllowed, WrongState
from tempuse.registry.permits.deciding import approve_permit, reconsider_permit, refuse_request, revoke_permit
from tempuse.registry.permits.using import end_early, hand_back, hand_over, write_afterlife
from tempuse.registry.permits.withdrawing import call_off_permit, edit_request, withdraw_request
from tempuse.registry.spaces import add_space, move_space
from tempuse.store import agreements, claims, organisations, people, permits
from tempuse.store.engine import Connection
from tempuse.terms import Hours
from tests.builders import a_space
from tests.permitting import a_request, approved, bring_back, running, sign_on_paper, signed, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
JUNE = terms(date(2027, 6, 1), date(2027, 6, 30))


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


def test_a_group_asks_confirms_and_has_the_keys_and_gives_them_back(con: Connection, hall: str) -> None:
    ref = a_request(con, NOW, [hall], MAY)
    held = permits.get(con, ref)
    assert held.status == "submitted"
    assert organisations.get(con, held.holder_ref).name == "Repair café"
    con.rollback()
    assert approve_permit(con, SYSTEM, ref, NOW).status == "approved"
    assert len(claims.of_permit(con, ref)) == 1
    con.rollback()
    sign_on_paper(con, ref, NOW)
    assert permits.get(con, ref).status == "signed"
    con.rollback()
    over = Handover(on=date(2027, 4, 1), keys=({"label": "front door", "count": 2},))
    assert hand_over(con, SYSTEM, ref, NOW, over).status == "handed_over"
    later = datetime(2027, 5, 20, 9, 0, tzinfo=UTC)
    assert hand_back(con, SYSTEM, ref, later, Handover(on=date(2027, 5, 20))).status == "handed_back"
    assert claims.of_permit(con, ref)[0].until_minute == date(2027, 5, 21).toordinal() * 1440
    con.rollback()
    write_afterlife(con, SYSTEM, ref, later, Afterlife(outcome="moved", moved_to_text="The old school"))
    after = agreements.afterlife_of(con, ref)
    assert after is not None
    assert after.outcome == "moved"


def test_a_request_that_nobody_confirmed_is_a_draft_that_the_office_cannot_approve(con: Connection, hall: str) -> None:
    ref = a_request(con, NOW, [hall], MAY, confirmed=False)
    assert permits.get(con, ref).status == "draft"
    con.rollback()
    with pytest.raises(WrongState):
        approve_permit(con, SYSTEM, ref, NOW)


def test_adjacent_days_fit_and_a_shared_day_does_not(con: Connection, hall: str) -> None:
    first = approved(con, NOW, [hall], MAY)
    second = a_request(con, NOW, [hall], JUNE)
    third = a_request(con, NOW, [hall], terms(date(2027, 5, 31), date(2027, 6, 30)))
    approve_permit(con, SYSTEM, second, NOW)
    with pytest.raises(Conflict) as caught:
        approve_permit(con, SYSTEM, third, NOW)
    assert caught.value.message == "permit.overlaps"
    assert first in caught.value.values["refs"]
    assert caught.value.values["day"] == date(2027, 5, 31)
    assert permits.get(con, third).status == "submitted"
    assert claims.of_permit(con, third) == []


def test_a_building_and_its_unit_meet_and_two_units_do_not(con: Connection, hall: str) -> None:
    room, other = (add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall), NOW) for _ in range(2))
    approved(con, NOW, [hall], MAY)
    with pytest.raises(Conflict):
        approve_permit(con, SYSTEM, a_request(con, NOW, [room], MAY), NOW)
    later = add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall), NOW)
    with pytest.raises(Conflict):
        approve_permit(con, SYSTEM, a_request(con, NOW, [later], MAY), NOW)
    approve_permit(con, SYSTEM, a_request(con, NOW, [other], JUNE), NOW)
    approve_permit(con, SYSTEM, a_request(con, NOW, [room], JUNE), NOW)
    with pytest.raises(Conflict):
        approve_permit(con, SYSTEM, a_request(con, NOW, [hall], JUNE), NOW)


def test_hours_of_two_groups_share_a_hall(con: Connection, hall: str) -> None:
    evening = Hours(weekdays=2, from_minute=19 * 60, until_minute=22 * 60)
    late = Hours(weekdays=2, from_minute=22 * 60, until_minute=23 * 60)
    rival = Hours(weekdays=2, from_minute=22 * 60 - 1, until_minute=23 * 60)
    days = date(2027, 3, 23), date(2027, 4, 6)
    approved(con, NOW, [hall], terms(*days, hours=(evening,)))
    approved(con, NOW, [hall], terms(*days, hours=(late,)), group="Choir")
    with pytest.raises(Conflict):
        approved(con, NOW, [hall], terms(*days, hours=(rival,)), group="Band")


def test_a_private_owner_is_asked_before(con: Connection) -> None:
    shop = add_space(con, SYSTEM, a_space(ownership="company", consent="given"), NOW)
    ref = a_request(con, NOW, [shop], MAY)
    with pytest.raises(Invalid) as caught:
        approve_permit(con, SYSTEM, ref, NOW)
    assert [issue.message for issue in caught.value.issues] == ["permit.no_assent"]
    assert approve_permit(con, SYSTEM, ref, NOW, agreed_by="Mrs Peeters, letter of 20 March").status == "approved"


def test_what_is_taken_back_is_free_again(con: Connection, hall: str) -> None:
    first = approved(con, NOW, [hall], MAY)
    call_off_permit(con, SYSTEM, first, NOW, "We found another place.")
    assert claims.of_permit(con, first) == []
    con.rollback()
    second = signed(con, NOW, [hall], MAY)
    revoke_permit(con, SYSTEM, second, NOW, "The roof leaks.")
    third = approved(con, NOW, [hall], MAY)
    reconsider_permit(con, SYSTEM, third, NOW, "An objection.")
    fourth = approved(con, NOW, [hall], MAY)
    with pytest.raises(Conflict) as caught:
        approve_permit(con, SYSTEM, third, NOW)
    assert fourth in caught.value.values["refs"]
    refuse_request(con, SYSTEM, third, NOW, "Somebody else has these days.")
    assert permits.get(con, third).status == "refused"


def test_a_space_retired_under_review_stops_the_approval_and_nothing_else(con: Connection, hall: str) -> None:
    refs = [a_request(con, NOW, [hall], MAY) for _ in range(3)]
    move_space(con, SYSTEM, hall, "retire", NOW, retired_on=date(2027, 4, 1), note="Sold")
    with pytest.raises(Invalid) as caught:
        approve_permit(con, SYSTEM, refs[0], NOW)
    issue = caught.value.issues[0]
    assert (issue.message, issue.values["day"], issue.values["why"]) == (
        "permit.space_retired", date(2027, 4, 1), "Sold",
    )  # fmt: skip
    refuse_request(con, SYSTEM, refs[0], NOW, "It is sold.")
    withdraw_request(con, SYSTEM, refs[1], NOW)
    assert withdraw_request(con, SYSTEM, refs[1], NOW).status == "withdrawn"


def test_keys_that_are_still_out_keep_the_next_from_getting_them(con: Connection, hall: str) -> None:
    first = running(con, NOW, [hall], MAY, on=date(2027, 4, 1))
    second = signed(con, NOW, [hall], JUNE, group="Choir")
    june = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
    with pytest.raises(Conflict) as caught:
        hand_over(con, SYSTEM, second, june, Handover(on=date(2027, 6, 1)))
    assert (caught.value.message, caught.value.values["refs"]) == ("permit.keys_out", first)
    bring_back(con, first, june, date(2027, 5, 31))
    assert hand_over(con, SYSTEM, second, june, Handover(on=date(2027, 6, 1))).status == "handed_over"


def test_a_running_permit_ends_early_and_its_days_are_free(con: Connection, hall: str) -> None:
    ref = running(con, NOW, [hall], terms(date(2027, 4, 1), date(2027, 12, 31)), on=date(2027, 4, 1))
    with pytest.raises(Invalid) as caught:
        end_early(con, SYSTEM, ref, NOW, ended_on=date(2027, 4, 20), ended_how="notice_by_grantor", because="Works")
    assert caught.value.issues[0].message == "permit.notice_too_short"
    end_early(con, SYSTEM, ref, NOW, ended_on=date(2027, 6, 30), ended_how="notice_by_grantor", because="Works begin")
    approved(con, NOW, [hall], terms(date(2027, 7, 1), date(2027, 12, 31)))
    assert permits.get(con, ref).status == "handed_over"


def test_what_is_asked_is_changed_until_it_is_decided(con: Connection, hall: str) -> None:
    ref = a_request(con, NOW, [hall], MAY)
    edit_request(con, SYSTEM, ref, {"ends_on": date(2027, 5, 20), "title": "Bicycle clinic"}, NOW)
    permit, ruled = permits.one_ruled(con, ref)
    assert (permit.title, ruled.ends_on, ruled.version) == ("Bicycle clinic", date(2027, 5, 20), 2)
    con.rollback()
    approve_permit(con, SYSTEM, ref, NOW)
    with pytest.raises(WrongState):
        edit_request(con, SYSTEM, ref, {"title": "Other"}, NOW)


def test_a_group_acts_on_its_own_request_alone_and_decides_on_none(con: Connection, hall: str) -> None:
    ref = a_request(con, NOW, [hall], MAY)
    other = a_request(con, NOW, [hall], JUNE, group="Choir", email="bo@choir.example", name="Bo")
    contact = people.by_email(con, "ada@group.example")
    con.rollback()
    assert contact is not None
    for act in (
        lambda: withdraw_request(con, contact.actor(), other, NOW),
        lambda: approve_permit(con, contact.actor(), ref, NOW),
        lambda: withdraw_request(con, PUBLIC, ref, NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert withdraw_request(con, contact.actor(), ref, NOW).status == "withdrawn"


def test_a_space_that_is_given_for_a_year_is_given_for_a_leap_year(con: Connection) -> None:
    mill = add_space(con, SYSTEM, a_space(longest_term_days=365), NOW)
    with pytest.raises(Invalid) as caught:
        a_request(con, NOW, [mill], terms(date(2027, 6, 1), date(2028, 6, 1)))
    (issue,) = caught.value.issues
    assert (issue.message, issue.values["day"]) == ("permit.too_long", date(2028, 5, 31))
    a_request(con, NOW, [mill], terms(date(2027, 6, 1), issue.values["day"]))
