"""The office decides: takes up, approves, says no, thinks again, revokes; and writes down what the group says."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField, TextAreaField, ValidationError

from tempuse.registry.permits import confirming, deciding, several, withdrawing
from tempuse.vocabulary import Permission
from web import database, words
from web.office.blueprint import office
from web.office.permits import acting, called, listing, page
from web.office.permits.acting import ActForm, BecauseForm, NoteForm, act_page, press
from web.presenters import permits as stand
from web.presenters import terms as terms_words
from web.site.forms import AtMost, Choice
from web.site.subuses import EndsSubuses

_DECIDE = Permission.PERMIT_DECIDE


@office.post("/permits/<ref>/take-up", _DECIDE, endpoint="permit_take_up")
def take_up(ref: str) -> ResponseReturnValue:
    """Begin to look at a request."""
    return press(ref, "take_up", lambda: deciding.take_up_request(database.idle(), g.actor, ref, database.now()))


@office.post("/permits/<ref>/on-paper", _DECIDE, endpoint="permit_on_paper")
def on_paper(ref: str) -> ResponseReturnValue:
    """Send in a request that the office wrote down, and to which the group said yes on paper."""
    said = gettext("The group said yes on paper.")
    return press(
        ref, "submit", lambda: confirming.submit_on_paper(database.idle(), g.actor, ref, database.now(), note=said)
    )


@office.post("/permits/<ref>/remind", _DECIDE, endpoint="permit_remind")
def remind(ref: str) -> ResponseReturnValue:
    """Remind the group by letter."""
    return press(ref, "remind", lambda: several.remind_holder(database.idle(), g.actor, ref, database.now()))


class ApproveForm(NoteForm):
    """A word beside the decision, and who agreed for a private owner."""

    agreed_by = StringField(
        lazy_gettext("The owner agreed by letter: whose?"), validators=[AtMost(200)],
        description=lazy_gettext("Leave it empty if the owner agreed on this site, or has still to agree."),
    )  # fmt: skip

    def __init__(self, *, needs_word: bool) -> None:
        super().__init__()
        self.note.label.text = gettext("A word to the group")
        self.note.description = gettext("It stands in the decision. You may leave it empty.")
        if not needs_word:
            del self.agreed_by


@office.route("/permits/<ref>/approve", _DECIDE, endpoint="permit_approve", methods=["GET", "POST"])
def approve(ref: str) -> ResponseReturnValue:
    """Approve a request, having seen what collides and on what terms."""
    each = acting.ruled(ref)
    form = ApproveForm(needs_word=page.needs_owner(each.permit))
    agreed_by = (form.agreed_by.data or "").strip() or None if "agreed_by" in form else None
    way = page.in_the_way(each)
    return act_page(
        ref, "approve", form,
        lambda: deciding.approve_permit(
            database.idle(), g.actor, ref, database.now(), revision=form.seen, note=form.text, agreed_by=agreed_by
        ),
        template="office/permits/approve.html", obstacles=way.obstacles, near=way.near, day_of=page.meeting_days,
        sentences=terms_words.sentences(each.terms), conditions=terms_words.conditions(each.terms),
        terms_words=terms_words,
    )  # fmt: skip


_REASONS = {
    "taken": lazy_gettext("These days are taken in this space."),
    "not_here": lazy_gettext("What you plan is not allowed in this space."),
    "owner": lazy_gettext("The owner does not agree."),
    "another": lazy_gettext("Another group was chosen for these days."),
    "unsafe": lazy_gettext("The space is not safe enough for what you plan."),
    "": lazy_gettext("Something else"),
}


class RefuseForm(ActForm):
    """A reason offered in words, and the planner's own."""

    reason = Choice(lazy_gettext("Why?"), choices=list(_REASONS.items()))
    because = TextAreaField(
        lazy_gettext("In your own words"), validators=[AtMost(4000)],
        description=lazy_gettext("The group reads this after the reason above."),
    )  # fmt: skip

    def validate_because(self, field: TextAreaField) -> None:
        """A no has a reason."""
        if not self.reason.data and not (field.data or "").strip():
            raise ValidationError(gettext("This is needed."))

    def why(self, language: str) -> str:
        """The reason as the group reads it."""
        offered = acting.in_their_language(language, lambda: str(_REASONS[self.reason.data or ""]))
        own = (self.because.data or "").replace("\r\n", "\n").strip()
        return " ".join(part for part in (offered if self.reason.data else "", own) if part)


@office.route("/permits/<ref>/refuse", _DECIDE, endpoint="permit_refuse", methods=["GET", "POST"])
def refuse(ref: str) -> ResponseReturnValue:
    """Say no, with a reason that the group reads."""
    each, form = acting.ruled(ref), RefuseForm()
    if not form.is_submitted():
        form.reason.data = "taken" if page.in_the_way(each).near.meets else ""
    return act_page(
        ref, "refuse", form,
        lambda: deciding.refuse_request(
            database.idle(), g.actor, ref, database.now(), form.why(each.permit.language), revision=form.seen
        ),
        lead=_reads(each.permit.language),
    )  # fmt: skip


def _reads(language: str) -> str:
    if language == words.locale().language:
        return gettext("The group gets a letter with your reason.")
    named = words.NAMES.get(language, language)
    return gettext("The group gets a letter with your reason. It reads %(language)s.", language=named)


class EndingForm(EndsSubuses, BecauseForm):
    """Why, and whether what is given within it ends, too."""


@office.route("/permits/<ref>/reconsider", _DECIDE, endpoint="permit_reconsider", methods=["GET", "POST"])
def reconsider(ref: str) -> ResponseReturnValue:
    """Look anew at what was refused or approved."""
    form = EndingForm()
    return act_page(
        ref, "reconsider", form,
        lambda: deciding.reconsider_permit(
            database.idle(), g.actor, ref, database.now(), form.why, with_subuses=form.with_subuses.data
        ),
        lead=gettext("If it was approved, its days are free again at once. The group gets a letter."),
    )  # fmt: skip


@office.route("/permits/<ref>/revoke", Permission.PERMIT_REVOKE, endpoint="permit_revoke", methods=["GET", "POST"])
def revoke(ref: str) -> ResponseReturnValue:
    """Take an approval back before the keys changed hands."""
    form, each = EndingForm(), acting.ruled(ref)
    lead = gettext("Its days are free at once, and both sides get a letter.")
    if stand.stands(*each).unsigned and not form.is_submitted():
        form.because.data = acting.in_their_language(
            each.permit.language,
            lambda: gettext("It was not signed by %(day)s.", day=words.day(each.permit.sign_by_on, year=True)),
        )
    return act_page(
        ref, "revoke", form,
        lambda: deciding.revoke_permit(
            database.idle(), g.actor, ref, database.now(), form.why, with_subuses=form.with_subuses.data
        ),
        lead=lead,
    )  # fmt: skip


class AssignForm(ActForm):
    """Who handles it."""

    handler = Choice(lazy_gettext("Who handles it"), look="list")

    def __init__(self, held: str | None) -> None:
        super().__init__(data={"handler": held or ""})
        self.handler.choices = [("", gettext("Nobody")), *listing.handlers()]


@office.route("/permits/<ref>/assign", _DECIDE, endpoint="permit_assign", methods=["GET", "POST"])
def assign(ref: str) -> ResponseReturnValue:
    """Say who handles a permit."""
    form = AssignForm(acting.ruled(ref).permit.handler_ref)
    return act_page(
        ref, "assign", form,
        lambda: deciding.assign_request(database.idle(), g.actor, ref, form.handler.data or None, database.now()),
    )  # fmt: skip


@office.route("/permits/<ref>/withdraw", Permission.PERMIT_REQUEST, endpoint="permit_withdraw", methods=["GET", "POST"])
def withdraw(ref: str) -> ResponseReturnValue:
    """Write down that the group takes its request back."""
    form = NoteForm()
    return act_page(
        ref, "withdraw", form,
        lambda: withdrawing.withdraw_request(database.idle(), g.actor, ref, database.now(), note=form.text),
        heading=gettext("The group takes it back"), lead=gettext("For a call or a letter of the group."),
    )  # fmt: skip


@office.route("/permits/<ref>/call-off", Permission.PERMIT_REQUEST, endpoint="permit_call_off", methods=["GET", "POST"])
def call_off(ref: str) -> ResponseReturnValue:
    """Write down that the group gives up what was approved."""
    form = EndingForm()
    form.because.description = gettext("As the group said it. Its days are free at once, and the owner is told.")
    return act_page(
        ref, "call_off", form,
        lambda: withdrawing.call_off_permit(
            database.idle(), g.actor, ref, database.now(), form.why, with_subuses=form.with_subuses.data
        ),
        heading=gettext("The group calls it off"), lead=called.group(acting.ruled(ref).permit),
    )  # fmt: skip
