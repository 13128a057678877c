"""The office writes down a request for a group, which confirms it by the link in a letter, or on paper."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.errors import NotFound
from tempuse.registry.permits.confirming import submit_on_paper
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.vocabulary import Permission, PermitStatus
from web import database
from web.office.blueprint import office
from web.office.permits.request_form import NewRequestForm
from web.site import arguments


@office.route("/permits/new", Permission.PERMIT_DECIDE, endpoint="permit_new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write down a request."""
    form = NewRequestForm(arguments.text(request.args, "space"))
    if form.validate_on_submit():
        if not form.on_paper.data and not (form.email.data or "").strip():
            form.say("email", gettext("Write an address, or tick that the group agreed on paper."))
        else:
            with form.saying({NotFound: "spaces"}):
                return _write_down(form)
    return form.page("office/permits/new.html")


def _write_down(form: NewRequestForm) -> ResponseReturnValue:
    who = Requester(
        name=(form.name.data or "").strip(), email=(form.email.data or "").strip(), group=form.group.data or "",
        informal=bool(form.informal.data),
    )  # fmt: skip
    permit, terms, now = form.permit(), form.terms(), database.now()
    on_paper = bool(form.on_paper.data)
    sent = request_permit(
        database.idle(), g.actor, permit, terms, who, now, form.form_token.data or None, lambda _: not on_paper
    )
    ref = sent.permit.ref
    if on_paper and sent.permit.status == PermitStatus.DRAFT:
        said = gettext("The group said yes on paper.")
        submit_on_paper(database.idle(), g.actor, ref, now, note=said)
        flash(gettext("Written down. You can decide it now."))
    else:
        flash(gettext("Written down. The group gets a letter, and confirms it."))
    return redirect(url_for("office.permit", ref=ref))
