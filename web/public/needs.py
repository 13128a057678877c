"""What groups look for, for everybody: its list and feed; and how a group says it, without an account."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_limiter import RequestLimit
from werkzeug.http import generate_etag

from tempuse import questions
from tempuse.access import PUBLIC
from tempuse.registry.needs import drafting
from tempuse.registry.permits.requesting import Requester
from tempuse.store import published_needs as rows
from tempuse.store.common import current_state
from tempuse.vocabulary import Permission, Role, UseCategory
from tempuse.wanted import Wanted
from web import database, words
from web.accounts import auth, pressed
from web.asking.need_form import NeedForm
from web.presenters import labels, needs
from web.public.blueprint import public
from web.site import addresses, arguments, once
from web.site.forms import Form
from web.site.limits import LINK_LIMIT, limiter, may_write_to
from web.site.unchanged import conditional

PAGE = 30
IN_FEED = 50
NEED_LIMIT = "6 per 10 minutes;30 per day"


@public.get("/needs", Permission.PUBLIC_READ, endpoint="needs")
def listing() -> str:
    """What groups look for, the newest first; all of it, or for one use."""
    con = database.connection()
    use = arguments.choice(request.args, "use", tuple(UseCategory), "")
    only = next((each for each in UseCategory if each == use), None)
    total = rows.count(con, only)
    page = arguments.page(request.args, total, PAGE)
    found = [needs.published(text) for text in rows.page(con, only, limit=PAGE, offset=page.offset)]
    heading = ngettext("%(n)s group looks for a space", "%(n)s groups look for a space", total, n=words.figure(total))
    return render_template(
        "public/needs.html", rows=found, heading=heading, page=page, use=use,
        uses=labels.choices(UseCategory, empty=gettext("Any use")),
        address=lambda number: url_for(".needs", use=use or None, page=number),
    )  # fmt: skip


@public.get("/needs.atom", Permission.PUBLIC_READ, endpoint="needs_feed")
def feed() -> Response:
    """The newest of them as a feed."""
    con = database.connection()
    tag = generate_etag(f"{current_state(con)} {words.locale().language}".encode())

    def make() -> Response:
        found = [needs.published(text) for text in rows.page(con, limit=IN_FEED)]
        entries = [(each, _instant(each)) for each in found]
        text = render_template(
            "public/needs.xml", entries=entries, here=addresses.full("public.needs_feed"),
            updated=max((at for _, at in entries), default="1970-01-01T00:00:00Z"),
        )  # fmt: skip
        return make_response(text, {"Content-Type": "application/atom+xml; charset=utf-8"})

    return conditional(tag, make)


def _instant(each: needs.PublicNeed) -> str:
    """The day on which it was opened, as a feed has it."""
    day = each.opened_on or database.today()
    return datetime.combine(day, time.min, UTC).isoformat().replace("+00:00", "Z")


# ---- how a group says what it looks for -------------------------------------------------------------------------


def asked_here() -> Wanted:
    """What the address asks of a space: it is where a search on the map goes on."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] in questions.PARTS]
    return questions.read(pairs)[0]


def _too_often(_: RequestLimit) -> Response:
    """Too many from one address in a short time: the words stay on the page."""
    form = NeedForm(asked_here(), who="stranger")
    form.say("send", words.sentence("report.too_often"))
    return current_app.make_response(_page(form))


@public.route("/needs/new", Permission.NEED_SEND, methods=["GET", "POST"], endpoint="need_new")
@limiter.limit(NEED_LIMIT, methods=["POST"], on_breach=_too_often)
def new() -> ResponseReturnValue:
    """The form. Whoever is signed in as a contact of a group writes on their own page."""
    if request.form.get(once.TRAP):
        return redirect(url_for(".need_sent"))  # a robot fills in everything
    if request.method != "POST" and _is_contact():
        return redirect(f"{url_for('auth.need_new')}?{request.query_string.decode(errors='replace')}")
    form = NeedForm(asked_here(), who="stranger")
    if form.validate_on_submit() and form.is_in_time():
        with form.saying():
            requester = Requester(
                name=form.name.data or "", email=form.email.data or "", group=form.group.data or ""
            )  # fmt: skip
            sent = drafting.draft_need(
                database.idle(), PUBLIC, form.need(), requester, database.now(), form.sent_token, may_write_to
            )  # fmt: skip
            return redirect(url_for(".need_sent", mail="1" if sent.told else "0"))
    return _page(form)


def _is_contact() -> bool:
    person = auth.signed_in()
    return person is not None and any(each.role == Role.CONTACT and each.over for each in person.memberships)


def _page(form: NeedForm) -> ResponseReturnValue:
    return form.page("public/need_new.html", trap=once.TRAP, base="base.html", also=needs.asked(form.asked))


@public.get("/needs/sent", Permission.PUBLIC_READ, endpoint="need_sent")
def sent() -> str:
    """What comes next."""
    mailed = arguments.choice(request.args, "mail", ("0", "1"), "")
    return render_template("public/need_sent.html", mailed=mailed, days=drafting.UNCONFIRMED.days)


@public.route("/needs/confirm/<secret>", Permission.NEED_SEND, endpoint="need_confirm", methods=["GET", "POST"])
@limiter.limit(LINK_LIMIT, methods=["POST"])
def confirm(secret: str) -> ResponseReturnValue:
    """The page behind the link in the letter: looking does nothing, pressing begins the search and opens its page."""
    form = Form()
    if request.method != "POST":
        return render_template("public/need_confirm.html", state="ask", form=form)
    if not form.validate_on_submit():
        form.refuse(gettext("This page had been open for too long. Please press the button once more."), 400)
        return form.page("public/need_confirm.html", state="ask")
    found = drafting.confirm_need(database.idle(), PUBLIC, secret, database.now())
    if found is None:
        return form.page("public/need_confirm.html", state="over")[0], 410
    page = url_for("auth.need", ref=found.need.ref)
    if (way := pressed.lead_on(found.person, page, found.need.opened_at)) is not None:
        return way
    return form.page("public/need_confirm.html", state="used")[0], 410
