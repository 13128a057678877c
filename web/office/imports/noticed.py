"""What was noticed about a list, as lines of a table: first what a person should look at, alike notices together.

A line unfolds into its rows, those that say the same together; before the list is brought in, each with what mends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext, ngettext

from tempuse.errors import Issue
from tempuse.io.by_hand import WAITS
from tempuse.refs import noun_of
from tempuse.spaces import FIELDS
from tempuse.store.import_staging import Staging
from tempuse.vocabulary import Permission
from web import words
from web.accounts.guard import may
from web.office.imports.mending import Mending, Press, Replies, Word
from web.presenters import labels

LOOKED_AT = 400  # rows of a kind that are put together
SHOWN = 20  # texts that a line unfolds into
ROWS_SHOWN = 12  # rows of one text


@dataclass(slots=True)
class Each:
    """Rows of a notice that say the same.

    Attributes:
        rows: their numbers in words, each with the address of the space that it became, if it has become one.
        more: how many rows there are besides.
        value: what they say.
        said: what is wrong and what was done, where that is not what the whole line says.
        presses: what one press mends in these rows.
        words: texts that may be said in other words.
        place: the row whose place may be said, 0 where it has one.
    """

    rows: list[tuple[str, str]] = field(default_factory=list)
    more: int = 0
    value: str = ""
    said: str = ""
    presses: Sequence[Press] = ()
    words: Sequence[Word] = ()
    place: int = 0


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
        kind: the number of the kind, to see each of its rows; None where all are shown.
        links: words and addresses that help to mend it.
        presses: what one press mends for the whole line.
        each: what it unfolds into.
    """

    row: str
    field: str
    value: str
    wrong: str
    done: str
    grave: bool = False
    count: int = 1
    kind: int | None = None
    links: Sequence[tuple[str, str]] = ()
    others: bool = False
    presses: Sequence[Press] = ()
    each: Sequence[Each] = ()

    @property
    def can_be_mended(self) -> bool:
        """Whether something can be said about its rows."""
        return any(each.presses or each.words or each.place for each in self.each)

    def is_touched(self, sent: Replies) -> bool:
        """Whether something was written of its rows that is not taken yet."""
        return any(sent.touches([each.place], each.words) for each in self.each)


def line_of(issues: Sequence[Issue], mending: Mending | None = None, count: int = 0, kind: int | None = None) -> Line:
    """Issues of one kind as a line.

    Args:
        issues: some of them, or all.
        mending: what can be mended; None once the list was brought in.
        count: how many there are in all.
        kind: the number of the kind.
    """
    first, count = issues[0], count or len(issues)
    wrong, done = _alike([_wrong(each) for each in issues]), _alike([_done(each) for each in issues])
    row = words.figure(first.row) if first.row else ""
    line = Line(
        row if count == 1 else ngettext("%(n)s row", "%(n)s rows", count, n=words.figure(count)),
        labels.label(first.field) if first.field in FIELDS else first.field,
        first.value, wrong, done, first.grave, count,
        links=_links(first, mending) if count == 1 else mending.links(first) if mending else (),
        others=bool(first.value) and any(each.value != first.value for each in issues),
        presses=mending.presses(issues) if mending and count == len(issues) else (),
    )  # fmt: skip
    groups: dict[tuple[str, str], list[Issue]] = {}
    for each in issues:
        said = f"{_wrong(each)} {_done(each)}" if (wrong, done) != (_wrong(each), _done(each)) else ""
        # Each row has its own place.
        apart = str(each.row) if mending and mending.is_without_place(each) else ""
        groups.setdefault((each.value + "\n" + apart, said), []).append(each)
    line.each = [_each(these, said, mending, line) for (_, said), these in list(groups.items())[:SHOWN]]
    if count == 1 and not line.can_be_mended:
        line.each = ()
    line.kind = kind if len(groups) > SHOWN or count > len(issues) or any(each.more for each in line.each) else None
    return line


def _each(issues: Sequence[Issue], said: str, mending: Mending | None, line: Line) -> Each:
    first = issues[0]
    found = Each(
        [(words.figure(each.row), _space(each)) for each in issues[:ROWS_SHOWN] if each.row],
        max(len(issues) - ROWS_SHOWN, 0), first.value, said,
    )  # fmt: skip
    if mending is not None:
        found.presses = mending.presses(issues) if line.count > len(issues) else ()
        found.words = mending.words(first)
        found.place = first.row or 0 if mending.is_without_place(first) else 0
    return found


def _alike(sentences: Sequence[str]) -> str:
    """The sentence that all of these rows have; the first as an example, where they differ."""
    return sentences[0] if len(set(sentences)) == 1 else gettext("For example: %(said)s", said=sentences[0])


def _wrong(issue: Issue) -> str:
    return words.issue_sentence(issue)


def _done(issue: Issue) -> str:
    return words.sentence(issue.done, {"value": issue.value, **issue.values}) if issue.done else ""


def _space(issue: Issue) -> str:
    """The address of the space that a row became; where it waits for its place, of where it is put on the map."""
    ref = str(issue.values.get("space") or "")
    if not ref or noun_of(ref) != "space":
        return ""
    if issue.done in WAITS and may(Permission.SPACE_EDIT):
        return url_for("office.places", only=ref)
    return url_for("office.space", ref=ref)


def _links(issue: Issue, mending: Mending | None) -> list[tuple[str, str]]:
    """What leads on from one row: to the space that it is about, or to where it can be mended."""
    ref = issue.values.get("other") or (issue.values.get("ref") if issue.message.startswith("row.") else "")
    found = []
    if ref and noun_of(str(ref)) == "space":
        found.append((gettext("See %(ref)s", ref=ref), url_for("office.space", ref=ref)))
    if there := _space(issue):
        waits = "/places" in there
        found.append((gettext("Put it on the map") if waits else gettext("See the space"), there))
    return found or (mending.links(issue) if mending else [])


def lines(staging: Staging, mending: Mending, first: int, count: int) -> list[Line]:
    """What there is to tell about what was staged: so many lines from this one on."""
    more = {(name, message, done): count for name, message, done, count in staging.get("more", [])}
    found = []
    for number, (name, message, done, kept, _) in list(enumerate(staging.kinds()))[first:][:count]:
        kind = (name, message, done)
        issues = staging.issues_of(kind, LOOKED_AT)
        found.append(line_of(issues, mending, kept + more.get(kind, 0), number))
    return found


def of_kept(issues: Iterable[Issue]) -> list[Line]:
    """The same of what an earlier import wrote down."""
    kinds: dict[tuple[bool, str, str, str], list[Issue]] = {}
    for issue in issues:
        kinds.setdefault((not issue.grave, issue.field, issue.message, issue.done), []).append(issue)
    return sorted((line_of(these) for these in kinds.values()), key=lambda line: not line.grave)
