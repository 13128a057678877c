"""A permit goes on: renewed with its keys, taken over by another group; and how a chain ends."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.agreements import Handover
from tempuse.errors import Conflict, Invalid, NotAllowed, WrongState
from tempuse.occurrences import minute_of
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.permits.deciding import approve_permit, revoke_permit
from tempuse.registry.permits.renewing import renew_permit, transfer_permit
from tempuse.registry.permits.requesting import Requester
from tempuse.registry.permits.using import end_early, hand_back, hand_over
from tempuse.registry.spaces import add_space
from tempuse.standing import standing
from tempuse.store import claims, letters, organisations, people, permits
from tempuse.store.engine import Connection
from tempuse.vocabulary import LetterStatus
from tests.builders import a_space
from tests.permitting import approved, bring_back, running, sign_on_paper, signed, terms

NOW = datetime(2027, 1, 10, 8, 0, tzinfo=UTC)
LATER = datetime(2027, 9, 1, 8, 0, tzinfo=UTC)
YEAR = terms(date(2027, 1, 10), date(2027, 12, 31), longest_total_days=1000)


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


@pytest.fixture
def first(con: Connection, hall: str) -> str:
    return running(con, NOW, [hall], YEAR, on=date(2027, 1, 10))


def renewed(con: Connection, ref: str, until: date = date(2028, 12, 31)) -> str:
    """The ref of a renewal that was asked, approved and signed in time."""
    new = renew_permit(con, SYSTEM, ref, {"ends_on": until}, LATER).permit.ref
    approve_permit(con, SYSTEM, new, LATER)
    sign_on_paper(con, new, LATER)
    return new


def test_a_renewal_goes_on_with_the_keys_and_nothing_is_overdue(con: Connection, first: str) -> None:
    new = renewed(con, first)
    permit, its = permits.one_ruled(con, new)
    before, earlier = permits.one_ruled(con, first)
    con.rollback()
    assert (permit.status, permit.continues_ref, before.continued_by_ref) == ("handed_over", first, new)
    assert (permit.holder_ref, permit.space_refs) == (before.holder_ref, before.space_refs)
    new_year = date(2028, 1, 1)
    assert standing(before, earlier, new_year).state == "ended"
    assert standing(permit, its, new_year).state == "running"
    bring_back(con, new, datetime(2028, 12, 31, 9, 0, tzinfo=UTC), date(2028, 12, 31))
    assert {permits.get(con, ref).status for ref in (first, new)} == {"handed_back"}


def test_keys_that_come_back_before_a_renewal_begins_end_the_whole_chain(
    con: Connection, hall: str, first: str
) -> None:
    new = renewed(con, first)
    with pytest.raises(WrongState):
        hand_back(con, SYSTEM, first, LATER, Handover(on=date(2027, 9, 1)))
    bring_back(con, new, datetime(2027, 10, 15, 9, 0, tzinfo=UTC), date(2027, 10, 15))
    assert claims.of_permit(con, new) == []
    assert claims.of_permit(con, first)[-1].until_minute == minute_of(date(2027, 10, 16))
    con.rollback()
    approved(con, LATER, [hall], terms(date(2027, 10, 16), date(2027, 11, 30)), group="Choir")


def test_a_chain_is_ended_early_at_its_last_permit(con: Connection, hall: str, first: str) -> None:
    new = renewed(con, first)
    values = {"ended_on": date(2027, 11, 30), "ended_how": "notice_by_holder", "because": "We move."}
    with pytest.raises(WrongState) as caught:
        end_early(con, SYSTEM, first, LATER, **values)
    assert caught.value.values["by"] == new
    end_early(con, SYSTEM, new, LATER, **values)
    assert {permits.get(con, ref).ended_on for ref in (first, new)} == {date(2027, 11, 30)}
    con.rollback()
    approved(con, LATER, [hall], terms(date(2027, 12, 1), date(2028, 6, 30)), group="Choir")


def test_a_renewal_signed_before_the_keys_went_out_takes_over_when_they_do(con: Connection, hall: str) -> None:
    before = signed(con, NOW, [hall], YEAR)
    new = renewed(con, before)
    assert permits.get(con, new).status == "signed"
    con.rollback()
    hand_over(con, SYSTEM, before, LATER, Handover(on=date(2027, 9, 1)))
    assert permits.get(con, new).status == "handed_over"


def test_a_chain_has_its_longest_term_and_the_nearest_day_is_said(con: Connection, first: str) -> None:
    with pytest.raises(Invalid) as caught:
        renew_permit(con, SYSTEM, first, {"ends_on": date(2029, 12, 31)}, LATER)
    issue = caught.value.issues[0]
    assert (issue.message, issue.values["day"]) == ("permit.chain_too_long", date(2029, 10, 5))
    renew_permit(con, SYSTEM, first, {"ends_on": issue.values["day"]}, LATER)
    with pytest.raises(Conflict) as twice:
        renew_permit(con, SYSTEM, first, {"ends_on": date(2028, 1, 31)}, LATER)
    assert twice.value.message == "permit.goes_on_already"


def test_a_renewal_leaves_no_gap_and_what_it_cut_comes_back_with_its_end(con: Connection, first: str) -> None:
    with pytest.raises(Invalid) as caught:
        renew_permit(con, SYSTEM, first, {"starts_on": date(2028, 1, 2), "ends_on": date(2028, 6, 30)}, LATER)
    assert caught.value.issues[0].message == "permit.leaves_gap"
    changes = {"starts_on": date(2027, 12, 1), "ends_on": date(2028, 6, 30)}
    new = renew_permit(con, SYSTEM, first, changes, LATER).permit.ref
    approve_permit(con, SYSTEM, new, LATER)
    assert claims.of_permit(con, first)[-1].until_minute == minute_of(date(2027, 12, 1))
    con.rollback()
    revoke_permit(con, SYSTEM, new, LATER, "Works begin.")
    assert claims.of_permit(con, first)[-1].until_minute == minute_of(date(2028, 1, 1))


def test_only_the_group_and_the_office_renew(con: Connection, first: str) -> None:
    with pytest.raises(NotAllowed):
        renew_permit(con, PUBLIC, first, {"ends_on": date(2028, 6, 30)}, LATER)
    ada = people.by_email(con, "ada@group.example")
    con.rollback()
    assert ada is not None
    assert renew_permit(con, ada.actor(), first, {"ends_on": date(2028, 6, 30)}, LATER).permit.contact_ref == ada.ref


def test_a_late_renewal_is_said_in_a_letter(con: Connection, first: str) -> None:
    renew_permit(con, SYSTEM, first, {"ends_on": date(2028, 6, 30)}, datetime(2027, 11, 1, 8, tzinfo=UTC))
    assert "permit_renewal_late" in {each.template for each in letters.find(con, [LetterStatus.WAITING])}


def test_another_group_takes_over_when_it_says_yes_and_the_keys_come_back_first(con: Connection, first: str) -> None:
    who = Requester(name="Bo", email="bo@choir.example", group="Choir")
    changes = {"starts_on": date(2027, 10, 1), "ends_on": date(2027, 12, 31)}
    new = transfer_permit(con, SYSTEM, first, who, changes, LATER).ref
    assert permits.get(con, new).status == "draft"
    con.rollback()
    expect_secret(con, SYSTEM, new, "a secret of Bo")
    assert confirm_request(con, PUBLIC, "a secret of Bo", LATER) is not None
    permit = permits.get(con, new)
    assert (permit.status, permit.change) == ("submitted", "transfer")
    assert organisations.get(con, str(permit.holder_ref)).name == "Choir"
    con.rollback()
    approve_permit(con, SYSTEM, new, LATER)
    sign_on_paper(con, new, LATER)
    october = datetime(2027, 10, 1, 9, 0, tzinfo=UTC)
    with pytest.raises(Conflict):
        hand_over(con, SYSTEM, new, october, Handover(on=date(2027, 10, 1)))
    bring_back(con, first, october, date(2027, 9, 30))
    assert hand_over(con, SYSTEM, new, october, Handover(on=date(2027, 10, 1))).status == "handed_over"


def test_a_group_of_the_register_takes_over_as_itself(con: Connection, hall: str, first: str) -> None:
    other = approved(con, NOW, [hall], terms(date(2028, 5, 1), date(2028, 5, 2)), group="Choir", email="bo@c.example")
    choir = permits.get(con, other).holder_ref
    holder = permits.get(con, first).holder_ref
    con.rollback()
    changes = {"starts_on": date(2027, 10, 1), "ends_on": date(2027, 12, 31)}
    with pytest.raises(Conflict):
        transfer_permit(con, SYSTEM, first, Requester(organisation_ref=holder), changes, LATER)
    new = transfer_permit(con, SYSTEM, first, Requester(organisation_ref=choir), changes, LATER).ref
    expect_secret(con, SYSTEM, new, "another secret")
    assert confirm_request(con, PUBLIC, "another secret", LATER) is not None
    assert permits.get(con, new).holder_ref == choir
