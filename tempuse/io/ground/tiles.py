"""Features cut into tiles, zoom by zoom, and the tiles in one PMTiles file."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tempuse.geometry import Box, Geometries, mercator
from tempuse.io.ground import mvt

# A tile is drawn 512 pixels wide; beyond the last zoom it is stretched.
FIRST, LAST = 9, 15
_PIXEL = mvt.EXTENT / 512
_AROUND = 64  # units beyond a tile's edge, so that no cut is seen


@dataclass(slots=True)
class TileLayer:
    """Features of one layer: shapes in EPSG:4326, the first zoom of each, and its texts."""

    name: str
    shapes: Geometries
    zooms: NDArray[np.int64]
    about: dict[str, NDArray[np.object_]]

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> TileLayer:
        """Some of its features."""
        about = {name: texts[which] for name, texts in self.about.items()}
        return TileLayer(self.name, self.shapes[which], self.zooms[which], about)


def write(path: Path, layers: Sequence[TileLayer], box: Box, source: str) -> None:
    """Write the tiles of these layers, those below first.

    Args:
        path: of the file.
        layers: what is drawn; their shapes are changed.
        box: where; a map begins there.
        source: whom they are from.
    """
    for layer in layers:  # in place: a city's shapes need not be held twice
        layer.shapes = _as_fractions(layer.shapes)
    with path.open("wb") as file:
        writer = Writer(file)
        for zoom in range(FIRST, LAST + 1):
            made: dict[int, list[bytes]] = {}
            for layer in layers:
                for x, y, content in _cut(layer, zoom):
                    made.setdefault(zxy_to_tileid(zoom, x, y), []).append(content)
            for tile in sorted(made):
                writer.write_tile(tile, gzip.compress(b"".join(made[tile]), 6, mtime=0))
        writer.finalize(_header(box), _about(layers, source))


def _header(box: Box) -> dict[str, object]:
    west, south, east, north = (round(part * 10_000_000) for part in box)
    return {
        "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_lon_e7": west, "min_lat_e7": south,
        "max_lon_e7": east, "max_lat_e7": north, "center_zoom": 12, "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }  # fmt: skip


def _about(layers: Sequence[TileLayer], source: str) -> dict[str, object]:
    named = [
        {"id": each.name, "minzoom": FIRST, "maxzoom": LAST, "fields": dict.fromkeys(each.about, "String")}
        for each in layers
    ]
    return {"name": "ground", "type": "baselayer", "attribution": source, "vector_layers": named}


def _as_fractions(shapes: Geometries) -> Geometries:
    """Shapes in fractions of the world square, y down."""

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(mercator(xy[:, 0], xy[:, 1]))

    return np.asarray(shapely.transform(shapes, move), object)


def _cut(layer: TileLayer, zoom: int) -> Iterator[tuple[int, int, bytes]]:
    """Each tile's part of a layer: x, y, content."""
    seen = layer.chosen(layer.zooms <= zoom)
    scale = mvt.EXTENT * 2**zoom
    # Shapes stay in fractions of the world until their tile is made: a city's need not be held once more.
    shapes = seen.shapes
    if zoom < LAST:
        shapes = shapely.simplify(shapes, _PIXEL / 2 / scale, preserve_topology=False)
    flat = shapely.get_dimensions(shapes) == 2
    shapes = _mended(shapes, flat)
    least = (_PIXEL / scale) ** 2 * (4 if zoom < LAST else 0.1)
    kept = np.flatnonzero((~flat | (shapely.area(shapes) >= least)) & ~shapely.is_empty(shapes))
    if not len(kept):
        return
    seen, shapes = seen.chosen(kept), shapes[kept]
    at, columns, rows, inside = _placed(shapely.bounds(shapes) * scale, 2**zoom - 1)
    order = np.lexsort((at, rows, columns))
    at, columns, rows, inside = at[order], columns[order], rows[order], inside[order]
    starts = np.flatnonzero(np.append(True, (np.diff(columns) != 0) | (np.diff(rows) != 0)))
    for start, stop in zip(starts, np.append(starts[1:], len(at)), strict=True):
        these, x, y = at[start:stop], int(columns[start]), int(rows[start])
        corner = np.array([x, y]) * mvt.EXTENT
        parts, cut = shapes[these], ~inside[start:stop]
        if cut.any():
            edges = np.append(corner - _AROUND, corner + mvt.EXTENT + _AROUND) / scale
            parts[cut] = shapely.clip_by_rect(parts[cut], *edges)
        parts = shapely.transform(parts, lambda xy, corner=corner: xy * scale - corner)
        if content := mvt.layer(seen.name, parts, {name: texts[these] for name, texts in seen.about.items()}):
            yield x, y, content


def _mended(shapes: Geometries, flat: NDArray[np.bool_]) -> Geometries:
    """Outlines that cross themselves, made such as can be cut."""
    wrong = flat & ~shapely.is_valid(shapes)
    if wrong.any():
        shapes = shapes.copy()
        shapes[wrong] = shapely.buffer(shapes[wrong], 0)
    return shapes


def _placed(bounds: NDArray[np.float64], last: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """For every feature and tile that meet: the feature's index, the tile's column and row, whether all is inside."""
    low = np.clip(np.floor((bounds[:, :2] - _AROUND) / mvt.EXTENT), 0, last).astype(np.int64)
    high = np.clip(np.floor((bounds[:, 2:] + _AROUND) / mvt.EXTENT), 0, last).astype(np.int64)
    wide, deep = (high - low + 1).T
    counts = wide * deep
    at = np.repeat(np.arange(len(bounds)), counts)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
    columns, rows = low[at, 0] + nth % wide[at], low[at, 1] + nth // wide[at]
    corner = np.column_stack([columns, rows]) * mvt.EXTENT
    outside = (bounds[at, :2] < corner - _AROUND) | (bounds[at, 2:] > corner + mvt.EXTENT + _AROUND)
    inside = np.asarray(~outside.any(axis=1), bool)
    return at, columns, rows, inside
