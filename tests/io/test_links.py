"""Links to maps in a cell, and columns that say east or west: places, or said to be none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tempuse.errors import Invalid
from tempuse.io.by_hand import ByHand
from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import load
from tempuse.io.crosswalk.columns import match
from tempuse.io.places.extents import Extent, extent_around, extent_of
from tempuse.io.places.finding import by_values
from tempuse.io.places.links import lon_lat
from tempuse.io.places.typed import parse_place
from tempuse.io.read import open_source
from tempuse.spaces import PROPOSED_PLACE
from tests.io import lists

GOOGLE = "https://www.google.com/maps"
LINKS = (
    f"{GOOGLE}/@51.05,3.72,17z", f"{GOOGLE}/@51.05,3.72,1200m/data=!3m1!1e3", "https://maps.google.com/?q=51.05,3.72",
    f"{GOOGLE}/search/?api=1&query=51.05%2C3.72", f"{GOOGLE}?q=51.05+3.72", "https://maps.google.be/maps?ll=51.05,3.72&z=15",
    # What is shown lies elsewhere than the pin.
    f"{GOOGLE}/place/Old+Mill/@51.0412,3.7011,15z/data=!3m1!4b1!4m5!3m4!1s0x47:0x1!8m2!3d51.05!4d3.72",
    f"{GOOGLE}/place/51%C2%B003'00.0%22N+3%C2%B043'12.0%22E/@51.0412,3.7011,17z", "https://maps.google.com/maps?q=51.05N+3.72E",
    f"{GOOGLE}/place/51.05,3.72", "google.be/maps/@51.05,3.72,17z", "@51.05,3.72,17z", "?q=51.05,3.72",
    "!3d51.05!4d3.72", "https://www.openstreetmap.org/?mlat=51.05&mlon=3.72#map=17/51.01/3.71",
    "https://www.openstreetmap.org/#map=17/51.05/3.72",
    "https://www.bing.com/maps?cp=51.05~3.72&lvl=16", "https://maps.apple.com/?ll=51.05,3.72&q=Mill", "geo:51.05,3.72",
    "geo:0,0?q=51.05,3.72(Mill)", "https://maps.google.com/?q=loc:51.05,3.72",
    f"{GOOGLE}/dir//51.05,3.72/@51.01,3.71,14z",
    "https://maps.apple.com/place?coordinate=51.05,3.72&name=Mill", "https://mapy.cz/zakladni?x=3.72&y=51.05&z=17",
    "https://en.mapy.cz/turisticka?source=coor&id=3.72%2C51.05&x=3.71&y=51.01", "https://share.here.com/l/51.05,3.72",
    "https://yandex.com/maps/?ll=3.71%2C51.01&pt=3.72,51.05&z=17", "https://yandex.com/maps/?ll=3.72%2C51.05&z=17",
    "https://www.bing.com/maps?sp=point.51.05_3.72_Mill", "https://wego.here.com/?map=51.05,3.72,17,normal",
)  # fmt: skip
NO_PLACES = (
    f"{GOOGLE}/dir/51.05,3.72/51.06,3.73/@51.05,3.72,14z",
    f"{GOOGLE}/place/Old+Mill", "https://www.gent.be/51.05,3.72/page", f"{GOOGLE}/@151.05,3.72,17z",
    f"{GOOGLE}?q=Mill+Lane+12",
    "see https://maps.google.com/?q=51.05,3.72", f"{GOOGLE}/dir/!3d51.05!4d3.72!3d51.06!4d3.73",
    f"{GOOGLE}?q=51.05,3.72.11",
    "a@51.05,3.72", "https://maps.google.com/?q=51.05",
)  # fmt: skip
BELGIUM = extent_of("BE")
GREENWICH = extent_around(
    parse_place("POLYGON((-0.2 51.4, 0.2 51.4, 0.2 51.6, -0.2 51.6, -0.2 51.4))").geometry, "here"
)


def read(path: Path, extent: Extent | None) -> list[Candidate]:
    source = open_source(path, path.parent / "scratch")
    known = by_values(match(load("generic"), source.columns), source, extent)
    return [row for batch in Candidates(source, known, extent=extent).batches() for row in batch]


def listed(tmp_path: Path, *rows: list[Any], extent: Extent | None = BELGIUM) -> list[Candidate]:
    return read(lists.write_xlsx(tmp_path / "list.xlsx", {"List": list(rows)}), extent)


def places(rows: list[Candidate]) -> list[tuple[float, float] | None]:
    shapes = [row.fields.get("geometry") for row in rows]
    return [shape and (round(shape.x, 6), round(shape.y, 6)) for shape in shapes]


@pytest.mark.parametrize("text", LINKS)
def test_a_link_to_a_map_is_a_place(text: str) -> None:
    assert lon_lat(text) == (3.72, 51.05)
    assert parse_place(text, extent=BELGIUM).geometry.coords[0] == (3.72, 51.05)


@pytest.mark.parametrize("text", NO_PLACES)
def test_a_link_without_one_place_is_none(text: str) -> None:
    assert lon_lat(text) is None
    with pytest.raises(Invalid, match=r"where\.unreadable"):
        parse_place(text, extent=BELGIUM)


def test_a_column_of_links_is_found_whatever_it_is_called_and_a_short_one_says_what_to_do(tmp_path: Path) -> None:
    rows = listed(
        tmp_path, ["Name", "Kijk"], *([f"Hall {i}", f"{GOOGLE}?q=51.05{i},3.72"] for i in range(9)),
        ["Shed", "https://maps.app.goo.gl/Ab3dEfGh1jK"],
    )  # fmt: skip
    assert places(rows)[:9] == [(3.72, round(51.05 + i / 1000, 6)) for i in range(9)]
    (said,) = rows[9].issues
    assert (said.message, said.done, rows[9].where) == (
        "place.short_link", "place.waits", "https://maps.app.goo.gl/Ab3dEfGh1jK",
    )  # fmt: skip


def test_what_a_map_shows_is_only_proposed_and_a_pin_is_a_place(tmp_path: Path) -> None:
    rows = listed(
        tmp_path, ["Name", "Coordinates"], ["A", f"{GOOGLE}/@51.05,3.72,17z"], ["B", f"{GOOGLE}?q=51.05,3.72"],
        ["C", "https://www.openstreetmap.org/way/1#map=17/51.05/3.72"],
    )  # fmt: skip
    assert places(rows) == [None, (3.72, 51.05), None]
    assert [(issue.message, issue.done) for row in rows for issue in row.issues] == [
        ("place.link_view", "place.proposed")
    ] * 2
    assert rows[0].fields["source_fields"][PROPOSED_PLACE] == "51.05, 3.72"
    ByHand(near=frozenset({2})).settle(2, rows[0].fields, rows[0].issues)
    assert (places(rows)[0], rows[0].fields["placed_by"]) == ((3.72, 51.05), "planner")
    assert [issue.done for issue in rows[0].issues] == ["place.proposal_taken"]


@pytest.mark.parametrize(
    "head",
    [
        ["Name", "Lat", "N/S", "Lon", "E/W"],
        ["Name", "Latitude", "Lat dir", "Longitude", "Lon dir"],
        ["Name", "Latitude", "Hemisphere", "Longitude", "Hemisphere 2"],
        ["Name", "Lat", None, "Lon", None],
        ["Name", "Lat", "N or S", "Lon", "E or W"],
    ],
)
@pytest.mark.parametrize("as_text", [True, False])
def test_east_and_west_stand_in_columns_of_their_own(head: list[str | None], as_text: bool, tmp_path: Path) -> None:
    def cell(number: float) -> Any:
        return f"{number}" if as_text else number

    rows = listed(
        tmp_path, head, ["A", cell(51.5), "N", cell(0.11), "W"], ["B", cell(51.51), "N", cell(0.12), "E"],
        ["C", cell(51.52), "north", cell(0.13), "west"], ["D", cell(51.53), "N", cell(0.14), None],
        ["E", cell(51.54), "N", cell(-0.15), "W"], ["F", cell(51.55), "N", cell(-0.16), "E"], extent=GREENWICH,
    )  # fmt: skip
    assert places(rows) == [(-0.11, 51.5), (0.12, 51.51), (-0.13, 51.52), None, (-0.15, 51.54), None]
    for row, side in ((rows[3], ""), (rows[5], " E")):
        (said,) = (issue for issue in row.issues if issue.message != "row.too_many_cells")
        assert (said.message, said.done) == ("place.not_a_pair", "place.waits")
        assert said.value.split(", ")[0].endswith(side.strip())
    assert not any("N" in row.fields.get("source_fields", {}).values() for row in (rows[0], rows[1]))


def test_a_no_beside_a_latitude_is_no_north(tmp_path: Path) -> None:
    rows = listed(
        tmp_path, ["Name", "Lon", "Lat", "Tuin"], ["A", 3.71, 51.05, "N"], ["B", 3.72, 51.06, "N"],
    )  # fmt: skip
    assert places(rows) == [(3.71, 51.05), (3.72, 51.06)]
    assert [row.fields["source_fields"] for row in rows] == [{"Tuin": "N"}] * 2


def test_the_side_may_stand_a_few_columns_on(tmp_path: Path) -> None:
    rows = listed(
        tmp_path, ["Name", "Lat", "Lon", "NS", "EW"], ["A", 51.5, 0.11, "N", "W"], ["B", 51.51, 0.12, "N", "E"],
        extent=GREENWICH,
    )  # fmt: skip
    assert places(rows) == [(-0.11, 51.5), (0.12, 51.51)]


def test_minutes_and_seconds_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    head = ["Name", "Lat deg", "Lat min", "Lat sec", "NS", "Lon deg", "Lon min", "Lon sec", "EW"]
    rows = listed(
        tmp_path, head, ["A", 51, 30, 36, "N", 0, 6, 36, "W"], ["B", 51, 31, 12.0, "N", 0, 7, 12.0, "E"],
        ["C", 51, 31, 72, "N", 0, 7, 12, "E"], ["D", 51.5, 31, 2, "N", 0, 7, 12, "E"], extent=GREENWICH,
    )  # fmt: skip
    assert places(rows) == [(-0.11, 51.51), (0.12, 51.52), None, None]
    assert [row.issues[0].value for row in rows[2:]] == ["0 7 12 E, 51 31 72 N", "0 7 12 E, 51.5 31 2 N"]
    assert not rows[0].fields.get("source_fields")


def test_degrees_and_minutes_without_seconds_and_with_a_minus(tmp_path: Path) -> None:
    head = ["Name", "Latitude", "Minutes", "Longitude", "Minutes "]
    rows = listed(tmp_path, head, ["A", "51", "30.6", "-0", "6,6"], ["B", "51", "31.2", "0", "7.2"], extent=GREENWICH)
    assert places(rows) == [(-0.11, 51.51), (0.12, 51.52)]
