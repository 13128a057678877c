"""The city's kinds of permits, departments and conditions in the settings: forms and examples, never raw JSON."""

from __future__ import annotations

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse import permit_kinds
from tempuse.registry.permit_catalogues import examples
from tempuse.settings import parse
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tests.forms import form_of
from tests.office import a_signed_in_client, post

HERE = {"Origin": "http://localhost"}
PAGE = "/office/settings/catalogues"


@pytest.fixture
def boss(app: Flask) -> FlaskClient:
    return a_signed_in_client(app, "Ada Boss", "administrator")


def test_every_example_fits_and_speaks_both_languages() -> None:
    assert {"use", "event", "market_pitch", "parklet", "garden", "filming", "shelter", "mediator"} == set(examples())
    for each in examples().values():
        kind = each["permit_kind"]
        for setting, held in (
            ("permit_kinds", [kind]), ("departments", each["departments"]),
            ("city_conditions", each["city_conditions"]),
        ):  # fmt: skip
            assert permit_kinds.check_catalogue(setting, held) == [], kind["name"]
            assert parse(setting, orjson.dumps(held).decode()) == tuple(held)
        assert {each["key"] for each in each["city_conditions"]} >= set(kind["conditions"])
        assert {"en", "nl"} == set(kind["title"]) == set(kind["lead"])


@pytest.mark.both_engines
def test_an_example_is_taken_over_with_what_it_speaks_of(con: Connection, boss: FlaskClient) -> None:
    page = f"{PAGE}/permit_kinds"
    assert "Take over this example" in boss.get(page).text
    assert post(boss, "/office/settings/examples/event", {}, page=page).status_code == 302
    held = get_settings(con)
    con.rollback()
    assert [each["name"] for each in held.permit_kinds] == ["event"]
    assert {each["name"] for each in held.departments} == {"fire", "police", "environment"}
    assert "exits" in {each["key"] for each in held.city_conditions}
    refused = post(boss, f"{PAGE}/departments/fire/remove", {}, page=f"{PAGE}/departments")
    assert refused.status_code == 409
    assert "event" in refused.text


def test_a_kind_is_changed_in_its_form_and_keeps_what_the_form_has_not(con: Connection, boss: FlaskClient) -> None:
    post(boss, "/office/settings/examples/event", {}, page=f"{PAGE}/permit_kinds")
    form = form_of(boss.get(f"{PAGE}/permit_kinds/event").text, "title_en")
    wrong = boss.post(f"{PAGE}/permit_kinds/event", data={**form, "decision_days": "soon"}, headers=HERE)
    assert wrong.status_code == 422
    assert "soon" in wrong.text
    form |= {"title_en": "Feast", "decision_days": "20", "terms_renew_ask_days": "5"}
    assert boss.post(f"{PAGE}/permit_kinds/event", data=form, headers=HERE).status_code == 302
    (kind,) = permit_kinds.kinds(get_settings(con).permit_kinds)
    con.rollback()
    assert (kind.title["en"], kind.title["nl"], kind.decision_days) == ("Feast", "Evenement", 20)
    assert kind.terms["quiet_from"] == 1320
    assert kind.terms["renew_ask_days"] == 5
    assert kind.asks == ("hours", "persons", "noise", "insurance")


@pytest.mark.parametrize(("setting", "values"), [
    ("departments", {"name": "fire", "title_en": "Fire service", "answer_days": "21", "silence_days": "30",
                     "silence": "blocks", "email": "fire@rivermouth.example"}),
    ("city_conditions", {"key": "sweep", "text_en": "Sweep the yard.", "text_nl": "Veeg het erf."}),
])  # fmt: skip
def test_an_entry_is_written_down_and_taken_out(
    con: Connection, boss: FlaskClient, setting: str, values: dict[str, str]
) -> None:
    first = next(iter(values))
    form = form_of(boss.get(f"{PAGE}/{setting}/new").text, first)
    assert (
        boss.post(f"{PAGE}/{setting}/new", data={**form, **values, first: "Not a name!"}, headers=HERE).status_code
        == 422
    )
    assert boss.post(f"{PAGE}/{setting}/new", data={**form, **values}, headers=HERE).status_code == 302
    assert boss.post(f"{PAGE}/{setting}/new", data={**form, **values}, headers=HERE).status_code == 422
    assert [each[first] for each in getattr(get_settings(con), setting)] == [values[first]]
    con.rollback()
    page = f"{PAGE}/{setting}"
    assert post(boss, f"{page}/{values[first]}/remove", {}, page=page).status_code == 302
    assert getattr(get_settings(con), setting) == ()
    con.rollback()
    assert boss.get(f"{PAGE}/{setting}/nothing").status_code == 404
    assert boss.get(f"{PAGE}/nothing").status_code == 404


def test_plain_settings_of_permits_are_changed_in_words(con: Connection, boss: FlaskClient) -> None:
    form = form_of(boss.get("/office/settings/permits").text, "rivals_days")
    form |= {"rivals_rule": "together", "ends_soon_days": "60"}
    assert boss.post("/office/settings/permits", data=form, headers=HERE).status_code == 302
    held = get_settings(con)
    con.rollback()
    assert (held.rivals_rule, held.ends_soon_days) == ("together", 60)
    assert "Kinds of permits" in boss.get("/office/settings").text
