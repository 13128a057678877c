"""One odd value never ends an import: it costs itself, is said with its row and column, and the rest comes in."""

from __future__ import annotations

import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from tempuse.cli.main import main
from tempuse.errors import Invalid
from tempuse.io import guard
from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import load
from tempuse.io.crosswalk.columns import match
from tempuse.io.places.extents import extent_of
from tempuse.io.sources.source import Row, Source
from tempuse.io.values import cells
from tempuse.io.values.cells import Style, number
from web.presenters import import_report

HEAD = ["Name", "Lat", "Lon", "WKT", "Floor area", "Ceiling height", "Available from", "Storey", "Colour"]


def read(*rows: dict[str, Any], **geometries: Any) -> list[Candidate]:
    """Rows of a table, each with what it tells beside a name and a place."""
    held = [
        Row(i, {"Name": f"Store {i}", "Lat": 51.05, "Lon": 3.7, **row}, geometries.get(f"g{i}"))
        for i, row in enumerate(rows, 2)
    ]
    source = Source("list.csv", "csv", HEAD, lambda: iter(held), has_geometry=bool(geometries))
    records = Candidates(source, match(load("generic"), HEAD), extent=extent_of("BE"))
    return [row for batch in records.batches() for row in batch]


def said(row: Candidate) -> dict[str, tuple[str, str]]:
    """What was wrong with a row, by column; each with the sentences that a person reads."""
    for issue in row.issues:
        assert all(import_report.line(issue)[3:]), issue
    return {issue.field: (issue.message, issue.done) for issue in row.issues}


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3.4,5", "1.250,00, 800,00", "1,250.00, 800.00", "1.2.3,4,5", "9" * 400, "-" + "9" * 400, "1e400" * 80,
        "9" * 5000, "1" + "0" * 16,
    ],
    ids=lambda text: f"{text[:10]} {len(text)}",
)  # fmt: skip
def test_two_numbers_in_a_cell_and_numbers_without_end_are_left_open_and_said(text: str) -> None:
    odd, fine = read({"Floor area": text, "Ceiling height": text, "Storey": text}, {"Floor area": "12"})
    for column in ("Floor area", "Ceiling height", "Storey"):
        assert said(odd)[column][0] in ("value.dot_or_comma", "value.not_a_number", "value.several_numbers")
    assert odd.fields["geometry"] is not None
    assert odd.fields["source_fields"]["Floor area"] == text
    assert fine.fields["floor_area_m2"] == 12


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), 10**400, 10**5000, 1e300],
    ids=["nan", "inf", "-inf", "400 figures", "5000 figures", "1e300"],
)
def test_what_is_no_number_of_ours_is_no_number(value: Any) -> None:
    for style in (Style(), Style(","), Style(".")):
        assert number(value, style) == (None, "value.not_a_number")
    (row,) = read({"Floor area": value, "Available from": value, "Colour": value})
    assert "floor_area_m2" not in row.fields
    assert row.fields["geometry"] is not None


def test_days_out_of_all_range_are_said() -> None:
    days = ("2026-02-31", "0000-00-00", "99/99/9999", "2026-13-45", "3.14.15926", date.max, "٣٣/٣٣/٢٠٢٦")
    rows = read(*({"Available from": day} for day in days))
    assert all("available_from" not in row.fields for row in rows)
    assert all(row.issues for row in rows)


def test_signs_that_no_file_can_hold_are_taken_out() -> None:
    (row,) = read({"Name": "Mill\x00\ud800 Hall\x1b[31m", "Colour": "re\x00d\udfff", "Floor area": "1\x002"})
    assert row.fields["name"] == "Mill Hall[31m"
    assert row.fields["source_fields"] == {"Colour": "red"}
    assert row.fields["floor_area_m2"] == 12
    json.dumps([issue.value for issue in row.issues]).encode()


def test_a_row_without_signs_that_can_be_read_tells_nothing() -> None:
    (row,) = read({"Name": "\x00", "Colour": "\x00\x01"})
    assert "name" not in row.fields
    assert "source_fields" not in row.fields


@pytest.mark.parametrize(
    "text",
    [
        "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))", "GEOMETRYCOLLECTION(POINT(3.7 51))", "POINT(\ud800 3)",
        "POLYGON((3 51, 3.1 51))", "POINT(1e400 51)", "POINT(nan nan)", "0101000000" + "0" * 32, "POLYGON((", "{}",
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_read_waits_and_the_others_are_placed(text: str) -> None:
    away = {"Lat": None, "Lon": None}
    odd, fine = read({"WKT": text, **away}, {"WKT": "POINT(3.7 51.05)", **away})
    assert "geometry" not in odd.fields
    assert odd.fields["name"] == "Store 2"
    assert fine.fields["geometry"] == shapely.Point(3.7, 51.05)


class _Odd:
    """What no reader of ours should give, and no library takes."""

    def __str__(self) -> str:
        raise RuntimeError("Jan Jansen, 12 Secret Lane")


def test_what_nobody_expected_costs_its_cell_and_is_written_down_without_the_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        odd, again, fine = read({"Floor area": _Odd()}, {"Floor area": _Odd(), "Lat": _Odd()}, {"Floor area": 3})
    assert said(odd)["Floor area"] == ("value.unreadable", "value.left_empty")
    assert (odd.fields["name"], odd.fields["geometry"]) == ("Store 2", shapely.Point(3.7, 51.05))
    assert "geometry" not in again.fields
    assert fine.fields["floor_area_m2"] == 3
    assert len([line for line in caplog.messages if "floor_area_m2" in line]) == 1
    assert "RuntimeError in test_guard.py" in caplog.text
    assert "Jansen" not in caplog.text
    assert "Secret" not in caplog.text


def test_a_geometry_that_breaks_a_library_costs_its_own_place_only(caplog: pytest.LogCaptureFixture) -> None:
    bad, good = read({"Lat": None, "Lon": None}, {"Lat": None, "Lon": None}, g2=_Odd(), g3=shapely.Point(3.7, 51.05))
    assert said(bad)["geometry"] == ("place.unreadable", "place.waits")
    assert good.fields["geometry"] == shapely.Point(3.7, 51.05)
    assert "A place could not be read" in caplog.text


def test_halves_find_the_odd_one_among_many() -> None:
    calls, taken, lost = [], {}, []

    def work(some: Any) -> Any:
        calls.append(len(some))
        if 700 in some:
            raise ValueError
        return list(some)

    guard.by_halves(range(2000), work, lambda at, found: taken.update({at: found}), lambda at, _: lost.append(at))
    assert lost == [700]
    assert sorted(each for found in taken.values() for each in found) == [i for i in range(2000) if i != 700]
    assert all(found[0] == at for at, found in taken.items())
    assert len(calls) < 30

    def refused(_: Any) -> Any:
        raise Invalid("crs.unknown")

    with pytest.raises(Invalid):
        guard.by_halves(range(3), refused, taken.__setitem__, lambda *_: None)


def test_a_broken_parser_ends_no_import(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPUSE_REGISTER", address)
    path = tmp_path / "list.csv"
    path.write_text('Name,Address,Floor area\nMill,1 Quay,"1.250,00, 800,00"\nHall,2 Quay,400\n', encoding="utf-8")
    run = CliRunner()
    assert run.invoke(main, ["create"]).exit_code == 0
    done = run.invoke(main, ["import", str(path)])
    assert done.exit_code == 0, done.output
    assert "Several numbers in" in done.stdout
    assert "2  new, without a place yet" in done.stdout


def test_long_texts_are_no_numbers_no_days_and_no_words() -> None:
    long = "9" * (cells.LONGEST + 1)
    (row,) = read({"Floor area": long, "Available from": long, "Storey": long, "Name": "x" * 3000})
    assert {"floor_area_m2", "available_from", "storey"}.isdisjoint(row.fields)
    assert len(row.fields["name"]) == 2000
    assert np.isfinite(row.fields["geometry"].x)
