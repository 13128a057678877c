"""Small registers as earlier versions made them, with one of everything: in a backup, and as text for PostGIS.

``data/register-NNNN.zip`` is what ``tempuse backup`` wrote by that version, with the file within;
``data/register-NNNN.sql.gz`` is what pg_dump wrote of the same register in PostgreSQL. Neither can be made again by a
later program: ``keep_register`` made them while it could.
"""

from __future__ import annotations

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

import psycopg

from tempuse.registry.care import checking
from tempuse.registry.care.findings import Finding
from tempuse.store.engine import Connection, Register, is_url, open_register
from tempuse.store.schema.migrations import STEPS

FOLDER = Path(__file__).parent / "data"
# Those from which there is something to upgrade; the newest may be kept already.
EARLIER = tuple(step.version for step in STEPS[:-1])


def archive_of(version: str) -> Path:
    """Its backup."""
    return FOLDER / f"register-{version}.zip"


def text_of(version: str) -> Path:
    """Its dump."""
    return FOLDER / f"register-{version}.sql.gz"


def put(address: str, home: Path, version: str) -> Register:
    """Put the old register at an address, with its home; opened, not looked into."""
    with zipfile.ZipFile(archive_of(version)) as archive:
        for name in archive.namelist():
            if name.startswith("home/"):
                archive.extract(name, home.parent / "unpacked")
        (home.parent / "unpacked" / "home").rename(home)
        if is_url(address):
            _put_into_postgres(*address.split("?schema="), version)
        else:
            Path(address).write_bytes(archive.read("register.gpkg"))
            (home / "accounts.sqlite").write_bytes(archive.read("accounts.sqlite"))
    return open_register(address, home)


def _put_into_postgres(url: str, schema: str, version: str) -> None:
    content = gzip.decompress(text_of(version).read_bytes()).decode().replace(f"register_{version}", schema)
    with psycopg.connect(url, autocommit=True) as con:
        con.execute(content.encode())


def findings(con: Connection, now: datetime) -> list[Finding]:
    """What a check says of a kept register, but that one of its spaces lies in its harbour: it was put there."""
    found = checking.check_register(con, now)
    con.rollback()
    return [each for each in found if (each.message, each.values) != ("check.in_water", {"ref": "SP-0026"})]
