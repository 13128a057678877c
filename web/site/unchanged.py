"""One way to say that nothing changed since the asker came by."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request


def conditional(etag: str, make: Callable[[], Response]) -> Response:
    """The answer that ``make`` makes; where the asker has this very state already, 304, and nothing is made.

    Args:
        etag: what says that the state changed. It is sent as a weak one: the same state squeezed and not are not the
            same bytes. A file that is read in parts has set a strong one itself.
        make: makes the answer.
    """
    answer = Response()
    answer.set_etag(etag, weak=True)
    answer.make_conditional(request)
    if answer.status_code != 200:
        return answer
    answer = make()
    if answer.status_code == 200 and "ETag" not in answer.headers:
        answer.set_etag(etag, weak=True)
    return answer
