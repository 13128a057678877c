"""Files on their way out: handed to the server, which sends them at their reader's pace without a thread."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from flask import Response, request, url_for
from werkzeug.wrappers import Response as Answered

CHUNK = 1 << 17


class FilePart:
    """A file, or a stretch of one, as an answer.

    The server takes it as a file; whoever knows nothing of that may iterate over it.
    """

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self.file = file
        self.left = stop - start
        file.seek(start)

    def read(self) -> bytes:
        """The next bytes; none at the end, or where somebody cut the file short."""
        data = self.file.read(min(CHUNK, self.left))
        self.left -= len(data)
        return data

    def __iter__(self) -> Iterator[bytes]:
        try:
            while data := self.read():
                yield data
        finally:
            self.close()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def say_licence(answer: Answered, licence_url: str) -> None:
    """Say under which licence an answer is, and where it is described: also of what has no place of its own for it."""
    if licence_url:
        answer.headers.add("Link", f'<{licence_url}>; rel="license"')
    answer.headers.add("Link", f'<{url_for("public.data")}>; rel="describedby"; type="text/html"')


def a_file(file: BinaryIO, mimetype: str, etag: str = "", *, whole: bool = False) -> Response:
    """The answer that is a file, or the part of it that the asker wants.

    Args:
        file: open; closed when it has been sent.
        mimetype: of its content.
        etag: what says that it changed; it is the file's whole state, so a part of another state is never given.
        whole: never in parts.
    """
    try:
        size = os.fstat(file.fileno()).st_size
        answer = Response(FilePart(file, 0, size), mimetype=mimetype, direct_passthrough=True)
        answer.content_length = size
        if etag:
            answer.set_etag(etag)
        if whole:
            return answer
        answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
        if answer.status_code == 304:
            answer.response = ()
            file.close()
        elif answer.status_code == 206:
            asked = answer.content_range
            answer.response = FilePart(file, asked.start or 0, asked.stop or size)
        return answer
    except BaseException:
        file.close()
        raise
