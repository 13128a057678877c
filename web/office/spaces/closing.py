"""An owner keeps a space to themselves for some days: written down, listed and taken back on the space's page."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import TextAreaField

from tempuse.errors import NotFound
from tempuse.registry import closing
from tempuse.store import closures
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Permission
from web import database
from web.office import names
from web.office.blueprint import office
from web.site.forms import AtMost, Day, Form, Needed

_EDIT = Permission.SPACE_EDIT


class ClosureForm(Form):
    """From when until when, and why."""

    starts_on = Day(lazy_gettext("From which day?"), validators=[Needed()])
    ends_on = Day(
        lazy_gettext("Until which day?"), validators=[Needed()], description=lazy_gettext("This day belongs to it.")
    )
    because = TextAreaField(
        lazy_gettext("Why?"), validators=[Needed(), AtMost(500)],
        description=lazy_gettext("The office reads this, and whoever asks for these days."),
    )  # fmt: skip


def of_space(ref: str) -> list[closures.Closure]:
    """The days on which a space is kept free, from today on."""
    return closures.of_spaces(database.connection(), [ref], database.today())


@office.route("/spaces/<ref>/close", _EDIT, endpoint="space_close", methods=["GET", "POST"])
def close(ref: str) -> ResponseReturnValue:
    """Keep a space, and what lies within it, free for some days."""
    each = space_rows.get(database.connection(), ref)
    form = ClosureForm()
    if form.validate_on_submit():
        with form.saying():
            start, end = form.starts_on.day, form.ends_on.day
            assert start is not None  # both were needed
            assert end is not None
            closing.close_space(
                database.idle(), g.actor, ref, start, end, (form.because.data or "").strip(), database.now()
            )
            flash(gettext("These days are kept free. Nobody can be given them."))
            return redirect(f"{url_for('office.space', ref=ref)}#permits")
    return form.page("office/spaces/close.html", space=each, name=names.space(each))


@office.post("/spaces/<ref>/closures/<closure>/end", _EDIT, endpoint="space_reopen")
def reopen(ref: str, closure: str) -> ResponseReturnValue:
    """Take it back: the days are free again."""
    if closures.get(database.connection(), closure).space_ref != ref:
        raise NotFound("closure.not_found", ref=closure[:20])
    closing.reopen_space(database.idle(), g.actor, closure, database.now())
    flash(gettext("These days are free again."))
    return redirect(f"{url_for('office.space', ref=ref)}#permits")
