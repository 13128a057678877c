"""Rows that nobody sees in a workbook are read, and said."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tempuse.io.read import open_source
from tempuse.io.sources.source import Source
from tests.io import lists

ROWS = [["Ref", "Name", "Lat", "Lon"], *([f"A{i}", f"Hall {i}", 51.0 + i / 100, 3.7] for i in range(1, 8))]


def hidden(source: Source) -> list[int]:
    return [issue.values["rows"] for issue in source.issues if issue.message == "file.hidden_rows"]


@pytest.mark.parametrize("blank", [0, 30])
def test_rows_that_an_excel_file_hides_are_read_and_counted(tmp_path: Path, blank: int) -> None:
    path = lists.write_xlsx(tmp_path / "list.xlsx", {"List": ROWS, "Other": ROWS[:2]})
    book = openpyxl.load_workbook(path)
    book["List"].row_dimensions[3].hidden = True
    book["List"].row_dimensions.group(5, 6, hidden=True)
    for number in range(20, 20 + blank):  # nothing stands in them
        book["List"].row_dimensions[number].hidden = True
    book["List"].column_dimensions["B"].hidden = True
    book.save(path)
    source = open_source(path, tmp_path / "scratch", layer="List")
    assert hidden(source) == [3]
    assert [row.values["Ref"] for row in source.rows()] == [f"A{i}" for i in range(1, 8)]
    assert hidden(open_source(path, tmp_path / "scratch2", layer="Other")) == []


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_rows_that_an_ods_file_hides_are_read_and_counted(tmp_path: Path, how: str) -> None:
    path = lists.write_ods(tmp_path / "list.ods", ROWS)
    assert hidden(open_source(path, tmp_path / "scratch")) == []
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    first, *others = parts["content.xml"].split("<table:table-row>")
    # The second, fifth and sixth row of the sheet, and before them one that stands for two without anything.
    marked = [
        f'<table:table-row table:visibility="{how}">' if i in (1, 4, 5) else "<table:table-row>" for i in range(8)
    ]
    empty = '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
    parts["content.xml"] = first + empty + "".join(mark + each for mark, each in zip(marked, others, strict=True))
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    source = open_source(path, tmp_path / "scratch2")
    assert hidden(source) == [3]
    assert len(list(source.rows())) == 7
