"""A contact asks for a space again: for one of their groups, and without a letter to confirm."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.permit_kinds import said
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.store import organisations
from tempuse.vocabulary import Permission
from web import database, words
from web.asking import from_match
from web.asking.form import SpaceRequestForm
from web.asking.spaces import asked_for, chosen_kind, offered_kinds, same_question
from web.my.blueprint import my
from web.my.home import here
from web.site import once


def _groups() -> list[tuple[str, str]]:
    """The organisations that they ask for as a contact, by name."""
    con = database.connection()
    parts = [each for each in organisations.parts_of(con, here().ref) if each.is_contact]
    known = organisations.by_refs(con, {each.organisation_ref for each in parts}).values()
    return sorted(
        ((each.ref, each.name) for each in known if each.retired_on is None), key=lambda pair: pair[1].casefold()
    )


@my.route("/request", Permission.MY_EDIT, methods=["GET", "POST"], endpoint="request")
def ask() -> ResponseReturnValue:
    """The form, with their groups in place of name and address."""
    groups, spaces = _groups(), asked_for(request.values.getlist("space"))
    if not spaces:
        return redirect(url_for("public.find"))
    if not groups:
        return redirect(same_question("public.request"))
    kind, language = chosen_kind(request.values.get("kind", "")), words.locale().language
    if kind is None or not all(each.is_there for each in spaces):
        kinds = [(each.name, said(each.title, language), said(each.lead, language)) for each in offered_kinds()]
        return render_template(
            "public/request_kind.html", spaces=spaces, kinds=kinds, action=url_for(".request"),
            match=from_match.asked(request.args),
        )  # fmt: skip
    form = SpaceRequestForm(kind, groups)
    if request.method != "POST":
        from_match.begin(form, request.args, spaces[0].free_from)
    if form.validate_on_submit() and form.begins_in_time():
        with form.saying():
            permit, terms = form.asked([each.ref for each in spaces])
            sent = request_permit(
                database.idle(), g.actor, permit, terms, Requester(organisation_ref=form.organisation.data),
                database.now(), form.sent_token, wanted=from_match.sent_with(form),
            )  # fmt: skip
            flash(gettext("The city has your request."))
            return redirect(url_for(".permit", ref=sent.permit.ref))
    return form.page(
        "public/request.html", spaces=spaces, trap=once.TRAP, kind=kind, kind_title=said(kind.title, language),
        several=len(offered_kinds()) > 1, action=url_for(".request"), base="my/base.html",
    )  # fmt: skip
