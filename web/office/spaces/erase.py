"""The page that erases a person's data from the history of a space, at that person's request."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from tempuse.registry.erasing import erase_personal
from tempuse.store import spaces
from tempuse.vocabulary import Permission
from web import database, words
from web.office import names
from web.office.blueprint import office


@office.route("/spaces/<ref>/erase", Permission.SPACE_ERASE, endpoint="space_erase", methods=["GET", "POST"])
def erase(ref: str) -> ResponseReturnValue:
    """Say what will be erased; and, at the button, do it."""
    space = spaces.get(database.connection(), ref)
    if request.method == "GET":
        return render_template("office/spaces/erase.html", space=space, name=names.space(space))
    count = erase_personal(
        database.idle(), g.actor, ref, database.now(),
        notes=bool(request.form.get("notes")), kept=bool(request.form.get("kept")),
    )  # fmt: skip
    if count:
        flash(ngettext(
            "Erased from %(n)s entry of the history.", "Erased from %(n)s entries of the history.",
            count, n=words.figure(count),
        ))  # fmt: skip
    else:
        flash(gettext("The history told of no person."))
    return redirect(url_for("office.space", ref=ref))
