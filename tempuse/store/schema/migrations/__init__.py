"""The steps from one version of a register to the next, in their order: each is a module that bears its number.

``s0004.py`` is the step to version 0004; ``s0003_jobs.py`` would be a part of one, which its step calls. A step is
plain SQL and fixed: it names what it touches itself and never asks today's tables, which go on changing.
All steps of an upgrade are one transaction. On SQLite a table that must be rebuilt is rebuilt by ``work.rebuild``.
The numbers of the steps are the versions, and they are compared as texts.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from sqlalchemy.engine import Connection

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


def _step(name: str) -> Step:
    module = import_module(f"{__name__}.{name}")
    return Step(name[1:], module.make, getattr(module, "TAKES", ()))


_NUMBERED = sorted(each.name for each in pkgutil.iter_modules(__path__) if re.fullmatch(r"s\d{4}", each.name))
STEPS = (Step("0001", _begin), *map(_step, _NUMBERED))
