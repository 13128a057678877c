"""What other parts of the house show on the office's page of a permit: each is a function with a line here.

A part that has something to say of a permit (departments, notices, papers) appends to ``SECTIONS``; one that lets the
clock of a request stand still appends to ``STOPS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tempuse.standing import Stop
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled


@dataclass(frozen=True, slots=True)
class PermitSection:
    """A block of the page: the template that draws it, and what it is given as ``section``."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


SECTIONS: list[Callable[[Connection, Ruled], PermitSection | None]] = []
STOPS: list[Callable[[Connection, str], list[Stop]]] = []


def sections_of(con: Connection, each: Ruled) -> list[PermitSection]:
    """What the other parts show of a permit, in their order."""
    return [shown for show in SECTIONS if (shown := show(con, each)) is not None]


def stops_of(con: Connection, ref: str) -> list[Stop]:
    """When the clock of a request stood still."""
    return [stop for tell in STOPS for stop in tell(con, ref)]
