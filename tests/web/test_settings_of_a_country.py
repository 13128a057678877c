"""A country is chosen by its name; its money and its coordinates come with it, unless somebody chose others."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.io.places import usual
from tempuse.io.places.extents import countries
from tempuse.registry.setup import change_settings
from tempuse.settings import Settings, parse
from tempuse.store.engine import Connection
from tests.office import a_signed_in_client
from tests.web.test_office_settings import section


def of(held: Settings) -> tuple[str, str, str]:
    return held.country, held.currency, held.national_crs


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        ([{"country": "CH"}], ("CH", "CHF", "EPSG:2056")),
        ([{"country": "CH"}, {"country": "PT"}], ("PT", "EUR", "EPSG:3763")),
        ([{"country": "CH", "currency": "EUR"}], ("CH", "EUR", "EPSG:2056")),
        ([{"national_crs": "EPSG:3812"}, {"country": "BE"}], ("BE", "EUR", "EPSG:3812")),
        ([{"country": "CH"}, {"currency": "EUR"}, {"country": "CZ"}], ("CZ", "EUR", "EPSG:5514")),
        ([{"country": "BE"}, {"country": ""}], ("", "EUR", "EPSG:31370")),
        ([{"country": "BE"}, {"country": "JP"}], ("JP", "JPY", "EPSG:31370")),
        ([{"country": "FR"}, {"national_crs": ""}, {"country": "FR"}], ("FR", "EUR", "")),
    ],
)
def test_what_comes_with_a_country(
    con: Connection, now: datetime, changes: list[dict[str, str]], after: tuple[str, str, str]
) -> None:
    for each in changes:
        held = change_settings(con, SYSTEM, each, now)
    assert of(held) == after


def test_every_country_that_we_know_has_money_and_a_system() -> None:
    for code in countries():
        assert parse("currency", usual.currency_of(code)), code
        assert usual.crs_of(code) == parse("national_crs", usual.crs_of(code)) == usual.crs_in(code)[0], code
    assert len(usual.currencies()) > 100


def test_the_office_chooses_from_lists_and_is_told_what_came(app: Flask, con: Connection, now: datetime) -> None:
    client = a_signed_in_client(app, "Adam Reed", "administrator")
    page = client.get("/office/settings/city").text
    assert re.search(r'<option value="BE">Belgium \(BE\)</option>', page)
    assert re.search(r'<option value="EUR" selected>Euro \(EUR\)</option>', page)
    assert section(client, "city", {"country": "BE"}).status_code == 302
    overview = client.get("/office/settings").text
    assert "With the country came: EPSG:31370." in overview
    assert "Belgium (BE)" in overview
    assert '<option value="EPSG:3812">ETRS89 / Belgian Lambert 2008</option>' in client.get("/office/settings/map").text
    assert '<option value="CC BY 4.0">' in client.get("/office/settings/publication").text


def test_what_was_set_elsewhere_stays_in_its_list(app: Flask, con: Connection, now: datetime) -> None:
    change_settings(con, SYSTEM, {"currency": "XXQ"}, now)
    client = a_signed_in_client(app, "Adam Reed", "administrator")
    assert section(client, "city", {"municipality": "Rivermouth"}).status_code == 302
    assert change_settings(con, SYSTEM, {}, now).currency == "XXQ"
