"""What one group looks for, in the office: what is asked, who asks, what the office does about it."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField, TextAreaField

from tempuse import questions
from tempuse.needs import NEED_LIFECYCLE, Need, wanted_of
from tempuse.registry.needs import changing, drafting
from tempuse.registry.permits.requesting import Requester
from tempuse.store import events as event_rows
from tempuse.store import needs as rows
from tempuse.store import organisations, people
from tempuse.vocabulary import MetHow, NeedStatus, Permission
from web import database, verbs, words
from web.accounts import guard
from web.asking.need_form import NeedForm
from web.office import history, names
from web.office.blueprint import office
from web.office.needs import listing
from web.office.queue import Queue, Row
from web.presenters import labels
from web.presenters import needs as words_of
from web.site.forms import AtMost, Choice, Form

_FEW = 5
_PAGE = "/needs/<ref>"


class NeedActForm(Form):
    """What the office says of one: what everybody reads, why it is set aside, how it ended, which space may fit."""

    released_text = TextAreaField(lazy_gettext("What everybody reads of it"), validators=[AtMost(4000)])
    because = TextAreaField(lazy_gettext("Why? The group reads it."), validators=[AtMost(1000)])
    met_how = Choice(lazy_gettext("How did it end?"), default=MetHow.ELSEWHERE.value)
    met_by_ref = StringField(
        lazy_gettext("With which permit?"), validators=[AtMost(20)], description=lazy_gettext("Like PM-0012, if any.")
    )  # fmt: skip
    space = StringField(
        lazy_gettext("Suggest a space"), validators=[AtMost(20)],
        description=lazy_gettext("Its reference, like SP-0117. A letter tells the group what everybody reads of it."),
        render_kw=names.SPACE_FIELD,
    )  # fmt: skip

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.met_how.choices = labels.choices(MetHow, hints=True)


def _to_release() -> list[Row]:
    return [
        Row(listing.title(each), url_for("office.need", ref=each.ref), listing.why(each), gettext("Look"))
        for each in rows.to_release(database.connection(), limit=_FEW)
    ]


def _more(total: int, shown: int) -> tuple[str, str] | None:
    if total <= shown:
        return None
    return gettext("See all %(total)s", total=words.figure(total)), url_for("office.needs", show=rows.RELEASE)


QUEUES = (
    Queue(
        lazy_gettext("Searches that everybody is to read"), Permission.NEED_RELEASE,
        lambda: rows.count_to_release(database.connection()), _to_release, _more,
    ),
)  # fmt: skip


@office.get(_PAGE, Permission.NEED_READ)
def need(ref: str) -> ResponseReturnValue:
    """One of them: what is asked, who asks, what happened."""
    each = rows.get(database.connection(), ref)
    said = each.released_text or each.purpose or ""
    return _page(each, NeedActForm(formdata=None, data={"released_text": said}))


def _page(each: Need, form: NeedActForm) -> ResponseReturnValue:
    con = database.connection()
    wanted, unclear = wanted_of(each)
    contact = people.find_one(con, each.contact_ref or "")
    group = organisations.find_one(con, each.initiative_ref or "")
    return form.page(
        "office/needs/page.html", need=each, state=words_of.state(each), since=words_of.since(each),
        asked=words_of.asked(wanted, each.near_label), unclear=[issue.value for issue in unclear], group=group,
        contact=contact, audience=labels.told("audience", each.audience, "need"), button=verbs.button,
        moves=[move.name for move in NEED_LIFECYCLE.open_to(each.status) if guard.may(move.permission)],
        may_edit=guard.may(Permission.NEED_WRITE) and each.status in (NeedStatus.DRAFT, NeedStatus.OPEN),
        may_propose=guard.may(Permission.NEED_PROPOSE) and each.status == NeedStatus.OPEN, question=each.question,
        told=[history.tell(event) for event in event_rows.of(con, each.ref, "need")],
    )  # fmt: skip


@office.post(f"{_PAGE}/propose", Permission.NEED_PROPOSE)
def need_propose(ref: str) -> ResponseReturnValue:
    """Tell the group of a space by letter."""
    each, form = rows.get(database.connection(), ref), NeedActForm()
    space = (form.space.data or "").strip().upper()
    with form.saying():
        changing.propose_space(database.idle(), g.actor, ref, space, database.now())
        flash(gettext("The group gets a letter about %(space)s.", space=space))
        return redirect(url_for(".need", ref=ref))
    return _page(each, form)


@office.post(f"{_PAGE}/move/<move>", Permission.NEED_WRITE)
def need_move(ref: str, move: str) -> ResponseReturnValue:
    """One move of it."""
    if move not in NEED_LIFECYCLE.moves:
        abort(404)
    each, form = rows.get(database.connection(), ref), NeedActForm()
    details = {
        "release": {"released_text": (form.released_text.data or "").strip()},
        "fulfil": {"met_how": form.met_how.data, "met_by_ref": (form.met_by_ref.data or "").strip().upper()},
    }.get(move, {})
    with form.saying():
        note = form.because.data if move == "set_aside" else None
        changing.move_need(database.idle(), g.actor, ref, move, database.now(), note=note, **details)
        flash(verbs.done("need", move))
        return redirect(url_for(".need", ref=ref))
    return _page(each, form)


@office.route(f"{_PAGE}/edit", Permission.NEED_WRITE, methods=["GET", "POST"])
def need_edit(ref: str) -> ResponseReturnValue:
    """Change what is looked for."""
    each = rows.get(database.connection(), ref)
    form = NeedForm(wanted_of(each)[0], need=each)
    if form.validate_on_submit():
        with form.saying():
            changing.edit_need(database.idle(), g.actor, ref, form.values(), database.now(), form.seen())
            flash(gettext("Saved."))
            return redirect(url_for(".need", ref=ref))
    return form.page("public/need_new.html", base="office/base.html", back=(url_for(".need", ref=ref), each.title))


@office.route("/needs/new", Permission.NEED_WRITE, methods=["GET", "POST"])
def need_new() -> ResponseReturnValue:
    """Write down what a group looks for: it confirms by a letter, or the office opens it."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] in questions.PARTS]
    form = NeedForm(questions.read(pairs)[0], who="stranger")
    if form.validate_on_submit():
        with form.saying():
            requester = Requester(
                name=form.name.data or "", email=form.email.data or "", group=form.group.data or ""
            )  # fmt: skip
            sent = drafting.draft_need(
                database.idle(), g.actor, form.need(), requester, database.now(), form.sent_token
            )
            said = gettext("Saved. The group gets a letter to confirm it.")
            flash(said if sent.told else gettext("Saved. Open it when the group has said yes."))
            return redirect(url_for(".need", ref=sent.need.ref))
    back = url_for(".needs"), gettext("What groups look for")
    return form.page("public/need_new.html", base="office/base.html", back=back)
