"""Serving by waitress: an end that loses no answer, a log without visitors' addresses, limits with our sentences.

Waitress leaves these to others; they are what a city needs of a server that runs for months.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator

from flask import Flask, Response, g, request
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask
from werkzeug.middleware.proxy_fix import ProxyFix

from tempuse.errors import Unusable
from web import index
from web.config import MEGABYTE
from web.refused import refused_page

log = logging.getLogger("tempuse.access")

THREADS = 8
LARGEST_HEADER = 64 * 1024
IDLE_SECONDS = 60
# A body a little above the app's own limit is read, so that the app answers in the page's language; one far above
# is refused at its Content-Length.
SLACK = 32 * MEGABYTE
# After a refusal the rest of what the browser sends is read and thrown away for so long at most: a browser that is
# cut off while it sends shows its own error and not our sentence.
LINGER_SECONDS, QUIET_SECONDS = 120.0, 5.0
GRACE_SECONDS = 20.0

_WHY_NOT = {errno.EADDRINUSE: "serving.port_taken", errno.EACCES: "serving.not_permitted"}


class Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress itself refuses, said in a page of ours."""

    def execute(self) -> None:
        """Send the page, and keep listening for a while to a browser that still sends."""
        error = self.request.error
        body = refused_page(error.code, self.request.headers.get("ACCEPT_LANGUAGE", "")).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend([
            ("Content-Type", "text/html; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "default-src 'none'"), ("Cache-Control", "no-store"),
        ])  # fmt: skip
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
        log.info("%s refused with %s", getattr(self.request, "command", "-"), error.code)
        self.channel.linger()


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request that is refused is not asked to go on (waitress would, at ``Expect: 100-continue``)."""

    expect_continue = False

    def received(self, data: bytes) -> int:
        """Take in some bytes; how many."""
        consumed = int(super().received(data))
        if self.error:
            self.expect_continue = False
        return consumed


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that reads on, into nothing, after a body was refused."""

    error_task_class = Refusal
    parser_class = Parser
    linger_until = 0.0
    quiet_since = 0.0
    half_closed = False

    def linger(self) -> None:
        """From now on throw away what comes, for a while."""
        self.quiet_since = time.monotonic()
        self.linger_until = self.quiet_since + LINGER_SECONDS

    def lingers(self) -> bool:
        """Whether the answer is out, or on its way, and the rest of the question is thrown away."""
        now = time.monotonic()
        return now < self.linger_until and now - self.quiet_since < QUIET_SECONDS

    def readable(self) -> bool:
        """Also while the rest of a refused body comes."""
        return (self.connected and self.lingers()) or bool(super().readable())

    def writable(self) -> bool:
        """Not while only the rest of a refused body keeps the connection open."""
        if not self.lingers():
            return bool(super().writable())
        return bool(self.total_outbufs_len) or (self.close_when_flushed and not self.half_closed)

    def handle_write(self) -> None:
        """Send what there is; while lingering say that it was all, and do not close yet."""
        if not self.lingers():
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if self.close_when_flushed and not self.total_outbufs_len:
            self.half_closed = True
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)

    def handle_read(self) -> None:
        """Throw away what comes while lingering."""
        if not self.linger_until:
            super().handle_read()
            return
        try:
            data = self.socket.recv(self.adj.recv_bytes)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.last_activity = time.time()
        self.quiet_since = time.monotonic() if data else -QUIET_SECONDS


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Waitress, that ends when told to, after the answers under way."""

    channel_class = Channel
    ending = False

    def end(self) -> None:
        """Take no new connections, and stop when the present answers are out."""
        self.ending = True
        self.pull_trigger()

    def run(self, tick: Callable[[], None] = lambda: None) -> None:
        """Serve until ``end``; ``tick`` is called about once a second."""
        while not self.ending:
            self.asyncore.loop(timeout=1, map=self._map, use_poll=True, count=1)
            tick()
        self.accepting = False
        self.socket.close()
        self.del_channel()
        until = time.monotonic() + GRACE_SECONDS
        while self._busy() and time.monotonic() < until:
            self.asyncore.loop(timeout=0.1, map=self._map, use_poll=True, count=1)
        self.task_dispatcher.shutdown(timeout=1)
        self.asyncore.close_all(self._map, ignore_all=True)

    def _busy(self) -> bool:
        channels = list(self.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len or channel.request for channel in channels)


def bind(app: Flask, host: str, port: int, threads: int = THREADS) -> Server:
    """A server that listens, and does not serve yet.

    Raises:
        Unusable: the port is in use, or may not be used, or the machine has no such address.
    """
    limit = int(app.config["MAX_CONTENT_LENGTH"])
    try:
        adjustments = Adjustments(
            host=host, port=port, threads=threads, ident=None, max_request_body_size=limit + SLACK,
            max_request_header_size=LARGEST_HEADER, channel_timeout=IDLE_SECONDS, connection_limit=500,
            clear_untrusted_proxy_headers=not app.config["PROXIES"],
        )  # fmt: skip
        where = adjustments.listen[0]
        listener = socket.create_server(where[3][:2], family=where[0])
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", None)
        raise Unusable(_WHY_NOT.get(number or 0, "serving.no_such_host"), host=host, port=port) from error
    return Server(app, adj=adjustments, sockinfo=where, map={}, _sock=listener, bind_socket=False)


def address_of(server: Server) -> str:
    """What to write into a browser on this machine."""
    host = str(server.effective_host)
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{server.effective_port}"


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


# ---- the log -------------------------------------------------------------------------------------------------


def _begin() -> None:
    g.began = time.perf_counter()


def _written_path() -> str:
    """The path without its question, and without secrets that stand in it."""
    secrets = {value for name, value in (request.view_args or {}).items() if name in ("token", "secret")}
    return "/".join("…" if part in secrets else part for part in request.path.split("/"))


def _note(response: Response) -> Response:
    line = (request.method, _written_path(), response.status_code)
    began = g.get("began", time.perf_counter())
    level = logging.DEBUG if request.endpoint == "static" else logging.INFO

    @response.call_on_close
    def note() -> None:
        log.log(level, "%s %s %s %.0f ms", *line, (time.perf_counter() - began) * 1000)

    return response


def init_app(app: Flask) -> None:
    """Log requests without visitors' addresses; believe PROXIES proxies in front, none by default."""
    app.config.setdefault("PROXIES", 0)
    app.before_request(_begin)
    app.after_request(_note)
    if count := int(app.config["PROXIES"]):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
