"""What the public reads of uses: from the keys on, as much as the spaces show, and what a space's own row says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from tempuse.access import SYSTEM
from tempuse.agreements import Afterlife
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.care import checking
from tempuse.registry.organisations import edit_organisation
from tempuse.registry.permits.showing import show_use
from tempuse.registry.permits.using import end_early, write_afterlife
from tempuse.registry.publishing import republish_due
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import permits, published
from tempuse.store.engine import Connection
from tempuse.terms import Hours
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space, an_outline
from tests.permitting import approved, bring_back, running, signed, terms

MAY, JUNE = (date(2027, 5, 1), date(2027, 5, 31)), (date(2027, 6, 1), date(2027, 6, 30))
THEN = datetime(2027, 5, 3, 8, 30, tzinfo=UTC)


def row(con: Connection, ref: str, collection: str = "uses") -> dict[str, Any] | None:
    """What the public reads of a thing."""
    text = published.feature(con, collection, ref)
    con.rollback()
    return None if text is None else orjson.loads(text)["properties"]


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    """A hall of the city, in a district."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    return add_space(con, SYSTEM, a_space(geometry=an_outline(), floor_area_m2=130.0), now)


def is_sound(con: Connection, now: datetime) -> bool:
    """Whether what is published is what should be."""
    found = checking.check_register(con, now)
    con.rollback()
    return found == []


def test_a_use_is_public_from_the_keys_on_and_stays(con: Connection, hall: str) -> None:
    ref = signed(con, THEN, [hall], terms(*MAY), title="Zomerwerkplaats")
    assert row(con, ref) is None
    other = running(con, THEN, [add_space(con, SYSTEM, a_space(), THEN)], terms(*MAY), on=THEN.date(), title="Repair")
    shown = row(con, other)
    assert shown is not None
    assert (shown["title"], shown["state"], shown["starts_on"], shown["ends_on"]) == (
        "Repair", "running", "2027-05-01", "2027-05-31",
    )  # fmt: skip
    assert (shown["use_categories"], shown["start_year"], shown["end_year"]) == (["workshop"], 2027, 2027)
    assert "organisation" not in shown, "a group's name is public only if it says so"
    bring_back(con, other, THEN, THEN.date())
    write_afterlife(con, SYSTEM, other, THEN, Afterlife(outcome="moved", moved_to_ref=hall))
    shown = row(con, other)
    assert shown is not None
    assert (shown["state"], shown["ends_on"], shown["outcome"], shown["moved_to_ref"]) == (
        "ended", "2027-05-03", "moved", hall,
    )  # fmt: skip
    edit_space(con, SYSTEM, hall, {"location_level": "cell"}, THEN)
    assert "moved_to_ref" not in (row(con, other) or {}), "nobody may know where that is"
    assert is_sound(con, THEN)


def test_the_city_says_from_when_on_uses_are_shown(con: Connection, hall: str) -> None:
    ref = signed(con, THEN, [hall], terms(*JUNE))
    setup.change_settings(con, SYSTEM, {"uses_public_from": "signed"}, THEN)
    assert (row(con, ref) or {})["state"] == "coming"
    assert (row(con, hall, "spaces") or {})["use_refs"] == [ref]
    after = datetime(2027, 7, 1, 8, tzinfo=UTC)
    republish_due(con, SYSTEM, after)
    assert row(con, ref) is None, "it never began"
    setup.change_settings(con, SYSTEM, {"uses_public_from": "never"}, after)
    assert is_sound(con, after)


@pytest.mark.parametrize(
    ("level", "fields"),
    [
        ("cell", {"area_band_m2", "district_ref", "district"}),
        ("district", {"district_ref", "district"}),
        ("hidden", set()),
    ],
)
@pytest.mark.parametrize("of", ["space", "permit"])
def test_below_exact_there_is_neither_name_title_nor_day(
    con: Connection, hall: str, level: str, fields: set[str], of: str
) -> None:
    if of == "space":
        edit_space(con, SYSTEM, hall, {"location_level": level}, THEN)
    ref = running(con, THEN, [hall], terms(*MAY), on=THEN.date(), purpose="We sing")
    if of == "permit":
        show_use(con, SYSTEM, ref, THEN, unlisted=False, location_level=level, purpose_released="Singing")
    always = {"ref", "state", "use_categories", "start_year", "end_year", "location_level"}
    assert set(row(con, ref) or {}) == always | fields
    assert "used_by_ref" not in (row(con, hall, "spaces") or {})


def test_a_use_is_as_precise_as_the_least_precise_of_its_spaces(con: Connection, hall: str) -> None:
    yard = add_space(con, SYSTEM, a_space(kind="plot", geometry=a_place(0.01), location_level="district"), THEN)
    ref = running(con, THEN, [hall, yard], terms(*MAY), on=THEN.date())
    assert (row(con, ref) or {})["location_level"] == "district"
    edit_space(con, SYSTEM, yard, {"location_level": "exact"}, THEN)
    shown, text = row(con, ref), published.feature(con, "uses", ref)
    assert shown is not None
    assert text is not None
    assert (shown["location_level"], set(shown["space_refs"])) == ("exact", {hall, yard})
    assert orjson.loads(text)["geometry"]["type"] == "Polygon"
    assert (row(con, yard, "spaces") or {})["used_by_ref"] == ref
    edit_space(con, SYSTEM, hall, {"consent": "objected"}, THEN)
    assert row(con, ref) is None, "one of its spaces is not to be seen"
    assert "used_by_ref" not in (row(con, yard, "spaces") or {})
    assert is_sound(con, THEN)


def test_what_is_not_listed_has_no_row(con: Connection, hall: str) -> None:
    ref = running(con, THEN, [hall], terms(*MAY), on=THEN.date(), purpose="A night shelter")
    assert "purpose" not in (row(con, ref) or {"purpose": ""}), "nobody has released it"
    show_use(con, SYSTEM, ref, THEN, unlisted=False, location_level=None, purpose_released="A roof")
    assert (row(con, ref) or {})["purpose"] == "A roof"
    show_use(con, SYSTEM, ref, THEN, unlisted=True, location_level=None, purpose_released=None)
    assert row(con, ref) is None
    space = row(con, hall, "spaces")
    assert space is not None
    assert (space["in_use"], space["free_from"]) == (True, "2027-06-01")
    assert not {"used_by_ref", "use_refs"} & set(space)


def test_a_group_is_named_once_it_says_so(con: Connection, hall: str) -> None:
    ref = running(con, THEN, [hall], terms(*MAY), on=THEN.date(), group="Choir of Saint Ann")
    holder = permits.get(con, ref).holder_ref or ""
    con.rollback()
    edit_organisation(con, SYSTEM, holder, {"name_public": True, "url": "https://choir.example"}, THEN)
    shown = row(con, ref) or {}
    assert (shown["organisation"], shown["organisation_url"]) == ("Choir of Saint Ann", "https://choir.example")
    edit_organisation(con, SYSTEM, holder, {"name_public": False}, THEN)
    assert not {"organisation", "organisation_url"} & set(row(con, ref) or {})


def test_a_space_says_that_it_is_in_use_and_from_when_it_is_free(con: Connection, hall: str) -> None:
    before = row(con, hall, "spaces") or {}
    ref = running(con, THEN, [hall], terms(*MAY), on=THEN.date())
    approved(con, THEN, [hall], terms(*JUNE))
    shown = row(con, hall, "spaces") or {}
    assert (shown["in_use"], shown["free_from"], shown["used_by_ref"]) == (True, "2027-07-01", ref)
    assert shown["occupancy"] == before["occupancy"], "what was observed stays"
    end_early(con, SYSTEM, ref, THEN, ended_on=date(2027, 5, 20), ended_how="agreed", because="They are ready.")
    assert (row(con, hall, "spaces") or {})["free_from"] == "2027-05-21"
    assert is_sound(con, THEN)
    republish_due(con, SYSTEM, THEN + timedelta(days=20))
    assert "in_use" not in (row(con, hall, "spaces") or {})
    republish_due(con, SYSTEM, THEN + timedelta(days=40))
    assert (row(con, hall, "spaces") or {})["in_use"] is True
    assert is_sound(con, THEN + timedelta(days=40))


def test_hours_leave_a_space_free(con: Connection, hall: str) -> None:
    evenings = terms(*MAY, hours=(Hours(weekdays=0b1010, from_minute=1140, until_minute=1320),))
    ref = running(con, THEN, [hall], evenings, on=THEN.date())
    shown = row(con, hall, "spaces") or {}
    assert "in_use" not in shown
    assert shown["use_refs"] == [ref]
    assert (row(con, ref) or {})["hours"] == [{"weekdays": ["tuesday", "thursday"], "from": "19:00", "until": "22:00"}]


def test_the_days_of_a_building_lead_nobody_to_a_room_that_is_hidden(con: Connection, hall: str) -> None:
    room = add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall, location_level="hidden"), THEN)
    plain = add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall), THEN)
    ref = running(con, THEN, [hall], terms(MAY[0], date(2027, 6, 12)), on=THEN.date())
    assert not {"in_use", "free_from"} & set(row(con, room, "spaces") or {})
    assert (row(con, plain, "spaces") or {})["used_by_ref"] == ref


def test_below_exact_the_free_day_is_the_first_of_a_month(con: Connection, hall: str) -> None:
    edit_space(con, SYSTEM, hall, {"location_level": "cell"}, THEN)
    running(con, THEN, [hall], terms(MAY[0], date(2027, 12, 12)), on=THEN.date())
    assert (row(con, hall, "spaces") or {})["free_from"] == "2028-01-01"


def test_whose_midnight(con: Connection, hall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Case 14: the day ends where the city is, whatever clock the server has."""
    monkeypatch.setenv("TZ", "America/New_York")
    setup.change_settings(con, SYSTEM, {"time_zone": "Europe/Brussels"}, THEN)
    ref = running(con, THEN, [hall], terms(MAY[0], date(2027, 6, 30)), on=THEN.date())
    for at, state in ((datetime(2027, 6, 30, 21, 59), "running"), (datetime(2027, 6, 30, 22, 0), "ended")):
        republish_due(con, SYSTEM, at.replace(tzinfo=UTC))
        assert (row(con, ref) or {})["state"] == state
        assert ("in_use" in (row(con, hall, "spaces") or {})) == (state == "running")
        assert is_sound(con, at.replace(tzinfo=UTC))
    setup.change_settings(con, SYSTEM, {"time_zone": "Pacific/Auckland"}, datetime(2027, 6, 30, 11, 59, tzinfo=UTC))
    assert (row(con, ref) or {})["state"] == "running"
    republish_due(con, SYSTEM, datetime(2027, 6, 30, 12, 0, tzinfo=UTC))
    assert (row(con, ref) or {})["state"] == "ended"


def test_a_release_day_makes_its_uses_exact(con: Connection, hall: str) -> None:
    coarse = {"location_level": "cell", "location_release_on": date(2027, 5, 10)}
    edit_space(con, SYSTEM, hall, coarse, THEN)
    ref = running(con, THEN, [hall], terms(*MAY), on=THEN.date(), title="Under embargo")
    assert "title" not in (row(con, ref) or {})
    republish_due(con, SYSTEM, datetime(2027, 5, 9, 21, 59, tzinfo=UTC))
    assert "title" not in (row(con, ref) or {})
    republish_due(con, SYSTEM, datetime(2027, 5, 9, 22, 0, tzinfo=UTC))
    assert (row(con, ref) or {})["title"] == "Under embargo"
    assert is_sound(con, datetime(2027, 5, 9, 22, 1, tzinfo=UTC))
