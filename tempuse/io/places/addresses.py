"""Addresses taken apart to be compared: every spelling of one address becomes one, two addresses never do.

Where a number may belong to the name of the street, both readings are kept: *8 rue du 8 mai 1945*.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from tempuse.folding import fold, fold_name
from tempuse.io.crosswalk import PARTS
from tempuse.io.values.words import months, spellings, table

_CLOSE_TOWN = 88.0  # of 100; a letter or two amiss in a town's name
_LONGEST = 300  # letters
_LETTER = r"[^\W\d_](?![^\W\d_])"
_BIS = r"(?:bis|ter|quater|quinquies)(?![^\W\d_])"
_NUM = (
    rf"[0-9]{{1,5}}(?![0-9])(?: ?(?:{_BIS}|{_LETTER})| ?[/-] ?{_LETTER})?+"
    rf"(?: ?[/+-] ?[0-9]{{1,5}}(?![0-9])(?: ?(?:{_BIS}|{_LETTER}))?+)*+"
)
_ALONE = re.compile(_NUM)
_FIRST = re.compile(rf"(?P<number>{_NUM})[ .]+(?P<street>.*[^\W\d_].*)")
_FIRST_PLAIN = re.compile(r"(?P<number>[0-9]{1,5})[ .]+(?P<street>.*[^\W\d_].*)")
_LAST = re.compile(rf"(?P<street>.*[^\W\d_].*?)[ .]+(?P<number>{_NUM})")
# Mannerheimintie 5 A 12: a stair and a flat behind the number of the house.
_STAIR = re.compile(rf"(?P<street>.*[^\W\d_].*?) (?P<number>[0-9]{{1,5}})(?P<stair> ?{_LETTER}) [0-9]{{1,4}}")
_POSTCODE = re.compile(
    r"(?<![\w-])(?:[a-z]{1,3}-? ?)?(?P<code>[0-9]{4} ?[a-z]{2}|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}"
    r"|[0-9]{4,6}|(?<=\b)[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2})(?![\w-])"
)
# Kerkstraat 7 9000 Ghent: a number, and behind it a postcode with its town.
_WITH_TOWN = re.compile(
    r"(?P<before>(?=.*[0-9]).*[^\W\d_].*?) "
    r"(?P<code>[0-9]{5}|[0-9]{4}(?: ?[a-z]{2})?|[0-9]{3} [0-9]{2}|[0-9]{2}-[0-9]{3}) (?P<town>[^\W\d_][^0-9]*)"
)
_CODE = re.compile(r"[a-z]{0,3}-? ?[0-9]+(?:[.,]0)?|[a-z]{1,2}[0-9][a-z0-9]?(?: ?[0-9][a-z]{2})?|[0-9]{4} ?[a-z]{2}")
_DASHES = dict.fromkeys(map(ord, "–—‐‑−"), "-")
# 12² is the second floor, or a footnote, and never 122.
_DASHES |= dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"), " ")
# Letters of other scripts that look like Latin ones, behind a house number.
_ALIKE = str.maketrans("αβεζηικμνορτυχабвекмнорстух", "abezhikmnoptyxabbekmhopctyx")


def _words(what: str) -> str:
    spelt = sorted((re.escape(each) for each in spellings(what)), key=len, reverse=True)
    return "|".join(each.replace(r"\ ", r"\.?\s*") for each in spelt)


_NUMBER_WORD = re.compile(rf"(?:^|(?<=[\s,]))(?:{_words('number')})\.?\s*(?=[0-9])")
_BOX = re.compile(rf"(?<=[0-9])(?P<suffix>{_LETTER})?[\s/]+(?:{_words('box')})\.?\s+[\w/.-]+.*")
# A blank or a figure tells the word from the beginning of a street's name.
_BOX_ALONE = re.compile(rf"(?:{_words('box')})(?:[.\s]+[\w/.-]{{1,8}}|[0-9][\w/.-]{{0,7}})")

Zone = tuple[str, str]  # postcode and town, each empty where it is not told


class SoughtAddress(NamedTuple):
    """An address: each way to read its street and number, and where that is."""

    readings: tuple[tuple[str, str], ...]
    zone: Zone


def read(address: str, postcode: str | None = None, locality: str | None = None) -> SoughtAddress:
    """An address written in one text."""
    text = fold(address[:_LONGEST].translate(_DASHES).replace("\n", ","))
    text = _NUMBER_WORD.sub(" ", text)
    parts = [_BOX.sub(r"\g<suffix>", part.strip()) for part in text.split(",")]
    parts = [part for part in parts if part and _BOX_ALONE.fullmatch(part) is None] or [""]
    if len(parts) == 1 and (match := _WITH_TOWN.fullmatch(parts[0])) and not _is_year(match):
        parts = [match["before"], f"{match['code']} {match['town']}"]
    readings, used = _readings(parts)
    return SoughtAddress(readings, _zone([part for i, part in enumerate(parts) if i not in used], postcode, locality))


def read_parts(street: str, number: str, postcode: str | None = None, locality: str | None = None) -> SoughtAddress:
    """An address whose street and number stand in columns of their own."""
    whole = number_of(number)
    return SoughtAddress(((street_of(fold(street[:_LONGEST])), whole),) if whole else (), _zone([], postcode, locality))


def _readings(parts: list[str]) -> tuple[tuple[tuple[str, str], ...], set[int]]:
    """Street and number in every way in which the parts may be meant, and which parts those are."""
    found: dict[tuple[str, str], None] = {}
    used: set[int] = set()
    for i, part in enumerate(parts):
        if _ALONE.fullmatch(part):  # Via Roma, 5 and 14, Ferry Street
            for street in (i - 1, i + 1):
                if 0 <= street < len(parts) and not _ALONE.fullmatch(parts[street]) and not _is_zone(parts[street]):
                    found[street_of(parts[street]), number_of(part)] = None
                    used |= {i, street}
            continue
        if i and _is_zone(part):
            continue
        for pattern in (_FIRST, _FIRST_PLAIN, _LAST, _STAIR):
            if (match := pattern.fullmatch(part)) is not None and not (i and len(match["number"]) > 3):
                found[street_of(match["street"]), number_of(match["number"])] = None
                used.add(i)
                if pattern is _STAIR:
                    found[street_of(match["street"]), number_of(f"{match['number']}{match['stair']}")] = None
    if len(parts) > 1 and _is_zone(parts[0]) and (used - {0} or not found):  # 9000 Ghent, Ferry Street 14
        found = {each: None for each in found if len(each[1]) < 4 or not each[1].isdecimal()}
        used = (used - {0}) or {1}
    return tuple(found), used or {0}


def _is_year(match: re.Match[str]) -> bool:
    """Whether what looks like a postcode stands behind a month: rue du 8 mai 1945 Lille."""
    return match["before"].rpartition(" ")[2].strip(".") in months()


def _is_zone(part: str) -> bool:
    """Whether a part is a postcode, alone or with its town."""
    match = _POSTCODE.search(part)
    return match is not None and (match.start() == 0 or match.end() == len(part)) and len(match["code"]) > 3


def _zone(rest: list[str], postcode: str | None, locality: str | None) -> Zone:
    code, town = _code_and_town(fold(postcode or ""))
    town = fold_name(locality or "") or town
    for part in rest:
        if (match := _POSTCODE.search(part)) is not None:
            return code or code_of(match["code"]), town or fold_name(f"{part[: match.start()]} {part[match.end() :]}")
    return code, town or (fold_name(rest[0]) if len(rest) == 1 else "")


def _code_and_town(text: str) -> tuple[str, str]:
    """``9000 Testford`` in a column of postcodes as both."""
    if not text or _CODE.fullmatch(text):
        return code_of(text), ""
    match = _POSTCODE.search(text)
    if match is None or match.start():
        return code_of(text), ""
    return code_of(match["code"]), fold_name(text[match.end() :])


def code_of(text: str) -> str:
    """A postcode without blanks, signs and the letters of its country."""
    bare = re.sub(r"[\W_]+", "", re.sub(r"[.,]0$", "", text))
    figures = bare.lstrip("abcdefghijklmnopqrstuvwxyz")
    return figures if figures.isdecimal() else bare


def agreement(one: Zone, other: Zone) -> int:
    """How well two zones agree: 2 they do, 1 nothing speaks against it, 0 they do not."""
    if one[0] and other[0]:
        return 2 if _same_code(*sorted((one[0], other[0]), key=len)) else 0
    if one[1] and other[1]:
        return 2 if fuzz.ratio(one[1], other[1]) > _CLOSE_TOWN else 0
    return 1


def _same_code(short: str, long: str) -> bool:
    if short == long or f"0{short}" == long:  # spreadsheets lose the first nought
        return True
    more = long[len(short) :]
    return len(short) >= 3 and long.startswith(short) and any(each.isalpha() for each in more)


def number_of(text: str) -> str:
    """A house number in one spelling: 12 A, 12a and 12/A are one; 12 bis and 12b are two."""
    bare = re.sub(r"\s+", "", _NUMBER_WORD.sub("", fold(text.translate(_DASHES)))).translate(_ALIKE)
    bare = re.sub(r"(?<=[0-9])[/-](?=[^\W\d_])", "", bare.removesuffix(".0").strip(".,"))
    return bare.lstrip("0")


@lru_cache(maxsize=65536)
def street_of(folded: str) -> str:
    """A street's name in one spelling: abbreviations as their short form, without blanks and signs."""
    words = fold_name(folded).split()
    while len(words) > 1 and words[0] in table("street_drop"):
        words = words[1:]
    kinds, found, at = table("street"), [], 0
    while at < len(words):
        pair = " ".join(words[at : at + 2])
        if len(words) > at + 1 and pair in kinds:
            found.append(kinds[pair][0])
            at += 2
            continue
        found.append(kinds[words[at]][0] if words[at] in kinds else _with_short_end(words[at]))
        at += 1
    return "".join(found)


def _with_short_end(word: str) -> str:
    for end, means in _ends():
        if word.endswith(end) and len(word) > len(end) + 2:
            return word[: -len(end)] + means
    return word


@lru_cache(maxsize=1)
def _ends() -> list[tuple[str, str]]:
    """Ends of words and their short forms, the longest first; what is one letter short is cut only from that word."""
    known = {end: means[0] for end, means in table("street_end").items() if len(end) > 1}
    return sorted(known.items(), key=lambda each: -len(each[0]))


def join_address(fields: dict[str, Any]) -> tuple[str, str, str] | None:
    """Street, number and box as one address, unless the file has the address whole; gives them back as they were.

    What else stands there as an address comes behind them: nothing of it is lost.
    """
    street, number, suffix, box = (str(fields.pop(part, None) or "") for part in PARTS)
    if number and suffix:  # 12 and bis, 123 and 4
        number += f"/{suffix}" if suffix[0].isdigit() else f" {suffix}" if len(suffix) > 1 else suffix
    if not street:
        return None
    whole, told = str(fields.get("address") or ""), fold(street)
    if told not in fold(whole):
        joined = " ".join(part for part in (street, number) if part) + (f" box {box}" if box else "")
        fields["address"] = f"{joined}, {whole}" if whole else joined
    return street, number, box
