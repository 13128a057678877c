"""Places by joining: an address list or the cadastre's parcels give a place to rows that have none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from rapidfuzz import fuzz, process

from tempuse import geometry
from tempuse.errors import Invalid, Issue, Unusable
from tempuse.folding import fold, fold_name
from tempuse.io import crosswalk
from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import columns
from tempuse.io.places.extents import Extent
from tempuse.io.sources.source import Source
from tempuse.vocabulary import PlacedBy

_HOUSE = re.compile(r"\b(\d+)\s*([a-z]?)\b")
_POSTCODE = re.compile(r"\b(\d{4,5}|\d{3} \d{2}|\d{2}-\d{3}|\d{4} ?[a-z]{2})\b")
_CLOSE_STREET = 88.0  # of 100; a letter or two amiss in a street's name
_BOX = re.compile(r"\b(box|bus|bte|boite|flat|apt|app|unit|suite)\b.*$")


Zone = tuple[str, str]  # postcode and town, folded, each empty where it is not told


def _parts(address: str, postcode: str | None, locality: str | None) -> tuple[str, str, Zone]:
    """Street, house number, and the zone: folded, to be compared."""
    text = _BOX.sub("", fold(address))
    parts = [part.strip() for part in text.split(",") if part.strip()] or [""]
    street, number, rest = _street(parts)
    code, town = fold_name(postcode or ""), fold_name(locality or "")
    if (match := next((found for part in rest if (found := _POSTCODE.search(part))), None)) is not None:
        code = code or fold_name(match[1])
        town = town or fold_name(match.string.replace(match[1], " "))
    return street, number, (code, town or (fold_name(rest[0]) if len(rest) == 1 else ""))


def _street(parts: list[str]) -> tuple[str, str, list[str]]:
    """Street and house number out of the parts of an address, and the parts behind them."""
    for i, part in enumerate(parts[:-1]):
        if alone := _HOUSE.fullmatch(part):  # "Hall, 14, Ferry Street, Ghent"
            return fold_name(parts[i + 1]), f"{alone[1]}{alone[2]}", parts[i + 2 :]
    houses = [(i, house) for i, part in enumerate(parts) if (house := _HOUSE.search(part))]
    # "Ferry Street, 9000 Ghent" has no house number; "9000 Ghent, Ferry Street 14" has one.
    houses = [each for each in houses if len(each[1][1]) < 4 or (each[0] == 0 and len(each[1][1]) == 4)]
    houses.sort(key=lambda each: len(each[1][1]) > 3)
    if not houses:
        return fold_name(parts[0]), "", parts[1:]
    i, house = houses[0]
    return fold_name(_HOUSE.sub(" ", parts[i], count=1)), f"{house[1]}{house[2]}", parts[:i] + parts[i + 1 :]


def _agreement(one: Zone, other: Zone) -> int:
    """How well two zones agree: 2 they do, 1 nothing speaks against it, 0 they do not."""
    if one[0] and other[0]:
        return 2 if one[0] == other[0] else 0
    if one[1] and other[1]:
        return 2 if fuzz.ratio(one[1], other[1]) > _CLOSE_STREET else 0
    return 1


class AddressList:
    """Addresses with their points, asked by address."""

    def __init__(self, source: Source, extent: Extent | None = None, crs: str | None = None) -> None:
        """Read the whole list.

        Raises:
            Invalid: it has no addresses or no places.
        """
        known = columns.match(crosswalk.load("generic"), source.columns)
        records = Candidates(source, known, extent=extent, crs=crs)
        self._at: dict[tuple[str, str], list[tuple[Zone, Any, str]]] = {}
        self._streets: dict[str, set[str]] = {}
        for batch in records.batches():
            for row in batch:
                address = row.fields.get("address") or row.fields.get("name")
                if address and "geometry" in row.fields:
                    postcode, locality = row.fields.get("postcode"), row.fields.get("locality")
                    street, number, zone = _parts(str(address), postcode, locality)
                    point = shapely.point_on_surface(row.fields["geometry"])
                    self._at.setdefault((street, number), []).append((zone, point, str(address)))
                    self._streets.setdefault(number, set()).add(street)
        if not self._at:
            raise Invalid("addresses.none", name=source.name)

    def find(self, address: str, postcode: str | None, locality: str | None) -> tuple[Any, str, str]:
        """The point of an address, what the list calls it, and how it was found: ``exact``, ``close`` or "".

        A misspelt street is taken only with the same house number, and only if no other street is as near.
        """
        street, number, zone = _parts(address, postcode, locality)
        if found := self._pick(street, number, zone):
            return (*found, "exact")
        streets = self._streets.get(number, set()) if number else set()
        best = process.extract(street, streets, scorer=fuzz.ratio, score_cutoff=_CLOSE_STREET, limit=2)
        if best and (len(best) == 1 or best[0][1] > best[1][1]) and (found := self._pick(best[0][0], number, zone)):
            return (*found, "close")
        return None, "", ""

    def _pick(self, street: str, number: str, zone: Zone) -> tuple[Any, str] | None:
        """The one address of this street and number; where several towns have it, the zone must decide."""
        if not number or not street:
            return None
        rated = [(_agreement(zone, each[0]), each) for each in self._at.get((street, number), [])]
        best = max((rate for rate, _ in rated), default=0)
        these = [each for rate, each in rated if rate == best and best > 0]
        places = {(round(each[1].x, 4), round(each[1].y, 4)) for each in these}
        return (these[0][1], these[0][2]) if len(places) == 1 else None


class ParcelLayer:
    """Parcels by their key."""

    def __init__(self, source: Source, key: str, extent: Extent | None = None, crs: str | None = None) -> None:
        """Read the whole layer.

        Raises:
            Invalid: it has no column of this name, or no outlines.
        """
        columns = {fold_name(name): name for name in source.columns}
        if fold_name(key) not in columns:
            raise Invalid("parcels.no_key", name=source.name, key=key, columns=source.columns)
        column = columns[fold_name(key)]
        known = crosswalk.Crosswalk("parcels", [crosswalk.Column(column, "source_ref")])
        self._shapes: dict[str, Any] = {}
        for batch in Candidates(source, known, extent=extent, crs=crs).batches():
            for row in batch:
                if "geometry" in row.fields:
                    self._shapes[_key(row.source_ref)] = row.fields["geometry"]
        if not self._shapes:
            raise Invalid("parcels.none", name=source.name)

    def find(self, refs: Sequence[str]) -> tuple[Any, list[str]]:
        """The outline of these parcels together, and the keys that the layer does not have."""
        missing = [ref for ref in refs if _key(ref) not in self._shapes]
        shapes = [self._shapes[_key(ref)] for ref in refs if _key(ref) in self._shapes]
        if not shapes:
            return None, missing
        together = geometry.clean(np.array([shapely.union_all(np.array(shapes, object))], object))[0][0]
        return together, missing


def _key(text: str) -> str:
    """A parcel's key without spaces and case; zeros and slashes count."""
    return re.sub(r"\s+", "", text).upper()


Geocode = Callable[[str], tuple[Any, str] | None]


def give_places(
    batch: Sequence[Candidate],
    addresses: AddressList | None,
    parcels: ParcelLayer | None,
    geocode: Geocode | None = None,
) -> None:
    """Give a place to the rows of a batch that have none; what was done stands in their issues."""
    for row in batch:
        if "geometry" in row.fields:
            continue
        if parcels is not None and row.fields.get("parcel_refs"):
            _by_parcel(row, parcels)
        address = row.fields.get("address")
        if "geometry" not in row.fields and address:
            if addresses is not None:
                _by_address(row, addresses)
            if "geometry" not in row.fields and geocode is not None:
                _by_geocoder(row, geocode)


def _by_parcel(row: Candidate, parcels: ParcelLayer) -> None:
    refs = row.fields["parcel_refs"]
    shape, missing = parcels.find(refs)
    if shape is not None:
        row.fields.update(geometry=shape, placed_by=PlacedBy.PARCEL.value)
    if missing:
        done = "place.by_other_parcels" if shape is not None else "place.waits"
        row.issues.append(
            Issue(row.line, "parcel_refs", ", ".join(missing), "parcels.unmatched", done, grave=shape is None)
        )


def _by_address(row: Candidate, addresses: AddressList) -> None:
    address = row.fields["address"]
    point, known_as, how = addresses.find(address, row.fields.get("postcode"), row.fields.get("locality"))
    if how:
        row.fields.update(geometry=point, placed_by=PlacedBy.ADDRESS.value)
    if how == "close":
        row.issues.append(
            Issue(row.line, "address", address, "addresses.not_listed", "addresses.read_as", {"address": known_as})
        )
    elif not how:
        row.issues.append(Issue(row.line, "address", address, "addresses.not_listed", "place.waits", grave=True))


def _by_geocoder(row: Candidate, geocode: Geocode) -> None:
    parts = (row.fields.get("address"), row.fields.get("postcode"), row.fields.get("locality"))
    try:
        found = geocode(", ".join(str(part) for part in parts if part))
    except Unusable as error:
        values = {name: value for name, value in error.values.items() if name != "detail"}
        row.issues.append(Issue(row.line, "address", str(parts[0]), error.message, "place.waits", values, True))
        return
    if found is None:
        row.issues.append(Issue(row.line, "address", str(parts[0]), "geocoder.unknown", "place.waits", grave=True))
    else:
        row.fields.update(geometry=found[0], placed_by=PlacedBy.GEOCODER.value)
        values = {"address": found[1]}
        row.issues.append(Issue(row.line, "address", str(parts[0]), "geocoder.asked", "geocoder.placed", values))
