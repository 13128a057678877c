"""Snapshots of a register, and copies from one engine to the other."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, func, insert, select
from sqlalchemy.engine import Connection, create_engine
from sqlalchemy.engine.url import URL

from tempuse.store import accounts, gpkg, schema
from tempuse.store.engine import Register, reading
from tempuse.store.records import walk
from tempuse.store.schema.reflection import old_tables
from tempuse.store.tables import metadata

BATCH = 1000


def snapshot(con: Connection, target: Path) -> str | None:
    """The register as it is now, as a GeoPackage file of its own; writers go on meanwhile. Gives its version.

    By SQLite's backup API where it is a file; row by row, in one snapshot, where it is in PostgreSQL: with the
    tables that it has, for a register of an older version is backed up before it is upgraded.

    Args:
        con: an idle connection.
        target: where the file goes; must not be there yet.
    """
    if con.dialect.name == "sqlite":
        copy = sqlite3.connect(target)
        try:
            driver: Any = con.connection.driver_connection
            driver.backup(copy, pages=10_000, sleep=0.01)
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        con.rollback()
    engine = create_engine(URL.create("sqlite", database=str(target)))
    try:
        with engine.connect() as into:
            if con.dialect.name == "postgresql":
                _copy_out(con, into)
            return schema.version_of(into)
    finally:
        engine.dispose()


def _copy_out(con: Connection, into: Connection) -> None:
    """Copy a register in PostgreSQL into an empty file."""
    driver: Any = into.connection.driver_connection
    driver.isolation_level = None
    gpkg.add_functions(driver)
    into.exec_driver_sql("BEGIN")
    with reading(con):
        version = schema.check_known(con, con.engine.url.render_as_string())
        tables = metadata if version == schema.newest() else old_tables(con)
        schema.make_file(into, tables, version)
        copy_all(con, into, tables)
    driver.execute("COMMIT")


def copy_all(origin: Connection, target: Connection, tables: MetaData = metadata) -> None:
    """Every row of every table into the same, empty tables of another database. Within transactions."""
    for table in tables.sorted_tables:
        if target.dialect.name == "postgresql":
            target.execute(table.delete())
        _copy(origin, target, table)
        if target.dialect.name == "postgresql" and "id" in table.c:
            where = schema.quoted(target.get_execution_options()["schema_translate_map"][None])
            sequence = func.pg_get_serial_sequence(f"{where}.{table.name}", "id")
            highest = select(func.coalesce(func.max(table.c.id), 1)).scalar_subquery()
            target.execute(select(func.setval(sequence, highest)))


def _copy(origin: Connection, target: Connection, table: Table) -> None:
    key = next(iter(table.primary_key.columns))
    for rows in walk(origin, select(table), key, BATCH):
        target.execute(insert(table), [dict(row._mapping) for row in rows])


def snapshot_accounts(register: Register, target: Path) -> None:
    """The accounts as they are now, as an SQLite file of their own; none where there are no accounts yet."""
    if register.is_file and not (register.home / "accounts.sqlite").exists():
        return
    held = accounts.Accounts(register)
    engine = create_engine(URL.create("sqlite", database=str(target)))
    with held.engine.connect() as origin, engine.begin() as into:
        accounts.metadata.create_all(into)
        copy_all(origin, into, accounts.metadata)
    engine.dispose()
    held.session.remove()


def bring_back_accounts(register: Register, origin: Path) -> None:
    """Put the accounts of a snapshot where this register keeps them, which must be empty."""
    held = accounts.Accounts(register)
    engine = create_engine(URL.create("sqlite", database=str(origin)))
    with engine.connect() as source, held.engine.begin() as into:
        copy_all(source, into, accounts.metadata)
    engine.dispose()
    held.session.remove()
