"""Addresses that begin as somebody types them: a town's own list, proposed before anybody is asked."""

from __future__ import annotations

import csv
import heapq
import re
from pathlib import Path
from typing import NamedTuple

from tempuse.folding import fold_name
from tempuse.io import commas

# Less than so many letters are the beginning of half a town.
LEAST, MOST = 3, 8
_FIGURES = re.compile(r"(\d+)")


class ProposedAddress(NamedTuple):
    """One address: as it is written, and where it is, longitude and latitude in degrees (WGS 84)."""

    words: str
    lon: float
    lat: float


class AddressBook:
    """A town's addresses, asked by how one begins; made once."""

    def __init__(self, path: Path) -> None:
        """Read the list that was made with the map's ground (``confined.ground``).

        Args:
            path: the list.
        """
        found: dict[str, ProposedAddress] = {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                told, code, town = (commas.bare(row[name]) for name in ("address", "postcode", "locality"))
                zone = " ".join(part for part in (code, town) if part)
                words = f"{told}, {zone}" if zone else told
                found.setdefault(
                    fold_name(words), ProposedAddress(words, float(row["longitude"]), float(row["latitude"]))
                )
        self._known = found

    def beginning(self, text: str) -> list[ProposedAddress]:
        """The first addresses with a word that begins so, house numbers in their order; none for too few letters.

        Args:
            text: what somebody has typed so far.
        """
        asked = fold_name(text)
        if len(asked) < LEAST:
            return []
        within = f" {asked}"
        met = [key for key in self._known if key.startswith(asked) or within in key]
        first = heapq.nsmallest(MOST, met, key=lambda key: (not key.startswith(asked), _natural(key)))
        return [self._known[key] for key in first]

    def find(self, text: str) -> ProposedAddress | None:
        """The address that a text is, with or without its postcode and town; None where there is none, or several.

        Args:
            text: street and house number, perhaps with more.
        """
        asked = fold_name(text)
        if not asked or not _FIGURES.search(asked):
            return None
        met = [asked] if asked in self._known else [key for key in self._known if key.startswith(f"{asked} ")]
        return self._known[met[0]] if len(met) == 1 else None


def _natural(key: str) -> list[tuple[int, str]]:
    """What sorts 9 before 10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _FIGURES.split(key)]
