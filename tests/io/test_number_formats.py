"""Units that stand in the format of a workbook's cells and nowhere else."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tempuse.io.read import open_source
from tests.io import lists

ROWS = [
    ["Nr", "Name", "Fläche", "Grundstücksfläche", "Miete", "Lon", "Lat"],
    [1, "Mill", 1250.5, 0.25, 1200, 3.72, 51.05],
    [2, "Hall", 0.5, 1.5, 12.5, 3.73, 51.06],
]
FORMATS = {
    "C2": '#,##0.0 "m²"', "C3": '0.0 "ha"', "D2": "0.00\\ \\h\\a", "D3": '0.00 "ha";-0.00 "ha"',
    "E2": "#,##0.00\\ [$€-407]", "E3": '_-* #,##0.00\\ "€/m²"',
}  # fmt: skip


def test_a_unit_that_only_the_format_of_a_cell_shows_counts(tmp_path: Path) -> None:
    path = lists.write_xlsx(tmp_path / "list.xlsx", {"List": ROWS})
    book = openpyxl.load_workbook(path)
    for cell, code in FORMATS.items():
        book["List"][cell].number_format = code
    book.save(path)
    source = open_source(path, tmp_path / "scratch")
    assert source.columns[3] == "Grundstücksfläche (ha)"
    mill, hall = lists.candidates(source)
    assert (mill.fields["floor_area_m2"], hall.fields["floor_area_m2"]) == (1250.5, 5000.0)
    assert (mill.fields["plot_area_m2"], hall.fields["plot_area_m2"]) == (2500.0, 15000.0)
    assert (mill.fields["cost_cents"], hall.fields["cost_cents"]) == (120_000, 6_250_000)
