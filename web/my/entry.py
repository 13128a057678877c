"""The page behind the link of a letter: it says whose page opens, and its button opens it without a password."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.vocabulary import Permission
from web.accounts import auth, links
from web.my.blueprint import my
from web.site.forms import Form
from web.site.limits import LINK_LIMIT, limiter


@my.route("/enter/<token>", Permission.ACCOUNT_ENTER, methods=["GET", "POST"])
@limiter.limit(LINK_LIMIT, methods=["POST"])
def enter(token: str) -> ResponseReturnValue:
    """Open somebody's own page to whoever has the link; pressed twice, it is open.

    Who works in the office signs in with a password all the same: their session opens more than their own page.
    """
    entry = links.entry_of(token)
    if entry is None:
        return render_template("my/link_over.html"), 410
    here = auth.signed_in()
    if here is not None and here.ref == entry.person.ref:
        return redirect(entry.to)
    if request.method == "POST" and entry.person.role:
        return redirect(url_for("auth.sign_in", next=entry.to))
    form = Form()
    if form.validate_on_submit():
        auth.enter(entry.person)
        return redirect(entry.to)
    if request.method == "POST":
        form.refuse(gettext("This page had been open for too long. Please press the button once more."), 400)
    return form.page("my/enter.html", person=entry.person)
