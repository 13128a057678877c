"""What every table is made of: a row number, a place, and a noun's own fields as columns."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, MetaData

from tempuse.fields import Noun, fields_of
from tempuse.store.types import COLUMN_TYPES, GEOMETRY, WHOLE

metadata = MetaData()
# The nouns whose fields are columns here, in the order of their tables.
DECLARED: list[Noun] = []


def row_number() -> Column[int]:
    """The row number, which is the order in which rows came, and is never published."""
    return Column("id", WHOLE, primary_key=True, autoincrement=True)


def place() -> Column[Any]:
    """A column of geometries in EPSG:4326."""
    return Column("geometry", GEOMETRY)


def columns(noun: Noun) -> list[Column[Any]]:
    """A noun's columns, as its fields are declared."""
    DECLARED.append(noun)
    return [
        Column(name, COLUMN_TYPES[about["kind"]], nullable=not about.get("needed"))
        for name, about in fields_of(noun).items()
    ]
