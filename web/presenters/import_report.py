"""An import's report in words: as lines for the page, the terminal and a file."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from tempuse.errors import Issue
from tempuse.io import commas
from web import spoken

HEAD = ("Row", "Column", "It says", "What is wrong", "What we did")


def line(issue: Issue, language: str = "en") -> tuple[str, str, str, str, str]:
    """One issue: row, column, what it says, what is wrong, what was done."""
    values = {"value": issue.value, **issue.values}
    wrong = spoken.in_language(issue.message, values, language)
    done = spoken.in_language(issue.done, values, language) if issue.done else ""
    return (str(issue.row or ""), issue.field, issue.value, wrong, done)


_ROWS_NAMED, _TEXTS_NAMED = 8, 3


def together(lines: Iterable[tuple[str, str, str, str, str]]) -> list[tuple[str, str, str, str, str]]:
    """Lines of which the same is wrong and the same was done, as one: its rows, and what the first of them say."""
    kinds: dict[tuple[str, str, str], list[tuple[str, str, str, str, str]]] = {}
    for each in lines:
        kinds.setdefault((each[1], *each[3:]), []).append(each)
    found = []
    for (column, wrong, done), these in kinds.items():
        named = ", ".join(each[0] for each in these[:_ROWS_NAMED])
        rows = named if len(these) <= _ROWS_NAMED else f"{named} … ({len(these):,} rows)"
        texts = list(dict.fromkeys(each[2] for each in these))
        says = " · ".join(texts[:_TEXTS_NAMED]) + (" …" if len(texts) > _TEXTS_NAMED else "")
        found.append((rows, column, says, wrong, done))
    return found


def as_csv(issues: Iterable[Issue], language: str = "en") -> str:
    """The issues as a CSV file."""
    out = io.StringIO()
    writer = commas.Writer(out)
    writer.row(HEAD)
    writer.rows(line(issue, language) for issue in issues)
    return out.getvalue()


def as_text(counts: dict[str, int], issues: Iterable[Issue], language: str = "en", *, of: str = "") -> str:
    """The whole report as plain text; of a list of spaces, or of ``uses`` or ``needs``."""
    said = [f"{number:>9,}  {label}" for label, number in counted(counts, of=of)]
    told = together(line(issue, language) for issue in issues)
    lines = [" | ".join(part for part in each if part) for each in told]
    return "\n".join([*said, *(["", *lines] if lines else [])])


ALWAYS = ("rows", "new")
COUNTED = (
    ("rows", "rows in the file"),
    ("new", "new, with a place"),
    ("by_address", "of them placed by their address"),
    ("without_place", "new, without a place yet"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
    ("retired", "retired, as the file says"),
    ("left_behind", "left behind"),
    ("vanished", "in the register but not in the file any more"),
    ("mended", "rows whose place was mended"),
    ("duplicates", "likely the same as another"),
)
COUNTED_USES = (
    ("rows", "rows in the file"),
    ("new", "uses that are new"),
    ("past", "of them over"),
    ("running", "of them running"),
    ("coming", "of them still to come"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
    ("left_behind", "left behind"),
)


COUNTED_NEEDS = (
    ("rows", "rows in the file"),
    ("new", "groups’ searches that are new"),
    ("looking", "of them open"),
    ("drafts", "of them drafts: what for is not understood"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
    ("left_behind", "left behind"),
)
_TABLES = {"uses": COUNTED_USES, "needs": COUNTED_NEEDS}


def counted(counts: dict[str, Any], *, of: str = "") -> list[tuple[str, int]]:
    """The counts that are worth a line, with their words; of a list of spaces, or of ``uses`` or ``needs``."""
    table = _TABLES.get(of, COUNTED)
    return [(label, int(counts.get(name, 0))) for name, label in table if counts.get(name) or name in ALWAYS]
