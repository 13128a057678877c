"""The page of a permit for each of its parties: what they read and may do, and what stays from their eyes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import members, organisations, setup, spaces
from tempuse.registry.permits import agreeing, deciding
from tempuse.store import agreements, people, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.forms import form_of
from tests.mailing import Clock, an_app
from tests.office import post
from tests.permitting import a_request, approved, running, sha_of, sign_on_paper, terms
from web.accounts import links

MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
YEAR = terms(date(2026, 11, 1), date(2027, 10, 31))
ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Pages are drawn from what the store gave, alike on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return an_app(register, clock, "")


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    return spaces.add_space(con, SYSTEM, a_space(name="The Fish Hall"), clock.now)


@pytest.fixture
def barn(con: Connection, clock: Clock) -> str:
    """A space of a private owner, of which everybody knows the square alone."""
    private = a_space(
        name="The Old Barn", address="1 Quiet Lane", ownership="private", location_level="cell", consent="given",
        owner_name="Jan Peeters",
    )  # fmt: skip
    return spaces.add_space(con, SYSTEM, private, clock.now)


def entered(app: Flask, person: Person) -> FlaskClient:
    """A browser of somebody who came by the link of a letter."""
    client = app.test_client()
    with app.test_request_context():
        link = links.entry_link(person, "")
    assert post(client, link, {}).status_code == 302
    return client


def of(con: Connection, email: str) -> Person:
    found = people.by_email(con, email)
    con.rollback()
    assert found is not None
    return found


def an_owner(con: Connection, clock: Clock, ref: str, name: str = "Jan Peeters") -> Person:
    """The contact of an owner who grants this permit."""
    owner = Organisation(name=f"{name} Estates", kinds=("owner",), email="estates@owner.example")
    made = organisations.add_organisation(con, SYSTEM, owner, clock.now)
    asked = members.invite_member(con, SYSTEM, made, name, "jan@owner.example", "en", "contact", clock.now)
    members.confirm_membership(con, asked.actor(), made, clock.now)
    agreeing.name_grantor(con, SYSTEM, ref, made, clock.now)
    return of(con, "jan@owner.example")


def test_a_stranger_and_another_group_learn_of_no_permit(app: Flask, con: Connection, clock: Clock, hall: str) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    a_request(con, clock.now, [hall], MAY, group="Choir", email="bo@choir.example", name="Bo", title="Choir")
    stranger, bo = app.test_client(), entered(app, of(con, "bo@choir.example"))
    for page in ("", "/edit", "/withdraw", "/sign", "/assent", "/end", "/call-off", "/confirm"):
        assert stranger.get(f"/my/permits/{ref}{page}").status_code == 302
        answer, nothing = bo.get(f"/my/permits/{ref}{page}"), bo.get(f"/my/permits/PM-0404{page}")
        assert (answer.status_code, nothing.status_code) == (404, 404), page
        assert "Repair" not in answer.text
    assert "Repair" not in bo.get("/my/").text + bo.get("/my/permits").text
    assert "Choir" in bo.get("/my/permits").text


def test_a_group_changes_its_request_and_takes_it_back(app: Flask, con: Connection, clock: Clock, hall: str) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    ada = entered(app, of(con, "ada@group.example"))
    page = ada.get(f"/my/permits/{ref}").text
    assert "The city answers by 18 January 2027" in page
    form = form_of(ada.get(f"/my/permits/{ref}/edit").text, "title")
    wrong = ada.post(f"/my/permits/{ref}/edit", data={**form, "ends_on": "2027-04-01"}, headers=ORIGIN)
    assert (wrong.status_code, "The last day is before the first." in wrong.text) == (422, True)
    right = {**form, "ends_on": "2027-06-30", "purpose": "We mend things."}
    assert ada.post(f"/my/permits/{ref}/edit", data=right, headers=ORIGIN).status_code == 302
    stale = ada.post(f"/my/permits/{ref}/edit", data={**right, "title": "Other"}, headers=ORIGIN)
    assert (stale.status_code, "Somebody changed" in stale.text) == (409, True)
    assert "to 30 June 2027" in ada.get(f"/my/permits/{ref}").text
    assert post(ada, f"/my/permits/{ref}/withdraw", {"because": "We found another."}).status_code == 302
    assert permits.get(con, ref).status == "withdrawn"
    con.rollback()
    assert ada.get(f"/my/permits/{ref}/edit").status_code == 302, "what is over is not changed, and the page says so"
    assert "cannot be done any more" in ada.get(f"/my/permits/{ref}").text


def test_a_refusal_is_read_by_the_group_with_its_reason_and_the_day_to_object(
    app: Flask, con: Connection, clock: Clock, hall: str
) -> None:
    ref = a_request(con, clock.now, [hall], MAY)
    deciding.refuse_request(con, SYSTEM, ref, clock.now, "The roof is to be mended.")
    page = entered(app, of(con, "ada@group.example")).get(f"/my/permits/{ref}").text
    assert "The city said no." in page
    assert "The roof is to be mended." in page
    assert "you can object until 23 December" in page
    assert "command line" not in page, "who in the office decided is not said"


def test_both_sides_sign_exactly_what_they_read(app: Flask, con: Connection, clock: Clock, barn: str) -> None:
    ref = a_request(con, clock.now, [barn], MAY)
    jan = entered(app, an_owner(con, clock, ref))
    ada = entered(app, of(con, "ada@group.example"))
    page = ada.get(f"/my/permits/{ref}").text
    for secret in ("The Old Barn", "Quiet Lane", "Peeters"):
        assert secret not in page, "before it is approved the group knows what everybody does"
    asked = form_of(jan.get(f"/my/permits/{ref}/assent").text, "sha256")
    assert asked["sha256"] == sha_of(con, ref)
    no = jan.post(f"/my/permits/{ref}/assent", data={**asked, "says": "no"}, headers=ORIGIN)
    assert (no.status_code, "This is needed." in no.text) == (422, True)
    other = jan.post(f"/my/permits/{ref}/assent", data={**asked, "says": "yes", "sha256": "0" * 64}, headers=ORIGIN)
    assert (other.status_code, "Read them again" in other.text) == (409, True)
    for _ in range(2):
        jan.post(f"/my/permits/{ref}/assent", data={**asked, "says": "yes"}, headers=ORIGIN)
    assert [each.says_yes for each in agreements.assents_of(con, ref)] == [True]
    con.rollback()
    deciding.approve_permit(con, SYSTEM, ref, clock.now, note="Mind the stairs.")
    page = ada.get(f"/my/permits/{ref}").text
    assert "The Old Barn" in page
    assert "Mind the stairs." in page
    assert "Mind the stairs." not in jan.get(f"/my/permits/{ref}").text
    for client, name in ((ada, "Ada Mol"), (jan, "Jan Peeters")):
        form = form_of(client.get(f"/my/permits/{ref}/sign").text, "sha256")
        unsure = client.post(f"/my/permits/{ref}/sign", data={**form, "name": name}, headers=ORIGIN)
        assert (unsure.status_code, "Tick the box" in unsure.text) == (422, True)
        for _ in range(2):
            client.post(f"/my/permits/{ref}/sign", data={**form, "name": name, "sure": "yes"}, headers=ORIGIN)
    assert [(each.party, each.name) for each in agreements.signatures_of(con, ref)] == [
        ("holder", "Ada Mol"), ("grantor", "Jan Peeters"),
    ]  # fmt: skip
    assert permits.get(con, ref).status == "signed"
    con.rollback()
    assert "Both sides have signed" in ada.get(f"/my/permits/{ref}").text


def test_terms_that_changed_while_somebody_read_are_not_signed(
    app: Flask, con: Connection, clock: Clock, hall: str
) -> None:
    ref = approved(con, clock.now, [hall], MAY)
    ada = entered(app, of(con, "ada@group.example"))
    form = form_of(ada.get(f"/my/permits/{ref}/sign").text, "sha256")
    agreeing.propose_terms(con, SYSTEM, ref, {"quiet_from": 1320, "quiet_until": 420}, clock.now)
    late = ada.post(f"/my/permits/{ref}/sign", data={**form, "name": "Ada", "sure": "yes"}, headers=ORIGIN)
    assert (late.status_code, "Read them again" in late.text) == (409, True)
    anew = form_of(late.text, "sha256")
    assert anew["sha256"] == sha_of(con, ref) != form["sha256"]
    assert "sure" not in anew
    assert agreements.signatures_of(con, ref) == []


def test_a_member_reads_and_signs_nothing(app: Flask, con: Connection, clock: Clock, hall: str) -> None:
    ref = approved(con, clock.now, [hall], MAY)
    holder = str(permits.get(con, ref).holder_ref)
    con.rollback()
    asked = members.invite_member(con, SYSTEM, holder, "Mo", "mo@group.example", "en", "member", clock.now)
    mo = entered(app, asked)
    assert mo.get(f"/my/permits/{ref}").status_code == 404, "who was asked to join has no part yet"
    members.confirm_membership(con, asked.actor(), holder, clock.now)
    assert "What you can do" in mo.get(f"/my/permits/{ref}").text
    for page in ("sign", "call-off", "edit"):
        assert mo.get(f"/my/permits/{ref}/{page}").status_code == 403, page


def test_an_approved_one_is_called_off_with_a_reason_that_the_owner_reads(
    app: Flask, con: Connection, clock: Clock, hall: str
) -> None:
    ref = approved(con, clock.now, [hall], MAY)
    jan = entered(app, an_owner(con, clock, ref))
    ada = entered(app, of(con, "ada@group.example"))
    assert post(ada, f"/my/permits/{ref}/call-off", {"because": " "}).status_code == 422
    assert post(ada, f"/my/permits/{ref}/call-off", {"because": "Our van broke."}).status_code == 302
    assert permits.get(con, ref).status == "withdrawn"
    con.rollback()
    assert "Our van broke." in jan.get(f"/my/permits/{ref}").text


def test_notice_is_given_in_time_or_its_first_day_is_said(app: Flask, con: Connection, clock: Clock, hall: str) -> None:
    ref = running(con, clock.now, [hall], YEAR, on=date(2026, 11, 20))
    ada = entered(app, of(con, "ada@group.example"))
    page = ada.get(f"/my/permits/{ref}/end").text
    assert "23 December 2026" in page
    early = {"ended_on": "2026-12-01", "because": "We move."}
    answer = post(ada, f"/my/permits/{ref}/end", early)
    assert (answer.status_code, "Notice is 30 days" in answer.text) == (422, True)
    assert post(ada, f"/my/permits/{ref}/end", {**early, "ended_on": "2027-01-31"}).status_code == 302
    assert permits.get(con, ref).ended_on == date(2027, 1, 31)
    con.rollback()
    assert "In use until 31 January" in ada.get(f"/my/permits/{ref}").text
    clock.now += timedelta(days=80)
    late = entered(app, of(con, "ada@group.example"))
    assert "the keys are not back yet" in late.get(f"/my/permits/{ref}").text


def test_what_is_the_offices_stays_from_the_parties(app: Flask, con: Connection, clock: Clock, hall: str) -> None:
    ref = a_request(con, clock.now, [hall], MAY, private_text="Call us on 0123.")
    rival = a_request(
        con, clock.now, [hall], MAY, group="Rival choir", email="bo@choir.example", name="Bo", title="Sing"
    )
    jan = entered(app, an_owner(con, clock, ref))
    deciding.take_up_request(con, SYSTEM, ref, clock.now)
    ada = entered(app, of(con, "ada@group.example"))
    for client in (ada, jan):
        page = client.get(f"/my/permits/{ref}").text
        for secret in (rival, "Rival choir", "Sing", "bo@choir.example", "command line"):
            assert secret not in page
    assert "Call us on 0123." in ada.get(f"/my/permits/{ref}").text
    for secret in ("Call us on 0123.", "ada@group.example"):
        assert secret not in jan.get(f"/my/permits/{ref}").text


def test_a_signed_one_waits_for_nobody_and_stands_in_the_list(
    app: Flask, con: Connection, clock: Clock, hall: str
) -> None:
    ref = approved(con, clock.now, [hall], MAY)
    ada = entered(app, of(con, "ada@group.example"))
    home = ada.get("/my/").text
    assert "Waits for you" in home
    assert "To be signed by" in home
    sign_on_paper(con, ref, clock.now)
    home = ada.get("/my/").text
    assert "Waits for you" not in home
    assert ref in home
    assert ada.get(f"/my/requests/{ref}").location == f"/my/permits/{ref}"
