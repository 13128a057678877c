"""``tempuse check``: is the register what it says it is? Reads everything, believes nothing, changes nothing.

Each part is looked at by itself, and whatever a damaged register makes a library say is one more finding: a check
that ends in the middle would say nothing about the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tempuse.publication import COLLECTIONS
from tempuse.registry.care import (
    check_files,
    check_matches,
    check_permits,
    check_published,
    check_rows,
    check_spaces,
)
from tempuse.registry.care.findings import MOST_EACH, Finding, Found
from tempuse.registry.care.look import Look
from tempuse.store import audit, raw
from tempuse.store.engine import Connection, reading
from tempuse.store.schema import blueprint
from tempuse.store.tables import NOUNS

__all__ = ["MOST_EACH", "Finding", "check_register"]


# Looked at in parts of their own.
_APART = ("space", "area")


def check_register(
    con: Connection, now: datetime, progress: Callable[[int], None] | None = None, *, home: Path | None = None
) -> list[Finding]:
    """Everything that is not as it should be; empty when all is well.

    With its ``home`` the files are looked at, too, to which the rows refer.

    Compares how the register is built with the plan of it, every value with its field, what is published with what
    publication decides, the R*Trees with the geometries, the events with the things they tell of, and looks whether
    areas, references, counters and settings are plausible. Kept matches are computed again.
    """
    found = Found()
    with reading(con):
        look = Look(now)
        for what, part in (
            ("the file", _file(con)),
            ("its parts", _parts(con)),
            ("settings", check_rows.settings(con, look)),
            ("areas", check_rows.areas(con, look)),
            ("counters", _counters(con)),
            ("spaces", check_spaces.check(con, look, progress)),
            *((table.name, check_rows.records(con, look, noun)) for noun, table in NOUNS.items() if noun not in _APART),
            ("memberships", check_rows.memberships(con)),
            ("mandates", check_rows.mandates(con)),
            ("periods", check_rows.periods(con)),
            ("letters", check_rows.letters(con)),
            ("jobs", check_rows.jobs(con)),
            ("events", check_rows.events(con)),
            ("permits", check_permits.check(con, look)),
            ("kept matches", check_matches.check(con)),
            ("references", _references(con)),
            # That of spaces was held against them as they were read.
            *(
                ("what the public sees", check_published.check(con, look, name))
                for name in COLLECTIONS
                if name != "spaces"
            ),
            ("what the public sees", check_published.strangers(con, look)),
            ("spatial indexes", _trees(con, look)),
            ("files", check_files.check(con, home) if home is not None else ()),
        ):
            found.take(_apart(con, what, part))
    return found.all()


def _apart(con: Connection, what: str, part: Iterable[Finding]) -> Iterator[Finding]:
    """One part, and what ended it too early."""
    try:
        with audit.apart(con):
            yield from part
    except Exception as error:
        yield Finding("check.unreadable", {"what": what, "detail": raw.shown(str(error).split("\n")[0])})


def _file(con: Connection) -> Iterator[Finding]:
    yield from (Finding("check.damaged", {"detail": raw.shown(each)}) for each in audit.integrity(con))
    yield from (Finding("check.rows_gone", {"table": name}) for name in audit.rows_gone(con) if name != "unpublished")


def _parts(con: Connection) -> Iterator[Finding]:
    for each in blueprint.differences(con):
        message = _PARTS[each.how] if each.kind in blueprint.MENDED else "check.part_lost"
        yield Finding(message, {"kind": each.kind, "name": each.name})


_PARTS = {"missing": "check.part_missing", "other": "check.part_other", "strange": "check.part_strange"}


def _counters(con: Connection) -> Iterator[Finding]:
    yield from (Finding("check.counter", {"noun": noun}) for noun in audit.counters_behind(con))
    states, highest = audit.states(con), audit.highest_seq(con)
    if len(states) != 1 or not isinstance(states[0], int) or states[0] < highest:
        yield Finding("check.state", {"states": ", ".join(map(raw.shown, states)), "highest": highest})
    if "unpublished" in audit.rows_gone(con):
        yield Finding("check.unpublished")


def _references(con: Connection) -> Iterator[Finding]:
    yield from (Finding("check.orphan", {"ref": raw.shown(ref), "table": name}) for name, ref in audit.orphans(con))
    yield from (Finding("check.row_gone", {"ref": raw.shown(ref)}) for _, ref in audit.without_row(con))
    yield from (Finding("check.no_event", {"ref": raw.shown(ref)}) for _, ref in audit.without_event(con))
    yield from (Finding("check.same_ref", {"ref": raw.shown(ref)}) for _, ref in audit.same_refs(con))
    for source, source_ref, count in audit.doubles(con):
        values = {"source": raw.shown(source), "source_ref": raw.shown(source_ref), "count": count}
        yield Finding("check.double", values)


def _trees(con: Connection, look: Look) -> Iterator[Finding]:
    if con.dialect.name != "sqlite":
        return
    for table, tree in look.trees.items():
        count = tree.differences if tree is not None else 1
        if not count and audit.tree_faults(con, table):
            count = 1
        if count:
            yield Finding("check.tree", {"table": table, "count": count})
