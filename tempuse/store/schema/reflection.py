"""The tables of an older register in PostgreSQL as they stand there: today's definitions need not fit them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

from tempuse.store import schema
from tempuse.store.schema.migrations import STEPS
from tempuse.store.tables import metadata
from tempuse.store.types import GEOMETRY, WHOLE, Instant

# What PostgreSQL calls the types of our columns.
_TYPES: dict[str, TypeEngine[Any]] = {
    "text": Text(), "int8": WHOLE, "float8": Double(), "bool": Boolean(create_constraint=False), "date": Date(),
    "timestamptz": Instant(), "geometry": GEOMETRY, "bytea": LargeBinary(),
}  # fmt: skip


def old_tables(con: Connection) -> MetaData:
    """The tables of an old register that are ours, with their keys and indexes."""
    found, looked, place = MetaData(), inspect(con), con.info["schema"]
    needed = _needed(con)
    ours = {*metadata.tables, *(name for step in STEPS for name in step.takes)}
    for name, columns in schema.columns_of(con).items():
        if name not in ours:
            continue
        key = looked.get_pk_constraint(name, schema=place)["constrained_columns"]
        table = Table(
            name, found,
            *(_column(each, _TYPES[kind], is_key=each in key, needed=(name, each) in needed)
              for each, kind in columns.items()),
            *(UniqueConstraint(*each["column_names"]) for each in looked.get_unique_constraints(name, schema=place)),
            sqlite_autoincrement=_is_numbered_for_good(name, key),
        )  # fmt: skip
        for each in looked.get_indexes(name, schema=place):
            if "duplicates_constraint" not in each and None not in each["column_names"]:
                _add_index(table, each)
    return found


def _needed(con: Connection) -> set[tuple[str, str]]:
    """The columns, each with its table, in which something must stand."""
    query = text(
        "SELECT t.relname, c.attname FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid"
        " WHERE t.relnamespace = to_regnamespace(:place) AND c.attnum > 0 AND c.attnotnull"
    )
    return {(row[0], row[1]) for row in con.execute(query, {"place": schema.quoted(con.info["schema"])})}


def _column(name: str, kind: TypeEngine[Any], *, is_key: bool, needed: bool) -> Column[Any]:
    return Column(name, kind, primary_key=is_key, nullable=not needed, autoincrement=is_key and name == "id")


def _is_numbered_for_good(name: str, key: Sequence[str]) -> bool:
    """Whether a number is never given twice in a table of the file; one that is no more is taken for such a table."""
    today = metadata.tables.get(name)
    return key == ["id"] if today is None else bool(today.dialect_options["sqlite"]["autoincrement"])


def _add_index(table: Table, about: Mapping[str, Any]) -> None:
    options = about.get("dialect_options", {})
    if options.get("postgresql_using", "btree") != "btree":
        return  # PostGIS's own; in the file an R*Tree stands for it
    where = options.get("postgresql_where")
    some: dict[str, Any] = {} if where is None else {"sqlite_where": text(where)}
    Index(about["name"], *(table.c[each] for each in about["column_names"]), unique=about["unique"], **some)
