"""The documented sites of the ten REFILL cities: what stood there, what was done with it, what came of it."""

from __future__ import annotations

import shapely

from tempuse.demo.rivermouth import Entry, period_of, rows_of
from tempuse.spaces import Period, Space
from tempuse.vocabulary import Consent, LocationLevel, PlacedBy, SpaceStatus

# Why these sites are public although nobody asked their owners: they stand in published sources.
_NOTE = (
    "A documented case, put together from the published sources that are named. The place is estimated to within"
    " some hundred metres. Nobody asked the owner for this demonstration; their consent stands for the publication."
)


def read_cases() -> list[Entry]:
    """Every documented site with its periods. Real dates, which do not move; places that are estimates."""
    past: dict[str, list[Period]] = {}
    sources = {row["ref"]: row["source"] for row in rows_of("demo/refill-cases.csv")}
    for row in rows_of("demo/refill-past.csv"):
        case = row.pop("case")
        past.setdefault(case, []).append(period_of(row, source=sources[case]))
    return [Entry(_space(row), past.get(row["ref"], [])) for row in rows_of("demo/refill-cases.csv")]


def _space(row: dict[str, str]) -> Space:
    area = float(row["area_m2"]) if row["area_m2"] else None
    is_plot = row["kind"] == "plot"
    return Space(
        kind=row["kind"], status=SpaceStatus.VERIFIED.value, name=f"{row['name']}, {row['city']}",
        description=f"Documented case. {row['description']}", internal_note=_NOTE, address=row["address"],
        locality=row["city"], geometry=shapely.Point(float(row["lon"]), float(row["lat"])),
        placed_by=PlacedBy.ESTIMATE.value, floor_area_m2=None if is_plot else area,
        plot_area_m2=area if is_plot else None, previous_use=row["previous_use"], occupancy=row["occupancy"],
        condition="not_applicable" if is_plot else row["condition"], suitable_uses=tuple(row["suitable_uses"].split()),
        ownership=row["ownership"], consent=Consent.GIVEN.value, location_level=LocationLevel.EXACT.value,
        source=row["source"], source_ref=row["ref"], certainty=row["certainty"],
    )  # fmt: skip
