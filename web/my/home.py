"""A person's own first page: what waits for them, and the organisations that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from wtforms import BooleanField

from tempuse.people import Person
from tempuse.store import organisations as rows
from tempuse.vocabulary import Permission
from web import database
from web.accounts import auth
from web.letters import forgetting
from web.my.blueprint import my
from web.organisations.people import parts_in_words
from web.site.forms import Form, Needed


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing on somebody's own page: its name and address, why it is here, when it is due, what to press."""

    name: str
    href: str
    why: str = ""
    due: str = ""
    late: bool = False
    button: str = ""


@dataclass(frozen=True, slots=True)
class Matters:
    """Things of one kind on somebody's own page.

    Attributes:
        title: their heading.
        rows: those of a person; where there are none, nothing is shown.
        waits: something is to be done about them by this person.
    """

    title: LazyString
    rows: Callable[[Person], list[Matter]]
    waits: bool = False


class ForgetForm(Form):
    """That somebody is sure."""

    sure = BooleanField(
        lazy_gettext("Yes, erase me"), validators=[Needed(lazy_gettext("Tick the box if you are sure."))]
    )


# What the page shows above the organisations, in this order; each noun brings its own.
SECTIONS: list[Matters] = []


def here() -> Person:
    """Who is signed in."""
    person = auth.signed_in()
    assert person is not None  # the guard saw to it
    return person


@my.get("/", Permission.MY_READ)
def home() -> str:
    """What waits, what one asked for, the organisations that one belongs to or was asked to join."""
    person = here()
    sections = [(each, found) for each in SECTIONS if (found := each.rows(person))]
    parts = rows.parts_of(database.connection(), person.ref)
    known = rows.by_refs(database.connection(), {each.organisation_ref for each in parts})
    asked, held = [], []
    for organisation in sorted(known.values(), key=lambda each: each.name.casefold()):
        mine = [each for each in parts if each.organisation_ref == organisation.ref]
        if waiting := [each for each in mine if each.confirmed_at is None]:
            asked.append((organisation, parts_in_words(waiting)))
        if confirmed := [each for each in mine if each.confirmed_at is not None]:
            held.append((organisation, parts_in_words(confirmed)))
    return render_template("my/home.html", person=person, sections=sections, asked=asked, held=held)


@my.route("/forget", Permission.MY_EDIT, methods=["GET", "POST"])
def be_forgotten() -> ResponseReturnValue:
    """Be erased: asked once more, then done."""
    person, form = here(), ForgetForm()
    if form.validate_on_submit():
        with form.saying():
            forgetting.forget_person(g.actor, person)
            auth.leave()
            flash(gettext("You are forgotten here."))
            return redirect(url_for("public.home"))
    return form.page("my/forget.html", person=person)
