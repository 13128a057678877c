"""The organisations that a person belongs to: looked at by everybody in them, looked after by their contacts."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tempuse.access import is_allowed
from tempuse.errors import Conflict, NotFound
from tempuse.organisations import Organisation
from tempuse.registry import members as registry
from tempuse.registry import organisations as facts
from tempuse.store import organisations as rows
from tempuse.vocabulary import Permission
from web import database
from web.accounts import auth
from web.my.blueprint import my
from web.my.home import here
from web.organisations.forms import MemberForm, OwnForm
from web.organisations.people import belonging, parts_in_words
from web.presenters import labels
from web.site.forms import Form
from web.site.limits import may_write_to

_PAGE = "/organisations/<ref>"


def _own(ref: str) -> Organisation:
    """An organisation that they belong to, or were asked to join; of others nobody here learns that they are there."""
    organisation = rows.find_one(database.connection(), ref)
    parts = rows.parts_of(database.connection(), here().ref)
    if organisation is None or not any(each.organisation_ref == ref for each in parts):
        abort(404)
    return organisation


def _tended(ref: str) -> Organisation:
    """One that they are a contact of."""
    organisation = _own(ref)
    if not is_allowed(g.actor, Permission.ORGANISATION_TEND, organisation):
        abort(403)
    return organisation


@my.get(_PAGE, Permission.MY_READ)
def organisation(ref: str) -> ResponseReturnValue:
    """One organisation; to whoever was asked to join it, only what they are asked."""
    return _page(_own(ref), MemberForm(formdata=None))


def _page(organisation: Organisation, form: MemberForm) -> ResponseReturnValue:
    everybody = rows.members(database.connection(), organisation.ref)
    mine = [each for each in everybody if each.person.ref == here().ref]
    asked = [each for each in mine if each.confirmed_at is None]
    return form.page(
        "my/organisation.html", organisation=organisation, me=here(), labels=labels,
        asked=parts_in_words(asked) if asked else "", is_member=len(asked) < len(mine),
        may_tend=is_allowed(g.actor, Permission.ORGANISATION_TEND, organisation),
        people=belonging(everybody),
    )  # fmt: skip


@my.post(f"{_PAGE}/join", Permission.MY_EDIT, endpoint="organisation_join")
def join(ref: str) -> ResponseReturnValue:
    """Say yes."""
    organisation, form = _own(ref), MemberForm(formdata=None)
    with form.saying():
        registry.confirm_membership(database.idle(), g.actor, ref, database.now())
        flash(gettext("You are part of %(organisation)s now.", organisation=organisation.name))
        return redirect(url_for(".organisation", ref=ref))
    return _page(organisation, form)


@my.post(f"{_PAGE}/decline", Permission.MY_EDIT, endpoint="organisation_decline")
def decline(ref: str) -> ResponseReturnValue:
    """Say no; what they are already, they stay."""
    organisation, form = _own(ref), MemberForm(formdata=None)
    with form.saying():
        registry.decline_membership(database.idle(), g.actor, ref, database.now())
        flash(gettext("You said no to %(organisation)s.", organisation=organisation.name))
        return redirect(url_for(".home"))
    return _page(organisation, form)


@my.route(f"{_PAGE}/leave", Permission.MY_EDIT, endpoint="organisation_leave", methods=["GET", "POST"])
def leave(ref: str) -> ResponseReturnValue:
    """Leave: asked once more, then done at once, whoever is left."""
    organisation, form, person = _own(ref), Form(), here()
    everybody = rows.members(database.connection(), ref)
    others = [each for each in everybody if each.person.ref != person.ref and each.is_contact]
    is_last = not others and any(each.is_contact for each in everybody)
    if form.validate_on_submit():
        with form.saying():
            registry.leave_organisation(database.idle(), g.actor, ref, database.now())
            auth.end_ways_in(person.ref)
            flash(gettext("You have no part in %(organisation)s any more.", organisation=organisation.name))
            if rows.parts_of(database.connection(), person.ref) or person.role or auth.has_password(person):
                auth.enter(person)
                return redirect(url_for(".home"))
            auth.leave()
            return redirect(url_for("public.home"))
    return form.page("my/leave.html", organisation=organisation, is_last=is_last)


@my.route(f"{_PAGE}/edit", Permission.MY_EDIT, endpoint="organisation_edit", methods=["GET", "POST"])
def edit(ref: str) -> ResponseReturnValue:
    """Change what is theirs to say of it."""
    organisation = _tended(ref)
    form = OwnForm(obj=organisation)
    if form.validate_on_submit():
        with form.saying():
            facts.edit_organisation(
                database.idle(), g.actor, ref, form.values(), database.now(), revision=form.seen()
            )  # fmt: skip
            flash(gettext("Saved."))
            return redirect(url_for(".organisation", ref=ref))
    return form.page("my/organisation_edit.html", organisation=organisation)


@my.post(f"{_PAGE}/members", Permission.MY_EDIT, endpoint="organisation_invite")
def invite(ref: str) -> ResponseReturnValue:
    """Ask somebody to join by letter."""
    organisation, form = _tended(ref), MemberForm()
    if form.validate_on_submit():
        if not may_write_to(form.email.data or ""):
            form.refuse(gettext("Many letters went to this address today. Try again tomorrow."), 429)
            return _page(organisation, form)
        with form.saying({Conflict: "email"}):
            asked = registry.invite_member(
                database.idle(), g.actor, ref, form.name.data, form.email.data, organisation.language, form.part.data,
                database.now(),
            )  # fmt: skip
            flash(gettext("A letter to %(email)s is on its way.", email=asked.email))
            return redirect(url_for(".organisation", ref=ref))
    return _page(organisation, form)


@my.route(f"{_PAGE}/members/<person>", Permission.MY_EDIT, endpoint="organisation_remove", methods=["GET", "POST"])
def remove(ref: str, person: str) -> ResponseReturnValue:
    """Let somebody else have no part any more: asked once more, then done at once."""
    organisation, form = _tended(ref), Form()
    found = next((each.person for each in rows.members(database.connection(), ref) if each.person.ref == person), None)
    if found is None:
        raise NotFound("organisation.no_member", ref=ref, name=person)
    if found.ref == here().ref:
        return redirect(url_for(".organisation_leave", ref=ref))
    if request.method == "POST" and form.validate_on_submit():
        with form.saying():
            registry.end_membership(database.idle(), g.actor, ref, person, database.now())
            auth.end_ways_in(person)
            flash(gettext("%(name)s has no part in it any more.", name=found.name))
            return redirect(url_for(".organisation", ref=ref))
    return form.page("my/remove.html", organisation=organisation, person=found)
