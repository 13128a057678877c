"""Files of several tables: which of them is the list, which are read as one, in workbooks, map files and archives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pandas
import pyogrio
import pytest
import shapely

from tempuse.errors import Invalid
from tempuse.io.read import open_source
from tempuse.io.sources.source import ALL, Source
from tests.io import lists

HEADS = {
    "en": (["Ref", "Name", "Address"], ["Code", "Meaning"]),
    "nl": (["Nummer", "Naam", "Adres"], ["Code", "Betekenis"]),
    "fr": (["Référence", "Nom", "Adresse"], ["Code", "Signification"]),
    "de": (["Aktenzeichen", "Bezeichnung", "Anschrift"], ["Code", "Bedeutung"]),
    "fi": (["Tunnus", "Nimi", "Osoite"], ["Koodi", "Merkitys"]),
    "pl": (["Numer", "Nazwa", "Adres"], ["Kod", "Znaczenie"]),
    "cs": (["Číslo", "Název", "Adresa"], ["Kód", "Význam"]),
    "ro": (["Număr", "Denumire", "Adresă"], ["Cod", "Sens"]),
    "lv": (["Numurs", "Nosaukums", "Adrese"], ["Kods", "Nozīme"]),
    "el": (["Αριθμός", "Όνομα", "Διεύθυνση"], ["Κώδικας", "Σημασία"]),
    "es": (["Código", "Nombre", "Dirección"], ["Clave", "Significado"]),
    "it": (["Codice", "Nome", "Indirizzo"], ["Chiave", "Significato"]),
}


def opened(path: Path, **options: Any) -> Source:
    return open_source(path, path.parent / "scratch", **options)


def said(source: Source) -> list[str]:
    return [issue.message for issue in source.issues]


def workbook(path: Path, sheets: dict[str, list[list[Any]]], hidden: str = "") -> Path:
    lists.write_xlsx(path, sheets)
    if hidden:
        book = openpyxl.load_workbook(path)
        book[hidden].sheet_state = "hidden"
        book.save(path)
    return path


# ---- workbooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("hidden", [True, False])
def test_a_sheet_of_codes_is_not_the_list_however_long(tmp_path: Path, language: str, hidden: bool) -> None:
    head, codes = HEADS[language]
    lookup = [codes, *([f"c{i}", f"word {i}"] for i in range(50))]
    path = workbook(
        tmp_path / "list.xlsx", {"Codes": lookup, "X": [head, ["1", "Mill", "Quay 1"], ["2", "Hall", "Quay 2"]]},
        "Codes" if hidden else "",
    )  # fmt: skip
    source = opened(path)
    assert (source.layer, source.count, source.layers) == ("X", 2, ["Codes", "X"])
    assert [(issue.message, issue.values["others"]) for issue in source.issues] == [
        ("file.several_sheets", ["Codes (50)"])
    ]


def test_a_hidden_list_is_left_where_another_can_be_seen_and_read_when_it_is_named(tmp_path: Path) -> None:
    rows = lists.table()
    path = workbook(tmp_path / "list.xlsx", {"Old": [*rows, *rows[1:]], "New": rows}, "Old")
    assert (opened(path).layer, opened(path).count) == ("New", 4)
    assert opened(path, layer="Old").count == 8
    assert not opened(path).alike


def test_the_description_of_the_fields_is_not_the_list(tmp_path: Path) -> None:
    fields = [["FieldName", "DataType", "Mandatory?"], *([f"Field{i}", "text", "yes"] for i in range(30))]
    path = workbook(tmp_path / "list.xlsx", {"Template": fields, "Register": lists.table()})
    assert opened(path).layer == "Register"


def test_sheets_that_are_alike_are_offered_and_read_as_one_list(tmp_path: Path) -> None:
    head = ["No", "Name", "Address"]
    north = [head, ["1", "Mill", "Quay 1"], ["2", "Hall", "Quay 2"]]
    south = [[*head], ["1", "Shed", "Lane 1"]]
    path = workbook(tmp_path / "list.xlsx", {"North": north, "South": south, "Codes": [["Code", "Word"], ["a", "b"]]})
    source = opened(path)
    assert (source.layer, source.count, source.alike) == ("North", 2, ["North", "South"])
    left = [issue for issue in source.issues if issue.message == "file.several_alike"]
    assert [(issue.grave, issue.values["others"]) for issue in left] == [(True, ["South"])]
    whole = opened(path, layer=ALL)
    assert (whole.layer, whole.count, whole.alike) == (ALL, 3, ["North", "South"])
    assert [(row.line, row.values["Name"], row.values["Sheet"]) for row in whole.rows()] == [
        (2, "Mill", "North"), (3, "Hall", "North"), (5, "Shed", "South"),
    ]  # fmt: skip
    assert [row.values["Name"] for row in whole.rows()] == ["Mill", "Hall", "Shed"], "it may be read again"
    with pytest.raises(Invalid) as caught:
        opened(path, layer="East")
    assert caught.value.values["names"] == ["North", "South", "Codes"]


def test_a_sheet_without_rows_is_none(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", {"Empty": [], "Head": [["Name", "Address"]], "List": lists.table()})
    source = opened(path)
    assert (source.layer, source.layers, source.issues) == ("List", ["List"], [])


# ---- map files ------------------------------------------------------------------------------------------


def geopackage(path: Path, layers: dict[str, geopandas.GeoDataFrame | pandas.DataFrame]) -> Path:
    for name, frame in layers.items():
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=path.exists())
    return path


STREETS = pandas.DataFrame({"street": [f"Lane {i}" for i in range(30)], "name": [f"n{i}" for i in range(30)]})


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
def test_a_layer_with_places_goes_before_a_larger_table(tmp_path: Path, engine: str) -> None:
    path = geopackage(tmp_path / "list.gpkg", {"streets": STREETS, "vacant": lists.frame()})
    source = opened(path, engine=engine)
    assert (source.layer, source.count) == ("vacant", 4)
    assert opened(path, engine=engine, layer="streets").count == 30


def test_lines_of_streets_are_no_spaces(tmp_path: Path) -> None:
    lines = [shapely.LineString([(3.7, 51), (3.71, 51 + i / 100)]) for i in range(30)]
    roads = geopandas.GeoDataFrame(STREETS, geometry=lines, crs="EPSG:4326")
    source = opened(geopackage(tmp_path / "list.gpkg", {"roads": roads, "vacant": lists.frame()}))
    assert source.layer == "vacant"


def test_layers_that_are_alike_are_offered(tmp_path: Path) -> None:
    frame = lists.frame()
    path = geopackage(tmp_path / "list.gpkg", {"north": frame.iloc[:3], "south": frame.iloc[3:]})
    source = opened(path)
    assert (source.layer, source.alike) == ("north", ["north", "south"])
    assert [row.values["Layer"] for row in opened(path, layer=ALL).rows()] == ["north"] * 3 + ["south"]


def kml(folders: str) -> str:
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>'


def folder(name: str, *marks: str) -> str:
    point = "<Point><coordinates>3.7,51.05</coordinates></Point>"
    held = "".join(f"<Placemark><name>{mark}</name>{point}</Placemark>" for mark in marks)
    return f"<Folder><name>{name}</name>{held}</Folder>"


def test_folders_of_a_kml_that_tell_other_things_are_one_list_too(tmp_path: Path) -> None:
    more = '<ExtendedData><Data name="Area"><value>90 m2</value></Data></ExtendedData>'
    path = tmp_path / "list.kml"
    path.write_text(kml(folder("Shops", "Mill").replace("<Point>", f"{more}<Point>") + folder("Plots", "Yard")))
    source = opened(path)
    rows = [(row.values["Name"], row.values.get("Area"), row.values["Folder"]) for row in source.rows()]
    assert rows == [("Mill", "90 m2", "Shops"), ("Yard", None, "Plots")]


def test_the_folders_of_a_kml_are_one_list(tmp_path: Path) -> None:
    path = tmp_path / "list.kml"
    path.write_text(kml(folder("Shops", "Mill", "Hall") + folder("Plots", "Yard") + folder("Empty")))
    source = opened(path)
    assert [(row.values["Name"], row.values["Folder"]) for row in source.rows()] == [
        ("Mill", "Shops"), ("Hall", "Shops"), ("Yard", "Plots"),
    ]  # fmt: skip
    assert [row.values["Name"] for row in opened(path, layer="Plots").rows()] == ["Yard"]


def test_what_says_nothing_of_the_earth_declares_no_system(tmp_path: Path) -> None:
    path = lists.write_vector(tmp_path / "list.gpkg", "GPKG")
    with lists.sqlite(path) as con:
        con.execute("UPDATE gpkg_geometry_columns SET srs_id = -1")
        con.execute("UPDATE gpkg_contents SET srs_id = -1")
    source = opened(path)
    assert (source.crs, source.issues) == (None, [])
    assert all("geometry" in row.fields for row in lists.candidates(source))


# ---- archives -------------------------------------------------------------------------------------------


def test_points_and_outlines_of_one_archive_are_one_list(tmp_path: Path) -> None:
    frame = lists.frame("EPSG:31370")
    outlines = frame.iloc[2:].set_geometry(frame.geometry.iloc[2:].buffer(20))
    for name, part in (("spaces_points", frame.iloc[:2]), ("spaces_polygons", outlines)):
        pyogrio.write_dataframe(part, tmp_path / f"{name}.shp", driver="ESRI Shapefile")
    parts = {each.name: each for each in tmp_path.glob("spaces_*")}
    columns = lists.write_csv(tmp_path / "spaces_columns.csv", [["short", "column"], ["Ref", "ref"]])
    source = opened(lists.zipped(tmp_path / "list.zip", {**parts, columns.name: columns}))
    assert [row.values["Ref"] for row in source.rows()] == ["001", "002", "003", "004"]
    assert {row.geometry.geom_type for row in source.rows()} == {"Point", "Polygon"}


def test_doubles_of_a_mac_and_what_people_read_are_no_lists(tmp_path: Path) -> None:
    shape = lists.write_shapefile(tmp_path / "shape")
    odd = tmp_path / "odd"
    odd.write_bytes(b"\x00\x05\x16\x07 a Mac's own")
    files = {each.name: each for each in shape.iterdir()}
    path = lists.zipped(tmp_path / "list.zip", {**files, "._list.shp": odd, "__MACOSX/._list.dbf": odd})
    assert opened(path).count == 4
    table = lists.write_csv(tmp_path / "data.csv", lists.table())
    about = tmp_path / "about"
    about.write_text("Ask the office.\nThank you.\n")
    for name in ("README.txt", "Liesmich.txt", "LICENSE.txt", "lisez-moi.txt"):
        path = lists.zipped(tmp_path / f"{name}.zip", {"data.csv": table, name: about})
        assert (opened(path).count, opened(path).issues) == (4, [])


def test_the_main_file_of_a_kmz_is_the_list(tmp_path: Path) -> None:
    main, other = tmp_path / "doc.kml", tmp_path / "legend.kml"
    main.write_text(kml(folder("Shops", "Mill")))
    other.write_text(kml(folder("Legend", "a", "b", "c")))
    path = lists.zipped(tmp_path / "list.kmz", {"files/legend.kml": other, "doc.kml": main})
    assert [row.values["Name"] for row in opened(path).rows()] == ["Mill"]


def test_several_lists_of_an_archive_are_told_apart(tmp_path: Path) -> None:
    rows = lists.table()
    one = lists.write_csv(tmp_path / "one.csv", rows)
    two = lists.write_csv(tmp_path / "two.csv", rows[:3])
    path = lists.zipped(tmp_path / "list.zip", {"one.csv": one, "two.csv": two})
    source = opened(path)
    assert (source.layer, source.count, source.alike) == ("one.csv", 4, ["one.csv", "two.csv"])
    assert "file.several_alike" in said(source)
    assert opened(path, layer="two.csv").count == 2
    assert opened(path, layer=ALL).count == 6


def test_the_files_of_a_kmz_without_a_main_one_are_all_there(tmp_path: Path) -> None:
    north, south = tmp_path / "Nord.kml", tmp_path / "Süd.kml"
    north.write_text(kml(folder("Shops", "Mill")))
    south.write_text(kml(folder("Shops", "Hall")))
    path = lists.zipped(tmp_path / "list.kmz", {"Nord.kml": north, "Süd.kml": south})
    source = open_source(path, tmp_path / "scratch")
    assert source.layers == ["Nord.kml", "Süd.kml"]
    assert any(issue.message == "file.several_alike" and issue.grave for issue in source.issues)
    whole = open_source(path, tmp_path / "scratch2", layer=ALL)
    assert [row.fields["name"] for row in lists.candidates(whole)] == ["Mill", "Hall"]


def test_the_data_of_a_kml_keep_their_names_and_none_is_lost(tmp_path: Path) -> None:
    names = ["Fläche (m²)", "Fläche (m³)", "a-b", "a b", "Nr &amp; Ort", "plain"]
    data = "".join(f'<Data name="{name}"><value>{i}</value></Data>' for i, name in enumerate(names, 1))
    path = tmp_path / "list.kml"
    path.write_text(
        kml(folder("Shops", "Mill").replace("<Point>", f"<ExtendedData>{data}</ExtendedData><Point>")),
        encoding="utf-8",
    )
    (row,) = open_source(path, tmp_path / "scratch").rows()
    assert [row.values[name.replace("&amp;", "&")] for name in names] == ["1", "2", "3", "4", "5", "6"]
