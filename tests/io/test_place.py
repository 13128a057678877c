"""Coordinates are never believed: each error that registers have is mended and said, or the row waits for a place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tempuse import geometry
from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import Column, Crosswalk
from tempuse.io.places.extents import Extent, countries, extent_around, extent_of
from tempuse.io.sources.source import Row, Source

GHENT = (3.7174, 51.0543)
CITY = extent_around(shapely.box(3.6, 50.98, 3.85, 51.15), "Ghent")
BELGIUM = extent_of("BE")
BRITAIN = extent_of("GB")
FRANCE = extent_of("FR")
_rng = np.random.default_rng(7)
SOME = [(GHENT[0] + float(dx), GHENT[1] + float(dy)) for dx, dy in _rng.uniform(-0.05, 0.05, (40, 2))]


def moved(at: tuple[float, float], crs: str) -> tuple[float, float]:
    x, y = geometry.project_xy(np.array([at[0]]), np.array([at[1]]), geometry.LON_LAT, crs)
    return float(x[0]), float(y[0])


def read(
    rows: list[dict[str, Any]], fields: dict[str, str], extent: Extent | None = BELGIUM, crs: str | None = None,
    shapes: list[Any] | None = None, declared: str | None = None,
) -> tuple[list[Candidate], Candidates]:  # fmt: skip
    """Rows of a table (or features) as candidates."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    held = [Row(i + 2, row, shapes[i] if shapes else None) for i, row in enumerate(rows)]
    source = Source("list", "csv", names, lambda: iter(held), crs=declared, has_geometry=shapes is not None)
    records = Candidates(source, Crosswalk("test", [Column(name, field) for name, field in fields.items()]),
                      extent=extent, crs=crs)  # fmt: skip
    return [row for batch in records.batches() for row in batch], records


def pairs(values: list[tuple[Any, Any]], names: tuple[str, str] = ("x", "y"), **options: Any) -> Any:
    return read([{"X": x, "Y": y} for x, y in values], {"X": names[0], "Y": names[1]}, **options)


def places(rows: list[Candidate]) -> list[Any]:
    return [row.fields.get("geometry") for row in rows]


def near(rows: list[Candidate], wanted: list[tuple[float, float]], metres: float = 3.0) -> bool:
    return all(
        place is not None
        and geometry.distance_m(np.array([place.x]), np.array([place.y]), at)[0] <= metres
        for place, at in zip(places(rows), wanted, strict=True)
    )  # fmt: skip


def said(row: Candidate) -> list[tuple[str, str]]:
    return [(issue.message, issue.done) for issue in row.issues]


# ---- as declared ----------------------------------------------------------------------------------------


def test_lon_and_lat_are_taken_as_they_are() -> None:
    rows, records = pairs(SOME, ("lon", "lat"))
    assert near(rows, SOME, 0.1)
    assert not any(row.issues for row in rows)
    assert not records.issues


@pytest.mark.parametrize("crs", ["EPSG:31370", "EPSG:3812", "EPSG:3857", "EPSG:25831", "EPSG:3035"])
def test_a_declared_system_is_moved_to_lon_and_lat(crs: str) -> None:
    rows, _ = pairs([moved(at, crs) for at in SOME], crs=crs)
    assert near(rows, SOME)
    assert not any(row.issues for row in rows)


def test_texts_with_commas_and_degrees_are_coordinates() -> None:
    rows, _ = pairs([("3,7174", "51,0543"), ("3°43'2.64\"E", "51°03'15.48\"N"), ("3° 43,044′ O", "51° 3,258′ N")],
                    ("lon", "lat"), extent=CITY)  # fmt: skip
    assert near(rows, [GHENT] * 3)


def test_the_letter_o_is_east_where_only_east_can_be_and_left_open_where_it_can_be_either() -> None:
    for extent, found in ((CITY, True), (FRANCE, False), (None, False)):
        rows, _ = pairs([("3°43'2.64\"O", "48°03'15.48\"N" if extent is FRANCE else "51°03'15.48\"N")],
                        ("lon", "lat"), extent=extent)  # fmt: skip
        assert (places(rows)[0] is not None) == found


@pytest.mark.parametrize("text", ["51.0543, 3.7174", "51,0543 3,7174", "51.0543;3.7174", "(51.0543, 3.7174)",
                                  "51°03'15.48\"N 3°43'2.64\"E"])  # fmt: skip
def test_two_numbers_in_one_cell_are_latitude_and_longitude(text: str) -> None:
    rows, _ = read([{"gps": text}], {"gps": "latlon"}, extent=CITY)
    assert near(rows, [GHENT])


@pytest.mark.parametrize("text", ["104512, 193500", "104512 193500", "x=104512 y=193500", "104’512 / 193’500",
                                  "Y: 193500,0 X: 104512,0", "E 104512 N 193500"])  # fmt: skip
def test_in_metres_east_comes_first_in_a_cell(text: str) -> None:
    (row,), _ = read([{"gps": text}], {"gps": "latlon"}, extent=extent_of("BE"))
    assert near([row], [(3.72004, 51.04988)])


@pytest.mark.parametrize(
    "text", ["POINT (3.7174 51.0543)", "SRID=4326;POINT(3.7174 51.0543)", "Point Z (3.7174 51.0543 7)"]
)
def test_wkt_is_read(text: str) -> None:
    rows, _ = read([{"geom": text}], {"geom": "wkt"})
    assert near(rows, [GHENT])
    assert not places(rows)[0].has_z


# ---- what nobody declares -------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:31370", "EPSG:3812"])
def test_metres_without_a_system_are_found_out_and_said(crs: str) -> None:
    rows, records = pairs([moved(at, crs) for at in SOME], extent=CITY)
    assert near(rows, SOME)
    assert [(issue.message, issue.values["crs"]) for issue in records.issues] == [("place.crs_inferred", crs)]


def test_metres_without_a_system_nor_a_country_are_not_placed() -> None:
    rows, records = pairs([moved(at, "EPSG:31370") for at in SOME], extent=None)
    assert places(rows) == [None] * len(SOME)
    assert [(issue.message, issue.grave) for issue in records.issues] == [("place.no_crs", True)]
    assert all(said(row)[0][1] == "place.waits" for row in rows)


def test_degrees_without_a_country_are_taken_and_it_is_said_that_nobody_checked() -> None:
    rows, records = pairs(SOME, ("lon", "lat"), extent=None)
    assert near(rows, SOME, 0.1)
    assert [issue.message for issue in records.issues] == ["place.unchecked"]


def test_metres_that_fit_two_systems_are_not_placed() -> None:
    at = [(4.7 + float(dx), 49.7 + float(dy)) for dx, dy in _rng.uniform(-0.1, 0.1, (40, 2))]
    rows, records = pairs([moved(each, "EPSG:3857") for each in at], extent=FRANCE)
    assert places(rows) == [None] * 40
    assert [issue.message for issue in records.issues] == ["place.crs_ambiguous"]
    rows, _ = pairs([moved(each, "EPSG:3857") for each in at], extent=extent_of("4.4,49.5,5.0,50.0"))
    assert near(rows, at)


# ---- errors ---------------------------------------------------------------------------------------------


def test_swapped_degrees_of_one_row_are_turned_round_and_said() -> None:
    rows, _ = pairs([*SOME, (GHENT[1], GHENT[0])], ("lon", "lat"))
    assert near(rows, [*SOME, GHENT], 0.1)
    assert said(rows[-1]) == [("place.swapped", "place.turned_round")]
    assert not any(row.issues for row in rows[:-1])


def test_a_file_that_swaps_throughout_is_turned_round_and_each_row_says_so() -> None:
    rows, _ = pairs([(y, x) for x, y in SOME], ("lon", "lat"))
    assert near(rows, SOME, 0.1)
    assert all(said(row) == [("place.swapped", "place.turned_round")] for row in rows)


def test_swapped_eastings_and_northings_are_turned_round() -> None:
    metres = [moved(at, "EPSG:31370") for at in SOME]
    rows, _ = pairs([*metres, (metres[0][1], metres[0][0])], crs="EPSG:31370", extent=CITY)
    assert near(rows, [*SOME, SOME[0]])
    assert said(rows[-1]) == [("place.swapped", "place.turned_round")]


def test_a_lost_minus_sign_is_given_back() -> None:
    bristol = (-2.5879, 51.4545)
    rows, _ = pairs([bristol, (2.5879, 51.4545)], ("lon", "lat"), extent=extent_of("-2.8,51.3,-2.4,51.6"))
    assert near(rows, [bristol, bristol], 0.1)
    assert said(rows[1]) == [("place.sign_lost", "place.sign_given_back")]


def test_metres_in_a_column_of_degrees_are_read_in_the_system_in_use_there() -> None:
    leeds = (-1.5491, 53.8008)
    rows, _ = pairs([leeds, moved(leeds, "EPSG:27700")], ("lon", "lat"), extent=BRITAIN)
    assert near(rows, [leeds, leeds])
    assert said(rows[1]) == [("place.other_crs", "place.read_as")]


def test_zero_zero_waits_for_a_place() -> None:
    for extent in (BELGIUM, None):
        rows, _ = pairs([*SOME, (0, 0)], ("lon", "lat"), extent=extent)
        assert places(rows)[-1] is None
        assert said(rows[-1]) == [("place.zero", "place.waits")]


def test_what_lies_elsewhere_waits_for_a_place() -> None:
    rows, _ = pairs([*SOME, (13.4, 52.5), (250.0, 95.0), (1e12, 5.0)], ("lon", "lat"))
    assert places(rows)[-3:] == [None] * 3
    assert [said(row) for row in rows[-3:]] == [[("place.outside", "place.waits")]] * 3
    assert all(issue.grave for row in rows[-3:] for issue in row.issues)


def test_off_the_earth_is_nowhere_even_without_a_country() -> None:
    rows, _ = pairs([*SOME, (250.0, 95.0)], ("lon", "lat"), extent=None)
    assert places(rows)[-1] is None
    assert said(rows[-1]) == [("place.not_on_earth", "place.waits")]


@pytest.mark.parametrize("value", [("here", "there"), ("3.72", None), (None, "51.05"), ("3.72 or so", "x")])
def test_half_a_pair_or_words_are_no_place(value: tuple[Any, Any]) -> None:
    rows, _ = pairs([*SOME, value], ("lon", "lat"))
    assert places(rows)[-1] is None
    assert said(rows[-1]) == [("place.not_a_pair", "place.waits")]


def test_words_that_are_no_wkt_are_no_place() -> None:
    rows, _ = read([{"g": "POINT (3.7 51.0)"}, {"g": "POINT (3.7"}, {"g": None}], {"g": "wkt"})
    assert [place is not None for place in places(rows)] == [True, False, False]
    assert [said(row) for row in rows] == [[], [("place.not_wkt", "place.waits")], []]


def test_nothing_written_is_no_place_and_no_issue() -> None:
    rows, _ = pairs([*SOME, (None, None)], ("lon", "lat"))
    assert (places(rows)[-1], rows[-1].issues) == (None, [])


# ---- a column that names the system ---------------------------------------------------------------------


def test_each_row_may_name_its_own_system() -> None:
    values = [(*GHENT, "WGS84"), (*moved(GHENT, "EPSG:31370"), "Lambert 72"), (*moved(GHENT, "EPSG:3812"), "EPSG:3812")]
    rows, _ = read([{"X": x, "Y": y, "S": s} for x, y, s in values], {"X": "x", "Y": "y", "S": "crs"})
    assert near(rows, [GHENT] * 3)
    assert not any(row.issues for row in rows)


def test_a_row_that_names_the_wrong_system_is_read_as_what_it_is_and_said() -> None:
    leeds = (-1.5491, 53.8008)
    values = [(*moved(leeds, "EPSG:27700"), "ETRS89"), (*moved(leeds, "EPSG:27700"), "OSGB36"), (*leeds, "WGS84")]
    rows, _ = read(
        [{"X": x, "Y": y, "S": s} for x, y, s in values * 10], {"X": "x", "Y": "y", "S": "crs"}, extent=BRITAIN
    )
    assert near(rows, [leeds] * 30)
    assert [said(row) for row in rows[:3]] == [[("place.other_crs", "place.read_as")], [], []]


# ---- several statements ---------------------------------------------------------------------------------


def test_two_statements_of_one_row_that_differ_are_said_and_the_first_is_taken() -> None:
    row = {"lon": GHENT[0], "lat": GHENT[1], "g": "POINT (3.75 51.06)"}
    (read_row,), _ = read([row], {"lon": "lon", "lat": "lat", "g": "wkt"})
    assert said(read_row) == [("place.two_places", "place.first_taken")]
    near_by = {**row, "g": "POINT (3.7175 51.0543)"}
    (read_row,), _ = read([near_by], {"lon": "lon", "lat": "lat", "g": "wkt"})
    assert read_row.issues == []


def test_two_statements_that_are_near_are_one_line_for_all_rows() -> None:
    x, y = moved(GHENT, "EPSG:31370")
    rows, _ = read(
        [{"lon": GHENT[0], "lat": GHENT[1], "X": x + metres, "Y": y} for metres in (20, 65, 80)],
        {"lon": "lon", "lat": "lat", "X": "x", "Y": "y"},
    )
    assert [said(row) for row in rows] == [[], *[[("place.two_near", "place.first_taken")]] * 2]
    assert near(rows, [GHENT] * 3)


def test_where_the_first_statement_fails_the_second_helps_and_says_so() -> None:
    row = {"lon": 0, "lat": 0, "E": moved(GHENT, "EPSG:31370")[0], "N": moved(GHENT, "EPSG:31370")[1]}
    (read_row,), _ = read([row], {"lon": "lon", "lat": "lat", "E": "easting", "N": "northing"}, extent=CITY)
    assert near([read_row], [GHENT])
    assert ("place.zero", "place.second_used") in said(read_row)


# ---- outlines -------------------------------------------------------------------------------------------


def test_an_outline_that_crosses_itself_is_mended_and_said() -> None:
    bow = shapely.Polygon([(3.70, 51.04), (3.72, 51.06), (3.72, 51.04), (3.70, 51.06)])
    (row,), _ = read([{}], {}, shapes=[bow], declared="EPSG:4326")
    assert row.fields["geometry"].is_valid
    assert said(row) == [("geometry.mended_ring", "geometry.mended")]


@pytest.mark.parametrize(
    ("shape", "message", "kind"),
    [
        (shapely.LineString([(3.7, 51), (3.71, 51), (3.71, 51.01), (3.7, 51)]), "geometry.closed_line", "Polygon"),
        (shapely.LineString([(3.7, 51), (3.71, 51.01)]), "geometry.no_place", None),
        (shapely.GeometryCollection([shapely.box(3.7, 51, 3.71, 51.01), shapely.Point(3.8, 51)]),
         "geometry.parts_taken", "Polygon"),
        (shapely.MultiPoint([(3.7, 51)]), "", "Point"),
        (shapely.MultiPolygon([shapely.box(3.7, 51, 3.71, 51.01)]), "", "Polygon"),
        (shapely.Point(3.7, 51, 12), "", "Point"),
    ],
)  # fmt: skip
def test_other_geometries_become_a_place_where_that_is_honest(shape: Any, message: str, kind: str | None) -> None:
    (row,), _ = read([{}], {}, shapes=[shape], declared="EPSG:4326")
    place = row.fields.get("geometry")
    assert (place.geom_type if place is not None else None) == kind
    assert [issue.message for issue in row.issues] == ([message] if message else [])


def test_a_whole_outline_is_turned_round_with_its_point() -> None:
    swapped = shapely.box(51.05, 3.70, 51.06, 3.72)
    (row,), _ = read([{}], {}, shapes=[swapped], declared="EPSG:4326")
    assert row.fields["geometry"].equals(shapely.box(3.70, 51.05, 3.72, 51.06))
    assert said(row) == [("place.swapped", "place.turned_round")]


# ---- what holds for any numbers -------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.floats(-200, 200, allow_nan=False), st.floats(-1e7, 1e7, allow_nan=False),
    st.sampled_from([0.0, -0.0, 1e300, -1e300]),
    st.none(), st.text("0123456789.,-° NSEWO'", max_size=14),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8), st.sampled_from(["lon lat", "x y"]),
       st.sampled_from([None, "EPSG:31370", "EPSG:4326", "EPSG:3857"]))  # fmt: skip
def test_a_place_is_never_outside_the_extent_and_what_was_mended_is_said(
    values: list[tuple[Any, Any]], names: str, crs: str | None
) -> None:
    first, second = names.split()
    rows, records = pairs(values, (first, second), extent=CITY, crs=crs)
    for row, (x, y) in zip(rows, values, strict=True):
        place = row.fields.get("geometry")
        if place is None:
            assert row.issues or (x in (None, "") and y in (None, "")) or not str(x).strip() or not str(y).strip()
            continue
        assert CITY.holds(np.array([place.x]), np.array([place.y]))[0]
        told = crs or ("EPSG:4326" if names == "lon lat" else None)
        if (
            not row.issues
            and not records.issues
            and told == "EPSG:4326"
            and isinstance(x, float)
            and isinstance(y, float)
        ):
            assert (place.x, place.y) == (round(x, 7), round(y, 7))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(countries())), st.floats(0, 1), st.floats(0, 1), st.booleans(), st.data())
def test_a_place_of_any_country_comes_back_where_it_was(
    country: str, share_x: float, share_y: float, swapped: bool, data: Any
) -> None:
    extent = countries()[country]
    west, south, east, north = extent.shape.bounds
    lon, lat = west + share_x * (east - west), south + share_y * (north - south)
    if not extent.holds(np.array([lon]), np.array([lat]))[0]:
        return
    crs = data.draw(st.sampled_from([*extent.crs, geometry.LON_LAT]))
    x, y = moved((lon, lat), crs)
    if not (np.isfinite(x) and np.isfinite(y)):
        return
    rows, _ = pairs([(y, x) if swapped else (x, y)], extent=extent, crs=crs)
    place = places(rows)[0]
    if place is None:
        assert rows[0].issues
    elif not rows[0].issues:
        # Nothing was said: then it lies where the numbers say, read as declared.
        there = geometry.project_xy(np.array([y if swapped else x]), np.array([x if swapped else y]), crs)
        assert geometry.distance_m(*there, (place.x, place.y))[0] < 5
