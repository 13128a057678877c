"""What is looked for in a district that is no more waits, until whoever looks has chosen another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tempuse import districts
from tempuse.access import Actor
from tempuse.registry.records import changing
from tempuse.registry.reports import fingerprint
from tempuse.store import needs, watches
from tempuse.store.engine import Connection


def let_wait(con: Connection, actor: Actor, gone: Mapping[str, str], now: datetime) -> None:
    """Let needs and watches wait that name one of these districts; within a transaction, before all is published.

    Args:
        con: the connection.
        actor: who loads the districts.
        gone: the names of the districts that are no more, by ref.
        now: the instant.
    """
    for ref in needs.naming(con, gone):
        with changing(con, actor, needs.rows, ref, now, "edit", publish=False) as change:
            change.record.question = districts.named(change.record.question, gone)
    for watch in watches.naming(con, gone):
        watch.question = districts.named(watch.question, gone)
        watch.question_sha256 = fingerprint(watch.question)
        watches.save(con, watch)
