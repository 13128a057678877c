"""Other terms: proposed, and let rule; a request is changed before it is decided."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.errors import Invalid
from tempuse.permits import OPEN
from tempuse.registry.permits import agreeing, withdrawing
from tempuse.store import permits as permit_rows
from tempuse.vocabulary import Permission
from web import database, verbs
from web.office.blueprint import office
from web.office.permits import acting
from web.office.permits.acting import ActForm, act_page
from web.office.permits.request_form import EditForm
from web.office.permits.terms_form import TermsForm
from web.site.subuses import SaysWhySubuses


@office.route(
    "/permits/<ref>/terms", Permission.PERMIT_DECIDE, endpoint="permit_propose_terms", methods=["GET", "POST"]
)  # fmt: skip
def propose_terms(ref: str) -> ResponseReturnValue:
    """Propose other terms."""
    each = acting.ruled(ref)
    form = TermsForm(permit_rows.newest_terms(database.connection(), ref), each.permit.language)
    if each.permit.status in OPEN:
        del form.from_on

    def propose() -> str:
        changes, issues = form.changes()
        if issues:
            raise Invalid("permit.invalid", issues)
        if not changes:
            return gettext("Nothing was changed.")
        agreeing.propose_terms(database.idle(), g.actor, ref, changes, database.now())
        return verbs.done("permit", "propose_terms")

    lead = gettext("Whatever was agreed to the terms before was agreed to those: the owner is asked anew.")
    if each.permit.status not in OPEN:
        lead = gettext("The terms of now rule until both sides have signed these, and you let them rule.")
    return act_page(ref, "propose_terms", form, propose, lead=lead, is_wide=True)


class AdoptForm(SaysWhySubuses, ActForm):
    """Nothing, unless something that is given within the permit ends with the change."""


@office.route("/permits/<ref>/adopt", Permission.PERMIT_DECIDE, endpoint="permit_adopt", methods=["GET", "POST"])
def adopt(ref: str) -> ResponseReturnValue:
    """Let the proposed terms rule."""
    form, version = AdoptForm(), permit_rows.newest_terms(database.connection(), ref).version
    return act_page(
        ref, "adopt", form,
        lambda: agreeing.adopt_terms(
            database.idle(), g.actor, ref, database.now(), version=version, with_subuses=form.with_subuses.data,
            because=form.why_subuses,
        ),
        lead=gettext("From their first day on they take the place of those before."),
    )  # fmt: skip


@office.route("/permits/<ref>/edit", Permission.PERMIT_REQUEST, endpoint="permit_edit", methods=["GET", "POST"])
def edit(ref: str) -> ResponseReturnValue:
    """Change what is asked for, before it is decided."""
    each = acting.ruled(ref)
    form = EditForm(each)

    def save() -> None:
        changes: dict[str, Any] = form.changes(each)
        withdrawing.edit_request(database.idle(), g.actor, ref, changes, database.now(), revision=form.seen)

    return act_page(ref, "edit", form, save)
