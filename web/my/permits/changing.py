"""A request is changed or taken back, an approved one called off, a running one given notice of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, StringField, TextAreaField

from tempuse.registry.permits import using, withdrawing
from tempuse.registry.permits.mine import PartyPermit
from tempuse.vocabulary import EarlyEnd, Party, Permission, UseCategory
from web import database, verbs, words
from web.my.blueprint import my
from web.my.permits import acts
from web.my.permits.page import PAGE, one
from web.presenters import labels
from web.presenters import permits as stand
from web.site import arguments, subuses
from web.site.forms import AtMost, Choices, Day, Form, Needed
from web.site.subuses import EndsSubuses

_METHODS = ["GET", "POST"]


class ChangeRequestForm(Form):
    """What may be changed of a request before it is decided."""

    title = StringField(lazy_gettext("What do you want to do there?"), validators=[Needed(), AtMost(200)])
    purpose = TextAreaField(
        lazy_gettext("What happens there?"), validators=[AtMost(4000)],
        description=lazy_gettext("Who decides about it reads this."),
    )  # fmt: skip
    use_categories = Choices(lazy_gettext("What is it?"))
    starts_on = Day(lazy_gettext("From which day?"), validators=[Needed()])
    ends_on = Day(lazy_gettext("Until which day?"), validators=[Needed()])
    private_text = TextAreaField(
        lazy_gettext("Anything else?"), validators=[AtMost(4000)], description=lazy_gettext("Only the city reads it.")
    )  # fmt: skip
    revision = HiddenField()

    def __init__(self, mine: PartyPermit) -> None:
        permit, terms = mine.permit, mine.terms
        days = {name: (day.isoformat() if (day := getattr(terms, name)) else "") for name in ("starts_on", "ends_on")}
        super().__init__(data={
            "title": permit.title, "purpose": permit.purpose, "use_categories": list(permit.use_categories),
            "private_text": permit.private_text, "revision": str(permit.revision), **days,
        })  # fmt: skip
        self.use_categories.choices = labels.choices(UseCategory)

    def changes(self) -> dict[str, Any]:
        """The new values."""
        texts = ((name, self[name].data) for name in ("title", "purpose", "private_text"))
        found: dict[str, Any] = {name: (text or "").replace("\r\n", "\n").strip() or None for name, text in texts}
        return {
            **found, "use_categories": tuple(self.use_categories.data or ()), "starts_on": self.starts_on.day,
            "ends_on": self.ends_on.day,
        }  # fmt: skip


class ReasonForm(Form):
    """Why."""

    because = TextAreaField(lazy_gettext("Why?"), validators=[AtMost(2000)])

    def __init__(self, *, needed: bool = False) -> None:
        super().__init__()
        if needed:
            self.because.description = gettext("The city and the owner read it.")
            self.because.validators = [Needed(), *self.because.validators]
        else:
            self.because.description = gettext("You may leave it empty.")

    @property
    def reason(self) -> str:
        """What was written."""
        return (self.because.data or "").replace("\r\n", "\n").strip()


class EndingReasonForm(EndsSubuses, ReasonForm):
    """Why, and whether what is given within it ends, too."""


class NoticeForm(EndingReasonForm):
    """The last day, and why it ends earlier."""

    ended_on = Day(lazy_gettext("Last day"), validators=[Needed()])


def _mine(ref: str, *acting: str) -> PartyPermit | None:
    """A permit with which somebody can do one of these things now; None where it is not open to it any more."""
    each = one(ref)
    if any(act.name in acting for act in acts.acts_of(each, g.actor)):
        return each
    may = acts.is_asker(each, g.actor) or each.side == Party.GRANTOR
    return None if may else abort(403)


def _back(ref: str, said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for(".permit", ref=ref))


def closed(ref: str) -> ResponseReturnValue:
    """What somebody wanted to do is not to be done any more: the page says where it stands."""
    return _back(ref, gettext("This cannot be done any more. Nothing was changed."))


@my.route(f"{PAGE}/edit", Permission.MY_EDIT, endpoint="permit_edit", methods=_METHODS)
def edit(ref: str) -> ResponseReturnValue:
    """Change what is asked for."""
    if (each := _mine(ref, "edit")) is None:
        return closed(ref)
    form = ChangeRequestForm(each)
    if form.validate_on_submit():
        with form.saying():
            seen = arguments.whole(arguments.Args({"n": form.revision.data or ""}), "n", 0, 10**9, None)
            withdrawing.edit_request(
                database.idle(), g.actor, each.permit.ref, form.changes(), database.now(), revision=seen
            )  # fmt: skip
            return _back(each.permit.ref, gettext("Saved."))
    return form.page("my/permits/edit.html", permit=each.permit)


def _ask(each: PartyPermit, form: Form, what: str, said: Sequence[str], **values: Any) -> ResponseReturnValue:
    return form.page(
        "my/permits/act.html", permit=each.permit, what=what, button=verbs.button("permit", what), said=said,
        subuses=subuses.listed(form, each.permit.ref), stand=stand, **values
    )  # fmt: skip


@my.route(f"{PAGE}/withdraw", Permission.MY_EDIT, endpoint="permit_withdraw", methods=_METHODS)
def withdraw(ref: str) -> ResponseReturnValue:
    """Take a request back."""
    if (each := _mine(ref, "withdraw")) is None:
        return closed(ref)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.saying():
            note = form.reason or None
            withdrawing.withdraw_request(database.idle(), g.actor, each.permit.ref, database.now(), note=note)
            return _back(each.permit.ref, verbs.done("permit", "withdraw"))
    return _ask(each, form, "withdraw", [gettext("The city stops looking at it. You can ask anew at any time.")])


@my.route(f"{PAGE}/call-off", Permission.MY_EDIT, endpoint="permit_call_off", methods=_METHODS)
def call_off(ref: str) -> ResponseReturnValue:
    """Give up what was approved."""
    if (each := _mine(ref, "call_off")) is None:
        return closed(ref)
    form = EndingReasonForm(needed=True)
    if form.validate_on_submit():
        with form.saying(), form.asking_for_subuses():
            withdrawing.call_off_permit(
                database.idle(), g.actor, each.permit.ref, database.now(), form.reason,
                with_subuses=form.with_subuses.data,
            )  # fmt: skip
            return _back(each.permit.ref, verbs.done("permit", "call_off"))
    return _ask(each, form, "call_off", [gettext("Its days are free for others from that minute. All are told.")])


@my.route(f"{PAGE}/end", Permission.MY_EDIT, endpoint="permit_end", methods=_METHODS)
def end(ref: str) -> ResponseReturnValue:
    """Give notice."""
    if (each := _mine(ref, "end_early")) is None:
        return closed(ref)
    form, terms = NoticeForm(needed=True), each.terms
    is_holder = each.side == Party.HOLDER
    days = terms.notice_days_holder if is_holder else terms.notice_days_grantor
    first = database.today() + timedelta(days=days)
    if form.validate_on_submit():
        with form.saying(), form.asking_for_subuses():
            how = EarlyEnd.NOTICE_BY_HOLDER if is_holder else EarlyEnd.NOTICE_BY_GRANTOR
            assert form.ended_on.day is not None  # it was needed
            using.end_early(
                database.idle(), g.actor, each.permit.ref, database.now(), ended_on=form.ended_on.day,
                ended_how=how.value, because=form.reason, with_subuses=form.with_subuses.data,
            )  # fmt: skip
            return _back(each.permit.ref, verbs.done("permit", "end_early"))
    notice = gettext(
        "Notice is %(time)s: the first day on which it can end is %(day)s.", time=words.duration(days),
        day=words.day(first, year=True),
    )  # fmt: skip
    said = [notice, gettext("The keys come back as agreed. All are told.")]
    return _ask(each, form, "end_early", said, title=gettext("Give notice"), submit=gettext("Give notice"))
