"""Tables in every separator, encoding and decimal sign; headers below a preamble; sheets as offices make them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tempuse.errors import Invalid
from tempuse.io.read import open_source
from tempuse.io.sources.source import Source
from tests.io import lists

DATA = Path(__file__).resolve().parents[1] / "data"


def opened(path: Path, **options: str) -> Source:
    return open_source(path, path.parent / "scratch", **options)  # type: ignore[arg-type]


def said(source: Source) -> list[str]:
    return [issue.message for issue in source.issues]


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1250"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_encoding_and_decimal_sign(tmp_path: Path, separator: str, encoding: str, decimal: str) -> None:
    rows = lists.table(decimal=decimal)
    if encoding in ("cp1252", "cp1250"):
        plain = str.maketrans("Łźñ–", "Lzn-")
        rows = [[cell.translate(plain) if isinstance(cell, str) else cell for cell in row] for row in rows]
    source = opened(lists.write_csv(tmp_path / "list.csv", rows, separator, encoding))
    assert source.columns == [*lists.HEAD, "Lon", "Lat"]
    assert [row.values["Ref"] for row in source.rows()] == ["001", "002", "003", "004"]
    found = lists.candidates(source)
    assert [row.fields["name"] for row in found] == [row[1] for row in rows[1:]]
    assert [row.fields.get("floor_area_m2") for row in found] == [94.5, 1250.0, None, 12.25]
    assert [round(row.fields["geometry"].x, 6) for row in found] == list(lists.LON)
    assert [row.fields["postcode"] for row in found] == ["01234", "01235", "01236", "01237"]


def test_windows_letters_leave_no_control_characters(tmp_path: Path) -> None:
    text = "Ref;Name;Address\n1;L’école – “Œuvre”…;5 €-straße\n"
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("cp1252"))
    source = opened(path)
    row = next(iter(source.rows()))
    assert row.values["Name"] == "L’école – “Œuvre”…"
    assert row.values["Address"] == "5 €-straße"
    assert said(source) == ["file.encoding_guessed"]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("cp1250", "Příběhová hala; Žižkov, Šumavská ulice, řeka, třída, náměstí, běžná, dveře, příliš žluťoučký kůň"),
        ("cp1253", "Αποθήκη; Λεωφόρος Θεσσαλονίκης, κτίριο, δρόμος, περιοχή"),
        ("cp1251", "Склад; улица Ленина, пустое здание, городской район"),
        ("cp1257", "Noliktava; Rīgas iela, Ķengarags, Šķūņu iela, žogs, ēka, māja, Čaka iela"),
    ],
)
def test_other_code_pages_are_found_out(tmp_path: Path, page: str, text: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(("Ref;Name;Address\n" + f"1;{text}\n" * 5).encode(page))
    row = next(iter(opened(path).rows()))
    assert f"{row.values['Name']}; {row.values['Address']}" == text


def test_an_encoding_that_is_named_is_used_and_one_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = lists.write_csv(tmp_path / "list.csv", [["Name", "Address"], ["Žofín", "Příčná"]], encoding="cp1250")
    assert next(iter(opened(path, encoding="cp1250").rows())).values["Name"] == "Žofín"
    for encoding in ("utf-8", "no-such-encoding"):
        with pytest.raises(Invalid) as caught:
            opened(path, encoding=encoding)
        assert caught.value.message == "file.encoding"


# ---- headers --------------------------------------------------------------------------------------------


def test_a_header_is_found_below_a_preamble(tmp_path: Path) -> None:
    above = [["Vacant spaces, winter 2026"], [None], ["Planning office", None, "2 November 2026"], [None]]
    path = lists.write_xlsx(tmp_path / "list.xlsx", {"Vacant": [*above, *lists.table()]})
    source = opened(path)
    assert source.columns == [*lists.HEAD, "Lon", "Lat"]
    assert [row.line for row in source.rows()] == [6, 7, 8, 9]  # as the spreadsheet counts them
    assert [(issue.message, issue.values["line"]) for issue in source.issues] == [("file.preamble", 5)]


def test_a_group_header_of_merged_cells_is_no_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["The space", None, None, "How big", None])
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("D1:E1")
    sheet.append(["Ref", "Name", "Address", "Floor area", "Plot area"])
    sheet.append(["1", "Net loft", "14 Ferry Street", 94, 120])
    book.save(tmp_path / "list.xlsx")
    source = opened(tmp_path / "list.xlsx")
    assert source.columns == ["Ref", "Name", "Address", "Floor area", "Plot area"]
    assert len(list(source.rows())) == 1


def test_cells_merged_over_several_rows_count_for_each_of_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Name", "Address"], ["Unit 1", "14 Ferry Street"], ["Unit 2", None], ["Unit 3", None], ["Loft", None]):
        sheet.append(row)
    sheet.merge_cells("B2:B4")
    book.save(tmp_path / "list.xlsx")
    source = opened(tmp_path / "list.xlsx")
    assert [row.values.get("Address") for row in source.rows()] == ["14 Ferry Street"] * 3 + [None]
    assert ("file.merged_cells", {"cells": 2}) in [(issue.message, issue.values) for issue in source.issues]


def test_columns_of_one_name_keep_both_their_values(tmp_path: Path) -> None:
    path = lists.write_csv(tmp_path / "list.csv", [["Name", "Remark", "Remark", ""], ["Loft", "dry", "cold", "dark"]])
    source = opened(path)
    row = next(iter(source.rows()))
    assert {"dry", "cold", "dark"} <= set(row.values.values())
    assert "file.column_twice" in said(source)


def test_a_row_longer_than_the_header_loses_nothing_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Address\nLoft,14 Ferry Street,dry,cold\nShed,2 Quay Lane\n")
    first, second = lists.candidates(opened(path))
    assert first.fields["source_fields"] == {"Column 3": "dry", "Column 4": "cold"}
    assert [(issue.row, issue.message) for issue in first.issues] == [(2, "row.too_many_cells")]
    assert not second.issues


def test_commas_and_line_breaks_within_quotes_belong_to_their_cell(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Name,Address,Remark\n"Loft, the","14 Ferry\nStreet","say ""please"""\nShed,2 Quay Lane,\n')
    rows = list(opened(path).rows())
    assert rows[0].values == {"Name": "Loft, the", "Address": "14 Ferry\nStreet", "Remark": 'say "please"'}
    assert rows[1].line == 3  # as a spreadsheet shows it


def test_nul_bytes_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"Name,Address\nLo\x00ft,14 Ferry Street\n,,\n\n" + b"Shed,2 Quay Lane\n" * 300)
    rows = list(opened(path).rows())
    assert (rows[0].values["Name"], len(rows)) == ("Loft", 301)


def test_a_cell_of_five_megabytes_is_cut_and_kept_whole_beside(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f'Ref,Name,Address\n1,"{"x" * 5_000_000}",14 Ferry Street\n')
    (row,) = lists.candidates(opened(path))
    assert len(row.fields["name"]) == 2000
    assert len(row.fields["source_fields"]["Name"]) == 5_000_000
    assert [(issue.message, issue.done, len(issue.value)) for issue in row.issues] == [
        ("value.too_long", "value.cut", 200)
    ]


def test_a_cell_that_swallows_the_rest_of_the_file_says_where_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Name,Address\nLoft,"14 Ferry Street\n' + "Shed,2 Quay Lane\n" * 1_200_000)
    with pytest.raises(Invalid) as caught:
        list(opened(path).rows())
    assert (caught.value.message, caught.value.values["line"]) == ("file.cell_too_long", 2)


# ---- workbooks ------------------------------------------------------------------------------------------


def test_the_sheet_with_the_most_rows_is_taken_or_the_one_that_is_named(tmp_path: Path) -> None:
    sheets = {"Explanation": [["Read me"]], "Vacant": lists.table(), "Old": lists.table()[:2]}
    path = lists.write_xlsx(tmp_path / "list.xlsx", sheets)
    source = opened(path)
    assert (source.layer, source.layers, source.count) == ("Vacant", ["Vacant", "Old"], 4)
    assert said(source) == ["file.several_sheets", "file.several_alike"]
    assert opened(path, layer="Old").count == 1
    with pytest.raises(Invalid) as caught:
        opened(path, layer="New")
    assert (caught.value.message, caught.value.values["names"]) == ("file.no_sheet", ["Vacant", "Old"])


def test_an_empty_workbook_and_one_of_headers_only_say_so(tmp_path: Path) -> None:
    for rows, message in (([], "file.empty"), ([["Name", "Address"]], "file.no_rows")):
        path = lists.write_xlsx(tmp_path / "list.xlsx", {"Vacant": rows})
        with pytest.raises(Invalid) as caught:
            opened(path)
        assert caught.value.message == message


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    found = lists.candidates(opened(lists.write_ods(tmp_path / "list.ods", lists.table())))
    assert [row.fields["name"] for row in found] == [row[1] for row in lists.ROWS]
    assert [row.source_ref for row in found] == ["001", "002", "003", "004"]
    assert all("geometry" in row.fields for row in found)


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    found = lists.candidates(opened(Path(shutil.copy(DATA / "old.xls", tmp_path))))
    assert [row.source_ref for row in found] == ["001", "002", "003"]
    assert [row.fields["vacant_since"] for row in found] == [date(2025, 3, day) for day in (1, 2, 3)]


def test_numbers_days_and_answers_come_as_what_they_are(tmp_path: Path) -> None:
    head = ["Ref", "Name", "Floor area", "Empty since", "Heating", "Year built", "Postcode"]
    path = lists.write_xlsx(
        tmp_path / "list.xlsx", {"Vacant": [head, [7.0, "Loft", 94.5, date(2025, 3, 1), True, 1931, "01234"]]}
    )
    (row,) = lists.candidates(opened(path))
    assert row.source_ref == "7"
    assert row.fields["floor_area_m2"] == 94.5
    assert row.fields["vacant_since"] == date(2025, 3, 1)
    assert row.fields["heating"] is True
    assert row.fields["building_year"] == 1931
    assert row.fields["postcode"] == "01234"


@pytest.mark.parametrize("failed", ["#N/A", "#DIV/0!", "#REF!", "#WAARDE!", "#N/B", "#WERT!", "#NOM?"])
def test_a_formula_that_failed_is_empty_and_said_so(tmp_path: Path, failed: str) -> None:
    path = lists.write_csv(
        tmp_path / "list.csv", [["Ref", "Name", "Floor area"], ["1", "Loft", failed], ["2", failed, "5"]]
    )
    first, second = lists.candidates(opened(path))
    assert "floor_area_m2" not in first.fields
    assert "name" not in second.fields
    assert [issue.message for row in (first, second) for issue in row.issues] == ["value.failed_formula"] * 2
    assert "source_fields" not in first.fields


def test_a_failed_formula_of_a_workbook_is_empty_and_said_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ref", "Name", "Floor area"])
    sheet.append(["1", "Loft", "#N/A"])
    sheet["C2"].data_type = "e"
    book.save(tmp_path / "list.xlsx")
    source = opened(tmp_path / "list.xlsx")
    (row,) = lists.candidates(source)
    assert "floor_area_m2" not in row.fields
    assert ("file.failed_formulas", {"cells": 1}) in [(issue.message, issue.values) for issue in source.issues]
