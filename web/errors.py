"""One table from errors to HTTP; what a citizen sees is a sentence."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from tempuse import errors
from web import words
from web.config import MEGABYTE

STATUS: dict[type[errors.TempuseError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.WrongState: 409,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.Unusable: 503,
}


def _ours(error: errors.TempuseError) -> tuple[str, int]:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    if isinstance(error, errors.Unusable):
        # Where the register lies is nobody's business on a page; the log has it.
        current_app.logger.error("%s %s", error.message, error.values)
        return page(status, gettext("The register cannot be reached just now. Try again in a few minutes.")), status
    return page(status, words.error_sentence(error)), status


def _http(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response  # a view has said it already
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        limit = current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE
        said = gettext("This is more than we can take at once: %(limit)s MB.", limit=limit)
        return page(status, said), status
    said = {
        404: gettext("There is no page at this address. It may have moved."),
        405: gettext("This address does not work like this. Go back and try again."),
        429: gettext("That was often in a short time. Wait a minute and try again."),
    }.get(status, gettext("This did not work. Go back and try again."))
    return page(status, said), status


def _bug(error: Exception) -> tuple[str, int]:
    current_app.logger.exception("unexpected error at %s", request.path)
    return page(500, gettext("Something went wrong on our side. Nothing you wrote is to blame.")), 500


def page(status: int, said: str) -> str:
    """A page that says one thing, and works even when the register does not."""
    try:
        return render_template("error.html", status=status, said=said)
    except errors.Unusable:
        return render_template("error_bare.html", status=status, said=said)


def init_app(app: Flask) -> None:
    """Register the table."""
    app.register_error_handler(errors.TempuseError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)
