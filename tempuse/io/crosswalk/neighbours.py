"""Columns once more, by their neighbours and by what stands in them: a name alone says too little.

*Nr.* right behind a street is the house's number, and a list's own number elsewhere; of two columns for one thing each
may say what the other leaves out; a number that a program made is a worse name for a row than one that people gave.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tempuse.folding import fold, fold_name
from tempuse.io import guard
from tempuse.io.crosswalk import PLACES, STANDING, Column, Crosswalk
from tempuse.io.crosswalk.columns import known_names
from tempuse.io.crosswalk.restricting import RESTRICTING

# What a column beside a street is called that holds its numbers, in the languages around; folded.
_NUMBERS = frozenset({
    "", "n", "no", "nr", "num", "nro", "hnr", "hsnr", "hn", "nummer", "number", "numero", "numer", "numurs", "numar",
    "cislo", "c", "cp", "co", "numeris", "αρ", "αριθμος", "αριθ", "huisnr", "hausnr", "house no", "house nr",
    "street no", "street nr", "street number", "civico", "n civico", "numero civico", "portal", "talo", "talonro",
    "nr domu", "nr bud", "nr budynku", "c p", "c popisne", "cislo domu", "nr casa", "nr str", "majas nr", "n voie",
    "n rue", "strassennr", "stranr", "house", "huis", "haus",
})  # fmt: skip
_HOUSE = re.compile(r"\d{1,4}(?:\s*[-/+]\s*\d{1,4})?\s*/?(?:[^\W\d_]{1,2}|bis|ter|quater)?")
_NAMED_TWICE = re.compile(r" \(\d+\)$")  # of two columns of one name, the second
_DIGIT = re.compile(r"\d")
_MADE = frozenset({"fid", "ogc fid", "objectid", "oid", "gml id", "uuid", "globalid", "gid", "rowid", "id 0"})
_NUMBER = re.compile(r"[-+−]?[\d.,' ]*\d")
_IN_WORDS = frozenset({"name", "address", "street", "locality", "description", "previous_use", "owner_name"})
_MOSTLY = 0.8
_DIFFER = 0.2
# Which row it is, where it lies and who may see it is told by one column.
_ALONE = frozenset({"source_ref", "retired_on", *STANDING, *PLACES}) | RESTRICTING

Told = Callable[[str], list[str]]


def settled(known: Crosswalk, columns: Sequence[str], sample: Iterable[Mapping[str, Any]]) -> Crosswalk:
    """A guessed crosswalk in which neighbours and values have had their say; one that somebody made stays as it is."""
    if not any(column.guessed for column in known.columns):
        return known
    rows = list(sample)

    def told(name: str) -> list[str]:
        return [guard.as_text(value).strip() for row in rows if (value := row.get(name)) not in (None, "")]

    found = {column.theirs: column for column in known.columns}
    _numbers_no_words(found, told)
    _town_beside_street(found, told)
    _number_beside_street(found, columns, told)
    _given_before_made(found, columns)
    _second_for_the_same(found, columns, rows)
    return Crosswalk(known.name, list(found.values()), known.values, known.about)


def _numbers_no_words(found: dict[str, Column], told: Told) -> None:
    """A heading that only resembles one of names or addresses is none of them where nothing but numbers stand below."""
    named = known_names()
    for name, column in list(found.items()):
        if column.guessed and column.field in _IN_WORDS and named.get(fold_name(name)) != column.field:
            texts = told(name)
            if texts and sum(_NUMBER.fullmatch(text) is not None for text in texts) >= _MOSTLY * len(texts):
                del found[name]


def _town_beside_street(found: dict[str, Column], told: Told) -> None:
    """A column called *place* beside one of streets, without a figure in it, has the towns."""
    fields = {column.field: name for name, column in found.items()}
    name = fields.get("address")
    if name and "street" in fields and "locality" not in fields and found[name].guessed and _has_no_number(told(name)):
        found[name] = replace(found[name], field="locality")


def _number_beside_street(found: dict[str, Column], columns: Sequence[str], told: Told) -> None:
    """The number behind a street, or before one where it is no count of the rows; the street of a bare address."""
    fields = {column.field: name for name, column in found.items()}
    street = fields.get("street") or fields.get("address")
    if street is None or (found[street].field == "address" and not _has_no_number(told(street))):
        return
    number = fields.get("house_number")
    if number is None:
        at = columns.index(street)
        behind, before = columns[at + 1 : at + 2], columns[max(at - 1, 0) : at]
        number = next((name for name in behind if _is_number(name, found, told)), None) or next(
            (name for name in before if _is_number(name, found, told) and not _counts(told(name))), None
        )
    if number is None:
        return
    found[number] = Column(number, "house_number", "", True)
    if found[street].field == "address":
        found[street] = replace(found[street], field="street")


def _has_no_number(texts: list[str]) -> bool:
    return bool(texts) and sum(_DIGIT.search(text) is None for text in texts) >= _MOSTLY * len(texts)


def _is_number(name: str, found: Mapping[str, Column], told: Told) -> bool:
    if fold_name(name) not in _NUMBERS or (name in found and found[name].field not in ("", "source_ref")):
        return False
    texts = told(name)
    return bool(texts) and sum(_HOUSE.fullmatch(fold(text)) is not None for text in texts) >= _MOSTLY * len(texts)


def _counts(texts: list[str]) -> bool:
    """Whether these are the numbers of the rows: whole, no two alike, each larger than the one before."""
    if not all(text.isdecimal() for text in texts):
        return False
    numbers = list(map(int, texts))
    return all(one < other for one, other in itertools.pairwise(numbers))


def _given_before_made(found: dict[str, Column], columns: Sequence[str]) -> None:
    """A number that people gave names a row, not the one that a program made; and none is left without a need."""
    known = known_names()
    now = next((name for name, column in found.items() if column.field == "source_ref"), None)
    if now is not None and fold_name(now) not in _MADE:
        return
    free = [name for name in columns if name not in found and known.get(fold_name(name)) == "source_ref"]
    given = next((name for name in free if fold_name(name) not in _MADE), None)
    if given is None and now is None:
        given = next(iter(free), None)
    if given is not None:
        if now is not None:
            del found[now]
        found[given] = Column(given, "source_ref", "", True)


def _second_for_the_same(
    found: dict[str, Column], columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:  # fmt: skip
    """A second column for a field that fills what the first leaves empty, and seldom says otherwise."""
    known = known_names()
    first: dict[str, str] = {}
    for name, column in found.items():
        first.setdefault(column.field, name)
    for name in columns:
        field = known.get(fold_name(_NAMED_TWICE.sub("", name)), "")
        if name in found or field in _ALONE or field not in first:
            continue
        pairs = [(row.get(first[field]), row.get(name)) for row in rows]
        both = [(one, other) for one, other in pairs if one not in (None, "") and other not in (None, "")]
        fills = sum(one in (None, "") and other not in (None, "") for one, other in pairs)
        differ = sum(fold(guard.as_text(one)) != fold(guard.as_text(other)) for one, other in both)
        if fills and differ <= _DIFFER * len(both):
            found[name] = Column(name, field, "", True)
