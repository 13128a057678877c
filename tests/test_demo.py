"""The demo: Rivermouth as drawn, the documented sites with their sources, a large register, the command."""

from __future__ import annotations

import csv
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner

from tempuse import resources
from tempuse.access import PUBLIC, SYSTEM
from tempuse.areas import Locator
from tempuse.cli import main
from tempuse.demo import OFFICE, cases, dates, large, open_demo, places, rivermouth, tell_neighbours
from tempuse.demo.make import made_on, make_large
from tempuse.errors import Conflict
from tempuse.registry import setup
from tempuse.registry import spaces as registry
from tempuse.registry.care import checking
from tempuse.registry.permits import noticing
from tempuse.spaces import check_space, outlook
from tempuse.store import areas, checks, published, reports, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, open_register
from tempuse.vocabulary import PUBLIC_OWNERSHIP, AreaKind, SpaceStatus
from tests import postgres
from tests.builders import a_space
from tests.missing import missing
from web import create_app
from web.accounts import auth

TODAY = date(2026, 11, 23)
SMALL = 50  # spaces of a demo that is not looked at: made in a tenth of the time of the town


@pytest.fixture
def empty(address: str, tmp_path: Path) -> Iterator[Connection]:
    """An idle connection to an empty database on each engine."""
    opened = open_register(address, home=tmp_path / "home", create=True)
    with opened.connect() as connection:
        yield connection
    opened.close()


@pytest.fixture
def made(demo_file: Path, tmp_path: Path) -> Iterator[Connection]:
    """An idle connection to the demo, a copy that a test may change: what is in it is the same on each engine."""
    opened = open_register(str(shutil.copyfile(demo_file, tmp_path / "demo.gpkg")), home=tmp_path / "home")
    with opened.connect() as connection:
        yield connection
    opened.close()


def named(con: Connection, name: str) -> spaces.Space:
    (found,) = [space for space in spaces.find(con, spaces.SpaceFilter(text=name)) if space.name == name]
    return found


def test_the_demo_is_the_town_of_the_pictures(made: Connection) -> None:
    settings = get_settings(made)
    assert (settings.municipality, settings.site_name) == ("Rivermouth", "Spaces for a while")
    assert settings.background_source == "Districts and water: City of Rivermouth, 2025"
    assert {area.name for area in areas.find(made, AreaKind.DISTRICT)} == {
        "Northgate", "Harbourside", "Old Docks", "St Anne’s", "Millfields", "Weaver’s Hill", "Tannery",
        "Ferry Quarter", "Holm", "Marsh End",
    }  # fmt: skip
    hall = named(made, "Fish auction hall")
    district = areas.get(made, str(hall.district_ref)).name
    assert (hall.floor_area_m2, hall.ceiling_height_cm, hall.building_year, district) == (640, 750, 1931, "Old Docks")
    assert (hall.available_from, hall.available_until) == (date(2027, 3, 1), date(2027, 8, 31))
    assert (hall.heating, hall.internet) == (False, None)
    assert (hall.running_cost_month_cents, hall.deposit_cents) == (31000, 50000)
    assert [(each.title, each.ends_on) for each in spaces.periods_of(made, hall.ref)] == [
        ("De Kiel boat school", date(2026, 10, 31)),
        ("Night market", date(2024, 9, 30)),
    ]
    for name in (
        "Net loft", "Quay 7 shed", "Bakery, 3 Quay Lane", "Customs house", "Shop, 14 Ferry Street",
        "Shop, 31 Ferry Street", "Ferry terminal kiosk", "Boatyard plot", "School, gym", "School, room 3",
        "Library annexe", "Police post", "Gate nursery", "Tram turning plot", "Ice House", "Sailmaker’s loft",
        "Plot by the slipway",
    ):  # fmt: skip
        assert named(made, name).source == "Invented for this demonstration"


def test_the_demo_shows_every_state_kind_and_level(made: Connection) -> None:
    rows = [row for batch in published.index_rows(made) for row in batch]
    assert len(rows) > 150
    shown = Counter(outlook(row.status, row.occupancy, None, TODAY) for row in rows)
    assert min(shown["free"], shown["used"], shown["shut"]) >= 15
    assert {row.kind for row in rows} == {"building", "unit", "plot"}
    assert {row.level for row in rows} == {"exact", "cell", "district", "hidden"}
    assert all(spaces.tally(made, "status")[status.value] >= 5 for status in SpaceStatus)
    assert len(spaces.find(made, spaces.SpaceFilter(has_place=False))) == 3
    assert reports.tally(made)["sent"] == 5


def test_a_check_finds_nothing_wrong_in_the_demo(made: Connection, now: datetime) -> None:
    assert checking.check_register(made, now) == []


def test_a_workshop_in_tannery_is_shown_as_its_square_only(made: Connection) -> None:
    (space,) = spaces.find(made, spaces.SpaceFilter(text="Tan Yard workshop"))
    text = published.feature(made, "spaces", space.ref)
    assert text is not None
    assert '"area_band_m2":"50-100"' in text
    assert '"district":"Tannery"' in text
    assert "Tan Yard" not in text


def test_nobody_in_rivermouth_stands_in_the_water_or_over_the_border() -> None:
    layers = rivermouth.read_areas()
    (water,) = [area.geometry for area in layers[AreaKind.WATER]]
    (town,) = [area.geometry for area in layers[AreaKind.MUNICIPALITY]]
    locator = Locator(layers[AreaKind.DISTRICT])
    entries = [*rivermouth.read_entries(0), *rivermouth.read_unasked(0)]
    placed = [entry.space for entry in entries if entry.space.geometry is not None]
    for space in placed:
        assert town.contains(space.geometry), space.name
        assert not water.intersects(space.geometry), space.name
        assert locator.locate(*shapely.get_coordinates(space.geometry)[0]) is not None, space.name
    outlines = [space.geometry for space in placed if space.geometry.geom_type == "Polygon"]
    assert len(outlines) > 80
    pairs = shapely.STRtree(outlines).query(outlines, predicate="overlaps")
    assert pairs.size == 0


def test_the_school_has_its_rooms(made: Connection) -> None:
    school = named(made, "St Anne’s School")
    rooms = [each.name for each in spaces.find(made, spaces.SpaceFilter()) if each.within_ref == school.ref]
    assert rooms == ["School, gym", "School, room 3", "School, room 5"]


def test_each_documented_site_says_where_its_facts_come_from() -> None:
    entries = cases.read_cases()
    assert len(entries) == 25
    assert len({entry.space.locality for entry in entries}) == 10
    for entry in entries:
        space = entry.space
        assert space.description is not None
        assert space.description.startswith("Documented case.")
        assert space.source, space.name
        assert space.placed_by == "estimate"
        assert entry.past
        assert all(period.source == space.source for period in entry.past)
    site = next(entry for entry in entries if entry.space.source_ref == "ghent-de-site")
    (gardens,) = site.past
    assert (gardens.starts_on, gardens.ends_on, gardens.precision) == (date(2007, 1, 1), date(2017, 12, 31), "year")
    assert gardens.what_came == "Housing was built here."


def test_the_documented_sites_are_told_in_words_of_our_own(shared: Path) -> None:
    with (shared / "refill-cases.csv").open(encoding="utf-8", newline="") as file:
        facts = [row[name] for row in csv.DictReader(file) for name in ("previous_use", "temporary_use", "afterwards")]
    theirs = {run for text in facts for run in _runs(text)}
    for entry in cases.read_cases():
        told = [entry.space.description, *(each.what_came for each in entry.past), *(each.title for each in entry.past)]
        assert [run for text in told for run in _runs(text or "") if run in theirs] == []


def _runs(text: str, length: int = 6) -> Iterator[str]:
    words = re.findall(r"\w+", text.lower())
    return (" ".join(words[i : i + length]) for i in range(len(words) - length + 1))


def test_every_date_of_rivermouth_moves_with_the_calendar_and_never_past_today() -> None:
    for days in range(0, 800, 7):
        today = TODAY + timedelta(days=days)
        months = dates.months_since(today)
        for entry in [*rivermouth.read_entries(months), *rivermouth.read_unasked(months)]:
            space = entry.space
            for name in ("checked_on", "consent_on", "vacant_since", "retired_on"):
                assert (getattr(space, name) or today) <= today, (space.name, name, today)
            assert not check_space(space)


def test_in_november_2026_the_dates_are_those_of_the_pictures() -> None:
    assert dates.months_since(TODAY) == 0
    assert dates.months_since(date(2026, 12, 22)) == 0
    assert dates.months_since(date(2026, 12, 23)) == 1
    assert dates.months_since(date(2026, 11, 22)) == -1
    assert dates.months_since(date(2028, 2, 29)) == 15


def test_first_and_last_days_of_a_month_stay_first_and_last() -> None:
    assert dates.moved(date(2027, 3, 1), 11) == date(2028, 2, 1)
    assert dates.moved(date(2027, 3, 31), 11) == date(2028, 2, 29)
    assert dates.moved(date(2028, 2, 29), 1) == date(2028, 3, 31)
    assert dates.moved(date(2026, 11, 14), 2) == date(2027, 1, 14)
    assert dates.dated("until {month:2027-10-31} {year:2027-10-31}, by {day:2026-11-03}", 3) == (
        "until January 2028, by 3 February"
    )


def test_no_text_of_the_demo_keeps_a_date_unsaid(made: Connection) -> None:
    for space in spaces.find(made, spaces.SpaceFilter()):
        for field in dataclasses.fields(space):
            value = getattr(space, field.name)
            assert not (isinstance(value, str) and ("{" in value or "}" in value)), (space.ref, field.name)


def test_neighbours_of_a_request_were_told_and_one_waits_for_an_answer(made: Connection, now: datetime) -> None:
    tell_neighbours(made, OFFICE, now, lambda ref, at: f"{ref} {at:%d}")
    seen = noticing.notice_seen(made, PUBLIC, "PM-0045 17", now)
    assert seen.title == "Sound archive"
    assert not seen.is_over
    assert [said for said, _ in seen.released] == ["Will the tapes be loud? Please close at ten."]
    first, second = checks.comments_of(made, seen.permit_ref)
    assert (bool(first.answer), bool(second.answer)) == (True, False)


def test_owners_who_did_not_agree_are_not_shown(made: Connection) -> None:
    seen = set(published.refs(made, "spaces"))
    for space in spaces.find(made, spaces.SpaceFilter()):
        if space.ref in seen:
            assert space.ownership in PUBLIC_OWNERSHIP or space.consent == "given", space.name


def test_a_large_register_is_the_same_for_the_same_number() -> None:
    once, again = ([space for batch in large.batches(5000, TODAY) for space in batch] for _ in range(2))
    assert len(once) == 5000
    assert once == again
    assert len({space.source_ref for space in once}) == 5000
    outlined = sum(space.geometry.geom_type == "Polygon" for space in once)
    assert 0.27 < outlined / 5000 < 0.33
    assert all(space.geometry.is_valid for space in once)


def test_a_large_register_lies_around_two_hundred_towns_on_land() -> None:
    found = large.towns(1_000_000)
    assert len({town.name for town in found}) == len(found) == places.PLACES
    for town in found:
        districts = list(places.districts_of(town))
        assert len(districts) == 8
        assert all(area.geometry.is_valid and area.geometry.geom_type == "Polygon" for area in districts)


def test_a_large_register_is_published_and_has_districts(empty: Connection, now: datetime) -> None:
    told: list[int] = []
    assert make_large(empty, 4500, now, told.append) == 4500
    assert told == [2000, 4000, 4500]
    found = spaces.find(empty, spaces.SpaceFilter())
    assert len(found) == 4500
    assert sum(space.district_ref is not None for space in found) > 4300
    assert 3000 < published.count(empty, "spaces") < 4200
    empty.rollback()
    assert {each.message for each in checking.check_register(empty, now)} <= {"check.outside_town"}  # thrown far
    empty.rollback()
    assert made_on(empty) == TODAY


def test_a_demo_is_found_again_with_what_was_changed_in_it(tmp_path: Path, now: datetime) -> None:
    first = open_demo(str(tmp_path / "here"), None, SMALL, now)
    with first.register.connect() as con:
        before = spaces.get(con, "SP-0001").name
        con.rollback()
        registry.edit_space(con, SYSTEM, "SP-0001", {"name": "Fish hall"}, now)
    first.register.close()
    second = open_demo(str(tmp_path / "here"), None, SMALL, now + timedelta(days=3))
    with second.register.connect() as con:
        assert spaces.get(con, "SP-0001").name == "Fish hall"
    second.register.close()
    assert (first.is_new, second.is_new, second.password, second.made) == (True, False, first.password, TODAY)
    assert len(first.password) >= 12
    with pytest.raises(Conflict, match=r"demo\.other"):
        open_demo(str(tmp_path / "here"), None, 100, now)
    third = open_demo(str(tmp_path / "here"), None, SMALL, now, fresh=True)
    with third.register.connect() as con:
        assert spaces.get(con, "SP-0001").name == before
    third.register.close()
    assert third.password != first.password
    assert os.stat(tmp_path / "here" / "demo.json").st_mode & 0o777 == 0o600


def test_a_demo_of_another_size_is_not_taken_for_this_one(tmp_path: Path, now: datetime) -> None:
    open_demo(str(tmp_path), None, 200, now).register.close()
    for size in (0, 100):
        with pytest.raises(Conflict, match=r"demo\.other"):
            open_demo(str(tmp_path), None, size, now)
    open_demo(str(tmp_path), None, 100, now, fresh=True).register.close()
    open_demo(str(tmp_path), None, 100, now).register.close()


def test_a_demo_whose_making_was_interrupted_is_made_anew(tmp_path: Path, now: datetime) -> None:
    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_demo(str(tmp_path), None, 3000, now, progress=stop)
    opened = open_demo(str(tmp_path), None, SMALL, now)
    assert opened.is_new
    opened.register.close()


def test_the_demo_leaves_other_registers_alone(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "demo.gpkg"
    register = open_register(str(path), create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        registry.add_space(con, SYSTEM, a_space(), now)
    register.close()
    for fresh in (False, True):
        with pytest.raises(Conflict, match=r"demo\.not_ours"):
            open_demo(str(tmp_path), None, 0, now, fresh=fresh)
    assert path.exists()


@pytest.mark.long
def test_the_command_makes_the_town_in_a_database_too_serves_it_and_lets_its_planner_in(
    postgres_url: str | None, made: Connection, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole town, made by the command: what is in it is the same as in a file."""
    if not postgres_url:
        missing("PostgreSQL with PostGIS is not installed")
    monkeypatch.setattr("tempuse.cli.demo.now", lambda: now)
    environment = {"TEMPUSE_HOME": str(tmp_path / "other-home")}
    with postgres.a_schema(postgres_url) as where:
        command = ["--register", where, "demo"]
        done = CliRunner().invoke(main, [*command, "--no-serve"], env=environment)
        assert (done.exit_code, "Made the demo register" in done.output) == (0, True), done.output
        found = open_demo(where, tmp_path / "other-home", 0, now)  # once more: it is there
        assert (found.is_new, found.made) == (False, TODAY)
        with found.register.connect() as con:
            for noun in ("spaces", "uses", "needs"):
                assert sorted(published.refs(con, noun)) == sorted(published.refs(made, noun)), noun
            con.rollback()
            assert checking.check_register(con, now) == []
        told, page = _served(command, environment)
        assert (told["Password"].strip(), "Rivermouth" in page) == (found.password, True)
        assert "Documented" not in page  # the sites of other cities lie outside what opens
        with create_app(found.register).test_request_context():
            for role in ("planner", "administrator"):
                person = auth.check_password(told[role.title()].strip(), found.password)
                assert getattr(person, "role", None) == role
        found.register.close()


def _served(command: list[str], more: dict[str, str]) -> tuple[dict[str, str], str]:
    """What a process of the command's own says, by its heads, and the page that it then serves."""
    command, more = [sys.executable, "-m", "tempuse.cli", *command], {**os.environ, **more, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=more, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            told = dict(next(server.stdout).rstrip().split(":", 1) for _ in range(4))
            with urllib.request.urlopen(told["The map"].strip(), timeout=30) as answer:
                page = answer.read().decode()
        finally:
            server.terminate()
    assert server.returncode == 0
    return told, page


def test_the_list_says_what_a_documented_site_was(demo_file: Path, tmp_path: Path, now: datetime) -> None:
    register = open_register(str(shutil.copyfile(demo_file, tmp_path / "demo.gpkg")), home=tmp_path / "home")
    visitor = create_app(register, {"TESTING": True}, clock=lambda: now).test_client()
    ghent = visitor.get("/?sort=near&map=13/51.055/3.73").get_data(as_text=True)
    helsinki = visitor.get("/?sort=near&map=13/60.18/24.96").get_data(as_text=True)
    register.close()
    assert "De Site, Ghent" in ghent
    assert "Until 2017: Gardens, farm and football on the factory floor" in ghent
    assert "By Friends of the sauna, on Mustikkamaa, since 2024" in helsinki
    assert "since 2012" in helsinki


def test_the_command_makes_a_demo_and_says_where_it_is(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["demo", str(tmp_path / "new"), "--spaces", str(SMALL), "--no-serve"])
    assert done.exit_code == 0, done.output
    assert "Made the demo register" in done.output
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(main, ["demo", str(tmp_path / "file")])
    assert done.exit_code == 4
    assert "is a file. Name a folder for the demo." in done.output


def test_the_data_are_found_in_a_wheel(tmp_path: Path) -> None:
    """A wheel holds ``data`` as ``tempuse/data``: the same module finds them there."""
    package = tmp_path / "tempuse"
    (package / "data" / "demo").mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copy(resources.__file__, package)
    shutil.copy(resources.path("demo/README.md"), package / "data" / "demo")
    code = "from tempuse import resources; print(resources.path('demo/README.md'), resources.folder('demo'))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.stdout.split() == [str(package / "data/demo/README.md"), str(package / "data/demo")], done.stderr
    with pytest.raises(FileNotFoundError):
        resources.path("demo/nothing.csv")
