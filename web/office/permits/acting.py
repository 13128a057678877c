"""The page of one act on a permit: what it needs is asked, done, said; what stands in the way is said in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, lazy_gettext
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from tempuse.permits import PERMIT_LIFECYCLE
from tempuse.store import permits as permit_rows
from tempuse.store.permits import Ruled
from web import database, verbs
from web.office.permits import called
from web.presenters import permits as stand
from web.site import arguments, subuses
from web.site.forms import AtMost, Form, Needed

_LONGEST = 4000


class ActForm(Form):
    """The form of an act; ``revision`` is what the planner saw."""

    revision = HiddenField()

    @property
    def seen(self) -> int | None:
        """The revision that the page showed."""
        return arguments.whole(request.form, "revision", 1, 10**9, None)


class BecauseForm(ActForm):
    """Why: the group reads it."""

    because = TextAreaField(
        lazy_gettext("Why?"), validators=[Needed(), AtMost(_LONGEST)], description=lazy_gettext("The group reads this.")
    )

    @property
    def why(self) -> str:
        """What was written."""
        return (self.because.data or "").replace("\r\n", "\n").strip()


class NoteForm(ActForm):
    """A note for the history."""

    note = TextAreaField(lazy_gettext("Note"), validators=[AtMost(_LONGEST)])

    @property
    def text(self) -> str | None:
        """What was written, None for nothing."""
        return (self.note.data or "").replace("\r\n", "\n").strip() or None


def ruled(ref: str) -> Ruled:
    """A permit with the terms that rule."""
    return permit_rows.one_ruled(database.connection(), ref)


def to(ref: str) -> str:
    """The address of a permit's page."""
    return url_for("office.permit", ref=ref)


def act_page(
    ref: str, act: str, form: Form, do: Callable[[], object], *, template: str = "office/permits/act.html",
    heading: str = "", lead: str = "", verb: str = "", **values: Any,
) -> ResponseReturnValue:  # fmt: skip
    """Do an act whose form was sent, else show its form.

    Args:
        ref: of which permit.
        act: a move, or another verb of permits.
        form: what it asks.
        do: does it, and may say in a sentence what was done, or lead elsewhere; what it refuses is said in the form.
        template: of the page.
        heading: what the page is called; the verb's button where nothing is given.
        lead: what the act does, in a sentence.
        verb: what one presses; the verb's button where nothing is given.
        values: what else the template is given.

    Raises:
        NotAllowed, WrongState: the permit is not open to it.
    """
    if form.validate_on_submit():
        with form.saying(), subuses.listing(form):
            said = do()
            if isinstance(said, Response):
                return said
            flash(said if isinstance(said, str) else verbs.done("permit", act))
            return redirect(to(ref))
    each = ruled(ref)
    if request.method == "GET" and act in PERMIT_LIFECYCLE.moves:
        needs = dict.fromkeys(PERMIT_LIFECYCLE.moves[act].needs, "later")
        PERMIT_LIFECYCLE.check(act, ref, each.permit.status, **needs)
    if isinstance(form, ActForm) and not form.revision.data:
        form.revision.data = str(each.permit.revision)
    return form.page(
        template, permit=each.permit, terms=each.terms, called=called, stand=stand, act=act, lead=lead,
        heading=heading or verbs.button("permit", act), verb=verb or verbs.button("permit", act) or heading,
        subuses=subuses.listed(form, ref), **values,
    )  # fmt: skip


def press(ref: str, act: str, do: Callable[[], object]) -> ResponseReturnValue:
    """Do an act that needs nothing but its press."""
    do()
    flash(verbs.done("permit", act))
    return redirect(to(ref))


def in_their_language(language: str, words: Callable[[], str]) -> str:
    """Words that the group will read, in its own language."""
    spoken = language if language in database.settings().languages else database.settings().languages[0]
    with force_locale(spoken):
        return words()


def by_office() -> str:
    """Who acts, by name."""
    return str(g.actor.name) or gettext("The office")
