"""What a mediator may with its mandates: the spaces, and the forms by which it asks for them."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse.mandates import Mandate
from tempuse.people import Person
from tempuse.permits import Permit
from tempuse.registry import mandates as registry
from tempuse.registry.permits import proposing
from tempuse.store import organisations, permits
from tempuse.vocabulary import Party, Permission
from web import database, words
from web.my import home
from web.my.blueprint import my
from web.my.home import Matter, Matters
from web.my.permits.forms import AskedForm, GroupForm
from web.presenters import mandates as mandate_words
from web.presenters import permit_words
from web.site.limits import may_write_to

_PAGE = "/mandates/<ref>"
_METHODS = ["GET", "POST"]
# So many of the requests that somebody filled in are listed, the newest.
_FEW = 50


def _mine() -> list[Mandate]:
    return registry.mandates_of(database.connection(), g.actor, database.today())


def _rows(_: Person) -> list[Matter]:
    found = _mine()
    known = organisations.by_refs(database.connection(), {each.mediator_ref for each in found})
    return [
        Matter(
            name=f"{known[each.mediator_ref].name} ({each.ref})", href=url_for("auth.mandate", ref=each.ref),
            why=ngettext("%(n)s space", "%(n)s spaces", len(each.space_refs), n=words.figure(len(each.space_refs))),
            due=mandate_words.lasts(each), button=gettext("Open"),
        )
        for each in found
    ]  # fmt: skip


home.SECTIONS.append(Matters(lazy_gettext("Spaces that you may mediate"), _rows))


def _one(ref: str, allows: str = "") -> Mandate:
    """A mandate that runs, of a mediator that they are a contact of; of others nobody here learns that it is there."""
    found = next((each for each in _mine() if each.ref == ref.upper()[:20]), None)
    if found is None:
        abort(404)
    if allows and not getattr(found, allows):
        abort(403)
    return found


@my.get(_PAGE, Permission.MY_READ, endpoint="mandate")
def page(ref: str) -> str:
    """One mandate: over which spaces, until when, what it allows, and what they filled in."""
    con, each = database.connection(), _one(ref)
    return render_template(
        "my/mandate.html", mandate=each, mediator=organisations.get(con, each.mediator_ref),
        lasts=mandate_words.lasts(each), allows=mandate_words.allows(each),
        places=permit_words.places(Permit(space_refs=each.space_refs), Party.GRANTOR),
        asked=permits.filled_in_by(con, str(g.actor.person_ref), _FEW),
    )  # fmt: skip


@my.route(f"{_PAGE}/request", Permission.MY_EDIT, endpoint="mandate_request", methods=_METHODS)
def ask(ref: str) -> ResponseReturnValue:
    """Fill in a request for a group, which confirms it by the link in its letter."""
    each = _one(ref, "may_propose")
    form = GroupForm(each.space_refs, Party.GRANTOR)
    if form.validate_on_submit() and not form.mending():
        with form.saying():
            proposing.propose_request(
                database.idle(), g.actor, form.permit(), form.terms(), form.requester(), database.now(), form.token(),
                may_write_to,
            )  # fmt: skip
            flash(gettext("Written down. The group gets a letter, and confirms it."))
            return redirect(url_for(".mandate", ref=each.ref))
    return form.page("my/mandate_request.html", mandate=each, for_group=True)


@my.route(f"{_PAGE}/hold", Permission.MY_EDIT, endpoint="mandate_hold", methods=_METHODS)
def hold(ref: str) -> ResponseReturnValue:
    """Ask to hold spaces oneself, and to give parts of them to others."""
    each = _one(ref, "may_head")
    form = AskedForm(each.space_refs, Party.GRANTOR)
    if form.validate_on_submit() and not form.mending():
        with form.saying():
            sent = proposing.propose_head(
                database.idle(), g.actor, form.permit(), form.terms(), each.mediator_ref, database.now(), form.token()
            )  # fmt: skip
            flash(gettext("The city has your request."))
            return redirect(url_for(".permit", ref=sent.permit.ref))
    return form.page("my/mandate_request.html", mandate=each, for_group=False)
