"""From a file that somebody has to the town's background: made behind walls, within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tempuse.errors import Invalid
from tempuse.geometry import Box
from tempuse.io.confined import reader, wire
from tempuse.io.confined.walls import MEGABYTE, Limits

OSM = "© OpenStreetMap contributors"
MOST_MB = 500
_LIMITS = Limits(seconds=1800, memory=4096 * MEGABYTE, silence=1800)
_AROUND = 0.02  # degrees beyond the town, about 2 km
_OF_LISTS = frozenset({"file.damaged", "file.reader_ended"})


class Ground(NamedTuple):
    """A town's background.

    Attributes:
        tiles: a PMTiles file.
        addresses: a list of addresses as CSV; empty where nobody knows any.
        source: whom it is from, to be named at the map's edge.
    """

    tiles: bytes
    addresses: bytes
    source: str


def make_ground(path: Path, name: str = "", town: Box | None = None) -> Ground:
    """The background out of an OpenStreetMap extract (.osm.pbf, .osm), or out of a ready PMTiles file.

    Args:
        path: the file.
        name: how its sender calls it.
        town: what of the extract is wanted, with a little around it; all of it when None.

    Raises:
        Invalid: it is neither, too large or damaged, or has no streets here.
    """
    shown = name or path.name
    if path.stat().st_size > MOST_MB * MEGABYTE:
        raise Invalid("ground.too_large", name=shown, most=MOST_MB)
    box = None
    if town is not None:
        box = [town.west - _AROUND, town.south - _AROUND, town.east + _AROUND, town.north + _AROUND]
    try:
        made = reader.make("ground", path, shown, _LIMITS, wire.MOST_BYTES, drivers=["osm"], box=box, source=OSM)
    except Invalid as error:
        if error.message in _OF_LISTS:
            raise Invalid("ground.damaged", name=shown) from error
        raise
    tiles, listed = wire.PAIR.unpack_from(made)
    if wire.PAIR.size + tiles + listed != len(made):
        raise Invalid("ground.damaged", name=shown)
    first = wire.PAIR.size + tiles
    return Ground(made[wire.PAIR.size : first], made[first:], OSM)
