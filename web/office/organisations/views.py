"""Organisations in the office: the list, one page each, its form, its end."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse.organisations import Organisation
from tempuse.registry import organisations as registry
from tempuse.store import organisations as rows
from tempuse.vocabulary import OrganisationKind, Permission
from web import database, words
from web.accounts import guard
from web.office.blueprint import office
from web.office.menu import Room
from web.office.organisations import mandates
from web.office.queue import Row, Tab, list_page
from web.organisations.forms import MemberForm, OrganisationForm, RetireForm
from web.organisations.people import belonging
from web.presenters import labels
from web.site import arguments
from web.site.forms import Form

ROOM = Room(35, "office.organisations", lazy_gettext("Organisations"), Permission.ORGANISATION_READ)

PAGE = 50
_ENDED = "ended"


@office.get("/organisations", Permission.ORGANISATION_READ)
def organisations() -> str:
    """Those that are there, by name; those of a kind; those that ended."""
    con = database.connection()
    shown = arguments.choice(request.args, "show", (*OrganisationKind, _ENDED), "")
    kind = OrganisationKind(shown) if shown and shown != _ENDED else None
    ended = shown == _ENDED
    text = arguments.text(request.args, "q")
    total = rows.count(con, text, kind=kind, ended=None if text else ended)
    page = arguments.page(request.args, total, PAGE)
    found = rows.find(con, text, kind=kind, ended=None if text else ended, limit=PAGE, offset=page.offset)
    lonely = set(rows.without_contact(con, [each.ref for each in found]))
    new = (gettext("Write one down"), url_for("office.organisation_new"))
    return list_page(
        "office.organisations", page, gettext("Organisations"), _heading(total, ended=ended),
        [_row(each, each.ref in lonely) for each in found],
        gettext("None has this name, number or reference.") if text else gettext("None is written down here yet."),
        tabs=_tabs(shown), which=gettext("Which organisations"), show=shown or None, q=text or None,
        search=(gettext("Name, number or reference"), text),
        more=new if _may_edit() else None,
    )  # fmt: skip


def _may_edit() -> bool:
    return guard.may(Permission.ORGANISATION_EDIT)


def _heading(total: int, *, ended: bool) -> str:
    if ended:
        return gettext("Organisations that ended")
    return ngettext("%(n)s organisation", "%(n)s organisations", total, n=words.figure(total))


def _tabs(shown: str) -> list[Tab]:
    con = database.connection()
    found = [Tab(gettext("All"), url_for("office.organisations"), rows.count(con), not shown)]
    for kind in OrganisationKind:
        href = url_for("office.organisations", show=kind.value)
        found.append(Tab(str(_KINDS[kind]), href, rows.count(con, kind=kind), shown == kind))
    href = url_for("office.organisations", show=_ENDED)
    return [*found, Tab(gettext("Ended"), href, rows.count(con, ended=True), shown == _ENDED)]


_KINDS = {
    OrganisationKind.INITIATIVE: lazy_gettext("Groups"),
    OrganisationKind.OWNER: lazy_gettext("Owners"),
    OrganisationKind.MEDIATOR: lazy_gettext("Mediators"),
    OrganisationKind.DEPARTMENT: lazy_gettext("Departments"),
}


def _row(each: Organisation, is_lonely: bool) -> Row:
    parts = [labels.told("kinds", each.kinds, "organisation"), gettext("no contact") if is_lonely else ""]
    why = f"{each.ref}. {', '.join(part for part in parts if part)}"
    return Row(each.name, url_for("office.organisation", ref=each.ref), why, gettext("Open"))


@office.get("/organisations/<ref>", Permission.ORGANISATION_READ)
def organisation(ref: str) -> ResponseReturnValue:
    """One organisation: what is known of it, who belongs to it, what happened."""
    return page(rows.get(database.connection(), ref), MemberForm(formdata=None))


def page(each: Organisation, form: Form) -> ResponseReturnValue:
    """The page of an organisation, with the form by which somebody is asked to join."""
    con = database.connection()
    members = rows.members(con, each.ref)
    guarantor = rows.find_one(con, each.guarantor_ref) if each.guarantor_ref else None
    return form.page(
        "office/organisations/page.html", organisation=each, labels=labels, guarantor=guarantor,
        people=belonging(members), has_contact=any(member.is_contact for member in members), may_edit=_may_edit(),
        told=mandates.told(each), has_mandates=mandates.has_any(each), mandates=mandates.lines(each),
    )  # fmt: skip


@office.route("/organisations/new", Permission.ORGANISATION_EDIT, endpoint="organisation_new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new organisation."""
    form = OrganisationForm()
    if form.validate_on_submit():
        with form.saying():
            ref = registry.add_organisation(
                database.idle(), g.actor, Organisation(**form.values()), database.now(), form.form_token.data
            )  # fmt: skip
            flash(gettext("Saved."))
            return redirect(url_for(".organisation", ref=ref))
    return form.page("office/organisations/edit.html", organisation=None)


@office.route(
    "/organisations/<ref>/edit", Permission.ORGANISATION_EDIT, endpoint="organisation_edit", methods=["GET", "POST"]
)
def edit(ref: str) -> ResponseReturnValue:
    """Change what is known of one."""
    each = rows.get(database.connection(), ref)
    form = OrganisationForm(obj=each)
    if form.validate_on_submit():
        with form.saying():
            registry.edit_organisation(
                database.idle(), g.actor, ref, form.values(), database.now(), revision=form.seen()
            )  # fmt: skip
            flash(gettext("Saved."))
            return redirect(url_for(".organisation", ref=ref))
    return form.page("office/organisations/edit.html", organisation=each)


@office.route(
    "/organisations/<ref>/retire", Permission.ORGANISATION_EDIT, endpoint="organisation_retire", methods=["GET", "POST"]
)
def retire(ref: str) -> ResponseReturnValue:
    """Write down that one ended."""
    each = rows.get(database.connection(), ref)
    if each.retired_on is not None:
        return redirect(url_for(".organisation", ref=ref))
    form = RetireForm(on=database.today().isoformat())
    if form.validate_on_submit() and form.on.day is not None:
        with form.saying():
            registry.retire_organisation(
                database.idle(), g.actor, ref, database.now(), on=form.on.day, note=form.note.data or None
            )  # fmt: skip
            flash(gettext("Noted that it ended."))
            return redirect(url_for(".organisation", ref=ref))
    return form.page("office/organisations/retire.html", organisation=each)


@office.post("/organisations/<ref>/reinstate", Permission.ORGANISATION_EDIT, endpoint="organisation_reinstate")
def reinstate(ref: str) -> ResponseReturnValue:
    """Take back that one ended."""
    registry.reinstate_organisation(database.idle(), g.actor, ref, database.now())
    flash(gettext("It is back."))
    return redirect(url_for(".organisation", ref=ref))
