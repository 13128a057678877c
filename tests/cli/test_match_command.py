"""``tempuse match``: a question from an address, a need or a file; the list, what it misses, what is not understood."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.registry.spaces import add_space
from tempuse.store.engine import open_register
from tempuse.wanted import Wanted
from tests.builders import a_space
from tests.needing import a_need, looking

NOW = datetime.now(UTC)
SPACES = (
    {"name": "Net loft", "floor_area_m2": 80.0, "toilets": True},
    {"name": "Rope walk", "floor_area_m2": 90.0, "toilets": None},
    {"name": "Ice house", "floor_area_m2": 55.0, "toilets": True},
    {"name": "Old school", "floor_area_m2": 100.0, "toilets": False},
    {"name": "Secret room", "floor_area_m2": 85.0, "toilets": True, "status": "withheld"},
)
ASKED = "use=workshop&m2=60-120&has=toilets"


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line at a register with five spaces and a need: ``run("match", "use=workshop")``."""
    for name, value in (("HOME", str(tmp_path / "home")), ("REGISTER", address)):
        monkeypatch.setenv(f"TEMPUSE_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    assert call("create").exit_code == 0
    register = open_register(address)
    with register.connect() as con:
        for about in SPACES:
            held = {"status": "offered", "occupancy": "vacant", "suitable_uses": ("workshop",)} | about
            add_space(con, SYSTEM, a_space(**held), NOW)
        wanted = Wanted(uses=("workshop",), area_least_m2=60, area_most_m2=120, facilities=("toilets",))
        assert looking(con, NOW, a_need(wanted)) == "ND-0001"
    register.close()
    return call


@pytest.mark.both_engines
def test_a_question_is_answered_with_what_is_open_and_what_misses(run: Any) -> None:
    done = run("match", ASKED)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines[1:3]] == ["SP-0001", "SP-0002"]
    assert "Toilets: not known" in lines[2]
    assert "m2=55-120" in next(line for line in lines if "SP-0003" in line)
    assert "nice=facility:toilets" in next(line for line in lines if "SP-0004" in line)
    assert "Secret" not in done.stdout
    assert "1 fit; 1 are to be asked about." in done.stderr


def test_a_program_reads_every_criterion(run: Any) -> None:
    answer = json.loads(run("match", f"https://town.example/match?{ASKED}&page=2", "--json").stdout)
    assert answer["question"] == ASKED
    assert [(each["ref"], each["tier"]) for each in answer["spaces"]] == [("SP-0001", "fits"), ("SP-0002", "ask")]
    assert answer["spaces"][1]["criteria"]["facility:toilets"] == {"lo": 0, "hi": 1000, "must": True}
    assert answer["spaces"][0]["criteria"]["size"] == {"lo": 1000, "hi": 1000, "must": True}
    assert {each["ref"]: each["changes"] for each in answer["near"]} == {
        "SP-0003": {"size": 55.0}, "SP-0004": {"facility:toilets": None},
    }  # fmt: skip
    assert (answer["hides"]["size"], answer["hides"]["facility:toilets"]) == (1, 1)
    assert answer["version"].startswith("20")


def test_a_need_and_a_file_ask_the_same(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "asked.txt"
    path.write_text("use=workshop\nm2=60-120\n\nhas=toilets\n")
    answers = [json.loads(run("match", each, "--json").stdout) for each in (ASKED, "nd-0001", path)]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(("asked", "code", "said"), [
    ("use=workshp&m2=60-120", 5, "“workshp” makes no sense for the use."),
    ("use=workshop&colour=red", 5, "No question has a part colour."),
    ("m2=120-60", 5, "area_most_m2"),
    ("page=2", 5, "This asks nothing of a space."),
    ("ND-0404", 3, "ND-0404"),
    ("nowhere.txt", 2, "nowhere.txt is no question"),
])  # fmt: skip
def test_what_is_not_understood_is_said_and_nothing_is_listed(run: Any, asked: str, code: int, said: str) -> None:
    done = run("match", asked)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_weights_of_the_city_are_set_and_used(run: Any) -> None:
    def version() -> str:
        return str(json.loads(run("match", ASKED, "--json").output)["version"])

    before = version()
    assert run("settings", "match_weights", "size=5 facility:toilets=0").exit_code == 0
    assert "size=5 facility:toilets=0" in run("settings").output
    assert json.loads(run("settings", "match_weights", "--json").output) == {
        "match_weights": {"size": 5, "facility:toilets": 0}
    }
    found = json.loads(run("match", ASKED, "--json").output)
    assert found["version"] != before
    assert sorted(each["title"] for each in found["spaces"]) == ["Net loft", "Old school", "Rope walk"]
    assert all("facility:toilets" not in each["criteria"] for each in found["spaces"])
    for wrong, said in (
        ("size=6", "size can weigh from 0 to 5, not 6"), ("sice=1", "sice=1"), ("size=1.5", "size=1.5"),
    ):  # fmt: skip
        refused = run("settings", "match_weights", wrong)
        assert refused.exit_code == 5
        assert said in refused.output
    assert run("settings", "match_weights", "").exit_code == 0
    assert version() == before
