"""Every address of the app with what it asks: ``python -m tests.routes`` writes the promise, ``routes.txt``, anew."""

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
# Who comes in where: written by hand, never made.
WHO_COMES_IN = FOLDER / "who_comes_in.txt"


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


def promise_of(app: Flask) -> list[str]:
    """The lines of ``routes.txt``."""
    routes = list(routes_of(app))
    width = max(len(route.name) for route in routes)
    return sorted(
        {f"{route.name:<{width}}  {route.permission or '-'}" for route in routes}, key=lambda line: (line[5:], line)
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        register = open_register(f"{folder}/register.gpkg", Path(folder) / "home", create=True)
        PROMISED.write_text("\n".join(promise_of(create_app(register))) + "\n")
        register.close()
