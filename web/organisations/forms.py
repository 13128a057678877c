"""Forms of organisations: what the office knows of one, what its contacts change of it, and who is asked to join."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, EmailField, HiddenField, StringField, TextAreaField

from tempuse.fields import fields_of
from tempuse.organisations import Organisation
from tempuse.vocabulary import PARTS, OrganisationKind, Role, Serves, Theme
from web import database, words
from web.presenters import labels
from web.site.forms import AtMost, Choice, Choices, Day, Form, Needed

_OFF = {"autocomplete": "off"}


def _text(name: str, description: Any = "", **options: Any) -> Any:
    about = fields_of(Organisation)[name]
    longest = AtMost(about.get("longest", 200))
    return StringField(
        lazy_gettext(about["word"]), description=description,
        validators=[longest, *options.pop("more", ())], render_kw=_OFF, **options,
    )  # fmt: skip


def _long(name: str, description: Any = "") -> Any:
    about = fields_of(Organisation)[name]
    return TextAreaField(lazy_gettext(about["word"]), description=description, validators=[AtMost(about["longest"])])


class OwnForm(Form):
    """What the contacts of an organisation change of it."""

    name = _text("name", more=[Needed()])
    name_public = BooleanField(
        lazy_gettext("Everybody may read its name"),
        description=lazy_gettext("On the page of a space that it uses. Otherwise no name is shown there."),
    )
    public_name = _text("public_name", lazy_gettext("If everybody is to read another name than this one."))
    url = _text("url", lazy_gettext("Like https://example.org"))
    email = _text("email", lazy_gettext("Letters go there when there is no contact."))
    phone = _text("phone")
    address = _text("address")
    language = Choice(lazy_gettext("Language of letters to it"), look="list")
    about = _long("about", lazy_gettext("In a few sentences. The city reads it."))
    themes = Choices(lazy_gettext("Its themes"), description=lazy_gettext("Owners name what they would like to see."))
    serves = Choices(
        lazy_gettext("For whom it is there"),
        description=lazy_gettext("Only if you want to say it: for figures of the city, never for a choice."),
    )
    seen_by_owners = BooleanField(
        lazy_gettext("Owners of spaces that fit may read its name"),
        description=lazy_gettext(
            "Of what the group looks for they read what for and how large, if others may read of it at all."
        ),
    )
    private_text = _long("private_text")
    revision = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.themes.choices, self.serves.choices = labels.choices(Theme), labels.choices(Serves, hints=True)
        spoken = database.settings().languages
        if not self.language.data:
            self.language.data = spoken[0]
        known = spoken if self.language.data in spoken else (*spoken, self.language.data)
        self.language.choices = [(code, words.NAMES.get(code, code)) for code in known]

    def values(self) -> dict[str, Any]:
        """The fields that an organisation has, as they were written."""
        names = fields_of(Organisation)
        written = {each.name: each.data for each in self if each.name in names and each.name != "revision"}
        return {
            name: tuple(value or ()) if names[name]["kind"] == "list" else value or (False if value is False else None)
            for name, value in written.items()
        } | {"name": written["name"] or ""}

    def seen(self) -> int | None:
        """The revision that they saw, None where none was sent."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class OrganisationForm(OwnForm):
    """What the office knows of an organisation."""

    kinds = Choices(lazy_gettext("What it is"))
    informal = BooleanField(
        lazy_gettext("Without a legal form of its own"),
        description=lazy_gettext("A group of neighbours, say. Somebody else may have to answer for it."),
    )
    legal_form = _text("legal_form", lazy_gettext("Association, foundation, company …"))
    registered_no = _text("registered_no")
    guarantor_ref = _text(
        "guarantor_ref", lazy_gettext("The reference of the organisation that answers for it, like OR-0012.")
    )
    form_token = HiddenField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds.choices = labels.choices(OrganisationKind, hints=True)
        self.form_token.data = (self.form_token.data or "")[:60] or secrets.token_urlsafe(12)


class MemberForm(Form):
    """Who is asked to have a part in an organisation."""

    name = StringField(lazy_gettext("Name"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    email = EmailField(lazy_gettext("E-mail address"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    part = Choice(lazy_gettext("Their part"), default=Role.CONTACT.value)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.part.choices = [(each.value, gettext(each.label), gettext(each.definition)) for each in PARTS]


class RetireForm(Form):
    """When and why an organisation ended."""

    on = Day(lazy_gettext("Ended on"), validators=[Needed()])
    note = TextAreaField(lazy_gettext("Why?"), validators=[AtMost(1000)])
