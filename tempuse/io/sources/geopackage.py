"""A GeoPackage before GDAL opens it: whether it is one, which layers it has, how many rows these really hold."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WRITE_AHEAD = b"\x02"


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a layer: as counted, and as the file says, None where it says nothing."""

    found: int
    stated: int | None


def is_one(path: Path) -> bool:
    """Whether an SQLite file is a GeoPackage: by the table of contents that each must have."""
    with _opened(path) as con:
        names = {name.lower() for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {"gpkg_contents", "gpkg_spatial_ref_sys"} <= names


def at_rest(path: Path, scratch: Path) -> Path:
    """A GeoPackage that can be opened without changing it.

    SQLite folds what lies in a file beside it into the sender's own as soon as anybody opens it; then, and where the
    file is kept in that way of writing, a copy is read.
    """
    beside = [each for end in ("-wal", "-journal") if (each := Path(f"{path}{end}")).is_file() and each.stat().st_size]
    with path.open("rb") as file:
        ahead = _WRITE_AHEAD in file.read(20)[18:20]
    if not beside and not ahead:
        return path
    copy = scratch / "copy.gpkg"
    for each in scratch.glob("copy.gpkg*"):
        each.unlink()
    for each in (path, *beside):
        shutil.copyfile(each, scratch / f"copy.gpkg{each.name.removeprefix(path.name)}")
    with contextlib.closing(sqlite3.connect(copy)) as con:
        con.execute("PRAGMA journal_mode = DELETE").fetchall()
    return copy


def counts(path: Path) -> dict[str, Counts]:
    """How many rows each layer holds."""
    found: dict[str, Counts] = {}
    with _opened(path) as con:
        tables = {name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        stated: dict[str, int | None] = {}
        if "gpkg_ogr_contents" in tables:
            stated = dict(con.execute("SELECT table_name, feature_count FROM gpkg_ogr_contents").fetchall())
        for (name,) in con.execute("SELECT table_name FROM gpkg_contents").fetchall():
            with contextlib.suppress(sqlite3.Error):
                quoted = str(name).replace('"', '""')
                (count,) = con.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608  (quoted)
                told = stated.get(name)
                found[str(name)] = Counts(count, told if isinstance(told, int) else None)
    return found


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as it lies there: nothing beside it is looked at, nothing is written."""
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as con:
        con.execute("PRAGMA trusted_schema = OFF")
        yield con
