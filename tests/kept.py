"""A small register as the first version made it, with one of everything: the same in a backup and as text for PostGIS.

``data/register-0001.zip`` is what ``tempuse backup`` wrote then, with the file within; ``data/register-0001.sql.gz``
is what pg_dump wrote of the same register in PostgreSQL. Neither can be made again by today's program.
"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import psycopg

from tempuse.store.engine import Register, is_url, open_register

FOLDER = Path(__file__).parent / "data"
ARCHIVE = FOLDER / "register-0001.zip"
_TEXT = FOLDER / "register-0001.sql.gz"


def put(address: str, home: Path) -> Register:
    """Put the old register at an address, with its home; opened, not looked into."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        for name in archive.namelist():
            if name.startswith("home/"):
                archive.extract(name, home.parent / "unpacked")
        (home.parent / "unpacked" / "home").rename(home)
        if is_url(address):
            _put_into_postgres(*address.split("?schema="))
        else:
            Path(address).write_bytes(archive.read("register.gpkg"))
            (home / "accounts.sqlite").write_bytes(archive.read("accounts.sqlite"))
    return open_register(address, home)


def _put_into_postgres(url: str, schema: str) -> None:
    content = gzip.decompress(_TEXT.read_bytes()).decode().replace("register_0001", schema)
    with psycopg.connect(url, autocommit=True) as con:
        con.execute(content.encode())
