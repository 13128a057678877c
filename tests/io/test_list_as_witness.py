"""A list is its own witness, a place is known by what stands in a column, and a country's systems are whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from tempuse.io.candidates import Candidates
from tempuse.io.crosswalk import Column, Crosswalk
from tempuse.io.places import finding
from tempuse.io.places.extents import countries, extent_of
from tempuse.io.places.home import Home
from tempuse.io.sources.source import Row, Source
from tests.io.test_place import BELGIUM, BRITAIN, GHENT, SOME, moved, near, pairs, places, said

# ---- a list is its own witness --------------------------------------------------------------------------


def test_a_row_far_from_its_list_is_said_and_stays_where_the_list_says() -> None:
    far = (5.57, 50.63)  # Liège
    rows, _ = pairs([*SOME[:20], far], ("lon", "lat"))
    assert near(rows, [*SOME[:20], far])
    assert [said(row) for row in rows[:20]] == [[]] * 20
    assert said(rows[20]) == [("place.far", "place.far_taken")]
    assert rows[20].issues[0].values["km"] == pytest.approx(140, abs=8)


def test_a_second_town_of_a_list_is_not_far() -> None:
    other = [(5.57 + lon - GHENT[0], 50.63 + lat - GHENT[1]) for lon, lat in SOME[:6]]
    rows, _ = pairs([*SOME[:20], *other], ("lon", "lat"))
    assert [said(row) for row in rows] == [[]] * 26


def test_what_a_mend_would_put_far_from_its_list_is_not_placed_and_its_numbers_stay_beside() -> None:
    turned = (50.2, 5.9)  # turned round it lies in the Ardennes, 180 km off
    rows, _ = pairs([*SOME[:20], turned], ("lon", "lat"))
    assert places(rows)[20] is None
    assert {issue.done for issue in rows[20].issues} == {"place.waits"}
    assert rows[20].fields["source_fields"] == {"X": "50.2", "Y": "5.9"}


def test_a_whole_list_is_turned_round_where_that_brings_it_home() -> None:
    """Eastings and northings of a town that both lie in Britain, either way round."""
    town = [(-0.56 + dx, 51.24 + dy) for dx, dy in np.random.default_rng(3).uniform(-0.03, 0.03, (20, 2))]
    northing_first = [moved(at, "EPSG:27700")[::-1] for at in town]
    own = Home.of(np.array([x for x, _ in town]), np.array([y for _, y in town]))
    held = [Row(i + 2, {"X": x, "Y": y}, None) for i, (x, y) in enumerate(northing_first)]
    source = Source("list", "csv", ["X", "Y"], lambda: iter(held))
    known = Crosswalk("test", [Column("X", "easting"), Column("Y", "northing")])
    records = Candidates(source, known, extent=BRITAIN, crs="EPSG:27700", witness=own)
    assert near([row for batch in records.batches() for row in batch], town)


def test_too_few_places_bear_no_witness() -> None:
    assert Home.of(np.array([3.7, 3.8]), np.array([51.0, 51.1])) is None
    rows, _ = pairs([*SOME[:4], (5.57, 50.63)], ("lon", "lat"))
    assert [said(row) for row in rows] == [[]] * 5


# ---- a place by its values ------------------------------------------------------------------------------


def found(rows: list[dict[str, Any]], known: tuple[Column, ...] = (), within: str = "BE") -> dict[str, str]:
    """What the columns of a list are taken for, by what stands in them."""
    names = list(rows[0])
    source = Source("list", "csv", names, lambda: iter([Row(i + 2, row, None) for i, row in enumerate(rows)]))
    crosswalk = finding.by_values(Crosswalk("generic", list(known)), source, extent_of(within))
    return {column.theirs: column.field for column in crosswalk.columns}


def test_two_columns_of_numbers_that_lie_together_are_a_place_whatever_they_are_called() -> None:
    metres = [moved(at, "EPSG:31370") for at in SOME[:12]]
    rows = [{"nr": i, "kol1": x, "kol2": y, "opp": 40 + i} for i, (x, y) in enumerate(metres)]
    assert found(rows) == {"kol1": "x", "kol2": "y"}
    degrees = [{"nr": i, "a": lat, "b": lon} for i, (lon, lat) in enumerate(SOME[:12])]
    assert set(found(degrees)) == {"a", "b"}


def test_numbers_that_lie_nowhere_together_are_no_place() -> None:
    rows = [{"rent": 350 + i, "area": 80 + i * 3, "year": 1900 + i} for i in range(12)]
    assert found(rows) == {}


@pytest.mark.parametrize(("east", "north"), [("itm_e", "itm_n"), ("gbest", "gbnord"), ("ds_x", "ds_y")])
def test_two_headings_that_differ_as_east_and_north_do_are_a_place(east: str, north: str) -> None:
    rows = [{east: 715000.0 + i, north: 734000.0 + i} for i in range(3)]
    assert found(rows, within="IE") == {east: "x", north: "y"}


SHAPE = shapely.Point(*GHENT)


@pytest.mark.parametrize(
    "text",
    [
        "SRID=4326;POINT (3.7174 51.0543)",
        "POINT (3.7174 51.0543)",
        shapely.to_wkb(shapely.set_srid(SHAPE, 4326), hex=True, include_srid=True),
        '{"type": "Point", "coordinates": [3.7174, 51.0543]}',
    ],
)
def test_a_point_in_a_cell_is_known_by_its_text(text: str) -> None:
    rows = [{"waar": text, "naam": f"Loods {i}"} for i in range(3)]
    assert found(rows) == {"waar": "wkt"}
    held = [Row(i + 2, row, None) for i, row in enumerate(rows)]
    source = Source("list", "csv", ["waar", "naam"], lambda: iter(held))
    records = Candidates(source, Crosswalk("test", [Column("waar", "wkt")]), extent=BELGIUM)
    assert near([row for batch in records.batches() for row in batch], [GHENT] * 3)


@pytest.mark.parametrize("text", ["(51.0543, 3.7174)", "51.0543,3.7174", "51,0543; 3,7174"])
def test_pairs_in_a_cell_are_known_by_their_text(text: str) -> None:
    assert found([{"site": text, "naam": f"Loods {i}"} for i in range(3)]) == {"site": "latlon"}


def test_what_stands_under_a_heading_of_places_is_read_as_what_it_is() -> None:
    rows = [{"Location": "(51.0543, 3.7174)"} for _ in range(3)]
    assert found(rows, (Column("Location", "wkt", "", True),)) == {"Location": "latlon"}


def test_north_and_east_alone_are_a_place_though_n_means_a_number_elsewhere() -> None:
    metres = [moved((18.06 + i / 1000, 59.33), "EPSG:3006") for i in range(3)]
    rows = [{"N": y, "E": x, "namn": f"Lager {i}"} for i, (x, y) in enumerate(metres)]
    assert found(rows, (Column("N", "source_ref", "", True),), "SE") == {"N": "y", "E": "x"}


# ---- the systems of a country ---------------------------------------------------------------------------

TOWNS = {
    "EPSG:29903": ("GB", (-5.93, 54.60)), "EPSG:27700": ("GB", (-1.55, 53.80)), "EPSG:2157": ("IE", (-6.26, 53.35)),
    "EPSG:3949": ("FR", (2.35, 48.86)), "EPSG:3943": ("FR", (5.37, 43.30)), "EPSG:2154": ("FR", (4.85, 45.75)),
    "EPSG:31467": ("DE", (9.99, 53.55)), "EPSG:31466": ("DE", (6.96, 50.94)), "EPSG:31468": ("DE", (11.58, 48.14)),
    "EPSG:4647": ("DE", (9.99, 53.55)), "EPSG:2178": ("PL", (21.01, 52.23)), "EPSG:2176": ("PL", (15.0, 51.0)),
    "EPSG:2180": ("PL", (19.0, 50.3)), "EPSG:25831": ("BE", GHENT), "EPSG:25832": ("NL", (6.9, 52.2)),
    "EPSG:3879": ("FI", (24.94, 60.17)), "EPSG:25884": ("LV", (24.1, 56.95)),
}  # fmt: skip


@pytest.mark.parametrize("crs", TOWNS)
def test_a_system_in_use_is_found_or_several_that_fit_are_said_and_nothing_is_placed(crs: str) -> None:
    country, town = TOWNS[crs]
    where = [(town[0] + lon - GHENT[0], town[1] + lat - GHENT[1]) for lon, lat in SOME[:12]]
    rows, records = pairs([moved(at, crs) for at in where], extent=countries()[country])
    assert crs in extent_of(country).crs
    if any(places(rows)):
        assert near(rows, where, 8.0)
    else:
        (said_of_all,) = records.issues
        assert said_of_all.message in ("place.crs_ambiguous", "place.order_open")
        assert crs in said_of_all.values["crs"]


@pytest.mark.parametrize("names", [("x", "y"), ("easting", "northing")])
@pytest.mark.parametrize(
    ("crs", "country", "town"), [("EPSG:2180", "PL", (17.04, 51.11)), ("EPSG:3844", "RO", (23.6, 46.77))]
)
def test_where_x_may_be_north_two_columns_that_fit_either_way_are_not_placed(
    names: tuple[str, str], crs: str, country: str, town: tuple[float, float]
) -> None:
    where = [(town[0] + lon - GHENT[0], town[1] + lat - GHENT[1]) for lon, lat in SOME[:12]]
    rows, records = pairs([moved(at, crs) for at in where], names, extent=countries()[country])
    if names == ("x", "y"):
        assert not any(places(rows))
        assert [(issue.message, issue.grave) for issue in records.issues] == [("place.order_open", True)]
    else:
        assert near(rows, where, 130.0)


def test_the_zone_of_a_town_goes_before_that_of_another() -> None:
    """3-degree zones write the zone before the easting: no other answer fits."""
    where = [(9.99 + lon - GHENT[0], 53.55 + lat - GHENT[1]) for lon, lat in SOME[:12]]
    rows, records = pairs([moved(at, "EPSG:31467") for at in where], extent=countries()["DE"])
    assert near(rows, where, 8.0)
    assert records.issues[0].values["crs"] == "EPSG:31467"


def test_degrees_are_never_metres_of_a_grid_that_begins_within_the_country() -> None:
    """Portugal's begins near Tomar: a lost minus sign there is no reason to read 9 and 38 as metres."""
    rows, _ = pairs([(-9.14, 38.72), (9.13, 38.73)], ("lon", "lat"), extent=extent_of("PT"))
    assert near(rows, [(-9.14, 38.72), (-9.13, 38.73)])
    assert said(rows[1]) == [("place.sign_lost", "place.sign_given_back")]
