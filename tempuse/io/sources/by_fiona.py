"""Features by Fiona, record by record, so that memory stays flat however large the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tempuse.errors import Issue
from tempuse.io import drivers
from tempuse.io.sources import layers, shapes
from tempuse.io.sources.by_pyogrio import PyogrioLayer
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.source import Row

try:
    import fiona
except ImportError:  # Python 3.14 and later
    fiona = None

BATCH = 2000
_KINDS = frozenset({*drivers.JSON_KINDS, "shapefile", "flatgeobuf"})
_MOST_ODD = 20


def can(kind: str) -> bool:
    """Whether Fiona is here and the better choice: pyogrio takes slices of a GeoPackage for a fraction of the work."""
    return fiona is not None and kind in _KINDS


class FionaLayer:
    """One layer; where Fiona fails at a feature, pyogrio is asked for it."""

    def __init__(self, path: Path, kind: str, layer: str, letters: Letters | None) -> None:
        self._path, self._kind, self._layer, self._letters = path, kind, layer, letters
        self._records = fiona.open(path, enabled_drivers=[drivers.DRIVERS[kind]], **layers.options(layer, letters))
        schema = self._records.schema
        self.about = layers.LayerFacts(
            [layers.lettered(str(each), letters) for each in schema["properties"]], self._records.crs_wkt or None,
            layers.kind_of(schema["geometry"]), len(self._records),
        )  # fmt: skip
        # A property that is a number here and a text there: Fiona takes every one for JSON and fails at the texts.
        self.is_mixed = kind in drivers.JSON_KINDS and "json" in schema["properties"].values()
        self.noticed: list[Issue] = []
        self.numbers = layers.own_numbers(path, kind, self.about)

    def rows(self) -> Iterator[Row]:
        """Every feature. Geometries become shapely's in batches, several times faster than one by one."""
        if self.is_mixed:
            yield from self._rest(0)
            return
        held: list[Any] = []
        line = odd = 0
        # With a condition, a GeoPackage counts its rows; without, it believes the number that it states.
        walk = iter(self._records.filter(where="1=1") if self._kind == "gpkg" else self._records)
        while True:
            try:
                record = next(walk, None)
            except MemoryError:
                raise
            except Exception:
                yield from self._rows(held, line)
                line += len(held)
                held, odd = [], odd + 1
                if odd > _MOST_ODD:
                    yield from self._rest(line)
                    return
                yield from self._rest(line, 1)
                line += 1
                continue
            if record is None:
                break
            held.append(record)
            if len(held) == BATCH:
                yield from self._rows(held, line)
                line += len(held)
                held = []
        yield from self._rows(held, line)

    def _rest(self, done: int, most: int | None = None) -> Iterator[Row]:
        other = PyogrioLayer(self._path, self._kind, self._layer, self._letters)
        other.noticed = self.noticed
        return other.rows_from(done, most)

    def _rows(self, records: list[Any], before: int) -> Iterator[Row]:
        places, bad = shapes.from_records([record.geometry for record in records])
        for i, record in enumerate(records):
            values = {
                name if self._letters is None else layers.lettered(name, self._letters): (
                    value if type(value) is int else layers.plain(value, self._letters)
                )
                for name, value in _properties(record)
            }
            if self.numbers.column:
                values[self.numbers.column] = self.numbers.of(before + i, record.id)
            yield Row(before + i + 1, values, places[i], "geometry.unreadable" if i in bad else "")


def _properties(record: Any) -> Any:
    """Names and values of a record. Fiona's mapping copies all of them for each one that is asked."""
    held = getattr(record.properties, "_data", None)
    return held.items() if isinstance(held, dict) else record.properties.items()
