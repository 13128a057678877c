"""What groups look for in the terminal: a waiting list in, lists, and one of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse.cli.main import main

LIST = (
    "id,group,contact,e-mail,what for,size,must have,district\n"
    "1,Repair café,Ada,ada@group.example,repair café,60-120,power and a view,Docks\n"
    "2,Ice artists,,,ice,,,\n"
)


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line at an empty register."""
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPUSE_REGISTER", address)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "waiting.csv").write_text(LIST, encoding="utf-8")

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    assert call("create").exit_code == 0
    return call


def test_a_waiting_list_comes_in_once_and_is_listed_and_shown(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "waiting.csv"
    looked = run("import", "--kind", "needs", path, "--dry-run", "--report", tmp_path / "report.csv")
    assert looked.exit_code == 0, looked.output
    assert "must have  ->  musts" in looked.stderr
    assert "Nothing was written." in looked.stderr
    assert "of them drafts: what for is not understood" in looked.stdout
    report = (tmp_path / "report.csv").read_text(encoding="utf-8-sig")
    assert "2,must have,a view,We do not understand “a view”.,Nothing is asked for it; the words are kept" in report
    done = json.loads(run("import", "--kind", "needs", path, "--json").stdout)
    assert (done["import"], done["counts"]["new"], done["counts"]["drafts"]) == ("IM-0001", 2, 1)
    assert json.loads(run("import", "--kind", "needs", path, "--json").stdout)["counts"]["unchanged"] == 2
    found = json.loads(run("needs", "list", "--json").stdout)
    assert [(each["ref"], each["state"], each["group"], each["question"]) for each in found] == [
        ("ND-0001", "waiting", "Repair café", "use=workshop&m2=60-120&has=power"),
        ("ND-0002", "draft", "Ice artists", ""),
    ]  # fmt: skip
    for asked, refs in (
        (("--state", "draft"), ["ND-0002"]), (("--use", "workshop"), ["ND-0001"]), (("--status", "open"), ["ND-0001"]),
        (("--source", "other"), []), (("--group", "OR-0002"), ["ND-0002"]), (("ND-0002",), ["ND-0002"]),
    ):  # fmt: skip
        assert [each["ref"] for each in json.loads(run("needs", "list", *asked, "--json").stdout)] == refs, asked
    assert "Repair café" in run("needs", "list").stdout


def test_one_is_shown_with_what_happened(run: Any, tmp_path: Path) -> None:
    run("import", "--kind", "needs", tmp_path / "waiting.csv")
    told = json.loads(run("needs", "show", "nd-0001", "--json").stdout)
    assert (told["state"], told["source_fields"]["must have"], told["unclear"], told["matches"]) == (
        "waiting", "power and a view", [], [],
    )  # fmt: skip
    assert [each["what"] for each in told["history"]] == ["import"]
    assert "confirm_token" not in told
    assert "use=workshop&m2=60-120&has=power" in run("needs", "show", "ND-0001").stdout
    assert run("needs", "show", "ND-0404").exit_code == 3


def test_the_columns_of_a_waiting_list_can_be_mended_and_given_back(run: Any, tmp_path: Path) -> None:
    path, columns = tmp_path / "odd.csv", tmp_path / "columns.csv"
    path.write_text("who,what they do\nChoir,rehearsal\n", encoding="utf-8")
    assert run("import", "--kind", "needs", path).exit_code == 5
    assert run("import", "--kind", "needs", tmp_path / "waiting.csv", "--columns", columns).exit_code == 0
    assert "column,what for,purpose,," in columns.read_text(encoding="utf-8-sig")
    columns.write_text("what,theirs,field,ours,unit\ncolumn,who,organisation,,\ncolumn,what they do,use,,\n")
    done = json.loads(run("import", "--kind", "needs", path, "--profile", columns, "--json").stdout)
    assert done["counts"]["looking"] == 1
