"""What a spreadsheet would run as a formula never leaves as one: every CSV, every workbook, cells and headers alike."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import tempuse
import web
from tempuse.cli.main import main
from tempuse.errors import Issue
from tempuse.io import commas, crosswalk
from tempuse.io.crosswalk import Column, Crosswalk
from tempuse.io.read import open_source
from tempuse.store import spaces
from tempuse.store.engine import open_register
from web.presenters import import_report

Run = Callable[..., Result]
EVIL = (
    "-2+3+cmd|' /C calc'!A0", "=1+cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "@SUM(1+9)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example";"y")', "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "-cmd", "--1|x", "+a",
)  # fmt: skip
PLAIN = ("-3.5", "-3,5", "+32 9 123 45 67", "-", "12 Quay", "'s Gravenweg 3", "a=b", "1-2", "é", "‘t Hof", " x")
RUNS = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TEMPUSE_REGISTER", str(tmp_path / "register.gpkg"))
    runner = CliRunner()

    def call(*words: Any) -> Result:
        result = runner.invoke(main, [str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result

    call("create", "--municipality", "Rivermouth")
    call("settings", "country", "BE")
    return call


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would run a cell: figures alone are no formula."""
    return RUNS.match(cell) is not None and not re.fullmatch(r"[\s\d+\-.,/()]*", cell)


def _cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))


def _evil_list(path: Path) -> Path:
    """A list whose columns and cells would all be run, and which fits nowhere."""
    head = ["Ref", "Name", "Address", "Lat", "Lon", "Floor area", "Heating", *EVIL[:5]]
    rows = [[f"={i}+1", evil, f"{i} Quay", 51.05, 3.7 + i / 100, evil, evil, *EVIL[:5]] for i, evil in enumerate(EVIL)]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *rows])
    return path


@pytest.mark.parametrize("text", [*EVIL, *(f"'{each}" for each in EVIL), *PLAIN])
def test_the_guard_is_put_on_and_taken_off(text: str) -> None:
    guarded = commas.harmless(text)
    assert not _runs(guarded)
    assert commas.bare(guarded) == text
    assert (guarded == text) == (text in PLAIN)


def test_every_file_of_commas_is_written_by_the_one_writer() -> None:
    folders = [Path(package.__file__ or "").parent for package in (tempuse, web)]
    texts = {path: path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")}
    others = [path.name for path, text in texts.items() if re.search(r"csv\.(writer|DictWriter)\b", text)]
    assert others == ["commas.py"]


def test_the_list_of_what_was_noticed_is_harmless() -> None:
    issues = [Issue(i, evil, evil, "value.not_a_number", "value.left_empty") for i, evil in enumerate(EVIL, 2)]
    rows = _cells(import_report.as_csv(issues))
    assert not [cell for row in rows for cell in row if _runs(cell)]
    assert [commas.bare(row[2]) for row in rows[1:]] == list(EVIL)


def test_a_list_of_columns_is_harmless_and_comes_back_whole() -> None:
    # Names of columns have no blanks around them, and are one line.
    evil = [each for each in (*EVIL, "'=x", "''+y", "plain") if each == each.strip()]
    known = Crosswalk("generic", [Column(evil[0], "name"), Column(evil[1], "floor_area_m2", "=m2")])
    known.values["heating"] = {"=ja": "yes", "-nee": "no"}
    known.about["extent"] = "@BE"
    text = crosswalk.write(known, evil)
    assert not [cell for row in _cells(text) for cell in row if _runs(cell)]
    back = crosswalk.read(text, "x")
    assert [(column.theirs, column.field, column.unit) for column in back.columns] == [
        (name, {evil[0]: "name", evil[1]: "floor_area_m2"}.get(name, ""), "=m2" if name == evil[1] else "")
        for name in evil
    ]
    assert back.values["heating"] == known.values["heating"]
    assert back.about["extent"] == "@BE"


def test_an_import_leaves_nothing_that_runs_and_its_columns_can_be_given_back(run: Run, tmp_path: Path) -> None:
    path, columns, report = _evil_list(tmp_path / "evil.csv"), tmp_path / "columns.csv", tmp_path / "report.csv"
    run("import", path, "--columns", columns)
    run("import", path, "--report", report)
    for made in (columns, report):
        rows = _cells(made.read_text(encoding="utf-8"))
        assert len(rows) > len(EVIL)
        assert not [cell for row in rows for cell in row if _runs(cell)], made
    again = run("import", path, "--profile", columns)
    assert "kept as it is" in again.stderr
    assert f"{len(EVIL)}  unchanged" in again.stdout


@pytest.mark.parametrize("audience", ["public", "office"])
def test_exports_are_harmless_and_come_back_as_they_were(run: Run, tmp_path: Path, audience: str) -> None:
    run("import", _evil_list(tmp_path / "evil.csv"), "--as", "offered", "--ownership", "municipality")
    table, book, sheet = (tmp_path / f"out.{form}" for form in ("csv", "xlsx", "ods"))
    for made in (table, book, sheet):
        run("export", made, "--audience", audience)
    rows = _cells(table.read_text(encoding="utf-8"))
    assert not [cell for row in rows for cell in row if _runs(cell)]
    cells = [cell for line in openpyxl.load_workbook(book).active.iter_rows() for cell in line]  # type: ignore[union-attr]
    assert not [cell for cell in cells if cell.data_type == "f"]
    content = zipfile.ZipFile(sheet).read("content.xml").decode()
    assert "table:formula" not in content
    names = {row.values["name"] for row in open_source(table, tmp_path / "scratch").rows()}
    assert names == {each.strip() for each in EVIL}


def test_what_a_profile_leaves_out_is_listed_harmlessly(run: Run, tmp_path: Path) -> None:
    run("import", _evil_list(tmp_path / "evil.csv"), "--as", "offered", "--ownership", "municipality")
    made = tmp_path / "sites.csv"
    run("export", made, "--profile", "cnig-friches", "--audience", "office", "--set", "comm_insee=08105",
        "--set", "site_statut==1+1", "--set", "source_nom=@SUM(1)", "--set", "source_producteur=+a")  # fmt: skip
    for path in (made, tmp_path / "sites-left-out.csv"):
        rows = _cells(path.read_text(encoding="utf-8"))
        assert len(rows) > 1, path
        assert not [cell for row in rows for cell in row if _runs(cell)], path


def test_figures_stay_figures(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("Name,Lat,Lon,Storey\nMill,51.05,-3.5,-1\n", encoding="utf-8")
    run("import", path, "--within", "-4,51,-3,52")
    run("export", tmp_path / "out.csv", "--audience", "office")
    (row,) = open_source(tmp_path / "out.csv", tmp_path / "scratch").rows()
    assert (row.values["lon"], row.values["storey"]) == ("-3.5", "-1")
    register = open_register(str(tmp_path / "register.gpkg"))
    with register.connect() as con:
        ((_, space),) = [each for batch in spaces.walk(con) for each in batch]
        con.rollback()
    register.close()
    assert (space.storey, round(space.geometry.x, 3)) == (-1, -3.5)
