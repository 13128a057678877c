"""The first rows of somebody's list in our words, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from tempuse.areas import Locator
from tempuse.errors import Issue
from tempuse.io.candidates import Candidate
from tempuse.io.places import typed
from tempuse.jobs import ImportJob
from tempuse.store import areas as area_rows
from tempuse.vocabulary import SpaceKind
from web import database, words
from web.presenters import labels

# What has a column of its own on the page, or is said with the place.
_APART = frozenset({
    "name", "address", "locality", "postcode", "kind", "geometry", "placed_by", "source_fields", "source",
})  # fmt: skip


@dataclass(slots=True)
class Shown:
    """One row as it would come in."""

    line: int
    name: str
    address: str
    kind: str
    place: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    beside: int = 0
    noticed: list[str] = field(default_factory=list)


def rows(candidates: Sequence[Candidate], about: ImportJob) -> list[Shown]:
    """These rows in words; ``about`` has what was chosen for rows that do not say."""
    locator = Locator(area_rows.districts(database.connection()))
    return [_row(each, about, locator) for each in candidates]


def _row(row: Candidate, about: ImportJob, locator: Locator) -> Shown:
    fields = row.fields
    town = " ".join(str(fields[name]) for name in ("postcode", "locality") if fields.get(name))
    facts = [
        (labels.label(name), told)
        for name, value in fields.items()
        if name not in _APART and (told := labels.told(name, value))
    ]
    if row.source_ref:
        facts.insert(0, (labels.label("source_ref"), row.source_ref))
    return Shown(
        row.line,
        fields.get("name") or "",
        ", ".join(part for part in (fields.get("address"), town) if part),
        labels.term(SpaceKind, fields.get("kind") or about.kind or ""),
        place(fields.get("geometry"), locator, bool(about.addresses or about.parcels)),
        facts,
        len(fields.get("source_fields", ())),
        [about_value(issue) for issue in row.issues],
    )


def said(issue: Issue) -> str:
    """What is wrong and what was done, as one text."""
    values = {"value": issue.value, **issue.values}
    both = [words.sentence(issue.message, values), words.sentence(issue.done, values) if issue.done else ""]
    return " ".join(part for part in both if part)


def about_value(issue: Issue) -> str:
    """The same with the column and what it says before it."""
    value = f"“{issue.value}”" if issue.value else ""
    column = " ".join(part for part in (issue.field, value) if part)
    return f"{column}: {said(issue)}" if column else said(issue)


def place(shape: Any, locator: Locator, looked_up: bool = False) -> str:
    """Where a place lies: its district, else its coordinates."""
    if shape is None:
        return gettext("looked up when the list is checked") if looked_up else gettext("no place yet")
    point = shape if shape.geom_type == "Point" else shape.representative_point()
    district = locator.locate(point.x, point.y)
    outline = gettext("Outline") if shape.geom_type != "Point" else gettext("Point")
    where = district.name if district is not None and district.name else typed.shown(point)
    return f"{outline}, {where}"
