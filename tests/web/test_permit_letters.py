"""Letters about permits through a real mail server: to whom, in what words, and which are not sent any more."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import members, organisations, setup, spaces
from tempuse.registry.permits import agreeing, deciding, using, withdrawing
from tempuse.store import letters as rows
from tempuse.store import organisations as organisation_rows
from tempuse.store import people, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import post
from tests.permitting import a_request, approved, bring_back, running, sign_on_paper, signed, terms
from web.letters import permits as worded

MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
YEAR = terms(date(2026, 11, 1), date(2027, 10, 31))
ADA, JAN, CITY = "ada@group.example", "jan@owner.example", "spaces@rivermouth.example"


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "contact_email": CITY}, clock.now)
    return spaces.add_space(con, SYSTEM, a_space(name="The Fish Hall"), clock.now)


def an_owner(con: Connection, clock: Clock, ref: str, language: str = "en") -> Person:
    owner = Organisation(name="Peeters Estates", kinds=("owner",), email="estates@owner.example", language=language)
    made = organisations.add_organisation(con, SYSTEM, owner, clock.now)
    asked = members.invite_member(con, SYSTEM, made, "Jan", JAN, language, "contact", clock.now)
    members.confirm_membership(con, asked.actor(), made, clock.now)
    agreeing.name_grantor(con, SYSTEM, ref, made, clock.now)
    return asked


def told(app: Flask, server: Server) -> dict[tuple[str, str], str]:
    """What was sent by one round: by reader and subject."""
    server.letters.clear()
    deliver(app)
    return {(str(each["To"]), str(each["Subject"])): each.get_content() for each in server.letters}


def problems(con: Connection) -> dict[str, tuple[str, str]]:
    con.rollback()
    found = {each.template: (each.status, each.problem or "") for each in rows.find(con)}
    con.rollback()
    return found


@pytest.mark.both_engines
def test_each_step_is_told_to_whom_it_is_for(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    an_owner(con, clock, ref)
    first = told(app, server)
    assert set(first) >= {(ADA, f"We have your request {ref}"), (CITY, f"A request for a space: {ref}")}
    assert "The city answers by 18 January" in first[ADA, f"We have your request {ref}"]
    assert f"https://spaces.example/office/permits/{ref}" in first[CITY, f"A request for a space: {ref}"]
    assert "1 May to 31 May 2027" in first[ADA, f"We have your request {ref}"]
    agreeing.ask_grantor(con, SYSTEM, ref, clock.now)
    (asked,) = told(app, server).items()
    assert asked[0] == (JAN, f"May this group use your space? {ref}")
    assert "Asked for by: Repair café" in asked[1]
    deciding.approve_permit(con, SYSTEM, ref, clock.now, note="Mind the stairs.")
    said = told(app, server)
    assert set(said) == {(ADA, f"Approved: {ref}"), (JAN, f"Approved: {ref}")}
    assert "Please sign by 23 December" in said[ADA, f"Approved: {ref}"]
    assert "Mind the stairs." in said[ADA, f"Approved: {ref}"]
    assert "Mind the stairs." not in said[JAN, f"Approved: {ref}"]
    sign_on_paper(con, ref, clock.now)
    assert set(told(app, server)) == {(ADA, f"Signed by both sides: {ref}"), (JAN, f"Signed by both sides: {ref}")}
    withdrawing.call_off_permit(con, SYSTEM, ref, clock.now, "Our van broke.")
    off = told(app, server)
    assert set(off) == {(JAN, f"Called off: {ref}"), (CITY, f"Called off: {ref}")}
    assert all("Our van broke." in text for text in off.values())


def test_the_link_of_a_letter_opens_the_permits_page(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = approved(con, clock.now, [hall], MAY)
    text = told(app, server)[ADA, f"Approved: {ref}"]
    link = re.search(r"https://spaces\.example(/my/enter/\S+)", text)
    assert link
    client = app.test_client()
    opened = post(client, link[1], {})
    assert opened.location == f"/my/permits/{ref}"
    assert client.get(opened.location).status_code == 200


def test_a_use_is_told_from_keys_to_keys(app: Flask, con: Connection, clock: Clock, server: Server, hall: str) -> None:
    ref = running(con, clock.now, [hall], YEAR, on=date(2026, 11, 20))
    assert (ADA, f"The keys are handed over: {ref}") in told(app, server)
    agreeing.propose_terms(con, SYSTEM, ref, {"ends_on": date(2027, 12, 31)}, clock.now)
    proposed = told(app, server)[ADA, f"Other terms are proposed: {ref}"]
    assert "1 November 2026 to 31 December 2027" in proposed
    sign_on_paper(con, ref, clock.now)
    agreeing.adopt_terms(con, SYSTEM, ref, clock.now, version=2)
    assert (ADA, f"New terms are in force: {ref}") in told(app, server)
    person = people.by_email(con, ADA)
    con.rollback()
    assert person is not None
    using.end_early(
        con, person.actor(), ref, clock.now, ended_on=date(2027, 1, 31), ended_how="notice_by_holder",
        because="We move.",
    )  # fmt: skip
    ends = told(app, server)
    assert set(ends) == {(ADA, f"It ends earlier: {ref}"), (CITY, f"It ends earlier: {ref}")}
    assert "The last day is 31 January" in ends[CITY, f"It ends earlier: {ref}"].replace("the last day", "The last day")
    clock.forward(days=60)
    bring_back(con, ref, clock.now, clock.now.date())
    assert set(told(app, server)) == {(ADA, f"The keys are back: {ref}")}


def test_a_no_is_told_with_its_reason_and_taken_up_anew(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    told(app, server)
    deciding.refuse_request(con, SYSTEM, ref, clock.now, "The roof is to be mended.")
    said = told(app, server)[ADA, f"Your request {ref}"]
    assert "Why: The roof is to be mended." in said
    assert "you can object until 23 December" in said
    deciding.reconsider_permit(con, SYSTEM, ref, clock.now, "They objected.")
    assert (ADA, f"The city looks at {ref} anew") in told(app, server)
    deciding.approve_permit(con, SYSTEM, ref, clock.now)
    told(app, server)
    deciding.revoke_permit(con, SYSTEM, ref, clock.now, "The space burnt.")
    assert "Why: The space burnt." in told(app, server)[ADA, f"Revoked: {ref}"]


def test_what_is_over_when_the_post_goes_is_not_sent(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = approved(con, clock.now, [hall], MAY)
    withdrawing.call_off_permit(con, SYSTEM, ref, clock.now, "No more need.")
    assert set(told(app, server)) == {(CITY, f"Called off: {ref}")}
    found = problems(con)
    for template in ("permit_confirm", "permit_received", "permit_to_review", "permit_approved"):
        assert found[template][0] == "dropped", template
    assert found["permit_approved"][1] == "withdrawn by now"
    assert found["permit_confirm"][1] == "confirmed"


def test_a_question_that_the_owner_answered_is_not_asked(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    jan = an_owner(con, clock, ref)
    agreeing.ask_grantor(con, SYSTEM, ref, clock.now)
    con.rollback()
    from_page = people.get(con, jan.ref).actor()
    newest, permit = permits.newest_terms(con, ref), permits.get(con, ref)
    con.rollback()
    sha256 = worded.PermitMatter(permit, newest, newest).sha256
    agreeing.give_assent(con, from_page, ref, clock.now, says_yes=True, sha256=sha256)
    sent = told(app, server)
    assert (JAN, f"May this group use your space? {ref}") not in sent
    assert (CITY, f"The owner has answered: {ref}") in sent


def test_who_left_reads_no_more_and_the_groups_own_address_does(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    told(app, server)
    holder = str(permits.get(con, ref).holder_ref)
    ada = people.by_email(con, ADA)
    con.rollback()
    assert ada is not None
    organisations.edit_organisation(con, SYSTEM, holder, {"email": "cafe@group.example"}, clock.now)
    deciding.approve_permit(con, SYSTEM, ref, clock.now)
    members.leave_organisation(con, ada.actor(), holder, clock.now)
    assert set(told(app, server)) == set()
    sign_on_paper(con, ref, clock.now)
    assert set(told(app, server)) == {("cafe@group.example", f"Signed by both sides: {ref}")}


@pytest.mark.parametrize("city", [CITY, ""])
def test_a_letter_that_reaches_nobody_goes_to_the_office_or_stands_among_the_failed(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str, city: str
) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    told(app, server)
    holder = str(permits.get(con, ref).holder_ref)
    ada = people.by_email(con, ADA)
    con.rollback()
    assert ada is not None
    members.leave_organisation(con, ada.actor(), holder, clock.now)
    assert organisation_rows.without_contact(con) == [holder]
    con.rollback()
    setup.change_settings(con, SYSTEM, {"contact_email": city}, clock.now)
    deciding.refuse_request(con, SYSTEM, ref, clock.now, "The roof.")
    sent = told(app, server)
    if city:
        assert "Nobody of Repair café can be reached by e-mail." in sent[CITY, f"Your request {ref}"]
    else:
        assert sent == {}
        assert problems(con)["permit_refused"] == ("failed", "Unreachable")


def test_letters_speak_the_readers_language(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = a_request(con, clock.now, [hall], MAY, language="nl")
    an_owner(con, clock, ref, "en")
    deciding.approve_permit(con, SYSTEM, ref, clock.now)
    sent = told(app, server)
    (dutch,) = [text for (to, subject), text in sent.items() if to == ADA and "Goedgekeurd" in subject]
    assert "1 mei tot 31 mei 2027" in dutch or "1 mei" in dutch
    assert (JAN, f"Approved: {ref}") in sent


def test_every_letter_has_its_words_and_no_letter_names_the_rivals(
    app: Flask, con: Connection, clock: Clock, server: Server, hall: str
) -> None:
    ref = signed(con, clock.now, [hall], MAY)
    rival = a_request(
        con, clock.now, [hall], MAY, group="Rival choir", email="bo@choir.example", name="Bo", title="Sing"
    )
    deciding.refuse_request(con, SYSTEM, rival, clock.now + timedelta(hours=1), "These days are taken.")
    sent = told(app, server)
    for (to, _), text in sent.items():
        if to == "bo@choir.example":
            assert ref not in text
            assert "Repair" not in text
        if to == ADA:
            assert rival not in text
    written = {each.template for each in rows.find(con)}
    con.rollback()
    assert written <= set(worded.TEMPLATES) | {"member_invitation"}
