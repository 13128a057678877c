"""The one guard of each room that is not everybody's, and what happens to a form that is not taken."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from wtforms import EmailField, HiddenField, PasswordField

from tempuse.access import check_allowed, is_allowed
from tempuse.vocabulary import Permission
from web.accounts import auth
from web.site import unsent
from web.site.forms import AtMost, Form, Needed

# What everybody may reach under /office: the ways in.
WAYS_IN = frozenset({"auth.sign_in", "auth.forgotten", "auth.set_password"})


class SignIn(Form):
    """E-mail address and password; ``kept`` is what was written when the session was over."""

    email = EmailField(
        lazy_gettext("E-mail address"),
        validators=[Needed(), AtMost(200)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        validators=[Needed()],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    kept = HiddenField()


def protect(blueprint: Blueprint) -> None:
    """Let only people of the office into this blueprint, except by the WAYS_IN.

    Sets ``g.actor`` and ``g.office``. Whoever is not signed in gets the sign-in page; what they had written
    is kept (``web/site/unsent.py``). No browser and no proxy keeps a copy of an answer, whatever it is.
    """
    blueprint.before_request(_check)
    blueprint.after_request(_keep_no_copy)


def _keep_no_copy(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _check() -> Any:
    g.office = True
    if (person := auth.signed_in()) is not None:
        g.actor = person.actor()
        return None
    return None if request.endpoint in WAYS_IN else ask_to_sign_in()


def ask_to_sign_in() -> Any:
    """The answer to somebody who is not signed in: the sign-in page, with the way back."""
    if request.method not in ("GET", "HEAD"):
        return signed_out()
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "")
        address = url_for("auth.sign_in", next="/" + "/".join(page.split("/")[3:]))
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))


def signed_out() -> Any:
    """The answer to a form of somebody whose session is over: sign in here, the text is kept."""
    g.office = True
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return jsonify(message=gettext("You were signed out. Sign in and try again.")), 401
    held = unsent.of_request()
    form = SignIn(formdata=None, kept=unsent.packed(held) if held else "", next=request.path)
    page = render_template("auth/sign_in.html", form=form, signed_out=True, held=held)
    return unsent.whole_page(page, 401)


def room(blueprint: Blueprint, permission: Permission) -> Callable[..., None]:
    """How a module gives addresses to views that not everybody in the office may use.

    ``room("/people", people)`` is ``blueprint.add_url_rule`` with the permission asked first.
    """

    def add(rule: str, view: Callable[..., Any], *, endpoint: str = "", **options: Any) -> None:
        @functools.wraps(view)
        def checked(**values: Any) -> Any:
            check_allowed(g.actor, permission)
            return view(**values)

        blueprint.add_url_rule(rule, endpoint=endpoint or view.__name__, view_func=checked, **options)

    return add


def may(permission: Permission) -> bool:
    """Whether the person who is signed in holds a permission."""
    person = auth.signed_in()
    return person is not None and is_allowed(person.actor(), permission)


def way_back(address: str | None) -> str:
    """Where to go after signing in: a page of the office, never another host."""
    if address and address.startswith("/office") and "\\" not in address and "//" not in address.split("?")[0]:
        return address
    return url_for("office.home")


def _stale(_: CSRFError) -> Any:
    """A form without a token, or with one of an earlier session; nothing was done with it."""
    in_office = request.path.startswith("/office")
    if in_office:
        g.office = True
    if in_office and request.endpoint not in WAYS_IN and auth.signed_in() is None:
        return signed_out()
    said = gettext("This page had been open for too long. Go back, load it anew and send it again.")
    nameless = request.is_secure and not request.referrer
    if nameless:
        said = gettext(
            "Your browser does not tell which page this came from, so it was not taken. Let it send the “Referer” to "
            "this site, or use another browser. Go back: what you wrote should still be there."
        )
    if request.is_json:
        return jsonify(message=said), 400
    held = None if nameless else unsent.of_request()
    if held is None:
        return render_template("error.html", status=400, said=said), 400
    if request.endpoint == "auth.sign_in":
        form = SignIn()
        form.form_errors.append(gettext("This page had been open for too long. Write your password again."))
        carried = unsent.unpacked(form.kept.data)
        return render_template("auth/sign_in.html", form=form, signed_out=bool(carried), held=carried), 400
    if request.endpoint in WAYS_IN:
        return render_template("error.html", status=400, said=said), 400
    return unsent.send_again(held, 400)


def init_app(app: Flask) -> None:
    """Answer forms that are not taken; let templates ask what the person may do."""
    app.register_error_handler(CSRFError, _stale)
    app.jinja_env.globals.update(may=may, Permission=Permission)
