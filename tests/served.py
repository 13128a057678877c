"""``tempuse serve`` in a process of its own, and the server in a thread of this one."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from tempuse.store.engine import Register
from web import serving
from web.serving.patience import Patience


@dataclass
class Served:
    """A running ``tempuse serve``."""

    process: subprocess.Popen[str]
    address: str
    log: Path

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def get(self, path: str, **headers: str) -> Any:
        return urlopen(Request(self.address + path, headers=headers), timeout=30)


def environment(register: Register, address: str) -> dict[str, str]:
    return {**os.environ, "TEMPUSE_REGISTER": address, "TEMPUSE_HOME": str(register.home), "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def running(*options: str, log: Path, **around: str) -> Iterator[Served]:
    """Such a process, with this in its environment beside ours; killed afterwards."""
    with log.open("w") as errors, subprocess.Popen(
        [sys.executable, "-m", "tempuse.cli", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1", **around},
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, log.read_text()
            yield Served(process, found[0], log)
        finally:
            process.kill()


@pytest.fixture
def serve(register: Register, address: str, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    with contextlib.ExitStack() as begun:
        logs = itertools.count()

        def start(*options: str, **more: str) -> Served:
            around = {**environment(register, address), **more}
            return begun.enter_context(running(*options, log=tmp_path / f"log{next(logs)}.txt", **around))

        yield start


@contextlib.contextmanager
def served_here(app: Flask, **limits: Any) -> Iterator[int]:
    """The port at which an app is served by a thread of this process, with other limits than usual."""
    server = serving.bind(app, "127.0.0.1", 0, 4, Patience(**limits))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield int(serving.address_of(server).rpartition(":")[2])
    finally:
        server.end()
        thread.join(60)
        assert not thread.is_alive()
