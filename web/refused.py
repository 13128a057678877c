"""What is said when a request is refused before the app has seen it: a small page without anything around it."""

from __future__ import annotations

from html import escape

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from tempuse.settings import LANGUAGES
from web import words
from web.config import MEGABYTE, UPLOAD_LIMIT

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{said}</title></head>
<body><main><h1>{said}</h1></main></body></html>
"""


def refused_page(status: int, accept_language: str) -> str:
    """The page for a status code, in the language that the browser asks for."""
    language = parse_accept_header(accept_language, LanguageAccept).best_match(LANGUAGES) or LANGUAGES[0]
    spoken = words.catalogue(language)
    said = {
        413: spoken.gettext("This is more than we can take at once: %(limit)s MB.")
        % {"limit": UPLOAD_LIMIT // MEGABYTE},
        431: spoken.gettext("Your browser sent more than we can read. Delete the cookies of this site and try again."),
        503: spoken.gettext("Something went wrong on our side. Nothing you wrote is to blame."),
        500: spoken.gettext("Something went wrong on our side. Nothing you wrote is to blame."),
    }.get(status, spoken.gettext("This did not work. Go back and try again."))
    return PAGE.format(language=language, said=escape(said))
