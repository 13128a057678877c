"""Crosswalks: the sender's columns and values against ours, as CSV files that a planner can mend.

Columns of the file: ``what`` (about, column, value), ``theirs``, ``field``, ``ours``, ``unit``. A ``theirs`` that
ends in ``*`` stands for all values that begin so. Unit ``keep`` keeps the sender's own word in source_fields as well.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from tempuse import resources
from tempuse.errors import Invalid, Issue
from tempuse.io.fold import fold, fold_name
from tempuse.spaces import EDITABLE, FIELDS

# What a column may be besides a field of Space: parts of a place or of an address, or a date of leaving.
PLACES = ("x", "y", "lon", "lat", "easting", "northing", "crs", "wkt", "wkt2", "lon2", "lat2", "latlon")
PARTS = ("street", "house_number", "box")
EXTRA = ("source_ref", "retired_on", *PLACES, *PARTS)
TARGETS = frozenset({*EDITABLE, *EXTRA}) - {"geometry", "internal_only"}
HEADER = ("what", "theirs", "field", "ours", "unit")
PROFILES = ("england-brownfield", "cnig-friches", "osm-vacancy")
_CLOSE = 88  # of 100; RapidFuzz's ratio, below which a guess is more often wrong than right
_UNIT = re.compile(r"[(\[]\s*([^)\]]{1,12})\s*[)\]]\s*$")


@dataclass(frozen=True, slots=True)
class Column:
    """One of the sender's columns and what it is to us; ``guessed`` when only its name resembles."""

    theirs: str
    field: str
    unit: str = ""
    guessed: bool = False


@dataclass(slots=True)
class Crosswalk:
    """What to do with each column and value of one file."""

    name: str
    columns: list[Column] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    def column_for(self, target: str) -> str | None:
        """The sender's column that holds a field, the first when several do."""
        return next((column.theirs for column in self.columns if column.field == target), None)

    def listed(self, key: str) -> list[str]:
        """Something about the profile that has several values."""
        return [part for part in self.about.get(key, "").split("|") if part]


def read(text: str, name: str) -> Crosswalk:
    """A crosswalk from the text of its CSV file.

    Raises:
        Invalid: it is not such a file, or names a field that we do not have; one Issue a row.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
    if not {"what", "theirs", "field"} <= set(rows.fieldnames or ()):
        raise Invalid("crosswalk.header", name=name, columns=", ".join(HEADER))
    found, issues = Crosswalk(name), []
    for line, row in enumerate(rows, 2):
        what, theirs, target = ((row.get(key) or "").strip() for key in ("what", "theirs", "field"))
        ours, unit = ((row.get(key) or "").strip() for key in ("ours", "unit"))
        if what == "about":
            known = found.about.get(theirs) if theirs == "required" else None
            found.about[theirs] = f"{known}\n{ours}" if known else ours
        elif what == "column":
            if target and target not in TARGETS:
                issues.append(Issue(line, "field", target, "crosswalk.field", values={"field": target}))
            else:
                found.columns.append(Column(theirs, target, unit))
        elif what == "value":
            found.values.setdefault(target, {})[fold(theirs)] = ours
        elif any(row.values()):
            issues.append(Issue(line, "what", what, "crosswalk.what"))
    if issues:
        raise Invalid("crosswalk.invalid", issues, name=name)
    return found


def load(name: str) -> Crosswalk:
    """A profile by its name, or a city's own file by its path.

    Raises:
        Invalid: there is no such profile or file, or it does not fit.
    """
    path = Path(name)
    if path.suffix.lower() == ".csv":
        if not path.is_file():
            raise Invalid("crosswalk.missing", name=name)
        return read(path.read_text(encoding="utf-8-sig"), path.stem)
    if name != "generic" and name not in PROFILES:
        raise Invalid("crosswalk.unknown", name=name, names=["generic", *PROFILES])
    return _shipped(name)


@lru_cache(maxsize=8)
def _shipped(name: str) -> Crosswalk:
    return read(resources.path(f"crosswalks/{name}.csv").read_text(encoding="utf-8"), name)


def choose(columns: Sequence[str]) -> str:
    """The profile whose required columns are all there, else ``generic``."""
    present = set(columns)
    for name in PROFILES:
        for required in _shipped(name).about.get("required", "").split("\n"):
            if required and set(required.split("|")) <= present:
                return name
    return "generic"


def match(profile: Crosswalk, columns: Sequence[str]) -> Crosswalk:
    """A profile laid against the columns that a file really has.

    Columns that the profile does not know are guessed from their names where the name is plain enough; a
    field is guessed only once.

    Raises:
        Invalid: a column that the profile needs is missing.
    """
    wanted = [set(each.split("|")) for each in profile.about.get("required", "").split("\n") if each]
    if wanted and not any(need <= set(columns) for need in wanted):
        missing = min((sorted(need - set(columns)) for need in wanted), key=lambda names: len(names))
        issues = [Issue(None, name, "", "crosswalk.column_missing", values={"column": name}) for name in missing]
        raise Invalid("crosswalk.columns_missing", issues, profile=profile.name, columns=missing)
    known: dict[str, list[Column]] = {}
    for column in profile.columns:
        known.setdefault(fold_name(column.theirs), []).append(column)
    generic = profile.about.get("guess") == "yes"
    found: list[Column] = []
    for name in columns:
        bare, unit = _without_unit(name)
        exact = known.get(fold_name(name)) or known.get(fold_name(bare))
        fields = dict.fromkeys((each.field, each.unit or unit) for each in exact or [] if each.field)
        found += [Column(name, target, of, generic) for target, of in fields]
    if generic:
        found = _guess(found, columns, known)
    order = {column.theirs: i for i, column in reversed(list(enumerate(profile.columns)))}
    found.sort(key=lambda column: order.get(column.theirs, len(order)) if not generic else 0)
    values = {**_shipped("generic").values}
    for target, words in profile.values.items():
        values[target] = {**values.get(target, {}), **words}
    about = {key: value for key, value in profile.about.items() if key != "guess"}
    return Crosswalk(profile.about.get("profile", profile.name), found, values, about)


def by_values(known: Crosswalk, sample: Iterable[Mapping[str, Any]]) -> Crosswalk:
    """Guessed columns once more, by what stands in them.

    A column "Owner" may hold names of people or one of few words, and the two are not to be confused: the words
    decide what is public, the names never are.
    """
    words = known.values.get("ownership", {})
    rows = list(sample)
    columns = []
    for column in known.columns:
        if column.guessed and column.field in ("owner_name", "ownership"):
            said = {fold(str(value)) for row in rows if (value := row.get(column.theirs))}
            are_words = bool(said) and sum(each in words for each in said) >= 0.8 * len(said)
            target = "ownership" if are_words else "owner_name" if said else column.field
            if target == column.field or known.column_for(target) is None:
                column = Column(column.theirs, target, column.unit, True)
        columns.append(column)
    return Crosswalk(known.name, columns, known.values, known.about)


def _without_unit(name: str) -> tuple[str, str]:
    """``Oppervlakte (m²)`` as its bare name and its unit."""
    unit = _UNIT.search(name)
    return (name[: unit.start()], unit[1]) if unit else (name, "")


def _guess(found: list[Column], columns: Sequence[str], known: dict[str, list[Column]]) -> list[Column]:
    """Each field once: the first exact name wins, then the names that come close."""
    taken: set[str] = set()
    once = []
    for column in found:
        if column.field not in taken:
            taken.add(column.field)
            once.append(column)
    done = {column.theirs for column in once}
    for name in columns:
        bare, unit = _without_unit(name)
        folded = fold_name(bare)
        if name in done or len(folded) < 5:
            continue
        best = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE)
        if best and (target := known[best[0]][0].field) not in taken:
            taken.add(target)
            once.append(Column(name, target, unit, True))
    return once


def write(crosswalk: Crosswalk, columns: Iterable[str]) -> str:
    """The crosswalk of a file as CSV text, every column of the file in it, to be mended and brought back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerow(["about", "profile", "", crosswalk.name, ""])
    for key, value in crosswalk.about.items():
        if key not in ("title", "required", "profile"):
            writer.writerow(["about", key, "", value, ""])
    held = {column.theirs: column for column in crosswalk.columns}
    for name in columns:
        column = held.get(name)
        writer.writerow(["column", name, column.field if column else "", "", column.unit if column else ""])
    shipped = _shipped("generic").values
    for target, words in crosswalk.values.items():
        for theirs, ours in words.items():
            if shipped.get(target, {}).get(theirs) != ours:
                writer.writerow(["value", theirs, target, ours, ""])
    return out.getvalue()


def kind_of(target: str) -> str:
    """The kind of a target's values: as a field of Space has it, or ``place``, ``text``, ``day``."""
    if target in PLACES:
        return "place"
    # The day on which a row left the sender's list is read like any other day.
    return str(FIELDS[target]["kind"]) if target in FIELDS else "text"
