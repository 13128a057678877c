"""GeoPandas: a register's figures as frames. Frames in, frames out; areas in m2, distances in metres."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd

from tempuse.areas import Area
from tempuse.durations import DAYS_A_MONTH
from tempuse.geometry import LON_LAT, area_m2, distance_m
from tempuse.spaces import Space, area_of, outlook

Frame: TypeAlias = gpd.GeoDataFrame


@dataclass(frozen=True, slots=True)
class FrameColumn:
    """A column of a frame: its name, the kind of its field (text, choice, flag, whole, day ...), a choice's values."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


def typed_frame(
    rows: Sequence[Mapping[str, Any]], shapes: Sequence[Any], columns: Sequence[FrameColumn], index: str = ""
) -> gpd.GeoDataFrame:
    """Rows as a frame in EPSG:4326 whose columns have the types of their fields, also when there are no rows.

    Text is ``string``, a choice ``category``, a flag ``boolean``, a whole number ``Int64``, a number ``float64``, a
    day ``datetime64[s]``, an instant the same in UTC; lists and maps are Python's. What is not known is missing.

    Args:
        rows: values by column, as GeoJSON has them; what a row does not have is missing.
        shapes: a geometry a row, or None.
        columns: all of them, in order.
        index: the column that becomes the index.
    """
    data = {column.name: _series([row.get(column.name) for row in rows], column) for column in columns}
    frame = gpd.GeoDataFrame(pd.DataFrame(data), geometry=np.array(shapes, object), crs=LON_LAT)
    return frame.set_index(index) if index else frame


_DTYPES = {"text": "string", "long": "string", "flag": "boolean", "whole": "Int64", "number": "float64"}


def _series(values: list[Any], column: FrameColumn) -> Any:
    if column.kind == "choice":
        return pd.Series(pd.Categorical(values, categories=list(column.values)))
    if column.kind in ("day", "instant"):
        # Not to the nanosecond: a building may be older than 1677.
        days = pd.Series(np.array([_unzoned(value) for value in values], "datetime64[s]"))
        return days if column.kind == "day" else days.dt.tz_localize("UTC")
    return pd.Series(values, dtype=_DTYPES.get(column.kind, object))


def _unzoned(value: str | None) -> str:
    """A day or an instant in UTC as NumPy reads it."""
    return "NaT" if value is None else value.removesuffix("Z").removesuffix("+00:00")


OUTLOOKS = ("free", "used", "shut")
DERIVED = (
    FrameColumn("outlook", "choice", OUTLOOKS),
    FrameColumn("area_m2", "number"),
    FrameColumn("months_vacant", "number"),
)


def derived(space: Space, on: date) -> dict[str, Any]:
    """What follows from a space and a day: the columns that DERIVED names."""
    return {
        "outlook": outlook(space.status, space.occupancy, space.available_until, on),
        "area_m2": area_of(space),
        "months_vacant": months_vacant(space, on),
    }


def frame_of(spaces: Iterable[Space], on: date) -> gpd.GeoDataFrame:
    """Spaces as a frame in EPSG:4326, one row a space by its ref.

    Columns: name, kind, status, outlook (free, used or shut on that day), district_ref, area_m2 (what a seeker
    asks for), months_vacant (on that day, where it is known since when), geometry.
    """
    rows = [
        {
            "ref": space.ref,
            "name": space.name,
            "kind": space.kind,
            "status": space.status,
            "district_ref": space.district_ref,
            "geometry": space.geometry,
            **derived(space, on),
        }
        for space in spaces
    ]
    columns = ["ref", "name", "kind", "status", "outlook", "district_ref", "area_m2", "months_vacant", "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=LON_LAT)
    frame[["area_m2", "months_vacant"]] = frame[["area_m2", "months_vacant"]].astype(float)
    return frame.set_index("ref")


def months_vacant(space: Space, on: date) -> float | None:
    """For how long a space has stood empty on a day; None where it does not, or nobody knows since when."""
    if space.occupancy != "vacant" or space.vacant_since is None or space.vacant_since > on:
        return None
    return (on - space.vacant_since).days / DAYS_A_MONTH


def by_district(spaces: gpd.GeoDataFrame, districts: Sequence[Area]) -> gpd.GeoDataFrame:
    """One row a district: how many spaces, how many of each outlook, how large, how long empty, how dense.

    Columns: name, spaces, free, used, shut, area_m2 (sum), months_vacant (mean), spaces_per_km2, geometry.
    """
    shapes = np.array([area.geometry for area in districts], object)
    frame = gpd.GeoDataFrame(
        {"name": [area.name for area in districts]},
        index=pd.Index([area.ref for area in districts], name="district_ref"),
        geometry=list(shapes), crs=LON_LAT,
    )  # fmt: skip
    groups = spaces.groupby("district_ref")
    frame["spaces"] = groups.size()
    for each in OUTLOOKS:
        frame[each] = spaces[spaces["outlook"] == each].groupby("district_ref").size()
    frame["area_m2"] = groups["area_m2"].sum()
    counts = ["spaces", "free", "used", "shut", "area_m2"]
    frame[counts] = frame[counts].fillna(0)
    frame[counts[:4]] = frame[counts[:4]].astype(int)
    frame["months_vacant"] = groups["months_vacant"].mean().round(1)
    frame["spaces_per_km2"] = (frame["spaces"] / (area_m2(shapes) / 1e6)).round(2) if len(districts) else 0.0
    return frame[["name", *counts, "months_vacant", "spaces_per_km2", "geometry"]]


def nearby(spaces: gpd.GeoDataFrame, lon: float, lat: float, within_m: float) -> gpd.GeoDataFrame:
    """The spaces within a distance of a place, nearest first, with ``distance_m``.

    Great-circle distances from a point inside each space; good to 0.5 %.
    """
    placed: Any = spaces[~(spaces.geometry.is_empty | spaces.geometry.isna())].copy()
    inside = placed.geometry.representative_point()
    placed["distance_m"] = distance_m(inside.x.to_numpy(), inside.y.to_numpy(), (lon, lat))
    return placed[placed["distance_m"] <= within_m].sort_values("distance_m")
