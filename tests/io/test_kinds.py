"""Kinds of files: those that are read, also the less usual ones, and those that are named with what to ask for."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely

from tempuse.errors import Invalid
from tempuse.io.read import open_source
from tempuse.io.sources.source import Source, quietly
from tests.io import lists


def opened(path: Path, **options: Any) -> Source:
    return open_source(path, path.parent / "scratch", **options)


def plain() -> geopandas.GeoDataFrame:
    """The list with names of columns that every format takes."""
    return lists.frame()[["Ref", "Name", "geometry"]]


def written(path: Path, frame: geopandas.GeoDataFrame, driver: str, **options: Any) -> Path:
    quietly(pyogrio.write_dataframe, frame, path, driver=driver, **options)
    return path


def check_whole(source: Source, name: str = "Name") -> None:
    """The four rows are there, at their places."""
    found = {row.values[name]: row.geometry for row in source.rows()}
    assert list(found) == [row[1] for row in lists.ROWS]
    for place, x, y in zip(found.values(), lists.LON, lists.LAT, strict=True):
        assert place.distance(shapely.Point(x, y)) < 0.0001


# ---- read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["GML2", "GML3", "GML3.2"])
def test_gml_is_read(tmp_path: Path, format_: str) -> None:
    path = written(tmp_path / "list.gml", plain(), "GML", FORMAT=format_)
    for each in tmp_path.glob("*.xsd"):
        each.unlink()
    source = opened(path)
    check_whole(source)
    assert source.crs == "EPSG:4326"
    assert not list(tmp_path.glob("*.gfs")), "nothing is written beside it"


def test_gpx_gives_its_waypoints(tmp_path: Path) -> None:
    path = written(tmp_path / "walk.gpx", plain()[["Name", "geometry"]].rename(columns={"Name": "name"}), "GPX",
                   layer="waypoints")  # fmt: skip
    track = "<trk><trkseg>" + '<trkpt lat="51" lon="3.7"/>' * 20 + "</trkseg></trk></gpx>"
    path.write_text(path.read_text(encoding="utf-8").replace("</gpx>", track), encoding="utf-8")
    source = opened(path)
    assert source.layer == "waypoints"
    check_whole(source, "name")


@pytest.mark.parametrize("suffix", [".tab", ".mif"])
@pytest.mark.parametrize("how", ["alone", "folder", "zip"])
def test_mapinfo_is_read_however_it_comes(tmp_path: Path, suffix: str, how: str) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    frame = plain()
    frame["Name"] = frame["Name"].str.replace("Łódź", "Lodz")
    written(folder / f"list{suffix}", frame, "MapInfo File")
    path = folder if how == "folder" else folder / f"list{suffix}"
    if how == "zip":
        path = lists.zipped(tmp_path / "list.zip", {each.name: each for each in folder.iterdir()})
    found = [row.values["Name"] for row in opened(path).rows()]
    assert found == [name.replace("Łódź", "Lodz") for _, name, *_ in lists.ROWS]


def test_a_mapinfo_table_without_a_part_says_which(tmp_path: Path) -> None:
    written(tmp_path / "list.tab", plain(), "MapInfo File")
    (tmp_path / "list.dat").unlink()
    with pytest.raises(Invalid) as caught:
        opened(tmp_path / "list.tab")
    assert (caught.value.message, caught.value.values["missing"]) == ("file.shapefile_parts", [".dat"])


def test_a_drawing_gives_its_places(tmp_path: Path) -> None:
    closed = shapely.LineString([(3.7, 51), (3.71, 51), (3.71, 51.01), (3.7, 51.01), (3.7, 51)])
    frame = lists.frame()[["geometry"]]
    frame.loc[3, "geometry"] = closed
    written(tmp_path / "plan.dxf", frame, "DXF")
    for head in ("", "999\nmade by hand\n"):
        path = tmp_path / f"plan{len(head)}.dxf"
        path.write_text(head + (tmp_path / "plan.dxf").read_text())
        source = opened(path)
        assert source.crs is None
        places = [row.fields["geometry"] for row in lists.candidates(source)]
        assert [place.geom_type for place in places] == ["Point"] * 3 + ["Polygon"]


@pytest.mark.parametrize("how", ["folder", "zip", "zip of the inside"])
def test_a_file_geodatabase_is_read_however_it_comes(tmp_path: Path, how: str) -> None:
    path = written(tmp_path / "list.gdb", plain(), "OpenFileGDB", layer="vacant")
    if how != "folder":
        within = "list.gdb/" if how == "zip" else ""
        files = {f"{within}{each.name}": each for each in path.iterdir()}
        path = lists.zipped(tmp_path / "list.zip", files)
    source = opened(path)
    assert source.layer == "vacant"
    check_whole(source)


def test_openstreetmap_as_xml_is_read_like_an_extract(tmp_path: Path) -> None:
    node = '<node id="1" lat="51.05" lon="3.72"><tag k="shop" v="vacant"/><tag k="name" v="Mill"/></node>'
    path = tmp_path / "map.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{node}</osm>')
    assert [row.values["name"] for row in opened(path).rows()] == ["Mill"]


def test_features_far_behind_the_beginning_are_found(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"name": "Mill"}, "geometry": None}
    path = tmp_path / "list.geojson"
    path.write_text(json.dumps({"about": "x" * 20_000, "features": [feature], "type": "FeatureCollection"}))
    assert opened(path).count == 1


# ---- named ----------------------------------------------------------------------------------------------

XML = '<?xml version="1.0"?>'
NAMED = {
    "excel2003.xls": (f'{XML}<?mso-application progid="Excel.Sheet"?><Workbook><Worksheet/></Workbook>', "Excel 2003"),
    "table.xls": ("<table><tr><td>Name</td></tr></table>", "HTML"),
    "head.xls": ('<meta http-equiv="Content-Type"/><table></table>', "HTML"),
    "project.qgs": (f"{XML}<!DOCTYPE qgis><qgis version='3'><layer/></qgis>", "QGIS project"),
    "error.gml": (f"{XML}<ows:ExceptionReport xmlns:ows='http://x.example'/>", "error message of a map server"),
    "other.xml": (f"{XML}<things><thing/></things>", "XML"),
    "api.json": (json.dumps({"results": [{"name": "Mill", "geo": {"lat": 51, "lon": 3}}]}), "JSON"),
    "rows.json": (json.dumps([{"name": "Mill", "lat": 51.0, "lon": 3.0}]), "JSON"),
    "rows.ndjson": ('{"name": "Mill", "lat": 51.0}\n{"name": "Hall", "lat": 51.1}\n', "JSON"),
    "contacts.vcf": ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "vCard"),
    "dump.sql": ("-- PostgreSQL database dump\nCREATE TABLE x (a int);\n", "SQL"),
    "plan.dwg": ("AC1032\0\0\0", "DWG"),
    "plan.dxf": ("AutoCAD Binary DXF\r\n\x1a\0", "binary DXF"),
    "list.mdb": ("\0\1\0\0Standard Jet DB\0", "Access"),
    "list.parquet": ("PAR1\0\0", "Parquet"),
    "list.csv.gz": ("\x1f\x8b\x08\0", "GZIP"),
    "scan.tif": ("II*\0\x08\0\0\0", "TIFF"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_a_kind_that_is_not_read_is_named(tmp_path: Path, name: str) -> None:
    content, kind = NAMED[name]
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(Invalid) as caught:
        opened(path)
    assert caught.value.message == "file.foreign"
    assert kind in caught.value.values["kind"]


def test_databases_and_documents_are_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "list.sqlite") as con:
        con.execute("CREATE TABLE spaces (name TEXT)")
    con.close()
    for name, part in (("text.docx", "word/document.xml"), ("show.pptx", "ppt/presentation.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(part, "<x/>")
    for name, kind in (("list.sqlite", "SQLite"), ("text.docx", "Word"), ("show.pptx", "PowerPoint")):
        with pytest.raises(Invalid) as caught:
            opened(tmp_path / name)
        assert (caught.value.message, caught.value.values["kind"]) == ("file.foreign", kind)


def test_a_kml_that_only_points_elsewhere_says_so(tmp_path: Path) -> None:
    link = "<NetworkLink><Link><href>https://maps.example/x.kml</href></Link></NetworkLink>"
    path = tmp_path / "link.kml"
    path.write_text(f'{XML}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{link}</Document></kml>')
    with pytest.raises(Invalid) as caught:
        opened(path)
    assert caught.value.message == "file.kml_links"
