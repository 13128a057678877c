"""Serving: visitors by uvicorn, answers by threads, and an end that loses no answer.

``connections`` deals with visitors and the clock, ``bridge`` with questions and answers, this with the server itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import uvicorn
from flask import Flask

from tempuse.errors import Unusable
from web import database
from web.map import index
from web.serving.bridge import Bridge
from web.serving.connections import Connections
from web.serving.patience import Patience
from web.site import scratch

try:
    import resource
except ImportError:  # Windows, where sockets are no files
    resource = None  # type: ignore[assignment]

THREADS = database.THREADS
_BACKLOG = 512
# Files that the server itself has open, and how many go with a connection: its socket, what it sends, what came.
_OWN_FILES, _FILES_EACH = 200, 3
# How long one thread of Python computes before it lets another: a page is handed over some ten times until it is sent,
# and each time waits for the files that are made beside it.
_TURN_SECONDS = 0.002
_WHY_NOT = {errno.EADDRINUSE: "serving.port_taken", errno.EACCES: "serving.not_permitted"}


class _Uvicorn(uvicorn.Server):
    """Uvicorn, whose end is ours to say: by itself it would end the process with the signal."""

    def __init__(self, config: uvicorn.Config, on_exit: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_exit = on_exit

    def handle_exit(self, sig: int, frame: object) -> None:
        """SIGTERM or SIGINT came."""
        self._on_exit()


class Server:
    """A server that listens; it serves when it is run."""

    def __init__(self, app: Flask, listener: socket.socket, threads: int, patience: Patience) -> None:
        self.listener = listener
        self._tick: Callable[[], None] = lambda: None
        # Behind a proxy the other end of each connection is the proxy.
        self._connections = Connections(patience, knows_addresses=not app.config["PROXIES"])
        with app.app_context():
            folder = scratch.folder()
        self._bridge = Bridge(app, threads, patience, folder)
        config = uvicorn.Config(
            self._bridge, http=functools.partial(_protocol, self._connections), ws="none", lifespan="off",  # type: ignore[arg-type]
            loop="asyncio", log_config=None, access_log=False, proxy_headers=False, server_header=False,
            backlog=_BACKLOG, timeout_keep_alive=int(patience.idle_seconds) + 1, timeout_notify=0,
            timeout_graceful_shutdown=int(patience.grace_seconds) + 5, callback_notify=self._each_second,
            h11_max_incomplete_event_size=patience.most_head * 2,
        )  # fmt: skip
        self._grace = patience.grace_seconds
        self._uvicorn = _Uvicorn(config, self.end)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def _each_second(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._connections.sweep()
        self._bridge.sweep()
        self._tick()

    def end(self) -> None:
        """Take no new connections, and stop when the present answers are out, or when it has taken too long."""
        self._uvicorn.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._loop.call_later, self._grace, self._connections.end)

    def run(self, tick: Callable[[], None] = lambda: None) -> None:
        """Serve until ``end``; ``tick`` is called about once a second."""
        self._tick = tick
        before = sys.getswitchinterval()
        sys.setswitchinterval(_TURN_SECONDS)
        try:
            self._uvicorn.run(sockets=[self.listener])
        finally:
            sys.setswitchinterval(before)
            self._bridge.close()


def _protocol(book: Connections, **options: object) -> object:
    return book.protocol(**options)


def bind(
    app: Flask, host: str, port: int, threads: int = THREADS, patience: Patience = Patience()  # noqa: B008
) -> Server:  # fmt: skip
    """A server that listens, and does not serve yet.

    Raises:
        Unusable: the port is in use, or may not be used, or the machine has no such address.
    """
    try:
        family, _, _, _, where = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(where[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Unusable(_WHY_NOT.get(error.errno or 0, "serving.no_such_host"), host=host, port=port) from error
    database.be_patient(app, threads)
    most = min(patience.most_connections, (_files() - _OWN_FILES) // _FILES_EACH)
    return Server(app, listener, threads, replace(patience, most_connections=max(most, 50)))


def _files() -> int:
    """How many files this process may have open, after asking the system for enough."""
    if resource is None:
        return 10_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(hard, 8192)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return soft


def address_of(server: Server) -> str:
    """What to write into a browser on this machine."""
    host, port = server.listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def warm(app: Flask) -> None:
    """Load the map index, so that the first visitor does not wait."""
    with app.test_request_context():
        index.current()


@contextlib.contextmanager
def ended_by_signals(end: Callable[[], None]) -> Iterator[None]:
    """Call ``end`` at SIGTERM and SIGINT."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: end()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
