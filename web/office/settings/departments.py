"""Who answers for the city's departments: named and let go by an administrator."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, StringField

from tempuse.errors import NotFound
from tempuse.permit_kinds import departments as departments_of
from tempuse.permit_kinds import said
from tempuse.registry.permits import reviewing
from tempuse.store import checks
from tempuse.vocabulary import Permission
from web import database, words
from web.accounts import auth
from web.office.blueprint import office
from web.site.forms import AtMost, Choice, Form, Needed

_OFF = {"autocomplete": "off"}


class ReviewerForm(Form):
    """Who answers for which department."""

    department = Choice(lazy_gettext("Department"), look="list")
    name = StringField(lazy_gettext("Name"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    email = EmailField(
        lazy_gettext("E-mail address"), validators=[Needed(), AtMost(200)], render_kw=_OFF,
        description=lazy_gettext("Each question comes there, with a link that needs no password."),
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.department.choices = [
            (each.name, said(each.title, words.locale().language) or each.name)
            for each in departments_of(database.settings().departments)
        ]  # fmt: skip


@office.get("/departments", Permission.PERSON_READ)
def departments() -> ResponseReturnValue:
    """The departments with those who answer for them, and the form for one more."""
    return _page(ReviewerForm())


@office.post("/departments", Permission.PERSON_EDIT, endpoint="department_reviewer")
def name() -> ResponseReturnValue:
    """Let somebody answer for a department."""
    form = ReviewerForm()
    if form.validate_on_submit():
        with form.saying({NotFound: "department"}):
            person = reviewing.name_reviewer(
                database.idle(), g.actor, form.department.data or "", form.name.data or "", form.email.data or "",
                database.settings().languages[0], database.now(),
            )  # fmt: skip
            flash(gettext("%(name)s answers for it now.", name=person.name))
            return redirect(url_for(".departments"))
    return _page(form)


def _page(form: ReviewerForm) -> ResponseReturnValue:
    con = database.connection()
    listed = [
        (each, said(each.title, words.locale().language) or each.name, checks.reviewers(con, each.name))
        for each in departments_of(database.settings().departments)
    ]  # fmt: skip
    return form.page("office/people/departments.html", listed=listed)


@office.post("/departments/<department>/reviewers/<person>/end", Permission.PERSON_EDIT, endpoint="reviewer_end")
def end(department: str, person: str) -> ResponseReturnValue:
    """Let somebody answer for a department no more."""
    gone = reviewing.end_reviewer(database.idle(), g.actor, department, person, database.now())
    auth.end_ways_in(person)
    flash(gettext("%(name)s does not answer for it any more.", name=gone.name))
    return redirect(url_for(".departments"))
