"""What each field of a noun is called, and its value as a person reads it: for the office's forms and histories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.fields import About, fields_of
from tempuse.refs import NOUNS
from tempuse.vocabulary import Facility, Term
from web import words

# What is changed with a space and is no field of it.
_BESIDE: Mapping[str, LazyString] = {
    "past": lazy_gettext("Who was there before"), "digest": lazy_gettext("One letter a day"),
    "reviewer": lazy_gettext("Reviewer"),
}  # fmt: skip


def _about(name: str, noun: str) -> About | None:
    return fields_of(NOUNS[noun]).get(name) if noun in NOUNS else None


def label(name: str, noun: str = "space") -> str:
    """What a field of a noun is called, in the reader's language."""
    about = _about(name, noun)
    return gettext(about["word"]) if about and about.get("word") else str(_BESIDE.get(name, name))


def term(kind: type[Term], value: str | None) -> str:
    """The word for a value of a list; a value that is not on it stands as it is."""
    if not value:
        return ""
    return gettext(kind(value).label) if value in set(kind) else value


def choices(kind: type[Term], *, empty: str | None = None, hints: bool = False) -> list[tuple[str, ...]]:
    """A list for a form: values with their words, and their definitions if wanted."""
    first: list[tuple[str, ...]] = [] if empty is None else [("", empty)]
    return first + [
        (each.value, gettext(each.label), gettext(each.definition) if hints and each.definition else "")
        if hints
        else (each.value, gettext(each.label))
        for each in kind
    ]


_UNITS: dict[str, Callable[[Any], str]] = {
    "m2": words.square_metres,
    "cm": lambda value: words.metres(value) if value else gettext("none"),
    "cents": lambda value: words.money(int(value)),
    "days": words.duration,
    "db": lambda value: f"{words.figure(value)} dB",
    "kg_m2": lambda value: f"{words.figure(value)} kg/m²",
    "persons": lambda value: words.figure(value, 2),
    "storey": str,
    "year": str,
}


def told(name: str, value: Any, noun: str = "space") -> str:
    """A field's value as a person reads it; values of events come as text and are read back. Empty when unknown."""
    about = _about(name, noun) or About(kind="text", word="")
    kind = about.get("kind", "text")
    if value is None or value in ("", (), [], {}):
        return ""
    if kind == "flag":
        if name == Facility.STEP_FREE_ACCESS and not value:
            return gettext("no, there are steps")
        return gettext("yes") if value else gettext("no")
    if kind == "choice":
        return term(about["of"], str(value))
    if kind == "list":
        return ", ".join(term(about["of"], each) if about.get("of") else str(each) for each in value)
    if kind == "day":
        return words.day(value if isinstance(value, date) else str(value), year=True)
    if "unit" in about:
        return _UNITS[about["unit"]](value)
    if kind in ("number", "whole"):
        return words.figure(value, 2)
    return str(value)
