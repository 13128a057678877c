"""A unit and its building: neither gives the other's place away, whatever happens to which of them first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.exports import Selection, space_texts
from tempuse.registry import setup
from tempuse.registry.adding import add_spaces
from tempuse.registry.care.checking import check_register
from tempuse.registry.care.mending import mend_register
from tempuse.registry.publishing import republish_due
from tempuse.registry.spaces import add_space, edit_space, move_space, move_spaces
from tempuse.store import published, spaces
from tempuse.store.buildings import units_shown
from tempuse.store.engine import Connection, Register, writing
from tempuse.vocabulary import Audience
from tests.builders import a_place, a_space
from tests.io import lists
from tests.office import a_signed_in_client, post
from tests.registry.test_imports import bring

Change = Callable[[Connection, str, datetime], Any]


def told(con: Connection, unit: str) -> str | None:
    """The building that the public is told of with a unit."""
    text = published.feature(con, "spaces", unit)
    con.rollback()
    assert text is not None
    properties: dict[str, str] = orjson.loads(text)["properties"]
    return properties.get("within_ref")


def a_hall_and_its_shop(con: Connection, now: datetime, **hall: Any) -> tuple[str, str]:
    """A building and a unit of the municipality within it."""
    building = add_space(con, SYSTEM, a_space(name="Hall", **hall), now)
    unit = a_space(name="Shop", kind="unit", within_ref=building, geometry=a_place(0.00001, 0.00001))
    return building, add_space(con, SYSTEM, unit, now)


@pytest.mark.parametrize("hall", [
    {"location_level": "cell"}, {"location_level": "district"}, {"location_level": "hidden"}, {"status": "withheld"},
    {"status": "reported"}, {"consent": "objected"}, {"ownership": "company"},
    {"ownership": "company", "consent": "given", "consent_on": date(2026, 1, 1)},
    {"location_level": "cell", "location_release_on": date(2027, 1, 1)},
])  # fmt: skip
def test_a_unit_does_not_name_a_building_whose_place_nobody_may_know(
    con: Connection, now: datetime, hall: dict[str, Any]
) -> None:
    _, unit = a_hall_and_its_shop(con, now, **hall)
    assert told(con, unit) is None
    assert check_register(con, now) == []


_HIDING: dict[str, Change] = {
    "withhold": lambda con, hall, now: move_space(con, SYSTEM, hall, "withhold", now),
    "many": lambda con, hall, now: move_spaces(con, SYSTEM, [hall], "withhold", now),
    "doubt": lambda con, hall, now: [move_space(con, SYSTEM, hall, move, now) for move in ("close", "doubt")],
    "retire": lambda con, hall, now: move_space(con, SYSTEM, hall, "retire", now, retired_on=date(2026, 11, 1)),
    "level": lambda con, hall, now: edit_space(con, SYSTEM, hall, {"location_level": "cell"}, now),
    "objection": lambda con, hall, now: edit_space(con, SYSTEM, hall, {"consent": "objected"}, now),
    "owner": lambda con, hall, now: edit_space(con, SYSTEM, hall, {"ownership": "company"}, now),
    "embargo": lambda con, hall, now: edit_space(
        con, SYSTEM, hall, {"location_level": "cell", "location_release_on": date(2027, 1, 1)}, now),
}  # fmt: skip


@pytest.mark.parametrize("change", _HIDING)
def test_what_hides_a_building_parts_its_units_from_it_at_once(con: Connection, now: datetime, change: str) -> None:
    hall, unit = a_hall_and_its_shop(con, now)
    assert told(con, unit) == hall
    _HIDING[change](con, hall, now)
    assert told(con, unit) is None
    assert check_register(con, now) == []


def test_settings_part_and_join_them(con: Connection, now: datetime) -> None:
    hall, unit = a_hall_and_its_shop(con, now, ownership="company", consent="given", consent_on=date(2026, 1, 1))
    assert told(con, unit) is None
    setup.change_settings(con, SYSTEM, {"private_level": "exact"}, now)
    assert told(con, unit) == hall
    setup.change_settings(con, SYSTEM, {"private_level": "cell"}, now)
    assert told(con, unit) is None


def test_the_day_of_release_joins_them(con: Connection, now: datetime) -> None:
    hall, unit = a_hall_and_its_shop(con, now, location_level="hidden", location_release_on=date(2026, 11, 25))
    later = now + timedelta(days=2)
    assert check_register(con, later) != []
    republish_due(con, SYSTEM, later)
    assert told(con, unit) == hall
    assert check_register(con, later) == []


def test_the_end_of_the_time_to_object_joins_them(con: Connection, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"private_rule": "objection", "private_level": "exact"}, now)
    hall, unit = a_hall_and_its_shop(con, now, ownership="company", consent="notified", consent_on=now.date())
    assert told(con, unit) is None
    later = now + timedelta(days=60)
    republish_due(con, SYSTEM, later)
    assert told(con, unit) == hall


def test_a_list_that_changes_a_building_parts_its_units_from_it(con: Connection, tmp_path: Path, now: datetime) -> None:
    head = ["Ref", "Name", "Lon", "Lat", "Ownership"]
    first = lists.write_csv(tmp_path / "first.csv", [head, ["1", "Hall", 3.72, 51.05, "municipality"]])
    bring(con, first, now, status="offered")
    (hall,) = spaces.refs(con, spaces.SpaceFilter())
    con.rollback()
    unit = add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall), now)
    assert told(con, unit) == hall
    then = lists.write_csv(tmp_path / "then.csv", [head, ["1", "Hall", 3.72, 51.05, "company"]])
    assert bring(con, then, now, status="offered").counts["changed"] == 1
    assert told(con, unit) is None
    assert check_register(con, now) == []


def test_a_building_that_comes_after_its_unit_is_named_once_it_is_there(con: Connection, now: datetime) -> None:
    unit = add_space(con, SYSTEM, a_space(kind="unit"), now)
    with writing(con):
        shop = spaces.lock(con, unit)
        shop.within_ref = "SP-0003"
        spaces.save(con, shop)
    add_spaces(con, SYSTEM, [[a_space(name="Another"), a_space(name="Hall")]], now)
    assert told(con, unit) == "SP-0003"
    assert check_register(con, now) == []


def test_mending_parts_what_an_older_program_had_tied(con: Connection, now: datetime) -> None:
    hall, unit = a_hall_and_its_shop(con, now)
    with writing(con):
        held = spaces.lock(con, hall)
        held.location_level = "hidden"
        spaces.save(con, held)
    assert {finding.values["ref"] for finding in check_register(con, now)} == {hall, unit}
    assert mend_register(con, SYSTEM, now) == 2
    assert told(con, unit) is None


def test_a_partner_is_told_only_of_a_building_that_partners_see(con: Connection, now: datetime) -> None:
    hall, unit = a_hall_and_its_shop(con, now, location_level="hidden")

    def said() -> str | None:
        features = [
            orjson.loads(text)
            for batch in space_texts(con, Audience.PARTNER, Selection())
            for text in batch
        ]  # fmt: skip
        con.rollback()
        found: dict[str, str] = next(each["properties"] for each in features if each["properties"]["ref"] == unit)
        return found.get("within_ref")

    assert said() == hall
    move_space(con, SYSTEM, hall, "withhold", now)
    assert said() is None


def test_units_that_stay_in_sight_are_counted(con: Connection, now: datetime) -> None:
    hall, unit = a_hall_and_its_shop(con, now)
    add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall, status="withheld"), now)
    assert units_shown(con, [hall]) == 1
    assert units_shown(con, [hall, unit]) == 0
    assert units_shown(con, [unit]) == 0


def test_the_office_hears_that_units_stay_in_sight(app: Flask, con: Connection, now: datetime) -> None:
    hall, _ = a_hall_and_its_shop(con, now)
    office = a_signed_in_client(app)
    said = "1 unit within stays public, with its own place."
    assert said in office.get(f"/office/spaces/{hall}/move/withhold").text
    assert said not in office.get(f"/office/spaces/{hall}/move/close").text
    assert said in post(office, "/office/spaces/move", {"move": "withhold", "refs": hall}, "/office/spaces").text
    post(office, f"/office/spaces/{hall}/move/withhold", {"note": ""})
    assert said in office.get(f"/office/spaces/{hall}").text


def test_the_command_says_that_units_stay_in_sight(
    register: Register, con: Connection, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, _ = a_hall_and_its_shop(con, now)
    monkeypatch.setenv("TEMPUSE_REGISTER", register.address)
    monkeypatch.setenv("TEMPUSE_HOME", str(tmp_path / "home"))
    said = CliRunner().invoke(main, ["withhold", hall, "--dry-run", "--json"])
    assert orjson.loads(said.stdout)["units_public"] == 1
    assert "1 unit within stays public." in CliRunner().invoke(main, ["withhold", hall, "--yes"]).output
