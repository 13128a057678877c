"""Small lists that were compared with a register and wait to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tempuse.access import SYSTEM
from tempuse.registry.importing.opening import ImportRequest, open_import
from tempuse.registry.importing.prepare import prepare_import
from tempuse.store.engine import Connection
from tempuse.store.import_staging import Staging

HEADER = "Ref,Name,Address,Lon,Lat,Floor area,Ownership"


@contextmanager
def staged(
    con: Connection, folder: Path, now: datetime, name: str, rows: list[str], header: str = HEADER
) -> Iterator[Staging]:  # fmt: skip
    """A list that was compared and waits to be confirmed."""
    path = folder / f"{name}.csv"
    path.write_text("\n".join([header, *rows]))
    scratch = folder / f"scratch-{name}"
    scratch.mkdir()
    opened = open_import(con, ImportRequest(path, within="BE", source="list", status="verified"), scratch)
    con.rollback()
    staging = prepare_import(con, SYSTEM, opened, now, scratch / "staging")
    yield staging
    staging.close()


def a_line(number: int, area: int = 100, lon: float = 3.71) -> str:
    return f"{number:03d},Store {number},{number} Ferry Street,{lon + number * 0.002:.4f},51.05,{area},municipality"
