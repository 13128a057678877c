"""Places as people write and paste them."""

from __future__ import annotations

import pytest
import shapely

from tempuse.errors import Invalid
from tempuse.io.places.extents import extent_around, extent_of
from tempuse.io.places.typed import parse_place, shown

GHENT = shapely.Point(3.7174, 51.0543)
CITY = extent_around(shapely.box(3.6, 50.98, 3.85, 51.15), "Ghent")


def near(one: shapely.Point, other: shapely.Point) -> bool:
    return bool(one.distance(other) < 0.0001)


@pytest.mark.parametrize(
    "text",
    [
        "51.0543, 3.7174",
        "51.0543,3.7174",
        "51.0543 3.7174",
        " (51.0543, 3.7174) ",
        "51,0543; 3,7174",
        "51,0543 3,7174",
        "51,0543, 3,7174",
        "51,0543,3,7174",
        "51°03'15.48\"N 3°43'2.64\"E",
        "51° 3,258′ N, 3° 43,044′ E",
        "POINT (3.7174 51.0543)",
        "SRID=4326;POINT(3.7174 51.0543)",
        '{"type":"Point","coordinates":[3.7174,51.0543]}',
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[3.7174,51.0543]}}',
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[3.7174,51.0543]}}]}',
    ],
)
@pytest.mark.parametrize("extent", [None, CITY], ids=["anywhere", "in Ghent"])
def test_a_place_is_read_in_every_usual_writing(text: str, extent: object) -> None:
    read = parse_place(text, extent=extent)  # type: ignore[arg-type]
    assert near(read.geometry, GHENT)
    assert read.note == ""


def test_two_numbers_the_wrong_way_round_are_turned_and_said_so() -> None:
    read = parse_place("3.7174, 51.0543", extent=CITY)
    assert near(read.geometry, GHENT)
    assert read.note == "where.turned_round"


@pytest.mark.parametrize("text", ["104637 193985", "104637; 193985", "POINT (104637 193985)", "193985, 104637"])
def test_national_coordinates_are_read(text: str) -> None:
    read = parse_place(text, "EPSG:31370", CITY)
    assert near(read.geometry, GHENT) or read.geometry.distance(GHENT) < 0.01
    assert CITY.shape.contains(read.geometry)
    assert read.note == "where.read_national"


def test_an_outline_in_national_coordinates_keeps_its_shape() -> None:
    square = "POLYGON ((104600 193900, 104700 193900, 104700 194000, 104600 194000, 104600 193900))"
    read = parse_place(square, "EPSG:31370", CITY)
    assert read.geometry.geom_type == "Polygon"
    assert len(read.geometry.exterior.coords) == 5
    assert CITY.shape.contains(read.geometry)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "where.unreadable"),
        ("behind the gasworks", "where.unreadable"),
        ("51.05", "where.unreadable"),
        ("POINT (3.7", "where.unreadable"),
        ("POINT EMPTY", "where.unreadable"),
        ("{}", "where.unreadable"),
        ("{nothing", "where.unreadable"),
        ('{"type":"Point"}', "where.unreadable"),
        ('{"type":"FeatureCollection","features":[]}', "where.several"),
        ("48.85, 2.35", "where.outside"),
        ("999999 999999", "where.outside"),
        ("48°51'N 2°21'E", "where.outside"),
    ],
)
def test_what_is_no_place_here_is_said(text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_place(text, "EPSG:31370", CITY)
    assert caught.value.issues[0].message == message


def test_metres_need_a_system() -> None:
    with pytest.raises(Invalid) as caught:
        parse_place("104637 193985")
    assert caught.value.message == "where.needs_crs"
    with pytest.raises(Invalid) as caught:
        parse_place("104637 193985", extent=extent_of("BE"))
    assert caught.value.message == "where.needs_crs"


def test_a_place_is_shown_as_it_is_read_again() -> None:
    outline = shapely.box(3.7, 51.0, 3.71, 51.01)
    assert shown(GHENT) == "51.0543, 3.7174"
    assert near(parse_place(shown(GHENT)).geometry, GHENT)
    assert parse_place(shown(outline)).geometry.equals(outline)
    assert shown(None) == ""
