"""What the map asks for: marks, outlines, where a cluster opens, the background; on both engines."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import orjson
import pytest
import shapely
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.areas import Area
from tempuse.geometry import Box
from tempuse.mapindex.background import MOST_AREAS, Background
from tempuse.publication import publish_area
from tempuse.registry import areas, spaces
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests import town
from tests.builders import a_place, a_space, an_outline

BOX = "3.69,51.03,3.75,51.08"


def ask(client: FlaskClient, path: str) -> dict:
    answer = client.get(path)
    assert answer.status_code == 200
    return orjson.loads(answer.data)


@pytest.fixture
def people(con: Connection, client: FlaskClient, now: datetime) -> FlaskClient:
    """A visitor of the town."""
    town.build(con, now)
    con.rollback()
    return client


@pytest.mark.both_engines
def test_marks_stand_for_every_space_of_the_box_once(people: FlaskClient) -> None:
    for zoom in range(8, 20):
        view = ask(people, f"/map/view?box={BOX}&zoom={zoom}")
        assert sum(mark[2] for mark in view["clusters"]) + len(view["spaces"]) == view["total"]
        for x, y, count, free, used in view["clusters"]:
            assert count > 1
            assert free + used <= count
            assert 0 < x < 1
            assert 0 < y < 1


def test_marks_do_not_lie_on_one_another(people: FlaskClient) -> None:
    for zoom in (11, 13, 15, 16):
        view = ask(people, f"/map/view?box={BOX}&zoom={zoom}")
        marks = [(*mark[:2], 28 if mark[2] < 10 else 32) for mark in view["clusters"]]
        marks += [(space["x"], space["y"], 22) for space in view["spaces"]]
        for i, (x, y, reach) in enumerate(marks):
            for other_x, other_y, other in marks[i + 1 :]:
                assert (
                    np.hypot(x - other_x, y - other_y) * 256 * 2**zoom >= max(reach, other) + 22 - 0.5
                    or reach == other == 22
                )


def test_only_a_coarse_place_has_a_cell_and_a_reason(people: FlaskClient) -> None:
    view = ask(people, f"/map/view?box={BOX}&zoom=19")
    by_ref = {space["ref"]: space for space in view["spaces"]}
    assert by_ref[town.FORGE]["cell"]["type"] == "Polygon"
    assert by_ref[town.FORGE]["why"] == "Somewhere in this square. The owner shows only the area."
    assert by_ref[town.STUDIO]["cell"] is None
    assert "the district" in by_ref[town.STUDIO]["why"]
    assert "cell" not in by_ref[town.HALL]
    assert town.HIDDEN not in by_ref


def test_outlines_come_when_the_map_is_near(people: FlaskClient) -> None:
    assert ask(people, f"/map/view?box={BOX}&zoom=14")["shapes"] == []
    shapes = ask(people, f"/map/view?box={BOX}&zoom=16")["shapes"]
    assert [(shape["ref"], shape["outlook"], shape["geometry"]["type"]) for shape in shapes] == [
        (town.PLOT, "free", "Polygon")
    ]


def test_a_cluster_says_at_which_zoom_it_opens(con: Connection, client: FlaskClient, now: datetime) -> None:
    for east in (0.0, 0.002, 0.004):
        spaces.add_space(con, SYSTEM, a_space(geometry=a_place(east)), now)
    view = ask(client, f"/map/view?box={BOX}&zoom=10")
    assert len(view["clusters"]) == 1
    zoom = ask(client, "/map/open?map=10/51.05/3.722")["zoom"]
    assert zoom > 10
    opened = ask(client, f"/map/view?box={BOX}&zoom={zoom}")
    assert max((mark[2] for mark in opened["clusters"]), default=1) < 3
    closed = ask(client, f"/map/view?box={BOX}&zoom={zoom - 1}")
    assert [mark[2] for mark in closed["clusters"]] == [3]


def test_spaces_at_one_place_never_open(con: Connection, client: FlaskClient, now: datetime) -> None:
    for _ in range(2):
        spaces.add_space(con, SYSTEM, a_space(), now)
    assert ask(client, "/map/open?map=10/51.05/3.72") == {"zoom": None}


def test_the_background_has_land_water_and_names(people: FlaskClient) -> None:
    drawn = ask(people, f"/map/areas?box={BOX}&zoom=13")["features"]
    kinds = [each["properties"]["kind"] for each in drawn]
    assert kinds.count("district") == 4
    assert {each["properties"]["name"] for each in drawn if each["properties"]["kind"] == "water"} == {
        "The Mouth",
        None,
    }
    assert kinds[-1] == "water"
    assert {each["properties"]["tint"] for each in drawn if each["properties"]["kind"] == "district"} == {0, 1, 2, 3}


@pytest.mark.both_engines
def test_the_background_is_sent_again_only_when_an_area_changed(
    con: Connection, people: FlaskClient, now: datetime
) -> None:
    path = f"/map/areas?box={BOX}&zoom=13"
    first = people.get(path)
    tag = {"If-None-Match": first.headers["ETag"]}
    assert people.get(path, headers=tag).status_code == 304
    spaces.add_space(con, SYSTEM, a_space(), now)
    assert people.get(path, headers=tag).status_code == 304
    lake = Area(kind="water", name="Lake", geometry=shapely.box(3.71, 51.06, 3.712, 51.062))
    areas.load_areas(con, SYSTEM, AreaKind.WATER, [lake], now)
    again = people.get(path, headers=tag)
    assert again.status_code == 200
    assert b"Lake" in again.data
    assert b"The Mouth" not in again.data


def a_nation(side: int = 70) -> Background:
    """Thousands of districts with ragged borders, 0.02 degrees each."""
    rng = np.random.default_rng(1)
    texts = []
    for row in range(side):
        for column in range(side):
            x, y = 3 + column * 0.02, 50 + row * 0.02
            ring = np.array(shapely.box(x, y, x + 0.02, y + 0.02).segmentize(0.0005).exterior.coords)
            ring[:-1] += rng.normal(0, 1e-5, (len(ring) - 1, 2))
            ring[-1] = ring[0]
            area = Area(ref=f"AR-{row * side + column:04d}", name=f"D{row}", geometry=shapely.Polygon(ring))
            texts.append(publish_area(area).feature)
    return Background(texts)


def test_a_nations_background_stays_small_at_every_zoom() -> None:
    background = a_nation()
    assert len(background) == 4900
    for zoom in (5, 7, 9, 11, 13, 16, 19):
        half = 700 * 180 / (256 * 2**zoom)
        drawn = background.draw(Box(3.5 - half, 50.5 - half, 3.5 + half, 50.5 + half), zoom)
        size = len(orjson.dumps(drawn))
        assert len(drawn) <= MOST_AREAS
        assert size < 1_000_000, (zoom, len(drawn), size)
    assert background.draw(Box(3.5 - 30, 50.5 - 20, 3.5 + 30, 50.5 + 20), 3) == []
    assert background.draw(Box(100, 10, 101, 11), 12) == []


def test_what_is_cut_from_an_area_lies_beyond_what_is_seen() -> None:
    big = Area(ref="AR-0001", name="Sea", kind="water", geometry=shapely.box(0, 40, 10, 60))
    drawn = Background([publish_area(big).feature]).draw(Box(5, 50, 5.1, 50.1), 13)
    west, south, east, north = shapely.from_geojson(orjson.dumps(drawn[-1]["geometry"])).bounds
    assert west <= 4.95
    assert south <= 49.95
    assert east >= 5.15
    assert north >= 50.15
    assert east - west < 1


def test_waters_that_touch_are_one_shape() -> None:
    river = Area(ref="AR-0001", name="River", kind="water", geometry=shapely.box(3.70, 51.0, 3.71, 51.01))
    dock = Area(ref="AR-0002", name="Dock", kind="water", geometry=shapely.box(3.71, 51.0, 3.72, 51.01))
    drawn = Background([publish_area(each).feature for each in (river, dock)]).draw(None, 15)
    assert [each["properties"]["name"] for each in drawn] == ["River", "Dock", None]
    assert shapely.from_geojson(orjson.dumps(drawn[-1]["geometry"])).geom_type == "Polygon"


def test_outlines_of_used_spaces_say_so(con: Connection, client: FlaskClient, now: datetime) -> None:
    spaces.add_space(con, SYSTEM, a_space(kind="plot", occupancy="temporary_use", geometry=an_outline()), now)
    view = ask(client, f"/map/view?box={BOX}&zoom=17")
    assert [shape["outlook"] for shape in view["shapes"]] == ["used"]
    assert view["spaces"][0]["outlook"] == "used"


def test_a_near_zoom_without_a_box_leaves_out_what_has_no_place(people: FlaskClient) -> None:
    view = ask(people, "/map/view?zoom=15")
    assert town.PLOT in {shape["ref"] for shape in view["shapes"]}
    assert town.PLACELESS not in {shape["ref"] for shape in view["shapes"]}
    assert view["total"] > len(view["spaces"]) + sum(mark[2] for mark in view["clusters"])
