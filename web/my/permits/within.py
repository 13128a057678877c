"""A mediator gives parts of what it holds: writes a use down, decides about it, hands over the keys and takes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import TextAreaField

from tempuse.access import Actor, is_allowed
from tempuse.permits import PERMIT_LIFECYCLE
from tempuse.registry.permits import deciding, heads, subletting, using
from tempuse.registry.permits.mine import PartyPermit
from tempuse.vocabulary import Party, Permission
from web import database, verbs
from web.my.blueprint import my
from web.my.permits import acts
from web.my.permits.acts import PartyAct
from web.my.permits.changing import closed
from web.my.permits.forms import GroupForm
from web.my.permits.page import PAGE, one
from web.site.forms import AtMost, Form, Needed
from web.site.keys import HandsKeys
from web.site.pictures import FILES

_METHODS = ["GET", "POST"]
_KEYS = "my/permits/keys.html"
# What the holder of a head does with what is given within it, each by its move; the first waits for them.
_DECIDING = ("approve", "refuse", "revoke", "hand_over", "hand_back")


class AnswerForm(Form):
    """A word to the group."""

    because = TextAreaField(lazy_gettext("A word to the group"), validators=[AtMost(2000)])

    def __init__(self, *, needed: bool) -> None:
        super().__init__()
        self.because.description = gettext("The group reads this.")
        if needed:
            self.because.label.text = gettext("Why?")
            self.because.validators = [Needed(), *self.because.validators]

    @property
    def why(self) -> str:
        """What was written."""
        return (self.because.data or "").replace("\r\n", "\n").strip()


def _acts(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    permit = mine.permit
    if mine.side == Party.HOLDER:
        if permit.holder_ref is None or not is_allowed(actor, Permission.PERMIT_REQUEST, permit):
            return []
        if heads.wrong_with_head(database.connection(), permit.ref):
            return []
        href = url_for("auth.permit_within", ref=permit.ref)
        return [PartyAct("within", gettext("Write down a use within it"), href)]
    if not permit.head_ref:
        return []
    found = []
    for name in _DECIDING:
        move = PERMIT_LIFECYCLE.moves[name]
        assert move.permission is not None  # each of these is somebody's to make
        if permit.status in move.origins and is_allowed(actor, move.permission, permit):
            href = url_for(f"auth.permit_{name}", ref=permit.ref)
            found.append(PartyAct(name, verbs.button("permit", name), href, waits=name in ("approve", "hand_over")))
    return found


acts.MORE.append(_acts)


def _mine(ref: str, name: str) -> PartyPermit | None:
    each = one(ref)
    return each if any(act.name == name for act in acts.acts_of(each, g.actor)) else None


@my.route(f"{PAGE}/within", Permission.MY_EDIT, endpoint="permit_within", methods=_METHODS)
def within(ref: str) -> ResponseReturnValue:
    """Write down what a group asks for within a permit; the group confirms it by letter."""
    if (head := _mine(ref, "within")) is None:
        return closed(ref)
    form = GroupForm(head.permit.space_refs, Party.HOLDER, head.permit.status)
    if form.validate_on_submit() and not form.mending():
        with form.saying():
            subletting.request_within(
                database.idle(), g.actor, head.permit.ref, form.permit(), form.terms(), form.requester(),
                database.now(), form.token(),
            )  # fmt: skip
            flash(gettext("Written down. The group gets a letter, and confirms it."))
            return redirect(url_for(".permit", ref=head.permit.ref))
    return form.page("my/permits/within.html", permit=head.permit)


def _decide(
    ref: str, name: str, form: Form, said: list[str], do: Callable[[PartyPermit], Any],
    template: str = "my/permits/act.html",
) -> ResponseReturnValue:  # fmt: skip
    if (each := _mine(ref, name)) is None:
        return closed(ref)
    if form.validate_on_submit():
        with form.saying():
            do(each)
            flash(verbs.done("permit", name))
            return redirect(url_for(".permit", ref=each.permit.ref))
    return form.page(
        template, permit=each.permit, what=name, button=verbs.button("permit", name), said=said,
        files=FILES, subuses=[], leads_on=name in ("approve", "hand_over"),
    )  # fmt: skip


@my.route(f"{PAGE}/approve", Permission.MY_EDIT, endpoint="permit_approve", methods=_METHODS)
def approve(ref: str) -> ResponseReturnValue:
    """Approve what is asked for within one's own permit."""
    form = AnswerForm(needed=False)
    return _decide(
        ref, "approve", form, [gettext("Its days are taken then, and both sides may sign.")],
        lambda each: deciding.approve_permit(
            database.idle(), g.actor, each.permit.ref, database.now(), note=form.why or None
        ),
    )  # fmt: skip


@my.route(f"{PAGE}/refuse", Permission.MY_EDIT, endpoint="permit_refuse", methods=_METHODS)
def refuse(ref: str) -> ResponseReturnValue:
    """Say no to what is asked for within one's own permit."""
    form = AnswerForm(needed=True)
    return _decide(
        ref, "refuse", form, [gettext("The group gets a letter with your reason.")],
        lambda each: deciding.refuse_request(database.idle(), g.actor, each.permit.ref, database.now(), form.why),
    )  # fmt: skip


@my.route(f"{PAGE}/revoke", Permission.MY_EDIT, endpoint="permit_revoke", methods=_METHODS)
def revoke(ref: str) -> ResponseReturnValue:
    """Take one's approval back before the keys changed hands."""
    form = AnswerForm(needed=True)
    return _decide(
        ref, "revoke", form, [gettext("Its days are free at once, and both sides get a letter.")],
        lambda each: deciding.revoke_permit(database.idle(), g.actor, each.permit.ref, database.now(), form.why),
    )  # fmt: skip


@my.route(f"{PAGE}/hand-over", Permission.MY_EDIT, endpoint="permit_hand_over", methods=_METHODS)
def hand_over(ref: str) -> ResponseReturnValue:
    """Give the keys of a part of what one holds."""
    form = HandsKeys()
    return _decide(
        ref, "hand_over", form, [gettext("Write down on which day the group got the keys.")],
        lambda each: using.hand_over(database.idle(), g.actor, each.permit.ref, database.now(), form.handover()),
        _KEYS,
    )  # fmt: skip


@my.route(f"{PAGE}/hand-back", Permission.MY_EDIT, endpoint="permit_hand_back", methods=_METHODS)
def hand_back(ref: str) -> ResponseReturnValue:
    """Take the keys of a part back."""
    form = HandsKeys()
    return _decide(
        ref, "hand_back", form, [gettext("The space is free from the day after.")],
        lambda each: using.hand_back(database.idle(), g.actor, each.permit.ref, database.now(), form.handover()),
        _KEYS,
    )  # fmt: skip
