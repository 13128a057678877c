"""Values on their way between a notebook and the register: what was asked, rows of frames, errors as sentences."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import orjson
import shapely

from tempuse import analysis, geometry
from tempuse.analysis import Frame
from tempuse.errors import Invalid, NotFound, TempuseError
from tempuse.io.write.columns import space_columns
from tempuse.spaces import EDITABLE, FIELDS, Period, Space
from tempuse.vocabulary import Audience
from web import spoken

Values: TypeAlias = str | Sequence[str]
Day: TypeAlias = date | str

PERIOD = {each.name: each.metadata for each in dataclasses.fields(Period)}
# As much of a feature as what is derived from a space looks at.
_LOOKED_AT = ("kind", "status", "occupancy", "plot_area_m2", "floor_area_m2", "available_until", "vacant_since")


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """An error of ours says its sentence; below it is a message id with its values."""
    try:
        yield
    except TempuseError as error:
        error.args = (spoken.error_in_english(error),)
        raise


def several(given: Values) -> list[str]:
    """One value or several, as a list."""
    return [given] if isinstance(given, str) else list(given)


def day(given: Day | None) -> date | None:
    """A day, also one that is written like 2027-03-01."""
    return date.fromisoformat(given) if isinstance(given, str) else given


def checked(field: str, given: Sequence[str], allowed: Iterable[str]) -> Sequence[str]:
    """Values that are all among those that are allowed.

    Raises:
        Invalid: one is not.
    """
    known = [str(each) for each in allowed]
    for value in given:
        if value not in known:
            with in_words():
                raise Invalid("export.no_such_value", field=field, value=value, choices=", ".join(known))
    return given


def audience_of(name: str) -> Audience:
    """An audience by its name."""
    return Audience(checked("audience", [name], [each.value for each in Audience])[0])


def features_of(batches: Iterable[Sequence[str]]) -> list[dict[str, Any]]:
    """GeoJSON features from their texts."""
    return [orjson.loads(text) for batch in batches for text in batch]


def shapes_of(features: Sequence[Mapping[str, Any]]) -> Any:
    """The geometries of features, None where there is no place."""
    texts = [orjson.dumps(each["geometry"]).decode() if each["geometry"] else None for each in features]
    return shapely.from_geojson(texts)


def space_row(feature: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What a feature shows of a space, and what is derived from it for a day."""
    row = {**feature["properties"], "ref": feature["id"]}
    known = {name: row[name] for name in _LOOKED_AT if name in row}
    space = Space(**{name: plain(value, name) for name, value in known.items()})
    return {**row, **analysis.derived(space, on)}


def column_of(name: str, about: Mapping[str, Any]) -> analysis.FrameColumn:
    """The column of a field."""
    of = about.get("of") if about["kind"] == "choice" else None
    return analysis.FrameColumn(name, about["kind"], tuple(term.value for term in of or ()))


def space_columns_for(audience: Audience) -> list[analysis.FrameColumn]:
    """The columns of an export for an audience, with the kinds of the fields, and what is derived."""
    columns = [
        column_of(each.name, FIELDS[each.name]) if each.name in FIELDS else analysis.FrameColumn(each.name, each.kind)
        for each in space_columns(audience)
    ]
    return [*columns, *analysis.DERIVED]


# ---- values as frames have them, for the registry ----------------------------------------------------


def rows_of(rows: Frame | Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Rows with their values by column, of a frame in any CRS or of any table."""
    table: Any = rows
    if not hasattr(table, "to_dict"):
        yield from table
        return
    if getattr(table, "crs", None) is not None:
        table = table.to_crs(geometry.LON_LAT)
    yield from table.to_dict("records")


def a_space(values: Mapping[str, Any]) -> Space:
    """A space with these values by field; what is missing keeps its default.

    Raises:
        NotFound: there is no such field, or nobody may set it.
    """
    if unknown := set(values) - set(EDITABLE):
        raise NotFound("field.unknown", names=", ".join(sorted(map(str, unknown))))
    known = {name: plain(value, name) for name, value in values.items()}
    return Space(**{name: value for name, value in known.items() if value is not None})


def plain(value: Any, name: str) -> Any:
    """A value of a frame as a field holds it: no missing values and scalars of NumPy, days as days."""
    kind = FIELDS[name]["kind"] if name in FIELDS else ""
    if value is None or kind in ("geometry", "map"):
        return value
    if kind == "list":
        return (value,) if isinstance(value, str) else tuple(value)
    if value != value or str(value) in ("NaT", "<NA>"):
        return None
    value = value.item() if hasattr(value, "item") else value
    if kind == "day":
        return date.fromisoformat(str(value)[:10])
    if kind == "whole" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value
