"""A list of uses or of needs that comes in: all of what fits or, where something breaks, nothing; or only looked at."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from tempuse.access import Actor
from tempuse.errors import Issue
from tempuse.imports import Import
from tempuse.store import imports
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing

_KEPT_ISSUES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class SentList:
    """A list that comes in.

    Attributes:
        source: its name, by which the same list finds what it brought again.
        file_name: as the sender called it.
        crosswalk: what its columns were taken for, as CSV.
    """

    source: str
    file_name: str = ""
    crosswalk: str = ""


@dataclass(slots=True)
class BroughtIn:
    """What became of a list.

    Attributes:
        ref: of the import; empty where it was only looked at.
        counts: how many rows there are, and how many came in, changed or were left behind.
        issues: what was noticed, in the order of the rows.
    """

    ref: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)


class _Undone(Exception):
    """What was only looked at is taken back."""


def bring_in(
    con: Connection, actor: Actor, about: SentList, profile: str, now: datetime,
    take: Callable[[str, BroughtIn], None], *, dry_run: bool,
) -> BroughtIn:  # fmt: skip
    """Bring a list in, within one transaction, and keep what was noticed.

    Args:
        con: an idle connection.
        actor: who brings it in.
        about: the list.
        profile: what it is a list of, as imports have it.
        now: the instant.
        take: takes its rows in, given the ref of the import and what becomes of it.
        dry_run: only look what would become of it; nothing is written.
    """
    done = BroughtIn()
    try:
        with writing(con):
            ref = next_refs(con, "import")[0]
            take(ref, done)
            if dry_run:
                raise _Undone
            _note(con, actor, about, profile, now, ref, done)
    except _Undone:
        return done
    done.ref = ref
    return done


def _note(
    con: Connection, actor: Actor, about: SentList, profile: str, now: datetime, ref: str, done: BroughtIn
) -> None:
    issues = [dataclasses.asdict(issue) for issue in done.issues[:_KEPT_ISSUES]]
    merged = {f"merged_{name}": done.counts[name] for name in ("new", "changed")}
    imports.add(con, Import(
        ref=ref, at=now, actor=actor.name, source=about.source, file_name=about.file_name or None, profile=profile,
        counts={**done.counts, **merged}, issues=orjson.dumps(issues, default=str).decode(),
        crosswalk=about.crosswalk or None,
    ))  # fmt: skip
    counts = {name: done.counts[name] for name in ("new", "changed", "left_behind")}
    add_event(con, actor, now, "import", ref, "import", changes=counts, note=about.source, import_ref=ref)
