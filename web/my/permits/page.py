"""The list of one's requests and permits, and the page of one: what each party may read, and nothing else."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse.people import Person
from tempuse.permit_kinds import kind_named, said
from tempuse.permits import ENDED
from tempuse.registry.permits import confirming, mine
from tempuse.registry.permits.mine import PartyPermit
from tempuse.standing import PermitStanding, standing
from tempuse.store import agreements, organisations
from tempuse.store import permits as permit_rows
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Party, Permission, PermitStatus
from web import database, words
from web.letters import permits as letters
from web.match import kept
from web.my import home
from web.my.blueprint import my
from web.my.home import Matter, Matters
from web.my.permits import acts, told
from web.presenters import handovers, permit_papers, permit_words, terms
from web.presenters import permits as stand
from web.site.forms import Form

PAGE = "/permits/<ref>"


def one(ref: str) -> PartyPermit:
    """A permit of which the person who is signed in is a party.

    Raises:
        NotFound: there is none, or they have no part in it.
    """
    return mine.request_of(database.connection(), g.actor, ref.upper()[:20])


def stands(each: PartyPermit) -> PermitStanding:
    """How a permit stands today."""
    return standing(each.permit, each.terms, database.today(), soon=database.settings().ends_soon_days)


def _matter(each: PartyPermit) -> Matter:
    doing = [act for act in acts.acts_of(each, g.actor) if act.waits]
    by = permit_words.answer_by(each.permit)
    due = gettext("The city answers by %(day)s.", day=words.day(by)) if by else ""
    if doing and doing[0].name == "sign" and each.permit.sign_by_on:
        due = gettext("To be signed by %(day)s.", day=words.day(each.permit.sign_by_on))
    return Matter(
        name=f"{each.permit.title or ''} ({each.permit.ref})", href=url_for("auth.permit", ref=each.permit.ref),
        why=permit_words.state(each.permit, stands(each)), due=due, button=doing[0].words if doing else gettext("Open"),
    )  # fmt: skip


def _rows(*, wait: bool) -> list[Matter]:
    found = mine.requests_of(database.connection(), g.actor)
    running = [each for each in found if each.permit.status not in ENDED]
    return [
        _matter(each) for each in running if any(act.waits for act in acts.acts_of(each, g.actor)) is wait
    ]  # fmt: skip


def _waiting(_: Person) -> list[Matter]:
    return _rows(wait=True)


def _others(_: Person) -> list[Matter]:
    return _rows(wait=False)


home.SECTIONS.append(Matters(lazy_gettext("Waits for you"), _waiting, waits=True))
home.SECTIONS.append(Matters(lazy_gettext("Your requests and permits"), _others))


@my.get("/permits", Permission.MY_READ, endpoint="permits")
def every() -> str:
    """All of them, those that are over, too."""
    found = mine.requests_of(database.connection(), g.actor)
    return render_template("my/permits/list.html", rows=[_matter(each) for each in found])


@my.get("/requests/<ref>", Permission.MY_READ, endpoint="old_request")
def by_request(ref: str) -> ResponseReturnValue:
    """The same page under the name that a request has."""
    return redirect(url_for(".permit", ref=ref), 301)


@my.get(PAGE, Permission.MY_READ)
def permit(ref: str) -> ResponseReturnValue:
    """One request or permit."""
    each = one(ref)
    permit, con = each.permit, database.connection()
    newest = acts.newest_of(permit)
    sha256 = acts.sha256_of(permit, newest)
    known = organisations.by_refs(con, [ref for ref in (permit.holder_ref, permit.grantor_ref) if ref])
    holder, grantor = known.get(permit.holder_ref or ""), known.get(permit.grantor_ref or "")
    agreed = permit.status not in permit_words.UNDECIDED
    decisions = agreements.decisions_of(con, permit.ref) if each.side == Party.HOLDER else []
    objectable = [made for made in decisions[-1:] if made.object_until_on and made.object_until_on >= database.today()]
    kind = kind_named(database.settings().permit_kinds, permit.kind)
    return render_template(
        "my/permits/page.html", permit=permit, side=each.side, stands=(now := stands(each)),
        state=permit_words.state(permit, now), turn=permit_words.turn(permit, now, each.side),
        answer_by=permit_words.answer_by(permit), places=permit_words.places(permit, each.side),
        kind=said(kind.title, words.locale().language), group=holder.name if holder else permit.holder_name,
        owner=grantor.name if grantor and (agreed or each.side == Party.GRANTOR) else "",
        sentences=terms.sentences(each.terms), conditions=terms.conditions(each.terms),
        newest=newest if newest.version != permit.terms_version else None,
        new_sentences=terms.sentences(newest), new_conditions=terms.conditions(newest),
        signatures=[s for s in agreements.signatures_of(con, permit.ref) if s.sha256 == sha256] if agreed else [],
        handovers=agreements.handovers_of(con, permit.ref), handover_words=handovers, objectable=objectable,
        answers=permit_words.answers(permit) if each.side == Party.HOLDER else [],
        matches=kept.of_permit(permit.ref, permit.space_refs) if each.side == Party.HOLDER else [],
        files=agreements.request_files_of(con, permit.ref) if each.side == Party.HOLDER else [],
        papers=permit_papers.links(permit, ".permit_paper"), acts=acts.acts_of(each, g.actor),
        told=told.told(permit, each.side), of_party=told.of_party, within=_within(each), stand=stand,
    )  # fmt: skip


def _within(each: PartyPermit) -> list[Ruled]:
    """What the holder of a permit gives within it, as far as it is theirs to decide."""
    permit = each.permit
    if each.side != Party.HOLDER or permit.holder_ref is None:
        return []
    found = permit_rows.ruled(database.connection(), permit_rows.rows.table.c.head_ref == permit.ref)
    return [sub for sub in found if sub.permit.grantor_ref == permit.holder_ref]


@my.route(f"{PAGE}/confirm", Permission.MY_EDIT, endpoint="permit_confirm", methods=["GET", "POST"])
def confirm(ref: str) -> ResponseReturnValue:
    """Confirm a request here, for whoever came by a link of a letter and so has shown whose address it is."""
    each, form = one(ref), Form()
    if each.permit.holder_ref is not None or each.permit.status != PermitStatus.DRAFT:
        return redirect(url_for(".permit", ref=each.permit.ref))
    if request.method == "POST" and form.validate_on_submit():
        with form.saying():
            secret = letters.make_secret(each.permit, home.here())
            if confirming.confirm_request(database.idle(), g.actor, secret, database.now()) is not None:
                flash(gettext("Confirmed. The city has your request."))
                return redirect(url_for(".permit", ref=each.permit.ref))
        form.refuse(gettext("This request is too old. Please ask anew."), 409)
    return form.page("my/permits/confirm.html", permit=each.permit)
