"""From the loop, which deals with visitors, to the app, which deals with the register, and back.

The loop takes a question in to its end, a thread makes the answer, the loop sends it. So the threads, of which there
are few because each works at the register, are held by nobody's line.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask

from web.config import UPLOAD_LIMIT
from web.serving import access_log, connections
from web.serving.answers import Answer, Left, Shelf
from web.serving.bodies import Body, Gone, Refused
from web.serving.connections import Connection
from web.serving.patience import Patience
from web.serving.refused import refused_headers, refused_page
from web.serving.threads import Full, Threads
from web.site.incoming import limit_for
from web.site.sending import FilePart

log = logging.getLogger("tempuse")

PIECE = 64 * 1024
_ORIGIN = re.compile(rb"[a-z]+://[^/?]*", re.IGNORECASE)
_SAFE = frozenset({"GET", "HEAD"})
# What is made at length.
_FILE = re.compile(r"(/office)?/(spaces|areas)\.[a-z.]+")

Send = Callable[[dict[str, Any]], Any]


class Bridge:
    """The ASGI application around the app.

    Args:
        app: what answers.
        threads: how many answers are made at once.
        patience: the limits of this server.
        folder: where what is large lies on its way.
    """

    def __init__(self, app: Flask, threads: int, patience: Patience, folder: Any) -> None:
        self._app, self._patience = app, patience
        self._threads = Threads(threads)
        # For the disk, which may be slow too, and is never waited for by the loop.
        self._disk = ThreadPoolExecutor(2, "disk")
        self._unsent = Shelf(folder, patience.most_unsent)
        self._bodies = Shelf(folder, patience.most_bodies)
        self._uploads = Shelf(folder, patience.most_uploads)
        self._leaving: dict[Connection, FilePart] = {}

    async def __call__(self, scope: dict[str, Any], receive: Callable[[], Any], send: Send) -> None:
        """Answer one question."""
        connection: Connection = scope["state"]["connection"]
        visit = _Visit(scope)
        try:
            await self._answer(visit, connection, receive, send)
        except Gone:
            visit.note("left")
        finally:
            if not connection.is_lost:
                connection.new_head()

    def close(self) -> None:
        """Let go of the threads."""
        self._disk.shutdown(wait=False, cancel_futures=True)

    def sweep(self) -> None:
        """End the oldest readers of files that are removed already, when those take too much of the disk."""
        readers: dict[int, list[Connection]] = {}
        sizes: dict[int, int] = {}
        for connection, part in self._leaving.items():
            about = os.fstat(part.file.fileno())
            if not about.st_nlink:
                readers.setdefault(about.st_ino, []).append(connection)
                sizes[about.st_ino] = about.st_size
        while sum(sizes.values()) > self._patience.most_unsent:
            oldest = next(iter(sizes))
            del sizes[oldest]
            for connection in readers[oldest]:
                connection.abort()

    def _in_thread(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._disk, work)

    async def _answer(self, visit: _Visit, connection: Connection, receive: Callable[[], Any], send: Send) -> None:
        try:
            body = await self._take_in(visit, connection, receive)
        except Refused as refused:
            await self._refuse(visit, refused, connection, receive, send)
            return
        answer = Answer(self._unsent)
        connection.wait_for(connections.WORK)
        connection.on_lost = answer.cut
        visit.environ.update({"wsgi.input": body.file, "wsgi.input_terminated": True})
        if body.size:
            visit.environ["CONTENT_LENGTH"] = str(body.size)
        try:
            self._threads.do(lambda: self._make(visit, body, answer), is_file=visit.is_for_file)
        except Full:
            body.close()
            await self._refuse(visit, Refused(503), connection, receive, send)
            return
        try:
            await self._send(visit, answer, connection, send)
        finally:
            self._leaving.pop(connection, None)
            answer.cut()

    async def _take_in(self, visit: _Visit, connection: Connection, receive: Callable[[], Any]) -> Body:
        """The body, whole.

        Raises:
            Refused: it is not taken.
            Gone: it does not come.
        """
        has_body = visit.environ.get("CONTENT_LENGTH", "0") != "0" or visit.is_chunked
        if not has_body:
            return Body(self._bodies, 0)
        limit = limit_for(self._app, visit.environ)
        if visit.length > limit:
            raise Refused(413, limit)
        is_upload = limit == UPLOAD_LIMIT
        patience = self._patience
        connection.wait_for(connections.BODY, patience.upload_seconds if is_upload else patience.body_seconds)
        body = Body(self._uploads if is_upload else self._bodies, limit)
        try:
            await body.read(connection, receive, self._in_thread)
        except OSError as error:
            body.close()
            log.error("what a visitor sent could not be kept: %s", error.strerror)
            raise Refused(500) from error
        except BaseException:
            body.close()
            raise
        return body

    def _make(self, visit: _Visit, body: Body, answer: Answer) -> None:
        """Let the app make the answer; in a thread."""
        failed = True
        try:
            if not answer.take_up(even_if_left=visit.environ["REQUEST_METHOD"] not in _SAFE):
                return
            made = self._app(visit.environ, answer.begin)
            try:
                if isinstance(made, FilePart) and not answer.is_cut:
                    answer.hand(made)
                else:
                    _pour(made, answer)
            finally:
                if answer.part is not made and hasattr(made, "close"):
                    made.close()
            failed = False
        except Left:
            pass
        except Exception:
            log.exception("an answer could not be made: %s", visit.path)
        finally:
            body.close()
            answer.end(failed=failed)

    async def _send(self, visit: _Visit, answer: Answer, connection: Connection, send: Send) -> None:
        """Send what the thread makes, at the reader's pace."""
        head = await self._head(answer)
        if connection.is_lost:
            raise Gone
        if head is None:
            status = 503 if answer.no_room or not answer.is_begun else 500
            visit.note(status)
            await _send_page(status, visit, send)
            return
        status, headers = head
        connection.wait_for(connections.ANSWER)
        if answer.part is not None:
            self._leaving[connection] = answer.part
        await send({"type": "http.response.start", "status": status, "headers": headers})
        more = True
        while more:
            data = await answer.next(self._in_thread)
            more = not answer.is_all_sent()
            if answer.failed or (more and not data):
                connection.abort()  # so that the reader knows that it is not the whole
            if connection.is_lost:
                raise Gone
            for start in range(0, len(data) or 1, PIECE):
                piece = data[start : start + PIECE]
                connection.sent(len(piece))
                is_last = not more and start + PIECE >= len(data)
                await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
        visit.note("left" if connection.is_lost else status)

    async def _head(self, answer: Answer) -> tuple[int, list[tuple[bytes, bytes]]] | None:
        """Status and headers; None when the making failed, or no thread was free for too long."""
        try:
            return await asyncio.wait_for(answer.head(), self._patience.queue_seconds)
        except TimeoutError:
            return None if answer.call_off() else await answer.head()

    async def _refuse(
        self, visit: _Visit, refused: Refused, connection: Connection, receive: Callable[[], Any], send: Send
    ) -> None:
        """Send a page of ours, and read the rest of what comes into nothing for a while."""
        connection.wait_for(connections.LINGER, self._patience.linger_seconds)
        visit.note(refused.status)
        await _send_page(refused.status, visit, send, refused.limit, more=True)
        while not connection.is_lost:
            message = await receive()
            if message["type"] != "http.request":
                return
            connection.came(len(message["body"]))
            if not message["more_body"]:
                break
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_page(status: int, visit: _Visit, send: Send, limit: int = 0, *, more: bool = False) -> None:
    page = refused_page(status, visit.environ.get("HTTP_ACCEPT_LANGUAGE", ""), limit).encode()
    headers = [*refused_headers(status), (b"Content-Length", str(len(page)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page, "more_body": more})


def _pour(made: Iterable[bytes], answer: Answer) -> None:
    for data in made:
        if data:
            answer.put(data)


class _Visit:
    """One question, as WSGI has it, and what the log says of it."""

    def __init__(self, scope: dict[str, Any]) -> None:
        self._began = time.perf_counter()
        raw: bytes = scope["raw_path"]
        if not raw.startswith(b"/"):
            raw = _ORIGIN.sub(b"", raw, count=1) or b"/"
        self.path = unquote_to_bytes(raw)
        client, server = scope["client"] or ("", 0), scope["server"] or ("", 0)
        self.environ: dict[str, Any] = {
            "REQUEST_METHOD": scope["method"], "SCRIPT_NAME": "", "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": scope["query_string"].decode("latin-1"), "SERVER_NAME": str(server[0]),
            "SERVER_PORT": str(server[1]), "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
            "REMOTE_ADDR": str(client[0]), "wsgi.version": (1, 0), "wsgi.url_scheme": scope["scheme"],
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        self.is_chunked = False
        for name, value in scope["headers"]:
            self._take(name.decode("latin-1"), value.decode("latin-1"))
        length = self.environ.get("CONTENT_LENGTH", "0")
        self.length = int(length) if length.isdecimal() else 0
        self.is_for_file = bool(_FILE.fullmatch(self.environ["PATH_INFO"]))

    def _take(self, name: str, value: str) -> None:
        if "_" in name:
            return  # it would pass for one with a hyphen, which a proxy has looked at
        if name == "transfer-encoding":
            self.is_chunked = True
            return
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        self.environ[key] = f"{self.environ[key]}{joint}{value}" if key in self.environ else value

    def note(self, how: int | str) -> None:
        """Write the line of the log."""
        took = (time.perf_counter() - self._began) * 1000
        access_log.note(self.environ["REQUEST_METHOD"], self.path.decode("utf-8", "replace"), how, took)
