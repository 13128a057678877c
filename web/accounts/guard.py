"""The one guard of the house, who asks at each door, and what happens to a form that is not taken."""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from wtforms import EmailField, HiddenField, PasswordField

from tempuse.access import PUBLIC, check_allowed, is_allowed
from tempuse.vocabulary import Permission
from web.accounts import auth
from web.site import unsent
from web.site.forms import AtMost, Form, Needed
from web.site.rooms import Rooms

# What the browser draws pages with, which tells nothing.
_FILES = frozenset({"static", "logo"})


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


def rooms_here() -> Rooms | None:
    """The part of the house that this request came to; None at a file, and where there is no page."""
    found = current_app.blueprints.get(request.blueprint or "")
    return found if isinstance(found, Rooms) else None


def asked_here() -> Permission | None:
    """What the view of this request asks for; None when it names nothing, and is nobody's."""
    rooms = rooms_here()
    return rooms.permissions.get(request.endpoint or "") if rooms else None


def _ask() -> ResponseReturnValue | None:
    """Let in who holds the permission of the view; what names none is nobody's, wherever it stands.

    Sets ``g.actor``, unless everybody may come in, and ``g.office`` outside the public's part. Whoever is not signed
    in gets the sign-in page; what they had written is kept (``web/site/unsent.py``).
    """
    if request.url_rule is None or request.endpoint in _FILES:
        return None
    rooms, permission = rooms_here(), asked_here()
    if rooms is not None and not rooms.is_public:
        g.office = True
    if permission is None:
        abort(403)
    if is_allowed(PUBLIC, permission):
        return None
    if (person := auth.signed_in()) is None:
        return ask_to_sign_in()
    g.actor = person.actor()
    check_allowed(g.actor, permission)
    return None


def _keep_no_copy(response: Response) -> Response:
    """No browser and no proxy keeps a copy of an answer that is not everybody's, whatever it is."""
    if (rooms := rooms_here()) is not None and not rooms.is_public:
        response.headers["Cache-Control"] = "no-store"
    return response


def ask_to_sign_in() -> ResponseReturnValue:
    """The answer to somebody who is not signed in: the sign-in page, with the way back."""
    if request.method not in ("GET", "HEAD"):
        return signed_out()
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "")
        address = url_for("auth.sign_in", next="/" + "/".join(page.split("/")[3:]))
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")))


def signed_out() -> ResponseReturnValue:
    """The answer to a form of somebody whose session is over: sign in here, the text is kept."""
    g.office = True
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return jsonify(message=gettext("You were signed out. Sign in and try again.")), 401
    held = unsent.of_request()
    form = SignIn(formdata=None, kept=unsent.packed(held) if held else "", next=request.path)
    page = render_template("auth/sign_in.html", form=form, signed_out=True, held=held)
    return unsent.whole_page(page, 401)


def may(permission: Permission) -> bool:
    """Whether the person who is signed in holds a permission."""
    person = auth.signed_in()
    return person is not None and is_allowed(person.actor(), permission)


def is_within(path: str) -> bool:
    """Whether an address lies in a part of the house that is not everybody's."""
    closed = [each for each in current_app.blueprints.values() if isinstance(each, Rooms) and not each.is_public]
    return any(f"{path}/".startswith(f"{rooms.url_prefix}/") for rooms in closed)


def in_office() -> bool:
    """Whether this page is one of the office's for a person who may enter it, also where there is no such page."""
    if not (is_within(request.path) and may(Permission.OFFICE_ENTER)):
        return False
    g.office = True
    return True


def way_back(address: str | None) -> str:
    """Where to go after signing in: a page of the office or of one's own, never another host."""
    path = (address or "").partition("?")[0]
    if address and is_within(path) and "\\" not in address and "//" not in path:
        return address
    return url_for("office.home" if may(Permission.OFFICE_ENTER) else "auth.home")


def _stale(_: CSRFError) -> ResponseReturnValue:
    """A form without a token, or with one of an earlier session; nothing was done with it."""
    rooms, permission = rooms_here(), asked_here()
    if is_closed := rooms is not None and not rooms.is_public:
        g.office = True
    is_way_in = is_closed and permission is not None and is_allowed(PUBLIC, permission)
    if is_closed and not is_way_in and auth.signed_in() is None:
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
        if (carried := unsent.unpacked(form.kept.data)) is not None and auth.signed_in():
            return unsent.send_again(carried, 400)
        form.form_errors.append(gettext("This page had been open for too long. Write your password again."))
        return render_template("auth/sign_in.html", form=form, signed_out=bool(carried), held=carried), 400
    if is_way_in:
        return render_template("error.html", status=400, said=said), 400
    return unsent.send_again(held, 400)


def init_app(app: Flask) -> None:
    """Ask at every door; answer forms that are not taken; let templates ask what the person may do."""
    app.before_request(_ask)
    app.after_request(_keep_no_copy)
    app.register_error_handler(CSRFError, _stale)
    app.jinja_env.globals.update(may=may, Permission=Permission, in_office=in_office)
