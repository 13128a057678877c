"""A collection that leaks, to see that the tests of privacy find such a one by themselves.

It publishes what citizens told, and where a hidden space is. A module of ``tempuse.publication`` and two rows of
tables are what a real one has; here the same is put in for one test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from tempuse.geojson import feature_text
from tempuse.publication import COLLECTIONS, Collection, Published, Publisher
from tempuse.registry.origins import ORIGINS, Origin, Right
from tempuse.store.engine import Connection
from tempuse.store.tables import reports, spaces
from web.public import downloads
from web.site.rooms import Rooms

NAME = "whispers"


def _every(con: Connection, rule: Publisher) -> Iterator[Right]:
    where = " ".join(each or "" for each in con.scalars(select(spaces.c.address).order_by(spaces.c.id)))
    yield {
        row.ref: Published(
            collection=NAME, ref=row.ref, geometry=None,
            feature=feature_text(row.ref, None, {"ref": row.ref, "text": row.text, "near": where}),
        )
        for row in con.execute(select(reports).order_by(reports.c.id))
    }  # fmt: skip


def _some(con: Connection, rule: Publisher, refs: Sequence[str]) -> Right:
    return {ref: row for right in _every(con, rule) for ref, row in right.items() if ref in refs}


def put_in(patch: pytest.MonkeyPatch) -> None:
    """Let there be such a collection."""
    patch.setitem(COLLECTIONS, NAME, Collection(NAME, "report", ()))
    patch.setitem(ORIGINS, NAME, Origin(_some, _every, lambda con: 1))


def open_door(app: Flask) -> None:
    """Give it the door that each collection has."""
    rooms = Rooms(NAME, __name__, is_public=True)
    downloads.add_file_of(rooms, NAME)
    app.register_blueprint(rooms)
