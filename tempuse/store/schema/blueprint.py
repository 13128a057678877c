"""What a register is built of (tables, columns, indexes, triggers, entries for other programs), held against the plan.

The plan is what ``schema.make_schema`` makes in an empty database. Names and kinds are compared, not the text of the
statements: a register that was upgraded has the same columns in another order. What others have put beside ours in
the file is theirs, but for triggers on our tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from tempuse.store import gpkg, schema
from tempuse.store.permit_tables import GUARDS
from tempuse.store.tables import GEOMETRY_TABLES, metadata

Parts = dict[tuple[str, str], Any]
# What can be made anew from the plan alone, without the data of a backup.
MENDED = frozenset({"index", "trigger", "constraint", "entry", "spatial index"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that is ``missing``, ``other`` than planned, or ``strange``: not planned at all."""

    how: str
    kind: str
    name: str


def differences(con: Connection) -> list[Difference]:
    """What is built otherwise than planned."""
    planned, built = _planned(con), _built(con)
    found = [Difference("missing", *part) for part in planned if part not in built]
    found += [Difference("other", *part) for part in planned if part in built and planned[part] != built[part]]
    found += [Difference("strange", *part) for part in built if part not in planned and part[0] == "trigger"]
    return found


def mend(con: Connection) -> int:
    """Make missing parts anew (MENDED), take strange triggers away; how many. Within a transaction."""
    found = [each for each in differences(con) if each.kind in MENDED]
    if con.dialect.name == "sqlite":
        _mend_file(con, found)
    for each in found:
        if each.kind == "index":
            _mend_index(con, each.name)
        elif each.kind == "constraint":
            con.exec_driver_sql(GUARDS[each.name])
    return len(found)


def _mend_file(con: Connection, found: list[Difference]) -> None:
    for each in found:
        if each.how == "strange":
            con.exec_driver_sql(f'DROP TRIGGER "{each.name}"')
        if each.kind in ("entry", "spatial index"):
            # Told anew, table by table, with everything that belongs to it.
            table = each.name.split()[0]
            for name in ("gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"):
                con.exec_driver_sql(f"DELETE FROM {name} WHERE table_name = ?", (table,))
            _drop_tree(con, table)
    gpkg.register_tables(con)
    planned, built = _planned_file(), _built_file(con)
    for each in found:
        part = (each.kind, each.name)
        if each.kind == "trigger" and part in planned and built.get(part) != planned[part]:
            con.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{each.name}"')
            con.exec_driver_sql(planned[part])


def rebuild_tree(con: Connection, table: str) -> None:
    """An empty R*Tree in the place of a table's, however broken that is. Within a transaction."""
    _drop_tree(con, table)
    con.exec_driver_sql(f"CREATE VIRTUAL TABLE rtree_{table}_geometry USING rtree(id, minx, maxx, miny, maxy)")


def _drop_tree(con: Connection, table: str) -> None:
    """Take an R*Tree away. SQLite opens it first, so one that cannot be opened gets an empty root before."""
    name = f"rtree_{table}_geometry"
    built = {row[0] for row in con.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for end, columns in _TREE_TABLES.items():
        if name in built:
            con.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {name}_{end} ({columns})")
            con.exec_driver_sql(f"DELETE FROM {name}_{end}")
        else:
            con.exec_driver_sql(f"DROP TABLE IF EXISTS {name}_{end}")
    if name in built:
        con.exec_driver_sql(f"INSERT INTO {name}_node VALUES (1, zeroblob({_NODE_BYTES}))")
        con.exec_driver_sql(f"DROP TABLE {name}")


# SQLite's own tables behind an R*Tree, and how large a node of four coordinates is (51 entries and a head).
_TREE_TABLES = {
    "node": "nodeno INTEGER PRIMARY KEY, data",
    "rowid": "rowid INTEGER PRIMARY KEY, nodeno",
    "parent": "nodeno INTEGER PRIMARY KEY, parentnode",
}
_NODE_BYTES = 4 + 51 * 24


def _mend_index(con: Connection, name: str) -> None:
    place = "" if con.dialect.name == "sqlite" else f'"{_schema_of(con)}".'
    con.exec_driver_sql(f'DROP INDEX IF EXISTS {place}"{name}"')
    for table in metadata.sorted_tables:
        for index in table.indexes:
            if index.name == name:
                index.create(con)
    if (table_name := name.removesuffix("_geometry")) in GEOMETRY_TABLES and table_name != name:
        con.exec_driver_sql(f'CREATE INDEX "{name}" ON {place}"{table_name}" USING gist (geometry)')


def _schema_of(con: Connection) -> str:
    return str(con.info["schema"])


def _planned(con: Connection) -> Parts:
    return _planned_file() if con.dialect.name == "sqlite" else _planned_database()


@lru_cache(maxsize=1)
def _planned_file() -> Parts:
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as con:
            driver: Any = con.connection.driver_connection
            gpkg.add_functions(driver)
            schema.make_schema(con)
            return _built(con)
    finally:
        engine.dispose()


def _built(con: Connection) -> Parts:
    return _built_file(con) if con.dialect.name == "sqlite" else _built_database(con)


def _built_file(con: Connection) -> Parts:
    parts: Parts = {}
    ours = {table.name for table in metadata.sorted_tables}
    for kind, name, table, sql in con.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").all():
        if kind == "table" and name in ours:
            parts["table", name] = True
            for _, column, type_, _, _, key in con.exec_driver_sql(f'PRAGMA table_info("{name}")'):
                parts["column", f"{name}.{column}"] = (type_.upper(), bool(key))
            _indexes_of(con, name, parts)
        elif kind == "table" and name.startswith("rtree_") and (own := _of_tree(name)):
            parts["spatial index", f"{own} {name}"] = True
        elif kind == "trigger" and (table in ours or _of_tree(table)):
            parts["trigger", name] = " ".join(sql.split())
    for query in (
        "SELECT 'gpkg_contents', table_name, data_type, srs_id FROM gpkg_contents",
        "SELECT 'gpkg_geometry_columns', table_name, column_name, srs_id FROM gpkg_geometry_columns",
        "SELECT 'gpkg_extensions', table_name, extension_name, scope FROM gpkg_extensions",
    ):
        for where, table, *about in con.exec_driver_sql(query):
            if table in ours:
                parts["entry", f"{table} {where}"] = tuple(about)
    for (number,) in con.exec_driver_sql("SELECT srs_id FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326)"):
        parts["reference system", str(number)] = True
    return parts


def _of_tree(name: str) -> str:
    own = name.removeprefix("rtree_").removesuffix("_geometry")
    return own if name == f"rtree_{own}_geometry" and own in GEOMETRY_TABLES else ""


def _indexes_of(con: Connection, table: str, parts: Parts) -> None:
    for _, name, unique, origin, partial in con.exec_driver_sql(f'PRAGMA index_list("{table}")').all():
        columns = tuple(row[2] for row in con.exec_driver_sql(f'PRAGMA index_info("{name}")'))
        if origin == "c":
            parts["index", name] = (table, columns, bool(unique), bool(partial))
        elif origin == "u":
            parts["unique", f"{table} {columns}"] = True


def _planned_database() -> Parts:
    parts: Parts = {}
    for table in metadata.sorted_tables:
        parts["table", table.name] = True
        parts.update({("column", f"{table.name}.{column.name}"): True for column in table.c})
        of_both = (index for index in table.indexes if index.info.get("only") != "sqlite")
        parts.update({("index", str(index.name)): True for index in of_both})
    parts.update({("index", f"{table}_geometry"): True for table in GEOMETRY_TABLES})
    parts.update({("constraint", name): True for name in GUARDS})
    return parts


def _built_database(con: Connection) -> Parts:
    parts: Parts = {}
    here = {"schema": _schema_of(con)}
    for table, column in con.execute(text(_COLUMNS), here):
        if table in metadata.tables:
            parts["table", table] = True
            parts["column", f"{table}.{column}"] = True
    for kind, query in (("index", _INDEXES), ("trigger", _TRIGGERS), ("constraint", _CONSTRAINTS)):
        parts.update({(kind, name): True for (name,) in con.execute(text(query), here)})
    return parts


_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = :schema
"""
_INDEXES = """
    SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_namespace n ON n.oid = i.relnamespace
    WHERE n.nspname = :schema AND x.indisvalid AND NOT x.indisprimary
"""
_TRIGGERS = """
    SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND n.nspname = :schema
"""
_CONSTRAINTS = """
    SELECT k.conname FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
    WHERE k.contype IN ('c', 'x') AND k.convalidated AND n.nspname = :schema
"""
