"""Columns that restrict: who may see a space, how precisely, from when. None of them is ever passed over in silence.

``data/crosswalks/restricting.csv`` has the words of such headings in the languages around, each with the field that it
stands for; without one, a person must say. A word that ends in ``*`` stands for all that begin so; a heading that
begins with ``=`` must be all of it, as a word like *permission* alone may be about anything. Unit ``not`` marks those
that say the contrary, like *public: yes*; they count only where the cells do say yes or no.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tempuse import resources
from tempuse.folding import fold, fold_name
from tempuse.io.crosswalk import IGNORED, NOT, Column, Crosswalk
from tempuse.io.values.cells import Parsed
from tempuse.io.values.measures import Parser
from tempuse.io.values.parse import text
from tempuse.publication import Rule

# What a column may be taken for that restricts; every field that the rule of publication reads is among them.
RESTRICTING = frozenset({*Rule.LOOKS_AT, "withhold", "owner_do_not_contact"}) - {"ownership", "owner_limit"}
# Words beside the one that counts: whose word it is, where it is shown, what joins them.
_BESIDE = frozenset({
    "owner", "owners", "eigenaar", "eigenaars", "proprietaire", "eigentumer", "eigentumers", "wlasciciela", "vlastnika",
    "omistajan", "proprietarului", "ipasnieka", "propietario", "proprietario", "flag", "map", "kaart", "carte",
    "karte", "website", "online", "internet", "data", "is", "of", "the", "for", "to", "on", "in", "s", "by", "van",
    "de", "het", "voor", "op", "om", "te", "du", "des", "la", "le", "l", "d", "pour", "sur", "der", "die", "das", "zur",
    "zum", "fur", "im", "na", "do", "del", "el", "al", "di", "per", "o", "y", "n", "j",
})  # fmt: skip
_NEGATIONS = frozenset({
    "not", "no", "non", "don", "never", "niet", "geen", "nooit", "pas", "nicht", "kein", "keine", "nie", "ei", "ala",
    "ne", "nu", "nav", "nao", "ikke", "inte", "ej", "μη", "μην", "δεν", "οχι", "without", "zonder", "sans", "ohne",
})  # fmt: skip
_YES_NO = re.compile(r" (yes no|y n|ja nee|ja neen|j n|oui non|o n|ja nein|si no|tak nie|ano ne|ano nie|da nu|ja ne)$")
_MOSTLY = 0.8
_LONGEST_HEADING = 12  # words in a name that is a name and no remark
_LONGEST_WORD = 3  # words in a cell that is a mark and no remark


@dataclass(frozen=True, slots=True)
class Heading:
    """Words that tell a restricting column, the field that it stands for (empty: nobody can tell), its unit."""

    words: tuple[str, ...]
    whole: bool
    field: str
    unit: str

    def fits(self, words: Sequence[str]) -> bool:
        """Whether a folded heading says this."""
        length = len(self.words)
        starts = range(1) if self.whole else range(len(words) - length + 1)
        if self.whole and length != len(words):
            return False
        return any(
            all(
                word.startswith(mine[:-1]) if mine.endswith("*") else word == mine
                for mine, word in zip(self.words, words[at : at + length], strict=True)
            )
            for at in starts
            if at + length <= len(words)
        )


_DENIED = Heading((), whole=True, field="withhold", unit="")


@lru_cache(maxsize=1)
def _headings() -> tuple[Heading, ...]:
    words = resources.path("crosswalks/restricting.csv").read_text(encoding="utf-8")
    found = [
        Heading(tuple(row["theirs"].removeprefix("=").split()), row["theirs"][0] == "=", row["field"], row["unit"])
        for row in csv.DictReader(words.splitlines())
    ]
    return tuple(sorted(found, key=lambda heading: (-len(heading.words), heading.unit == NOT)))


@lru_cache(maxsize=1)
def _showing() -> tuple[tuple[str, ...], frozenset[str]]:
    """How words for showing begin, and those that are too short to have a beginning."""
    words = {heading.words[0] for heading in _headings() if heading.unit == NOT and len(heading.words) == 1}
    long = {word[: max(5, len(word) - 3)] for word in words if len(word) >= 5}
    return tuple(sorted(long)), frozenset(word for word in words if len(word) < 5)


def _is_showing(word: str) -> bool:
    begins, short = _showing()
    return word in short or word.startswith(begins)


@lru_cache(maxsize=4096)
def heading_of(name: str) -> Heading | None:
    """What a column's name says about who may see a space, the longest words first; None when it says nothing."""
    words = _YES_NO.sub("", fold_name(name)).split()
    if len(words) > _LONGEST_HEADING:
        return None
    denied = not _NEGATIONS.isdisjoint(words)
    bare = [word for word in words if word not in _BESIDE]
    topic = [word for word in bare if not _is_showing(word)] or bare
    for each in _headings():
        if each.unit == NOT and denied:
            continue
        if each.fits(words) or (each.whole and (each.fits(bare) or (each.field == "consent" and each.fits(topic)))):
            return each
    return _DENIED if denied and any(map(_is_showing, words)) else None


def recognised(known: Crosswalk, columns: Sequence[str], sample: Iterable[Mapping[str, Any]]) -> Crosswalk:
    """A crosswalk with the restricting columns that it leaves out, as far as their names and cells are plain."""
    rows = list(sample)
    taken = {column.theirs for column in known.columns}
    found = list(known.columns)
    for name in columns:
        if name in taken:
            continue
        said = _said(rows, name)
        target, unit = _meaning(known, name, said)
        if target and (target == "withhold" or all(column.field != target for column in found)):
            found.append(Column(name, target, unit, True))
    return Crosswalk(known.name, found, known.values, known.about)


def _meaning(known: Crosswalk, name: str, said: list[str]) -> tuple[str, str]:
    """The field that a column stands for, and its unit; empty where it restricts nothing or nobody can tell."""
    heading = heading_of(name)
    flags = known.values.get("flag", {})
    if heading is not None and heading.unit == NOT:
        says_so = any(flags.get(each) in ("yes", "no") or each in known.values.get("withhold", {}) for each in said)
        return (heading.field, NOT) if says_so else ("", "")
    if heading is not None and heading.field:
        return heading.field, ""
    if fold_name(name) == "status" and said:
        words = known.values.get("status", {})
        if sum(each in words for each in said) >= _MOSTLY * len(said):
            return "status", ""
    return "", ""


def unanswered(known: Crosswalk, columns: Sequence[str], sample: Iterable[Mapping[str, Any]]) -> list[str]:
    """Columns that restrict, by their name or by what stands in them, and that nobody has explained or passed over.

    They matter once a row says something there, which the sample need not show.
    """
    rows = list(sample)
    answered = {column.theirs for column in known.columns if column.field or column.unit == IGNORED}
    return [name for name in columns if name not in answered and _restricts(name, _said(rows, name))]


def _restricts(name: str, said: Collection[str]) -> bool:
    heading = heading_of(name)
    if heading is not None and heading.unit != NOT:
        return True
    return any(_is_mark(each) for each in said)


def _is_mark(cell: str) -> bool:
    """Whether a cell says by itself that something is not for everybody."""
    if len(cell) > 60 or len(cell.split()) > _LONGEST_WORD:
        return False
    heading = heading_of(cell)
    return heading is not None and heading.field == "withhold" and heading.unit != NOT


def _said(rows: list[Mapping[str, Any]], name: str) -> list[str]:
    texts = (text(row.get(name))[0] for row in rows)
    return [fold(each) for each in texts if each]


def withholding(parser: Parser, words: Mapping[str, str], *, contrary: bool) -> Parser:
    """Yes or no, or a word that says so by itself, as *not to be shown*; what the sender does not know is not shown."""

    def parse_value(value: Any) -> Parsed:
        if (word := words.get(fold(text(value)[0] or ""))) is not None:
            return word == "yes", ""
        found, wrong = parser(value)
        return (None, wrong) if wrong else (True if found is None else found != contrary, "")

    return parse_value
