"""A group asks to go on after the last day, or names the group that takes its use over."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.access import Actor
from tempuse.registry.permits import renewing
from tempuse.registry.permits.mine import PartyPermit
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission, PermitStatus
from web import database
from web.my.blueprint import my
from web.my.permits import acts
from web.my.permits.acts import PartyAct
from web.my.permits.changing import closed
from web.my.permits.page import PAGE, one
from web.presenters import renewals
from web.site.going_on import RenewForm, TransferForm

_METHODS = ["GET", "POST"]
_GOES_ON = (PermitStatus.SIGNED, PermitStatus.HANDED_OVER)


def _acts(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    permit = mine.permit
    if permit.status not in _GOES_ON or not acts.is_asker(mine, actor):
        return []
    if renewing.going_on(database.connection(), permit.ref):
        return []
    return [
        PartyAct("renew", gettext("Go on after the end"), url_for("auth.permit_renew", ref=permit.ref)),
        PartyAct("transfer", gettext("Another group takes over"), url_for("auth.permit_transfer", ref=permit.ref)),
    ]


acts.MORE.append(_acts)


def _mine(ref: str, name: str) -> PartyPermit | None:
    each = one(ref)
    return each if any(act.name == name for act in acts.acts_of(each, g.actor)) else None


@my.route(f"{PAGE}/renew", Permission.MY_EDIT, endpoint="permit_renew", methods=_METHODS)
def renew(ref: str) -> ResponseReturnValue:
    """Ask to go on; the page says until when it is asked in time."""
    if (each := _mine(ref, "renew")) is None:
        return closed(ref)
    form, permit = RenewForm(), each.permit
    if form.validate_on_submit():
        with form.saying():
            new, given = renewing.renew_permit(
                database.idle(), g.actor, permit.ref, form.changes(), database.now(), private_text=form.said,
                form_token=form.token,
            )  # fmt: skip
            flash(f"{gettext('The city has your request.')} {renewals.asked(given)}")
            return redirect(url_for(".permit", ref=new.ref))
    return form.page(
        "my/permits/renew.html", permit=permit, title=gettext("Go on after the end"), send=gettext("Ask to go on"),
        said=renewals.until_when(Ruled(permit, each.terms)),
    )  # fmt: skip


@my.route(f"{PAGE}/transfer", Permission.MY_EDIT, endpoint="permit_transfer", methods=_METHODS)
def transfer(ref: str) -> ResponseReturnValue:
    """Name the group that takes the use over; it is asked by letter whether it wants to."""
    if (each := _mine(ref, "transfer")) is None:
        return closed(ref)
    form, permit = TransferForm(Ruled(permit=each.permit, terms=each.terms)), each.permit
    if form.validate_on_submit():
        with form.saying():
            renewing.transfer_permit(
                database.idle(), g.actor, permit.ref, form.requester, form.changes(), database.now(),
                private_text=form.said, form_token=form.token,
            )  # fmt: skip
            flash(gettext("The other group gets a letter. Until it is approved and signed, the use stays yours."))
            return redirect(url_for(".permit", ref=permit.ref))
    return form.page(
        "my/permits/renew.html", permit=permit, title=gettext("Another group takes over"),
        send=gettext("Ask for it"), said=gettext("The city decides, as it did for you. The keys change hands then."),
    )  # fmt: skip
