"""The connections: none is held longer, or costs more, than its visitor keeps it alive.

Each is uvicorn's own protocol with ours around it, which counts and looks at the clock. Once a second ``sweep`` ends
those whose visitor does not get on; when there are too many, the one that has waited longest makes room.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from web.serving.patience import Patience
from web.serving.refused import refused_answer
from web.site.limits import network_of

_END_OF_HEAD = re.compile(rb"\n\r?\n")
# Unsent bytes that the system holds before it says that it has enough. Without it megabytes lie there, and whether a
# reader gets on is seen only in leaps of as much.
_UNSENT = 32 * 1024
# What a connection waits for.
HEAD, BODY, WORK, ANSWER, LINGER = "head", "body", "work", "answer", "linger"
_GIVES_WAY = {LINGER: 0, HEAD: 1, BODY: 2, ANSWER: 3}


class Connection(asyncio.Protocol):
    """One connection, its state, and since when."""

    def __init__(self, book: Connections, app_state: dict[str, Any], **options: Any) -> None:
        self._book = book
        self._inner = H11Protocol(app_state={**app_state, "connection": self}, **options)
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self.address = ""
        self.is_lost = False
        self.on_lost: Callable[[], None] = lambda: None
        self.state = HEAD
        self.since = self._moved_at = time.monotonic()
        self._until = self.since
        self._head = 0
        self._tail = b""
        self._is_whole = self._is_new = True
        self._sent = self._came = self._mark = 0
        self.new_head(first=True)

    # ---- what the loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A visitor came."""
        self._transport = transport  # type: ignore[assignment]
        held = transport.get_extra_info("socket")
        with contextlib.suppress(OSError):
            # Head and body are written one after the other: the second must not wait for word of the first.
            held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if hasattr(socket, "TCP_NOTSENT_LOWAT"):
                held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)
        self.address = network_of(str((transport.get_extra_info("peername") or ("",))[0]))
        self._inner.connection_made(transport)  # type: ignore[arg-type]
        self._book.add(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came: count those of a head, throw away those of a question that was refused."""
        if self.state == LINGER and self._is_refused_here:
            self._moved_at = time.monotonic()
            return
        if self.state == HEAD and not self._is_whole:
            if not self._head:
                self.since = time.monotonic()
            held = self._tail + data
            end = _END_OF_HEAD.search(held)
            self._head += end.start() if end else len(data)
            self._is_whole, self._tail = bool(end), held[-3:]
            if self._head > self._book.patience.most_head:
                self._refuse(431)
                return
        self._inner.data_received(data)

    def eof_received(self) -> None:
        """The visitor sends no more."""
        self._inner.eof_received()

    def pause_writing(self) -> None:
        """The reader is slower than we are."""
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The reader has taken what was there."""
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The visitor went, or we ended it."""
        self.is_lost = True
        self._book.remove(self)
        self._inner.connection_lost(exc)
        self.on_lost()

    # ---- what the bridge tells

    def wait_for(self, state: str, seconds: float = 0.0) -> None:
        """From now on the connection waits for this; for so long at most where that is said."""
        now = time.monotonic()
        self.state, self.since, self._moved_at = state, now, now
        self._until = now + seconds
        self._mark = self._came if state == BODY else self._sent

    def new_head(self, *, first: bool = False) -> None:
        """The answer has been handed over; the next question may come."""
        self.wait_for(HEAD)
        self._head, self._tail, self._is_whole, self._is_new = 0, b"", False, first
        self._is_refused_here = False
        self.on_lost = lambda: None

    def came(self, count: int) -> None:
        """So many bytes of a body came."""
        self._came += count
        if count and self.state == LINGER:
            self._moved_at = time.monotonic()

    def sent(self, count: int) -> None:
        """So many bytes of an answer were handed to the connection."""
        self._sent += count

    def abort(self) -> None:
        """End it here and now."""
        self.is_lost = True
        if self._transport is not None:
            self._transport.abort()

    # ---- the clock

    def gives_way(self, now: float) -> bool:
        """Whether it may be ended for one that comes: when it waits for its visitor, and no reader gets on."""
        stands = now - self._moved_at > self._book.patience.quiet_seconds
        return not self.is_lost and self.state in _GIVES_WAY and (self.state != ANSWER or stands)

    def is_over_time(self, now: float) -> bool:
        """Whether its visitor does not get on."""
        patience = self._book.patience
        unsent = self._transport.get_write_buffer_size() if self._transport is not None else 0
        if self.state == LINGER:
            return now > self._until or now - self._moved_at > patience.quiet_seconds
        if unsent or self.state == ANSWER:
            return self._is_slow(now, self._sent - unsent, waits=bool(unsent))
        if self.state == HEAD:
            is_idle = not self._head and not self._is_new
            return now - self.since > (patience.idle_seconds if is_idle else patience.head_seconds)
        if self.state == BODY:
            return now > self._until or self._is_slow(now, self._came, waits=True)
        return False

    def _is_slow(self, now: float, moved: int, *, waits: bool) -> bool:
        if not waits or moved - self._mark >= self._book.patience.slow_bytes:
            self._mark, self._moved_at = moved, now
            return False
        return now - self._moved_at > self._book.patience.slow_seconds

    def _refuse(self, status: int) -> None:
        """Say that a head is not taken, and read on into nothing for a while."""
        self.wait_for(LINGER, self._book.patience.linger_seconds)
        self._is_refused_here = True
        if self._transport is not None:
            self._transport.write(refused_answer(status))
            if self._transport.can_write_eof():
                self._transport.write_eof()


class Connections:
    """All connections of a server.

    Args:
        patience: how long each may take.
        knows_addresses: whether an address is a visitor's own, and not that of a proxy.
    """

    def __init__(self, patience: Patience, *, knows_addresses: bool) -> None:
        self.patience = patience
        self._knows_addresses = knows_addresses
        self._held: dict[Connection, None] = {}
        self._of: Counter[str] = Counter()

    def protocol(self, **options: Any) -> Connection:
        """A new connection, as uvicorn asks for it."""
        return Connection(self, **options)

    def add(self, connection: Connection) -> None:
        """One more; the one that has waited longest for its visitor makes room for it."""
        if self._knows_addresses and self._of[connection.address] >= self.patience.most_of_one:
            self._make_room(connection, connection.address)
        elif len(self._held) >= self.patience.most_connections:
            self._make_room(connection)
        self._held[connection] = None
        self._of[connection.address] += 1

    def _make_room(self, comes: Connection, address: str = "") -> None:
        now = time.monotonic()
        waiting = [each for each in self._held if each.gives_way(now) and (not address or each.address == address)]
        oldest = min(waiting, key=lambda each: (_GIVES_WAY[each.state], each.since), default=comes)
        oldest.abort()

    def remove(self, connection: Connection) -> None:
        """One less."""
        if connection in self._held:
            del self._held[connection]
            self._of[connection.address] -= 1
            if not self._of[connection.address]:
                del self._of[connection.address]

    def end(self) -> None:
        """End all."""
        for each in list(self._held):
            each.abort()

    def sweep(self) -> None:
        """End those whose visitor does not get on; called about once a second."""
        now = time.monotonic()
        for each in [each for each in self._held if each.is_over_time(now)]:
            each.abort()
