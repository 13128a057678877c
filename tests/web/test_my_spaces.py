"""Owners and mediators see who could use their spaces, as far as either may know; a mediator suggests one, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.errors import NotAllowed
from tempuse.organisations import Organisation
from tempuse.publication.needs import coarse, in_steps
from tempuse.registry import members, organisations, setup
from tempuse.registry.mandates import end_mandate
from tempuse.registry.needs.changing import move_need
from tempuse.registry.needs.partners import suggest_space
from tempuse.registry.spaces import add_space
from tempuse.store import letters, needs
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import NeedAudience
from tempuse.wanted import Wanted
from tests.builders import a_place, a_space
from tests.mailing import Clock, Server, an_app, deliver
from tests.mandating import a_mediator, contact, give
from tests.needing import ASKED, a_need, looking
from tests.office import post
from tests.web.test_my_permits import entered, of
from tests.web.test_public_pages import text

pytestmark = pytest.mark.both_engines
PARTNERS, PUBLIC, PRIVATE = (each.value for each in (NeedAudience.PARTNERS, NeedAudience.PUBLIC, NeedAudience.PRIVATE))
OWNER = "Olga@Owner.example"


@pytest.fixture
def app(register: Register, clock: Clock, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def forge(con: Connection, clock: Clock) -> str:
    """A space of Olga's, far from everything."""
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth"}, clock.now)
    whole = {"suitable_uses": ("workshop",), "power": True, "kind": "unit", "floor_area_m2": 94.0, "cost_model": "free",
             "consent": "given", "ownership": "private", "owner_email": OWNER, "toilets": False}  # fmt: skip
    return add_space(con, SYSTEM, a_space(name="The forge", geometry=a_place(), **whole), clock.now)


def three_groups(con: Connection, clock: Clock) -> dict[str, str]:
    """One that nobody else reads of, one of partners, one of everybody; far away, poor, and by night only."""
    asked = Wanted(uses=("workshop",), area_least_m2=60, near=(3.9, 51.2), within_m=500, budget_month_cents=100,
                   hours=0b111, facilities=("power",))  # fmt: skip
    made = {
        audience: looking(
            con, clock.now, a_need(asked, title=f"A place {audience}", audience=audience), group=f"Group {audience}",
            email=f"{audience}@group.example", name=f"Contact {audience}",
        )
        for audience in (PRIVATE, PARTNERS, PUBLIC)
    }  # fmt: skip
    move_need(con, SYSTEM, made[PUBLIC], "release", clock.now, released_text="Released words.")
    return made


def somebody(app: Flask, con: Connection, clock: Clock, name: str, email: str) -> FlaskClient:
    """The browser of a contact of an organisation of owners."""
    owner = Organisation(name=f"{name} Estates", kinds=("owner",))
    made = organisations.add_organisation(con, SYSTEM, owner, clock.now)
    asked = members.invite_member(con, SYSTEM, made, name, email, "en", "contact", clock.now)
    members.confirm_membership(con, asked.actor(), made, clock.now)
    return entered(app, of(con, email.lower()))


def mia(app: Flask, con: Connection) -> FlaskClient:
    return entered(app, of(con, "mia@mediator.example"))


def test_a_mediator_reads_what_partners_may_and_suggests_once(
    app: Flask, con: Connection, clock: Clock, server: Server, forge: str
) -> None:
    made = three_groups(con, clock)
    mediator = a_mediator(con, clock.now)
    mandate = give(con, clock.now, mediator, [forge], clock.now.date())
    client, page = mia(app, con), f"/my/spaces/{forge}/needs"
    assert "At least three groups that look could use it." in text(client.get("/my/"))
    said = text(client.get(page))
    assert "A place partners" in said
    assert "A place public" in said
    assert "Released words." in said
    for secret in ("A place private", "Group partners", "Contact", "group.example", "51.2", "We mend radios."):
        assert secret not in said
    for _ in range(2):
        assert post(client, f"{page}/{made[PARTNERS]}", {}, page).status_code == 302
    deliver(app)
    (letter,) = [each for each in server.letters if "A space for you" in str(each["subject"])]
    assert "Pro Leerstand thinks that this space may fit" in letter.get_content()
    assert "The group was told of it already." in text(client.get(page))
    assert post(client, f"{page}/{made[PRIVATE]}", {}, page).status_code == 409
    end_mandate(con, SYSTEM, mandate, clock.now)
    assert client.get(page).status_code == 404
    with pytest.raises(NotAllowed):
        suggest_space(con, contact(con), made[PUBLIC], forge, clock.now)


def test_an_owner_reads_no_name_unless_the_group_lets_owners(
    app: Flask, con: Connection, clock: Clock, forge: str
) -> None:
    made = three_groups(con, clock)
    client, page = somebody(app, con, clock, "Olga", OWNER), f"/my/spaces/{forge}/needs"
    said = text(client.get(page))
    assert "At least three groups" in said
    assert "A place partners" not in said
    assert "Workshop" in said
    assert "50 m² or more" in said
    assert "A place public" in said
    assert "Suggest it" not in said
    group = str(needs.get(con, made[PARTNERS]).initiative_ref)
    con.rollback()
    organisations.edit_organisation(con, SYSTEM, group, {"seen_by_owners": True}, clock.now)
    said = text(client.get(page))
    assert "A place partners" in said
    assert "Group partners" in said
    assert post(client, f"{page}/{made[PARTNERS]}", {}, "/my/account").status_code == 403
    assert [each.template for each in letters.find(con) if each.template == "need_proposed"] == []
    con.rollback()
    other = somebody(app, con, clock, "Eve", "eve@owner.example")
    assert other.get(page).status_code == 404
    assert "The forge" not in text(other.get("/my/"))


def test_groups_are_counted_from_three_on_and_where_they_are_changes_nothing(
    app: Flask, con: Connection, clock: Clock, forge: str
) -> None:
    client, page = somebody(app, con, clock, "Olga", OWNER), f"/my/spaces/{forge}/needs"
    seen = []
    for count, near in enumerate(((3.725, 51.054), (3.9, 51.2), (4.4, 51.3), (3.72, 51.05)), 1):
        wanted = Wanted(uses=("workshop",), near=near, within_m=100, facilities=("toilets",) * (count % 2))
        looking(con, clock.now, a_need(wanted), group=f"G{count}", email=f"g{count}@group.example", name=f"N{count}")
        seen.append(text(client.get(page)))
    assert all("Fewer than three groups" in each for each in seen)
    for count in (5, 6, 7):
        looking(con, clock.now, a_need(Wanted(uses=("workshop",), facilities=("toilets",))), group=f"G{count}",
                email=f"g{count}@group.example", name=f"N{count}")  # fmt: skip
    said = text(client.get(page))
    assert "Fewer than three groups" in said
    assert "With toilets: at least five more groups could use it." in said


def test_what_others_may_know_of_a_question_has_no_point_no_money_no_day() -> None:
    seen = coarse(ASKED)
    assert (seen.near, seen.within_m, seen.budget_month_cents, seen.hours) == (None, None, None, 0)
    assert (seen.area_least_m2, seen.area_most_m2, seen.term_months) == (50, 200, 12)
    assert (seen.starts_on, seen.starts_by) == (date(2027, 3, 1), date(2027, 3, 31))
    assert seen.facilities == ("power", "toilets")
    assert [in_steps(count) for count in (0, 2, 3, 4, 5, 12, 500)] == [0, 0, 3, 3, 5, 10, 20]
    day = Wanted(starts_by=date(2027, 3, 15) + timedelta(20), term_days=40, persons=30, noise_db=90, works="none")
    assert coarse(day) == Wanted(starts_by=date(2027, 4, 30), term_months=1)
