"""The steps from one version of a register to the next, in their order.

A step is plain SQL and fixed: it names what it touches itself and never asks today's tables, which go on changing.
All steps of an upgrade are one transaction. On SQLite a table that must be rebuilt is rebuilt by ``work.rebuild``.
The numbers of the steps are the versions, and they are compared as texts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations import s0002, s0003
from tempuse.store.schema.migrations.work import Progress


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        version: the version that it leads to.
        make: does it, given the connection, the instant and whom to tell how far it is.
        takes: tables of the version before that are not there any more after it: a backup of an old register in
            PostgreSQL holds the tables of today and these.
    """

    version: str
    make: Callable[[Connection, datetime, Progress], None]
    takes: tuple[str, ...] = ()


def _begin(con: Connection, now: datetime, progress: Progress) -> None:
    """Every register begins at least here."""


STEPS = (
    Step("0001", _begin),
    Step("0002", s0002.make),
    Step("0003", s0003.make),
)
