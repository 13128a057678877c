"""A paper on its way to somebody who may read it."""

from __future__ import annotations

from flask import Response

from tempuse.errors import NotFound
from tempuse.texts import without_controls


def pdf_answer(content: bytes | None, name: str) -> Response:
    """The answer that is a paper.

    Args:
        content: the PDF; None where there is none.
        name: what it is called where it is saved, without its ending.

    Raises:
        NotFound: there is no such paper.
    """
    if content is None:
        raise NotFound("permit.no_paper")
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{without_controls(name)}.pdf")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.cache_control.private = True
    answer.cache_control.no_store = True
    return answer
