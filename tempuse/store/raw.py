"""Rows as they lie in the register, converted value by value: for ``tempuse check``, which trusts nothing.

The other queries let SQLAlchemy convert, and one value that does not convert ends them. Here it becomes a ``Bad`` with
what stands there, and its row goes on without it. Columns are converted whole, which is as fast.
"""

from __future__ import annotations

import contextlib
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import orjson
import shapely
from sqlalchemy import Boolean, ColumnElement, Date, Double, LargeBinary, Select, Table, Text, func, select, type_coerce
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType, TypeEngine

from tempuse.store.types import Geometry, Instant, Packed, wkb_of

BATCH = 1000
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Bad:
    """A value that its column cannot hold: in which row of the batch, in which column, what stands there."""

    position: int
    name: str
    value: str


@dataclass(slots=True)
class Batch:
    """Some rows, by column; what could not be converted is None and among ``bad``."""

    columns: dict[str, list[Any]]
    bad: list[Bad]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Row by row."""
        names = tuple(self.columns)
        return (dict(zip(names, values, strict=True)) for values in zip(*self.columns.values(), strict=True))

    def bad_rows(self) -> set[int]:
        """The positions of the rows that cannot be read whole."""
        return {bad.position for bad in self.bad}


def walk(con: Connection, table: Table, size: int = BATCH) -> Iterator[Batch]:
    """Every row of a table, in batches by its primary key."""
    key = next(iter(table.primary_key.columns))
    last: Any = None
    while True:
        query = raw_query(con, table).order_by(key).limit(size)
        rows = _fetch(con, query if last is None else query.where(key > last))
        if not rows:
            return
        last = rows[-1][list(table.c).index(key)]
        yield convert(con, table, rows)


def some(con: Connection, table: Table, *where: ColumnElement[bool]) -> Batch:
    """The rows that conditions keep."""
    return convert(con, table, _fetch(con, raw_query(con, table).where(*where)))


def raw_query(con: Connection, table: Table) -> Select[Any]:
    """All columns as the driver gives them; geometries as WKB on PostGIS."""
    return select(*(raw_column(con, column) for column in table.c))


def raw_column(con: Connection, column: Any) -> ColumnElement[Any]:
    """One column as the driver gives it."""
    if isinstance(column.type, Geometry) and con.dialect.name == "postgresql":
        return func.ST_AsBinary(type_coerce(column, NullType()), type_=NullType()).label(column.name)
    return type_coerce(column, NullType()).label(column.name)


def _fetch(con: Connection, query: Select[Any]) -> Sequence[Any]:
    try:
        return con.execute(query).all()
    except DBAPIError as error:
        if "decode to UTF-8" not in str(error.orig):
            raise
    driver: Any = con.connection.driver_connection
    before, driver.text_factory = driver.text_factory, lambda content: content.decode("utf-8", "surrogateescape")
    try:
        return con.execute(query).all()
    finally:
        driver.text_factory = before


def convert(con: Connection, table: Table, rows: Sequence[Any]) -> Batch:
    """Rows as the driver gave them, converted."""
    batch = Batch({column.name: [] for column in table.c}, [])
    for column, values in zip(table.c, zip(*rows, strict=True), strict=False):
        converted, bad = _converter(column.type, con.dialect.name)(values)
        batch.columns[column.name] = converted
        batch.bad += [Bad(position, column.name, shown(values[position])) for position in bad]
    return batch


def shown(value: Any) -> str:
    """A value for a sentence, whatever it is: short, on one line, without what a terminal would obey."""
    text = value.hex(" ") if isinstance(value, bytes) else str(value)
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: 2 * _SHOWN])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_Converted = tuple[list[Any], list[int]]


def _converter(kind: TypeEngine[Any], dialect: str) -> Callable[[Sequence[Any]], _Converted]:
    if isinstance(kind, Geometry):
        return _blobs if dialect == "sqlite" else _shapes
    if isinstance(kind, Text):
        return _texts
    if isinstance(kind, Boolean):
        return _flags
    by_value = next((each for known, each in _BY_VALUE if isinstance(kind, known)), _whole)
    return lambda values: _one_by_one(values, by_value)


def _flags(values: Sequence[Any]) -> _Converted:
    try:
        if set(map(type, values)) <= {int, bool, type(None)}:
            return [_FLAGS[value] for value in values], []
    except KeyError:
        pass
    return _one_by_one(values, _flag)


_FLAGS = {None: None, 0: False, 1: True}


def _one_by_one(values: Sequence[Any], function: Callable[[Any], Any]) -> _Converted:
    converted, bad = [], []
    for position, value in enumerate(values):
        try:
            converted.append(None if value is None else function(value))
        except (ValueError, TypeError, OverflowError):
            converted.append(None)
            bad.append(position)
    return converted, bad


def _texts(values: Sequence[Any]) -> _Converted:
    bad = [position for position, value in enumerate(values) if value is not None and type(value) is not str]
    if not bad:
        try:
            "".join(value for value in values if value is not None).encode()
            return list(values), []
        except UnicodeEncodeError:
            pass
    return _one_by_one(values, _text)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    value.encode()
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _bytes(value: Any) -> bytes:
    if type(value) is not bytes:
        raise TypeError
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def _flag(value: Any) -> bool:
    if value not in (0, 1) or type(value) is float:
        raise ValueError
    return bool(value)


def _day(value: Any) -> date:
    if isinstance(value, str):
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value)
    if type(value) is not date:
        raise TypeError
    return value


@lru_cache(maxsize=1000)
def _instant(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _packed(value: Any) -> Any:
    content = orjson.loads(value)
    if not isinstance(content, (list, dict)):
        raise ValueError
    return tuple(content) if isinstance(content, list) else content


# The first kind that a column is of; whole numbers are what is left.
_BY_VALUE: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], Any]], ...] = (
    (Date, _day), (Instant, _instant), (Packed, _packed), (Double, _number),
    (LargeBinary, _bytes),
)  # fmt: skip


def _blobs(values: Sequence[Any]) -> _Converted:
    """GeoPackageBinaries: a header of ours, a geometry that can be read, and the box that it says it has."""
    wkb, bad = _one_by_one(values, _wkb)
    shapes, unread = _shapes(wkb)
    column = np.empty(len(shapes), object)
    column[:] = shapes
    for position, (west, south, east, north) in enumerate(shapely.bounds(column).tolist()):
        if shapes[position] is not None and not _says_box(values[position], (west, east, south, north)):
            shapes[position] = None
            unread.append(position)
    return shapes, sorted({*bad, *unread})


def _wkb(value: Any) -> bytes:
    if type(value) is not bytes or value[:4] not in (b"GP\x00\x01", b"GP\x00\x03"):
        raise ValueError
    if value[4:8] != b"\xe6\x10\x00\x00":  # 4326
        raise ValueError
    return wkb_of(value)


def _says_box(blob: bytes, box: tuple[float, float, float, float]) -> bool:
    return blob[3] == 1 or (len(blob) > 40 and struct.unpack_from("<4d", blob, 8) == box)


def _shapes(values: Sequence[Any]) -> _Converted:
    with contextlib.suppress(TypeError):
        shapes = shapely.from_wkb(values, on_invalid="ignore")
        empty = shapely.is_empty(shapes)
        bad = [i for i, value in enumerate(values) if value is not None and (shapes[i] is None or empty[i])]
        found = shapes.tolist()
        for position in bad:
            found[position] = None
        return found, bad
    return _one_by_one(values, shapely.from_wkb)
