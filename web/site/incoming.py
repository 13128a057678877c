"""The edge at which every request comes in: what people send is text, and no more of it than the door takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, Request, abort, current_app, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict, iter_multi_items

from tempuse.texts import without_controls
from web.config import MEGABYTE, UPLOAD_LIMIT

# A form with all that it may hold in memory (MAX_FORM_MEMORY_SIZE), and what surrounds it.
FORM_LIMIT = 6 * MEGABYTE
# Where files come in: lists and layers; pictures and plans of spaces; pictures and scans beside a permit's forms.
UPLOAD_DOORS = re.compile(
    r"/office/(?:import|areas|spaces/[^/]+/(?:pictures|plans|consent)|spaces/word)|/(?:office|my)/permits/[^/]+/[a-z-]+"
)
# Where everybody may send a few photos along; so much, because nobody knows who it is.
PHOTO_DOORS, PHOTO_LIMIT = frozenset({"/report", "/owner/offer"}), 20 * MEGABYTE
_WITHOUT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "DELETE"})


class _Texts(ImmutableMultiDict[str, Any]):
    """What a form or an address says, name by name, without control characters."""

    def __init__(self, mapping: Any = None) -> None:
        said: MultiDict[str, Any] = MultiDict()
        for name, value in iter_multi_items(mapping or ()):
            if isinstance(value, FileStorage) and value.filename:
                value.filename = without_controls(value.filename)
            said.add(without_controls(name), without_controls(value) if isinstance(value, str) else value)
        super().__init__(said)


class TextRequest(Request):
    """A request whose forms and questions hold text only."""

    parameter_storage_class = _Texts


def limit_for(app: Flask, environ: Mapping[str, Any]) -> int:
    """How many bytes may come with this head: large files only from who is signed in, at the doors for files."""
    method = environ["REQUEST_METHOD"]
    if method in _WITHOUT:
        return 0
    if method == "POST" and UPLOAD_DOORS.fullmatch(environ["PATH_INFO"]) and _is_signed_in(app, environ):
        return UPLOAD_LIMIT
    return PHOTO_LIMIT if method == "POST" and environ["PATH_INFO"] in PHOTO_DOORS else FORM_LIMIT


def _is_signed_in(app: Flask, environ: Mapping[str, Any]) -> bool:
    """Whether a session of ours came with it; whether it still lasts is asked by the app, at the register."""
    session = app.session_interface.open_session(app, app.request_class(dict(environ)))
    return bool(session) and "_user_id" in session  # type: ignore[operator]


def _check_path() -> None:
    if request.path != without_controls(request.path):
        abort(404)


def _bound_body() -> None:
    request.max_content_length = limit_for(current_app, request.environ)


def init_app(app: Flask) -> None:
    """Let every request come in this way, whatever serves the app; no address of ours holds a control character."""
    app.request_class = TextRequest
    app.before_request(_check_path)
    app.before_request(_bound_body)
