"""The part of a check that looks at kept matches: each is computed again from what it keeps, by its own functions."""

from __future__ import annotations

from collections.abc import Iterator

from tempuse import matching
from tempuse.matches import Match
from tempuse.registry.care.findings import Finding
from tempuse.store import matches, raw
from tempuse.store.engine import Connection


def check(con: Connection) -> Iterator[Finding]:
    """Everything about kept matches that is not as it should be."""
    for ref, field in matches.orphans(con):
        yield Finding("check.orphan", {"ref": raw.shown(ref), "table": field})
    for batch in matches.walk(con):
        for _, match in batch:
            if wrong := _faults(match):
                yield Finding("check.match", {"ref": raw.shown(match.ref), "what": raw.shown(wrong)})


def _faults(match: Match) -> str:
    try:
        return ", ".join(matching.faults(match))
    except (KeyError, TypeError, ValueError):
        return "criteria"
