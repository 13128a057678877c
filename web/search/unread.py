"""What an address says and nobody understands: said in few words on a page, refused to a program.

A page says that its list is wider than was asked. Whoever reads a file or a feed sees no such sentence, so nothing is
given rather than more than was asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from tempuse.errors import Invalid, Issue
from web import words

# Of those that are alike so many are named: more is read by nobody.
MOST_NAMED = 5
# How a program is told the same.
_REFUSED = {
    "question.unclear": "question.refused", "question.unknown_part": "question.refused_part",
    "question.twice": "question.refused_twice", "question.too_long": "question.refused_length",
}  # fmt: skip


def check(issues: Iterable[Issue]) -> None:
    """Return in silence when everything was understood.

    Raises:
        Invalid: something was not.
    """
    told = [
        Issue.of(
            each.field, each.value, _REFUSED.get(each.message, each.message), **{"value": each.value, **each.values}
        )
        for each in issues
    ]
    if told:
        raise Invalid(told[0].message, told, **told[0].values)


def sentences(issues: Iterable[Issue]) -> list[str]:
    """One sentence for those that are alike: texts of one part that nobody understands, and parts that nobody knows."""
    alike: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        part = issue.field if issue.message == "question.unclear" else ""
        own = "" if issue.message in ("question.unclear", "question.unknown_part") else repr(issue.values)
        alike.setdefault((issue.message, part + own), []).append(issue)
    return [_sentence(some) for some in alike.values()]


def _sentence(issues: list[Issue]) -> str:
    first = issues[0]
    if first.message == "question.unclear":
        return words.sentence(first.message, {**first.values, "value": _named(each.value for each in issues)})
    if first.message == "question.unknown_part" and len(issues) > 1:
        parts = dict.fromkeys(each.field for each in issues)
        if len(parts) > 1:
            return words.sentence("question.unknown_parts", {"fields": _named(parts), "count": len(parts)})
    return words.issue_sentence(first)


def _named(texts: Iterable[str]) -> str:
    """The first of these, with what stands between two quotation marks."""
    known = list(dict.fromkeys(texts))
    first = known if len(known) <= MOST_NAMED else [*known[: MOST_NAMED - 1], f"{known[MOST_NAMED - 1]} …"]
    return "”, “".join(first)
