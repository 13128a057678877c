"""A list of groups that wait for a space, read row by row: what each looks for, in our words, and what was noticed.

Nothing is lost: whatever a row says beside who it is stays as the sender wrote it, also where it is understood. What is
not understood asks nothing, and is said by row and column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tempuse import questions, week
from tempuse.emails import tidy_email, wrong_with_email
from tempuse.errors import Invalid, Issue
from tempuse.folding import fold
from tempuse.io import need_values
from tempuse.io.crosswalk import Crosswalk, shipped
from tempuse.io.crosswalk.uses_in_words import uses_in
from tempuse.io.listed import SAMPLE, Cells, by_names
from tempuse.io.sources.source import Row, Source
from tempuse.io.values import days
from tempuse.io.values.cells import Style
from tempuse.io.values.decimals import votes, winner
from tempuse.io.weekly import read_hours
from tempuse.occurrences import last_day
from tempuse.vocabulary import UseCategory
from tempuse.wanted import LONGEST_TERM_MONTHS, MOST_USES

# What a column of such a list may be.
TARGETS = (
    "source_ref", "organisation", "contact", "email", "phone", "title", "purpose", "use", "m2", "least", "most",
    "people", "from", "by", "until", "term", "hours", "district", "near", "kind", "musts", "wishes", "cost", "note",
    "since", "state",
)  # fmt: skip
# Who looks stands with the group and its contact alone.
_APART = ("organisation", "contact", "email")
MOST = 20_000
_LONGEST = {
    "title": 200, "purpose": 4000, "organisation": 200, "contact": 200, "near": 200, "note": 4000, "source_ref": 180,
}  # fmt: skip
# What a crosswalk calls what asks nothing.
_ANY = "any"
_NUMBERS = ("m2", "least", "most", "people", "cost", "term")
_DAYS = ("from", "by", "until", "since")


@dataclass(slots=True, kw_only=True)
class ListedNeed:
    """What one group looks for, as a list tells it.

    Attributes:
        line: as the sender counts.
        group: what it calls itself; whoever is named where it does not say.
        contact: who is to be asked.
        email: their address; empty where there is none that a letter could go to.
        title: what is looked for, in a few words; ``purpose`` what for.
        asked: pairs of a question, each with what its column is: name, text, target.
        district: where, by the names of districts; empty where it may be anywhere.
        near: what it wants to be near, in words.
        note: for the office.
        source_ref: the sender's number for it.
        since: the day on which it asked.
        is_over: the list says that it looks no more.
        kept: what the row says, by the sender's columns.
        columns: what each of those columns is.
        issues: what was noticed about the row.
    """

    line: int
    group: str = ""
    contact: str = ""
    email: str = ""
    title: str = ""
    purpose: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    district: str = ""
    near: str = ""
    note: str = ""
    source_ref: str = ""
    since: date | None = None
    is_over: bool = False
    kept: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def column(self, target: str) -> str:
        """The sender's column for a target; empty where there is none."""
        return next((theirs for theirs, each in self.columns.items() if each == target), "")

    def notice(self, target: str, value: str, message: str, done: str, **values: Any) -> None:
        """Write down what somebody should look at."""
        self.issues.append(Issue(self.line, self.column(target), value, message, done, values, grave=True))


def crosswalk_for(source: Source, profile: str = "") -> Crosswalk:
    """What the columns of a list are, by a city's own crosswalk or by their names.

    Raises:
        Invalid: the crosswalk does not fit, or no column says who looks, or what for.
    """
    found = by_names(source.columns, "needs", profile, TARGETS)
    taken = {column.field for column in found.columns}
    if not taken & {"organisation", "contact"}:
        raise Invalid("need.no_group_column", columns=", ".join(source.columns))
    if not taken & {"purpose", "use", "title"}:
        raise Invalid("need.no_use_column", columns=", ".join(source.columns))
    return found


def read_needs(source: Source, crosswalk: Crosswalk) -> Iterator[ListedNeed]:
    """Every need of a list, in its order.

    Raises:
        Invalid: it has more rows than are taken at once.
    """
    reader = _Reader(source, crosswalk)
    for number, row in enumerate(source.rows(), 1):
        if number > MOST:
            raise Invalid("need.too_many", most=MOST)
        if (need := reader.need_of(row)) is not None:
            yield need


class _Reader:
    """Knows how the file writes days and numbers, and what its words mean."""

    def __init__(self, source: Source, crosswalk: Crosswalk) -> None:
        self._cells, self._crosswalk = Cells(source, crosswalk), crosswalk
        self._columns = {theirs: target for target, theirs in self._cells.by.items()}
        sample = [row.values for row in source.sample(SAMPLE)]

        def texts(targets: tuple[str, ...]) -> Iterator[Any]:
            return (values.get(self._cells.by[name]) for values in sample for name in targets if name in self._cells.by)

        self._days = Style(day_first=days.day_first(texts(_DAYS)))
        self._numbers = Style(winner(votes(texts(_NUMBERS))))

    def need_of(self, row: Row) -> ListedNeed | None:
        """What a row looks for; None for an empty one."""
        told = self._cells.told(row)
        if not any(told.values()):
            return None
        apart = {self._cells.by[name] for name in _APART if name in self._cells.by}
        need = ListedNeed(line=row.line, kept=self._cells.kept(row, without=apart), columns=self._columns)
        if row.problem:
            need.issues.append(Issue(row.line, "", "", row.problem, "row.cells_kept", grave=True))
        for name, most in _LONGEST.items():
            if len(told.get(name, "")) > most:
                need.notice(name, told[name], "value.too_long", "value.cut", most=most)
                told[name] = told[name][:most]
        need.group, need.contact = told.get("organisation", ""), told.get("contact", "")
        need.purpose, need.near, need.note = (told.get(name, "") for name in ("purpose", "near", "note"))
        need.source_ref, need.district = told.get("source_ref", ""), told.get("district", "")
        need.is_over = self._means("state", told.get("state", "")) == "over"
        need.title = told.get("title", "") or need.purpose or told.get("use", "") or need.group
        self._address(need, told.get("email", ""))
        self._asks(need, told)
        return need

    def _means(self, target: str, text: str) -> str:
        """What the crosswalk says that a whole cell means; empty where it knows nothing of it."""
        folded = fold(text)
        for theirs, ours in self._crosswalk.values.get(target, {}).items():
            if folded and (folded == theirs or (theirs.endswith("*") and folded.startswith(theirs[:-1]))):
                return ours
        return ""

    def _address(self, need: ListedNeed, text: str) -> None:
        need.email = tidy_email(text)
        if need.email and (wrong := wrong_with_email(need.email)):
            need.notice("email", text, wrong, "need.office_asks")
            need.email = ""
        elif not need.email:
            need.issues.append(Issue(need.line, "", need.group or need.contact, "need.no_address", "need.office_asks"))

    def _asks(self, need: ListedNeed, told: dict[str, str]) -> None:
        """Everything that a row asks of a space."""
        self._uses(need, told)
        self._sizes(need, told)
        for target, read in (("people", need_values.read_count), ("cost", self._money), ("term", self._term)):
            if text := told.get(target, ""):
                known = self._means(target, text)
                if known == _ANY:
                    continue
                self._ask(need, target, target, known or read(text, self._numbers), text, "value.not_a_number")
        self._times(need, told)
        self._things(need, told)
        if self._means("district", need.district) == _ANY:
            need.district = ""
        if since := told.get("since", ""):
            need.since = self._day(need, "since", since)

    def _ask(self, need: ListedNeed, target: str, name: str, text: str, cell: str, wrong: str) -> None:
        """Ask one part of a question, if it could be read and makes sense."""
        name = {"term": "for", "least": "m2", "most": "m2"}.get(name, name)
        if not text:
            need.notice(target, cell, wrong, "need.kept_in_words")
        elif questions.read([(name, text)])[1]:
            need.notice(target, cell, "need.part_unclear", "need.kept_in_words")
        else:
            need.asked.append((name, text, target))

    def _uses(self, need: ListedNeed, told: dict[str, str]) -> None:
        texts = [(target, told[target]) for target in ("use", "purpose", "title") if told.get(target)]
        for target, text in texts:
            found = (text,) if text in tuple(UseCategory) else uses_in(text)
            if len(found) > MOST_USES:
                need.notice(target, text, "wanted.too_many_uses", "need.kept_in_words", most=MOST_USES)
            need.asked += [("use", each, target) for each in found[:MOST_USES]]
            if found:
                return
        target, text = texts[0] if texts else ("purpose", "")
        need.notice(target, text, "need.no_use", "need.as_draft")

    def _sizes(self, need: ListedNeed, told: dict[str, str]) -> None:
        least, most = told.get("least", ""), told.get("most", "")
        if least or most:
            ends = [need_values.read_count(text, self._numbers) for text in (least, most)]
            for target, text, end in (("least", least, ends[0]), ("most", most, ends[1])):
                if text and not end:
                    need.notice(target, text, "value.not_a_number", "need.kept_in_words")
            if any(ends):
                target = "least" if least else "most"
                self._ask(need, target, "m2", "-".join(ends), f"{least} {most}".strip(), "value.not_a_number")
        elif text := told.get("m2", ""):
            self._ask(need, "m2", "m2", need_values.read_area(text, self._numbers), text, "value.not_a_number")

    def _money(self, text: str, style: Any) -> str:
        return need_values.read_money(text, self._cells.by.get("cost", ""), style)

    def _term(self, text: str, style: Any) -> str:
        return need_values.read_term(text, self._cells.by.get("term", ""), style)[0]

    def _times(self, need: ListedNeed, told: dict[str, str]) -> None:
        term = told.get("term", "")
        if term and not self._means("term", term):
            found, is_guessed = need_values.read_term(term, self._cells.by["term"], self._numbers)
            if is_guessed and found:
                need.notice("term", term, "value.term_unit", "need.months_taken", count=int(found[:-1]))
        named = {
            target: self._day(need, target, text)
            for target in ("from", "by", "until") if (text := told.get(target, ""))
        }  # fmt: skip
        for target in ("from", "by"):
            if (day := named.get(target)) is not None:
                need.asked.append((target, day.isoformat(), target))
        first, last = named.get("from"), named.get("until")
        if last is None or term:
            return
        if first is None:
            need.notice("until", told["until"], "need.until_alone", "need.kept_in_words")
        elif last < first:
            need.notice("until", told["until"], "use.end_before_start", "need.kept_in_words", first=first, last=last)
        else:
            self._ask(need, "until", "for", _between(first, last), told["until"], "value.out_of_range")

    def _day(self, need: ListedNeed, target: str, text: str) -> date | None:
        if self._means("from", text) == "now":
            return None
        found, wrong = days.day(text, self._days)
        day: date | None = found
        if day is None:
            need.notice(target, text, wrong, "need.kept_in_words")
        elif wrong:
            need.notice(target, text, wrong, "need.day_taken", day=day)
        return day

    def _things(self, need: ListedNeed, told: dict[str, str]) -> None:
        """Hours, kinds, and what must or should be there."""
        if text := told.get("hours", ""):
            bits = week.bits_of(read_hours(text))
            need.asked += [("hours", each, "hours") for each in week.texts(bits)]
            if not bits:
                need.notice("hours", text, "need.part_unclear", "need.kept_in_words")
        kinds = shipped("generic").values["kind"]
        for part in need_values.parts_in(told.get("kind", "")):
            kind = kinds.get(fold(part), fold(part))
            self._ask(need, "kind", "kind", kind if kind in kinds.values() else "", part, "need.part_unclear")
        for target in ("musts", "wishes"):
            for part in need_values.parts_in(told.get(target, "")):
                pairs = need_values.read_must(part, self._crosswalk)
                need.asked += [(*pair, target) for pair in pairs]
                if target == "wishes":
                    musts = {text for name, text, where in need.asked if (name, where) == ("has", "musts")}
                    need.asked += [
                        ("nice", f"facility:{text}", target)
                        for name, text in pairs if name == "has" and text not in musts
                    ]  # fmt: skip
                if not pairs:
                    need.notice(target, part, "need.part_unclear", "need.kept_in_words")


def _between(first: date, last: date) -> str:
    """From a day to a day as an address writes it: whole months where they are, else days."""
    months = (last + timedelta(days=1)).year * 12 + (last + timedelta(days=1)).month - first.year * 12 - first.month
    if 1 <= months <= LONGEST_TERM_MONTHS and last_day(first, months) == last:
        return f"{months}m"
    return f"{(last - first).days + 1}d"
