"""National profiles as data: the columns that a country's standard asks for, their rules and words.

``data/crosswalks/out-NAME.csv`` has a row a thing: ``about``; ``column`` (where its value comes from, whether it
must be there, its rule, other names under which a sender's file had it, ``open`` where the sender's own word may be
told to everybody: codes, numbers, days and addresses of pages, never free text, persons or contacts); ``value`` (a
word of the standard and the value of ours that it stands for, the preferred word first); ``word`` (another spelling
and what it means).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from tempuse import resources
from tempuse.errors import Invalid
from tempuse.folding import fold, fold_name
from tempuse.io.values.cells import Style
from tempuse.io.values.days import day

# Texts this long may be cut; shorter ones are names and keys, which must not be.
_MAY_CUT = 255


@dataclass(slots=True)
class ProfileColumn:
    """A column of a national file.

    Attributes:
        name: as the standard writes it.
        origin: a field of Space, a name in ``delivery``, or ``=`` and another column; empty: only the sender's own,
            ``~`` and a field: only the sender's own, while nobody has corrected that field.
        must: whether a row without it is no row.
        rule: text, line, number, whole, day, year, list, match or wkt.
        argument: the rule's length, decimals or pattern.
        names: folded names under which a sender's file may have had it.
        open: whether others than the office may be told what the sender's file had there.
        words: our value -> the standard's words for it, the preferred first.
        allowed: folded word -> the word as the standard writes it.
    """

    name: str
    origin: str
    must: bool
    rule: str
    argument: str
    names: tuple[str, ...]
    open: bool = False
    words: dict[str, list[str]] = field(default_factory=dict)
    allowed: dict[str, str] = field(default_factory=dict)

    def fit(self, value: Any) -> tuple[Any, str]:
        """The value as the standard writes it, and the message id of what is wrong with it ("" when nothing is)."""
        if value is None or value == "":
            return None, ""
        fitted: tuple[Any, str] = getattr(self, f"_{self.rule}")(value)
        return fitted

    def _text(self, value: Any) -> tuple[Any, str]:
        text, most = str(value).strip(), int(self.argument)
        if len(text) <= most:
            return text or None, ""
        return (text[: most - 1] + "…", "profile.too_long") if most >= _MAY_CUT else (None, "profile.misfit")

    def _line(self, value: Any) -> tuple[Any, str]:
        return self._text(" ".join(str(value).split()))

    def _number(self, value: Any) -> tuple[Any, str]:
        try:
            exact = Decimal(str(value).strip()).quantize(Decimal(1).scaleb(-int(self.argument)), ROUND_HALF_UP)
        except InvalidOperation:
            return None, "profile.misfit"
        return f"{exact.normalize():f}", ""

    def _whole(self, value: Any) -> tuple[Any, str]:
        if isinstance(value, float):
            return int(Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP)), ""
        match = re.fullmatch(r"(-?\d{1,15})(?:\.0+)?", str(value).strip())
        return (int(match[1]), "") if match else (None, "profile.misfit")

    def _day(self, value: Any) -> tuple[Any, str]:
        # Both standards' countries write days before months.
        found, wrong = (value, "") if isinstance(value, date) else day(value, Style(day_first=True))
        return (found.isoformat(), "") if found is not None and not wrong else (None, "profile.misfit")

    def _year(self, value: Any) -> tuple[Any, str]:
        match = re.match(r"\s*(\d{4})(?!\d)", str(value))
        return (match[1], "") if match else (None, "profile.misfit")

    def _list(self, value: Any) -> tuple[Any, str]:
        word = self.allowed.get(fold(str(value)))
        return (None, "profile.misfit") if word is None else (word or None, "")

    def _match(self, value: Any) -> tuple[Any, str]:
        text = str(value).strip()
        if re.fullmatch(self.argument, text):
            return text, ""
        several = re.sub(r"[\s|;]+", "|", text)
        return (several, "profile.separator") if re.fullmatch(self.argument, several) else (None, "profile.misfit")

    def _wkt(self, value: Any) -> tuple[Any, str]:
        return value, ""


@dataclass(slots=True)
class Profile:
    """A national standard: its columns, in order, and what it says of itself."""

    name: str
    columns: list[ProfileColumn] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)

    def listed(self, key: str) -> list[str]:
        """Something that the profile says of itself and that has several values."""
        return [part for part in self.about.get(key, "").split("|") if part]


def names() -> list[str]:
    """The names of the profiles that can be written."""
    return sorted(path.stem.removeprefix("out-") for path in resources.folder("crosswalks").glob("out-*.csv"))


@lru_cache(maxsize=8)
def load(name: str) -> Profile:
    """A standard's profile by its name.

    Raises:
        Invalid: there is no such profile.
    """
    if name not in names():
        raise Invalid("profile.unknown", name=name, names=", ".join(names()))
    profile = Profile(name)
    held: dict[str, ProfileColumn] = {}
    text = resources.path(f"crosswalks/out-{name}.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        what, column = row["what"], row["column"]
        if what == "about":
            profile.about[column] = row["theirs"]
        elif what == "column":
            rule, _, argument = row["rule"].partition(" ")
            aliases = tuple(dict.fromkeys(fold_name(each) for each in [column, *row["ours"].split("|")] if each))
            held[column] = ProfileColumn(
                column, row["from"], row["need"] == "must", rule, argument, aliases, row["theirs"] == "open"
            )
        elif what == "value":
            if row["ours"]:
                held[column].words.setdefault(row["ours"], []).append(row["theirs"])
            held[column].allowed[fold(row["theirs"])] = row["theirs"]
        elif what == "word":
            held[column].allowed[fold(row["ours"])] = row["theirs"]
    profile.columns = list(held.values())
    return profile
