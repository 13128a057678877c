"""What a PMTiles file says of itself in its first bytes."""

from __future__ import annotations

from typing import NamedTuple

from pmtiles.tile import deserialize_header

from tempuse.geometry import Box

HEAD = 127  # bytes


class Reach(NamedTuple):
    """Where the tiles of a file lie, and down to which zoom there are any."""

    box: Box
    last_zoom: int


def about(head: bytes) -> Reach:
    """What the first ``HEAD`` bytes of a file say; it was looked through when it was taken in."""
    said = deserialize_header(head)
    parts = (said["min_lon_e7"], said["min_lat_e7"], said["max_lon_e7"], said["max_lat_e7"])
    return Reach(Box(*(part / 10_000_000 for part in parts)), said["max_zoom"])
