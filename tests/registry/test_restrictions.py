"""What a list says about who may see its spaces holds in the register, in its own words or in those of a language."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tempuse import resources
from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.io.crosswalk import NOT, OWN, PROFILES, TARGETS, columns, load
from tempuse.io.crosswalk.restricting import RESTRICTING, heading_of
from tempuse.io.write.columns import short_names
from tempuse.publication import Publisher, Rule
from tempuse.registry.publishing import publisher
from tempuse.registry.spaces import add_space
from tempuse.spaces import Space
from tempuse.store import spaces
from tempuse.store.engine import open_register
from tempuse.vocabulary import LocationLevel, SpaceStatus
from tests.builders import a_place, a_space
from tests.conftest import NOW
from tests.io import lists

HEAD = ["Name", "Address", "Lon", "Lat", "Ownership"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line at a fresh register: ``run("import", path)``."""
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEMPUSE_REGISTER", str(tmp_path / "new.gpkg"))
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: Any) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments])

    assert call("create").exit_code == 0
    assert call("settings", "country", "BE").exit_code == 0
    return call


def a_list(path: Path, more: list[str], *rows: list[Any]) -> Path:
    """A list of the city's houses, each with these cells more."""
    houses = [[f"House {i}", f"{i} Quay", 3.71 + i / 1000, 51.05, "municipality", *row] for i, row in enumerate(rows)]
    return lists.write_csv(path, [[*HEAD, *more], *houses])


def held(path: Path) -> dict[str, Space]:
    """The spaces of a register by their name."""
    register = open_register(str(path))
    with register.connect() as con:
        found = {space.name or "": space for batch in spaces.walk(con) for _, space in batch}
        con.rollback()
    register.close()
    return found


def sight(rule: Publisher, space: Space) -> int:
    """How much the public sees of a space: 0 nothing, 1 that it is or was there, up to 4 where it is."""
    decision = rule.decide(space)
    return 4 - list(LocationLevel).index(decision.level) if decision.level else int(decision.is_seen)


# ---- our own words --------------------------------------------------------------------------------------


def test_every_field_that_decides_who_sees_a_space_is_one_that_restricts() -> None:
    assert {*Rule.LOOKS_AT} - {"ownership", "owner_limit"} < RESTRICTING <= TARGETS


@pytest.mark.parametrize("name", sorted(RESTRICTING - {"status", "withhold"} | {
    "owner_name", "owner_email", "owner_phone", "internal_note", "ownership", "retired_on"}))  # fmt: skip
def test_our_own_names_are_known_again(name: str) -> None:
    for written in (name, name.upper(), name.replace("_", " "), short_names()[name]):
        (found,) = columns.match(load("generic"), [written]).columns
        assert found.field == name, written


RESTRICTED: tuple[dict[str, Any], ...] = (
    {},
    {"location_level": "cell"},
    {"location_level": "district"},
    {"location_level": "hidden"},
    {"location_level": "hidden", "location_release_on": date(2030, 1, 1)},
    {"consent": "objected"},
    {"status": "reported"},
    {"status": "verified"},
    {"status": "withheld"},
    {"status": "retired", "retired_on": date(2026, 1, 31)},
    {"ownership": "company"},
    {"ownership": "company", "consent": "notified", "consent_on": date(2026, 11, 1)},
    {"ownership": "company", "consent": "given", "consent_on": date(2026, 11, 1)},
    {"ownership": "company", "consent": "given", "consent_on": date(2026, 11, 1), "location_level": "exact"},
    {"ownership": "private_person", "consent": "objected", "owner_do_not_contact": True},
    {"owner_do_not_contact": True},
)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods", "gpkg", "geojson", "fgb", "kml", "shp.zip"])
def test_nothing_becomes_more_public_on_its_way_through_a_file(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    old = tmp_path / "old.gpkg"
    file = tmp_path / f"office.{suffix}"
    monkeypatch.setenv("TEMPUSE_REGISTER", str(old))
    assert run("create").exit_code == 0
    register = open_register(str(old), home=tmp_path / "home")
    with register.connect() as con:
        for number, values in enumerate(RESTRICTED):
            place = a_place(number / 1000)
            add_space(con, SYSTEM, a_space(name=f"House {number}", geometry=place, **values), NOW)
        rule = publisher(con, NOW)
        con.rollback()
    register.close()
    assert run("export", file, "--audience", "office").exit_code == 0
    if suffix == "shp.zip":
        with zipfile.ZipFile(file) as archive:
            archive.extractall(tmp_path)
        file = tmp_path / "spaces_points.shp"
    before = held(old)
    kept = ("consent", "location_level", "location_release_on", "owner_do_not_contact", "ownership")
    shutil.copyfile(tmp_path / "new.gpkg", tmp_path / "other.gpkg")
    for new, status in ((tmp_path / "new.gpkg", "offered"), (tmp_path / "other.gpkg", "verified")):
        monkeypatch.setenv("TEMPUSE_REGISTER", str(new))
        came = run("import", file, "--as", status, "--source", "old", "--json")
        assert came.exit_code == 0, came.output
        after = held(new)
        assert set(after) == set(before)
        for name, space in before.items():
            assert sight(rule, after[name]) <= sight(rule, space), (status, name, after[name])
            assert [getattr(after[name], field) for field in kept] == [getattr(space, field) for field in kept], name
        assert sight(rule, after["House 0"]) == (4 if status == "offered" else 0)


# ---- the words of others --------------------------------------------------------------------------------

SHUT = {
    "en": "Confidential", "nl": "Niet tonen", "fr": "Confidentiel", "de": "Vertraulich", "fi": "Luottamuksellinen",
    "pl": "Poufne", "cs": "Důvěrné", "sk": "Nezverejňovať", "ro": "Confidențial", "lv": "Konfidenciāls",
    "el": "Εμπιστευτικό", "es": "No publicar", "it": "Riservato",
}  # fmt: skip
YES_NO = {
    "en": ("yes", "no"), "nl": ("ja", "nee"), "fr": ("oui", "non"), "de": ("Ja", "Nein"), "fi": ("kyllä", "ei"),
    "pl": ("tak", "nie"), "cs": ("ano", "ne"), "sk": ("áno", "nie"), "ro": ("da", "nu"), "lv": ("jā", "nē"),
    "el": ("ναι", "όχι"), "es": ("sí", "no"), "it": ("si", "no"),
}  # fmt: skip


@pytest.mark.parametrize("language", SHUT)
def test_a_heading_that_shuts_withholds_in_each_language(run: Any, tmp_path: Path, language: str) -> None:
    yes, no = YES_NO[language]
    path = a_list(tmp_path / "l.csv", [SHUT[language]], [yes], [no], [""], ["x"])
    came = run("import", path, "--as", "offered")
    assert came.exit_code == 0, came.output
    found = held(tmp_path / "new.gpkg")
    assert [found[f"House {i}"].status for i in range(4)] == ["withheld", "offered", "offered", "withheld"]


@pytest.mark.parametrize("heading", [
    "Openbaar (ja/nee)", "Public", "Te publiceren", "Veröffentlichen", "Publier", "Publiczne", "Zveřejnit",
])  # fmt: skip
def test_what_may_be_shown_is_shown_and_nothing_else(run: Any, tmp_path: Path, heading: str) -> None:
    cells = {"ja": "offered", "nee": "withheld", "": "withheld", "?": "withheld", "intern": "withheld"}
    path = a_list(tmp_path / "l.csv", [heading], *([cell] for cell in cells))
    came = run("import", path, "--as", "offered")
    assert came.exit_code == 0, came.output
    found = held(tmp_path / "new.gpkg")
    assert [found[f"House {i}"].status for i in range(5)] == list(cells.values())


@pytest.mark.parametrize(("heading", "cell"), [
    ("Embargo", "2030-01-01"), ("Sperrfrist", "01.01.2030"), ("Niet publiceren voor", "2030"), ("Bezwaar", "ja"),
    ("Widerspruch", "Ja"), ("Opposition du propriétaire", "oui"), ("Vertraulich", "vielleicht"),
    ("location_level", "somewhere about"), ("consent", "ask again in May"), ("location_release_on", "after the fair"),
    ("Niet contacteren", "behalve op dinsdag"), ("Merkmal", "vertraulich"),
    ("Kolom 7", "niet tonen"), ("Te publiceren", "ja, na overleg"), ("Non visible au public", "peut-être"),
    ("Souhlas vlastníka", "možná"),
])  # fmt: skip
def test_what_nobody_understands_lets_nothing_become_public(run: Any, tmp_path: Path, heading: str, cell: str) -> None:
    path = a_list(tmp_path / "l.csv", [heading], [cell], ["ja" if heading == "Te publiceren" else ""])
    came = run("import", path, "--as", "offered")
    assert came.exit_code == 5
    assert f"“{heading}”" in came.output
    assert cell in came.output
    assert "--ignore" in came.output
    assert held(tmp_path / "new.gpkg") == {}
    assert not list((tmp_path / "home" / "staging").iterdir())
    # As reported it stays in the office, and the report says what to look at.
    came = run("import", path, "--as", "reported", "--json")
    assert came.exit_code == 0, came.output
    assert heading in {issue["column"] for issue in json.loads(came.stdout)["issues"]}
    # Said by name that it is nothing of the kind, it is kept beside.
    came = run("import", path, "--as", "offered", "--ignore", heading, "--source", "second")
    assert came.exit_code == 0, came.output
    mine = [space for space in held(tmp_path / "new.gpkg").values() if space.source == "second"]
    assert {space.status for space in mine} == {"offered"}
    assert cell in str([space.source_fields for space in mine])


def test_the_citys_policy_decides_whether_verified_is_public(run: Any, tmp_path: Path) -> None:
    path = a_list(tmp_path / "l.csv", ["Embargo"], ["2030-01-01"])
    assert run("import", path, "--as", "verified", "--dry-run").exit_code == 0
    assert run("settings", "publish_from", "verified").exit_code == 0
    assert run("import", path, "--as", "verified").exit_code == 5


def test_a_column_is_explained_in_the_file_of_columns(run: Any, tmp_path: Path) -> None:
    path, said = a_list(tmp_path / "l.csv", ["Embargo", "Bezwaar"], ["2030-01-01", ""], ["", "ja"]), tmp_path / "c.csv"
    assert run("import", path, "--columns", said).exit_code == 0
    text = said.read_text(encoding="utf-8-sig")
    text = text.replace("column,Embargo,,", "column,Embargo,location_release_on,")
    text = text.replace("column,Bezwaar,,", "column,Bezwaar,consent,") + "value,ja,consent,objected,\n"
    said.write_text(text)
    came = run("import", path, "--as", "offered", "--profile", said)
    assert came.exit_code == 0, came.output
    found = held(tmp_path / "new.gpkg")
    # A day of release alone: until then nobody may know the place.
    assert (found["House 0"].location_level, found["House 0"].location_release_on) == ("hidden", date(2030, 1, 1))
    assert found["House 1"].consent == "objected"
    text = text.replace("column,Embargo,location_release_on,,", "column,Embargo,,,ignore")
    said.write_text(text)
    assert run("import", path, "--as", "offered", "--profile", said, "--source", "second").exit_code == 0
    said.write_text(text.replace("column,Embargo,,,ignore", "column,Embargo,,,"))
    assert run("import", path, "--as", "offered", "--profile", said, "--source", "third").exit_code == 5


def test_the_next_version_of_a_list_withholds_what_it_marks(run: Any, tmp_path: Path) -> None:
    def version(mark: str) -> Path:
        return a_list(tmp_path / "l.csv", ["Vertraulich"], [mark], [""])

    assert run("import", version(""), "--as", "offered").exit_code == 0
    came = run("import", version("ja"), "--as", "offered", "--json")
    assert json.loads(came.stdout)["counts"]["changed"] == 1
    found = held(tmp_path / "new.gpkg")
    assert [found[f"House {i}"].status for i in range(2)] == ["withheld", "offered"]
    # What the sender opens again waits for the office.
    assert json.loads(run("import", version("nein"), "--json").stdout)["counts"]["changed"] == 0
    assert run("check").exit_code == 0


# ---- the list of words ----------------------------------------------------------------------------------


def test_the_words_name_only_what_there_is_and_each_is_found_again() -> None:
    text = resources.path("crosswalks/restricting.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        assert row["field"] in RESTRICTING | {""}
        assert row["unit"] in ("", NOT)
        found = heading_of(row["theirs"].strip("=*"))
        assert found is not None, row
        # No word that shuts is ever read as one that opens.
        assert row["unit"] == NOT or found.unit != NOT, row


@pytest.mark.parametrize("profile", [name for name in PROFILES if name != OWN])
def test_no_column_of_a_national_list_is_taken_for_one_that_restricts(profile: str) -> None:
    assert {column.theirs for column in load(profile).columns if heading_of(column.theirs)} == set()


@pytest.mark.parametrize("heading", [
    "Planning permission", "Public transport", "Hidden defects", "Listed", "Fire suppression", "Secretariaat",
    "Opmerking", "Toestemming brandweer", "Non bâti", "No of floors", "Publieke ruimte",
    "Type de propriétaire", "Nutzung", "Status",
])  # fmt: skip
def test_a_heading_about_something_else_is_left_alone(heading: str) -> None:
    assert heading_of(heading) is None


def test_a_status_that_is_not_ours_is_left_alone(run: Any, tmp_path: Path) -> None:
    path = a_list(tmp_path / "l.csv", ["Status"], ["leegstaand"], ["in gebruik"])
    assert run("import", path, "--as", "offered").exit_code == 0
    assert {space.status for space in held(tmp_path / "new.gpkg").values()} == {SpaceStatus.OFFERED}
