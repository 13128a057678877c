"""Cases of the parties: a yes is for these terms, spaces are sold, contacts leave, what was decided is undone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tempuse.access import SYSTEM, Actor
from tempuse.agreements import Signature, word_on
from tempuse.errors import Conflict, Invalid, NotAllowed, WrongState
from tempuse.organisations import Organisation
from tempuse.registry import organisations
from tempuse.registry.members import confirm_membership, invite_member, leave_organisation
from tempuse.registry.people import forget_person
from tempuse.registry.permits.agreeing import give_assent, name_grantor
from tempuse.registry.permits.deciding import approve_permit, reconsider_permit, refuse_request
from tempuse.registry.permits.owners import change_owner, settle_owner_change
from tempuse.registry.permits.renewing import renew_permit
from tempuse.registry.permits.signing import sign_permit
from tempuse.registry.permits.using import end_early
from tempuse.registry.permits.withdrawing import call_off_permit, edit_request, withdraw_request
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store import agreements, claims, events, letters, owner_changes, people, permits
from tempuse.store.engine import Connection
from tempuse.vocabulary import LetterStatus
from tests.builders import a_space
from tests.permitting import a_request, approved, running, sha_of, sign_on_paper, signed, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
YEAR = terms(date(2027, 4, 1), date(2028, 3, 31))


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


@pytest.fixture
def shop(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(ownership="company", owner_name="Peeters", consent="given"), NOW)


def an_owner(con: Connection, name: str) -> tuple[str, Actor]:
    """An organisation that owns, and its contact."""
    email = f"{name.lower()}@owner.example"
    ref = organisations.add_organisation(con, SYSTEM, Organisation(kinds=("owner",), name=name), NOW)
    person = invite_member(con, SYSTEM, ref, name, email, "en", "contact", NOW)
    confirm_membership(con, person.actor(), ref, NOW)
    con.rollback()
    contact = people.by_email(con, email)
    con.rollback()
    assert contact is not None
    return ref, contact.actor()


def told(con: Connection) -> list[tuple[str, str]]:
    found = [(each.template, each.to_ref) for each in letters.find(con, [LetterStatus.WAITING])]
    con.rollback()
    return found


def test_case_7_a_yes_is_for_these_terms(con: Connection, shop: str) -> None:
    owner, peeters = an_owner(con, "Peeters")
    ref = a_request(con, NOW, [shop], MAY)
    name_grantor(con, SYSTEM, ref, owner, NOW)
    first = sha_of(con, ref)
    give_assent(con, peeters, ref, NOW, says_yes=True, sha256=first)
    edit_request(con, SYSTEM, ref, {"quiet_from": 0, "persons_most": 80}, NOW)
    with pytest.raises(Invalid) as caught:
        approve_permit(con, SYSTEM, ref, NOW)
    assert [each.message for each in caught.value.issues] == ["permit.assent_for_other_terms"]
    with pytest.raises(Conflict):
        give_assent(con, peeters, ref, NOW, says_yes=True, sha256=first)
    give_assent(con, peeters, ref, NOW, says_yes=False, sha256=sha_of(con, ref), because="Too many people.")
    with pytest.raises(Invalid) as refused:
        approve_permit(con, SYSTEM, ref, NOW)
    assert refused.value.issues[0].values["because"] == "Too many people."
    assert [(each.terms_version, each.says_yes) for each in agreements.assents_of(con, ref)] == [(1, True), (2, False)]


def test_case_8_a_space_is_sold_while_somebody_uses_it(con: Connection, shop: str) -> None:
    old, peeters = an_owner(con, "Peeters")
    new, janssens = an_owner(con, "Janssens")
    ref = a_request(con, NOW, [shop], YEAR)
    name_grantor(con, SYSTEM, ref, old, NOW)
    give_assent(con, peeters, ref, NOW, says_yes=True, sha256=sha_of(con, ref))
    approve_permit(con, SYSTEM, ref, NOW)
    before = told(con)
    change_owner(con, SYSTEM, shop, {"owner_name": "Janssens"}, new, NOW, note="Deed of 1 April")
    permit = permits.get(con, ref)
    assert (permit.status, permit.grantor_ref, permit.terms_version) == ("approved", new, 1)
    assert [(each.permit_ref, each.space_ref) for each in owner_changes.waiting(con)] == [(ref, shop)]
    assert permits.one_ruled(con, ref).terms.on_sale == "continues"
    word = agreements.assents_of(con, ref)[0]
    assert word_on([word], 1, word.sha256, new) is None
    con.rollback()
    sha = sha_of(con, ref)
    with pytest.raises(NotAllowed):
        sign_permit(con, peeters, ref, NOW, [Signature(party="grantor", name="Peeters")], sha256=sha)
    sign_permit(con, janssens, ref, NOW, [Signature(party="grantor", name="Janssens")], sha256=sha)
    assert all(reader != janssens.person_ref for template, reader in before if template.startswith("permit"))
    settle_owner_change(con, SYSTEM, ref, NOW)
    settle_owner_change(con, SYSTEM, ref, NOW)
    assert owner_changes.waiting(con) == []
    said = [each.what for each in events.of(con, ref)]
    assert said.count("owner_changed") == said.count("owner_settled") == 1


def test_case_8_nobody_signs_for_both_sides(con: Connection, shop: str) -> None:
    owner, _ = an_owner(con, "Peeters")
    ref = a_request(con, NOW, [shop], MAY)
    name_grantor(con, SYSTEM, ref, owner, NOW)
    approve_permit(con, SYSTEM, ref, NOW, agreed_by="Peeters, letter")
    invite_member(con, SYSTEM, owner, "Ada", "ada@group.example", "en", "signatory", NOW)
    ada = people.by_email(con, "ada@group.example")
    con.rollback()
    assert ada is not None
    confirm_membership(con, ada.actor(), owner, NOW)
    both = people.by_email(con, "ada@group.example")
    con.rollback()
    assert both is not None
    sha = sha_of(con, ref)
    sign_permit(con, both.actor(), ref, NOW, [Signature(party="holder", name="Ada")], sha256=sha)
    with pytest.raises(Conflict) as caught:
        sign_permit(con, both.actor(), ref, NOW, [Signature(party="grantor", name="Ada")], sha256=sha)
    assert caught.value.message == "permit.signed_for_other"


def test_an_owner_changed_in_the_spaces_form_or_by_an_early_end_is_a_task_that_ends(con: Connection, shop: str) -> None:
    ref = a_request(con, NOW, [shop], YEAR)
    approve_permit(con, SYSTEM, ref, NOW, agreed_by="Peeters, letter")
    edit_space(con, SYSTEM, shop, {"owner_name": "Janssens"}, NOW)
    edit_space(con, SYSTEM, shop, {"owner_name": "Janssens & Co"}, NOW)
    assert [each.permit_ref for each in owner_changes.waiting(con)] == [ref]
    con.rollback()
    withdrawn = a_request(con, NOW, [shop], terms(date(2028, 5, 1), date(2028, 5, 2)), group="Choir")
    edit_space(con, SYSTEM, shop, {"owner_name": "Third"}, NOW)
    withdraw_request(con, SYSTEM, withdrawn, NOW)
    assert [each.permit_ref for each in owner_changes.waiting(con)] == [ref]
    con.rollback()
    sign_on_paper(con, ref, NOW)
    name_grantor(con, SYSTEM, ref, an_owner(con, "Third")[0], NOW)
    assert owner_changes.waiting(con) == []


def test_a_space_that_is_sold_ends_what_was_agreed_to_end(con: Connection, hall: str) -> None:
    ref = running(con, NOW, [hall], terms(YEAR.starts_on, YEAR.ends_on, on_sale="ends"), on=date(2027, 4, 1))  # type: ignore[arg-type]
    change_owner(con, SYSTEM, hall, {"ownership": "company", "owner_name": "Janssens"}, None, NOW)
    assert [each.permit_ref for each in owner_changes.waiting(con)] == [ref]
    con.rollback()
    end_early(con, SYSTEM, ref, NOW, ended_on=date(2027, 4, 30), ended_how="space_gone", because="Sold.")
    assert owner_changes.waiting(con) == []


def test_case_10_called_off_after_signing(con: Connection, hall: str) -> None:
    ref = signed(con, NOW, [hall], MAY)
    call_off_permit(con, SYSTEM, ref, NOW, "We found another place.")
    permit = permits.get(con, ref)
    assert (permit.status, permit.ended_why) == ("withdrawn", "We found another place.")
    assert claims.of_permit(con, ref) == []
    assert {each.party for each in agreements.signatures_of(con, ref)} == {"holder", "grantor"}
    con.rollback()
    assert "permit_called_off" in {template for template, _ in told(con)}


def test_case_11_retired_under_review(con: Connection, hall: str) -> None:
    ref, other = a_request(con, NOW, [hall], MAY), a_request(con, NOW, [hall], YEAR, group="Choir")
    move_space(con, SYSTEM, hall, "retire", NOW, retired_on=date(2027, 4, 1), note="Sold")
    with pytest.raises(Invalid) as caught:
        approve_permit(con, SYSTEM, ref, NOW)
    issue = caught.value.issues[0]
    assert (issue.message, issue.values["day"], issue.values["why"]) == (
        "permit.space_retired", date(2027, 4, 1), "Sold",
    )  # fmt: skip
    assert agreements.decisions_of(con, ref) == []
    con.rollback()
    refuse_request(con, SYSTEM, ref, NOW, "It is sold.")
    withdraw_request(con, SYSTEM, other, NOW)
    held = add_space(con, SYSTEM, a_space(), NOW)
    third = approved(con, NOW, [held], MAY)
    with pytest.raises(Conflict) as kept:
        move_space(con, SYSTEM, held, "retire", NOW, retired_on=date(2027, 4, 1), note="Sold")
    assert kept.value.values["refs"] == third


def test_case_12_the_last_contact_leaves_at_once(con: Connection, hall: str) -> None:
    ref = approved(con, NOW, [hall], MAY)
    group = str(permits.get(con, ref).holder_ref)
    con.rollback()
    ada = people.by_email(con, "ada@group.example")
    con.rollback()
    assert ada is not None
    organisations.edit_organisation(con, SYSTEM, group, {"email": "post@group.example"}, NOW)
    bo = invite_member(con, SYSTEM, group, "Bo", "bo@group.example", "en", "contact", NOW)
    leave_organisation(con, ada.actor(), group, NOW)
    for left in (ada.ref, bo.ref):
        person = people.get(con, left)
        con.rollback()
        with pytest.raises(NotAllowed):
            call_off_permit(con, person.actor(), ref, NOW, "No.")
    assert permits.unreachable(con) == [ref]
    con.rollback()
    call_off_permit(con, SYSTEM, ref, NOW, "The roof leaks.")
    reconsidered = approved(con, NOW, [hall], YEAR, group="Choir", email="c@choir.example")
    reconsider_permit(con, SYSTEM, reconsidered, NOW, "An objection.")
    assert permits.unreachable(con) == []


def test_case_12_the_next_letter_goes_to_the_organisations_own_address(con: Connection, hall: str) -> None:
    ref = a_request(con, NOW, [hall], MAY)
    group = str(permits.get(con, ref).holder_ref)
    con.rollback()
    ada = people.by_email(con, "ada@group.example")
    con.rollback()
    assert ada is not None
    organisations.edit_organisation(con, SYSTEM, group, {"email": "post@group.example"}, NOW)
    leave_organisation(con, ada.actor(), group, NOW)
    approve_permit(con, SYSTEM, ref, NOW)
    assert ("permit_approved", group) in told(con)


def test_case_13_erasure_while_a_renewal_runs(con: Connection, hall: str) -> None:
    first = running(con, NOW, [hall], terms(date(2027, 4, 1), date(2027, 12, 31)), on=date(2027, 4, 1))
    second = renew_permit(con, SYSTEM, first, {"ends_on": date(2028, 12, 31)}, NOW).permit.ref
    approve_permit(con, SYSTEM, second, NOW)
    sign_on_paper(con, second, NOW)
    ada = people.by_email(con, "ada@group.example")
    con.rollback()
    assert ada is not None
    draft = a_request(con, NOW, [hall], terms(date(2029, 1, 1), date(2029, 1, 2)), confirmed=False, private_text="me")
    forget_person(con, ada.actor(), ada.ref, NOW)
    assert {each.name for each in agreements.signatures_of(con, second)} == {"Ada", "The mayor"}
    left = permits.get(con, draft)
    assert (left.status, left.contact_ref, left.private_text) == ("withdrawn", None, None)
    assert permits.get(con, second).contact_ref is None
    assert people.get(con, ada.ref).name == "…"
    assert permits.unreachable(con) == [second]


def test_case_17_undo_and_do_again(con: Connection, hall: str) -> None:
    first, second = a_request(con, NOW, [hall], MAY), a_request(con, NOW, [hall], MAY, group="Choir")
    refuse_request(con, SYSTEM, first, NOW, "Not now.")
    approve_permit(con, SYSTEM, second, NOW)
    reconsider_permit(con, SYSTEM, first, NOW, "An objection.")
    with pytest.raises(Conflict) as caught:
        approve_permit(con, SYSTEM, first, NOW)
    assert caught.value.values["refs"] == second
    reconsider_permit(con, SYSTEM, second, NOW, "The other came first.")
    approve_permit(con, SYSTEM, first, NOW)
    for ref in (first, second):
        because = {each.what: each.note for each in events.of(con, ref)}
        assert because["reconsider"]


def test_an_organisation_with_something_live_does_not_end(con: Connection, hall: str) -> None:
    ref = approved(con, NOW, [hall], MAY)
    group = str(permits.get(con, ref).holder_ref)
    con.rollback()
    with pytest.raises(WrongState) as caught:
        organisations.retire_organisation(con, SYSTEM, group, NOW, on=date(2027, 4, 1))
    assert caught.value.values["refs"] == ref
    call_off_permit(con, SYSTEM, ref, NOW, "No.")
    organisations.retire_organisation(con, SYSTEM, group, NOW, on=date(2027, 4, 1))
