"""The purge of lists: what the report on a list of uses or needs quotes goes when the time of what it brought is over.

A report quotes names, titles and whole rows that were left behind. A past use ends, for its retention, on the day its
list came in; so does the report, and that on a list of needs. What was wrong, in which row and column, and what was
done about it stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from tempuse.access import Actor, check_allowed
from tempuse.registry.erasing import ERASED
from tempuse.store import imports
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.store.purging import PURGE
from tempuse.vocabulary import Permission

# What the sentences of issues name that is no person's: refs, days, numbers.
_SAFE = frozenset({"refs", "ref", "space", "day", "days", "most", "count", "n"})


def due_lists(con: Connection, actor: Actor, now: datetime) -> list[str]:
    """The refs of the imports whose reports are due, of each kind the oldest first. Afterwards it is idle."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    settings = get_settings(con)
    found = [
        ref for profile, days in ((imports.USES, settings.permit_data_days), (imports.NEEDS, settings.need_data_days))
        for ref in imports.lists_of(con, profile, now - timedelta(days=days))
    ]  # fmt: skip
    con.rollback()
    return found


def purge_lists(con: Connection, actor: Actor, now: datetime) -> list[str]:
    """Blank the reports whose time is over, each in a transaction of its own; which these were.

    Args:
        con: an idle connection.
        actor: the program, or an administrator.
        now: the instant.
    """
    refs = due_lists(con, actor, now)
    for ref in refs:
        with writing(con):
            held = imports.get(con, ref).issues
            told = [_blank(issue) for issue in orjson.loads(held or "[]")]
            imports.put_issues(con, ref, orjson.dumps(told).decode())
            add_event(con, actor, now, "import", ref, PURGE, import_ref=ref)
    return refs


def _blank(issue: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        name: value if name in _SAFE or not isinstance(value, str) else ERASED
        for name, value in (issue.get("values") or {}).items()
    }
    return {**issue, "value": ERASED if issue.get("value") else "", "values": values}
