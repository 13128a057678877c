"""The list of all spaces, the pages in plain words, the language, and what machines ask of a site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Response, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answered

from tempuse import __version__
from tempuse.errors import TempuseError
from tempuse.mapindex.filters import SIZE_CHOICES
from tempuse.vocabulary import Facility, Permission, SpaceKind, UseCategory
from web import database, words
from web.map import index
from web.public.blueprint import public
from web.search import chips, query
from web.search.answers import answer


@public.get("/find", Permission.PUBLIC_READ)
def find() -> str:
    """The filter as a plain form, and the list page by page."""
    question = query.asked()
    only_placeless = request.args.get("place") == "none"
    found = answer(question, only_placeless=only_placeless, order="soon")
    place = "none" if only_placeless else ""
    return render_template(
        "public/find.html",
        found=found,
        only_placeless=only_placeless,
        address=lambda page, first="": (
            url_for("public.find") + question.address(chosen="", map="", page=str(page), first=first, place=place)
        ),
        kinds=[(kind.value, gettext(kind.label)) for kind in SpaceKind],
        uses=[(use.value, gettext(use.label)) for use in UseCategory],
        sizes=[(str(size), chips.size_words(int(size))) for size in SIZE_CHOICES],
        facilities=[(each.value, gettext(each.label)) for each in Facility],
        outlooks=list(chips.outlook_words().items()),
        districts=[("", gettext("Everywhere")), *index.districts()],
    )


@public.get("/how-it-works", Permission.PUBLIC_READ)
def how() -> str:
    """How it works."""
    return render_template("public/how.html")


@public.get("/accessibility", Permission.PUBLIC_READ)
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("public/accessibility.html")


@public.get("/privacy", Permission.PUBLIC_READ)
def privacy() -> str:
    """What is kept about visitors."""
    return render_template("public/privacy.html")


@public.get("/language/<code>", Permission.PUBLIC_READ)
def language(code: str) -> Answered:
    """Remember a language, and go back to where the reader was."""
    if code in database.settings().languages and code in words.NAMES:
        session["language"] = code
    to = request.args.get("to", "")
    parts = urlsplit(to)
    local = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc and "\n" not in to
    return redirect(to if local else url_for("public.home"), 303)


@public.get("/health", Permission.PUBLIC_READ)
def health() -> Response:
    """Whether this process can read its register and write to it: 200, or 503 when it cannot."""
    body: dict[str, Any] = {"ok": False, "register": False, "version": __version__}
    try:
        database.check_readable()
        body["register"] = True
        database.check_writable()
        body["ok"] = True
    except TempuseError as error:
        current_app.logger.error("%s %s", error.message, error.values)
    except Exception:
        current_app.logger.exception("the register cannot be looked at")
    if body["register"] and not body["ok"]:
        body["writable"] = False
    response = Response(orjson.dumps(body), 200 if body["ok"] else 503, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


@public.get("/robots.txt", Permission.PUBLIC_READ)
def robots() -> Response:
    """What search engines may read: the pages, not what the map asks for."""
    closed = ("/office", "/my/", "/map/", "/list", "/language/", "/spaces.", "/uses.", "/areas.")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
