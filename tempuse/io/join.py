"""Places by joining: an address list or the cadastre's parcels give a place to rows that have none."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from rapidfuzz import fuzz, process

from tempuse import geometry
from tempuse.errors import Invalid, Issue, Unusable
from tempuse.folding import fold_name
from tempuse.io import commas, crosswalk
from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import columns
from tempuse.io.places import addresses, finding
from tempuse.io.places.extents import Extent
from tempuse.io.sources.source import Source
from tempuse.spaces import PROPOSED_ADDRESS, PROPOSED_PLACE
from tempuse.vocabulary import PlacedBy

_CLOSE_STREET = 80.0  # of 100; a letter or two amiss in a street's name
# What a column of such a list may be.
ADDRESS_TARGETS = frozenset({"address", "postcode", "locality", *crosswalk.PARTS, *crosswalk.PLACES})


class Found(NamedTuple):
    """What a list of addresses has for an address: its point, its words for it, and whether it is another spelling
    of the same address (``exact``) or only near to it.
    """

    point: Any
    known_as: str
    exact: bool


class _Entry(NamedTuple):
    zone: addresses.Zone
    point: Any
    known_as: str


class AddressList:
    """Addresses with their points, asked by address."""

    def __init__(self, placed_by: PlacedBy = PlacedBy.ADDRESS) -> None:
        """An empty list.

        Args:
            placed_by: how a space came to its place that got it from here.
        """
        self.placed_by = placed_by
        self._at: dict[tuple[str, str], list[_Entry]] = {}
        self._streets: dict[str, set[str]] = {}

    @classmethod
    def of_source(
        cls, source: Source, extent: Extent | None = None, crs: str | None = None,
        chosen: Mapping[str, str] | None = None,
    ) -> AddressList:  # fmt: skip
        """A list that somebody sent.

        Args:
            source: the list.
            extent: where its addresses must lie.
            crs: what its coordinates are, None to find out.
            chosen: columns that somebody named, by what they are: street, house_number, postcode, lon ...

        Raises:
            Invalid: it has no addresses or no places, or no such column.
        """
        made, known = cls(), _columns_of(source, chosen or {}, extent)
        streets = [column.theirs for column in known.columns if column.field == "street"]
        for batch in Candidates(source, known, extent=extent, crs=crs).batches():
            for row in batch:
                if "geometry" in row.fields:
                    made._take_row(row, streets)
        if not made._at:
            taken = [f"{column.theirs}: {column.field}" for column in known.columns if column.field in ADDRESS_TARGETS]
            raise Invalid("addresses.none", name=source.name, columns=source.columns[:20], taken=taken or "-")
        return made

    @classmethod
    def of_ground(cls, path: Path) -> AddressList:
        """The list that was made with the map's ground (``confined.ground``)."""
        made = cls(PlacedBy.OPENSTREETMAP)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
                told, code, town = (commas.bare(row[name]) for name in ("address", "postcode", "locality"))
                made._take(addresses.read(told, code or None, town or None), point, told)
        return made

    def _take_row(self, row: Candidate, streets: Sequence[str]) -> None:
        """Keep one address under each of its readings, in each language in which its street has a name."""
        told = str(row.fields.get("address") or row.fields.get("name") or "")
        more = row.fields.get("source_fields") or {}
        point = shapely.point_on_surface(row.fields["geometry"])
        for street in dict.fromkeys(["", *(more[name] for name in streets if name in more)]):
            self._take(_address_of(row, told, street), point, told)

    def _take(self, asked: addresses.SoughtAddress, point: Any, told: str) -> None:
        for key in asked.readings:
            self._at.setdefault(key, []).append(_Entry(asked.zone, point, told))
            self._streets.setdefault(key[1], set()).add(key[0])

    def find(self, asked: addresses.SoughtAddress) -> Found | None:
        """What the list has for an address, None where it has nothing, or several that fit as well.

        A street that is only spelt alike is another street: with the same house number it is near, and no more.
        """
        met = [entry for street, number in asked.readings for entry in self._pick(street, number, asked.zone)]
        if met:
            return Found(met[0].point, met[0].known_as, True) if _is_one(met) else None
        near = [entry for street, number in asked.readings for entry in self._near(street, number, asked.zone)]
        return Found(near[0].point, near[0].known_as, False) if near and _is_one(near) else None

    def _pick(self, street: str, number: str, zone: addresses.Zone) -> list[_Entry]:
        """The addresses of this street and number; where several towns have it, the zone must decide."""
        if not number or not street:
            return []
        rated = [(addresses.agreement(zone, each.zone), each) for each in self._at.get((street, number), [])]
        best = max((rate for rate, _ in rated), default=0)
        return [each for rate, each in rated if rate == best and best > 0]

    def _near(self, street: str, number: str, zone: addresses.Zone) -> list[_Entry]:
        """The addresses of the one street that is spelt most alike; of 12-14, those of 12."""
        first = number.partition("-")[0].partition("/")[0]
        if first != number and (found := self._pick(street, first, zone)):
            return found
        streets = self._streets.get(number, set()) if number else set()
        best = process.extract(street, streets, scorer=fuzz.ratio, score_cutoff=_CLOSE_STREET, limit=2)
        if not best or (len(best) > 1 and best[0][1] == best[1][1]):
            return []
        return self._pick(best[0][0], number, zone)


def _is_one(entries: Sequence[_Entry]) -> bool:
    return len({(round(each.point.x, 4), round(each.point.y, 4)) for each in entries}) == 1


def _address_of(row: Candidate, told: str, street: str = "") -> addresses.SoughtAddress:
    """The address of a row: by its columns of street and number where it has them, and as one text otherwise."""
    postcode, locality = row.fields.get("postcode"), row.fields.get("locality")
    if row.parts and row.parts[1]:
        return addresses.read_parts(street or row.parts[0], row.parts[1], postcode, locality)
    return addresses.read(street or told, postcode, locality)


def _columns_of(source: Source, chosen: Mapping[str, str], extent: Extent | None) -> crosswalk.Crosswalk:
    """What the columns of a list of addresses are: as told, as such lists are published, as they are called."""
    for theirs in chosen.values():
        if theirs not in source.columns:
            raise Invalid("area.no_column", column=theirs, columns=", ".join(source.columns[:20]))
    named = [crosswalk.Column(theirs, target) for target, theirs in chosen.items()]
    published = columns.match(crosswalk.shipped("addresses"), source.columns)
    guessed = columns.match(crosswalk.load("generic"), source.columns)
    guessed = columns.by_values(guessed, (row.values for row in source.sample()))
    guessed = finding.by_values(guessed, source, extent)
    found: dict[str, crosswalk.Column] = {}
    for known in (named, published.columns, guessed.columns):
        told = {column.field for column in found.values()}
        for column in known:
            if column.field in ADDRESS_TARGETS | {"name"} and column.theirs not in found and column.field not in told:
                found[column.theirs] = column
    return crosswalk.Crosswalk("addresses", list(found.values()), guessed.values, guessed.about)


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
    listed: AddressList | None,
    parcels: ParcelLayer | None,
    geocode: Geocode | None = None,
    known: Callable[[], AddressList] | None = None,
) -> None:
    """Give a place to the rows of a batch that have none; what was done stands in their issues.

    Args:
        batch: the rows.
        listed: addresses that came with them.
        parcels: the cadastre's.
        geocode: asks an address service, after all others.
        known: opens the list that the city has anyway, when a row needs it.
    """
    for row in batch:
        if "geometry" in row.fields:
            continue
        if parcels is not None and row.fields.get("parcel_refs"):
            _by_parcel(row, parcels)
        address = row.fields.get("address")
        if "geometry" not in row.fields and address:
            if listed is not None or known is not None:
                _by_address(row, listed, known)
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


def _by_address(row: Candidate, listed: AddressList | None, known: Callable[[], AddressList] | None) -> None:
    """Place a row by its address; what is only near is kept beside as a proposal."""
    told, near = row.fields["address"], None
    asked = _address_of(row, told)
    for each in _lists(listed, known):
        found = each.find(asked)
        if found is not None and found.exact:
            row.fields.update(geometry=found.point, placed_by=each.placed_by.value)
            return
        near = near or found
    if near is None:
        row.issues.append(Issue(row.line, "address", told, "addresses.not_listed", "place.waits", grave=True))
        return
    values = {"address": near.known_as}
    row.issues.append(Issue(row.line, "address", told, "addresses.not_listed", "addresses.near", values, True))
    place = f"{round(near.point.y, 7)}, {round(near.point.x, 7)}"
    beside = {PROPOSED_ADDRESS: near.known_as, PROPOSED_PLACE: place}
    row.fields["source_fields"] = {**row.fields.get("source_fields", {}), **beside}


def _lists(listed: AddressList | None, known: Callable[[], AddressList] | None) -> Iterator[AddressList]:
    """The list that came along, then the one that the city has anyway, opened when it comes to that."""
    if listed is not None:
        yield listed
    if known is not None:
        yield known()


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
