"""A map of small scale is never blank: countries lie under it, named in the reader's language, none too many."""

from __future__ import annotations

from datetime import datetime

import orjson
import pytest
import shapely
from babel import Locale
from flask.testing import FlaskClient
from playwright.sync_api import expect

from tempuse.access import SYSTEM
from tempuse.geometry import Box
from tempuse.mapindex.outlines import BELOW_ZOOM, outlines
from tempuse.registry import setup
from tempuse.store.engine import Connection
from tests import town
from tests.browser import PHONE, WIDE, Visit
from tests.walks.test_map import settled

FLANDERS = Box(2.0, 50.5, 6.0, 52.0)


def shape_of(code: str) -> shapely.Geometry:
    held = outlines()
    return shapely.MultiPolygon(held.parts[held.country == held.codes.index(code)].tolist())


def test_every_country_with_a_code_has_a_name_in_each_language() -> None:
    codes = [code for code in outlines().codes if code]
    assert len(codes) > 180
    assert len(set(codes)) == len(codes)
    for language in ("en", "nl"):
        assert set(codes) <= set(Locale.parse(language).territories)


def test_places_lie_in_their_countries_and_neighbours_meet() -> None:
    cities = {"BE": (4.35, 50.85), "NL": (5.12, 52.09), "DE": (8.8, 53.08), "FI": (24.94, 60.17), "GR": (23.73, 37.98)}
    for code, (lon, lat) in cities.items():
        assert shape_of(code).contains(shapely.Point(lon, lat)), code
    assert shapely.is_valid(outlines().parts).all()
    belgium, france = shape_of("BE"), shape_of("FR")
    assert shapely.distance(belgium, france) == 0
    assert belgium.intersection(france).area < 0.01


def test_as_much_is_drawn_as_is_seen() -> None:
    near = {each["properties"]["country"] for each in outlines().draw(FLANDERS, 8)}
    assert near == {"BE", "NL", "FR", "DE"}
    assert outlines().draw(FLANDERS, BELOW_ZOOM) == []
    world, part = (len(orjson.dumps(outlines().draw(box, 5))) for box in (None, FLANDERS))
    assert part < world / 20


def test_the_background_names_countries_in_the_readers_language(
    con: Connection, client: FlaskClient, now: datetime
) -> None:
    setup.change_settings(con, SYSTEM, {"languages": "en,nl"}, now)
    address = "/map/areas?zoom=7&box=2,50.5,6,52"
    english = {each["properties"]["name"] for each in client.get(address).json["features"]}
    assert {"Belgium", "Netherlands"} <= english
    client.get("/language/nl?to=/")
    answer = client.get(address)
    assert {"België", "Nederland"} <= {each["properties"]["name"] for each in answer.json["features"]}
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/map/areas?zoom=12&box=3.6,51,3.8,51.1").json["features"] == []


def test_an_empty_register_begins_with_its_country(con: Connection, client: FlaskClient, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"country": "NL"}, now)
    body = client.get("/").get_data(as_text=True)
    assert '"fit": [3.' in body


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_who_zooms_out_sees_land_and_sea_and_comes_back(
    visit: Visit, con: Connection, now: datetime, size: tuple[int, int]
) -> None:
    town.build(con, now)
    page = visit("/?map=6/51.5/4", size=size)
    settled(page)
    expect(page.locator(".place-name.country").first).to_be_visible()
    colours = page.evaluate("""() => {
        const canvas = document.querySelector(".leaflet-background-pane canvas"), pen = canvas.getContext("2d");
        const all = pen.getImageData(0, 0, canvas.width, canvas.height).data, found = {};
        for (let i = 0; i < all.length; i += 4 * 97) {
            const key = [all[i], all[i + 1], all[i + 2]].join();
            found[key] = (found[key] || 0) + 1;
        }
        return Object.values(found).sort((one, other) => other - one).map(n => n * 4 * 97 / all.length);
    }""")
    assert colours[0] < 0.9
    assert colours[1] > 0.1
    page.get_by_role("button", name="Show the whole town").click()
    page.wait_for_timeout(300)
    settled(page)
    expect(page.locator(".place-name.country")).to_have_count(0)
