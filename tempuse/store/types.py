"""Column types that mean the same on both engines, and that GDAL reads in the GeoPackage.

GDAL drops VARCHAR, NUMERIC and JSON columns without a word, so only TEXT, INTEGER, DOUBLE, BOOLEAN, DATE,
DATETIME and BLOB appear there.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
import shapely
from sqlalchemy import BigInteger, Boolean, Date, Double, Integer, LargeBinary, Text, func
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine, UserDefinedType

WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def gpkg_blob(geometry: Any) -> bytes | None:
    """A shapely geometry as GeoPackageBinary: little-endian header, SRS 4326, envelope unless a point."""
    if geometry is None:
        return None
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1)
    if geometry.geom_type == "Point":
        return b"GP\x00\x01" + struct.pack("<i", 4326) + wkb
    west, south, east, north = geometry.bounds
    return b"GP\x00\x03" + struct.pack("<i4d", 4326, west, east, south, north) + wkb


def gpkg_blobs(geometries: Sequence[Any]) -> list[bytes | None]:
    """Many geometries as GeoPackageBinary, in one pass over them."""
    if not len(geometries):
        return []
    column = np.empty(len(geometries), object)
    column[:] = geometries
    blobs: list[bytes | None] = []
    rows = zip(shapely.to_wkb(column, byte_order=1), shapely.get_type_id(column), shapely.bounds(column), strict=True)
    for wkb, kind, (west, south, east, north) in rows:
        if wkb is None:
            blobs.append(None)
        elif kind == 0:
            blobs.append(_POINT_HEADER + wkb)
        else:
            blobs.append(_BOX_HEADER + struct.pack("<4d", west, east, south, north) + wkb)
    return blobs


_POINT_HEADER = b"GP\x00\x01" + struct.pack("<i", 4326)
_BOX_HEADER = b"GP\x00\x03" + struct.pack("<i", 4326)


def wkb_of(blob: bytes) -> bytes:
    """The WKB within a GeoPackageBinary, whatever envelope the header carries."""
    return blob[8 + (0, 32, 48, 48, 64)[blob[3] >> 1 & 7] :]


class Geometry(UserDefinedType[Any]):
    """A shapely geometry in EPSG:4326: GeoPackageBinary in the file, ``geometry`` in PostGIS."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The GeoPackage's name for any geometry."""
        return "GEOMETRY"

    def bind_processor(self, dialect: Dialect) -> Any:
        """Shapely geometry to GeoPackageBinary."""
        return gpkg_blob

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """GeoPackageBinary to shapely geometry."""
        return lambda blob: None if blob is None else shapely.from_wkb(wkb_of(blob))


class PostGeometry(Geometry):
    """A column of geometries on PostGIS, WKB in and out."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The column's type with its reference system, so that PostGIS checks both."""
        return "geometry(Geometry, 4326)"

    def bind_expression(self, bindvalue: BindParameter[Any]) -> ColumnElement[Any]:
        """WKB to geometry."""
        return func.ST_GeomFromWKB(bindvalue, 4326, type_=self)

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[Any]:
        """Geometry to WKB."""
        return func.ST_AsBinary(colexpr, type_=self)

    def bind_processor(self, dialect: Dialect) -> Any:
        """Shapely geometry to WKB."""
        return lambda geometry: None if geometry is None else shapely.to_wkb(geometry, byte_order=1)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """WKB to shapely geometry."""
        return lambda wkb: None if wkb is None else shapely.from_wkb(bytes(wkb))


GEOMETRY: TypeEngine[Any] = Geometry().with_variant(PostGeometry(), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: DATETIME text with Z in the file (GeoPackage 1.3, table 1), timestamptz in PostGIS."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite under the column type DATETIME."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_DatetimeText())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Only instants with a zone are taken; both engines keep milliseconds."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return instant_text(value)
        return value.replace(microsecond=value.microsecond // 1000 * 1000)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class _DatetimeText(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "DATETIME"


@lru_cache(maxsize=16)  # all that one use case writes bears one instant
def instant_text(value: datetime) -> str:
    """An instant as the GeoPackage writes it: 2026-11-23T08:30:00.000Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"


class Packed(TypeDecorator[Any]):
    """A list or map as JSON in a TEXT column; a list comes back as a tuple."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Nothing for nothing; a reader in QGIS sees NULL, not []."""
        return orjson.dumps(value).decode() if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """None stays None here; ``store.spaces`` knows each field's empty value."""
        if value is None:
            return None
        content = orjson.loads(value)
        return tuple(content) if isinstance(content, list) else content


# Of what the public can find things by (``publication.Queryable``): a table for machines, read by the million.
QUERYABLE_TYPES: dict[str, TypeEngine[Any]] = {
    "choice": Text(), "ref": Text(), "number": Double(), "bits": WHOLE, "day": WHOLE, "facts": LargeBinary(),
    "text": Text(),
}  # fmt: skip
COLUMN_TYPES: dict[str, TypeEngine[Any]] = {
    "text": Text(),
    "long": Text(),
    "choice": Text(),
    "flag": Boolean(create_constraint=False),
    "number": Double(),
    "whole": WHOLE,
    "day": Date(),
    "instant": Instant(),
    "list": Packed(),
    "map": Packed(),
    "geometry": GEOMETRY,
}
