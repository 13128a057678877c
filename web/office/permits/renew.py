"""A permit goes on: the office writes down that a group asks to; whoever decides reads whether it was in time."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.permits import OPEN
from tempuse.registry.permits import renewing
from tempuse.store import permits as permit_rows
from tempuse.store import reports
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission, PermitChange
from web import database
from web.office.blueprint import office
from web.office.permits import acting, sections
from web.office.permits.acting import act_page
from web.office.permits.sections import PermitSection
from web.presenters import renewals
from web.site.going_on import RenewForm, TransferForm

_REQUEST = Permission.PERMIT_REQUEST


@office.route("/permits/<ref>/renew", _REQUEST, endpoint="permit_renew", methods=["GET", "POST"])
def renew(ref: str) -> ResponseReturnValue:
    """Write down that a group asks to go on after the last day."""
    form = RenewForm()

    def ask() -> Any:
        new, given = renewing.renew_permit(
            database.idle(), g.actor, ref, form.changes(), database.now(), private_text=form.said,
            form_token=form.token,
        )  # fmt: skip
        flash(renewals.asked(given))
        return redirect(acting.to(new.ref))

    return act_page(
        ref, "renew", form, ask, heading=gettext("Go on after the end"), verb=gettext("Ask to go on"),
        lead=renewals.until_when(acting.ruled(ref)),
    )  # fmt: skip


@office.route("/permits/<ref>/transfer", _REQUEST, endpoint="permit_transfer", methods=["GET", "POST"])
def transfer(ref: str) -> ResponseReturnValue:
    """Write down that another group takes a use over."""
    form = TransferForm(acting.ruled(ref))

    def ask() -> Any:
        new = renewing.transfer_permit(
            database.idle(), g.actor, ref, form.requester, form.changes(), database.now(), private_text=form.said,
            form_token=form.token,
        )  # fmt: skip
        flash(gettext("The other group gets a letter, and confirms that it wants it."))
        return redirect(acting.to(new.ref))

    return act_page(
        ref, "transfer", form, ask, heading=gettext("Another group takes over"), verb=gettext("Ask for it"),
        lead=gettext("It is a new request, decided like any other. The keys change hands then."),
    )  # fmt: skip


def _section(con: Connection, each: Ruled) -> PermitSection | None:
    """Whether a renewal was in time, who goes before a request, and what people said of the use."""
    permit = each.permit
    told = reports.of_uses(con, [ref for ref in (permit.ref, permit.continues_ref) if ref])
    is_renewal = permit.change == PermitChange.RENEWAL and permit.submitted_at is not None
    first = renewing.renewals_before(con, permit.ref) if permit.status in OPEN else []
    if not (told or is_renewal or first):
        return None
    said = renewals.asked(renewing.preference(con, permit, database.settings())) if is_renewal else ""
    before = permit_rows.ruled(con, permit_rows.rows.table.c.ref.in_(first)) if first else []
    return PermitSection("office/permits/_renewal.html", {"said": said, "before": before, "reports": told})


sections.SECTIONS.insert(0, _section)
