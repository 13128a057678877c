"""The one predicate that differs between the engines: does a geometry's box meet this box?"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, func, select, table
from sqlalchemy import column as named
from sqlalchemy.engine import Connection

from tempuse.geometry import Box
from tempuse.store.tables import GEOMETRY_TABLES


def in_box(con: Connection, of: Table, box: Box) -> ColumnElement[bool]:
    """Rows whose geometry's own box meets a box, by the R*Tree or the GiST index."""
    if con.dialect.name == "postgresql":
        return of.c.geometry.bool_op("&&")(func.ST_MakeEnvelope(*box, 4326))
    tree = table(f"rtree_{of.name}_geometry", *(named(each) for each in ("id", "minx", "maxx", "miny", "maxy")))
    near = select(tree.c.id).where(
        tree.c.maxx >= box.west, tree.c.minx <= box.east, tree.c.maxy >= box.south, tree.c.miny <= box.north
    )
    return of.c[GEOMETRY_TABLES[of.name]].in_(near)
