"""What the command line prints comes from files: shown as it stands, and printing it never changes the outcome."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse.cli.main import main

Run = Callable[..., Result]
MARKS = (
    "[/]",
    "[/see note]",
    "[unknown]",
    "[n/a]",
    "[bold]x[/bold]",
    "[link=http://x]y",
    ":id:",
    ":smile:",
    "[",
    "\\[x]",
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TEMPUSE_REGISTER", str(tmp_path / "register.gpkg"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: Any) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    assert call("create", "--municipality", "Rivermouth [/]").exit_code == 0
    return call


def a_list(path: Path, *odd: str) -> Path:
    """A list with these texts where numbers belong, and in the names of its columns."""
    with path.open("w", encoding="utf-8", newline="") as out:
        head = ["Name", "Address", "Floor area", *(f"{text} column" for text in odd)]
        rows = [[f"Store {text}", f"{i} Quay {text}", text] for i, text in enumerate(odd)]
        csv.writer(out).writerows([head, *rows])
    return path


@pytest.mark.parametrize("marks", [MARKS[:3], MARKS[3:6], MARKS[6:8], MARKS[8:]])  # so many texts are named
def test_foreign_text_is_shown_as_it_stands(run: Run, tmp_path: Path, marks: tuple[str, ...]) -> None:
    done = run("import", a_list(tmp_path / "[bold] list.csv", *marks))
    assert done.exit_code == 0, done.output
    assert "Brought in as IM-0001." in done.stderr
    for text in marks:
        assert text in done.stdout, text
        assert f"{text} column  ->" in done.stderr, text
    assert "list “[bold] list”" in done.stderr


@pytest.mark.parametrize(
    "words",
    [("import", "[bold].csv"), ("import", "x.csv", "--crs", "[/]"), ("import", "x.csv", "--within", "[/red]"),
     ("import", "x.csv", "--profile", "[/x]"), ("settings", "[/]", "x"),
     ("retire", "[/]", "--on", "2026-01-01"), ("export", "[bold].zzz"), ("user", "add", "[/]@x"), ("stats",),
     ("settings",)],
)  # fmt: skip
def test_no_sentence_of_a_command_dies_of_what_was_typed(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "x.csv").write_text("Name\nMill\n", encoding="utf-8")
    done = run(*(str(tmp_path / word) if word == "x.csv" else word for word in words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    if done.exit_code and done.exit_code != 2:
        assert "[" in done.stderr


def test_what_would_steer_the_terminal_is_left_out(run: Run, tmp_path: Path) -> None:
    odd = "\x1b[2J\x1b]0;owned\x07\x9b31m\x7fodd"
    about = {"name": f"Mill {odd}", "Available from": odd, "address": "1 Quay", f"{odd} column": odd}
    feature = {"type": "Feature", "properties": about, "geometry": None}
    path = tmp_path / "list.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    done = run("import", path)
    assert done.exit_code == 0, done.output
    assert not any(sign in done.output for sign in "\x1b\x07\x9b\x7f")
    assert "odd" in done.stdout


def test_a_terminal_without_our_letters_changes_no_outcome(run: Run, tmp_path: Path) -> None:
    path = a_list(tmp_path / "liste.csv", "„Größe“ 一", "ў")
    around = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tempuse.cli", "import", str(path)], capture_output=True, env=around, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert b"Brought in as IM-0001." in done.stderr


def test_a_report_that_cannot_be_written_is_said_before_anything_is(run: Run, tmp_path: Path) -> None:
    done = run("import", a_list(tmp_path / "list.csv", "odd"), "--report", tmp_path / "nowhere" / "report.csv")
    assert done.exit_code in (3, 6), done.output
    assert "Traceback" not in done.output
    assert run("import", tmp_path / "list.csv").exit_code == 0
