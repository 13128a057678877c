"""``tempuse check --mend``: what can be made anew from the register itself.

That is what the public sees, the spatial indexes, the guards, the other indexes, the entries for other programs, the
counters. A value that was lost or changed is nowhere else in the register: only a backup, or somebody who knows, can
bring it back, and what cannot be decided for want of it is not shown to the public.
"""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor, check_allowed
from tempuse.errors import Damaged, TempuseError
from tempuse.registry.care import check_permits, check_published, check_rows
from tempuse.registry.care.look import Look
from tempuse.store import audit, raw, tables
from tempuse.store.common import add_event, next_seq, note_all_decided
from tempuse.store.engine import Connection, writing
from tempuse.store.gpkg import load_rtree
from tempuse.store.schema import blueprint
from tempuse.vocabulary import Permission


def mend_register(con: Connection, actor: Actor, now: datetime) -> int:
    """Make anew what can be made anew; how many things were changed.

    Raises:
        Damaged: the file itself is damaged, and writing into it would make it worse; or a setting that decides what
            the public sees cannot be read.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    try:
        return _mend(con, actor, now)
    except TempuseError:
        raise
    except Exception as error:  # whatever a damaged register makes a library say
        raise Damaged("check.not_mended", detail=raw.shown(str(error).split("\n")[0])) from error


def _mend(con: Connection, actor: Actor, now: datetime) -> int:
    with writing(con):
        if damage := audit.integrity(con):
            raise Damaged("check.too_damaged", detail=raw.shown(damage[0]))
        changed = blueprint.mend(con)
        changed += _mend_counters(con)
        changed += _mend_trees(con)
        changed += _take_anew(con, now)
        changed += _publish(con, now)
        note_all_decided(con, now)
        add_event(con, actor, now, "register", "register", "republish", changes={"changed": changed})
    return changed


def _mend_counters(con: Connection) -> int:
    behind = audit.counters_behind(con)
    for noun, highest in behind.items():
        audit.set_counter(con, noun, highest)
    states, highest = audit.states(con), audit.highest_seq(con)
    numbers = [each for each in states if isinstance(each, int)]
    right = max([highest, *numbers])
    wrong = states != [right]
    if wrong:
        audit.set_state(con, right)
    return len(behind) + wrong


def _mend_trees(con: Connection) -> int:
    """Fill anew each R*Tree that differs from its table."""
    if con.dialect.name != "sqlite":
        return 0
    mended = 0
    for table in (tables.metadata.tables[name] for name in tables.GEOMETRY_TABLES):
        look, key = Look(datetime.min), tables.GEOMETRY_TABLES[table.name]
        for batch in raw.walk(con, table):
            look.compare(con, table.name, batch.columns[key], batch.columns["geometry"])
        look.compare(con, table.name, [], [])  # an empty table has a tree, too
        tree = look.trees[table.name]
        if tree is not None and not tree.differences and not audit.tree_faults(con, table.name):
            continue
        blueprint.rebuild_tree(con, table.name)
        for batch in raw.walk(con, table):
            load_rtree(con, table.name, batch.columns[key], batch.columns["geometry"])
        mended += 1
    return mended


def _take_anew(con: Connection, now: datetime) -> int:
    look = Look(now)
    for _ in check_rows.settings(con, look):
        pass
    return check_permits.mend(con, look)


def _publish(con: Connection, now: datetime) -> int:
    """Decide anew for everything what the public sees."""
    look = Look(now)
    for _ in check_rows.settings(con, look):
        pass
    if not look.knows_the_rule:
        raise Damaged("check.no_rule")
    for _ in check_rows.areas(con, look):
        pass
    tell_all = "unpublished" in audit.rows_gone(con)
    changed = check_published.mend(con, look, next_seq(con), tell_all=tell_all)
    note_all_decided(con, now)
    return changed
