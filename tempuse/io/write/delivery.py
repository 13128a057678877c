"""Spaces as rows of a national profile: values of ours in its words, the sender's own where they still stand.

Nothing is invented: a row that lacks what the standard demands is left out and told, with every column it lacks.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tempuse import geometry
from tempuse.errors import Issue
from tempuse.folding import fold, fold_name
from tempuse.geojson import feature_text
from tempuse.io import commas
from tempuse.io.write import flat, text
from tempuse.io.write.formats import Format
from tempuse.io.write.imprint import Imprint
from tempuse.io.write.profiles import Profile, ProfileColumn
from tempuse.io.write.target import replacing
from tempuse.settings import Settings
from tempuse.spaces import FIELDS, Space
from tempuse.vocabulary import Ownership, SpaceStatus

_UNKNOWN = "unknown"
_DONE = {"profile.too_long": "profile.cut", "profile.separator": "profile.mended"}
_PERSONS = (Ownership.PRIVATE_PERSON, Ownership.UNKNOWN, Ownership.PRIVATE, Ownership.MIXED, Ownership.OTHER)


@dataclass(slots=True)
class _Entry:
    """One space on its way: its place in the file's CRS, and what its sender's file said under the standard's names."""

    space: Space
    place: Any
    at: tuple[float | None, float | None]
    lon_lat: tuple[float | None, float | None]
    kept: dict[str, str]

    @property
    def came(self) -> bool:
        """Whether the space came by a file of this very standard."""
        return bool(self.kept)


class Delivery:
    """Makes the rows, and collects an Issue for each value that is left out or does not fit.

    Args:
        profile: the national standard.
        settings: the register's settings.
        constants: values that the office states for columns that no space has.
        crs: for WKT; the profile may fix its own.
        office: whether fields that only the office sees may be told (the owner's name, never a person's), and all
            that the sender's file had.
    """

    def __init__(
        self, profile: Profile, settings: Settings, constants: Mapping[str, str], crs: str, *, office: bool
    ) -> None:
        self.profile, self.settings, self.constants, self.office = profile, settings, constants, office
        self.crs = profile.about.get("crs") or crs
        self._decimals = 3 if geometry.is_projected(self.crs) else geometry.DECIMALS
        self._marks = {fold_name(mark) for mark in profile.listed("marks")}
        self._key = profile.about["key"]
        self._seen: set[str] = set()
        self.issues: list[Issue] = []
        self.written = 0
        self.left_out = 0

    def rows(self, batches: Iterable[Sequence[Space]]) -> Iterator[list[tuple[Space, dict[str, Any]]]]:
        """The rows that are whole, in batches, each with its space."""
        for batch in batches:
            made = [(entry.space, row) for entry in self._entries(batch) if (row := self._row(entry)) is not None]
            self.written += len(made)
            yield made

    def _entries(self, batch: Sequence[Space]) -> Iterator[_Entry]:
        places: geometry.Geometries = np.full(len(batch), None, object)
        places[:] = [space.geometry for space in batch]
        moved = flat.projected(places, self.crs)
        for space, place, at, lon_lat in zip(batch, moved, flat.anchors(moved), flat.anchors(places), strict=True):
            kept = {fold_name(name): value for name, value in space.source_fields.items()}
            yield _Entry(space, place, at, lon_lat, kept if self._marks & set(kept) else {})

    def _row(self, entry: _Entry) -> dict[str, Any] | None:
        space = entry.space
        if space.status == SpaceStatus.RETIRED and self.profile.about.get("retired") == "no":
            self._leave(entry, "", "", "profile.ended")
            self.left_out += 1
            return None
        row: dict[str, Any] = {}
        whole = True
        for column in self.profile.columns:
            value = self._value(entry, column)
            row[column.name], wrong = column.fit(value)
            if row[column.name] is None and column.must:
                self._leave(entry, column.name, value, wrong or "profile.missing")
                whole = False
            elif wrong:
                done = _DONE.get(wrong, "") if row[column.name] is not None else "profile.left_blank"
                self._tell(entry, column.name, value, wrong, done, grave=False)
        key = str(row[self._key])
        if whole and key in self._seen:
            self._leave(entry, self._key, key, "profile.twice")
            whole = False
        if not whole:
            self.left_out += 1
            return None
        self._seen.add(key)
        return row

    def _leave(self, entry: _Entry, column: str, value: Any, wrong: str) -> None:
        self._tell(entry, column, value, wrong, "profile.left_out", grave=True)

    def _tell(self, entry: _Entry, column: str, value: Any, wrong: str, done: str, *, grave: bool) -> None:
        values = {"ref": entry.space.ref, "name": entry.space.name or "", "column": column}
        shown = "" if value is None else str(value)
        self.issues.append(Issue(None, column, shown, wrong, done, values, grave))

    def _value(self, entry: _Entry, column: ProfileColumn) -> Any:
        """The sender's own word while it still says what we know, else ours, else what the office states.

        What an import kept beside a space is not shown: others than the office get the columns that are open.
        """
        kept = self._kept(entry, column) if self.office or column.open else ""
        ours = self._ours(entry, column)
        if kept and self._still_stands(entry.space, column, kept):
            return kept
        if ours is None and column.origin.startswith("=") and (self.office or column.open):
            ours = entry.kept.get(fold_name(column.origin[1:])) or self.constants.get(column.origin[1:])
        return self.constants.get(column.name) if ours in (None, "") else ours

    def _kept(self, entry: _Entry, column: ProfileColumn) -> str:
        if column.origin == "legal_owner" and entry.space.ownership in _PERSONS:
            return ""
        return next((entry.kept[name].strip() for name in column.names if entry.kept.get(name, "").strip()), "")

    def _still_stands(self, space: Space, column: ProfileColumn, kept: str) -> bool:
        """Whether the sender's word is what we know today: nobody corrected it, and it means no other value."""
        origin = column.origin.removeprefix("~")
        if origin in space.corrected_fields:
            return False
        meant = {fold(word) for words in column.words.values() for word in words}
        if origin not in FIELDS or fold(kept) not in meant:
            return True
        return fold(kept) in {fold(word) for word in column.words.get(self._current(space, column), [])}

    def _current(self, space: Space, column: ProfileColumn) -> str:
        return str(getattr(space, column.origin) or _UNKNOWN)

    def _ours(self, entry: _Entry, column: ProfileColumn) -> Any:
        if column.origin in _COMPUTED:
            return _COMPUTED[column.origin](self, entry)
        if column.origin not in FIELDS:
            value: Any = _UNKNOWN if column.origin == _UNKNOWN else None
        else:
            value = getattr(entry.space, column.origin)
        if not column.words:
            return flat.SEPARATOR.join(value) if isinstance(value, tuple) else value
        value = self._current(entry.space, column) if column.origin in FIELDS else value
        if value == _UNKNOWN and not column.must:
            return None  # an empty cell says so as well
        return next(iter(column.words.get(value or _UNKNOWN, [])), None)

    # What is made of several fields ------------------------------------------------------------------------

    def added_on(self, entry: _Entry) -> date | None:
        """When the register first had it; of a site from another register only that one knows."""
        created = entry.space.created_at
        return None if entry.came or created is None else self.settings.today(created)

    def updated_on(self, entry: _Entry) -> date | None:
        """When a space's facts were last looked at, or edited by hand."""
        space = entry.space
        edited = space.updated_at and self.settings.today(space.updated_at)
        if entry.came and not space.corrected_fields:
            return space.checked_on
        return max((day for day in (space.checked_on, edited) if day), default=None)

    def insee_ref(self, entry: _Entry) -> str | None:
        """The site's key: the commune's code and the site's reference."""
        if entry.came and entry.space.source_ref:
            return entry.space.source_ref
        code = entry.kept.get("comm insee") or entry.kept.get("comminsee") or self.constants.get("comm_insee")
        return f"{code}_{entry.space.ref}" if code else None

    def point(self, entry: _Entry) -> str | None:
        """A point in the site, as WKT, east before north."""
        x, y = entry.at
        if x is None or y is None:
            return None
        return str(shapely.to_wkt(shapely.Point(x, y), rounding_precision=self._decimals))

    def outline(self, entry: _Entry) -> str | None:
        """A space's outline as WKT."""
        if entry.place is None or entry.place.geom_type == "Point":
            return None
        return str(shapely.to_wkt(entry.place, rounding_precision=self._decimals))

    # Files -------------------------------------------------------------------------------------------------

    def write(self, path: Path, form: Format, batches: Iterable[Sequence[Space]], imprint: Imprint) -> None:
        """Write the rows whole to a file, CSV or GeoJSON, or leave everything as it was.

        A standard's CSV has no room for an imprint, and its validators would stumble over one.
        """
        is_csv = form.name == "csv"
        chunks = self.comma_separated(batches) if is_csv else text.geojson(self.features(batches), imprint.pairs())
        with replacing(path) as made, made.open("wb") as out:
            out.writelines(chunks)

    def comma_separated(self, batches: Iterable[Sequence[Space]]) -> Iterator[bytes]:
        """The rows as CSV, UTF-8, without a mark: the standards' validators take it for a letter."""
        out = io.StringIO()
        names = [column.name for column in self.profile.columns]
        writer = commas.Writer(out)
        writer.row(names)
        for batch in self.rows(batches):
            writer.rows([row[name] for name in names] for _, row in batch)
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
        yield out.getvalue().encode()

    def features(self, batches: Iterable[Sequence[Space]]) -> Iterator[list[str]]:
        """The rows as GeoJSON texts, with every column of the standard."""
        for batch in self.rows(batches):
            yield [feature_text(str(row[self._key]), space.geometry, row) for space, row in batch]


def _hectares(_: Delivery, entry: _Entry) -> float | None:
    area = entry.space.plot_area_m2
    return None if area is None else area / 10_000


def _name_address(_: Delivery, entry: _Entry) -> str | None:
    space = entry.space
    parts = [space.name] if entry.came and space.name else [space.name, space.address, space.locality]
    return ", ".join(part for part in dict.fromkeys(parts) if part) or None


def _commune(delivery: Delivery, entry: _Entry) -> str | None:
    if entry.came:
        return entry.space.locality
    return delivery.settings.municipality or entry.space.locality


def _legal_owner(delivery: Delivery, entry: _Entry) -> str | None:
    """Only bodies are named, never persons."""
    told = delivery.office and entry.space.ownership not in _PERSONS
    return entry.space.owner_name if told else None


_COMPUTED: dict[str, Callable[[Delivery, _Entry], Any]] = {
    "lon": lambda _, entry: entry.lon_lat[0],
    "lat": lambda _, entry: entry.lon_lat[1],
    "hectares": _hectares,
    "site_reference": lambda _, entry: (entry.came and entry.space.source_ref) or entry.space.ref,
    "name_address": _name_address,
    "added_on": Delivery.added_on,
    "updated_on": Delivery.updated_on,
    "insee_ref": Delivery.insee_ref,
    "commune": _commune,
    "legal_owner": _legal_owner,
    "point": Delivery.point,
    "outline": Delivery.outline,
    "wgs84": lambda *_: "WGS84",
}  # fmt: skip
