"""The schema and its versions: made in one go, upgraded by hand-written steps (architecture, decision 15).

The number of the last step stands in the table ``alembic_version``, where the first registers have it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.engine import Connection

from tempuse.errors import Conflict, NotFound, Unusable
from tempuse.store import gpkg
from tempuse.store.schema.migrations import STEPS, Step
from tempuse.store.schema.migrations.work import Progress
from tempuse.store.tables import GEOMETRY_TABLES, metadata


def newest() -> str:
    """The version that this program reads and writes."""
    return STEPS[-1].version


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def name_of(con: Connection) -> str | None:
    """The schema of a register in PostgreSQL; None for a file."""
    return str(con.info["schema"]) if con.dialect.name == "postgresql" else None


def of(con: Connection) -> str:
    """The same as SQL writes it before a table's name, with its dot; nothing for a file."""
    name = name_of(con)
    return "" if name is None else f"{quoted(name)}."


def version_of(con: Connection) -> str | None:
    """The version of a register, None where there is none: on PostgreSQL in the schema of its address alone."""
    where = of(con)
    if where:
        there = "SELECT to_regclass(:state) IS NOT NULL AND to_regclass(:version) IS NOT NULL"
        names = {"state": f"{where}register_state", "version": f"{where}alembic_version"}
        found = con.scalar(text(there), names)
    else:
        there = "SELECT count(*) = 2 FROM sqlite_master WHERE name IN ('register_state', 'alembic_version')"
        found = con.scalar(text(there))
    if not found:
        return None
    version: str | None = con.scalar(text(f"SELECT version_num FROM {where}alembic_version"))  # noqa: S608
    return version


def check(con: Connection, address: str) -> None:
    """Return in silence when this is a whole register of our version.

    Raises:
        NotFound: the database has no register.
        Unusable: it is not a register, or one from an older or newer program, or a table or column is missing.
    """
    check_version(con, address)
    if lacking := missing(con):
        raise Unusable("register.incomplete", path=address, what=", ".join(lacking[:5]))


def check_version(con: Connection, address: str) -> None:
    """Return in silence when this is a register of our version; a look at one row.

    Raises:
        NotFound: the database has no register.
        Unusable: it is not a register, or one from an older or newer program.
    """
    version = check_known(con, address)
    if version != newest():
        raise Unusable("register.older", path=address, version=version, newest=newest())


def check_known(con: Connection, address: str) -> str:
    """The version of a register of ours, of today or older.

    Raises:
        NotFound: the database has no register.
        Unusable: it is not a register, or one from a newer program.
    """
    version = version_of(con)
    if version is None:
        if con.dialect.name == "postgresql":
            raise _no_register(con, address)
        raise Unusable("register.not_ours", path=address)
    if version not in {step.version for step in STEPS}:
        raise Unusable("register.newer", path=address, version=version, newest=newest())
    return version


def _no_register(con: Connection, address: str) -> NotFound:
    name = con.info["schema"]
    if con.scalar(text("SELECT to_regnamespace(:name)"), {"name": quoted(name)}) is None:
        return NotFound("register.no_schema", path=address, schema=name)
    return NotFound("register.missing", path=address)


def find_postgis(ask: Callable[[str], Any], name: str) -> None:
    """Let a session find PostGIS, by the schema that it is in, after the register's own.

    Args:
        ask: executes a statement; what it gives has ``fetchone``.
        name: the register's schema.
    """
    where = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'postgis'"
    found = ask(where).fetchone()
    ask("SET search_path = " + ", ".join([quoted(name), *(found or ())]))


def missing(con: Connection) -> list[str]:
    """Tables and columns that a register of our version must have and this one has not."""
    held = columns_of(con)
    tables = [name for name in metadata.tables if name not in held]
    columns = [
        f"{name}.{column.name}" for name, table in metadata.tables.items() if name in held
        for column in table.columns if column.name not in held[name]
    ]  # fmt: skip
    return sorted(tables) + sorted(columns)


def columns_of(con: Connection) -> dict[str, dict[str, str]]:
    """Every table that is there with the types of its columns, as the database names them."""
    if con.dialect.name == "sqlite":
        query = text(
            "SELECT t.name, c.name, c.type FROM sqlite_master t JOIN pragma_table_info(t.name) c"
            " WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY t.name, c.cid"
        )
    else:
        query = text(
            "SELECT t.relname, c.attname, y.typname FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid"
            " JOIN pg_type y ON y.oid = c.atttypid WHERE t.relnamespace = to_regnamespace(:place)"
            " AND t.relkind IN ('r', 'p') AND c.attnum > 0 AND NOT c.attisdropped ORDER BY t.relname, c.attnum"
        ).bindparams(place=of(con)[:-1])
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in con.execute(query):
        found.setdefault(table, {})[column] = kind
    return found


def make_schema(con: Connection) -> None:
    """Make every table, index and trigger in an empty database. Within a transaction.

    Raises:
        Conflict: there is something in it already.
        Unusable: PostGIS is not installed there.
    """
    if con.dialect.name == "sqlite":
        make_file(con, metadata, newest())
        return
    _make_postgis(con)
    _note_version(con, newest())


def make_file(con: Connection, tables: MetaData, version: str) -> None:
    """Make a GeoPackage with these tables, which are those of a version, in an empty file. Within a transaction.

    Raises:
        Conflict: there is something in it already.
    """
    if con.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
        raise Conflict("register.exists", path=str(con.engine.url.database))
    gpkg.write_header(con)
    tables.create_all(con)
    gpkg.register_tables(con, tables)
    _note_version(con, version)


def _note_version(con: Connection, version: str) -> None:
    con.exec_driver_sql(
        f"CREATE TABLE {of(con)}alembic_version (version_num VARCHAR(32) NOT NULL,"
        " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    con.execute(text(f"INSERT INTO {of(con)}alembic_version VALUES (:version)"), {"version": version})  # noqa: S608


def _make_postgis(con: Connection) -> None:
    address = con.engine.url.render_as_string()
    where = of(con)
    con.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {where[:-1]}")
    if con.scalar(text("SELECT to_regclass(:name)"), {"name": f"{where}register_state"}):
        raise Conflict("register.exists", path=address)
    if not con.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")):
        if not con.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")):
            raise Unusable("register.no_postgis", path=address)
        con.exec_driver_sql("CREATE EXTENSION postgis SCHEMA public")
        find_postgis(con.exec_driver_sql, con.info["schema"])
    metadata.create_all(con)
    for table in GEOMETRY_TABLES:
        con.exec_driver_sql(f"CREATE INDEX {table}_geometry ON {where}{table} USING gist (geometry)")


def _in_silence(what: str, done: int, of: int) -> None:
    """Nobody asked how far an upgrade is."""


def upgrade(
    con: Connection, now: datetime, progress: Progress = _in_silence, steps: Sequence[Step] = STEPS
) -> list[str]:
    """Bring a register to our version, step by step; the steps that were made. Within a transaction.

    Args:
        con: a connection within a writing transaction.
        now: the instant.
        progress: told (what, rows done, rows in all) now and then.
        steps: every step there is, in their order.

    Raises:
        NotFound: the database has no register.
        Unusable: it is not a register, or from a newer program, or a table or column is missing.
    """
    address = con.engine.url.render_as_string()
    before = check_known(con, address)
    waiting = [step for step in steps if step.version > before]
    for step in waiting:
        step.make(con, now, progress)
        noted = text(f"UPDATE {of(con)}alembic_version SET version_num = :version")  # noqa: S608
        con.execute(noted, {"version": step.version})
    if lacking := missing(con):
        raise Unusable("register.incomplete", path=address, what=", ".join(lacking[:5]))
    if waiting and con.dialect.name == "sqlite":
        gpkg.register_tables(con)
    return [step.version for step in waiting]
