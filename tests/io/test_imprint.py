"""Whose a file is, under which licence, as of when: each format says it where its readers look, and is read back."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pyogrio
import pytest

from tempuse import exports, licences
from tempuse.io import write
from tempuse.io.write.columns import space_columns
from tempuse.settings import Settings
from tempuse.store.engine import Connection
from tempuse.vocabulary import Audience
from tests.io.exported import fill
from web.presenters.imprints import imprint

SETTINGS = Settings(municipality="Nørre <Ålby>", licence="CC BY 4.0", attribution="The city & “its” people")
DAY = date(2026, 11, 23)
SAID = {
    "title": "Rooms & ‘ruimte’",
    "publisher": "Nørre <Ålby>",
    "attribution": "The city & “its” people",
    "licence": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "as_of": "2026-11-23",
    "source": "https://spaces.example/data",
    "description": "Nørre <Ålby>, as of 23 November 2026. Licence: CC BY 4.0. "
    "Source to be named: The city & “its” people.",
}
_ODS = {"meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0", "dc": "http://purl.org/dc/elements/1.1/"}
_KML = {"kml": "http://www.opengis.net/kml/2.2", "atom": "http://www.w3.org/2005/Atom"}
Said = dict[str, str]


def by_gdal(path: Path) -> Said:
    found = pyogrio.read_info(path, layer="spaces")["layer_metadata"]
    # What QGIS reads is shown by GDAL as well, as a text that it does not know.
    return {name.lower(): text for name, text in found.items() if not name.lower().startswith("gpkg_metadata_item")}


def of_geojson(path: Path) -> Said:
    held = json.loads(path.read_bytes())
    assert next(iter(held)) == "type"
    return {name: value for name, value in held.items() if name in SAID}


def of_kml(path: Path) -> Said:
    if path.suffix == ".kmz":
        root = ElementTree.fromstring(zipfile.ZipFile(path).read("doc.kml"))
    else:
        root = ElementTree.parse(path).getroot()
    top = root.find("kml:Document", _KML)
    assert top is not None
    found = {
        each.get("name", ""): each.findtext("kml:value", "", _KML) for each in top.iterfind("kml:ExtendedData/*", _KML)
    }
    assert top.findtext("kml:description", "", _KML) == found["description"]
    assert top.findtext("atom:author/atom:name", "", _KML) == found["publisher"]
    link = top.find("atom:link", _KML)
    assert link is not None
    assert link.get("href") == found["source"]
    return found


def of_xlsx(path: Path) -> Said:
    book = openpyxl.load_workbook(path)
    about = book.properties
    assert (about.creator, about.title, about.description) == (SAID["publisher"], SAID["title"], SAID["description"])
    return {each.name: each.value for each in book.custom_doc_props.props}


def of_ods(path: Path) -> Said:
    root = ElementTree.fromstring(zipfile.ZipFile(path).read("meta.xml"))
    assert root.findtext(".//dc:creator", "", _ODS) == SAID["publisher"]
    assert root.findtext(".//dc:description", "", _ODS) == SAID["description"]
    name = f"{{{_ODS['meta']}}}name"
    return {each.get(name, ""): each.text or "" for each in root.iterfind(".//meta:user-defined", _ODS)}


def of_gpkg(path: Path) -> Said:
    with sqlite3.connect(path) as con:
        rows = con.execute(
            "SELECT md_standard_uri, metadata, table_name"
            " FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id"
        ).fetchall()
        named = con.execute("SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_metadata'").fetchall()
    con.close()
    assert named == [("gpkg_metadata",), ("gpkg_metadata_reference",)]
    assert [(standard, table) for standard, _, table in rows] == [
        ("http://gdal.org", "spaces"), ("http://mrcc.com/qgis.dtd", "spaces"),
    ]  # fmt: skip
    check_qgis(rows[1][1])
    return by_gdal(path)


def check_qgis(text: str) -> None:
    root = ElementTree.fromstring(text)
    assert root.tag == "qgis"
    found = [root.findtext(name) for name in ("title", "abstract", "rights", "contact/organization")]
    assert found == [SAID[name] for name in ("title", "description", "attribution", "publisher")]
    assert root.findtext("license") == f"{SAID['licence']} {SAID['licence_url']}"


def of_csv(path: Path) -> Said:
    held = json.loads(path.with_name("a.datapackage.json").read_bytes())
    assert [each["path"] for each in held["resources"]] == [path.name]
    names = path.read_text(encoding="utf-8-sig").split("\n")[0].strip().split(",")
    assert [each["name"] for each in held["resources"][0]["schema"]["fields"]] == names
    (licence,), (source,), (publisher,) = held["licenses"], held["sources"], held["contributors"]
    return {
        "title": held["title"], "description": held["description"], "as_of": held["created"],
        "licence": licence["title"], "licence_url": licence["path"], "publisher": publisher["title"],
        "attribution": source["title"], "source": source["path"],
    }  # fmt: skip


def of_text(text: str) -> Said:
    return dict(line.split(": ", 1) for line in text.splitlines())


def of_shapefile(path: Path) -> Said:
    if path.suffix == ".shp":
        for layer in ("points", "polygons"):
            check_qgis(path.with_name(f"a_{layer}.qmd").read_text("utf-8"))
        return of_text(path.with_name("a_about.txt").read_text("utf-8"))
    with zipfile.ZipFile(path) as archive:
        for layer in ("points", "polygons"):
            check_qgis(archive.read(f"spaces_{layer}.qmd").decode())
        return of_text(archive.read("spaces_about.txt").decode())


READERS: dict[str, Callable[[Path], Said]] = {
    "geojson": of_geojson, "gpkg": of_gpkg, "fgb": by_gdal, "shp": of_shapefile, "shp.zip": of_shapefile, "kml": of_kml,
    "kmz": of_kml, "csv": of_csv, "xlsx": of_xlsx, "ods": of_ods,
}  # fmt: skip


@pytest.mark.parametrize("name", write.FORMATS)
def test_every_format_says_whose_it_is_under_which_licence_as_of_when(
    name: str, con: Connection, now: datetime, tmp_path: Path
) -> None:
    fill(con, now)
    said = imprint(SETTINGS, DAY, "en", source=SAID["source"])
    texts = exports.space_texts(con, Audience.PUBLIC, exports.Selection())
    content = write.Content(texts, space_columns(Audience.PUBLIC), title=SAID["title"], imprint=said)
    path = tmp_path / "out" / f"a.{name}"
    path.parent.mkdir()
    written = write.write_file(path, write.FORMATS[name], content)
    con.rollback()
    assert READERS[name](path) == SAID
    assert {each.name for each in written} == {each.name for each in path.parent.iterdir()}


def test_what_the_office_keeps_for_itself_is_under_no_licence() -> None:
    said = imprint(SETTINGS, DAY, "nl", Audience.OFFICE)
    assert (said.licence, said.licence_url, said.attribution) == ("", "", "")
    assert said.note == "Nørre <Ålby>, stand van 23 november 2026. Niet voor iedereen."


def test_where_the_city_sets_no_words_for_it_the_source_is_the_city() -> None:
    assert imprint(Settings(municipality="Gent"), DAY, "en").attribution == "Gent"
    assert imprint(Settings(), DAY, "en").publisher == Settings().site_name


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc-by-sa-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("Creative Commons CC0 1.0", ""),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Open Data Commons: ODbL 1.0", ""),
        ("ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
        ("dl-de/by-2-0", "https://www.govdata.de/dl-de/by-2-0"),
        ("Our own (https://city.example/licence).", "https://city.example/licence"),
        ("CC BY", ""),
        ("", ""),
    ],
)
def test_a_licence_is_known_by_its_name_or_by_the_address_in_it(written: str, address: str) -> None:
    assert licences.address_of(written) == address
