"""The crosswalk by which our own tables for people are read again, written from the words that stand in them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence

from tempuse import resources
from tempuse.files import write_whole
from tempuse.io import commas
from tempuse.io.crosswalk import HEADER, OWN, TARGETS
from tempuse.io.write.columns import FlatColumn, space_columns
from tempuse.vocabulary import Audience
from web.messages import MESSAGES

Say = Callable[[str], str]
PATH = f"crosswalks/{OWN}.csv"
# What comes back as another field than its own; and what means something in one register alone.
_AS = {"ref": "source_ref", "free_from": "available_from"}
_LEFT = ("within_ref", "source_ref")
# By these a table is known for one of ours.
_TELLING = ("ref", "address", "suitable_uses", "cost_period")
_PLACE = {"listing.longitude": "lon", "listing.latitude": "lat"}


def _columns() -> dict[str, FlatColumn]:
    office, public = (space_columns(each) for each in (Audience.OFFICE, Audience.PUBLIC))
    held = {column.name: column for column in (*office, *public)}
    found = {name: _AS.get(name, name) for name in held if name not in _LEFT and _AS.get(name, name) in TARGETS}
    return {name: held[name] for name in found}


def _rows(languages: Mapping[str, Say]) -> Iterator[Sequence[str]]:
    columns = _columns()
    yield "about", "title", "", "Our own table for people", ""
    for say in languages.values():
        yield "about", "required", "", "|".join(say(columns[name].word) for name in _TELLING), ""
    for say in languages.values():
        for name, column in columns.items():
            yield "column", say(column.word), _AS.get(name, name), "", ""
        for message, field in _PLACE.items():
            yield "column", say(MESSAGES[message]), field, "", ""
    seen = set()
    for say in languages.values():
        for name, column in columns.items():
            for term in column.of or ():
                row = ("value", say(term.label), name, term.value, "")
                if row[1:3] not in seen:
                    seen.add(row[1:3])
                    yield row


def text(languages: Mapping[str, Say]) -> str:
    """What the crosswalk holds; of each language by its code, what translates into it."""
    out = io.StringIO()
    writer = commas.Writer(out, "\n")
    writer.row(HEADER)
    for row in _rows(languages):
        writer.row(row)
    return out.getvalue()


def update(languages: Mapping[str, Say]) -> None:
    """Bring it up to date."""
    write_whole(resources.path(PATH), text(languages).encode(), 0o644)
