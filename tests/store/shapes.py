"""What a database says of itself, for comparing a register that was upgraded with one that was made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from tempuse.store.engine import Connection


def shape_of(con: Connection) -> dict[str, Any]:
    """What the database says of itself: tables, columns, keys, indexes, triggers, and what other programs are told."""
    if con.dialect.name == "sqlite":
        # What SQLite has counted for its plans is there once it has counted.
        every = "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1, 2"
        objects = con.exec_driver_sql(every).all()
        found: dict[str, Any] = {"objects": [tuple(each) for each in objects]}
        for kind, name, _ in objects:
            if kind == "table":
                found[name] = [tuple(row) for row in con.exec_driver_sql(f'PRAGMA table_xinfo("{name}")')]
            if kind == "index":
                found[name] = [tuple(row) for row in con.exec_driver_sql(f'PRAGMA index_xinfo("{name}")')]
        made = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name"
        found["made"] = [tuple(each) for each in con.exec_driver_sql(made)]
        for name in ("gpkg_geometry_columns", "gpkg_extensions", "gpkg_spatial_ref_sys"):
            found[f"rows of {name}"] = sorted(map(str, con.exec_driver_sql(f"SELECT * FROM {name}").all()))
        told = "SELECT table_name, data_type, identifier, description, srs_id FROM gpkg_contents ORDER BY 1"
        found["contents"] = [tuple(row) for row in con.exec_driver_sql(told)]
        found["pragmas"] = [
            con.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("application_id", "user_version")
        ]
    else:
        here = con.info["schema"]
        asked = {
            # A column that went leaves a gap in the numbers, not in the order.
            "columns": "SELECT table_name, row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position),"
            " column_name, udt_name, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = :here ORDER BY 1, 2",
            "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = :here ORDER BY 1",
            "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = CAST(:here AS regnamespace) ORDER BY 1, 2",
            "sequences": "SELECT sequence_name, data_type FROM information_schema.sequences"
            " WHERE sequence_schema = :here ORDER BY 1",
            "geometries": "SELECT f_table_name, type, srid FROM geometry_columns"
            " WHERE f_table_schema = :here ORDER BY 1",
        }
        found = {
            what: [str(tuple(row)).replace(f"{here}.", "") for row in con.execute(text(query), {"here": here})]
            for what, query in asked.items()
        }
    con.rollback()
    return found
