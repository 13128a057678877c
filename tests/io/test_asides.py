"""Rows of a list that are no spaces are left behind and said; a space with an odd name is none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import load
from tempuse.io.crosswalk.columns import match
from tempuse.io.places.extents import extent_of
from tempuse.io.read import open_source
from tests.io import lists

HEAD = ["Ref", "Name", "Street", "Lat", "Lon", "Area"]
MILL = ["A1", "Mill", "Quay 1", 51.05, 3.72, 300]
HALL = ["A2", "Hall", "Quay 2", 51.06, 3.73, 400]


def read(path: Path, *, every_row: bool = False) -> list[Candidate]:
    source = open_source(path, path.parent / "scratch")
    known = match(load("generic"), source.columns)
    records = Candidates(source, known, extent=extent_of("BE"), every_row=every_row)
    return [row for batch in records.batches() for row in batch]


def asides(tmp_path: Path, *rows: list[Any], head: list[str] = HEAD) -> list[str]:
    """What a list of two spaces and these rows leaves behind."""
    path = lists.write_xlsx(tmp_path / "list.xlsx", {"List": [head, MILL, *rows, HALL]})
    found = read(path)
    assert {"Mill", "Hall"} <= {row.fields.get("name") for row in found}
    return [row.aside for row in found if row.aside]


TOTALS = (
    "Total", "Subtotal north", "Grand total", "Totaal", "Subtotaal", "Sous-total", "Total général", "Summe", "Gesamt",
    "Zwischensumme", "Insgesamt", "Yhteensä", "Välisumma", "Razem", "Suma", "Ogółem", "Celkem", "Součet", "Sumă",
    "Kopā", "Pavisam", "Σύνολο", "Totale", "Subtotale", "TOTAL:", "Suma częściowa", "Totaal noord", "Gesamtfläche",
)  # fmt: skip
NOTES = (
    "Source: own survey 2024", "Bron: eigen telling", "Quelle: Stadt", "Fuente: censo", "Fonte: comune", "Lähde: X",
    "Źródło: urząd", "Zdroj: úřad", "Sursa: primăria", "Avots: dome", "Πηγή: δήμος", "Number of spaces: 2",
    "Aantal panden: 2", "Anzahl: 2", "Liczba: 2", "Počet: 2", "Stand: 1.3.2024", "Stan na dzień 1.3.2024", "Note: x",
    "* measured by eye", "Huom: arvio", "Nombre de sites : 2", "Número de espacios: 2", "Lukumäärä: 2", "Skaits: 2",
)  # fmt: skip


@pytest.mark.parametrize("word", TOTALS)
def test_a_sum_is_no_space(tmp_path: Path, word: str) -> None:
    assert asides(tmp_path, [None, word, None, None, None, 700]) == ["row.is_total"]
    assert asides(tmp_path, [word, None, None, None, None, 700]) == ["row.is_total"]


def test_a_heading_or_a_sum_may_stand_in_the_column_of_the_streets(tmp_path: Path) -> None:
    assert asides(tmp_path, [None, None, "Northgate"]) == ["row.is_heading"]
    assert asides(tmp_path, [None, None, "Summe", None, None, 700]) == ["row.is_total"]
    assert asides(tmp_path, [None, None, "Quay 7"]) == []  # a bare address is a space


@pytest.mark.parametrize("words", NOTES)
def test_a_note_about_the_list_is_no_space(tmp_path: Path, words: str) -> None:
    assert asides(tmp_path, [None, words]) in (["row.is_note"], ["row.is_heading"])
    assert asides(tmp_path, [words]) in (["row.is_note"], ["row.is_heading"])


def test_a_heading_within_a_wide_list_is_no_space(tmp_path: Path) -> None:
    assert asides(tmp_path, ["North district"], [None, "Stadtteil Süd"]) == ["row.is_heading"] * 2
    assert asides(tmp_path, ["---"] * len(HEAD), ["~~~~~"]) == ["row.is_heading"] * 2  # a line that somebody drew


@pytest.mark.parametrize("units", [
    [None, "text", "text", "degrees", "degrees", "m²"], ["text", "tekst", "tekst", "graden", "graden", "(m2)"],
    ["Text", "Text", "Text", "Grad", "Grad", "qm"], [None, "texte", "texte", None, None, "ha"],
    ["teksti", "teksti", "teksti", None, None, "m²"], [None, "tekst", "tekst", None, None, "m2"],
])  # fmt: skip
def test_units_below_the_head_are_no_space(tmp_path: Path, units: list[Any]) -> None:
    assert asides(tmp_path, units) == ["row.is_units"]


def test_the_head_again_is_no_space_also_with_a_mark_before_it(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\ufeffRef,Name,Lat,Lon\nA1,Mill,51.05,3.7\n\ufeffRef,Name,Lat,Lon\nA2,Hall,51.06,3.71\n")
    assert [row.aside for row in read(path)] == ["", "row.is_head", ""]


@pytest.mark.parametrize("row", [
    ["A3", "Total petrol station", "Quay 3", None, None, 200], ["A3", "Summe", None, 51.05, 3.72, None],
    ["A3", "Source café", "Quay 4", None, None, None], ["A3", "Stand 5", "Market", None, None, 12],
    ["A3", "Text", "Quay 5", None, None, None],
])  # fmt: skip
def test_a_space_is_one_whatever_it_is_called(tmp_path: Path, row: list[Any]) -> None:
    assert asides(tmp_path, row) == []


def test_a_list_that_says_but_one_thing_of_each_space_is_a_list(tmp_path: Path) -> None:
    path = lists.write_csv(tmp_path / "list.csv", [["Name"], ["Mill"], ["Stand 5"], ["Totale Kapel"], ["Old quay"]])
    assert [row.aside for row in read(path)] == [""] * 4


def test_what_was_left_behind_is_said_and_comes_in_where_somebody_knows_better(tmp_path: Path) -> None:
    path = lists.write_xlsx(
        tmp_path / "list.xlsx", {"List": [HEAD, MILL, [None, "Total", None, None, None, 700], HALL]}
    )
    left = next(row for row in read(path) if row.aside)
    assert [(issue.row, issue.value, issue.done, issue.grave) for issue in left.issues] == [
        (3, "Total | 700", "row.left_behind", True)
    ]
    assert [row.fields.get("name") for row in read(path, every_row=True)] == ["Mill", "Total", "Hall"]
