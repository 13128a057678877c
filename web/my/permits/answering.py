"""A group answers what the city asked about its request."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, TextAreaField

from tempuse.access import Actor
from tempuse.permits import OPEN
from tempuse.registry.permits import asking
from tempuse.registry.permits.mine import PartyPermit
from tempuse.store import checks
from tempuse.vocabulary import Permission
from web import database
from web.my.blueprint import my
from web.my.permits import acts, told
from web.my.permits.acts import PartyAct
from web.my.permits.changing import closed
from web.my.permits.page import PAGE, one
from web.presenters import permit_words
from web.site import arguments
from web.site.forms import AtMost, Form, Needed


class AskAnswerForm(Form):
    """The answer to one question."""

    number = HiddenField()
    answer = TextAreaField(lazy_gettext("Your answer"), validators=[Needed(), AtMost(4000)])


def _acts(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    permit = mine.permit
    if permit.status not in OPEN or not acts.is_asker(mine, actor):
        return []
    if not any(each.is_open for each in checks.asks_of(database.connection(), permit.ref)):
        return []
    href = url_for("auth.permit_answer", ref=permit.ref)
    return [PartyAct("answer", gettext("Answer the question"), href, waits=True)]


acts.MORE.append(_acts)
permit_words.STOPS.append(asking.stops_of)
told.SEEN.update({
    "answered": lazy_gettext("One of the questions was answered."),
    "withdraw_ask": lazy_gettext("The city took a question back."),
    "check_asked": lazy_gettext("The city asked a department."),
    "check_answered": lazy_gettext("A department answered."),
    "open_notice": lazy_gettext("The city told the neighbours."),
})  # fmt: skip


@my.route(f"{PAGE}/answer", Permission.MY_EDIT, endpoint="permit_answer", methods=["GET", "POST"])
def answer(ref: str) -> ResponseReturnValue:
    """Every open question with a form of its own; what was answered stands below."""
    each = one(ref)
    if not any(act.name == "answer" for act in acts.acts_of(each, g.actor)):
        return closed(ref)
    form, permit = AskAnswerForm(), each.permit
    number = arguments.whole(request.form, "number", 1, 10_000, None)
    if form.validate_on_submit() and number:
        with form.saying():
            asking.answer_ask(
                database.idle(), g.actor, permit.ref, number, (form.answer.data or "").replace("\r\n", "\n"),
                database.now(),
            )  # fmt: skip
            flash(gettext("The city has your answer."))
            return redirect(url_for(".permit", ref=permit.ref))
    asked = checks.asks_of(database.connection(), permit.ref)
    return form.page(
        "my/permits/answer.html", permit=permit, sent=number, waiting=[ask for ask in asked if ask.is_open],
        answered=[ask for ask in asked if ask.answered_at],
    )  # fmt: skip
