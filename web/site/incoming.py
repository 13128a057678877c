"""The edge at which every request comes in: what people send is text, and nothing else."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict, iter_multi_items

from tempuse.texts import without_controls


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


def _check_path() -> None:
    if request.path != without_controls(request.path):
        abort(404)


def init_app(app: Flask) -> None:
    """Let every request of the app come in this way; no address of ours holds a control character."""
    app.request_class = TextRequest
    app.before_request(_check_path)
