"""How QGIS draws our spaces: a style that holds together, in the file and beside it, as the map does."""

from __future__ import annotations

import base64
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import fiona
import pyogrio
import pytest

from tempuse.geojson import feature_text
from tempuse.io.read import open_source
from tempuse.io.write import FORMATS, Content, Imprint, write_file
from tempuse.io.write.columns import AREA_COLUMNS, USE_COLUMNS, space_columns
from tempuse.io.write.looks import qml
from tempuse.marks import COLOURS, SHAPES
from tempuse.vocabulary import Audience
from tests.builders import a_place, an_outline

CSS = Path(__file__).resolve().parents[2] / "web" / "static" / "css" / "tokens.css"
FEATURES = [
    feature_text("SP-0001", a_place(), {"ref": "SP-0001", "kind": "plot", "status": "offered"}),
    feature_text("SP-0002", an_outline(), {"ref": "SP-0002", "kind": "unit", "location_level": "cell"}),
]


def written(path: Path, audience: Audience = Audience.PUBLIC) -> Path:
    columns = space_columns(audience)
    write_file(path, FORMATS["gpkg"], Content([FEATURES], columns, title="Spaces", imprint=Imprint(publisher="Gent")))
    return path


@pytest.mark.parametrize("audience", Audience)
def test_a_style_asks_only_what_its_layer_has_and_draws_every_state(audience: Audience) -> None:
    columns = [column.name for column in space_columns(audience)]
    root = ElementTree.fromstring(qml(columns, {"free": "Vrij <nu>"}))
    rules = root.findall(".//rule")
    asked = " ".join(rule.get("filter", "") for rule in rules)
    assert set(re.findall(r'"(\w+)"', asked)) <= set(columns)
    assert [rule.get("label") for rule in root.findall("./renderer-v2/rules/rule")] == ["Vrij <nu>", "used", "shut"]
    symbols = {symbol.get("name"): symbol for symbol in root.findall(".//symbol")}
    leaves = [rule for rule in rules if rule.get("symbol")]
    assert sorted(rule.get("symbol", "") for rule in leaves) == sorted(symbols)
    for rule in leaves:
        # QGIS draws points by markers alone and outlines by fills: a rule asks for what its symbol can draw.
        wanted = "marker" if "= 'Point'" in rule.get("filter", "") else "fill"
        assert symbols[rule.get("symbol")].get("type") == wanted
    assert root.find("layerGeometryType") is None


def test_marks_are_pictures_in_our_shapes() -> None:
    root = ElementTree.fromstring(qml([column.name for column in space_columns(Audience.PUBLIC)], {}))
    names = [each.get("value", "") for each in root.findall(".//layer[@class='SvgMarker']//Option[@name='name']")]
    pictures = [base64.b64decode(name.removeprefix("base64:")).decode() for name in names]
    drawn = [re.findall(r'd="([^"]+)"', picture)[0] for picture in pictures]
    assert drawn == [shape.path for shape in SHAPES] * 3
    assert len(set(pictures)) == 9
    for picture in pictures:
        ElementTree.fromstring(picture)


def test_colours_are_those_of_the_pages() -> None:
    light = CSS.read_text().split("}")[0]
    assert {name: re.findall(rf"--{name}: (#\w+);", light)[0] for name in COLOURS} == COLOURS


def test_a_geopackage_brings_its_style_and_stays_one(tmp_path: Path) -> None:
    path = written(tmp_path / "spaces.gpkg")
    with closing(sqlite3.connect(path)) as con:
        query = "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ((layer, geometry, is_default, text),) = con.execute(query).fetchall()
        assert (layer, geometry, is_default) == ("spaces", "geom", 1)
        ElementTree.fromstring(text)
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert pyogrio.list_layers(path).tolist() == [["spaces", "Unknown"], ["layer_styles", None]]
    assert pyogrio.read_info(path, layer="layer_styles")["features"] == 1
    with fiona.open(path) as found:
        assert len(found) == 2
    again = written(tmp_path / "again.gpkg")
    with closing(sqlite3.connect(again)) as con:
        assert con.execute("SELECT styleQML FROM layer_styles").fetchone()[0] == text


def test_our_reader_takes_no_style_for_a_list(tmp_path: Path) -> None:
    source = open_source(written(tmp_path / "spaces.gpkg"), tmp_path / "scratch")
    assert (source.layer, source.layers, source.count) == ("spaces", ["spaces"], 2)
    assert [issue for issue in source.issues if "layer" in issue.message] == []


@pytest.mark.parametrize("columns", [AREA_COLUMNS, USE_COLUMNS])
def test_what_is_no_space_has_no_style_of_spaces(columns: tuple, tmp_path: Path) -> None:
    write_file(tmp_path / "o.gpkg", FORMATS["gpkg"], Content([FEATURES], columns, "others"))
    assert pyogrio.list_layers(tmp_path / "o.gpkg").tolist() == [["others", "Unknown"]]
