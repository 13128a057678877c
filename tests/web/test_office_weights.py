"""What a city weighs: set in the office or by a command, looked at before it is done, and used wherever spaces are held
against questions."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse import matching
from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry import setup
from tempuse.registry.care import checking
from tempuse.registry.needs.changing import edit_need
from tempuse.registry.spaces import add_space
from tempuse.registry.watches import keeping
from tempuse.registry.watches.sweeping import sweep_all
from tempuse.store import needs, watches
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.store.events import of as events_of
from tempuse.vocabulary import NeedAudience
from tempuse.wanted import Wanted
from tests.builders import a_place, a_space
from tests.needing import a_need, looking
from tests.office import a_signed_in_client
from tests.web.test_match import listed
from tests.web.test_office_settings import section
from tests.web.test_public_pages import text

ASKED = Wanted(quiet=True, works="none", uses=("workshop",))
ADDRESS = "use=workshop&quiet=yes&works=none"


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return a_signed_in_client(app, "Adam Reed", "administrator")


@pytest.fixture
def two(con: Connection, now: datetime) -> tuple[str, str]:
    """A quiet ruin and a loud palace."""
    ruin = a_space(name="The ruin", suitable_uses=("workshop",), surroundings="quiet", condition="poor",
                   geometry=a_place(), cost_model="free")  # fmt: skip
    palace = a_space(name="The palace", suitable_uses=("workshop",), surroundings="lively", condition="good",
                     geometry=a_place(0.001), cost_model="free")  # fmt: skip
    return add_space(con, SYSTEM, ruin, now), add_space(con, SYSTEM, palace, now)


def weigh(con: Connection, now: datetime, text: str) -> None:
    setup.change_settings(con, SYSTEM, {"match_weights": text}, now)


@pytest.mark.both_engines
def test_weights_of_a_city_order_the_list_and_change_the_version(
    client: FlaskClient, con: Connection, two: tuple[str, str], now: datetime
) -> None:
    ruin, palace = two
    assert listed(client, ADDRESS) == [palace, ruin]
    before = matching.version(matching.scale_of(get_settings(con)))
    con.rollback()
    weigh(con, now, "quiet=5")
    assert listed(client, ADDRESS) == [ruin, palace]
    assert matching.version(matching.scale_of(get_settings(con))) != before
    con.rollback()
    assert checking.check_register(con, now) == []
    weigh(con, now, "quiet = 0, condition=0")
    assert sorted(listed(client, ADDRESS)) == sorted(two)
    assert "Quiet" not in text(client.get(f"/match/{ruin}?{ADDRESS}")).partition("Workshop, quiet")[2]
    weigh(con, now, "")
    assert listed(client, ADDRESS) == [palace, ruin]


@pytest.mark.both_engines
def test_a_change_is_looked_at_before_it_is_done(
    administrator: FlaskClient, con: Connection, two: tuple[str, str], now: datetime
) -> None:
    looking(con, now, a_need(ASKED))
    page = administrator.get("/office/settings/weights").text
    name = re.search(r'<label for="(match_weights-\d+)">Quiet</label>', page)
    assert name
    told = section(administrator, "weights", {name[1]: "5"})
    assert "For 1 group another space stands first." in text(told)
    assert get_settings(con).match_weights == {}
    con.rollback()
    done = administrator.post(
        "/office/settings/weights", headers={"Origin": "http://localhost"},
        data={**dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', told.text)), "sure": "yes"},
    )  # fmt: skip
    assert done.status_code == 302
    assert get_settings(con).match_weights == {"quiet": 5}
    assert [each.changes for each in events_of(con, "settings")] == [{"match_weights": [{}, {"quiet": 5}]}]
    con.rollback()
    assert "Quiet 5" in text(administrator.get("/office/settings"))
    # Back to what is usual: nothing is kept.
    told = section(administrator, "weights", {name[1]: "1"})
    assert "For 1 group another space stands first." in text(told)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("7", "Quiet can weigh from 0 to 5, not 7."), ("-1", "not -1"), ("much", "no criterion with its weight")],
)
def test_a_weight_above_five_is_refused_with_a_sentence(
    administrator: FlaskClient, con: Connection, typed: str, said: str
) -> None:
    page = administrator.get("/office/settings/weights").text
    name = re.search(r'<label for="(match_weights-\d+)">Quiet</label>', page)
    assert name
    answer = section(administrator, "weights", {name[1]: typed})
    assert answer.status_code == 422
    assert said in text(answer)
    assert f'value="{typed}"' in answer.text
    assert get_settings(con).match_weights == {}


@pytest.mark.both_engines
def test_how_much_must_be_known_and_what_is_no_must_hold_for_watches_too(
    client: FlaskClient, con: Connection, now: datetime
) -> None:
    ref = add_space(con, SYSTEM, a_space(floor_area_m2=30.0, suitable_uses=("workshop",), cost_model="free"), now)
    wanted = Wanted(uses=("workshop",), area_least_m2=60)
    watch = keeping.ask_to_hear(con, PUBLIC, wanted, "jo@example.org", "day", "en", now).watch
    keeping.expect_secret(con, SYSTEM, watch.id, "s")
    keeping.confirm_watch(con, PUBLIC, "s", now)
    sweep_all(con, SYSTEM, now)
    assert watches.hits_of_watch(con, watch.id) == []
    con.rollback()
    weigh(con, now, "size=0")
    assert sweep_all(con, SYSTEM, now) == 1
    assert [each.space_ref for each in watches.hits_of_watch(con, watch.id)] == [ref]
    con.rollback()
    asked = "use=workshop&people=20&noise=55&works=none&quiet=yes"
    assert "something is not known" in text(client.get(f"/match?{asked}"))
    setup.change_settings(con, SYSTEM, {"match_enough": "300"}, now)
    assert "something is not known" not in text(client.get(f"/match?{asked}"))


@pytest.mark.both_engines
def test_a_city_that_reads_nothing_before_shows_what_groups_say_from_then_on(
    client: FlaskClient, con: Connection, now: datetime
) -> None:
    public = NeedAudience.PUBLIC.value
    waiting = looking(con, now, a_need(audience=public, title="Waits"))
    setup.change_settings(con, SYSTEM, {"moderate_needs": "never"}, now)
    assert "Others read it only if you want that." in text(client.get("/needs/new"))
    at_once = looking(con, now, a_need(audience=public, title="At once"), email="b@group.example", group="B")
    private = looking(con, now, a_need(title="Private"), email="c@group.example", group="C")
    assert [needs.get(con, ref).released_text for ref in (waiting, at_once, private)] == [None, "We mend radios.", None]
    con.rollback()
    said = text(client.get("/needs"))
    assert "At once" in said
    assert "Waits" not in said
    assert "Private" not in said
    edit_need(con, SYSTEM, at_once, {"purpose": "We mend bicycles."}, now)
    assert "We mend bicycles." in text(client.get("/needs"))
    edit_need(con, SYSTEM, at_once, {"audience": NeedAudience.PRIVATE.value}, now)
    assert "At once" not in text(client.get("/needs"))
    assert checking.check_register(con, now) == []
