"""The people of the office: invite, change, give a link, end."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, StringField

from tempuse.errors import Conflict, WrongState
from tempuse.people import Person
from tempuse.registry import people as registry
from tempuse.store import organisations as organisation_rows
from tempuse.store import people as rows
from tempuse.vocabulary import OFFICE_ROLES, Permission, Role
from web import database, words
from web.accounts import auth, links
from web.letters import forgetting, writing
from web.office.blueprint import office
from web.office.menu import Room
from web.site import addresses, arguments
from web.site.forms import AtMost, Choice, Form, Needed

ROOM = Room(60, "office.people", lazy_gettext("People"), Permission.PERSON_READ)


class KnownForm(Form):
    """Who somebody is whom the register knows, and who does not work in the office."""

    name = StringField(lazy_gettext("Name"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "off"})
    email = EmailField(
        lazy_gettext("E-mail address"),
        description=lazy_gettext("They sign in with it."),
        validators=[Needed(), AtMost(200)],
        render_kw={"autocomplete": "off"},
    )
    language = Choice(lazy_gettext("Language of their pages and letters"), look="list")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.language.choices = [(code, words.NAMES[code]) for code in database.settings().languages]

    def values(self) -> dict[str, str]:
        """The fields that a person has."""
        return {name: self[name].data or "" for name in ("name", "email", "role", "language") if name in self}


class PersonForm(KnownForm):
    """Who somebody is and what they may do in the office."""

    role = Choice(lazy_gettext("Role"), default=Role.PLANNER.value)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.role.choices = [(role.value, gettext(role.label), gettext(role.definition)) for role in OFFICE_ROLES]


class InvitationForm(PersonForm):
    """A new person, and how the invitation reaches them."""

    how = Choice(lazy_gettext("The invitation"), default="mail")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        no_server = "" if writing.has_server() else gettext("No mail server is set: the letter becomes a file only.")
        self.how.choices = [
            ("mail", gettext("Send it by mail"), no_server),
            ("print", gettext("Show me a link"), gettext("To hand over on paper, or in a message of your own.")),
        ]


def _invitation() -> InvitationForm:
    return InvitationForm(role=Role.PLANNER.value, how="mail" if writing.has_server() else "print")


@office.get("/people", Permission.PERSON_READ)
def people() -> ResponseReturnValue:
    """Who works here; and the form to invite somebody."""
    return _list(_invitation())


@office.post("/people", Permission.PERSON_EDIT, endpoint="people_invite")
def invite() -> ResponseReturnValue:
    """Take somebody into the office."""
    form = _invitation()
    if form.validate_on_submit():
        by_mail = form.how.data == "mail"
        with form.saying({Conflict: "email"}):
            newcomer = Person.with_role(**form.values())
            person = registry.add_person(database.idle(), g.actor, newcomer, database.now(), invite=by_mail)
            return _on_its_way(person) if by_mail else _show_link(person)
    return _list(form)


def _list(form: InvitationForm) -> ResponseReturnValue:
    everybody = rows.find_office(database.connection(), with_ended=True)
    return form.page(
        "office/people/index.html",
        people=[person for person in everybody if not person.ended_at],
        ended=[person for person in everybody if person.ended_at],
        settled=auth.accounts().refs_with_password(),
    )


@office.route("/people/<ref>", Permission.PERSON_EDIT, methods=["GET", "POST"])
def person(ref: str) -> ResponseReturnValue:
    """One person: change their entry, give them a new link."""
    shown = rows.get(database.connection(), ref)
    form = (PersonForm if shown.role else KnownForm)(obj=shown)
    if form.validate_on_submit():
        with form.saying({WrongState: "role", Conflict: "email"}):
            registry.change_person(database.idle(), g.actor, ref, form.values(), database.now())
            flash(gettext("Saved."))
            return redirect(url_for(".people") if shown.role else url_for(".person", ref=ref))
    parts = organisation_rows.parts_of(database.connection(), ref)
    known = organisation_rows.by_refs(database.connection(), {each.organisation_ref for each in parts})
    return form.page(
        "office/people/person.html", person=shown, settled=auth.has_password(shown),
        organisations=sorted(known.values(), key=lambda each: each.name),
    )  # fmt: skip


@office.route("/people/<ref>/forget", Permission.PERSON_EDIT, endpoint="person_forget", methods=["GET", "POST"])
def forget(ref: str) -> ResponseReturnValue:
    """Somebody from outside the office asked to be forgotten: asked once more, then done."""
    shown = rows.get(database.connection(), ref)
    form = Form()
    if form.validate_on_submit():
        with form.saying():
            forgetting.forget_person(g.actor, shown)
            flash(gettext("Who they are is erased."))
            return redirect(url_for(".people"))
    return form.page("office/people/forget.html", person=shown)


@office.post("/people/<ref>/link", Permission.PERSON_EDIT)
def give_link(ref: str) -> ResponseReturnValue:
    """A new link for somebody who lost theirs, or their password."""
    shown = rows.get(database.connection(), ref)
    if shown.ended_at:
        flash(gettext("%(name)s has left. Bring them back first.", name=shown.name))
        return redirect(url_for(".person", ref=ref))
    if arguments.choice(request.form, "how", ("mail", "print"), "print") != "mail":
        return _show_link(shown)
    first = bool(shown.role) and not auth.has_password(shown)
    return _on_its_way(registry.send_link(database.idle(), g.actor, ref, database.now(), first=first))


def _on_its_way(person: Person) -> ResponseReturnValue:
    flash(gettext("A letter to %(email)s is on its way.", email=person.email))
    return redirect(url_for(".people") if person.role else url_for(".person", ref=person.ref))


def _show_link(person: Person) -> ResponseReturnValue:
    opens = not person.role and not auth.has_password(person)
    return render_template(
        "office/people/link.html",
        person=person,
        link=(links.entry_link if opens else auth.link_for)(person, addresses.root()),
        until=database.now() + (links.LASTS if opens else auth.link_lasts(person)),
        opens=opens,
    )


@office.route("/people/<ref>/end", Permission.PERSON_EDIT, endpoint="person_end", methods=["GET", "POST"])
def end(ref: str) -> ResponseReturnValue:
    """Somebody left: asked once more, then done."""
    shown = rows.get(database.connection(), ref)
    form = Form()
    if form.validate_on_submit():
        with form.saying():
            ended = registry.end_person(database.idle(), g.actor, ref, database.now())
            auth.forget(ended)
            flash(gettext("%(name)s cannot sign in any more.", name=ended.name))
            return redirect(url_for(".people"))
    return form.page("office/people/end.html", person=shown)


@office.post("/people/<ref>/bring-back", Permission.PERSON_EDIT, endpoint="person_bring_back")
def bring_back(ref: str) -> ResponseReturnValue:
    """Somebody came back; they get a new invitation from their page."""
    registry.bring_back_person(database.idle(), g.actor, ref, database.now())
    flash(gettext("Welcome back. Now give them a new link."))
    return redirect(url_for(".person", ref=ref))


@office.app_template_global()
def role_words(role: str) -> str:
    """What a role is called; one that this program does not know is called as it is written."""
    return gettext(Role(role).label) if role in set(Role) else role


@office.app_template_global()
def role_meaning(role: str) -> str:
    """What somebody in a role does, a sentence."""
    return gettext(Role(role).definition) if role in set(Role) else ""
