"""An answer between the thread that makes it and the loop that sends it.

The thread never waits for the reader: what is not sent yet lies in memory, and beyond a little in a file that has no
name, so that nothing is left of it however the process ends. The loop sends it as fast as the reader takes it.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from web.site.sending import CHUNK, FilePart

MOST_IN_MEMORY = 256 * 1024
# Worth waking the loop for, before the end.
_SOME = 64 * 1024


class Left(Exception):
    """The reader is gone: what was being made for them is of no use any more."""


class Shelf:
    """How much all answers and bodies that lie on the disk may take, and where they lie."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most
        self._held = 0
        self._lock = threading.Lock()

    def file(self) -> BinaryIO:
        """A file without a name, for this user only."""
        return tempfile.TemporaryFile(dir=self._folder, buffering=0)

    def take(self, size: int) -> bool:
        """Take so much of the room; False when there is not so much."""
        with self._lock:
            if self._held + size > self._most:
                return False
            self._held += size
            return True

    def give_back(self, size: int) -> None:
        """Give back what was taken."""
        with self._lock:
            self._held -= size


class Answer:
    """One answer: a thread calls ``begin``, ``put`` or ``hand``, and ``end``; the loop ``head`` and ``next``."""

    def __init__(self, shelf: Shelf) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._lock = threading.Lock()
        self._shelf = shelf
        self._memory: deque[bytes] = deque()
        self._in_memory = 0
        self._file: BinaryIO | None = None
        self._written = self._read = self._taken = 0
        self._headers: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._is_over = False
        self.part: FilePart | None = None
        self.is_begun = self.failed = self.no_room = False
        self.is_cut = self._is_called_off = False

    # ---- the thread's side

    def take_up(self, *, even_if_left: bool) -> bool:
        """Whether it is to be made: not when it was called off, nor when its reader left and it changes nothing."""
        with self._lock:
            self.is_begun = not self._is_called_off and (even_if_left or not self.is_cut)
            return self.is_begun

    def begin(self, status: str, headers: list[tuple[str, str]], _: object = None, /) -> Callable[[bytes], None]:
        """The status and the headers, as WSGI begins an answer; the date is the server's own."""
        self._headers = (
            int(status[:3]),
            [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers if name != "Date"],
        )
        return self.put

    def put(self, data: bytes) -> None:
        """Some bytes of the answer.

        Raises:
            Left: nobody takes them.
        """
        with self._lock:
            if self.is_cut:
                raise Left
            if self._file is None and self._in_memory + len(data) <= MOST_IN_MEMORY:
                self._memory.append(data)
                self._in_memory += len(data)
            else:
                self._to_disk(data)
            enough = self._in_memory + self._written - self._read >= _SOME
        if enough:
            self._tell()

    def _to_disk(self, data: bytes) -> None:
        if not self._shelf.take(len(data)):
            self.failed = self.no_room = True
            raise Left
        self._taken += len(data)
        if self._file is None:
            self._file = self._shelf.file()
        self._file.seek(self._written)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        self._written += len(data)

    def hand(self, part: FilePart) -> None:
        """Give a file as the whole of what follows."""
        self.part = part

    def end(self, *, failed: bool = False) -> None:
        """That was all; or what came is not the whole."""
        with self._lock:
            self._is_over = True
            self.failed = self.failed or failed
            if self.is_cut:
                self._drop()
        self._tell()

    def _tell(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._news.set)
        except RuntimeError:  # the loop has ended, and everything with it
            raise Left from None

    # ---- the loop's side

    def call_off(self) -> bool:
        """See to it that no thread takes it up; False when one has."""
        with self._lock:
            self._is_called_off = not self.is_begun
            return self._is_called_off

    async def head(self) -> tuple[int, list[tuple[bytes, bytes]]] | None:
        """Status and headers, when there is something to send with them; None when nothing came of it."""
        await self._wait()
        return None if self.failed else self._headers

    async def next(self, in_thread: Callable[[Callable[[], bytes]], asyncio.Future[bytes]]) -> bytes:
        """The next bytes; none at the end.

        Args:
            in_thread: does what waits for a disk.
        """
        while True:
            with self._lock:
                if self._memory:
                    data = self._memory.popleft()
                    self._in_memory -= len(data)
                    return data
                waits = self._read < self._written
                over = self._is_over
            if waits:
                return await in_thread(self._from_disk)
            if over:
                return await in_thread(self.part.read) if self.part else b""
            if self.is_cut:
                return b""
            await self._wait()

    def is_all_sent(self) -> bool:
        """Whether ``next`` has given the whole."""
        with self._lock:
            rest = self._memory or self._read < self._written or (self.part is not None and self.part.left)
            return self._is_over and not rest

    async def _wait(self) -> None:
        await self._news.wait()
        self._news.clear()

    def _from_disk(self) -> bytes:
        with self._lock:
            if self._file is None:
                return b""
            self._file.seek(self._read)
            data = self._file.read(min(CHUNK, self._written - self._read))
            self._read += len(data)
            if self._read == self._written:  # all is sent: its room is free again
                self._file.truncate(0)
                self._shelf.give_back(self._taken)
                self._written = self._read = self._taken = 0
            return data

    def cut(self) -> None:
        """The reader is gone, or has all: let go of what lies here, and stop who makes more."""
        with self._lock:
            self.is_cut = True
            if self._is_over:
                self._drop()
        self._news.set()

    def _drop(self) -> None:
        self._memory.clear()
        self._in_memory = 0
        if self._file is not None:
            self._file.close()
            self._file = None
            self._shelf.give_back(self._taken)
            self._written = self._read = self._taken = 0
        if self.part is not None:
            self.part.close()
            self.part = None
