"""Questions to the group on the office's page of a permit: asked, reminded of, answered by telephone, taken back."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, StringField, TextAreaField

from tempuse.registry.permits import asking
from tempuse.store import checks
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission
from web import database
from web.office.blueprint import office
from web.office.permits import acting, sections
from web.office.permits.acting import ActForm, act_page
from web.office.permits.acts import may
from web.office.permits.sections import PermitSection
from web.site.forms import AtMost, Day, Form, Needed

_DECIDE = Permission.PERMIT_DECIDE
_ANSWER_DAYS = 14
_ONE = "/permits/<ref>/asks/<int:number>"


class QuestionForm(ActForm):
    """A question, its day, and whether the clock stands still."""

    question = TextAreaField(
        lazy_gettext("What do you want to know?"), validators=[Needed(), AtMost(4000)],
        description=lazy_gettext("The group reads this."),
    )  # fmt: skip
    due_on = Day(lazy_gettext("Answer by"), validators=[Needed()])
    stops_clock = BooleanField(
        lazy_gettext("The time for the decision stands still until it is answered"),
        description=lazy_gettext("Not for spelling and the like, without which you can decide as well."),
    )

    def __init__(self) -> None:
        due = database.today() + timedelta(days=_ANSWER_DAYS)
        super().__init__(data={"due_on": due.isoformat(), "stops_clock": True})


class TelephoneForm(ActForm):
    """An answer that the office heard, and whose it is."""

    by = StringField(lazy_gettext("Who answered, and how?"), validators=[Needed(), AtMost(200)])
    answer = TextAreaField(lazy_gettext("The answer"), validators=[Needed(), AtMost(4000)])


@office.route("/permits/<ref>/ask", _DECIDE, endpoint="permit_ask", methods=["GET", "POST"])
def ask(ref: str) -> ResponseReturnValue:
    """Ask the group."""
    form = QuestionForm()

    def do() -> str:
        due_on = form.due_on.day or database.today()
        asked = asking.ask_holder(
            database.idle(), g.actor, ref, database.now(), form.question.data or "", due_on,
            stops_clock=bool(form.stops_clock.data), revision=form.seen,
        )  # fmt: skip
        return gettext("Asked. The clock stands still.") if asked.stops_clock else gettext("Asked.")

    return act_page(ref, "ask", form, do)


@office.route(f"{_ONE}/answer", _DECIDE, endpoint="permit_ask_answer", methods=["GET", "POST"])
def note_answer(ref: str, number: int) -> ResponseReturnValue:
    """Write down what the group said by telephone."""
    form = TelephoneForm()
    asked = next((each for each in checks.asks_of(database.connection(), ref) if each.number == number), None)
    return act_page(
        ref, "answer", form,
        lambda: asking.answer_ask(
            database.idle(), g.actor, ref, number, form.answer.data or "", database.now(), by=form.by.data
        ) and gettext("Written down."),
        heading=gettext("Write down the answer"), lead=asked.text if asked else "",
    )  # fmt: skip


@office.post(f"{_ONE}/remind", _DECIDE, endpoint="permit_ask_remind")
def remind(ref: str, number: int) -> ResponseReturnValue:
    """Remind the group of a question."""
    asking.remind_of_ask(database.idle(), g.actor, ref, number, database.now())
    flash(gettext("Reminded."))
    return redirect(acting.to(ref))


@office.post(f"{_ONE}/withdraw", _DECIDE, endpoint="permit_ask_withdraw")
def withdraw(ref: str, number: int) -> ResponseReturnValue:
    """Go on without an answer."""
    asking.withdraw_ask(database.idle(), g.actor, ref, number, database.now())
    flash(gettext("The question is taken back."))
    return redirect(acting.to(ref))


def section(con: Connection, each: Ruled) -> PermitSection | None:
    """The questions to the group, with whose turn it was how long; nothing where nothing was asked."""
    asked = checks.asks_of(con, each.permit.ref)
    if not asked:
        return None
    clock = asking.clock_of(con, each.permit, database.settings(), database.today())
    return PermitSection("office/permits/_questions.html", {
        "asked": asked, "may": may(g.actor, _DECIDE, each.permit), "today": database.today(), "clock": clock,
        "press": Form(formdata=None),
    })  # fmt: skip


sections.SECTIONS.append(section)
sections.STOPS.append(asking.stops_of)
