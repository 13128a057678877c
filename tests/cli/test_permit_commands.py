"""Permits in the terminal: lists, moves, a list of uses in and out, figures of a day, the purge."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.registry.permits.deciding import refuse_request
from tempuse.registry.spaces import add_space
from tempuse.settings import Settings
from tempuse.store.engine import open_register
from tests.builders import a_space
from tests.permitting import a_request, terms

SOON = date.today() + timedelta(days=10)
LATER = SOON + timedelta(days=200)
LIST = (
    "id,space,use,group,from,until,afterwards\n"
    "1,SP-0001,Boat school,De Kiel,2019-01-01,2020-10-31,moved\n"
    "2,SP-9999,Nowhere,,2019-01-01,2020-10-31,\n"
)


@pytest.fixture
def run(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line at a register with two spaces: ``run("permits", "list")``."""
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPUSE_REGISTER", address)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    assert call("create").exit_code == 0
    with_register(address, lambda con: [add_space(con, SYSTEM, a_space(floor_area_m2=50.0), now()) for _ in range(2)])
    return call


def now() -> datetime:
    return datetime.now(UTC)


def with_register(address: str, act: Any) -> Any:
    register = open_register(address)
    try:
        with register.connect() as con:
            return act(con)
    finally:
        register.close()


@pytest.fixture
def asked(run: Any, address: str) -> list[str]:
    """Two requests for the same days."""
    days = terms(SOON, LATER)

    def ask(con: Any) -> list[str]:
        names = ("Choir", "Band")
        return [a_request(con, now(), ["SP-0001"], days, group=each, email=f"{each}@x.example") for each in names]

    return list(with_register(address, ask))


def test_requests_are_listed_shown_and_decided(run: Any, asked: list[str]) -> None:
    found = json.loads(run("permits", "list", "--status", "submitted", "--json").stdout)
    assert [(each["ref"], each["holder"], each["state"]) for each in found] == [
        ("PM-0001", "Choir", "open"), ("PM-0002", "Band", "open"),
    ]  # fmt: skip
    assert run("permit", "take_up", *asked).exit_code == 0
    done = run("permit", "approve", *asked)
    assert done.exit_code == 4
    assert "PM-0001: approve done; it is approved now." in done.stderr
    assert "PM-0001 has SP-0001 on" in done.stderr
    assert run("permit", "refuse", asked[1]).exit_code == 2
    assert run("permit", "refuse", asked[1], "--because", "The choir was first.").exit_code == 0
    assert run("permit", "sign", asked[0]).exit_code == 2
    assert run("permit", "sign", asked[0], "--holder", "Ada", "--grantor", "The mayor").exit_code == 0
    over = json.loads(run("permit", "hand_over", asked[0], "--keys", "front door", "--json").stdout)
    assert over == [{"ref": "PM-0001", "done": True, "status": "handed_over"}]
    shown = json.loads(run("permits", "show", asked[0], "--json").stdout)
    assert shown["handovers"][0]["keys"] == [{"label": "front door", "count": 1}]
    assert "confirm_token" not in shown
    assert [each["what"] for each in shown["history"]][:2] == ["hand_over", "sign"]
    assert "title" in run("permits", "show", asked[0]).stdout


def test_what_is_missing_or_not_to_be_done_ends_with_its_code(run: Any, asked: list[str]) -> None:
    assert run("permits", "show", "PM-0099").exit_code == 3
    missing = run("permit", "withdraw", "PM-0099", asked[0])
    assert missing.exit_code == 3
    assert "There is no permit PM-0099" in missing.stderr
    assert "PM-0001: withdraw done" in missing.stderr
    assert run("permit", "hand_back", asked[1]).exit_code == 4
    assert run("permit", "end_early", asked[1], "--on", "soon", "--how", "agreed", "--because", "x").exit_code == 2


def test_the_kinds_of_the_city_are_shown(run: Any) -> None:
    assert [each["name"] for each in json.loads(run("permits", "kinds", "--json").stdout)] == ["use"]
    assert "Temporary use" in run("permits", "kinds").stdout


def test_a_list_of_uses_comes_in_and_goes_out(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "leases.csv"
    path.write_text(LIST)
    looked = run("import", "--kind", "uses", path, "--dry-run", "--report", tmp_path / "report.csv")
    assert looked.exit_code == 0, looked.output
    assert "Nothing was written." in looked.stderr
    assert "The register has no such space." in (tmp_path / "report.csv").read_text()
    done = json.loads(run("import", "--kind", "uses", path, "--json").stdout)
    assert (done["import"], done["counts"]["new"], done["counts"]["left_behind"]) == ("IM-0001", 1, 1)
    assert json.loads(run("import", "--kind", "uses", path, "--json").stdout)["counts"]["unchanged"] == 1
    for name in ("uses.csv", "uses.xlsx", "uses.geojson", "uses.gpkg", "uses.shp"):
        sent = run("export", "--kind", "uses", "--audience", "office", tmp_path / name)
        assert sent.exit_code == 0, sent.output
        assert "Wrote 1 uses" in sent.stderr
    with (tmp_path / "uses.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["ref"], row["holder"], row["starts_on"], row["state"], row["outcome"]) == (
        "PM-0001", "De Kiel", "2019-01-01", "ended", "moved",
    )  # fmt: skip
    assert "confirm_token" not in row
    (feature,) = json.loads((tmp_path / "uses.geojson").read_text())["features"]
    assert (feature["id"], feature["geometry"]["type"]) == ("PM-0001", "Point")


def test_the_columns_of_a_list_can_be_mended_and_given_back(run: Any, tmp_path: Path) -> None:
    path, columns = tmp_path / "odd.csv", tmp_path / "columns.csv"
    path.write_text("where it was,what,years\nSP-0001,Choir,2001-2002\n")
    assert run("import", "--kind", "uses", path).exit_code == 5
    columns.write_text(
        "what,theirs,field,ours,unit\ncolumn,where it was,space,,\ncolumn,what,title,,\ncolumn,years,period,,\n"
    )
    assert run("import", "--kind", "uses", path, "--profile", columns).exit_code == 0
    columns.write_text("what,theirs,field,ours,unit\ncolumn,what,colour,,\n")
    assert run("import", "--kind", "uses", path, "--profile", columns).exit_code == 5


def test_the_figures_of_a_day(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "leases.csv"
    path.write_text(LIST)
    run("import", "--kind", "uses", path)
    found = json.loads(run("stats", "--as-of", "2020-01-01", "--json").stdout)
    assert (found["running"], found["m2_used"], found["spaces"]) == (1, 50.0, {})
    today = json.loads(run("stats", "--as-of", f"{Settings().today(datetime.now(UTC))}", "--json").stdout)
    assert (today["running"], today["spaces"]) == (0, {"offered": 2})
    assert "m2_used" in run("stats", "--as-of", "2020-01-01").stdout
    assert run("stats", "--as-of", "yesterday").exit_code == 2
    assert run("stats", "--as-of", "9999-12-31").exit_code == 0


def test_the_purge_shows_before_it_does(run: Any, address: str) -> None:
    long_ago = datetime(2020, 1, 10, 8, 0, tzinfo=UTC)

    def ask(con: Any) -> str:
        days = terms(date(2020, 5, 1), date(2020, 6, 1))
        ref = a_request(con, long_ago, ["SP-0002"], days, private_text="Call Ada")
        refuse_request(con, SYSTEM, ref, long_ago, "No.")
        return ref

    ref = with_register(address, ask)
    looked = run("purge")
    assert (looked.exit_code, ref in looked.stdout) == (0, True)
    assert "1 would be purged" in looked.stderr
    assert json.loads(run("permits", "show", ref, "--json").stdout)["private_text"] == "Call Ada"
    done = json.loads(run("purge", "--yes", "--json").stdout)
    assert (done["permits"], done["people"]) == ([ref], 1)
    assert json.loads(run("permits", "show", ref, "--json").stdout)["private_text"] is None
    assert "Nothing is due." in run("purge").stderr
