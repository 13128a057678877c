"""The rows that name a table's columns: two of them with groups, and others further down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tempuse.io.crosswalk.columns import known_names
from tempuse.io.read import open_source
from tempuse.io.sources.headers import header_of, later
from tests.io import lists

_ = None
ROW = [1, "Mill", "Weg 1", 120, 500, 3.72, 51.05]


@pytest.mark.parametrize(
    ("rows", "at", "names"),
    [
        # A row below says what is in each group, and what has none stays as it is, whether joined over both or not.
        ([["Nr", "Name", "Ort", "Größe", _, "Lage", _], [_, _, _, "Nutzfläche", "Grund", "Lon", "Lat"], ROW], 2,
         ["Nr", "Name", "Ort", "Nutzfläche", "Größe Grund", "Lon", "Lat"]),
        ([["List"], ["Nr", "Name", "Ort", "Area", _, "At", _], ["Nr", "Name", "Ort", "floor", "plot", "x", "y"], ROW],
         3, ["Nr", "Name", "Ort", "Area floor", "Area plot", "x", "y"]),
        # The name of an owner is no name of a space.
        ([["Objekt", _, _, "Eigentümer", _, "Lage", _], ["Nr", "Ort", "Art", "Name", "Telefon", "Lon", "Lat"], ROW], 2,
         ["Nr", "Ort", "Art", "Eigentümer Name", "Telefon", "Lon", "Lat"]),
        ([["Objekt", _, _, "Kontakt", _, "Lage", _], ["Nr", "Name", "Art", "Name", "Amt", "Lon", "Lat"], ROW], 2,
         ["Nr", "Name", "Art", "Kontakt Name", "Amt", "Lon", "Lat"]),
        # A row of texts below a column without a name is a row.
        ([["Nr", "Name", "Ort", "Art", "Zustand", _], ["A", "Mill", "Weg 1", "shop", "good", "x"],
          ["B", "Hall", "Weg 2", "shop", "bad", "y"]], 1, ["Nr", "Name", "Ort", "Art", "Zustand", _]),
    ],
)  # fmt: skip
def test_two_rows_name_the_columns(rows: list[list[Any]], at: int, names: list[Any]) -> None:
    assert header_of(list(enumerate(rows, 1)), known_names()) == (at, names)


def test_another_table_further_down_has_columns_of_its_own(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Nr", "Name", "Address", "Area", "Lat", "Lon"], [1, "Mill", "Weg 1", 120, 51.05, 3.72],
        [2, "Hall", "Weg 2", 130, 51.06, 3.73], ["Plots"], ["Nr", "Name", "Lat", "Lon", "Area"],
        [1, "Yard", 51.07, 3.74, 500],
    ]  # fmt: skip
    source = open_source(lists.write_xlsx(tmp_path / "list.xlsx", {"List": rows}), tmp_path / "scratch")
    assert [(issue.row, issue.message) for issue in source.issues] == [(5, "file.another_table")]
    *_, heading, yard = lists.candidates(source)
    assert (heading.aside, yard.line) == ("row.is_heading", 6)
    assert (yard.fields["name"], yard.fields["floor_area_m2"], yard.fields["geometry"].x) == ("Yard", 500, 3.74)


@pytest.mark.parametrize(
    "cells", [["Nr", "Name", "Address", "Area"], ["Mill", "Weg 1", "shop"], ["Name", 3, "Lat", "Lon"], ["Name", "Lat"]]
)
def test_a_row_is_no_header_of_another_table(cells: list[Any]) -> None:
    assert later([(1, ["Nr", "Name", "Address", "Area"]), (5, cells)], 1, ["Nr", "Name", "Address", "Area"],
                 known_names()) == {}  # fmt: skip


def test_a_table_beside_another_is_left_out_and_said(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Nr", "Name", "Lat", "Lon", _, "Nr", "Name", "Lat", "Lon"],
        [1, "Mill", 51.05, 3.72, _, 1, "Yard", 51.07, 3.74], [2, "Hall", 51.06, 3.73, _, 2, "Lawn", 51.08, 3.75],
    ]  # fmt: skip
    source = open_source(lists.write_xlsx(tmp_path / "list.xlsx", {"List": rows}), tmp_path / "scratch")
    assert [(issue.message, issue.grave) for issue in source.issues] == [("file.table_beside", True)]
    assert [row.values for row in source.rows()] == [dict(zip(rows[0][:4], row[:4], strict=True)) for row in rows[1:]]
