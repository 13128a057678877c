"""Every address of the app with what it asks and who comes in: the promise, ``routes.txt``.

``python -m tests.routes`` writes it anew, but for who comes in: that is written by hand, never made, and a new address
has question marks there until somebody says it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from werkzeug.routing import Rule

from tempuse.store.engine import open_register
from web import create_app
from web.site.rooms import Rooms

FOLDER = Path(__file__).parent
PROMISED = FOLDER / "routes.txt"
KINDS = ("public", "left", "nothing", "of_a_space", "reviewer", "planner", "administrator", "contact", "auditor")
_HEAD = """\
# Addresses are promises: method, address, the permission asked ("-": a file, which asks nothing), and who comes in.
# in; no, where they are refused; ask, where they are to sign in first. "nothing" is a person without a membership,
# "of_a_space" a planner over one space only, "reviewer" one of a department, "contact" one of an organisation.
"""


class Route(NamedTuple):
    """One method at one address; ``permission`` is empty where a file asks nothing."""

    method: str
    rule: Rule
    permission: str

    @property
    def name(self) -> str:
        """As both files write it."""
        return f"{self.method:<4} {self.rule.rule}"


def routes_of(app: Flask) -> Iterator[Route]:
    """The routes of an app, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        rooms = app.blueprints.get(rule.endpoint.split(".")[0])
        permission = rooms.permissions[rule.endpoint].value if isinstance(rooms, Rooms) else ""
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(method, rule, permission)


def promise_of(app: Flask) -> list[tuple[str, str]]:
    """What the app promises: (method and address, permission)."""
    found = {(route.name, route.permission or "-") for route in routes_of(app)}
    return sorted(found, key=lambda row: (row[0][5:], row[0]))


def promised() -> dict[tuple[str, str], list[str]]:
    """What ``routes.txt`` promises: by (method and address, permission), what becomes of each kind of person."""
    lines = [line for line in PROMISED.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0].split() == list(KINDS)
    found = {}
    for method, address, permission, *cells in (line.split() for line in lines[1:]):
        assert len(cells) == len(KINDS), address
        found[f"{method:<4} {address}", permission] = cells
    return found


def write(rows: list[tuple[str, str]]) -> None:
    """Write ``routes.txt``: who comes in stays as it is written there."""
    held = {name: cells for (name, _), cells in promised().items()}
    table = [("", "", *KINDS), *((*row, *held.get(row[0], "?" * len(KINDS))) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]
    PROMISED.write_text(_HEAD + "\n".join(lines) + "\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        register = open_register(f"{folder}/register.gpkg", Path(folder) / "home", create=True)
        write(promise_of(create_app(register)))
        register.close()
