"""What stands in the files that everybody gets: each column in words, with its unit and its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext, lazy_gettext

from tempuse.io.write.columns import FlatColumn
from web import spoken
from web.presenters import labels

_KINDS = {
    "text": lazy_gettext("text"), "flag": lazy_gettext("true or false"), "whole": lazy_gettext("whole number"),
    "number": lazy_gettext("number"), "day": lazy_gettext("day, like 2027-03-01"),
    "instant": lazy_gettext("moment in UTC"), "list": lazy_gettext("several; | between them in tables"),
    "map": lazy_gettext("JSON"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToldField:
    """A column as a page tells it: its name, what people call it, what it holds, its unit, what its values mean."""

    name: str
    word: str
    kind: str
    unit: str
    more: str
    values: Sequence[tuple[str, ...]]


def told(columns: Sequence[FlatColumn], currency: str) -> list[ToldField]:
    """The columns of a file, in the reader's language.

    Args:
        columns: those of the file.
        currency: in which the register counts, by its code.
    """
    units: dict[str, str] = {
        "m2": "m²", "cm": "cm", "db": "dB", "kg_m2": "kg/m²", "days": gettext("days"),
        "cents": gettext("cents (%(currency)s)", currency=currency),
    }  # fmt: skip
    return [
        ToldField(
            each.name, gettext(each.word), str(_KINDS[each.kind]), units.get(each.unit, ""),
            gettext(each.told) if each.told else "", labels.choices(each.of, hints=True) if each.of else (),
        )
        for each in columns
    ]  # fmt: skip


def in_language(columns: Sequence[FlatColumn], language: str) -> list[FlatColumn]:
    """The columns with their words in a language by its code."""
    say: Callable[[str], str] = spoken.catalogue(language).gettext
    return [replace(each, word=say(each.word), told=say(each.told) if each.told else "") for each in columns]
