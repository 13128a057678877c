"""What one's groups look for: the list, the page of each, its form, and what one says of it with one press."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse import questions
from tempuse.access import is_allowed
from tempuse.needs import NEED_LIFECYCLE, Need, state_of, wanted_of
from tempuse.people import Person
from tempuse.registry.needs import changing, drafting
from tempuse.registry.permits.requesting import Requester
from tempuse.registry.reports import fingerprint
from tempuse.store import needs as rows
from tempuse.store import organisations
from tempuse.vocabulary import MetHow, NeedState, NeedStatus, Permission
from web import database, verbs
from web.asking.need_form import NeedForm
from web.letters.needs import make_secret
from web.my import home, watches
from web.my.blueprint import my
from web.my.home import Matter, Matters, here
from web.presenters import labels
from web.presenters import needs as words_of
from web.site.forms import Choice, Form

_PAGE = "/needs/<ref>"
# What a group says of its search; the rest is the office's.
_PRESSED = ("open", "confirm", "fulfil", "withdraw", "reopen")
_ENDED = (NeedStatus.MET, NeedStatus.WITHDRAWN)


class FoundForm(Form):
    """How a search ended."""

    met_how = Choice(lazy_gettext("How did it end?"), default=MetHow.ELSEWHERE.value)

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.met_how.choices = labels.choices(MetHow, hints=True)


def groups() -> list[tuple[str, str]]:
    """The organisations that they are a contact of, by name."""
    con = database.connection()
    parts = [each for each in organisations.parts_of(con, here().ref) if each.is_contact]
    known = organisations.by_refs(con, {each.organisation_ref for each in parts}).values()
    return sorted(
        ((each.ref, each.name) for each in known if each.retired_on is None), key=lambda pair: pair[1].casefold()
    )


def _mine(person: Person) -> list[Need]:
    parts = organisations.parts_of(database.connection(), person.ref)
    theirs = {each.organisation_ref for each in parts if each.counts}
    found = rows.of_person(database.connection(), person.ref, theirs)
    return [need for need in found if need.title is not None]


def _own(ref: str) -> Need:
    """One of theirs; of others nobody here learns that they are there."""
    need = rows.find_one(database.connection(), ref.upper()[:20])
    if need is None or need.title is None or not is_allowed(g.actor, Permission.NEED_READ, need):
        abort(404)
    return need


def _matter(need: Need) -> Matter:
    waits = _waits(need)
    return Matter(
        name=f"{need.title} ({need.ref})", href=url_for("auth.need", ref=need.ref), why=words_of.state(need),
        button=verbs.button("need", "confirm") if waits and need.status == NeedStatus.OPEN else gettext("Open"),
    )  # fmt: skip


def _waits(need: Need) -> bool:
    """Whether this person has something to say of it."""
    stands = state_of(need, database.settings(), database.today())
    return stands in (NeedState.ASKED, NeedState.LAPSED) or bool(wanted_of(need)[1])


def _waiting(person: Person) -> list[Matter]:
    return [_matter(need) for need in _mine(person) if _waits(need)]


def _looked_for(person: Person) -> list[Matter]:
    return [_matter(need) for need in _mine(person) if not _waits(need) and need.status not in _ENDED]


def _told(person: Person) -> list[Matter]:
    titles = {fingerprint(each.question): each.title or "" for each in _mine(person)}
    return watches.told(person, titles)


home.SECTIONS.append(Matters(lazy_gettext("Do you still look?"), _waiting, waits=True))
home.SECTIONS.append(Matters(lazy_gettext("What you look for"), _looked_for))
home.SECTIONS.append(Matters(lazy_gettext("A letter comes when a space begins to fit"), _told))


@my.get("/needs", Permission.MY_READ)
def needs() -> str:
    """All of them, those that are over, too."""
    return render_template("my/needs/list.html", rows=[_matter(need) for need in _mine(here())], may_add=bool(groups()))


@my.route("/needs/new", Permission.MY_EDIT, methods=["GET", "POST"])
def need_new() -> ResponseReturnValue:
    """Look for something more, for one of their groups and without a letter to confirm."""
    theirs = groups()
    if not theirs:
        return redirect(f"{url_for('public.need_new')}?{request.query_string.decode(errors='replace')}")
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] in questions.PARTS]
    form = NeedForm(questions.read(pairs)[0], who="contact", organisations=theirs)
    if form.validate_on_submit():
        with form.saying():
            requester = Requester(organisation_ref=form.organisation.data)
            sent = drafting.draft_need(
                database.idle(), g.actor, form.need(), requester, database.now(), form.sent_token
            )
            flash(gettext("Saved. The search has begun."))
            return redirect(url_for(".need", ref=sent.need.ref))
    back = url_for(".needs"), gettext("What you look for")
    return form.page("public/need_new.html", base="my/base.html", back=back, also=words_of.asked(form.asked))


@my.get(_PAGE, Permission.MY_READ)
def need(ref: str) -> ResponseReturnValue:
    """One of them."""
    return _page(_own(ref), FoundForm(formdata=None))


def _page(need: Need, form: FoundForm) -> ResponseReturnValue:
    wanted, unclear = wanted_of(need)
    group = organisations.find_one(database.connection(), need.initiative_ref or "")
    may = is_allowed(g.actor, Permission.NEED_WRITE, need)
    return form.page(
        "my/needs/page.html", need=need, state=words_of.state(need), since=words_of.since(need),
        asked=words_of.asked(wanted, need.near_label), unclear=[issue.value for issue in unclear],
        group=group.name if group else need.group_name, may_write=may, waits=_waits(need), button=verbs.button,
        moves=[move.name for move in NEED_LIFECYCLE.open_to(need.status)], labels=labels,
        question=need.question, told=watches.link_for(here(), need.question),
        audience=labels.told("audience", need.audience, "need"),
    )  # fmt: skip


@my.route(f"{_PAGE}/edit", Permission.MY_EDIT, methods=["GET", "POST"])
def need_edit(ref: str) -> ResponseReturnValue:
    """Change what is looked for."""
    need = _own(ref)
    form = NeedForm(wanted_of(need)[0], need=need)
    if form.validate_on_submit():
        with form.saying():
            changing.edit_need(database.idle(), g.actor, need.ref, form.values(), database.now(), form.seen())
            flash(gettext("Saved."))
            return redirect(url_for(".need", ref=need.ref))
    return form.page("public/need_new.html", base="my/base.html", back=(url_for(".need", ref=need.ref), need.title))


@my.post(f"{_PAGE}/move/<move>", Permission.MY_EDIT)
def need_move(ref: str, move: str) -> ResponseReturnValue:
    """What one says of it: we still look, we found one, we look no more, we look again."""
    if move not in _PRESSED:
        abort(404)
    need, form = _own(ref), FoundForm()
    if move != "fulfil" or form.validate_on_submit():
        with form.saying():
            if move == "open":  # whoever came by a link of a letter has shown whose address it is
                drafting.confirm_need(database.idle(), g.actor, make_secret(need, here()), database.now())
            else:
                how = form.met_how.data if move == "fulfil" else None
                changing.move_need(database.idle(), g.actor, need.ref, move, database.now(), met_how=how)
            flash(verbs.done("need", move))
            return redirect(url_for(".need", ref=need.ref))
    return _page(_own(ref), form)
