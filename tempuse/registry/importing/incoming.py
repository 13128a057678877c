"""A row on its way in: what it lacks, what it is called, and how it waits in the staging file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.fields import check_values
from tempuse.folding import fold
from tempuse.geometry import Geometries
from tempuse.io.candidates import Candidate
from tempuse.spaces import FIELDS, Space

FAR_M = 100.0  # a place that was mended moves less


def check(row: Candidate) -> None:
    """Take out values that their field does not allow, each with its issue."""
    for issue in check_values(Space, row.fields):
        row.fields.pop(issue.field, None)
        row.issues.append(dataclasses.replace(issue, row=row.line, done="value.left_empty", grave=True))


def is_another(row: Candidate, before: Space) -> bool:
    """Whether a row is hardly the space that has its number: it has another name, and lies elsewhere.

    What only one of them tells cannot differ; what was corrected by hand differs anyhow.
    """
    fields = row.fields
    if {"name", "address", "geometry"} & set(before.corrected_fields):
        return False
    name, ours = fields.get("name") or fields.get("address"), before.name or before.address
    if name and ours and fold(name) == fold(ours):
        return False
    here, there = fields.get("geometry"), before.geometry
    if here is None or there is None:
        address = fields.get("address")
        return bool(name and ours) and not (address and before.address and fold(address) == fold(before.address))
    (lon, other), (lat, north) = geometry.anchors(np.array([here, there], object))
    return bool(geometry.distance_m(np.array([lon]), np.array([lat]), (other, north))[0] > FAR_M)


def made_ref(row: Candidate) -> str:
    """A reference out of what the row says of itself, the same each year: its address, name, parcels or place."""
    fields = row.fields
    zone = fields.get("postcode") or fields.get("locality") or ""
    for name in ("address", "name"):
        if fields.get(name):
            return " ".join(part for part in (fold(str(fields[name])), fold(str(zone))) if part)[:200]
    if fields.get("parcel_refs"):
        return " ".join(fields["parcel_refs"])[:200]
    if row.where and "geometry" not in fields:
        return row.where[:200]
    lon, lat = geometry.anchors(np.array([fields["geometry"]], object))
    return f"{lon[0]:.6f} {lat[0]:.6f}"


def digest(row: Candidate) -> int:
    """A number that two rows of one file share when they say the same; another one in another process."""
    told = [(name, tuple(value.items()) if name == "source_fields" else value) for name, value in row.fields.items()]
    return hash(tuple(told)) >> 1


def packed(rows: Sequence[tuple[int, dict[str, Any]]]) -> list[list[Any]]:
    """New rows (line, fields) for the staging file: plain values, their geometries apart, as WKB made in one pass.

    The names of the fields stand there once for all rows that have the same: half of the bytes, and of the time.
    """
    shapes: Geometries = np.array([fields.pop("geometry", None) for _, fields in rows] or [None], object)[: len(rows)]
    kinds: dict[tuple[str, ...], int] = {}
    of = [kinds.setdefault(tuple(fields), len(kinds)) for _, fields in rows]
    values = [list(fields.values()) for _, fields in rows]
    return [[line for line, _ in rows], list(kinds), of, values, shapely.to_wkb(shapes, hex=True).tolist()]


def unpacked(batch: list[list[Any]]) -> Iterable[tuple[int, dict[str, Any]]]:
    """What was packed: line and fields of each row, with days, tuples and geometries again."""
    lines, kinds, of, values, shapes = batch
    fields = [dict(zip(kinds[kind], row, strict=True)) for kind, row in zip(of, values, strict=True)]
    _type(fields)
    for each, shape in zip(fields, shapely.from_wkb(np.array(shapes, object)), strict=True):
        if shape is not None:
            each["geometry"] = shape
    return zip(lines, fields, strict=True)


def source_refs(batch: list[list[Any]]) -> list[str]:
    """The sender's references of the rows that were packed."""
    _, kinds, of, values, _ = batch
    at = [names.index("source_ref") for names in kinds]
    return [row[at[kind]] for kind, row in zip(of, values, strict=True)]


def packed_changes(rows: Sequence[tuple[int, str, int, dict[str, Any]]]) -> list[list[Any]]:
    """Changes (line, ref, revision, fields) for the staging file, as plain values."""
    return [[line, ref, revision, _plain(fields)] for line, ref, revision, fields in rows]


def unpacked_changes(batch: list[list[Any]]) -> Iterable[tuple[int, str, int, dict[str, Any]]]:
    """The changes that were packed."""
    _type([fields for *_, fields in batch])
    for line, ref, revision, fields in batch:
        if fields.get("geometry"):
            fields["geometry"] = shapely.from_wkb(fields["geometry"])
        yield line, ref, revision, fields


def unpacked_retired(batch: list[list[Any]]) -> Iterable[tuple[str, int, date]]:
    """Who leaves (ref, revision, day); they are packed as they are."""
    for ref, revision, day in batch:
        yield ref, revision, date.fromisoformat(day)


# Fields whose values JSON knows only as text or as a list.
_DAYS = tuple(name for name, about in FIELDS.items() if about["kind"] == "day")
_LISTS = tuple(name for name, about in FIELDS.items() if about["kind"] == "list")


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    shape = fields.get("geometry")
    return fields if shape is None else {**fields, "geometry": shapely.to_wkb(shape, hex=True)}


def _type(rows: Sequence[dict[str, Any]]) -> None:
    """Days and tuples again where JSON has texts and lists; in place, field by field of those that are there."""
    there = set().union(*rows)
    for name in there.intersection(_DAYS):
        for fields in rows:
            if fields.get(name):
                fields[name] = date.fromisoformat(fields[name])
    for name in there.intersection(_LISTS):
        for fields in rows:
            if name in fields:
                fields[name] = tuple(fields[name])
