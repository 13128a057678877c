"""A use: keys over and back, an early end, conditions looked at, and what came of it."""

from __future__ import annotations

from datetime import date

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField, TextAreaField, ValidationError

from tempuse.agreements import Afterlife
from tempuse.registry.permits import using
from tempuse.store.permits import Ruled
from tempuse.vocabulary import EarlyEnd, Outcome, Permission
from web import database, verbs, words
from web.office import names
from web.office.blueprint import office
from web.office.permits import acting
from web.office.permits.acting import ActForm, BecauseForm, act_page
from web.presenters import labels
from web.site import arguments
from web.site.forms import AtMost, Choice, Day
from web.site.keys import HandsKeys
from web.site.pictures import FILES
from web.site.subuses import EndsSubuses, SaysWhySubuses

_OVER = Permission.PERMIT_HAND_OVER


class HandoverForm(HandsKeys, ActForm):
    """The keys' way."""


class HandBackForm(SaysWhySubuses, HandoverForm):
    """The keys come back, and with them those of what was given within it."""


@office.route("/permits/<ref>/hand-over", _OVER, endpoint="permit_hand_over", methods=["GET", "POST"])
def hand_over(ref: str) -> ResponseReturnValue:
    """Give the keys."""
    form = HandoverForm()
    return act_page(
        ref, "hand_over", form,
        lambda: using.hand_over(database.idle(), g.actor, ref, database.now(), form.handover()),
        enctype=FILES,
    )  # fmt: skip


@office.route("/permits/<ref>/hand-back", _OVER, endpoint="permit_hand_back", methods=["GET", "POST"])
def hand_back(ref: str) -> ResponseReturnValue:
    """Take the keys back."""
    form = HandBackForm()
    return act_page(
        ref, "hand_back", form,
        lambda: using.hand_back(
            database.idle(), g.actor, ref, database.now(), form.handover(), with_subuses=form.with_subuses.data,
            because=form.why_subuses,
        ),
        lead=gettext("The space is free from the day after."), enctype=FILES,
    )  # fmt: skip


class EarlyEndForm(EndsSubuses, BecauseForm):
    """The last day, and how it comes to end before its time."""

    ended_on = Day(lazy_gettext("What is the last day?"))
    ended_how = Choice(lazy_gettext("How does it end?"))

    def __init__(self) -> None:
        super().__init__()
        self.ended_how.choices = labels.choices(EarlyEnd, hints=True)

    def validate_ended_on(self, field: Day) -> None:
        """There is a last day."""
        if field.day is None and not field.errors:
            raise ValidationError(gettext("This is needed."))


@office.route("/permits/<ref>/end", Permission.PERMIT_END, endpoint="permit_end_early", methods=["GET", "POST"])
def end_early(ref: str) -> ResponseReturnValue:
    """Let a use end before its last day."""
    each, form = acting.ruled(ref), EarlyEndForm()
    return act_page(
        ref, "end_early", form,
        lambda: using.end_early(
            database.idle(), g.actor, ref, database.now(), ended_on=form.ended_on.day or date.max,
            ended_how=form.ended_how.data, because=form.why, with_subuses=form.with_subuses.data,
        ),
        lead=_notice(each),
    )  # fmt: skip


def _notice(each: Ruled) -> str:
    holder, grantor = each.terms.notice_days_holder, each.terms.notice_days_grantor
    return gettext(
        "Notice is %(holder)s days by the group, %(grantor)s by the grantor. Both sides get a letter; the keys still "
        "come back.", holder=words.figure(holder), grantor=words.figure(grantor),
    )  # fmt: skip


class AfterlifeForm(ActForm):
    """What became of a use."""

    outcome = Choice(lazy_gettext("What became of it?"))
    moved_to_ref = StringField(
        lazy_gettext("Moved to the space"),
        description=lazy_gettext("Its reference, like SP-0117"),
        render_kw=names.SPACE_FIELD,
    )
    moved_to_text = StringField(lazy_gettext("Or moved elsewhere: where?"), validators=[AtMost(500)])
    note = TextAreaField(lazy_gettext("What came of it"), validators=[AtMost(4000)])

    def __init__(self) -> None:
        super().__init__()
        self.outcome.choices = labels.choices(Outcome, hints=True)

    def afterlife(self) -> Afterlife:
        """As it is written down."""
        ref = (self.moved_to_ref.data or "").strip()
        return Afterlife(
            outcome=self.outcome.data, moved_to_ref=names.full_ref(ref) if ref else None,
            moved_to_text=(self.moved_to_text.data or "").strip() or None, note=(self.note.data or "").strip() or None,
        )  # fmt: skip


@office.route("/permits/<ref>/afterlife", _OVER, endpoint="permit_afterlife", methods=["GET", "POST"])
def afterlife(ref: str) -> ResponseReturnValue:
    """Write down what became of a use."""
    form = AfterlifeForm()
    return act_page(
        ref, "afterlife", form,
        lambda: using.write_afterlife(database.idle(), g.actor, ref, database.now(), form.afterlife()),
        lead=gettext("If everybody may see the use, everybody reads this."),
    )  # fmt: skip


@office.post("/permits/<ref>/conditions", _OVER, endpoint="permit_look")
def look(ref: str) -> ResponseReturnValue:
    """Write down whether a condition is kept."""
    number = arguments.whole(request.form, "number", 0, 999, -1)
    kept = request.form.get("kept") == "yes"
    note = arguments.text(request.form, "note", 4000) or None
    using.look_at_condition(database.idle(), g.actor, ref, database.now(), number=number, kept=kept, note=note)
    flash(verbs.done("permit", "afterlife"))
    return redirect(f"{acting.to(ref)}#conditions")
