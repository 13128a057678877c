"""What visitors send: how much each may, decided at the head, and where it lies until it is whole."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, BinaryIO

from web.config import MEGABYTE
from web.serving.answers import Shelf
from web.serving.connections import Connection

MOST_IN_MEMORY = MEGABYTE
# So much of each body is taken whatever else is under way: a crowd of senders keeps nobody from signing in.
ALWAYS = 64 * 1024

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


class Refused(Exception):
    """A question that is answered with a page of ours before the app has seen it."""

    def __init__(self, status: int, limit: int = 0) -> None:
        super().__init__(status)
        self.status, self.limit = status, limit


class Gone(Exception):
    """The visitor left, or was too slow, before the question was whole."""


class Body:
    """What comes with one question: in memory, and above a megabyte in a file without a name."""

    def __init__(self, shelf: Shelf, limit: int) -> None:
        self.file: BinaryIO = io.BytesIO()
        self.size = 0
        self._shelf, self._limit = shelf, limit
        self._counted = 0
        self._on_disk = False

    async def read(self, connection: Connection, receive: Receive, in_thread: InThread) -> None:
        """Take it in to its end.

        Raises:
            Refused: it is larger than it may be, or all together are.
            Gone: it does not come to its end.
        """
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise Gone
            data = message["body"]
            more = message["more_body"]
            connection.came(len(data))
            self.size += len(data)
            if self.size > self._limit:
                raise Refused(413, self._limit)
            if (over := self.size - max(self._counted, ALWAYS)) > 0:
                if not self._shelf.take(over):
                    raise Refused(503)
                self._counted += over
            if not self._on_disk and self.size > MOST_IN_MEMORY:
                await in_thread(self._to_disk)
            if self._on_disk:
                await in_thread(lambda data=data: self._write(data))  # type: ignore[misc]
            else:
                self.file.write(data)
        self.file.seek(0)

    def _to_disk(self) -> None:
        held = self.file
        self.file = self._shelf.file()
        self._on_disk = True
        self._write(held.getvalue())  # type: ignore[attr-defined]

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self.file.write(view) :]

    def close(self) -> None:
        """Let it go."""
        self.file.close()
        self._shelf.give_back(self._counted)
        self._counted = 0
