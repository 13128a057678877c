"""A PostgreSQL with PostGIS for the tests: the one that is named, or a cluster of our own on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def binaries() -> Path | None:
    """The folder with initdb and postgres, None where there is none with PostGIS."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    candidates = [path.parent for path in found]
    if which := shutil.which("initdb"):
        candidates.append(Path(which).resolve().parent)
    for folder in candidates:
        version = folder.parent.name
        if list(Path("/usr/share/postgresql").glob(f"{version}/extension/postgis.control")) or _has_postgis(folder):
            return folder
    return None


def _has_postgis(folder: Path) -> bool:
    config = folder / "pg_config"
    if not config.exists():
        return False
    share = subprocess.run([config, "--sharedir"], capture_output=True, text=True, check=False).stdout.strip()
    return (Path(share) / "extension" / "postgis.control").exists()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def cluster() -> Iterator[str | None]:
    """The URL of a database for tests, None where PostgreSQL or PostGIS is missing."""
    if named := os.environ.get("TEMPUSE_TEST_POSTGRES"):
        yield named
        return
    folder = binaries()
    if folder is None:
        yield None
        return
    # PostgreSQL refuses to run as root; Debian's own user is there when its package is.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    home = Path(tempfile.mkdtemp(prefix="tempuse-pg-"))
    data, port = home / "data", _free_port()
    if prefix:
        shutil.chown(home, "postgres")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(
        [*prefix, folder / "initdb", "-D", data, "-U", "tempuse", "-A", "trust", "--locale=C.UTF-8"],
        check=True,
        **quiet,
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c fsync=off"
    subprocess.run([*prefix, folder / "pg_ctl", "-D", data, "-w", "-o", options, "start"], check=True, **quiet)
    try:
        yield f"postgresql://tempuse@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*prefix, folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **quiet)
        time.sleep(0.1)
        shutil.rmtree(home, ignore_errors=True)
