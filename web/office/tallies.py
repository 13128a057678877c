"""Where the register stands today, counted once for each change and kept until the next."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from flask import current_app, g

from tempuse.spaces import COUNTED, outlook
from tempuse.store import space_lists
from tempuse.store.common import State, current_state
from tempuse.store.tallies import AXES, combined
from web import database
from web.map import elsewhere

# Up to here each filter shows what it would give; beyond, a count over everything would be felt.
COUNTED_TO = 100_000


@dataclass(slots=True)
class Now:
    """The register's standing as of one change and one day; ``ours`` are without the examples from other towns."""

    state: State
    today: date
    groups: list[space_lists.Standing]
    ours: list[space_lists.Standing]
    size: int
    combinations: list[tuple[dict[str, Any], int]] | None = field(default=None)

    def of_status(self, *statuses: str) -> int:
        """How many spaces are in these statuses, or in any."""
        return sum(each.count for each in self.groups if not statuses or each.status in statuses)

    def outlooks(self) -> dict[str, int]:
        """How many of the spaces that the office knows are free, in temporary use, not available."""
        found = {"free": 0, "used": 0, "shut": 0}
        for each in self.ours:
            if each.status in COUNTED:
                found[outlook(each.status, each.occupancy, None, self.today)] += each.count - each.over
                found[outlook(each.status, each.occupancy, self.today - timedelta(1), self.today)] += each.over
        return found

    def months_empty(self) -> float | None:
        """How long the empty spaces have stood so, on average."""
        return space_lists.months_empty(self.ours)


class Holder:
    """Holds the last answer of this process."""

    def __init__(self) -> None:
        self.held: Now | None = None
        self.lock = threading.Lock()


def now() -> Now:
    """The register's standing for this request."""
    if "standing" not in g:
        holder = cast(Holder, current_app.extensions.setdefault("tempuse.standing", Holder()))
        con, today = database.connection(), database.today()
        with holder.lock:
            state = current_state(con)
            if holder.held is None or (holder.held.state, holder.held.today) != (state, today):
                groups, others = space_lists.standing(con, today), elsewhere.refs()
                ours = space_lists.less(groups, space_lists.standing(con, today, others)) if others else groups
                holder.held = Now(state, today, groups, ours, space_lists.size(con))
            g.standing = holder.held
    return cast(Now, g.standing)


def combinations() -> list[tuple[dict[str, Any], int]] | None:
    """What each filter of the table would give; None in a register that is too large to count."""
    found = now()
    if found.size > COUNTED_TO:
        return None
    if found.combinations is None:
        found.combinations = combined(database.connection(), AXES, placed=True)
    return found.combinations
