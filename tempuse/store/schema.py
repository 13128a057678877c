"""The schema and its versions: made in one go, upgraded by hand-written steps (architecture, decision 15).

Alembic keeps the order of the steps and the number of the last one. Its batch mode is not used: it was seen
to drop guard and R*Tree triggers. A step that rebuilds a table calls ``gpkg.make_triggers`` afterwards.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from tempuse.errors import Conflict, NotFound, Unusable
from tempuse.store import gpkg
from tempuse.store.tables import GEOMETRY_TABLES, metadata

# What in the file is the GeoPackage's, not ours to compare or migrate.
FOREIGN = ("gpkg_", "rtree_", "sqlite_", "alembic_", "spatial_ref_sys")


@lru_cache(maxsize=1)
def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def newest() -> str:
    """The version that this program reads and writes."""
    return str(_scripts().get_current_head())


def version_of(con: Connection) -> str | None:
    """The version of a register, None where there is none."""
    if not inspect(con).has_table("register_state"):
        return None
    if not inspect(con).has_table("alembic_version"):
        return None
    version: str | None = con.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def check(con: Connection, address: str) -> None:
    """Return in silence when this is a register of our version.

    Raises:
        NotFound: the database has no register.
        Unusable: it is not a register, or one from an older or newer program.
    """
    version = version_of(con)
    if version is None:
        if con.dialect.name == "postgresql":
            raise NotFound("register.missing", path=address)
        raise Unusable("register.not_ours", path=address)
    if version != newest():
        known = {script.revision for script in _scripts().walk_revisions()}
        message = "register.older" if version in known else "register.newer"
        raise Unusable(message, path=address, version=version, newest=newest())


def make_schema(con: Connection) -> None:
    """Make every table, index and trigger in an empty database. Within a transaction.

    Raises:
        Conflict: there is something in it already.
        Unusable: PostGIS is not installed there.
    """
    if con.dialect.name == "sqlite":
        if con.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
            raise Conflict("register.exists", path=str(con.engine.url.database))
        gpkg.write_header(con)
        metadata.create_all(con)
        gpkg.register_tables(con)
    else:
        _make_postgis(con)
    MigrationContext.configure(con).stamp(_scripts(), newest())


def _make_postgis(con: Connection) -> None:
    address = con.engine.url.render_as_string()
    schema = str(con.scalar(text("SELECT current_setting('search_path')"))).split(",")[0].strip()
    con.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    if con.scalar(text("SELECT to_regclass(:name)"), {"name": f'"{schema}".register_state'}):
        raise Conflict("register.exists", path=address)
    if not con.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'")):
        if not con.scalar(text("SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'")):
            raise Unusable("register.no_postgis", path=address)
        con.exec_driver_sql("CREATE EXTENSION postgis SCHEMA public")
    metadata.create_all(con)
    for table in GEOMETRY_TABLES:
        con.exec_driver_sql(f"CREATE INDEX {table}_geometry ON {table} USING gist (geometry)")


def upgrade(con: Connection) -> list[str]:
    """Bring a register to our version, step by step; the steps that were made. Within a transaction.

    Raises:
        Unusable: it is not a register, or from a newer program.
    """
    before = version_of(con)
    if before is None:
        raise Unusable("register.not_ours", path=str(con.engine.url.render_as_string()))
    scripts = _scripts()
    known = {script.revision for script in scripts.walk_revisions()}
    if before not in known:
        values = {"version": before, "newest": newest()}
        raise Unusable("register.newer", path=str(con.engine.url.render_as_string()), **values)
    steps = [script.revision for script in scripts.iterate_revisions(newest(), before)]

    def to_newest(revision: Any, context: Any) -> Any:
        return scripts._upgrade_revs(newest(), revision)

    with EnvironmentContext(Config(), scripts, fn=to_newest) as environment:
        environment.configure(connection=con, target_metadata=metadata)
        environment.run_migrations()
    if con.dialect.name == "sqlite":
        gpkg.register_tables(con)
    return list(reversed(steps))


def is_ours(name: str) -> bool:
    """Whether a table is ours, rather than the GeoPackage's or PostGIS's own."""
    return not name.startswith(FOREIGN)
