"""Begins the process that reads a file and takes rows from it; it is never believed, and never outlives us."""

from __future__ import annotations

import dataclasses
import itertools
import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tempuse.errors import Invalid, Issue, TempuseError
from tempuse.io.confined import walls, wire
from tempuse.io.confined.walls import Limits
from tempuse.io.sources import archives
from tempuse.io.sources.source import Row, Source

_READ_BYTES = 1024 * 1024
# What a reader of files may know of where it runs: no register's address, no mail's password, no secret.
_TOLD = frozenset({
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH", "SYSTEMROOT", "GDAL_DATA", "PROJ_DATA", "PROJ_LIB",
})  # fmt: skip
_OUT_OF_TIME = -getattr(signal, "SIGXCPU", 24)
# How libraries in other languages end when there is no more memory, and how the system ends a process then.
_OUT_OF_MEMORY = (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9))
_log = logging.getLogger("tempuse.reader")


class Reader:
    """One process with one file; ended when it is let go of, at the latest when nobody holds it any more."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.name, self._silence = str(request["shown"]), int(request["limits"]["silence"])
        self.said = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        environment = {name: value for name, value in os.environ.items() if name in _TOLD}
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "GDAL_NUM_THREADS"), "1")
        self._process = subprocess.Popen(
            # -P: what an archive holds must not be taken for a module of Python.
            [sys.executable, "-P", "-m", "tempuse.io.confined"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, cwd=request["scratch"],
            env={**environment, **threads, "TMPDIR": request["scratch"], "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        self.end = weakref.finalize(self, _end, self._process, self.said)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._out = self._process.stdout
        walls.widen(self._out.fileno())
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended already; why, is said when its answer is read

    def opened(self) -> dict[str, Any]:
        """What the file is.

        Raises:
            Invalid: it cannot be read.
        """
        kind, text, _ = self._frame()
        if kind != wire.OPENED:
            raise self._odd()
        try:
            return wire.opened(wire.heard(text))
        except wire.Odd as error:
            raise self._odd() from error

    def batches(self) -> Iterator[list[Row]]:
        """Batches of rows; gives what was noticed on the way as ``noticed`` when the last has come.

        Raises:
            Invalid: the file cannot be read to its end: what came before is not the whole.
        """
        while True:
            kind, text, blob = self._frame()
            try:
                if kind == wire.ROWS:
                    yield wire.rows(wire.heard(text), blob)
                    continue
                if kind == wire.DONE:
                    self.noticed: list[Issue] = wire.issues(wire.heard(text))
                    return
            except wire.Odd as error:
                raise self._odd() from error
            raise self._odd()

    def made(self, most: int) -> bytes:
        """The file that it made, of so many bytes at most.

        Raises:
            Invalid: it could not be made.
        """
        kind, _, content = self._frame()
        if kind != wire.MADE or len(content) > most:
            raise self._odd()
        return content

    def _frame(self) -> tuple[bytes, bytes, bytes]:
        kind, length, more = wire.HEAD.unpack(self._bytes(wire.HEAD.size))
        if max(length, more) > wire.MOST_BYTES:
            raise self._odd()
        text, blob = self._bytes(length), self._bytes(more)
        if kind == wire.ERROR:
            try:
                error: TempuseError = wire.error(wire.heard(text))
            except wire.Odd as odd:
                raise self._odd() from odd
            self._note()
            raise error
        return kind, text, blob

    def _bytes(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            if not self._waited():
                self.end()
                raise Invalid("file.reader_time", name=self.name)
            part = os.read(self._out.fileno(), min(count - len(parts), _READ_BYTES))
            if not part:
                raise self._ended()
            parts += part
        return bytes(parts)

    def _waited(self) -> bool:
        """Whether there is something to read before our patience ends."""
        if not hasattr(select, "poll"):  # Windows
            return True
        waiting = select.poll()
        waiting.register(self._out.fileno(), select.POLLIN)
        return bool(waiting.poll(self._silence * 1000))

    def _ended(self) -> Invalid:
        """Why the reader's process ended before it had said everything."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        self._note()
        self.end()
        if code == _OUT_OF_TIME:
            return Invalid("file.reader_time", name=self.name)
        if code in _OUT_OF_MEMORY:
            return Invalid("file.reader_memory", name=self.name)
        return Invalid("file.reader_ended", name=self.name)

    def _odd(self) -> Invalid:
        _log.warning("the reader of a file said what no reader says; it was ended")
        self.end()
        return Invalid("file.reader_ended", name=self.name)

    def _note(self) -> None:
        """What it said to nobody, for those who keep the log; on one line, and not too much of it."""
        with open(os.dup(self.said.fileno()), "rb") as said:
            said.seek(max(0, said.seek(0, os.SEEK_END) - 2000))
            text = said.read(2000).decode("utf-8", "replace").strip()
        if text:
            _log.info("the reader of a file said: %r", text)


def _end(process: subprocess.Popen[bytes], said: Any) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout, said):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    process.wait()


def make(
    job: str, path: Path, shown: str, limits: Limits, most: int, readable: Iterable[Path] = (), **wanted: Any
) -> bytes:
    """What a job of the confined process makes of one file.

    Args:
        job: the module beside this one that does it; its ``make`` takes the request.
        path: the file.
        shown: how its sender calls it.
        limits: how much it may cost.
        most: how many bytes it may make.
        readable: what else it may read.
        wanted: what the job needs to know.

    Raises:
        Invalid: the file does not fit, or costs more than is allowed.
    """
    with tempfile.TemporaryDirectory(prefix="tempuse-") as scratch:
        reader = Reader({
            **wanted, "job": job, "path": str(path.absolute()), "shown": shown, "scratch": scratch,
            "limits": dataclasses.asdict(limits), "readable": [str(each.absolute()) for each in (path, *readable)],
            "listable": [],
        })  # fmt: skip
        try:
            return reader.made(most)
        finally:
            reader.end()


class Confined:
    """A file that is read by a process of its own, as often as somebody wants."""

    def __init__(self, path: Path, scratch: Path, limits: Limits | None, **wanted: Any) -> None:
        belonging = _belonging(path.absolute())
        limits = limits or walls.limits_for(sum(each.stat().st_size for each in belonging if each.exists()))
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._request = {
            **wanted, "job": "rows", "path": str(path.absolute()), "scratch": str(scratch.absolute()),
            "shown": wanted["name"] or path.name, "limits": dataclasses.asdict(limits),
            "readable": [str(each) for each in belonging],
            "listable": [str(path.absolute())] if path.is_dir() else [],
        }  # fmt: skip
        self._waiting: Reader | None = None

    def open(self) -> Source:
        """Open the file.

        Raises:
            NotFound: there is no such file.
            Invalid: it cannot be read.
        """
        reader = Reader(self._request)
        try:
            about = reader.opened()
        except BaseException:
            reader.end()
            raise
        self._waiting, self._issues = reader, about["issues"]
        return Source(read=self._rows, let_go=self._let_go, **about)

    def _rows(self) -> Iterator[Row]:
        """Every row from the first; the process that opened the file reads it the first time."""
        reader, self._waiting = self._waiting, None
        again = reader is None
        if reader is None:
            reader = Reader(self._request)
        try:
            if again:
                reader.opened()
            for batch in reader.batches():
                yield from batch
            self._issues += [each for each in reader.noticed if each not in self._issues]
        finally:
            reader.end()

    def _let_go(self) -> None:
        if self._waiting is not None:
            self._waiting.end()
            self._waiting = None


_MOST_PARTS = 2000


def _belonging(path: Path) -> list[Path]:
    """The files that may be read: the one that was given, and what lies beside it and belongs to it.

    Of a folder, the Shapefiles and their like, and the geodatabases within.
    """
    if path.is_dir():
        databases = set(archives.geodatabases(path))
        within = (
            each for each in path.rglob("*")
            if (each.suffix.lower() in archives.PARTS or each.parent in databases) and each.is_file()
        )  # fmt: skip
        return list(itertools.islice(within, _MOST_PARTS))
    beside = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    if path.suffix.lower() in archives.MAIN_PARTS and path.parent.is_dir():
        these = (each for each in path.parent.iterdir() if each.stem == path.stem)
        beside += [each for each in these if each.suffix.lower() in archives.PARTS]
    return [path, *(each for each in beside if each.is_file() and each != path)]
