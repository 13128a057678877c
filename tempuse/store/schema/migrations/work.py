"""What the steps are made of: a column more, values for many rows, a table rebuilt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine

from tempuse.store import gpkg

# Told (what is done, rows done, rows in all) now and then.
Progress = Callable[[str, int, int], None]

BATCH = 10_000


def add_column(con: Connection, table: str, name: str, kind: TypeEngine[Any]) -> None:
    """One more column, empty in every row."""
    of = kind.compile(con.dialect)
    con.exec_driver_sql(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {of}')


def fill(con: Connection, table: str, key: str, values: str, progress: Progress) -> None:
    """Set columns in every row, so many rows at once, from what stands in the row.

    Args:
        con: a connection within the upgrade.
        table: which table.
        key: its whole-numbered primary key.
        values: what stands after SET in SQL.
        progress: told after each batch.
    """
    count = int(con.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar() or 0)  # noqa: S608
    done = 0
    last = int(con.exec_driver_sql(f'SELECT coalesce(min("{key}"), 0) - 1 FROM "{table}"').scalar() or 0)  # noqa: S608
    some = text(f'SELECT "{key}" FROM "{table}" WHERE "{key}" > :last ORDER BY "{key}" LIMIT {BATCH}')  # noqa: S608
    while True:
        keys = list(con.scalars(some, {"last": last}))
        if not keys:
            return
        where = f'"{key}" BETWEEN :first AND :last'
        con.execute(text(f'UPDATE "{table}" SET {values} WHERE {where}'), {"first": keys[0], "last": keys[-1]})  # noqa: S608
        last, done = keys[-1], done + len(keys)
        progress(table, done, count)


def rebuild(con: Connection, table: Table, progress: Progress) -> None:
    """Give a table of the GeoPackage another definition, with the rows that it has; SQLite cannot change most of one.

    Its indexes and triggers are made anew; its R*Tree stays as it is, for the rows keep their keys, and so does
    the number that the next row gets.

    Args:
        con: a connection within the upgrade, to the file.
        table: the definition, in a MetaData of the step's own; columns that the old table has under the same name
            keep their values.
        progress: told how far it is.
    """
    name, new = table.name, f"{table.name}_new"
    before = {row[1] for row in con.exec_driver_sql(f'PRAGMA table_info("{name}")')}
    kept = ", ".join(f'"{column.name}"' for column in table.columns if column.name in before)
    count = int(con.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0)  # noqa: S608
    numbered = bool(con.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").scalar())
    last = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    number = con.exec_driver_sql(last, (name,)).scalar() if numbered else None
    progress(name, 0, count)
    # Not by ``to_metadata``, which copies the constraints in any order: their indexes are numbered by it.
    made = str(CreateTable(table).compile(con))
    con.exec_driver_sql(made.replace(f"CREATE TABLE {name} ", f'CREATE TABLE "{new}" ', 1))
    con.exec_driver_sql(f'INSERT INTO "{new}" ({kept}) SELECT {kept} FROM "{name}"')  # noqa: S608
    con.exec_driver_sql(f'DROP TABLE "{name}"')
    con.exec_driver_sql(f'ALTER TABLE "{new}" RENAME TO "{name}"')
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        con.execute(CreateIndex(index))
    if number is not None:
        con.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        con.exec_driver_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, number))
    gpkg.make_triggers(con, [table])
    progress(name, count, count)
