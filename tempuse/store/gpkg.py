"""What makes the SQLite file an OGC GeoPackage 1.3 that others read and only tempuse writes.

Sources: OGC 12-128r17 (GeoPackage 1.3.0), annex F.3 for the R*Tree triggers. The 1.3 triggers fail under
UPSERT: rows are updated, or deleted and inserted.
"""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import MetaData, Table
from sqlalchemy.engine import Connection

from tempuse.store.tables import metadata
from tempuse.store.types import wkb_of

APPLICATION_ID = 0x47504B47
USER_VERSION = 10300

# A trigger on each table calls this function, which only our connections know. Another program's edit
# fails, and its error message is this name: so it is a sentence.
GUARD = "edit_this_register_with_tempuse"

_SYSTEM_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""

_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],'
    'AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

_DESCRIPTIONS = {
    "spaces": "Vacant buildings, units and plots, with what only the office may see",
    "areas": "Municipality, districts, neighbourhoods, water and green",
    "reports": "What citizens told",
    "published": "What the public may see, as the doors serve it",
}


def write_header(con: Connection) -> None:
    """Make an empty database a GeoPackage: identity, system tables and their first rows."""
    con.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    con.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _SYSTEM_TABLES.split(";\n"):
        if statement.strip():
            con.exec_driver_sql(statement)
    con.exec_driver_sql(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?)",
        (
            "WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84_WKT, "longitude/latitude coordinates in decimal degrees",
            "Undefined cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian coordinate reference system",
            "Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system",
        ),
    )  # fmt: skip


def register_tables(con: Connection, tables: MetaData = metadata) -> None:
    """Tell other programs about each table that they have not been told of; make missing R*Trees."""
    known = {row[0] for row in con.exec_driver_sql("SELECT table_name FROM gpkg_contents")}
    for table in tables.sorted_tables:
        name = table.name
        if name in known:
            continue
        spatial = _tree_key(table) is not None
        con.exec_driver_sql(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
            (
                name,
                "features" if spatial else "attributes",
                name,
                _DESCRIPTIONS.get(name, ""),
                4326 if spatial else None,
            ),
        )
        if spatial:
            con.exec_driver_sql(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geometry', 'GEOMETRY', 4326, 0, 0)", (name,)
            )
            con.exec_driver_sql(
                "INSERT INTO gpkg_extensions VALUES (?, 'geometry', 'gpkg_rtree_index',"
                " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
                (name,),
            )
            con.exec_driver_sql(f"CREATE VIRTUAL TABLE rtree_{name}_geometry USING rtree(id, minx, maxx, miny, maxy)")
    make_triggers(con, tables.sorted_tables)


def make_triggers(con: Connection, tables: Iterable[Table]) -> None:
    """(Re)create every trigger of these tables: the R*Trees' and the guards. Called again after each rebuild."""
    for table in tables:
        for name, body in triggers_of(table).items():
            con.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            con.exec_driver_sql(f"CREATE TRIGGER {name} {body}")


@contextlib.contextmanager
def without_triggers(con: Connection, *tables: str) -> Iterator[None]:
    """A bulk load within a transaction: no guards, no R*Tree triggers on these tables until it ends.

    Whoever loads into them fills their R*Trees with ``load_rtree``; nobody else writes to them meanwhile. A
    load that fails must take its transaction back, and the triggers come back with it.
    """
    if con.dialect.name == "sqlite":
        for table in tables:
            for name in triggers_of(metadata.tables[table]):
                con.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    yield
    if con.dialect.name == "sqlite":
        make_triggers(con, [metadata.tables[table] for table in tables])


def load_rtree(con: Connection, table: str, keys: Sequence[int], geometries: Sequence[Any]) -> None:
    """Put these rows into the R*Tree of a table of the GeoPackage; PostGIS keeps its own."""
    if con.dialect.name != "sqlite" or not len(geometries):
        return
    column = np.empty(len(geometries), object)
    column[:] = geometries
    bounds = shapely.bounds(column)
    placed = np.isfinite(bounds[:, 0])
    rows = zip(np.asarray(keys, np.int64)[placed].tolist(), *bounds[placed][:, (0, 2, 1, 3)].T.tolist(), strict=True)
    cursor: Any = con.connection.cursor()
    cursor.executemany(f"INSERT OR REPLACE INTO rtree_{table}_geometry VALUES (?, ?, ?, ?, ?)", rows)


def triggers_of(table: Table) -> dict[str, str]:
    """What follows CREATE TRIGGER and its name, for each trigger that a table must have."""
    guards = {
        f"guard_{table.name}_{verb.lower()}": f'BEFORE {verb} ON "{table.name}" BEGIN SELECT {GUARD}(); END'
        for verb in ("INSERT", "UPDATE", "DELETE")
    }
    key = _tree_key(table)
    return guards if key is None else {**guards, **_rtree_triggers(table.name, key)}


def _tree_key(table: Table) -> str | None:
    """The key by which a table's R*Tree knows its rows; None for a table without geometries."""
    return next(iter(table.primary_key)).name if "geometry" in table.c else None


def _rtree_triggers(table: str, key: str) -> dict[str, str]:
    tree = f"rtree_{table}_geometry"
    some = "NEW.geometry NOTNULL AND NOT ST_IsEmpty(NEW.geometry)"
    none = "NEW.geometry ISNULL OR ST_IsEmpty(NEW.geometry)"
    put = (
        f"INSERT OR REPLACE INTO {tree} VALUES"
        f" (NEW.{key}, ST_MinX(NEW.geometry), ST_MaxX(NEW.geometry), ST_MinY(NEW.geometry), ST_MaxY(NEW.geometry));"
    )
    return {
        f"{tree}_insert": f"AFTER INSERT ON {table} WHEN (new.geometry NOT NULL AND NOT ST_IsEmpty(NEW.geometry)) "
        f"BEGIN {put} END",
        f"{tree}_update1": f"AFTER UPDATE OF geometry ON {table} WHEN OLD.{key} = NEW.{key} AND ({some}) "
        f"BEGIN {put} END",
        f"{tree}_update2": f"AFTER UPDATE OF geometry ON {table} WHEN OLD.{key} = NEW.{key} AND ({none}) "
        f"BEGIN DELETE FROM {tree} WHERE id = OLD.{key}; END",
        f"{tree}_update3": f"AFTER UPDATE ON {table} WHEN OLD.{key} != NEW.{key} AND ({some}) "
        f"BEGIN DELETE FROM {tree} WHERE id = OLD.{key}; {put} END",
        f"{tree}_update4": f"AFTER UPDATE ON {table} WHEN OLD.{key} != NEW.{key} AND ({none}) "
        f"BEGIN DELETE FROM {tree} WHERE id IN (OLD.{key}, NEW.{key}); END",
        f"{tree}_delete": f"AFTER DELETE ON {table} WHEN old.geometry NOT NULL "
        f"BEGIN DELETE FROM {tree} WHERE id = OLD.{key}; END",
    }


def add_functions(connection: sqlite3.Connection) -> None:
    """Give one SQLite connection the functions that the triggers call."""
    connection.create_function(GUARD, 0, lambda: None)
    functions: tuple[tuple[str, Callable[[bytes], Any]], ...] = (
        ("ST_MinX", lambda blob: _bounds(blob)[0]),
        ("ST_MaxX", lambda blob: _bounds(blob)[1]),
        ("ST_MinY", lambda blob: _bounds(blob)[2]),
        ("ST_MaxY", lambda blob: _bounds(blob)[3]),
        ("ST_IsEmpty", lambda blob: None if blob is None else int(bool(blob[3] & 0x10))),
    )
    for name, function in functions:
        connection.create_function(name, 1, function, deterministic=True)


def _bounds(blob: bytes) -> tuple[float, float, float, float]:
    """Min x, max x, min y, max y of a GeoPackageBinary; our own blobs answer without parsing."""
    if blob[3] == 3:
        return struct.unpack_from("<4d", blob, 8)
    if blob[3] == 1 and len(blob) == 29:
        x, y = struct.unpack_from("<2d", blob, 13)
        return x, x, y, y
    west, south, east, north = shapely.from_wkb(wkb_of(blob)).bounds
    return west, east, south, north
