"""The page of a notice: what is planned near somebody, and a form to comment on it. Nobody needs an account for it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_limiter import RequestLimit
from wtforms import StringField, SubmitField, TextAreaField

from tempuse.access import PUBLIC
from tempuse.checks import Comment
from tempuse.registry.permits import noticing
from tempuse.registry.permits.noticing import NoticeSeen
from tempuse.store import published
from tempuse.vocabulary import LocationLevel, Permission
from web import database, words
from web.presenters import cards
from web.public.blueprint import public
from web.site import once
from web.site.forms import AtMost, Needed
from web.site.limits import limiter, was_sent
from web.site.once import StrangerForm

COMMENT_LIMIT = "6 per 10 minutes;30 per day"


class CommentForm(StrangerForm):
    """What somebody wants to say; who they are only if they like."""

    called = "comment"

    text = TextAreaField(lazy_gettext("What do you want to say?"), validators=[Needed(), AtMost(4000)])
    name = StringField(
        lazy_gettext("Your name"), validators=[AtMost(200)], render_kw={"autocomplete": "name"},
        description=lazy_gettext("Only the office reads it. You may leave it empty."),
    )  # fmt: skip
    contact = StringField(
        lazy_gettext("How can we reach you?"), validators=[AtMost(254)], render_kw={"autocomplete": "email"},
        description=lazy_gettext("Only the office reads it, to ask back. You may leave it empty."),
    )  # fmt: skip
    send = SubmitField(lazy_gettext("Send it to the city"))

    def comment(self) -> Comment:
        """The comment as it was written."""
        texts = [(each.data or "").replace("\r\n", "\n").strip() for each in (self.text, self.name, self.contact)]
        return Comment(text=texts[0], name=texts[1] or None, contact=texts[2] or None)


def _too_often(_: RequestLimit) -> Response:
    """Too many comments from one address in a short time: the words stay on the page."""
    form = CommentForm()
    form.say("send", words.sentence("comment.too_often"))
    return current_app.make_response(_page(form, str((request.view_args or {}).get("secret", ""))))


@public.route("/notices/<secret>", Permission.COMMENT_SEND, methods=["GET", "POST"])
@limiter.limit(COMMENT_LIMIT, methods=["POST"], on_breach=_too_often, deduct_when=was_sent)
def notice(secret: str) -> ResponseReturnValue:
    """The page and its form; after the last day a comment is taken, too, and the form says that it is late."""
    form = CommentForm()
    if request.form.get(once.TRAP):
        return redirect(url_for(".notice", secret=secret))  # a robot fills in everything
    if form.validate_on_submit() and form.is_in_time():
        with form.saying():
            sent = noticing.send_comment(
                database.idle(), PUBLIC, secret, form.comment(), database.now(), form.sent_token
            )
            flash(
                gettext("Thank you. It came after the last day; the city reads it all the same.")
                if sent.late else gettext("Thank you. The city reads it before it decides.")
            )  # fmt: skip
            return redirect(url_for(".notice", secret=secret))
    return _page(form, secret)


def _page(form: CommentForm, secret: str) -> ResponseReturnValue:
    seen = noticing.notice_seen(database.connection(), PUBLIC, secret, database.now())
    spaces = [_space(ref) for ref in seen.space_refs]
    return form.page(
        "public/notice.html", seen=seen, spaces=[each for each in spaces if each], trap=once.TRAP,
        shows_all=_is_exact(seen, spaces),
    )  # fmt: skip


def _space(ref: str) -> dict[str, Any] | None:
    """What everybody sees of a space; None when that is nothing."""
    text = published.feature(database.connection(), "spaces", ref)
    shown = cards.of_feature(text) if text else None
    return shown if shown and shown.get("location_level") else None


def _is_exact(seen: NoticeSeen, spaces: list[dict[str, Any] | None]) -> bool:
    """Whether each of the spaces is shown exactly: else neither name nor days of the use are shown here."""
    return all(each is not None and each["location_level"] == LocationLevel.EXACT for each in spaces)
