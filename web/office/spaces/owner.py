"""A space gets another owner: who it is, and which permits that concerns; none of them ends by it."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, HiddenField, StringField, TextAreaField

from tempuse.organisations import Organisation
from tempuse.registry import organisations as organisation_registry
from tempuse.registry.permits import owners
from tempuse.registry.under_permits import live_on
from tempuse.spaces import Space
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import OrganisationKind, Ownership, Permission
from web import database
from web.office import names
from web.office.blueprint import office
from web.office.permits import called
from web.office.permits.agree import known_owners
from web.presenters import labels
from web.presenters import permits as stand
from web.site import arguments
from web.site.forms import AtMost, Choice, Form

_NEW = "new"
_OFF = {"autocomplete": "off"}


class NewOwnerForm(Form):
    """Who owns the space from now on, and who grants its use."""

    ownership = Choice(lazy_gettext("Who owns it?"), look="list")
    owner_name = StringField(lazy_gettext("Name of the owner"), validators=[AtMost(200)], render_kw=_OFF)
    owner_email = EmailField(lazy_gettext("E-mail address of the owner"), validators=[AtMost(254)], render_kw=_OFF)
    grantor = Choice(
        lazy_gettext("Who grants its use from now on?"), look="list",
        description=lazy_gettext("The owner before reads what was agreed, and grants nothing any more."),
    )  # fmt: skip
    note = TextAreaField(lazy_gettext("Note"), validators=[AtMost(2000)])
    revision = HiddenField()

    def __init__(self, space: Space) -> None:
        super().__init__(data={"ownership": space.ownership, "grantor": _NEW, "revision": str(space.revision)})
        self.ownership.choices = labels.choices(Ownership)
        self.grantor.choices = [
            (_NEW, gettext("A new owner, as written above")), ("", gettext("The city itself")),
            *((each.ref, f"{each.name} ({each.ref})") for each in known_owners()),
        ]  # fmt: skip

    def validate_owner_name(self, field: StringField) -> None:
        """A new owner has a name."""
        if self.grantor.data == _NEW and not (field.data or "").strip():
            self.say("owner_name", gettext("This is needed."))

    def change(self, ref: str) -> None:
        """Write it down; a new owner's organisation first."""
        name, email = (self.owner_name.data or "").strip() or None, (self.owner_email.data or "").strip() or None
        grantor = self.grantor.data or None
        if grantor == _NEW:
            owner = Organisation(
                kinds=(OrganisationKind.OWNER.value,), name=name or "", email=email,
                language=database.settings().languages[0],
            )  # fmt: skip
            grantor = organisation_registry.add_organisation(database.idle(), g.actor, owner, database.now())
        fields = {
            "ownership": self.ownership.data, "owner_name": name, "owner_email": email, "owner_phone": None,
        }  # fmt: skip
        seen = arguments.whole(arguments.Args({"n": self.revision.data or ""}), "n", 1, 10**9, None)
        owners.change_owner(
            database.idle(), g.actor, ref, fields, grantor, database.now(), revision=seen,
            note=(self.note.data or "").strip() or None,
        )  # fmt: skip


@office.route("/spaces/<ref>/owner", Permission.SPACE_EDIT, endpoint="space_owner", methods=["GET", "POST"])
def change_owner(ref: str) -> ResponseReturnValue:
    """Write down that a space has another owner; the page names the permits that it concerns."""
    each = space_rows.get(database.connection(), ref)
    form = NewOwnerForm(each)
    if form.validate_on_submit() and not form.mending():
        with form.saying():
            form.change(ref)
            flash(gettext("Written down. What runs there goes on; each permit waits for your word."))
            return redirect(url_for("office.space", ref=ref))
    found = [one for one in live_on(database.connection(), ref) if one.permit.head_ref is None]
    called.warm([one.permit for one in found])
    return form.page(
        "office/spaces/owner.html", space=each, name=names.space(each), found=found, called=called, stand=stand
    )
