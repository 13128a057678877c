"""Districts that a question names and that the city no longer has: said, never left out or looked for in silence."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from tempuse.errors import Issue
from tempuse.questions import LONGEST, PARTS
from tempuse.wanted import Wanted

_PART = PARTS["district"]


def among(wanted: Wanted, known: Container[str]) -> tuple[Wanted, list[Issue]]:
    """A question with those of its districts that there are; an issue for each other.

    Args:
        wanted: the question.
        known: the refs of the city's districts.
    """
    kept = tuple(ref for ref in wanted.districts if ref in known)
    gone = [ref for ref in wanted.districts if ref not in known]
    issues = [Issue.of(_PART.name, ref, "question.unclear", field=_PART.called, value=ref) for ref in gone]
    return replace(wanted, districts=kept) if gone else wanted, issues


def named(text: str, gone: Mapping[str, str]) -> str:
    """A kept question in which each district that is gone stands by its name, which nobody understands: it waits.

    Left out, it would ask for more than was wanted; left in, for what no space can ever be.

    Args:
        text: the question as it is kept.
        gone: the names of the districts that are gone, by ref.
    """
    called = {ref: name.replace(",", " ")[:LONGEST] for ref, name in gone.items()}
    pairs = [(name, called.get(part, part) if name == _PART.name else part) for name, part in parse_qsl(text)]
    return urlencode(pairs, safe=",:")
