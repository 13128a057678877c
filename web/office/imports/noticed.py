"""What was noticed about a list, as lines of a table: first what a person should look at, alike rows together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from tempuse.errors import Issue
from tempuse.refs import noun_of
from tempuse.spaces import FIELDS
from tempuse.store.import_staging import Staging
from web import words
from web.presenters import labels

FEW = 5  # so many alike stand one by one; more become one line
_HOW_TO_READ = ("place.crs_", "place.no_crs", "place.unchecked", "crs.", "file.encoding_", "file.odd_", "file.several_")


@dataclass(slots=True)
class Line:
    """One line of the table.

    Attributes:
        row: the sender's row, or the rows in words.
        field: the column.
        value: what it says.
        others: whether the line stands for other values, too.
        wrong: what is wrong.
        done: what was done.
        grave: a person should look.
        count: how many rows the line stands for.
        more: the number of the kind, to see each of its rows; None where the line is one row.
        links: words and addresses that help to mend it.
    """

    row: str
    field: str
    value: str
    wrong: str
    done: str
    grave: bool = False
    count: int = 1
    more: int | None = None
    links: Sequence[tuple[str, str]] = ()
    others: bool = False


def line_of(issue: Issue, key: str = "") -> Line:
    """One issue; ``key`` is the draft's, for the ways to mend it."""
    return Line(
        words.figure(issue.row) if issue.row else "",
        labels.label(issue.field) if issue.field in FIELDS else issue.field,
        issue.value,
        words.issue_sentence(issue),
        words.sentence(issue.done, {"value": issue.value, **issue.values}) if issue.done else "",
        issue.grave,
        links=_links(issue, key),
    )


def _links(issue: Issue, key: str) -> list[tuple[str, str]]:
    ref = issue.values.get("other") or (issue.values.get("ref") if issue.message.startswith("row.") else "")
    if ref and noun_of(str(ref)) == "space":
        return [(gettext("See %(ref)s", ref=ref), url_for("office.space", ref=ref))]
    if not key:
        return []
    columns = url_for("office.import_columns", key=key)
    if issue.message.startswith(_HOW_TO_READ):
        return [(gettext("Mend"), f"{columns}#reading")]
    if issue.message.startswith("row.is_"):
        return [(gettext("Mend"), f"{url_for('office.import_check', key=key)}#asides")]
    if issue.message in ("value.not_in_list", "value.not_yes_or_no"):
        return [(gettext("Mend"), f"{columns}#words")]
    return []


def lines(staging: Staging, key: str) -> list[Line]:
    """All there is to tell about what was staged."""
    more = {(field, message, done): count for field, message, done, count in staging.get("more", [])}
    found = []
    for number, (field, message, done, kept, one_value) in enumerate(staging.kinds()):
        count = kept + more.get((field, message, done), 0)
        issues = staging.issues_of((field, message, done), FEW)
        if count <= FEW:
            found += [line_of(issue, key) for issue in issues]
        else:
            found.append(_together(issues[0], key, count, one_value, number))
    return found


def of_kept(issues: Iterable[Issue]) -> list[Line]:
    """The same of what an earlier import wrote down."""
    kinds: dict[tuple[bool, str, str, str], list[Issue]] = {}
    for issue in issues:
        kinds.setdefault((not issue.grave, issue.field, issue.message, issue.done), []).append(issue)
    found = []
    for these in kinds.values():
        if len(these) <= FEW:
            found += [line_of(issue) for issue in these]
        else:
            found.append(_together(these[0], "", len(these), len({issue.value for issue in these}) == 1))
    return sorted(found, key=lambda line: not line.grave)


def _together(first: Issue, key: str, count: int, one_value: bool, number: int | None = None) -> Line:
    """Many alike as one line."""
    line = line_of(first, key)
    line.count, line.more, line.others = count, number, bool(first.value) and not one_value
    line.row = ngettext("%(n)s row", "%(n)s rows", count, n=words.figure(count))
    if first.message.startswith(("duplicate.", "row.")) and not first.message.startswith("row.is_"):
        line.links = ()  # each of them leads elsewhere
    return line
