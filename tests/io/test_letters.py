"""How letters are written: whatever a file says or leaves out, in the languages around, in text and map files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas
import pytest
import shapely

from tempuse.errors import Invalid
from tempuse.io.areas import read_areas
from tempuse.io.read import open_source
from tempuse.io.sources import encodings, letters
from tempuse.io.sources.alphabets import LANGUAGES, SPOKEN, twice_in
from tempuse.io.sources.source import Source
from tests.io import lists

TEXTS = {
    "nl": ("BE", "Café in de coöperatie; België, reünie, zeeën, crèche"),
    "en": ("GB", "The café, naïve façade"),
    "fr": ("FR", "École de l'île; Hôtel des Îles, Saint-Étienne, garçon, août"),
    "de": ("DE", "Mühle am Fluß, Gärtnerei Größe, Übergang"),
    "fi": ("FI", "Mylly järven äärellä; Hämeenlinna, Töölö"),
    "pl": ("PL", "Młyn przy Łąkowej, Świetlica, Dom źródlany"),
    "cs": ("CZ", "Příběhová hala, Žižkov, řeka, náměstí, Ústí"),
    "ro": ("RO", "Moară ţărănească şi pădure, Târgu Mureş, Înălţimea"),
    "lv": ("LV", "Šķūnis Āgenskalnā, Rīgas iela, ēka, māja"),
    "el": ("GR", "Αποθήκη, Λεωφόρος Θεσσαλονίκης, Άγιος Νικόλαος"),
    "es": ("ES", "Año nuevo, Calle Núñez, Ávila, camión"),
    "it": ("IT", "Università, perché, così, più, città"),
    "hu": ("HU", "Régi malom őrháza, tűzoltó, Győr"),
    "bg": ("BG", "Старата мелница, Пекарна, Свободна сграда"),
    "tr": ("TR", "Şişli, İstanbul, ağaç, ışık"),
}


def fits(text: str, page: str) -> bool:
    """Whether a code page has all letters of a text."""
    return text.encode(page, "ignore").decode(page) == text


WRITTEN = [
    (language, page) for language, (_, text) in TEXTS.items() for page in LANGUAGES[language][1] if fits(text, page)
]


def opened(path: Path, countries: Sequence[str] = (), **options: str) -> Source:
    return open_source(path, path.parent / "scratch", countries=countries, **options)  # type: ignore[arg-type]


def said(source: Source) -> list[str]:
    return [issue.message for issue in source.issues]


def shapefile(folder: Path, text: str, page: str, cpg: str | None, language: int = 0) -> Path:
    """A Shapefile of one point by GDAL, its letters then written over byte by byte."""
    folder.mkdir()
    raw = text.encode(page)
    frame = geopandas.GeoDataFrame(
        {"ref": ["1"], "name": ["x" * len(raw)]}, geometry=[shapely.Point(3.7, 51)], crs=4326
    )
    frame.to_file(folder / "list.shp", engine="pyogrio")
    dbf = bytearray((folder / "list.dbf").read_bytes().replace(b"x" * len(raw), raw))
    dbf[29] = language
    (folder / "list.dbf").write_bytes(dbf)
    (folder / "list.cpg").unlink(missing_ok=True)
    if cpg is not None:
        (folder / "list.cpg").write_text(cpg)
    return folder


# ---- text tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "page"), WRITTEN)
def test_a_short_list_is_read_in_the_code_pages_of_its_country(language: str, page: str) -> None:
    country, text = TEXTS[language]
    seen = letters.seen_in([text.encode(page)])
    found, issues = letters.decide(seen, "", [country])
    assert text.encode(page).decode(found.encoding) == text
    assert [issue.message for issue in issues] == ["file.encoding_guessed"]


@pytest.mark.parametrize("language", TEXTS)
def test_capitals_and_a_list_of_no_known_country_are_read_too(language: str) -> None:
    page, text = LANGUAGES[language][1][0], TEXTS[language][1]
    capitals = text.upper().encode(page, "ignore")
    found, _ = letters.decide(letters.seen_in([capitals]), "", [TEXTS[language][0]])
    assert capitals.decode(found.encoding) == capitals.decode(page)
    found, _ = letters.decide(letters.seen_in([text.encode(page)]), "", [])
    if language not in ("hu", "tr"):  # a Portuguese has the letters that a Hungarian list seems to have
        assert text.encode(page).decode(found.encoding) == text


def test_the_languages_of_a_country_are_known() -> None:
    assert {each for spoken in SPOKEN.values() for each in spoken} <= set(LANGUAGES)


def test_a_few_odd_cells_do_not_decide_for_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Ref;Name\n1;Mühle am Fluß\n2;Gärtnerei\n".encode() + "3;Bäckerei\n".encode("cp1252"))
    source = opened(path, ["DE"])
    assert [row.values["Name"] for row in source.rows()] == ["Mühle am Fluß", "Gärtnerei", "Bäckerei"]
    assert [(issue.message, issue.values["encoding"]) for issue in source.issues] == [("file.odd_letters", "cp1252")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_two_bytes_for_a_letter_are_known_with_and_without_a_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Ref;Name;Address\n1;Mühle;Am Fluß 1\n".encode(encoding))
    assert next(iter(opened(path).rows())).values == {"Ref": "1", "Name": "Mühle", "Address": "Am Fluß 1"}


def test_a_guess_that_does_not_fit_is_never_the_senders_word(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"Ref;Name\n1;Caf\xe9 \x81\x8d\x8f\x90\x9d\n")
    source = opened(path)
    assert "Caf" in next(iter(source.rows())).values["Name"]
    assert said(source) == ["file.encoding_guessed"]


def test_signs_beside_figures_are_no_letters_of_dos(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Ref;Name;Rent;Area\n1;Mill;€ 350;120 m²\n2;Hall;1\u00a0250 €;90–110 m²\n".encode("cp1252"))
    first, second = opened(path, ["FR"]).rows()
    assert first.values["Rent"] == "€ 350"
    assert (first.values["Area"], second.values["Area"]) == ("120 m²", "90–110 m²")


# ---- Shapefiles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
@pytest.mark.parametrize(
    "cpg", ["1250", "CP1250", "ANSI 1250", "ansi1250", "windows-1250", "WIN1250", " cp1250\r\n", "Windows 1250"]
)
def test_a_cpg_is_understood_in_all_spellings(tmp_path: Path, cpg: str, engine: str) -> None:
    path = shapefile(tmp_path / "shape", "Młyn przy Łąkowej", "cp1250", cpg)
    source = opened(path, engine=engine)
    assert next(iter(source.rows())).values["name"] == "Młyn przy Łąkowej"
    assert not source.issues


@pytest.mark.parametrize(("cpg", "page"), [
    ("8859-2", "iso8859-2"), ("88592", "iso8859-2"), ("ISO 8859-2", "iso8859-2"), ("OEM 852", "cp852"),
    ("852", "cp852"), ("65001", "utf-8"), ("UTF-8", "utf-8"), ("28592", "iso8859-2"),
])  # fmt: skip
def test_other_pages_of_a_cpg_are_understood(tmp_path: Path, cpg: str, page: str) -> None:
    path = shapefile(tmp_path / "shape", "Młyn przy Łąkowej", page, cpg)
    assert next(iter(opened(path).rows())).values["name"] == "Młyn przy Łąkowej"


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
@pytest.mark.parametrize(("language", "byte", "page"), [
    ("pl", 0xC8, "cp1250"), ("bg", 0xC9, "cp1251"), ("el", 0xCB, "cp1253"), ("pl", 0x64, "cp852"),
    ("lv", 0xCC, "cp1257"), ("tr", 0xCA, "cp1254"), ("fr", 0x02, "cp850"), ("fr", 0x03, "cp1252"),
])  # fmt: skip
def test_the_byte_of_a_dbf_says_its_code_page(
    tmp_path: Path, language: str, byte: int, page: str, engine: str
) -> None:  # fmt: skip
    text = TEXTS[language][1]
    source = opened(shapefile(tmp_path / "shape", text, page, None, byte), engine=engine)
    assert next(iter(source.rows())).values["name"] == text
    assert not source.issues


def test_a_declaration_that_does_not_fit_is_not_believed_and_said(tmp_path: Path) -> None:
    text = "Młyn przy Łąkowej, Świetlica, Dom źródlany"
    for name, cpg in (("a", "ISO-8859-1"), ("b", "UTF-8")):
        source = opened(shapefile(tmp_path / name, text, "cp1250", cpg), ["PL"])
        assert next(iter(source.rows())).values["name"] == text
        assert [issue.message for issue in source.issues] == ["file.encoding_wrong"]


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
def test_a_text_cut_within_a_letter_loses_that_letter_alone(tmp_path: Path, engine: str) -> None:
    path = shapefile(tmp_path / "shape", "Mühle am Fluß", "utf-8", "UTF-8")
    dbf = (path / "list.dbf").read_bytes()
    # The column is as wide as its text by GDAL's doing; shorten the letter that fills its end.
    raw = "Mühle am Fluß".encode()
    width = dbf[32 + 32 + 16]
    full = raw[:-1].rjust(width, b"x")
    at = dbf.index(raw)
    (path / "list.dbf").write_bytes(dbf[:at] + full + dbf[at + width :])
    source = opened(path, engine=engine)
    assert next(iter(source.rows())).values["name"].lstrip("x") == "Mühle am Flu"
    assert said(source) == ["file.letters_cut"]


def test_a_code_page_that_is_told_goes_before_everything(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "shape", "Млин", "cp1251", "1252")
    assert next(iter(opened(path, encoding="cp1251").rows())).values["name"] == "Млин"
    with pytest.raises(Invalid) as caught:
        opened(path, encoding="klingon")
    assert caught.value.message == "file.encoding"
    assert encodings.code_page("klingon") is None


# ---- JSON and XML ---------------------------------------------------------------------------------------


def geojson(name: str) -> str:
    place = {"type": "Polygon", "coordinates": [[[3.7, 51], [3.8, 51], [3.8, 51.1], [3.7, 51]]]}
    feature = {"type": "Feature", "properties": {"name": name}, "geometry": place}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)


@pytest.mark.parametrize("engine", ["fiona", "pyogrio"])
@pytest.mark.parametrize("encoding", ["cp1252", "cp1250", "utf-16", "utf-16-le", "utf-8-sig"])
def test_geojson_that_is_not_utf8_keeps_its_letters(tmp_path: Path, encoding: str, engine: str) -> None:
    name = "Świetlica Łódź" if encoding == "cp1250" else "Médoc, à côté"
    path = tmp_path / "list.geojson"
    path.write_bytes(geojson(name).encode(encoding))
    source = opened(path, ["PL"] if encoding == "cp1250" else ["FR"], engine=engine)
    assert [area.name for area in read_areas(source).areas] == [name]
    assert said(source) == (["file.encoding_guessed"] if encoding.startswith("cp") else [])


def test_geojson_is_read_as_told_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.geojson"
    path.write_bytes(geojson("Młyn").encode("cp1250"))
    assert next(iter(opened(path, encoding="cp1250").rows())).values["name"] == "Młyn"
    with pytest.raises(Invalid) as caught:
        opened(path, encoding="utf-8")
    assert caught.value.message == "file.encoding"


@pytest.mark.parametrize("declared", ["windows-1250", "ISO-8859-2", "UTF-8", ""])
def test_kml_in_other_letters_is_read(tmp_path: Path, declared: str) -> None:
    path = lists.write_vector(tmp_path / "plain.kml", "KML")
    text = path.read_text(encoding="utf-8").replace("Łódź hall", "Świetlica źródlana")
    said_so = f' encoding="{declared}"' if declared else ""
    text = text.replace("’", "'").replace("–", "-").replace("ñ", "ń").replace(' encoding="UTF-8"', said_so)
    path.write_bytes(text.encode({"ISO-8859-2": "iso8859-2"}.get(declared, "cp1250"), "replace"))
    names = [row.values.get("Name") for row in opened(path, ["PL"]).rows()]
    assert "Świetlica źródlana" in names


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mühle am Fluß", "MÃ¼hle"), ("Café", "CafÃ©"), ("Żabka, L’école", "Å»abka"), ("Łódź", ""), ("plain", ""),
    ],
)  # fmt: skip
def test_letters_that_were_changed_once_too_often_are_said(text: str, said: str) -> None:
    twice = text.encode().decode("cp1252", "replace").encode()
    assert twice_in(twice if said else text.encode()) == said
    assert twice_in(text.encode()) == ""
