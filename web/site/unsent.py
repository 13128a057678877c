"""What somebody had written when their session was over: carried along and sent again at their press.

Nothing is stored here: the fields travel in the page, signed, so that only what one of our own pages sent comes
back. Nothing is ever sent without the person's press. Passwords are not carried; files cannot be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Response, current_app, render_template, request
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tempuse.spaces import FIELDS

LARGEST = 1_000_000  # letters in all
LASTS = 24 * 3600  # seconds
FIELD = "kept"
# What a form carries for itself: no words of the person's.
_CARRIED_UNSEEN = frozenset({"seen", "form_token", "refs", "asked"})
_NOT_CARRIED = re.compile(r"password|csrf_token", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent and not taken.

    Attributes:
        path: where it goes, with its question.
        fields: names and values, in order, names may repeat.
        files: names of files that have to be chosen again.
        has_password: whether a password was in it.
    """

    path: str
    fields: list[tuple[str, str]]
    files: list[str]
    has_password: bool = False

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What the person will know as their own words: what a space's field is called, and what stood in it."""
        said = [(name, value) for name, value in self.fields if name not in _CARRIED_UNSEEN]
        own = [(name, value) for name, value in said if len(value) > 30 or " " in value.strip()]
        return [(gettext(FIELDS[name].get("word", "")) if name in FIELDS else "", value) for name, value in own]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept")


def is_sent_by_us() -> bool:
    """Whether a browser says that one of our own pages sent this form.

    Browsers send ``Origin`` with each POST (Fetch standard, 3.2); older ones at least ``Referer``. When neither
    is there, it was not a page of ours.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        referer = request.headers.get("Referer", "")
        origin = "/".join(referer.split("/")[:3])
    return origin.split("://")[-1] == request.host


def of_request() -> Kept | None:
    """What this request brought, None when it was not sent by a page of ours or is too much to carry."""
    if not is_sent_by_us():
        return None
    fields = [pair for pair in request.form.items(multi=True) if not _NOT_CARRIED.search(pair[0])]
    files = [file.filename for file in request.files.values() if file.filename]
    if not (fields or files) or sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return None
    has_password = any("password" in name.lower() for name in request.form)
    return Kept(request.full_path.rstrip("?"), fields, files, has_password)


def packed(held: Kept) -> str:
    """As text for a hidden input."""
    return str(_serializer().dumps([held.path, held.fields, held.files]))


def unpacked(text: str | None) -> Kept | None:
    """From the hidden input; None when there is nothing, or it was not packed by us."""
    try:
        path, fields, files = _serializer().loads(text or "", max_age=LASTS)
    except BadSignature:
        return None
    return Kept(path, [(name, value) for name, value in fields], files)


def send_again(held: Kept, status: int = 200) -> Response:
    """The page that says *Your text is still here* and sends it at a press, with a fresh token."""
    return whole_page(render_template("auth/send_again.html", held=held), status)


def whole_page(page: str, status: int) -> Response:
    """A page that also takes the whole place when htmx asked for a part."""
    response = Response(page, status=status, mimetype="text/html")
    if request.headers.get("HX-Request"):
        # htmx swaps nothing that is not a success.
        response.status_code = 200
        response.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML show:top"})
    return response
