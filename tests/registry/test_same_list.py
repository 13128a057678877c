"""Two sheets of one file are two lists; and a list whose rows look like other spaces is brought in only when asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import shapely
from click.testing import CliRunner, Result

from tempuse.cli.main import main
from tempuse.store import spaces
from tempuse.store.engine import open_register

Run = Callable[..., Result]
Rows = list[tuple[Any, ...]]
HEAD = ("Ref", "Name", "Address", "Lat", "Lon")
NORTH: Rows = [
    (1, "Mill", "1 North Quay", 51.05, 3.70), (2, "Hall", "2 North Quay", 51.06, 3.71),
    (3, "Loft", "3 Quay", 51.07, 3.72),
]  # fmt: skip
SOUTH: Rows = [(1, "Depot", "1 South Lane", 50.95, 3.60), (2, "Barn", "2 South Lane", 50.94, 3.61)]


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPUSE_REGISTER", address)

    def call(*words: Any, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == code, result.output
        return result

    call("create")
    call("settings", "country", "BE")
    return call


def book(path: Path, **sheets: Rows) -> Path:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in (HEAD, *rows):
            sheet.append(row)
    made.save(path)
    return path


def layers(path: Path, **named: Rows) -> Path:
    """A GeoPackage with these layers."""
    for name, rows in named.items():
        values = {column: [row[i] for row in rows] for i, column in enumerate(HEAD[:3])}
        places = [shapely.Point(row[4], row[3]) for row in rows]
        geopandas.GeoDataFrame(values, geometry=places, crs="EPSG:4326").to_file(path, layer=name, driver="GPKG")
    return path


def held(address: str) -> dict[tuple[str, str], str]:
    """The names of all spaces, by list and number."""
    register = open_register(address)
    with register.connect() as con:
        found = [space for batch in spaces.walk(con) for _, space in batch]
        con.rollback()
    register.close()
    return {(space.source or "", space.source_ref or ""): space.name or "" for space in found}


def both() -> dict[str, Rows]:
    return {"North": NORTH, "South": SOUTH}


@pytest.mark.parametrize("make", [book, layers])
def test_two_sheets_of_one_file_with_the_same_numbers_are_two_lists(
    run: Run, address: str, tmp_path: Path, make: Any
) -> None:
    path = make(tmp_path / f"both.{'xlsx' if make is book else 'gpkg'}", **both())
    for _ in range(2):  # a second time finds each its own
        run("import", path, "--sheet", "North")
        told = run("import", path, "--sheet", "South")
    assert "2  unchanged" in told.stdout
    assert set(held(address).values()) == {"Mill", "Hall", "Loft", "Depot", "Barn"}
    assert {source for source, _ in held(address)} == {"both, North", "both, South"}


def test_the_sheet_that_is_taken_by_itself_is_the_one_that_was_named(run: Run, address: str, tmp_path: Path) -> None:
    path = book(tmp_path / "both.xlsx", **both())
    run("import", path)
    assert "3  unchanged" in run("import", path, "--sheet", "North").stdout
    run("import", path, "--sheet", "South")
    assert len(held(address)) == 5


def test_a_file_with_one_sheet_keeps_the_name_that_it_always_had(run: Run, address: str, tmp_path: Path) -> None:
    path = book(tmp_path / "vacant.xlsx", North=NORTH)
    run("import", path)
    assert {source for source, _ in held(address)} == {"vacant"}
    # Next year somebody has left a sheet of codes in it: still the same list.
    book(path, North=NORTH, Codes=SOUTH[:1])
    assert "3  unchanged" in run("import", path).stdout
    assert len(held(address)) == 3


def test_a_list_that_lost_its_other_sheet_is_found_again(run: Run, address: str, tmp_path: Path) -> None:
    path = book(tmp_path / "both.xlsx", **both())
    run("import", path)
    book(path, North=NORTH)
    assert "3  unchanged" in run("import", path).stdout


def test_a_list_whose_rows_look_like_other_spaces_is_asked_about(run: Run, address: str, tmp_path: Path) -> None:
    path = book(tmp_path / "vacant.xlsx", Sheet1=NORTH)
    run("import", path)
    before = held(address)
    book(path, Sheet1=SOUTH)
    dry = run("import", path, "--dry-run")
    assert "Most rows of this list (2 of 2)" in dry.stderr
    assert json.loads(run("import", path, "--dry-run", "--json").stdout)["another_list"]["rows"] == 2
    refused = run("import", path, code=4)
    assert "“vacant”" in refused.stderr
    assert "--source" in refused.stderr
    assert "--same-list" in refused.stderr
    assert held(address) == before
    run("import", path, "--source", "south")
    assert len(held(address)) == 5
    run("import", path, "--same-list")
    assert held(address)["vacant", "1"] == "Depot"


@pytest.mark.parametrize(
    "rows",
    [
        [(1, "Old Mill", "1 North Quay", 51.05, 3.70), (2, "Town Hall", "2 North Quay", 51.06, 3.71)],  # renamed
        [(1, "Mill", "1 North Quay", 51.15, 3.70), (2, "Hall", "2 North Quay", 51.16, 3.71)],  # moved
        [(1, "Depot", "1 South Lane", 50.95, 3.60), (2, "HALL", "2 North Quay", 51.06, 3.71), NORTH[2]],  # one of them
        [(1, "The mill", "1 North Quay", 51.0504, 3.7004), (2, "The hall", "2 North Quay", 51.0603, 3.71)],  # mended
    ],
    ids=["renamed", "moved", "one", "mended"],
)
def test_a_list_that_was_worked_on_is_not_asked_about(run: Run, address: str, tmp_path: Path, rows: Rows) -> None:
    path = book(tmp_path / "vacant.xlsx", Sheet1=NORTH)
    run("import", path)
    run("import", book(path, Sheet1=rows))
    assert len(held(address)) == 3


def test_without_places_the_addresses_say_whether_it_is_another_list(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "vacant.csv"
    path.write_text("Ref,Name,Address\n1,Mill,1 North Quay\n2,Hall,2 North Quay\n", encoding="utf-8")
    run("import", path)
    path.write_text("Ref,Name,Address\n1,The mill,1 North Quay\n2,The hall,2 North Quay\n", encoding="utf-8")
    run("import", path)
    path.write_text("Ref,Name,Address\n1,Depot,1 South Lane\n2,Barn,2 South Lane\n", encoding="utf-8")
    run("import", path, code=4)


def test_a_known_list_has_its_columns_as_last_time_also_without_being_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Ref,Name,What,Address\n1,Mill,A mill,1 North Quay\n2,Hall,A hall,2 North Quay\n", encoding="utf-8")
    run("import", path, "--columns", tmp_path / "columns.csv")
    mended = (tmp_path / "columns.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "columns.csv").write_text(
        mended.replace("column,What,,,", "column,What,description,,"), encoding="utf-8"
    )
    run("import", path, "--profile", tmp_path / "columns.csv")
    again = run("import", path)
    assert "the register knows it, its columns are as last time" in again.output
    assert "2  unchanged" in again.output
    # A column that is new this year is guessed; a table of other columns is another one.
    path.write_text("Ref,Name,What,Address,Floor area\n1,Mill,A mill,1 North Quay,90\n", encoding="utf-8")
    told = run("import", path, "--dry-run")
    assert "Floor area  ->  floor_area_m2 (guessed)" in told.output
    path.write_text("Nummer,Naam,Adres\n1,Mill,1 North Quay\n", encoding="utf-8")
    assert "the register knows it" not in run("import", path, "--dry-run").output


def test_a_list_that_is_here_under_another_name_is_said_as_a_whole(run: Run, tmp_path: Path) -> None:
    many: Rows = [(i, f"Hall {i}", f"{i} Quay", 51.05 + i / 100, 3.7) for i in range(1, 7)]
    run("import", book(tmp_path / "winter.xlsx", List=many))
    report = tmp_path / "report.csv"
    run("import", book(tmp_path / "spring.xlsx", List=many), "--dry-run", "--report", report)
    assert "6 of the 6 new rows are likely here already." in report.read_text(encoding="utf-8-sig")
