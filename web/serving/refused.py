"""What is said when a request is refused before the app has seen it: a small page without anything around it."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from tempuse.settings import LANGUAGES
from web import spoken
from web.config import MEGABYTE, UPLOAD_LIMIT

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{said}</title></head>
<body><main><h1>{said}</h1></main></body></html>
"""


def refused_page(status: int, accept_language: str, limit: int = 0) -> str:
    """The page for a status code, in the language that the browser asks for; ``limit`` is of the door, in bytes."""
    language = parse_accept_header(accept_language, LanguageAccept).best_match(LANGUAGES) or LANGUAGES[0]
    words = spoken.catalogue(language)
    said = {
        413: words.gettext("This is more than we can take at once: %(limit)s MB.")
        % {"limit": (limit or UPLOAD_LIMIT) // MEGABYTE},
        431: words.gettext("Your browser sent more than we can read. Delete the cookies of this site and try again."),
        503: words.gettext("Very many people are here just now. Try again in a minute."),
        500: words.gettext("Something went wrong on our side. Nothing you wrote is to blame."),
    }.get(status, words.gettext("This did not work. Go back and try again."))
    return PAGE.format(language=language, said=escape(said))


def refused_headers(status: int) -> list[tuple[bytes, bytes]]:
    """The headers of such a page, for a server that knows only bytes."""
    headers = [
        (b"Content-Type", b"text/html; charset=utf-8"), (b"X-Content-Type-Options", b"nosniff"),
        (b"Content-Security-Policy", b"default-src 'none'"), (b"Cache-Control", b"no-store"),
    ]  # fmt: skip
    return [*headers, (b"Retry-After", b"60")] if status == 503 else headers


def refused_answer(status: int) -> bytes:
    """The whole answer to a question whose head could not be read to its end, after which nothing follows."""
    page = refused_page(status, "").encode()
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
    headers = [*refused_headers(status), (b"Content-Length", str(len(page)).encode()), (b"connection", b"close")]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", page])
