"""Builders of test records: ``a_space(name="Net loft")`` and its like."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import shapely

from tempuse.access import PUBLIC, SYSTEM
from tempuse.areas import Area
from tempuse.registry import reports
from tempuse.reports import Report
from tempuse.spaces import Space
from tempuse.store.engine import Connection

HERE = (3.72, 51.05)


def a_place(east: float = 0.0, north: float = 0.0) -> Any:
    """A point, so many degrees from HERE."""
    return shapely.Point(round(HERE[0] + east, 7), round(HERE[1] + north, 7))


def an_outline(east: float = 0.0, north: float = 0.0, side: float = 0.0004) -> Any:
    """A square outline with its south-west corner so many degrees from HERE."""
    x, y = HERE[0] + east, HERE[1] + north
    return shapely.box(x, y, x + side, y + side)


def a_space(**values: Any) -> Space:
    """An offered hall of the municipality: public, and with a place."""
    values = {
        "name": "Fish auction hall", "kind": "building", "status": "offered", "ownership": "municipality",
        "occupancy": "vacant", "geometry": a_place(), **values,
    }  # fmt: skip
    return Space(**values)


def a_district(name: str = "Old Docks", west: float = 3.70, south: float = 51.04, side: float = 0.04) -> Area:
    """A square district around HERE."""
    return Area(
        kind="district",
        name=name,
        code=name[:2].upper(),
        geometry=shapely.box(west, south, west + side, south + side),
    )


def several_spaces() -> list[Space]:
    """A point, an outline, two parts, a unit without a place, and one private, withheld, retired, objected to."""
    two = shapely.MultiPolygon([an_outline(0.01), an_outline(0.012)])
    return [
        a_space(
            description="Dry, with “daylight”; goods door.\nSecond line.", floor_area_m2=412.5, power=True,
            toilets=False, suitable_uses=("workshop", "food"), available_from=date(2027, 3, 1),
            cost_model="running_costs", running_cost_month_cents=12_050, address="Kaai 4", building_year=1931,
            source="my list", source_ref="007",
            internal_note="note-for-the-office", owner_name="Stad", owner_email="owner@office.example",
            source_fields={"Alter Wert": "ß"}, checked_on=date(2026, 5, 4), storey=-1,
        ),
        a_space(name="=SUM(A1:A9)", kind="plot", geometry=an_outline(0.002), parcel_refs=("24514C0024/00C005", "2")),
        a_space(name="Łódź ’t Café", kind="plot", geometry=shapely.orient_polygons(two)),
        a_space(name="Room 2.1", kind="unit", geometry=None, description="-5 °C in winter"),
        a_space(
            name="secret-name", ownership="company", consent="given", geometry=a_place(0.0123456, 0.0065432),
            address="secret-address", owner_name="secret-owner",
        ),
        a_space(name="withheld-name", status="withheld"),
        a_space(name="retired-name", status="retired", retired_on=date(2026, 1, 31), retired_why="why-it-ended"),
        a_space(name="objected-name", status="offered", ownership="company", consent="objected"),
    ]  # fmt: skip


def prove(con: Connection, ref: str, now: datetime) -> Report | None:
    """Confirm the address of a report, as its sender does by the link in the letter."""
    secret = f"the secret of {ref}"
    reports.expect_secret(con, SYSTEM, ref, secret)
    return reports.confirm_report(con, PUBLIC, secret, now)
