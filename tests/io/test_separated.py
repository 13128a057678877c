"""Text tables that a missing quotation mark or unquoted decimal commas have put out of order; open formulas."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tempuse.errors import Invalid
from tempuse.io.read import open_source
from tempuse.io.sources.source import Source
from tests.io import lists


def opened(path: Path, **options: Any) -> Source:
    return open_source(path, path.parent / "scratch", **options)


def of_text(tmp_path: Path, text: str) -> Source:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return opened(path)


def said(source: Source) -> list[tuple[int | None, str]]:
    return [(issue.row, issue.message) for issue in source.issues]


# ---- quotation marks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_mark_that_nobody_closed_costs_no_row(tmp_path: Path, separator: str) -> None:
    rows = [["Ref", "Name", "Address"], ["1", '"Old mill', "Quay 1"], ["2", "Hall", "Quay 2"], ["3", "Shed", "Quay 3"]]
    source = of_text(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert [row.values["Name"] for row in source.rows()] == ["Old mill", "Hall", "Shed"]
    assert said(source) == [(2, "file.quote_open")]
    assert source.issues[0].grave


def test_a_mark_that_nobody_closed_hides_no_separator(tmp_path: Path) -> None:
    """Decimal commas behind it are no separators, though all that is not swallowed has no other."""
    rows = ["id;name;lat;lon", '1;"Old mill;51,05;3,72', "2;Hall;51,06;3,73", "3;Shed;51,07;3,74"]
    source = of_text(tmp_path, "\n".join(rows))
    assert source.columns == ["id", "name", "lat", "lon"]
    assert [row.values["lon"] for row in source.rows()] == ["3,72", "3,73", "3,74"]


def test_a_cell_of_several_lines_stays_one(tmp_path: Path) -> None:
    source = of_text(tmp_path, 'id,note\n1,"one; a\ntwo; b\nthree; c"\n2,"four; d\nfive; e"')
    assert [row.values["id"] for row in source.rows()] == ["1", "2"]


def test_a_mark_that_closes_rows_later_costs_none_between(tmp_path: Path) -> None:
    text = 'Ref,Name,Address\n1,"Mill,Quay 1\n2,Hall,Quay 2\n3,"Shed, the",Quay 3\n4,Barn,Quay 4\n'
    source = of_text(tmp_path, text)
    assert [row.values["Name"] for row in source.rows()] == ["Mill", "Hall", "Shed, the", "Barn"]


def test_a_text_of_several_lines_stays_one_cell(tmp_path: Path) -> None:
    source = of_text(tmp_path, 'Ref,Name,Address\n1,Mill,"Quay 1,\n9000 Ghent,\nBelgium"\n2,Hall,Quay 2\n')
    assert [row.values["Address"] for row in source.rows()] == ["Quay 1,\n9000 Ghent,\nBelgium", "Quay 2"]
    assert source.issues == []


# ---- decimal commas -------------------------------------------------------------------------------------


def test_numbers_that_commas_cut_apart_are_put_together_and_said(tmp_path: Path) -> None:
    source = of_text(tmp_path, "Ref,Name,Lat,Lon,Area\nA1,Mill,51,05,3,70,100,5\nA2,Hall,51,06,3,71,200,0\n")
    first, second = source.rows()
    assert first.values == {"Ref": "A1", "Name": "Mill", "Lat": "51,05", "Lon": "3,70", "Area": "100,5"}
    assert (second.values["Area"], second.problem) == ("200,0", "")
    assert [(issue.message, issue.values["columns"]) for issue in source.issues] == [
        ("file.decimal_commas", ["Lat", "Lon", "Area"])
    ]
    assert all("geometry" in row.fields for row in lists.candidates(source))


def test_where_it_could_be_put_together_in_several_ways_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        of_text(tmp_path, "Name,Lat,Lon,Area\nMill,51,05,3,100\nHall,51,06,3,200\n")
    assert caught.value.message == "file.commas_open"


def test_one_row_that_is_too_long_gives_no_number_and_loses_none(tmp_path: Path) -> None:
    source = of_text(
        tmp_path, "Ref,Name,Lat,Lon,Area\nA1,Mill,51.05,3.70,100\nA2,Hall,51.06,3.71,200\nA3,Shed,51,07,3.72,300\n"
    )
    row = list(source.rows())[2]
    assert (row.values["Name"], row.values["Lat"], row.values["Area"]) == ("Shed", None, None)
    assert {"51", "07", "3.72", "300"} <= set(row.values.values())
    assert row.problem == "row.too_many_cells"
    found = lists.candidates(source)[2]
    assert "geometry" not in found.fields
    assert "floor_area_m2" not in found.fields


# ---- formulas -------------------------------------------------------------------------------------------


def test_a_formula_that_was_never_worked_out_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Name", "Address", "Area"], ["Mill", "Quay 1", "=10*20"], ["Hall", "Quay 2", '=IF(1,"","")']):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    source = opened(tmp_path / "list.xlsx")
    assert [(issue.message, issue.values, issue.grave) for issue in source.issues] == [
        ("file.open_formulas", {"cells": 2}, True)
    ]


def test_a_formula_whose_result_is_an_empty_text_was_worked_out(tmp_path: Path) -> None:
    path = lists.write_xlsx(tmp_path / "plain.xlsx", {"List": [["Name", "Address", "Area"], ["Mill", "Quay 1", "=A2"]]})
    done = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(done, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part.startswith("xl/worksheets/"):
                content = content.replace(b'<c r="C2">', b'<c r="C2" t="str">')
            new.writestr(part, content)
    assert opened(done).issues == []


def test_a_column_that_says_nothing_in_the_first_row_has_its_voice(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name;Floor area;Rates of last year\nMill;12.500;\nHall;22.500;1.234,50\n")
    found = lists.candidates(opened(path), within=None)
    assert [row.fields["floor_area_m2"] for row in found] == [12500, 22500]
