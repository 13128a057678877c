"""One table from errors to HTTP; what a citizen sees is a sentence."""

from __future__ import annotations

import errno

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from tempuse import errors
from tempuse.store.engine import faults
from web import database, words
from web.config import MEGABYTE
from web.site import unsent

STATUS: dict[type[errors.TempuseError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.WrongState: 409,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.Unusable: 503,
}


# What cannot be written now can be read all the same.
_ONLY_READ = ("register.disk_full", "register.read_only", "attachment.not_kept")
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
RETRY_AFTER = 30  # seconds


def status_of(error: errors.TempuseError) -> int:
    """The status of an answer that says this error."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)


def _ours(error: errors.TempuseError) -> ResponseReturnValue:
    status = status_of(error)
    if not isinstance(error, errors.Unusable):
        return page(status, words.error_sentence(error)), status
    database.let_go()
    # Where the register lies is nobody's business on a page; the log has it.
    current_app.logger.error("%s %s", error.message, error.values)
    if error.message == "register.locked":
        said = gettext(
            "Somebody else is writing to the register just now, perhaps a large list that comes in. Nothing was"
            " saved. Reading goes on meanwhile."
        )
    elif error.message in _ONLY_READ:
        said = gettext("Nothing can be saved just now, and nothing was. Reading goes on.")
    else:
        said = gettext("The register cannot be reached just now. Try again in a few minutes.")
    return _away(said, status)


def _away(said: str, status: int) -> Response:
    """The answer while the register cannot be used: one sentence, and what was typed, to be sent again."""
    held = unsent.of_request() if request.method == "POST" else None
    if held is not None and held.has_password:
        held = None  # a password is typed again, not carried
    response = unsent.whole_page(page(status, said, held), status)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response  # a view has said it already
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        limit = (request.max_content_length or 0) // MEGABYTE
        said = gettext("This is more than we can take at once: %(limit)s MB.", limit=limit)
        return page(status, said), status
    said = {
        404: gettext("There is no page at this address. It may have moved."),
        405: gettext("This address does not work like this. Go back and try again."),
        429: gettext("That was often in a short time. Wait a minute and try again."),
    }.get(status, gettext("This did not work. Go back and try again."))
    return page(status, said), status


def _bug(error: Exception) -> ResponseReturnValue:
    if (meant := _of_driver(error)) is not None:
        return _ours(meant)
    database.let_go()
    current_app.logger.exception("unexpected error at %s", request.path)
    return page(500, gettext("Something went wrong on our side. Nothing you wrote is to blame.")), 500


def _of_driver(error: Exception) -> errors.TempuseError | None:
    """What an error means that says something about the register or its disk; None when it is a fault of ours."""
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return errors.Unusable("register.disk_full", path=database.register().address)
    return faults.translated(error, database.register().address)


def _of_thing(status: int) -> str:
    """The page of the thing of which something was asked that does not go; empty where the address names none."""
    ref = (request.view_args or {}).get("ref")
    before, found, _ = request.path.partition(f"/{ref}/")
    return f"{before}/{ref}" if status == 409 and ref and found else ""


def page(status: int, said: str, held: unsent.Kept | None = None) -> str:
    """A page that says one thing, and works even when the register does not.

    Args:
        status: of the answer.
        said: the sentence.
        held: what was sent and not taken, for a form that sends it again.
    """
    try:
        return render_template("error.html", status=status, said=said, held=held, back=_of_thing(status))
    except Exception as error:
        if not isinstance(error, errors.TempuseError):
            current_app.logger.exception("no page for the error at %s", request.path)
    # Without what every page is given: that asks the register who is here.
    bare = current_app.jinja_env.get_template("error_bare.html")
    return bare.render(status=status, said=said, held=held)


def init_app(app: Flask) -> None:
    """Register the table."""
    app.register_error_handler(errors.TempuseError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)
