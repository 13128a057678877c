"""Districts are read as they are asked for, and are the same as all of them read at once."""

from __future__ import annotations

from datetime import date, datetime

from tempuse.access import SYSTEM
from tempuse.registry.areas import load_areas
from tempuse.store import areas
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import AreaKind
from tests.builders import a_district


def test_one_district_is_as_among_all(con: Connection, now: datetime) -> None:
    """By its ref; a municipality is none while there are districts."""
    load_areas(con, SYSTEM, AreaKind.MUNICIPALITY, [a_district("Rivermouth", 3.6)], now)
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district(f"Part {n}", 3.7 + n) for n in range(15)], now)
    with writing(con):
        all_of_them = areas.districts(con)
        town = areas.find(con, AreaKind.MUNICIPALITY)[0]
        stored = areas.StoredDistricts(con)
        assert stored.get(town.ref) is None
        assert stored.get("AR-9999") is None
        for each in all_of_them:  # from some on they are read at once
            found = stored.get(each.ref)
            assert found is not None
            assert (found.ref, found.name) == (each.ref, each.name)
        place = stored.locator.locate(3.71, 51.05)
        assert place is not None
        assert place.name == "Part 0"


def test_municipalities_where_there_are_no_districts(con: Connection, now: datetime) -> None:
    """They are what spaces lie in; one that has ended is not."""
    load_areas(con, SYSTEM, AreaKind.MUNICIPALITY, [a_district("Rivermouth", 3.6), a_district("Elsewhere", 5)], now)
    with writing(con):
        town, other = areas.districts(con)
        other.retired_on = date(2020, 1, 1)
        areas.save(con, other)
        stored = areas.StoredDistricts(con)
        assert stored.get(town.ref) is not None
        assert stored.get(other.ref) is None
