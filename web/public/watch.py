"""Tell me when one fits: asked for with an address, and kept by the link in its letters. Looking does nothing."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_limiter import RequestLimit
from wtforms import EmailField, SubmitField

from tempuse import matching, questions
from tempuse.access import PUBLIC
from tempuse.registry.watches import keeping
from tempuse.vocabulary import Permission, WatchEnd, WatchPace
from tempuse.watches import Watch
from web import database, words
from web.map import index
from web.match import question, wording
from web.presenters import labels
from web.public.blueprint import public
from web.site import once
from web.site.forms import AtMost, Choice, Form, Needed
from web.site.limits import LETTER_LIMIT, LINK_LIMIT, limiter, may_write_to
from web.site.once import StrangerForm

NEW_DAYS = 90


class WatchForm(StrangerForm):
    """Where letters go, and how often."""

    called = "watch"

    email = EmailField(
        lazy_gettext("Your e-mail"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "email"},
        description=lazy_gettext("We send you a link to confirm it. Each letter has a button that ends them."),
    )  # fmt: skip
    every = Choice(lazy_gettext("How often?"), default=WatchPace.DAY.value)
    send = SubmitField(lazy_gettext("Tell me when one fits"))

    def __init__(self) -> None:
        super().__init__()
        self.every.choices = labels.choices(WatchPace, hints=True)


class PaceForm(Form):
    """The page behind the link: how often, still looking, or no more."""

    every = Choice(lazy_gettext("How often?"))

    def __init__(self, watch: Watch) -> None:
        super().__init__(data={"every": watch.every})
        self.every.choices = labels.choices(WatchPace, hints=True)


def _too_often(_: RequestLimit) -> Response:
    form = WatchForm()
    form.say("send", words.sentence("report.too_often"))
    return current_app.make_response(_page(form))


@public.route("/watch", Permission.REPORT_SEND, methods=["GET", "POST"], endpoint="watch_ask")
@limiter.limit(LETTER_LIMIT, methods=["POST"], on_breach=_too_often)
def ask() -> ResponseReturnValue:
    """The form, for the question in the address."""
    if request.form.get(once.TRAP):
        return redirect(url_for(".watch_sent"))  # a robot fills in everything
    asked = question.read(request.args)
    if asked.wanted.is_empty or asked.cannot_be:
        return redirect(url_for(".match") + asked.address(change="yes"))
    form = WatchForm()
    if form.validate_on_submit() and form.is_in_time():
        with form.saying():
            keeping.ask_to_hear(
                database.idle(), PUBLIC, asked.wanted, form.email.data or "", form.every.data,
                words.locale().language, database.now(), form.sent_token, may_write_to,
            )  # fmt: skip
            return redirect(url_for(".watch_sent"))
    return _page(form)


def _page(form: WatchForm) -> ResponseReturnValue:
    asked = question.read(request.args)
    fit, new = _counts(asked)
    return form.page(
        "public/watch.html", trap=once.TRAP, summary=wording.summary(asked.wanted), fit=fit, new=new, days=NEW_DAYS,
        action=url_for(".watch_ask") + asked.address(), back=url_for(".match") + asked.address(),
        said=[words.issue_sentence(issue) for issue in asked.issues],
    )  # fmt: skip


def _counts(asked: question.MatchQuestion) -> tuple[int, int]:
    """How many spaces fit today, and how many of them the public has seen for less than NEW_DAYS."""
    offers, today = index.current().offers, database.today()
    tier = matching.judge(offers, asked.wanted, today, database.scale()).tier
    fits = tier != matching.NEAR
    new = fits & (offers.shown_since > today.toordinal() - NEW_DAYS) & (offers.shown_since <= today.toordinal())
    return int(fits.sum()), int(new.sum())


@public.get("/watch/sent", Permission.PUBLIC_READ, endpoint="watch_sent")
def sent() -> str:
    """The same for every address, whether it was known or not."""
    return render_template("public/watch_sent.html")


@public.route("/watch/<secret>", Permission.REPORT_SEND, methods=["GET", "POST"])
@limiter.limit(LINK_LIMIT, methods=["POST"])
def watch(secret: str) -> ResponseReturnValue:
    """What it asks, and what may be done with it; only a press does anything."""
    found = keeping.of_secret(database.connection(), secret)
    if found is None:
        return render_template("public/watch_over.html"), 410
    form = PaceForm(found)
    if request.method == "POST" and form.validate_on_submit():
        _act(secret, form)
        return redirect(url_for(".watch", secret=secret), 303)
    wanted, issues = questions.read_text(found.question)
    return form.page(
        "public/watch_link.html", watch=found, summary=wording.summary(wanted), matches=url_for(".match")
        + question.address(wanted), change=url_for(".match") + question.address(wanted, change="yes"),
        issues=[words.issue_sentence(issue) for issue in issues],
    )  # fmt: skip


def _act(secret: str, form: PaceForm) -> None:
    con, now = database.idle(), database.now()
    match request.form.get("act"):
        case "confirm":
            keeping.confirm_watch(con, PUBLIC, secret, now)
        case "end":
            keeping.end_watch(con, PUBLIC, secret, now)
        case "still":
            keeping.change_watch(con, PUBLIC, secret, now, still=True)
        case "pace":
            keeping.change_watch(con, PUBLIC, secret, now, every=form.every.data)


@public.route("/watch/<secret>/stop", Permission.REPORT_SEND, methods=["POST"], endpoint="watch_stop")
@limiter.limit(LINK_LIMIT)
def stop(secret: str) -> ResponseReturnValue:
    """The button of a mailbox (RFC 8058): one press, no page before it, no session."""
    keeping.end_watch(database.idle(), PUBLIC, secret, database.now(), WatchEnd.ONE_CLICK)
    return gettext("No more letters will come."), 200, {"Content-Type": "text/plain; charset=utf-8"}
