"""The app under other servers than ours, each in a process of its own, as somebody who knows Flask would start it."""

from __future__ import annotations

import contextlib
import http.cookiejar
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.forms import form_of

SERVERS = {
    "gunicorn": ("gunicorn", "-w", "2", "--threads", "2", "-b", "127.0.0.1:{port}", "web:create_app()"),
    "gunicorn, forked": ("gunicorn", "-w", "2", "--preload", "-b", "127.0.0.1:{port}", "web:create_app()"),
    "waitress": ("waitress", "--listen=127.0.0.1:{port}", "--call", "web:create_app"),
    "flask": ("flask", "--app", "web", "run", "--port", "{port}"),
}  # fmt: skip


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Visitor:
    """Somebody with a browser's cookies and no scripts."""

    def __init__(self, root: str, *, reads_all: bool = False) -> None:
        self.root = root
        self.reads_all = reads_all
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def get(self, path: str, **headers: str) -> Answer:
        return self._open(urllib.request.Request(self.root + path, headers=headers))

    def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Answer:
        headers = {"Origin": self.root, "Referer": self.root + path, "Content-Type": kind}
        return self._open(urllib.request.Request(self.root + path, data=body, headers=headers, method="POST"))

    def send(self, page: str, holding: str, changes: dict[str, Any]) -> Answer:
        """Open a page, change some fields of the form that has one of this name, send it."""
        values = {**form_of(self.get(page).text, holding), **changes}
        return self.post(page, urllib.parse.urlencode(values, doseq=True).encode())

    def send_much(self, path: str, size: int) -> str:
        """What is answered to a form of so many bytes; a server that need not read them gets none, and says so."""
        host, port = self.root.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {size}\r\nConnection: close\r\n"
            kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
            connection.sendall((head + kind).encode() + (b"x" * size if self.reads_all else b""))
            parts = []
            while data := connection.recv(65536):
                parts.append(data)
        return b"".join(parts).decode()

    def _open(self, asked: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(asked, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())


@contextlib.contextmanager
def a_port() -> Iterator[int]:
    """A port that no other test is given while the block runs.

    It is bound and nobody listens at it: a server that reuses addresses may, and each of these does. Let go of before
    the server has it, another worker's server could be there first, and be visited in its place.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def begun(server: str, port: int, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    words = [word.format(port=port) for word in SERVERS[server]]
    around = {**os.environ, "HOME": str(log.parent), **environment}  # gunicorn keeps a socket under HOME
    with log.open("wb") as out:
        return subprocess.Popen([sys.executable, "-m", *words], stdout=out, stderr=out, env=around, cwd=log.parent)


@contextlib.contextmanager
def serving(server: str, log: Path, **environment: str) -> Iterator[Visitor]:
    """A running server, as its first visitor."""
    with a_port() as port:
        process = begun(server, port, log, **environment)
        try:
            for _ in range(600):
                assert process.poll() is None, log.read_text()
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            yield Visitor(f"http://127.0.0.1:{port}", reads_all=server == "waitress")
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
