"""Which files the register refers to: pictures, scans, papers, the logo, the map's ground.

Their bytes lie in ``store.attachments``.

A row holds a file's name, ``<sha256>.jpg``; where it holds the hash alone, its ending is known. A noun that keeps files
says in ``USED_BY`` which: then a check finds those that are lost or changed, and none that somebody needs is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from tempuse.store import attachments, pictures, purging, reports, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection


def _logo(con: Connection) -> list[str]:
    return [name for name in [get_settings(con).logo.rpartition("/")[2]] if name]


def _ground(con: Connection) -> list[str]:
    settings = get_settings(con)
    return [name for name in (settings.ground, settings.ground_addresses) if name]


# Each gives the names of the files that its rows refer to; one more noun is one more line.
USED_BY: list[Callable[[Connection], Iterable[str]]] = [
    _logo,
    _ground,
    purging.all_papers,
    pictures.files,
    reports.photos,
    spaces.word_papers,
]


def used(con: Connection) -> set[str]:
    """The names of all files that a row refers to."""
    return {name for names in USED_BY for name in names(con)}


def unused(con: Connection, home: Path) -> list[str]:
    """The names of files that are kept and that no row refers to: sent with a form that was never taken, or let go.

    A purge ends with ``let_go(con, home, unused(con, home))``.
    """
    return sorted(set(attachments.names(home)) - used(con))


def let_go(con: Connection, home: Path, names: Iterable[str]) -> int:
    """Remove files that rows have referred to, those to which none does any more; how many.

    Called when the change of the rows stands. What somebody sent again within this day stays.

    Raises:
        Unusable: one may not be removed.
    """
    return sum(attachments.remove(home, name) for name in sorted(set(names) - used(con)))
