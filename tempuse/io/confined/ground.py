"""An OpenStreetMap extract becomes the town's background and its addresses; a ready PMTiles file is looked through."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import shapely
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import TileType

from tempuse.errors import Invalid
from tempuse.geometry import Box, Geometries
from tempuse.io import commas
from tempuse.io.confined import wire
from tempuse.io.ground import features, tiles

_READY = b"PMTiles\x03"
_LAYERS = frozenset({"roads", "buildings", "water"})
_WIDEST = 3.0  # degrees: more is a country, and no town
_COLUMNS = ("address", "postcode", "locality", "longitude", "latitude")


def make(request: dict[str, Any]) -> bytes:
    """The lengths of two files, then the files: the tiles, and the addresses as CSV, which is empty where the tiles
    came ready.

    Raises:
        Invalid: it is neither, or holds no streets here.
    """
    path, shown = Path(request["path"]), request["shown"]
    with path.open("rb") as file:
        head = file.read(1000)
    if head.startswith(_READY):
        _look_through(path, shown)
        made, listed = path.read_bytes(), b""
    elif b"OSMHeader" in head[:40] or b"<osm" in head:
        box = Box(*request["box"]) if request["box"] else None
        made, listed = _made(path, shown, Path(request["scratch"]), box, request["source"])
    else:
        raise Invalid("ground.none", name=shown)
    return wire.PAIR.pack(len(made), len(listed)) + made + listed


def _look_through(path: Path, shown: str) -> None:
    try:
        with path.open("rb") as file:
            found = Reader(MmapSource(file))
            header, about = found.header(), found.metadata()
            named = {str(each["id"]) for each in about["vector_layers"]}
            ends = header["tile_data_offset"] + header["tile_data_length"]
    except Exception as error:
        raise Invalid("ground.damaged", name=shown) from error
    if ends > path.stat().st_size or header["tile_type"] != TileType.MVT:
        raise Invalid("ground.damaged", name=shown)
    if not named >= _LAYERS:
        raise Invalid("ground.other_layers", name=shown)


def _made(path: Path, shown: str, scratch: Path, box: Box | None, source: str) -> tuple[bytes, bytes]:
    features.configure(scratch)
    found = features.read(path, box)
    if found.box is None:
        raise Invalid("ground.no_streets", name=shown)
    west, south, east, north = found.box
    if max(east - west, north - south) > _WIDEST:
        raise Invalid("ground.too_wide", name=shown)
    made = scratch / "tiles.pmtiles"
    tiles.write(made, found.layers, found.box, source)
    return made.read_bytes(), _listed(found.addresses, found.places)


def _listed(addresses: features.Cells, places: Geometries) -> bytes:
    """The addresses as a list that an import can join with."""
    written = io.StringIO()
    rows = commas.Writer(written, "\n")
    rows.row(_COLUMNS)
    lon, lat = shapely.get_x(places).tolist(), shapely.get_y(places).tolist()
    named = (addresses[f"addr:{name}"].tolist() for name in ("street", "place", "housenumber", "postcode", "city"))
    for x, y, street, place, number, postcode, city in zip(lon, lat, *named, strict=True):
        if street or place:
            rows.row([f"{street or place} {number}", postcode or "", city or "", f"{x:.6f}", f"{y:.6f}"])
    return written.getvalue().encode()
