"""A group asks for spaces, and confirms by the link in its letter. Nobody needs an account for it."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import RequestLimit

from tempuse.access import PUBLIC
from tempuse.permit_kinds import said
from tempuse.registry.permits import confirming, requesting
from tempuse.vocabulary import Permission, Role
from web import database, words
from web.accounts import auth, pressed
from web.asking import from_match
from web.asking.form import SpaceRequestForm
from web.asking.spaces import asked_for, chosen_kind, offered_kinds, same_question
from web.public.blueprint import public
from web.site import arguments, once
from web.site.forms import Form
from web.site.limits import LINK_LIMIT, limiter, may_write_to, was_sent

REQUEST_LIMIT = "6 per 10 minutes;30 per day"


def _too_often(_: RequestLimit) -> Response:
    """Too many requests from one address in a short time: the words stay on the page."""
    kind = chosen_kind(request.values.get("kind", ""))
    if kind is None:
        return redirect(url_for("public.find"))  # type: ignore[return-value]
    form = SpaceRequestForm(kind)
    form.say("send", words.sentence("report.too_often"))
    return current_app.make_response(_page(form))


@public.route("/request", Permission.PERMIT_SEND, methods=["GET", "POST"], endpoint="request")
@limiter.limit(REQUEST_LIMIT, methods=["POST"], on_breach=_too_often, deduct_when=was_sent)
def ask() -> ResponseReturnValue:
    """The form. Whoever is signed in as a contact of a group asks from their own page."""
    if request.form.get(once.TRAP):
        return redirect(url_for(".request_sent"))  # a robot fills in everything
    spaces = asked_for(request.values.getlist("space"))
    if not spaces:
        return redirect(url_for(".find"))
    if request.method != "POST" and _is_contact():
        return redirect(same_question("auth.request"))
    kind = chosen_kind(request.values.get("kind", ""))
    if kind is None or not all(each.is_there for each in spaces):
        language = words.locale().language
        kinds = [(each.name, said(each.title, language), said(each.lead, language)) for each in offered_kinds()]
        action = url_for(".request")
        return render_template(
            "public/request_kind.html", spaces=spaces, kinds=kinds, action=action, match=from_match.asked(request.args)
        )
    form = SpaceRequestForm(kind)
    if request.method != "POST":
        from_match.begin(form, request.args, spaces[0].free_from)
    if form.validate_on_submit() and form.is_in_time() and form.begins_in_time():
        with form.saying():
            permit, terms = form.asked([each.ref for each in spaces])
            requester = requesting.Requester(
                name=form.name.data or "", email=form.email.data or "", group=form.group.data or ""
            )
            sent = requesting.request_permit(
                database.idle(), PUBLIC, permit, terms, requester, database.now(), form.sent_token, may_write_to,
                from_match.sent_with(form),
            )  # fmt: skip
            return redirect(url_for(".request_sent", number=sent.permit.ref, mail="1" if sent.told else "0"))
    return _page(form)


def _is_contact() -> bool:
    person = auth.signed_in()
    return person is not None and any(each.role == Role.CONTACT and each.over for each in person.memberships)


def _page(form: SpaceRequestForm) -> ResponseReturnValue:
    spaces = asked_for(request.values.getlist("space"))
    language = words.locale().language
    return form.page(
        "public/request.html", spaces=spaces, trap=once.TRAP, kind=form.permit_kind,
        kind_title=said(form.permit_kind.title, language), several=len(offered_kinds()) > 1,
        action=url_for(".request"), base="base.html",
    )  # fmt: skip


@public.get("/request/sent", Permission.PUBLIC_READ, endpoint="request_sent")
def sent() -> str:
    """The number, and what comes next."""
    number = request.args.get("number", "")[:20].upper()
    is_number = number.startswith("PM-") and number[3:].isascii() and number[3:].isalnum()
    return render_template(
        "public/request_sent.html", number=number if is_number else "",
        mailed=arguments.choice(request.args, "mail", ("0", "1"), ""), days=confirming.UNCONFIRMED.days,
    )  # fmt: skip


@public.route(
    "/request/confirm/<secret>", Permission.PERMIT_SEND, endpoint="request_confirm", methods=["GET", "POST"]
)  # fmt: skip
@limiter.limit(LINK_LIMIT, methods=["POST"])
def confirm(secret: str) -> ResponseReturnValue:
    """The page behind the link in the letter: looking does nothing, pressing sends the request and opens its page."""
    form = Form()
    if request.method != "POST":
        return render_template("public/request_confirm.html", state="ask", form=form)
    if not form.validate_on_submit():
        if auth.signed_in() is not None:
            return redirect(url_for("auth.home"))  # pressed twice: the first press has opened it
        form.refuse(gettext("This page had been open for too long. Please press the button once more."), 400)
        return form.page("public/request_confirm.html", state="ask")
    found = confirming.confirm_request(database.idle(), PUBLIC, secret, database.now())
    if found is None:
        return form.page("public/request_confirm.html", state="over")[0], 410
    page = url_for("auth.permit", ref=found.permit.ref)
    if (way := pressed.lead_on(found.person, page, found.permit.confirmed_at)) is not None:
        return way
    return form.page("public/request_confirm.html", state="used")[0], 410
