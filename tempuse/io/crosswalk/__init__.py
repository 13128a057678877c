"""Crosswalks: the sender's columns and values against ours, as CSV files that a planner can mend.

Columns of the file: ``what`` (about, column, value), ``theirs``, ``field``, ``ours``, ``unit``. A ``theirs`` that
ends in ``*`` stands for all values that begin so. Unit ``keep`` keeps the sender's own word in source_fields as well;
``ignore``, without a field, says that a column which seems to restrict who may see a space does not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tempuse import resources
from tempuse.errors import Invalid, Issue
from tempuse.folding import fold
from tempuse.io import commas
from tempuse.io.values.words import answers
from tempuse.spaces import EDITABLE, FIELDS

# What a column may be besides a field of Space: parts of a place or of an address, or a date of leaving.
PLACES = ("x", "y", "lon", "lat", "easting", "northing", "crs", "wkt", "wkt2", "lon2", "lat2", "latlon")
PARTS = ("street", "house_number", "suffix", "box")
# Where the sender has it: its status, as ours are called, and whether it must not be shown.
STANDING = ("status", "withhold")
EXTRA = ("source_ref", "retired_on", *STANDING, *PLACES, *PARTS)
TARGETS = frozenset({*EDITABLE, *EXTRA}) - {"geometry", "internal_only"}
# Units of columns that restrict: passed over by name; says the contrary of its field.
IGNORED, NOT = "ignore", "not"
HEADER = ("what", "theirs", "field", "ours", "unit")
# Our own tables for people have a profile, too: whoever changes a word in them writes it anew (web.own_words).
OWN = "for-people"
PROFILES = ("england-brownfield", "cnig-friches", "osm-vacancy", OWN)


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


def read(text: str, name: str, targets: Collection[str] | None = None) -> Crosswalk:
    """A crosswalk from the text of its CSV file.

    Args:
        text: the file's.
        name: what it is called.
        targets: what a column may be; None for what it may be in a list of spaces.

    Raises:
        Invalid: it is not such a file, or names a field that we do not have; one Issue a row.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
    if not {"what", "theirs", "field"} <= set(rows.fieldnames or ()):
        raise Invalid("crosswalk.header", name=name, columns=", ".join(HEADER))
    found, issues = Crosswalk(name), []
    for line, row in enumerate(rows, 2):
        what, theirs, target, ours, unit = (commas.bare((row.get(key) or "").strip()) for key in HEADER)
        if what == "about":
            known = found.about.get(theirs) if theirs == "required" else None
            found.about[theirs] = f"{known}\n{ours}" if known else ours
        elif what == "column":
            if target and target not in (TARGETS if targets is None else targets):
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


def load(name: str, targets: Collection[str] | None = None) -> Crosswalk:
    """A profile by its name, or a city's own file by its path; ``targets`` as for ``read``.

    Raises:
        Invalid: there is no such profile or file, or it does not fit.
    """
    path = Path(name)
    if path.suffix.lower() == ".csv":
        if not path.is_file():
            raise Invalid("crosswalk.missing", name=name)
        try:
            return read(path.read_text(encoding="utf-8-sig"), path.stem, targets)
        except (UnicodeDecodeError, csv.Error) as error:
            raise Invalid("crosswalk.header", name=path.name, columns=", ".join(HEADER)) from error
    if name != "generic" and name not in PROFILES:
        raise Invalid("crosswalk.unknown", name=name, names=["generic", *PROFILES])
    return shipped(name)


@lru_cache(maxsize=8)
def shipped(name: str) -> Crosswalk:
    """A profile that comes with the program; not to be changed."""
    found = read(resources.path(f"crosswalks/{name}.csv").read_text(encoding="utf-8"), name)
    if name == "generic":
        found.values["flag"] = answers()
    return found


def write(crosswalk: Crosswalk, columns: Iterable[str]) -> str:
    """The crosswalk of a file as CSV text, every column of the file in it, to be mended and brought back."""
    out = io.StringIO()
    writer = commas.Writer(out, "\n")
    writer.row(HEADER)
    writer.row(["about", "profile", "", crosswalk.name, ""])
    for key, value in crosswalk.about.items():
        if key not in ("title", "required", "profile"):
            writer.row(["about", key, "", value, ""])
    held = {column.theirs: column for column in crosswalk.columns}
    for name in columns:
        column = held.get(name)
        writer.row(["column", name, column.field if column else "", "", column.unit if column else ""])
    usual = shipped("generic").values
    for target, words in crosswalk.values.items():
        for theirs, ours in words.items():
            if usual.get(target, {}).get(theirs) != ours:
                writer.row(["value", theirs, target, ours, ""])
    return out.getvalue()


def kind_of(target: str) -> str:
    """The kind of a target's values: as a field of Space has it, or ``place``, ``text``, ``day``."""
    if target in PLACES:
        return "place"
    if target == "withhold":
        return "flag"
    # The day on which a row left the sender's list is read like any other day.
    return str(FIELDS[target]["kind"]) if target in FIELDS else "text"
