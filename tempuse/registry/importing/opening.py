"""Opening a sender's file for an import: the request, its columns, where its rows must lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.errors import Invalid, Unusable
from tempuse.io import crosswalk as crosswalks
from tempuse.io.by_hand import ByHand
from tempuse.io.candidates import Candidates
from tempuse.io.crosswalk import IGNORED, Column, Crosswalk, columns, neighbours, restricting
from tempuse.io.join import AddressList, Geocode, ParcelLayer
from tempuse.io.places import finding
from tempuse.io.places.extents import Extent, countries, extent_around, extent_of
from tempuse.io.places.geocode import Asker, is_configured
from tempuse.io.places.home import Home
from tempuse.io.read import open_source
from tempuse.io.sources.source import ALL, Source
from tempuse.settings import Settings
from tempuse.store import areas, imports, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.store.engine.recognise import file_of, is_file_of
from tempuse.vocabulary import SpaceStatus

_LONGEST_NAME = 150  # letters
_WITNESSES = 500  # spaces that say where the register lies
_STILL_THE_SAME = 0.5  # of the columns that a list had last time


@dataclass(slots=True)
class ImportRequest:
    """What a planner asks for.

    ``crosswalk`` goes before ``profile``; ``ignored`` names columns that say nothing about who may see a space, though
    they seem to; ``within`` is a country or a box and goes before the register's own boundary; ``decimal`` is the sign
    before decimals where the list does not tell it. ``addresses`` came with the list (``address_columns`` names its
    columns by what they are), ``known_addresses`` with the map's ground. ``defaults`` holds fields for rows that do not
    tell them (ownership, kind, consent ...); ``every_row`` takes headings, totals and notes within the list for spaces,
    too; ``by_hand`` is what a person said of single rows.
    """

    path: Path
    file_name: str = ""
    source: str = ""
    status: str = SpaceStatus.REPORTED.value
    profile: str = ""
    crosswalk: Crosswalk | None = None
    ignored: tuple[str, ...] = ()
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    within: str | None = None
    addresses: Path | None = None
    address_columns: dict[str, str] = field(default_factory=dict)
    known_addresses: Path | None = None
    parcels: Path | None = None
    parcel_key: str = "CAPAKEY"
    ask_geocoder: bool = False
    decimal: str = ""
    defaults: dict[str, Any] = field(default_factory=dict)
    engine: str = "auto"
    every_row: bool = False
    by_hand: ByHand = field(default_factory=ByHand)


@dataclass(slots=True)
class Opened:
    """A request with its file opened: what the columns are taken for, and the rows as candidates.

    ``is_known``: the register knows the list by its name, and its columns are as they were last time.
    """

    request: ImportRequest
    crosswalk: Crosswalk
    records: Candidates
    source: str
    addresses: AddressList | None = None
    parcels: ParcelLayer | None = None
    geocode: Geocode | None = None
    known: Callable[[], AddressList] | None = None
    is_known: bool = False

    def close(self) -> None:
        """Let go of the sender's file."""
        self.records.source.close()

    def crosswalk_text(self) -> str:
        """What the columns are taken for, as a CSV file to be mended and given as a profile."""
        return crosswalks.write(self.crosswalk, self.records.source.columns)


def open_import(con: Connection, request: ImportRequest, scratch: Path, geocode: Geocode | None = None) -> Opened:
    """Open the sender's file and lay a crosswalk against its columns.

    Raises:
        Unusable: the address service is to be asked and none is named in the settings.
        Invalid: the file, the profile or one of the options does not fit.
        NotFound: there is no such file.
    """
    if any(path and is_file_of(file_of(con), path) for path in (request.addresses, request.parcels)):
        raise Invalid("import.own_register", name=request.path.name)
    if request.ask_geocoder and not is_configured(get_settings(con)):
        raise Unusable("geocoder.not_set")
    source = open_list(con, request, scratch)
    opened = lay_out(con, request, source)
    extent = opened.records.positions.extent
    here = countries_of(con, request.within)
    if request.addresses is not None:
        listed = open_source(request.addresses, scratch / "addresses", countries=here)
        opened.addresses = AddressList.of_source(listed, extent, chosen=request.address_columns)
    if request.parcels is not None:
        layer = open_source(request.parcels, scratch / "parcels", countries=here)
        opened.parcels = ParcelLayer(layer, request.parcel_key, extent)
    if request.known_addresses is not None:
        opened.known = cache(partial(AddressList.of_ground, request.known_addresses))
    opened.geocode = geocode
    if geocode is None and request.ask_geocoder:
        opened.geocode = Asker(get_settings(con), extent)
    return opened


def open_list(con: Connection, request: ImportRequest, scratch: Path) -> Source:
    """Open the sender's file, and nothing more.

    Raises:
        Invalid: it cannot be read, or is a register.
        NotFound: there is no such file.
    """
    if is_file_of(file_of(con), request.path):
        raise Invalid("import.own_register", name=request.path.name)
    source = open_source(
        request.path, scratch / "file", name=request.file_name or None, layer=request.layer,
        encoding=request.encoding, engine=request.engine, countries=countries_of(con, request.within),
    )  # fmt: skip
    if {"register_state", "counters"} <= set(source.layers):  # tables of ours that are never empty
        raise Invalid("import.is_register", name=source.name)
    return source


def lay_out(con: Connection, request: ImportRequest, source: Source) -> Opened:
    """Lay a crosswalk against the columns of a file, or of a sample of it.

    Raises:
        Invalid: the profile or one of the options does not fit.
    """
    settings = get_settings(con)
    known, name, is_known = request.crosswalk, request.source, False
    if known is None:
        profile = crosswalks.load(request.profile or columns.choose(source.columns))
        name = name or _name_of_list(con, request, profile, source)
        known = _remembered(con, name, source) if not request.profile else None
        is_known = known is not None
        known = known or _guessed(profile, source, everything=request.profile.lower().endswith(".csv"))
    known = _without(known, request.ignored, source)
    extent = find_extent(con, request, known, settings)
    if request.crosswalk is None and not is_known and not request.profile.lower().endswith(".csv"):
        known = finding.by_values(known, source, extent)
    crs = geometry.known_crs(request.crs) if request.crs else None
    records = Candidates(
        source, known, extent=extent, crs=crs, extra_crs=_own_systems(settings), decimal=request.decimal,
        currency=settings.currency, witness=_home_of(con, request), every_row=request.every_row,
        by_hand=request.by_hand,
    )  # fmt: skip
    return Opened(request, known, records, name or _name_of_list(con, request, known, source), is_known=is_known)


def _guessed(profile: Crosswalk, source: Source, *, everything: bool = False) -> Crosswalk:
    """A profile laid against the columns of a file; ``everything``: it says itself what there is to say."""
    known = columns.match(profile, source.columns)
    known = columns.by_values(known, (row.values for row in source.sample()))
    known = neighbours.settled(known, source.columns, (row.values for row in source.sample()))
    if everything:
        return known
    return restricting.recognised(known, source.columns, (row.values for row in source.sample()))


def _remembered(con: Connection, name: str, source: Source) -> Crosswalk | None:
    """What the columns of this list were last time; None where it is not known, or has become another table.

    A column that it did not have then is guessed, for a field that no other column is.
    """
    earlier = imports.last_crosswalk(con, name)
    if not earlier:
        return None
    before = crosswalks.read(earlier, "generic")
    used = {column.theirs for column in before.columns if column.field}
    if not used or len(used & set(source.columns)) < _STILL_THE_SAME * len(used):
        return None
    known = columns.match(before, source.columns)
    seen = {column.theirs for column in before.columns}
    taken = {column.field for column in known.columns}
    more = _guessed(crosswalks.load(columns.choose(source.columns)), source).columns
    new = [column for column in more if column.theirs not in seen and column.field not in taken]
    known = Crosswalk(known.name, [*known.columns, *new], known.values, known.about)
    return restricting.recognised(known, source.columns, (row.values for row in source.sample()))


def _home_of(con: Connection, request: ImportRequest) -> Home | None:
    """Where the register's own spaces lie, for a list of which nobody said where it lies."""
    if request.within and len(request.within) > 2:
        return None
    own = spaces.some_places(con, _WITNESSES)
    return Home.of(*geometry.anchors(np.array(own, object))) if own else None


def _without(known: Crosswalk, ignored: Sequence[str], source: Source) -> Crosswalk:
    """The crosswalk with these columns passed over by name."""
    for name in ignored:
        if name not in source.columns:
            raise Invalid("area.no_column", column=name, columns=", ".join(source.columns[:20]))
    kept = [column for column in known.columns if column.theirs not in ignored]
    passed = [Column(name, "", IGNORED) for name in ignored]
    return Crosswalk(known.name, kept + passed, known.values, known.about)


def _name_of_list(con: Connection, request: ImportRequest, known: Crosswalk, source: Source) -> str:
    """What a list is called that nobody named; two councils' lists of one kind are two lists.

    So are two sheets or layers of one file: where it has several, the one that is read belongs to the name. The
    name that a list has in the register goes before: next year's file may have a sheet more or less.
    """
    stem, kind = Path(source.name).stem, known.about.get("source", "")
    plain, whole = (f"{kind} ({told})" if kind else told for told in (stem, f"{stem}, {source.layer}"[:_LONGEST_NAME]))
    if source.layer in ("", ALL, stem):
        return plain
    if imports.count_of(con, whole):
        return whole
    taken_by_itself = request.layer is None and imports.count_of(con, plain) > 0
    return whole if len(source.layers) > 1 and not taken_by_itself else plain


def find_extent(con: Connection, request: ImportRequest, known: Crosswalk, settings: Settings) -> Extent | None:
    """Where the rows must lie: as told, the register's own boundary, the profile's country, the city's country."""
    if request.within:
        return extent_of(request.within)
    if (boundary := areas.boundary(con)) is not None:
        return extent_around(boundary, settings.municipality or "the municipality")
    country = known.about.get("extent") or settings.country
    return countries().get(country) if country else None


def countries_of(con: Connection, within: str | None = None) -> list[str]:
    """Where lists lie, by two letters each: as told, by the register's own boundary, or the city's country.

    Raises:
        Invalid: ``within`` is no extent.
    """
    known, settings = countries(), get_settings(con)
    if within and within.strip().upper() in known:
        return [within.strip().upper()]
    shape = extent_of(within).shape if within else areas.boundary(con)
    if shape is None:
        return [settings.country] if settings.country else []
    return [country for country, each in known.items() if shapely.intersects(each.shape, shape)]


def _own_systems(settings: Settings) -> list[str]:
    return [settings.national_crs] if settings.national_crs else []
