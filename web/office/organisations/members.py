"""Those who belong to an organisation, as the office looks after them: asked by letter, removed."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse.errors import Conflict, NotFound
from tempuse.registry import members as registry
from tempuse.store import organisations as rows
from tempuse.vocabulary import Permission
from web import database
from web.accounts import auth
from web.office.blueprint import office
from web.office.organisations import views
from web.office.queue import Queue, Row
from web.organisations.forms import MemberForm
from web.site.forms import Form

FEW = 5


@office.post("/organisations/<ref>/members", Permission.ORGANISATION_EDIT, endpoint="organisation_invite")
def invite(ref: str) -> ResponseReturnValue:
    """Ask somebody to join, or ask once more."""
    organisation, form = rows.get(database.connection(), ref), MemberForm()
    if form.validate_on_submit():
        with form.saying({Conflict: "email"}):
            asked = registry.invite_member(
                database.idle(), g.actor, ref, form.name.data, form.email.data, organisation.language, form.part.data,
                database.now(),
            )  # fmt: skip
            flash(gettext("A letter to %(email)s is on its way.", email=asked.email))
            return redirect(url_for(".organisation", ref=ref))
    return views.page(organisation, form)


@office.route(
    "/organisations/<ref>/members/<person>", Permission.ORGANISATION_EDIT, endpoint="organisation_remove",
    methods=["GET", "POST"],
)  # fmt: skip
def remove(ref: str, person: str) -> ResponseReturnValue:
    """Let somebody have no part any more: asked once more, then done at once."""
    con = database.connection()
    organisation, form = rows.get(con, ref), Form()
    found = next((each.person for each in rows.members(con, ref) if each.person.ref == person), None)
    if found is None:
        raise NotFound("organisation.no_member", ref=ref, name=person)
    if form.validate_on_submit():
        with form.saying():
            registry.end_membership(database.idle(), g.actor, ref, person, database.now())
            auth.end_ways_in(person)
            flash(gettext("%(name)s has no part in it any more.", name=found.name))
            return redirect(url_for(".organisation", ref=ref))
    return form.page("office/organisations/remove.html", organisation=organisation, person=found)


# ---- what waits: whoever has lost their last contact -------------------------------------------------------


def _count() -> int:
    return len(rows.lost_contact(database.connection()))


def _rows() -> list[Row]:
    con = database.connection()
    found = rows.by_refs(con, rows.lost_contact(con)[:FEW])
    return [
        Row(each.name, url_for("office.organisation", ref=ref), _fallback(each.email), gettext("Find a contact"))
        for ref, each in sorted(found.items())
    ]


def _fallback(email: str | None) -> str:
    if email:
        return gettext("Its last contact has left. Letters go to %(email)s.", email=email)
    return gettext("Its last contact has left, and it has no address of its own: no letter reaches it.")


def _more(total: int, shown: int) -> tuple[str, str] | None:
    return (gettext("See all organisations"), url_for("office.organisations")) if total > shown else None


QUEUES = (Queue(lazy_gettext("Nobody to write to"), Permission.ORGANISATION_EDIT, _count, _rows, _more),)
