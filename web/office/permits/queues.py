"""The permits that wait for somebody, for the office's first page."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import cast

from flask import current_app, g, url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.store import agreements, events, permit_lists
from tempuse.store import permits as permit_rows
from tempuse.store.common import current_state
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission
from web import database, words
from web.office.permits import called
from web.office.queue import Queue, Row

MOST = 1000
_FEW = 5


@dataclass(slots=True)
class PermitTally:
    """How many permits stand where, and wait where, as of the register's last event and one day."""

    as_of: tuple[str, int, date]
    today: date
    of_status: dict[str, int] | None = None
    waiting: dict[str, int] = field(default_factory=dict)
    to_check: list[Ruled] | None = None


class TallyHolder:
    """Holds the last count of this process."""

    def __init__(self) -> None:
        self.held: PermitTally | None = None
        self.lock = threading.Lock()


def tally() -> PermitTally:
    """The counts for this request, made once for each event."""
    if "permit_tally" not in g:
        holder = cast(TallyHolder, current_app.extensions.setdefault("tempuse.permit_tally", TallyHolder()))
        con, today = database.connection(), database.today()
        with holder.lock:
            as_of = (current_state(con).register, events.last(con), today)
            held = holder.held
            # What happens to spaces moves no permit: those are not counted anew for it.
            if held and held.as_of[::2] == as_of[::2] and events.only_of(con, "space", held.as_of[1], as_of[1]):
                held.as_of = as_of
            else:
                holder.held = PermitTally(as_of, today)
            g.permit_tally = holder.held
    return cast(PermitTally, g.permit_tally)


def of_status() -> dict[str, int]:
    """How many permits there are in each status."""
    found = tally()
    if found.of_status is None:
        found.of_status = permit_rows.tally(database.connection())
    return found.of_status


def _soon() -> int:
    return database.settings().ends_soon_days


def count(name: str) -> int:
    """How many are in one queue."""
    found = tally()
    if name not in found.waiting:
        found.waiting[name] = permit_lists.count_waiting(database.connection(), name, found.today, _soon(), MOST)
    return found.waiting[name]


def _rows(name: str, button: LazyString) -> list[Row]:
    found = permit_lists.waiting(database.connection(), name, database.today(), _soon(), _FEW)
    called.warm([each.permit for each in found])
    return [called.row(each, str(button)) for each in found]


def _more(shown: str, total: int, few: int) -> tuple[str, str] | None:
    if total <= few:
        return None
    return gettext("See all %(total)s", total=words.figure(total)), url_for("office.permits", show=shown)


def _queue(name: str, title: LazyString, button: LazyString, shown: str, *, beside: bool = False) -> Queue:
    return Queue(
        title, Permission.PERMIT_READ, partial(count, name), partial(_rows, name, button), partial(_more, shown),
        beside=beside,
    )  # fmt: skip


# ---- conditions to look after -------------------------------------------------------------------------------


def to_check() -> list[Ruled]:
    """Permits in use of which a condition is due, and nobody has looked since its day."""
    found = tally()
    if found.to_check is None:
        con, today = database.connection(), database.today()
        dated = permit_lists.with_checks(con, today, MOST)
        looks = agreements.looks_of_many(con, [each.permit.ref for each in dated])
        found.to_check = [
            each for each in dated if _due(each, looks.get((each.permit.ref, each.terms.version), {}), today)
        ]
    return found.to_check


def due_checks(each: Ruled, today: date) -> list[int]:
    """The numbers of the conditions whose day has come, and at which nobody has looked since."""
    return _due(each, agreements.looks_of(database.connection(), each.permit.ref, each.terms.version), today)


def _due(each: Ruled, looks: Mapping[int, agreements.Look], today: date) -> list[int]:
    return [
        number for number, condition in enumerate(each.terms.conditions)
        if condition.check_on and condition.check_on <= today
        and (number not in looks or looks[number].on < condition.check_on)
    ]  # fmt: skip


def _checks() -> list[Row]:
    found = []
    for each in to_check()[:_FEW]:
        due = due_checks(each, database.today())
        row = called.row(each, gettext("Look"), each.terms.conditions[due[0]].text if due else "")
        row.href = f"{row.href}#conditions"
        found.append(row)
    return found


QUEUES = (
    _queue("requests", lazy_gettext("Requests to decide"), lazy_gettext("Look"), "asked"),
    _queue("overdue", lazy_gettext("Over, and the keys are still out"), lazy_gettext("Open"), "running"),
    _queue("starting", lazy_gettext("Begins soon, without keys"), lazy_gettext("Open"), "agreed"),
    _queue("unsigned", lazy_gettext("Approved, and not signed in time"), lazy_gettext("Open"), "agreed"),
    Queue(lazy_gettext("Conditions to look after"), Permission.PERMIT_READ, lambda: len(to_check()), _checks),
    _queue("ending", lazy_gettext("Ends soon"), lazy_gettext("Open"), "ending", beside=True),
)
