"""A small town for tests of pages: four districts, a river, a park, and spaces of every sort."""

from __future__ import annotations

from datetime import date, datetime

import shapely

from tempuse.access import SYSTEM
from tempuse.areas import Area
from tempuse.registry import adding, areas, setup, spaces
from tempuse.spaces import Period, Space
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space, an_outline

# Refs of the spaces that tests ask for by name.
HALL, FORGE, STUDIO, HIDDEN, PLACELESS, LOFT, PLOT, RETIRED, WITHHELD = (f"SP-{n:04d}" for n in range(1, 10))
CROWD = 28
SECRETS = ("Marigold", "Quince", "Juniper", "Foxglove")


def build(con: Connection, now: datetime, *, crowd: int = CROWD) -> None:
    """Fill an empty register with the town."""
    settings = {
        "municipality": "Rivermouth", "contact_email": "spaces@rivermouth.example", "contact_phone": "012 34 56",
        "background_source": "Districts: Rivermouth, 2025",
    }  # fmt: skip
    setup.change_settings(con, SYSTEM, settings, now)
    _background(con, now)
    named = _spaces()
    with writing(con), adding.adding(con, SYSTEM, now) as adder:
        adder.add([space for space, _ in named], [past for _, past in named])
        adder.add([_one_of_many(i) for i in range(crowd)])
    spaces.move_space(con, SYSTEM, RETIRED, "retire", now, retired_on=date(2026, 10, 1), note="Sold to Foxglove")
    spaces.move_space(con, SYSTEM, WITHHELD, "withhold", now)


def _background(con: Connection, now: datetime) -> None:
    names = (("Old Docks", 3.70, 51.04), ("Tannery", 3.72, 51.04), ("Northgate", 3.70, 51.055), ("Holm", 3.72, 51.055))
    districts = [
        Area(kind="district", name=name, code=name[:2], geometry=shapely.box(x, y, x + 0.02, y + 0.015))
        for name, x, y in names
    ]
    areas.load_areas(con, SYSTEM, AreaKind.DISTRICT, districts, now)
    whole = a_district("Rivermouth", 3.70, 51.04, 0.03).geometry
    areas.load_areas(
        con, SYSTEM, AreaKind.MUNICIPALITY, [Area(kind="municipality", name="Rivermouth", geometry=whole)], now
    )
    river = shapely.LineString([(3.69, 51.052), (3.715, 51.0545), (3.75, 51.056)]).buffer(0.0012)
    areas.load_areas(con, SYSTEM, AreaKind.WATER, [Area(kind="water", name="The Mouth", geometry=river)], now)
    park = shapely.box(3.703, 51.061, 3.708, 51.064)
    areas.load_areas(con, SYSTEM, AreaKind.GREEN, [Area(kind="green", name="Park", geometry=park)], now)


def _spaces() -> list[tuple[Space, tuple[Period, ...]]]:
    private = {"ownership": "private_person", "consent": "given"}
    market = Period(
        starts_on=date(2024, 5, 1), ends_on=date(2024, 9, 30), precision="month", title="Night market",
        what_came="Twelve Fridays. It ended as planned.",
    )  # fmt: skip
    scouts = Period(starts_on=date(2026, 5, 1), ends_on=date(2027, 6, 30), precision="month", title="the Sea Scouts")
    hall = a_space(
        address="2 Auction Quay", description="One high, open room.", floor_area_m2=640.0, ceiling_height_cm=750,
        building_year=1931, condition="good", heritage="listed", power=True, water=True, heating=False, toilets=True,
        step_free_access=True, rules="Quiet from 22:00. People live across the yard.", fire_capacity_persons=200,
        suitable_uses=("workshop", "event"), available_from=date(2027, 3, 1), available_until=date(2027, 8, 31),
        cost_model="running_costs", running_cost_month_cents=31000, running_cost_winter_cents=45000,
        deposit_cents=50000, checked_on=date(2026, 6, 12), source="Building file",
    )  # fmt: skip
    return [
        (hall, (market,)),
        (a_space(name="Marigold forge", kind="unit", location_level="cell", geometry=a_place(0.012, -0.005), water=True,
                 floor_area_m2=70.0, suitable_uses=("workshop",), available_from=date(2027, 2, 1),
                 address="1 Marigold Row", description="Behind the Marigold.", **private), ()),
        (a_space(name="Quince studio", kind="unit", location_level="district", geometry=a_place(-0.012, 0.012),
                 floor_area_m2=45.0, suitable_uses=("studio",), **private), ()),
        (a_space(name="Juniper rooms", kind="unit", location_level="hidden", geometry=a_place(0.01, 0.01),
                 **private), ()),
        (a_space(name="Room without a place", kind="unit", geometry=None, water=True), ()),
        (a_space(name="Sailmaker’s loft", kind="unit", occupancy="temporary_use",
                 geometry=a_place(-0.014, -0.004)), (scouts,)),
        (a_space(name="Plot by the slipway", kind="plot", geometry=an_outline(0.004, -0.008), water=True,
                 suitable_uses=("garden",), cost_model="free"), ()),
        (a_space(name="Sold shop", kind="unit", geometry=a_place(0.002, -0.006)), ()),
        (a_space(name="Foxglove cellar", geometry=a_place(0.003, -0.006)), ()),
    ]  # fmt: skip


def _one_of_many(i: int) -> Space:
    states = ("vacant", "temporary_use", "occupied")
    return a_space(
        name=f"House {i + 1}",
        kind=("building", "unit", "plot")[i % 3],
        occupancy=states[(i // 3) % 3],
        geometry=a_place(round(-0.016 + 0.005 * (i % 7), 4), round(-0.0075 + 0.006 * (i // 7), 4)),
        floor_area_m2=float(30 + 40 * i),
        water=(True, False, None)[i % 3],
        power=i % 2 == 0,
    )
