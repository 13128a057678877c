"""A large demo register: up to a million invented spaces, the same ones for the same number and seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from tempuse.demo.places import SOURCE, Place, invent
from tempuse.geometry import morton_keys
from tempuse.spaces import FACILITIES, Space

MOST = 1_000_000
BATCH = 2000
SEED = 2611

# Value, weight.
_KINDS = (("building", 0.38), ("unit", 0.42), ("plot", 0.20))
_STATUSES = (("offered", 0.72), ("verified", 0.14), ("reported", 0.06), ("withheld", 0.03), ("retired", 0.05))
_OCCUPANCIES = (
    ("vacant", 0.71),
    ("temporary_use", 0.15),
    ("partly_occupied", 0.06),
    ("occupied", 0.03),
    ("unknown", 0.05),
)
_OWNERSHIPS = (("municipality", 0.46), ("public_body", 0.14), ("company", 0.18), ("private_person", 0.15),
               ("association", 0.05), ("unknown", 0.02))  # fmt: skip
_CONSENTS = (("given", 0.82), ("unasked", 0.10), ("notified", 0.05), ("objected", 0.03))
_CONDITIONS = (("good", 0.45), ("fair", 0.3), ("poor", 0.1), ("unknown", 0.15))
_COSTS = (("free", 0.22), ("running_costs", 0.3), ("reduced", 0.23), ("market", 0.13), ("unknown", 0.12))
_HERITAGES = (("none", 0.5), ("unknown", 0.3), ("of_interest", 0.12), ("listed", 0.08))
_FORMER = (("commerce", 0.34), ("industry", 0.2), ("office", 0.16), ("storage", 0.1), ("public_service", 0.08),
           ("education", 0.05), ("hospitality", 0.07))  # fmt: skip
_YES = dict(zip(FACILITIES, (0.8, 0.3, 0.72, 0.4, 0.55, 0.12, 0.7, 0.62, 0.25, 0.4, 0.5, 0.12, 0.45), strict=True))
_USES = {
    "building": ("workshop", "studio", "event", "rehearsal", "meeting", "learning", "storage", "sport"),
    "unit": ("shop", "studio", "workshop", "office", "meeting", "learning", "food", "storage"),
    "plot": ("garden", "sport", "event", "other", "garden", "event", "storage", "sport"),
}
_NOUNS = {
    "commerce": ("Shop", "Showroom", "Corner shop"), "industry": ("Workshop", "Mill", "Foundry"),
    "office": ("Offices", "Counting house", "Bureau"), "storage": ("Warehouse", "Store", "Shed"),
    "public_service": ("Depot", "Post office", "Fire station"), "education": ("School", "Nursery", "Lecture hall"),
    "hospitality": ("Café", "Guest house", "Canteen"),
}  # fmt: skip
_STREETS = (
    "Mill Street", "Station Road", "Market Lane", "Harbour Street", "Church Lane", "Bridge Street", "Weavers’ Row",
    "Linden Avenue", "Canal Side", "School Street", "Garden Road", "Tower Hill",
)  # fmt: skip
_TEXTS = (
    "Dry and clean. The keys are with the town office.",
    "Close to the tram stop, with a yard at the back.",
    "Large windows to the street and a small office behind.",
    "Swept and empty. The meters were read when the last users left.",
    None, None,
)  # fmt: skip


def towns(total: int, seed: int = SEED) -> list[Place]:
    """The invented towns of a register of so many spaces."""
    return invent(np.random.default_rng(seed), total)


def batches(total: int, today: date, seed: int = SEED + 1) -> Iterator[list[Space]]:
    """So many spaces around two hundred invented towns, town by town in Z-order; memory holds one town's places."""
    rng = np.random.default_rng(seed)
    found = towns(total)
    ends = np.round(np.cumsum([town.share for town in found]) * total).astype(int).tolist()
    number = 0
    waiting: list[Space] = []
    for town, end in zip(found, ends, strict=True):
        for space in _spaces(rng, town, number, end, today):
            waiting.append(space)
            if len(waiting) == BATCH:
                yield waiting
                waiting = []
        number = end
    if waiting:
        yield waiting


def _spaces(rng: np.random.Generator, town: Place, start: int, end: int, today: date) -> Iterator[Space]:
    """One town's spaces: dense in the middle, in Z-order."""
    lat = town.lat + rng.normal(0, town.spread_deg, end - start)
    lon = town.lon + rng.normal(0, town.spread_deg, end - start) / np.cos(np.radians(town.lat))
    order = np.argsort(morton_keys(lon, lat))
    lon, lat = lon[order], lat[order]
    for first in range(0, end - start, BATCH):
        some = slice(first, first + BATCH)
        yield from _batch(rng, town, start + first, lon[some], lat[some], today)


def _pick(rng: np.random.Generator, choices: tuple[tuple[str, float], ...], count: int) -> list[str]:
    values, weights = zip(*choices, strict=True)
    picked = rng.choice(len(values), count, p=weights)
    return [values[i] for i in picked.tolist()]


def _batch(rng: np.random.Generator, town: Place, number: int, lon: Any, lat: Any, today: date) -> Iterator[Space]:
    count = len(lon)
    columns: dict[str, list[Any]] = {
        "kind": _pick(rng, _KINDS, count), "status": _pick(rng, _STATUSES, count),
        "occupancy": _pick(rng, _OCCUPANCIES, count), "ownership": _pick(rng, _OWNERSHIPS, count),
        "consent": _pick(rng, _CONSENTS, count), "condition": _pick(rng, _CONDITIONS, count),
        "cost_model": _pick(rng, _COSTS, count), "heritage": _pick(rng, _HERITAGES, count),
        "previous_use": _pick(rng, _FORMER, count),
    }  # fmt: skip
    for name in FACILITIES:
        chance = rng.random(count)
        yes = _YES[name] * 0.8  # a fifth is not known
        columns[name] = np.where(chance < yes, 1, np.where(chance < 0.8, 0, -1)).tolist()
    area = np.exp(rng.normal(5.0, 0.9, count))
    dice = rng.integers(0, 1 << 30, count).tolist()
    days = rng.integers(1, 900, (count, 3)).tolist()
    shapes = _shapes(rng, lon, lat, area, np.array(columns["kind"]) == "plot")
    sizes = np.round(area).tolist()
    names = tuple(columns)
    for i, values in enumerate(zip(*columns.values(), strict=True)):
        yield _space(
            dict(zip(names, values, strict=True)), town, number + i, shapes[i], sizes[i], dice[i], days[i], today
        )


def _shapes(rng: np.random.Generator, lon: Any, lat: Any, area: Any, is_plot: Any) -> list[Any]:
    """Outlines for the plots and an eighth of the rest, about 30 %; points for the others."""
    shapes = shapely.points(lon, lat)
    outlined = is_plot | (rng.random(len(lon)) < 0.125)
    side = np.sqrt(area * np.where(is_plot, 8, 1))[outlined] / 111_000 / 2
    turn = rng.uniform(0, np.pi / 2, len(side))
    corners = turn[:, None] + np.array([0, 1, 2, 3, 0]) * np.pi / 2 + np.pi / 4
    radius = side[:, None] * np.sqrt(2)
    x = lon[outlined][:, None] + radius * np.cos(corners) / np.cos(np.radians(lat[outlined]))[:, None]
    y = lat[outlined][:, None] + radius * np.sin(corners)
    shapes[outlined] = shapely.polygons(np.stack([x, y], axis=2))
    return list(shapes)


def _space(
    values: dict[str, Any], town: Place, number: int, shape: Any, size: float, dice: int, days: list[int], today: date
) -> Space:  # fmt: skip
    for name in FACILITIES:
        values[name] = None if values[name] < 0 else bool(values[name])
    kind, is_plot = values["kind"], values["kind"] == "plot"
    nouns, street = _NOUNS[values["previous_use"]], f"{dice % 180 + 1} {_STREETS[dice % len(_STREETS)]}"
    if values["ownership"] in ("municipality", "public_body"):
        values["consent"] = "unasked"
    elif dice % 5 < 3:
        values["location_level"] = "exact"
    if values["cost_model"] in ("reduced", "market"):
        values.update(cost_cents=(dice % 90 + 4) * 1000, cost_period="month")
    elif values["cost_model"] == "running_costs":
        values["running_cost_month_cents"] = (dice % 40 + 3) * 1000
    if values["status"] == "retired":
        values["retired_on"] = today - timedelta(days=days[0])
    if dice % 3 == 0:
        values["available_from"] = today + timedelta(days=days[1] // 3 - 60)
        if dice % 2:
            values["available_until"] = values["available_from"] + timedelta(days=days[2])
    name = "Gap site" if is_plot else f"{nouns[dice % 3]}, {street}"
    uses = _USES[kind]
    return Space(
        **values, geometry=shape, name=None if dice % 10 < 3 else name,
        description=_TEXTS[dice % 6], address=street, locality=town.name,
        floor_area_m2=None if is_plot or dice % 11 == 0 else size, storey=dice % 4 if kind == "unit" else None,
        suitable_uses=tuple(dict.fromkeys(uses[(dice >> shift) % 8] for shift in range(0, 3 * (1 + dice % 3), 3))),
        building_year=None if is_plot or dice % 4 == 0 else 1850 + dice % 160,
        vacant_since=today - timedelta(days=days[0] * 2) if dice % 5 else None,
        checked_on=today - timedelta(days=days[1]) if dice % 7 else None,
        certainty=("certain", "likely", "likely", "uncertain")[dice % 4], source=SOURCE, source_ref=f"L{number:07d}",
    )  # fmt: skip
