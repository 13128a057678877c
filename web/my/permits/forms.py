"""Forms by which a mediator asks for some of the spaces that it has in hand: for a group, or for itself."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, HiddenField, StringField

from tempuse.permit_kinds import kinds
from tempuse.permits import Permit
from tempuse.registry.permits.requesting import Requester
from tempuse.store import claims
from tempuse.terms import Terms
from tempuse.vocabulary import PermitStatus, UseCategory
from web import database, words
from web.presenters import labels, permit_words
from web.site.forms import AtMost, Choice, Choices, Day, Form, Needed

_OFF = {"autocomplete": "off"}


class AskedForm(Form):
    """What is asked for: some of the spaces of a permit or a mandate, what happens there, from when until when."""

    spaces = Choices(lazy_gettext("Which spaces?"))
    title = StringField(lazy_gettext("What happens there?"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    use = Choice(lazy_gettext("What is it most of all?"), look="list")
    starts_on = Day(lazy_gettext("From which day?"), validators=[Needed()])
    ends_on = Day(lazy_gettext("Until which day?"), validators=[Needed()])
    form_token = HiddenField()

    def __init__(self, space_refs: Sequence[str], side: str, status: str = PermitStatus.DRAFT.value) -> None:
        super().__init__(data={"form_token": secrets.token_hex(12)})
        known = claims.closure(database.connection(), space_refs).values()
        self.spaces.choices = [
            (ref, name if name == ref else f"{name} ({ref})")
            for ref, name in permit_words.places(Permit(space_refs=tuple(known), status=status), side)
        ]
        self.use.choices = labels.choices(UseCategory, empty=gettext("Choose one"))

    def validate_spaces(self, field: Choices) -> None:
        """One at least."""
        if not field.data:
            self.say("spaces", words.sentence("permit.no_space"))

    def permit(self) -> Permit:
        """What is asked for."""
        return Permit(
            kind=kinds(database.settings().permit_kinds)[0].name, space_refs=tuple(self.spaces.data or ()),
            title=(self.title.data or "").strip(), use_categories=(self.use.data,) if self.use.data else (),
            language=words.locale().language,
        )  # fmt: skip

    def terms(self) -> Terms:
        """From when until when."""
        return Terms(starts_on=self.starts_on.day, ends_on=self.ends_on.day)

    def token(self) -> str:
        """What tells this form from all others."""
        return (self.form_token.data or "")[:80]


class GroupForm(AskedForm):
    """The same for a group, which confirms it."""

    group = StringField(lazy_gettext("Name of the group"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    name = StringField(lazy_gettext("Name of the contact"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    email = EmailField(
        lazy_gettext("E-mail address of the contact"), validators=[Needed(), AtMost(254)], render_kw=_OFF,
        description=lazy_gettext("The group confirms by the link in a letter."),
    )  # fmt: skip

    def requester(self) -> Requester:
        """The group, and who writes for it."""
        return Requester(
            name=" ".join((self.name.data or "").split()), email=(self.email.data or "").strip(),
            group=self.group.data or "",
        )  # fmt: skip
