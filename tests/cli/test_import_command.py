"""``tempuse import``: what it shows, what it writes, and the sentence and exit code for every bad input."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse.cli.main import main
from tempuse.io.sources import archives
from tempuse.store import spaces
from tempuse.store.engine import open_register
from tests.io import lists


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line at a fresh register on each engine: ``run("import", path)``."""
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPUSE_REGISTER", address)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    assert call("create").exit_code == 0
    assert call("settings", "country", "BE").exit_code == 0
    return call


def held(address: str) -> dict[str, Any]:
    register = open_register(address)
    with register.connect() as con:
        found = {space.source_ref: space for batch in spaces.walk(con) for _, space in batch}
        con.rollback()
    register.close()
    return found


def test_a_list_comes_in_and_the_report_says_what_was_done(run: Any, address: str, tmp_path: Path) -> None:
    path = lists.write_csv(tmp_path / "vacant.csv", lists.table())
    said = ["--ownership", "municipality", "--licence", "CC0", "--looked-on", "2026-11-02"]
    assert "This day is still to come." in run("import", path, "--looked-on", "2999-01-01").output
    result = run("import", path, "--as", "verified", *said)
    assert result.exit_code == 0, result.output
    assert "4  new, with a place" in result.stdout
    assert "Brought in as IM-0001." in result.stderr
    assert "Floor area  ->  floor_area_m2 (guessed)" in result.stderr
    found = held(address)
    assert set(found) == {"001", "002", "003", "004"}
    first = found["001"]
    assert (first.status, first.ownership, first.source, first.source_licence) == (
        "verified",
        "municipality",
        "vacant",
        "CC0",
    )
    assert str(first.checked_on) == "2026-11-02"
    again = run("import", path, "--as", "verified")
    assert "4  unchanged" in again.stdout


def test_a_dry_run_writes_nothing(run: Any, address: str, tmp_path: Path) -> None:
    result = run("import", lists.write_csv(tmp_path / "vacant.csv", lists.table()), "--dry-run")
    assert result.exit_code == 0
    assert "4  new, with a place" in result.stdout
    assert "Nothing was written." in result.stderr
    assert held(address) == {}
    assert not list((tmp_path / "home" / "staging").iterdir())


def test_alike_notices_are_one_line_with_their_rows(run: Any, tmp_path: Path) -> None:
    rows = [["Name", "Vacant since", "Lat", "Lon"]]
    rows += [[f"Store {i}", "31.02.2023" if i < 11 else "soon", 51.05, 3.7 + i / 100] for i in range(1, 13)]
    path, report = lists.write_csv(tmp_path / "list.csv", rows), tmp_path / "report.txt"
    told = run("import", path, "--within", "BE", "--dry-run", "--report", report).output
    assert told.count("31.02.2023") == 1
    lines = report.read_text().splitlines()
    first = "2, 3, 4, 5, 6, 7, 8, 9 … (10 rows) | Vacant since | 31.02.2023 | There is no such day."
    assert f"{first} | Left empty. Please look." in lines
    assert "12, 13 | Vacant since | soon | Not a date. | Left empty. Please look." in lines


def test_a_dry_run_touches_nothing_of_the_sender_s_nor_of_the_register(run: Any, address: str, tmp_path: Path) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    lists.write_vector(folder / "list.gpkg", "GPKG")
    open_yet = sqlite3.connect(folder / "list.gpkg")
    open_yet.execute("PRAGMA journal_mode = WAL")
    open_yet.execute("CREATE TABLE notes (a)")
    open_yet.commit()
    lists.write_csv(folder / "addresses.csv", [["Address", "Lat", "Lon"], ["Quay 1", 51.05, 3.72]])

    def bytes_of(*paths: Path) -> dict[str, bytes]:
        return {each.name: each.read_bytes() for path in paths for each in sorted(path.iterdir()) if each.is_file()}

    register = Path(address)
    before, ours = bytes_of(folder), register.read_bytes() if register.is_file() else b""
    assert {"list.gpkg", "list.gpkg-wal", "addresses.csv"} <= set(before)
    answer = run("import", folder / "list.gpkg", "--addresses", folder / "addresses.csv", "--within", "BE", "--dry-run")
    assert answer.exit_code == 0, answer.output
    after = bytes_of(folder)
    shm = {name for name in after if name.endswith("-shm")}  # who reads is noted there, by SQLite and for its own use
    assert {name: each for name, each in after.items() if name not in shm} == {
        name: each for name, each in before.items() if name not in shm
    }
    assert (register.read_bytes() if register.is_file() else b"") == ours
    open_yet.close()


def test_a_program_gets_json_and_a_person_a_report_as_a_file(run: Any, tmp_path: Path) -> None:
    rows = lists.table()
    rows[1][5], rows[2][6:8] = "partly", [0, 0]
    path = lists.write_csv(tmp_path / "vacant.csv", rows)
    result = run("import", path, "--json", "--report", tmp_path / "report.csv")
    answer = json.loads(result.stdout)
    assert (answer["import"], answer["counts"]["new"], answer["counts"]["without_place"]) == ("IM-0001", 3, 1)
    assert set(answer["seconds"]) == {"prepare", "merge"}
    assert [(issue["row"], issue["wrong"], issue["done"]) for issue in answer["issues"]] == [
        ("3", "Its coordinates are 0, 0.", "Waits for a place."),
        ("2", "Not yes, no or unknown.", "Kept as “not known”; the word itself is kept beside it."),
    ]
    written = list(csv.reader(io.StringIO((tmp_path / "report.csv").read_text(encoding="utf-8-sig"))))
    assert written[0] == ["Row", "Column", "It says", "What is wrong", "What we did"]
    assert [row[0] for row in written[1:]] == ["3", "2"]
    run("import", path, "--dry-run", "--report", tmp_path / "report.txt")
    assert "rows in the file" in (tmp_path / "report.txt").read_text()


def test_a_report_runs_no_formula_in_a_spreadsheet(run: Any, tmp_path: Path) -> None:
    rows = lists.table()
    rows[1][5] = '=HYPERLINK("http://example.org")'
    rows[2][5] = "@SUM(1)"
    path = lists.write_csv(tmp_path / "vacant.csv", rows)
    run("import", path, "--report", tmp_path / "report.csv")
    cells = [row[2] for row in csv.reader(io.StringIO((tmp_path / "report.csv").read_text(encoding="utf-8-sig")))]
    assert all(not cell.startswith(("=", "@", "+")) for cell in cells)


def test_the_columns_go_out_are_mended_and_come_back(run: Any, address: str, tmp_path: Path) -> None:
    path = lists.write_csv(tmp_path / "vacant.csv", [["Titel", "Wo", "Wie"], ["Loft", "1 Quay Lane", "so lala"]])
    result = run("import", path, "--columns", tmp_path / "columns.csv")
    assert result.exit_code == 0, result.output
    assert held(address) == {}
    text = (tmp_path / "columns.csv").read_text(encoding="utf-8-sig")
    text = text.replace("column,Titel,,", "column,Titel,name,").replace("column,Wo,,", "column,Wo,address,")
    text = text.replace("column,Wie,,", "column,Wie,condition,") + "value,so lala,condition,fair,\n"
    (tmp_path / "columns.csv").write_text(text)
    result = run("import", path, "--profile", tmp_path / "columns.csv")
    assert result.exit_code == 0, result.output
    (space,) = held(address).values()
    assert (space.name, space.address, space.condition) == ("Loft", "1 Quay Lane", "fair")


def test_what_is_missing_is_retired_on_the_day_that_is_told(run: Any, address: str, tmp_path: Path) -> None:
    path = lists.write_csv(tmp_path / "vacant.csv", lists.table())
    run("import", path)
    lists.write_csv(path, lists.table()[:3])
    result = run("import", path, "--retire-missing", "2026-11-01")
    assert "2  in the register but not in the file any more" in result.stdout
    found = held(address)
    assert [found[ref].retired_on for ref in ("001", "003", "004")] == [None, date(2026, 11, 1), date(2026, 11, 1)]


# ---- bad input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "options", "said", "code"),
    [
        ("list.csv", b"", (), "list.csv is empty.", 5),
        ("list.csv", b"Name,Address\n", (), "list.csv has names of columns but no rows.", 5),
        ("list.csv", b"%PDF-1.7", (), "is written as PDF", 5),
        ("list.xlsx", b"<html><body>Sign in</body></html>", (), "is written as HTML", 5),
        ("list.xlsx", b"PK\x03\x04 cut short", (), "is damaged and cannot be read", 5),
        ("list.gpkg", b"SQLite format 3\x00" + bytes(84), (), "is damaged and cannot be read", 5),
        ("list.geojson", b'{"type": "Topology"}', (), "not GeoJSON", 5),
        ("list.dat", bytes(range(256)) * 20, (), "of a kind that we cannot read", 5),
        ("list.csv", b"Qwertz,Uiop\na,b\n", (), "Say which is the name or the address", 5),
        ("list.csv", b"Name\nLoft\n", ("--crs", "EPSG:99999"), "not a coordinate reference system that we know", 5),
        ("list.csv", b"Name\nLoft\n", ("--within", "Atlantis"), "neither a country we know", 5),
        ("list.csv", b"Name\nLoft\n", ("--encoding", "klingon"), "not written in klingon", 5),
        (
            "list.csv",
            b"Name\nLoft\n",
            ("--profile", "england-brownfield"),
            "needs columns that this file does not have",
            5,
        ),
        ("list.csv", b"Name\nLoft\n", ("--profile", "mine"), "There is no profile “mine”", 5),
        ("list.csv", b"Name\nLoft\n", ("--profile", "mine.csv"), "There is no list of columns mine.csv", 5),
        ("list.csv", b"Name\nLoft\n", ("--addresses", "away.csv"), "There is no file away.csv", 3),
        ("list.csv", b"Name\nLoft\n", ("--ask-geocoder",), "no address service in its settings", 6),
        ("list.csv", b"Name\nLoft\n", ("--kind", "castle"), "is not one of", 2),
        ("list.csv", b"Name\nLoft\n", ("--retire-missing", "soon"), "does not match the format", 2),
        ("away.csv", None, (), "There is no file away.csv.", 3),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_bad_input_gets_a_sentence_and_loses_nothing(
    run: Any, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str, content: bytes | None, options: tuple[str, ...], said: str, code: int,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = run("import", tmp_path / name, *options)
    assert result.exit_code == code, result.output
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.output
    assert held(address) == {}
    assert not list((tmp_path / "home" / "staging").glob("*/*"))


def test_a_bomb_is_not_opened(run: Any, tmp_path: Path) -> None:
    one = tmp_path / "list.csv"
    one.write_bytes(bytes(130 * archives.MEGABYTE))
    result = run("import", lists.zipped(tmp_path / "list.zip", {"list.csv": one}))
    assert result.exit_code == 5
    assert "unpacks to far more than a list of spaces could be" in result.stderr


def test_a_sheet_that_is_not_there_says_which_there_are(run: Any, tmp_path: Path) -> None:
    result = run("import", lists.write_xlsx(tmp_path / "list.xlsx", {"Vacant": lists.table()}), "--sheet", "Empty")
    assert (result.exit_code, result.stderr.strip()) == (5, "list.xlsx has no sheet “Empty”. It has: Vacant.")


def test_the_register_itself_is_no_list(run: Any, address: str, tmp_path: Path) -> None:
    if address.startswith("postgresql"):
        return
    result = run("import", address)
    assert result.exit_code == 5
    assert "is this register itself" in result.stderr


def test_every_row_with_something_amiss_still_comes_in(run: Any, address: str, tmp_path: Path) -> None:
    """One of each: nothing of a row is lost because one cell of it does not fit."""
    head = ["Ref", "Name", "WKT", "Floor area", "Heating", "Empty since", "Condition", "Built in"]
    bow = "POLYGON ((3.70 51.04, 3.72 51.06, 3.72 51.04, 3.70 51.06, 3.70 51.04))"
    rows = [
        ["1", "Bow", bow, "1.25.5", "partly", "31/02/2026", "so lala", "long ago"],
        ["2", "x" * 5000, "POINT (51.05 3.72)", "-5", "#N/A", "2026", None, "1850 or so"],
        ["3", "Elsewhere", "POINT (13.4 52.5)", "large", "yes", "03/2026", "good", "1931", "one too many"],
    ]
    result = run("import", lists.write_csv(tmp_path / "list.csv", [head, *rows]), "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    counts = answer["counts"]
    assert (counts["new"], counts["without_place"], counts["left_behind"]) == (2, 1, 0)
    found = held(address)
    assert found["1"].source_fields == {
        "Floor area": "1.25.5", "Heating": "partly", "Empty since": "31/02/2026", "Condition": "so lala",
        "Built in": "long ago",
    }  # fmt: skip
    assert found["2"].source_fields == {"Name": "x" * 5000, "Floor area": "-5", "Built in": "1850 or so"}
    assert found["3"].source_fields == {
        "Floor area": "large", "Column 8": "1931", "Column 9": "one too many", "WKT": "POINT (13.4 52.5)",
    }  # fmt: skip
    assert found["1"].geometry.is_valid
    assert found["3"].geometry is None
    said = {(issue["row"], issue["wrong"]) for issue in answer["issues"]}
    assert said == {
        ("2", "The outline crosses itself."), ("2", "Dot or comma? It could be two numbers."),
        ("2", "Not yes, no or unknown."), ("2", "There is no such day."), ("2", "This is not one of the choices."),
        ("2", "Not a year."), ("3", "The text is very long."),
        ("3", "Latitude and longitude, or east and north, were swapped."),
        ("3", "This must lie between 0 and 10000000."), ("3", "A formula failed in this cell."), ("3", "Only a year."),
        ("3", "Not a year."), ("4", "It lies outside Belgium."), ("4", "Not a number."), ("4", "Only a month."),
        ("4", "The row is longer than the header."),
    }  # fmt: skip
