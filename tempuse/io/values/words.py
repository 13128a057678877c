"""The words beside numbers: units, currencies, months, answers, in the languages of our lists.

``data/words/values.csv`` has them all, one row a meaning, one column a language, and *any* for what all write.
"""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache

from tempuse import resources
from tempuse.folding import fold

LANGUAGES = ("en", "nl", "fr", "de", "es", "it", "fi", "pl", "cs", "ro", "lv", "el")
LONGEST_PHRASE = 5  # words

# What folding would make a figure, or take apart: m² is no m and 2, and ½ is no 1 and 2.
_BEFORE = {ord(sign): f"^{figure}" for sign, figure in zip("²³", "23", strict=True)}
_BEFORE |= {
    ord(sign): f"\x01{value}"
    for sign, value in zip("½¼¾⅓⅔⅛⅜⅝⅞", (".5", ".25", ".75", ".3333333", ".6666667", ".125", ".375", ".625", ".875"),
                           strict=True)
}  # fmt: skip
# A mark of a footnote is no figure of the number before it.
_BEFORE |= {ord(sign): f"^{i}" for i, sign in enumerate("⁰¹\0\0⁴⁵⁶⁷⁸⁹") if sign != "\0"}
_BEFORE |= {ord(sign): f"^{i}" for signs in ("₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨") for i, sign in enumerate(signs)}
_BEFORE |= dict.fromkeys(map(ord, "−–—‐‑‒―﹣－"), "-") | {ord("º"): "\u00b0", ord("ª"): "\u00b0"}
# What nobody sees is nothing.
_BEFORE |= dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD], "")
_BEFORE |= dict.fromkeys(map(ord, "´`ʹ′"), "'") | dict.fromkeys(map(ord, "″“”„"), '"')
# 1/2 ha, where a word says of what; alone it is as well one or two.
_FRACTION = re.compile(r"(?<![0-9.,/-])([1-7])/([2348])(?= ?[^\W\d_])")
_TOKEN = re.compile(
    r"(?P<number>[0-9](?:[0-9]|[.,](?=[0-9])|[ '](?=[0-9]{3}(?![0-9])))*+(?:e[+-]?[0-9]{1,3}+(?![^\W_]))?+)"
    r"|(?P<part>\x01\.[0-9]++)"
    r"|(?P<flat>[.,] ?-{1,2}(?![0-9]))"
    # A figure after a letter belongs to it where it makes a square of a length.
    r"|(?P<word>(?:(?:[kdcm]?m|(?:ke|ht|hu|br)m|ft|mts?|pi|yd|nm|[км]?м|μ|in)\^?[23](?![0-9]|[.,][0-9])|us\$|[^\W\d_]++)\.?+)"
    r"|(?P<sign>\S)"
)


def tokens(text: str) -> list[tuple[str, str]]:
    """A text as numbers, words and signs, folded, from its first letter to its last: (kind, text).

    Kinds are ``number``, ``part`` (a fraction in one letter), ``flat`` (,- behind an amount), ``word`` and ``sign``.
    A dot that ends a word is part of it and gone.
    """
    plain = _FRACTION.sub(_part, fold(text.translate(_BEFORE)))
    found = []
    for match in _TOKEN.finditer(plain):
        kind, told = str(match.lastgroup), match[0]
        if kind == "word":
            told = told.rstrip(".").replace("^", "")
        found.append((kind, told.strip() if kind == "flat" else told))
    return found


def _part(match: re.Match[str]) -> str:
    part = int(match[1]) / int(match[2])
    return "\x01" + f"{part:.7f}".strip("0") if part < 1 else match[0]


def phrase(text: str) -> str:
    """A text as the table holds it: its words and signs, one blank between them."""
    return " ".join(told for _, told in tokens(text))


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(resources.path("words/values.csv").read_text(encoding="utf-8"))))


@lru_cache(maxsize=32)
def table(what: str) -> dict[str, tuple[str, ...]]:
    """The phrases of one kind (``area``, ``month`` ...) in all languages, each with what it may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows():
        if row["what"] == what:
            for cell in list(row.values())[2:]:
                for each in cell.split("|"):
                    if each and row["means"] not in found.get(key := phrase(each), ()):
                        found[key] = (*found.get(key, ()), row["means"])
    return found


@lru_cache(maxsize=32)
def factors(what: str) -> dict[str, float]:
    """The phrases of a kind of unit, each with how many of ours it is."""
    return {key: float(means[0]) for key, means in table(what).items()}


def spellings(what: str) -> dict[str, str]:
    """The words of one kind as they are written, and folded, in small letters, each with what it means."""
    return {
        each: row["means"]
        for row in _rows() if row["what"] == what
        for cell in list(row.values())[2:] for word in cell.split("|") if word
        for each in (word.lower(), fold(word))
    }  # fmt: skip


@lru_cache(maxsize=1)
def answers() -> dict[str, str]:
    """Words for yes, no and not known, folded as the cells of a list are."""
    return {
        fold(each): row["means"]
        for row in reversed(_rows()) if row["what"] == "flag"
        for cell in list(row.values())[2:] for each in cell.split("|") if each
    }  # fmt: skip


@lru_cache(maxsize=1)
def months() -> dict[str, int]:
    """The names of the months, in full, short, and as they stand beside a day, each with its number."""
    return {key: int(means[0]) for key, means in table("month").items()}


def taken(given: list[str], *whats: str) -> list[tuple[str, str]] | None:
    """These words as phrases of the kinds named, the longest first: (kind, phrase); None where one is of none.

    Where a phrase is of several kinds, the kind named first counts.
    """
    found, at = [], 0
    while at < len(given):
        for length in range(min(LONGEST_PHRASE, len(given) - at), 0, -1):
            told = " ".join(given[at : at + length])
            what = next((each for each in whats if told in table(each)), None)
            if what is not None:
                found.append((what, told))
                at += length
                break
        else:
            return None
    return found
