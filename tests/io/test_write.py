"""Files out: each format read back by another library."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import pytest
import python_calamine
import shapely

from tempuse import exports, geometry, texts
from tempuse.access import SYSTEM
from tempuse.io import write
from tempuse.io.write import columns
from tempuse.publication import SHOWN_FROM
from tempuse.publication.audiences import view
from tempuse.registry.spaces import add_space
from tempuse.spaces import FIELDS
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind, Audience
from tests.builders import a_district, a_place, a_space, an_outline
from tests.io.exported import CM, READERS, by_csv, by_pyogrio, by_shapefile, by_xlsx, export, fill, shape_of, told


@pytest.fixture
def filled(con: Connection, now: datetime) -> Connection:
    """A register with a space of each sort, one with a past, in a district."""
    fill(con, now)
    return con


@pytest.mark.both_engines
@pytest.mark.parametrize("name", sorted(READERS))
def test_what_was_written_is_read_back_with_its_refs_names_and_places(
    name: str, filled: Connection, tmp_path: Path
) -> None:
    found = READERS[name](export(filled, tmp_path / f"öffentlich.{name}"))
    wanted = told(filled)
    assert len(wanted) == 6
    assert found.keys() == wanted.keys()
    for ref, each in wanted.items():
        assert found[ref]["name"] == each.get("name"), ref
        assert_same_place(found[ref]["place"], each["place"])


def assert_same_place(found: Any, wanted: Any, metres: float = CM) -> None:
    if wanted is None:
        assert found is None
        return
    assert found is not None
    assert shapely.hausdorff_distance(
        found.boundary if wanted.area else found, wanted.boundary if wanted.area else wanted
    ) < (metres / 111_000)
    assert found.area == pytest.approx(wanted.area, rel=1e-3)


@pytest.mark.parametrize("name", ["gpkg", "fgb", "csv", "xlsx", "shp.zip"])
def test_coordinates_come_in_the_crs_that_was_asked_for_and_the_file_says_so(
    name: str, filled: Connection, tmp_path: Path
) -> None:
    path = export(filled, tmp_path / f"lambert.{name}", crs="31370")
    wanted = told(filled)
    if name in ("gpkg", "fgb", "shp.zip"):
        source = f"/vsizip/{path}/spaces_points.shp" if name == "shp.zip" else str(path)
        assert pyogrio.read_info(source)["crs"] == "EPSG:31370"
        found = by_shapefile(path) if name == "shp.zip" else by_pyogrio(source)
    else:
        found = by_csv(path) if name == "csv" else by_xlsx(path)
        head = path.read_text(encoding="utf-8-sig").split("\n")[0] if name == "csv" else ""
        assert name != "csv" or head.strip().endswith("x,y,crs,WKT")
    for ref, each in wanted.items():
        if each["place"] is not None:
            moved = geometry.project(np.array([found[ref]["place"]]), "EPSG:31370")[0]
            assert_same_place(moved, each["place"])
            assert found[ref]["place"].bounds[0] > 100_000


def test_geojson_is_as_rfc_7946_wants_it(filled: Connection, tmp_path: Path) -> None:
    held = json.loads(export(filled, tmp_path / "a.geojson").read_bytes())
    assert list(held) == ["type", "features", "bbox"]
    west, south, east, north = held["bbox"]
    for feature in held["features"]:
        assert feature["id"] == feature["properties"]["ref"]
        place = shape_of(feature["geometry"])
        if place is None:
            continue
        assert shapely.box(west, south, east, north).covers(place)
        coordinates = shapely.get_coordinates(place)
        assert (np.round(coordinates, 7) == coordinates).all()
        assert all(
            ring.is_ccw for part in shapely.get_parts(place) if part.geom_type == "Polygon" for ring in [part.exterior]
        )
        if place.area:
            assert feature["bbox"] == list(place.bounds)
    first = held["features"][[each["id"] for each in held["features"]].index("SP-0001")]["properties"]
    assert first["history"][0]["what_came"] == "A school"
    assert first["suitable_uses"] == ["workshop", "food"]
    assert "storey" in first
    assert "crs" not in held


@pytest.mark.both_engines
def test_the_box_of_a_file_is_found_whatever_is_written_in_a_space(
    con: Connection, now: datetime, tmp_path: Path
) -> None:
    name = '","bbox":[0,0,1,1],"geometry":{"type":"Point","coordinates":[9,9]'
    add_space(con, SYSTEM, a_space(name=name, geometry=an_outline()), now)
    add_space(con, SYSTEM, a_space(name=name), now)
    assert json.loads(export(con, tmp_path / "a.geojson").read_bytes())["bbox"] == [3.72, 51.05, 3.7204, 51.0504]


@pytest.mark.both_engines
def test_an_empty_register_makes_whole_files(con: Connection, tmp_path: Path) -> None:
    assert json.loads(export(con, tmp_path / "a.geojson").read_bytes()) == {"type": "FeatureCollection", "features": []}
    for name in ("gpkg", "fgb"):
        assert pyogrio.read_info(export(con, tmp_path / f"a.{name}"), force_feature_count=True)["features"] == 0
    assert by_csv(export(con, tmp_path / "a.csv")) == by_xlsx(export(con, tmp_path / "a.xlsx")) == {}
    assert pyogrio.read_info(export(con, tmp_path / "a.kml"), force_feature_count=True)["features"] == 0
    with zipfile.ZipFile(export(con, tmp_path / "a.shp.zip")) as archive:
        assert {"spaces_points.shp", "spaces_points.dbf", "spaces_points.cpg", "spaces_columns.csv"} <= set(
            archive.namelist()
        )


@pytest.mark.parametrize("name", ["gpkg", "fgb", "shp.zip"])
def test_columns_and_their_types_do_not_depend_on_what_is_known(name: str, filled: Connection, tmp_path: Path) -> None:
    nothing = exports.Selection(district_ref=("AR-9999",))
    shapes = []
    for path, wanted in ((tmp_path / f"x.{name}", None), (tmp_path / "empty" / f"x.{name}", nothing)):
        path.parent.mkdir(exist_ok=True)
        export(filled, path, wanted=wanted)
        info = pyogrio.read_info(f"/vsizip/{path}/spaces_points.shp" if name == "shp.zip" else path)
        shapes.append([info["fields"].tolist(), info["ogr_types"], info["ogr_subtypes"]])
    assert shapes[0] == shapes[1]
    kinds = dict(zip(*shapes[0][:2], strict=True))
    assert kinds["kind"] == "OFTString"
    assert kinds[columns.short_names()["building_year"] if name == "shp.zip" else "building_year"] == "OFTInteger64"
    day = columns.short_names()["available_from"] if name == "shp.zip" else "available_from"
    assert kinds[day] == ("OFTString" if name == "fgb" else "OFTDate")
    assert dict(zip(shapes[0][0], shapes[0][2], strict=True))["power"] == "OFSTBoolean"


def test_a_shapefile_reaches_as_far_as_its_spaces_also_when_the_first_has_no_place(
    con: Connection, tmp_path: Path, now: datetime
) -> None:
    for place in (None, a_place(), a_place(0.01)):
        add_space(con, SYSTEM, a_space(geometry=place), now)
    export(con, tmp_path / "a.shp")
    info = pyogrio.read_info(tmp_path / "a_points.shp", force_total_bounds=True)
    assert info["features"] == 3
    assert info["total_bounds"] == pytest.approx((*a_place().coords[0], *a_place(0.01).coords[0]))


def test_every_field_that_an_audience_sees_has_a_column_and_a_short_name(filled: Connection) -> None:
    for audience in Audience:
        names = [column.name for column in columns.space_columns(audience)]
        assert len(set(names)) == len(names)
        seen = {name for each in told(filled, audience).values() for name in each} - {"place"}
        assert seen <= set(names)
        short = [columns.short_names()[name] for name in names]
        assert len({name.lower() for name in short}) == len(names)
        assert max(map(len, short)) <= 10
    public = {column.name for column in columns.space_columns(Audience.PUBLIC)}
    assert public == set(SHOWN_FROM) | {"retired_on"}
    office = {column.name for column in columns.space_columns(Audience.OFFICE)}
    assert office == set(FIELDS) - {"geometry"} | {"district", "history"}
    partner = {column.name for column in columns.space_columns(Audience.PARTNER)}
    assert partner == set(view(a_space(), Audience.PARTNER)) | {"district", "history"}


def test_the_geopackage_is_version_1_3_with_an_index(filled: Connection, tmp_path: Path) -> None:
    with sqlite3.connect(export(filled, tmp_path / "a.gpkg")) as held:
        assert held.execute("PRAGMA user_version").fetchone() == (10300,)
        assert held.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert held.execute("SELECT geometry_type_name, srs_id FROM gpkg_geometry_columns").fetchall() == [
            ("GEOMETRY", 4326)
        ]
        assert held.execute("SELECT count(*) FROM rtree_spaces_geom").fetchone() == (4,)
        row = held.execute("SELECT typeof(power), power, available_from FROM spaces WHERE ref = 'SP-0001'").fetchone()
        assert row == ("integer", 1, "2027-03-01")
    held.close()


@pytest.mark.both_engines
def test_office_files_hold_instants_in_utc(filled: Connection, tmp_path: Path, now: datetime) -> None:
    export(filled, tmp_path / "a.gpkg", Audience.OFFICE)
    with sqlite3.connect(tmp_path / "a.gpkg") as held:
        row = held.execute("SELECT created_at, source_fields, owner_email FROM spaces WHERE ref = 'SP-0001'").fetchone()
    held.close()
    assert row == ("2026-11-23T08:30:00.000Z", '{"Alter Wert":"ß"}', "owner@office.example")
    book = openpyxl.load_workbook(export(filled, tmp_path / "a.xlsx", Audience.OFFICE))
    names = [cell.value for cell in book.active[1]]
    assert book.active.cell(2, names.index("created_at") + 1).value == now.replace(tzinfo=None)


def test_a_shapefile_says_what_its_short_names_mean_and_cuts_no_letter_in_two(
    con: Connection, now: datetime, tmp_path: Path
) -> None:
    add_space(con, SYSTEM, a_space(description="é" * 300), now)
    folder = tmp_path / "shp"
    folder.mkdir()
    export(con, folder / "city.shp")
    assert (folder / "city_points.cpg").read_text() == "UTF-8"
    meaning = list(csv.DictReader((folder / "city_columns.csv").read_text("utf-8-sig").splitlines()))
    assert {"short": "descriptn", "column": "description", "type": "text"} in meaning
    info = pyogrio.read_info(folder / "city_points.shp")
    assert info["fields"].tolist() == [row["short"] for row in meaning]
    _, _, _, data = pyogrio.raw.read(folder / "city_points.shp", columns=["descriptn"])
    assert data[0][0] == "é" * 125 + "…"
    assert not (folder / "city.shp").exists()


def test_no_text_is_ever_run_as_a_formula(con: Connection, now: datetime, tmp_path: Path) -> None:
    wicked = ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1", "of:=1+1"]
    harmless = ["+32 9 123 45 67", "-5", "- 3", "plain"]
    for name in wicked + harmless:
        add_space(con, SYSTEM, a_space(name=name), now)
    book = openpyxl.load_workbook(export(con, tmp_path / "a.xlsx"))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {cell.value for cell in cells} >= {*wicked, *harmless}
    content = zipfile.ZipFile(export(con, tmp_path / "a.ods")).read("content.xml").decode()
    assert "table:formula" not in content
    with export(con, tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert names == {*harmless, "of:=1+1", *(f"'{name}" for name in wicked[:5])}


def test_letters_that_xml_cannot_hold_are_left_out_and_only_they(
    con: Connection, now: datetime, tmp_path: Path
) -> None:
    add_space(con, SYSTEM, a_space(name="a\x0bb\x1f <&\"'> 𝄞"), now)
    for name in ("kml", "xlsx", "ods"):
        found = READERS[name](export(con, tmp_path / f"a.{name}"))
        assert found["SP-0001"]["name"] == "ab <&\"'> 𝄞"


def test_the_spaces_of_a_text_are_there_for_a_reader_of_ods_who_keeps_but_one(tmp_path: Path) -> None:
    said = "Two  rooms\n  one   above \n\nthe other"
    columns_of_it = (
        columns.FlatColumn("text", "text"),
        columns.FlatColumn("none", "text"),
        columns.FlatColumn("n", "whole"),
    )
    feature = '{"type":"Feature","geometry":null,"properties":' + json.dumps({"text": said, "n": 3}) + "}"
    path = tmp_path / "a.ods"
    write.write_file(path, write.format_for(path), write.Content([[feature]], columns_of_it))
    assert python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()[1][:3] == [said, "", 3.0]
    content = zipfile.ZipFile(path).read("content.xml").decode()
    space = re.compile(r'<text:s text:c="(\d+)"/>')
    lines = [  # as ODF 1.2, part 1, 6.1.2 has it
        space.sub(lambda found: " " * int(found[1]), re.sub(" +", " ", line).strip(" "))
        for line in re.findall("<text:p>(.*?)</text:p>", content.partition("</table:table-row>")[2])
    ]
    assert "\n".join(lines) == said


def test_a_text_is_cut_between_letters() -> None:
    assert texts.cut("abc", 3) == "abc"
    assert texts.cut("ééé", 5) == "é…"
    assert len(texts.cut("𝄞" * 100, 254).encode()) <= 254


def test_excel_gets_the_mark_and_gdal_still_reads_the_csv(filled: Connection, tmp_path: Path) -> None:
    path = export(filled, tmp_path / "a.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfref,")
    info = pyogrio.read_info(path)
    assert info["fields"][0] == "ref"
    assert info["geometry_type"] == "Unknown"
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = next(row for row in csv.DictReader(file) if row["ref"] == "SP-0001")
    assert (first["lon"], first["lat"], first["power"], first["toilets"], first["available_from"]) == (
        "3.72", "51.05", "true", "false", "2027-03-01",
    )  # fmt: skip
    assert json.loads(first["history"])[0]["title"] == "Book market"
    assert first["source_ref"] == "007"


@pytest.mark.both_engines
def test_areas_go_out_as_well(filled: Connection, tmp_path: Path) -> None:
    texts = exports.area_texts(filled, [AreaKind.DISTRICT])
    write.write_file(
        tmp_path / "areas.gpkg", write.FORMATS["gpkg"], write.Content(texts, columns.AREA_COLUMNS, "areas")
    )
    meta, _, shapes, data = pyogrio.raw.read(tmp_path / "areas.gpkg", layer="areas")
    assert [column[0] for column in data] == ["AR-0001", "district", "OL", "Old Docks"]
    assert shapely.from_wkb(shapes[0]).equals(a_district().geometry)
    assert list(exports.area_texts(filled, [AreaKind.WATER])) == [[]]
    assert meta["crs"] == "EPSG:4326"
