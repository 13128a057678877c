"""What a press or a word can mend of what was noticed about a list, before it is brought in.

Whatever is said goes into the draft, and the list is read anew with it: a sign before decimals, a system of
coordinates, other words for a text, and what concerns single rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request, url_for
from flask_babel import gettext, ngettext

from tempuse import geometry
from tempuse.errors import Issue, TempuseError
from tempuse.folding import fold
from tempuse.io import crosswalk as crosswalks
from tempuse.io.by_hand import WAITS
from tempuse.io.crosswalk import PLACES, TARGETS, Crosswalk, kind_of
from tempuse.io.crosswalk.columns import match
from tempuse.io.places import typed
from tempuse.io.values.parse import parts_of
from tempuse.jobs import ImportJob, Job
from tempuse.store.import_staging import Staging
from web import database, words
from web.office import maps
from web.office.imports import targets as import_targets

UNKNOWN = ("value.not_in_list", "value.not_yes_or_no")
_HOW_TO_READ = (
    "place.crs_", "place.order_open", "place.no_crs", "place.unchecked", "crs.", "file.encoding_", "file.odd_",
    "file.several_", "file.alike_", "file.read_in_",
)  # fmt: skip
_REPEATED = "row.same_again"
_LONGEST_LIST = 2000  # letters of the numbers of rows that one press names
_LONGEST_PLACE, _LONGEST_WORD = 100_000, 2000
_LINE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the report: what it says, and what it sends."""

    words: str
    name: str
    value: str


@dataclass(slots=True)
class Word:
    """A text in a column that we do not understand, or that the person has explained.

    ``choices`` are the answers that it may stand for; where there are none, it may be written in other words.
    """

    column: str
    target: str
    text: str
    ours: str
    choices: list[tuple[str, str]]
    number: int = 0


# ---- what can be mended ---------------------------------------------------------------------------------


class Mending:
    """Knows what can be mended of the notices of one draft."""

    def __init__(self, draft: Job, staging: Staging) -> None:
        self._key = draft.key
        known = crosswalks.read(staging.get("crosswalk"), "generic")
        names = [column.theirs for column in known.columns]
        self._crosswalk = match(known, names)
        self._columns = {name: number for number, name in enumerate(names)}
        self._targets = {column.theirs: column.field for column in known.columns if column.field}
        self._words = 0

    def links(self, issue: Issue) -> list[tuple[str, str]]:
        """Where on the page of the columns it can be mended."""
        columns = url_for("office.import_columns", key=self._key)
        if issue.message.startswith(_HOW_TO_READ):
            return [(gettext("Mend"), f"{columns}#reading")]
        if issue.field in self._columns:
            return [(gettext("What this column means"), f"{columns}#column-{self._columns[issue.field]}")]
        return [(gettext("Mend"), columns)] if issue.message == "row.nothing_known" else []

    def presses(self, issues: Sequence[Issue]) -> list[Press]:
        """What one press mends in all of these rows, whose notices are alike."""
        first, rows = issues[0], ",".join(str(issue.row) for issue in issues if issue.row)
        if {"comma", "dot"} <= set(first.values):
            comma, dot = float(first.values["comma"]), float(first.values["dot"])
            said = {",": words.figure(comma, 3), ".": words.figure(dot, 3)}
            return [
                Press(gettext("“%(text)s” is %(number)s", text=first.value, number=number), "decimal", sign)
                for sign, number in said.items()
            ]
        if first.message == "place.crs_ambiguous" and isinstance(first.values.get("crs"), (list, tuple)):
            return [Press(gettext("They are in %(crs)s", crs=crs), "crs", crs) for crs in first.values["crs"]]
        if not rows or len(rows) > _LONGEST_LIST:
            return []
        if _is_left(first):
            return [Press(ngettext("Bring it in, too", "Bring all %(num)s in, too", len(issues)), "spaces", rows)]
        if first.done == "addresses.near":
            return [Press(ngettext("Take this address", "Take all %(num)s addresses", len(issues)), "near", rows)]
        if first.done == "place.proposed":
            return [Press(ngettext("Place it there", "Place all %(num)s there", len(issues)), "near", rows)]
        return []

    def words(self, issue: Issue) -> list[Word]:
        """What can be said in other words: each text of the cell that was not understood."""
        target = "address" if issue.field == "address" else self._targets.get(issue.field, "")
        is_cell = issue.message.startswith("value.") or issue.message.startswith("addresses.not_")
        if not is_cell or not issue.row or not issue.value or not target or kind_of(target) == "place":
            return []
        choices = import_targets.answers(target)
        if not choices and (kind_of(target) == "list" or target in PLACES):
            return []
        texts = [issue.value] if kind_of(target) != "list" else unknown_parts(self._crosswalk, target, issue.value)
        found = []
        for text in texts:
            self._words += 1
            found.append(Word(issue.field, target, text, "", choices, self._words))
        return found

    def is_without_place(self, issue: Issue) -> bool:
        """Whether somebody may say where it is."""
        return bool(issue.row) and issue.done in WAITS


def _is_left(issue: Issue) -> bool:
    return issue.message.startswith("row.is_") or issue.message == _REPEATED


def unknown_parts(crosswalk: Crosswalk, target: str, value: str) -> list[str]:
    """Those of several answers in one cell that we do not know."""
    known = crosswalk.values.get(target, {})
    ours = {value for value, _ in import_targets.answers(target)}
    return [part for part in parts_of(value) if fold(part) not in known and fold(part) not in ours]


# ---- what was said --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Replies:
    """What was written on the report, to stand there once more when something of it cannot be read.

    Attributes:
        places: by the row's number, the place that was written, as WKT.
        texts: the same, as it was written.
        wrong: by the row's number, why its place cannot be read.
        words: by target and text, what it is said to mean.
    """

    places: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    words: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, word: Word) -> str:
        """What this word is said to mean."""
        return self.words.get((word.target, word.text), "")

    def touches(self, rows: Sequence[int], words: Sequence[Word]) -> bool:
        """Whether something was written of these rows or words."""
        return any(str(row) in self.texts for row in rows) or any(map(self.of, words))


def sent() -> Replies:
    """What this request sends, its places read."""
    found = Replies()
    for name, text in request.form.items():
        told = text.strip()
        if told and (numbered := re.fullmatch(r"place-([0-9]{1,9})", name)):
            line = numbered[1]
            found.texts[line] = told[:_LONGEST_PLACE]
            try:
                found.places[line] = _place(found.texts[line])
            except TempuseError as error:
                found.wrong[line] = words.error_sentence(error)
        elif told and (numbered := re.fullmatch(r"word-([0-9]{1,9})", name)):
            about = (request.form.get(f"{name}-field", ""), request.form.get(f"{name}-text", ""))
            found.words[about] = told[:_LONGEST_WORD]
    return found


def take(draft: Job, places: dict[str, str]) -> None:
    """Write what was pressed and written on the report into the draft, with the places that were read of it.

    Raises:
        Invalid: a system of coordinates is none.
    """
    about, form = draft.about, request.form
    if form.get("every") in ("yes", "no"):
        about.every_row = form["every"] == "yes"
    if form.get("decimal") in (",", "."):
        about.decimal = form["decimal"]
    if form.get("crs"):
        geometry.coded_crs(form["crs"][:200])
        about.crs = form["crs"][:200]
    if form.get("by_hand") == "none":
        about.by_hand = {}
    for name in ("spaces", "near"):
        lines = {int(each) for each in form.get(name, "").split(",") if _LINE.fullmatch(each)}
        if lines:
            about.by_hand[name] = sorted({*about.by_hand.get(name, ()), *lines})
    if places:
        about.by_hand["places"] = {**about.by_hand.get("places", {}), **places}
    known = crosswalks.read(about.crosswalk, "generic")
    take_words(about, known)
    about.crosswalk = crosswalks.write(known, [column.theirs for column in known.columns])


def _place(text: str) -> str:
    con = database.connection()
    read = typed.parse_place(text, database.settings().national_crs, maps.extent(con))
    return str(read.geometry.wkt)


def take_words(about: ImportJob, known: Crosswalk) -> None:
    """What the person says that texts mean: into the draft, and among the values that its columns know.

    Those of this page count, and those of before that are not on it; what is left open is explained no more.
    """
    before = {(each["target"], each["text"]): each for each in about.words}
    form, sent = request.form, dict[tuple[str, str], dict[str, str]]()
    for name in form:
        if (numbered := re.fullmatch(r"word-([0-9]{1,9})-text", name)) is None:
            continue
        word = f"word-{numbered[1]}"
        target, text = form.get(f"{word}-field", ""), form[name][:_LONGEST_WORD]
        ours = form.get(word, "").strip()[:_LONGEST_WORD]
        choices = dict(import_targets.answers(target)) if target in TARGETS else {}
        if target in TARGETS and text and not sent.get((target, text), {}).get("ours"):
            fits = ours in choices or not choices
            column = form.get(f"{word}-column", "")
            sent[target, text] = {"column": column, "target": target, "text": text, "ours": ours if fits else ""}
    found = {key: each for key, each in {**before, **sent}.items() if each["ours"]}
    for target, text in before.keys() - found.keys():
        _values(known, target).pop(fold(text), None)
    for (target, text), each in found.items():
        _values(known, target)[fold(text)] = each["ours"]
    about.words = tuple(found.values())


def _values(known: Crosswalk, target: str) -> dict[str, Any]:
    """A target's words in a crosswalk: its own, not those of the profile that it shares."""
    name = "flag" if kind_of(target) == "flag" else target
    known.values[name] = dict(known.values.get(name, {}))
    return known.values[name]
