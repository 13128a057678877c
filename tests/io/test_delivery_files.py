"""National profiles as files: valid by the standards’ schemas, by the command, and from real registers."""

from __future__ import annotations

import contextlib
import csv
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result

from tempuse import geometry
from tempuse.cli import main
from tempuse.io.write import profiles
from tempuse.io.write.delivery import Delivery
from tempuse.settings import Settings
from tests.builders import a_place
from tests.io.sites import ENGLAND, a_french_site

Run = Callable[..., Result]


def schema(shared: Path, name: str) -> dict[str, dict[str, Any]]:
    held = json.loads((shared / "schemas" / name).read_text(encoding="utf-8"))
    return {each["name"]: each for each in held["fields"]}


def wrong_by(fields: dict[str, dict[str, Any]], row: dict[str, str]) -> list[str]:
    """What Table Schema and its 2017 dialect say against a row: required, enum, pattern, length, type."""
    wrong = []
    for name, about in fields.items():
        rules, value = about.get("constraints") or about, row.get(name) or ""
        if not value:
            wrong += [f"{name} is missing"] if rules.get("required") else []
            continue
        kind = str(rules.get("type") or about.get("type") or "").rpartition("#")[2]
        pattern = {"integer": r"-?\d+", "float": r"-?\d*\.?\d+", "date": r"\d{4}(-\d\d-\d\d)?"}.get(kind, "")
        fits = (
            value in rules.get("enum", [value])
            and re.match(rules.get("pattern", ""), value)
            and len(value) <= rules.get("maxLength", len(value))
            and (not pattern or re.fullmatch(pattern, value))
        )
        wrong += [] if fits else [f"{name}: {value}"]
    return wrong


def read(path: Path) -> str:
    """A council's file, UTF-8 or Windows-1252."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on a register of its own."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    env = {"TEMPUSE_HOME": str(tmp_path / "home"), "TEMPUSE_REGISTER": str(tmp_path / "register.gpkg")}

    def call(*words: Any) -> Result:
        done = runner.invoke(main, [str(word) for word in words], env=env, catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return done

    call("create")
    return call


@pytest.mark.shared
@pytest.mark.parametrize(
    "council", ["bolton", "brent", "bristol", "nottingham", "wakefield", "south-gloucestershire", "st-helens"]
)
def test_a_real_brownfield_register_goes_in_and_out_again(council: str, shared: Path, run: Run, tmp_path: Path) -> None:
    source = shared / "england" / f"{council}.csv"
    run("import", source, "--as", "offered")
    before = {row["SiteReference"].strip(): row for row in csv.DictReader(read(source).splitlines())}
    is_old = "MinNetDwellings" in next(iter(before.values()))
    profile = "england-brownfield-2017" if is_old else "england-brownfield"
    told = json.loads(run("export", "out.csv", "--profile", profile, "--audience", "office", "--json").stdout)
    after = table(tmp_path / "out.csv")
    report = csv.DictReader(read(tmp_path / "out-left-out.csv").splitlines())
    left_out = {row["ref"] for row in report if row["done"] == "The row was left out."}
    assert (told["rows"], told["left_out"]) == (len(after), len(left_out))
    assert len(after) > 20
    fields = schema(shared, "england_brownfield_2017_schema.json")
    names = fields if is_old else {name: about for name, about in fields.items() if name in after[0]}
    assert [wrong for row in after for wrong in wrong_by(names, row)] == []
    if is_old:
        assert list(after[0]) == list(fields)
    same = 0
    for row in after:
        was = before[row["SiteReference"]]
        for name in ("PlanningStatus", "OwnershipStatus", "SiteplanURL", "FirstAddedDate", "LastUpdatedDate"):
            for style in ("%d/%m/%Y", "%d-%b-%y"):
                with contextlib.suppress(ValueError):
                    was[name] = datetime.strptime(was[name], style).date().isoformat()
            assert row[name].lower() == was[name].strip().lower()[: len(row[name])]
            same += 1
    assert same >= 5 * len(after)


@pytest.mark.shared
def test_the_register_of_the_ardennes_goes_out_valid_as_csv_and_geojson(shared: Path, run: Run, tmp_path: Path) -> None:
    run("import", shared / "france" / "data.csv", "--as", "verified")
    run("export", "lacking.csv", "--profile", "cnig-friches", "--audience", "office")
    assert table(tmp_path / "lacking.csv") == [], "no site says when it was identified"
    report = list(csv.DictReader((tmp_path / "lacking-left-out.csv").read_text("utf-8-sig").splitlines()))
    assert {row["column"] for row in report if row["done"] == "The row was left out."} == {
        "site_identif_date",
        "site_actu_date",
    }
    stated = ("--set", "site_identif_date=2020-01-01", "--set", "site_actu_date=2024-01-01")
    run("export", "out.csv", "--profile", "cnig-friches", "--audience", "office", *stated)
    after = table(tmp_path / "out.csv")
    fields = schema(shared, "cnig_friches_schema_v1.0.6.json")
    assert len(after) == 164
    assert list(after[0]) == list(fields)
    assert [wrong for row in after for wrong in wrong_by(fields, row)] == []
    with (shared / "france" / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        before = {row["site_id"]: row for row in csv.DictReader(file)}
    for row in after:
        was = before[row["site_id"]]
        for name in ("site_nom", "site_statut", "comm_insee", "unite_fonciere_refcad", "site_type"):
            assert row[name] == was[name].replace("friche d’", "friche d'") or name == "site_nom"
        assert shapely.from_wkt(row["geompoint"]).distance(shapely.from_wkt(was["geompoint"])) < 1e-6
    run("export", "out.geojson", "--profile", "cnig-friches", "--audience", "office", *stated)
    held = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert len(held["features"]) == 164
    for feature in held["features"]:
        assert list(feature["properties"]) == list(fields)
        shown = {name: "" if value is None else str(value) for name, value in feature["properties"].items()}
        assert wrong_by(fields, shown) == []
        assert feature["id"] == shown["site_id"]
        assert isinstance(feature["properties"]["unite_fonciere_surface"], (int, type(None)))


def test_the_default_tells_only_of_spaces_that_the_public_sees_exactly(run: Run, tmp_path: Path, now: datetime) -> None:
    lines = [
        ["SiteReference", "GeoX", "GeoY", "SiteNameAddress", "Hectares", "OwnershipStatus", "LastUpdatedDate", *ENGLAND]
    ]
    for number, owner in enumerate(("owned by a public authority", "not owned by a public authority")):
        lines.append(
            [f"BR{number}", "-0.28", f"51.5{number}", f"Site {number}", "0.5", owner, "2026-01-01", *ENGLAND.values()]
        )
    with (tmp_path / "in.csv").open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    run("import", "in.csv", "--as", "offered")
    run("export", "open.csv", "--profile", "england-brownfield")
    assert [row["SiteReference"] for row in table(tmp_path / "open.csv")] == ["BR0"]
    run("export", "all.csv", "--profile", "england-brownfield", "--audience", "office")
    assert sorted(row["SiteReference"] for row in table(tmp_path / "all.csv")) == ["BR0", "BR1"]


def test_the_command_says_what_a_profile_cannot_be(tmp_path: Path, run: Run) -> None:
    env = {"TEMPUSE_HOME": str(tmp_path / "home"), "TEMPUSE_REGISTER": str(tmp_path / "register.gpkg")}
    for words, sentence in (
        (["x.gpkg", "--profile", "england-brownfield"], "The profile england-brownfield can be written as: csv."),
        (["x.csv", "--profile", "atlantis"], "There is no profile “atlantis” to write."),
        (["x.csv", "--profile", "england-brownfield", "--crs", "27700"], "The profile england-brownfield is always in"),
        (["x.csv", "--profile", "cnig-friches", "--set", "comm"], "Write it like COLUMN=VALUE"),
        (["x.csv", "--profile", "cnig-friches", "--set", "a=b"], "The profile cnig-friches has no column “a”."),
    ):  # fmt: skip
        done = CliRunner().invoke(main, ["export", *words], env=env)
        assert done.exit_code == 5
        assert done.stderr.startswith(sentence)
    assert not list(tmp_path.glob("x*"))


def test_a_french_file_can_be_in_the_national_crs(run: Run, tmp_path: Path) -> None:
    delivery = Delivery(profiles.load("cnig-friches"), Settings(), {}, "EPSG:2154", office=True)
    [[(_, row)]] = list(delivery.rows([[a_french_site(geometry=a_place(1.0, -1.0))]]))
    point = shapely.from_wkt(row["geompoint"])
    assert (point.x, point.y) > (800_000, 6_900_000)
    assert geometry.project(np.array([point]), "EPSG:2154")[0].distance(a_place(1.0, -1.0)) < 1e-7
