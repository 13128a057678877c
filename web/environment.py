"""The environment of a process: which register it works on, where its home is, what is in front of the app.

The command line and a server's own process (``web.create_app()`` without a register) read it here, alike.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tempuse.errors import TempuseError, Unusable
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, Register, open_register, sharing
from web import spoken

# gunicorn begins a process anew that ended with anything else, for ever; to every other server it is one of many.
_CANNOT_LOAD = 4


@dataclass(slots=True)
class Context:
    """What a process knows of its surroundings."""

    address: str
    home: Path | None
    group: str = ""  # who besides its owner may read a register's file

    def open(self, *, create: bool = False) -> Register:
        """The register that the process works on."""
        register = open_register(self.address, self.home, create=create)
        self.share(register)
        return register

    def share(self, register: Register) -> None:
        """Let the group that TEMPUSE_GROUP names read the register's file."""
        if self.group and register.path is not None:
            sharing.share(register.path, self.group)

    @contextlib.contextmanager
    def connect(self) -> Iterator[Connection]:
        """An idle connection to the register."""
        register = self.open()
        try:
            with register.connect() as con:
                yield con
        finally:
            register.close()


def context_from_environment(address: str | None = None) -> Context:
    """The surroundings from an address, or TEMPUSE_REGISTER, and from TEMPUSE_HOME and TEMPUSE_GROUP."""
    home = os.environ.get("TEMPUSE_HOME")
    chosen = address or os.environ.get("TEMPUSE_REGISTER") or "register.gpkg"
    return Context(chosen, Path(home).absolute() if home else None, os.environ.get("TEMPUSE_GROUP", ""))


def app_settings() -> dict[str, Any]:
    """What the environment says about the app.

    TEMPUSE_URL is the address that people use, TEMPUSE_SMTP the mail server, TEMPUSE_PROXY how many proxies in
    front of the app are believed.

    Raises:
        Unusable: TEMPUSE_PROXY is not a number.
    """
    proxies = os.environ.get("TEMPUSE_PROXY", "0").strip() or "0"
    if not (proxies.isascii() and proxies.isdecimal()):
        raise Unusable("serving.proxies", value=proxies)
    settings: dict[str, Any] = {"SMTP_URL": os.environ.get("TEMPUSE_SMTP", ""), "PROXIES": int(proxies)}
    if url := os.environ.get("TEMPUSE_URL"):
        settings["PUBLIC_URL"] = url.rstrip("/")
    return settings


def open_for_server() -> tuple[Register, dict[str, Any]]:
    """The register of a process that some server began, and what the environment says about its app.

    A register that cannot be served ends the process with its sentence on stderr.
    """
    try:
        settings = app_settings()
        register = context_from_environment().open()
        register.use_home()
        with register.connect() as con:
            get_settings(con)
        register.engine.dispose()  # no connection is carried into the processes that a server may fork from this one
    except TempuseError as error:
        sys.stderr.write(f"{spoken.error_in_english(error)}\n")
        sys.exit(_CANNOT_LOAD)
    return register, settings
