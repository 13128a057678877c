"""The parties agree: the owner says yes or no, and each side signs; always to exactly the terms that they saw."""

from __future__ import annotations

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from tempuse.access import is_allowed
from tempuse.agreements import Signature
from tempuse.registry.permits import agreeing, signing
from tempuse.registry.permits.mine import PartyPermit
from tempuse.store import organisations
from tempuse.vocabulary import Party, Permission, SignedHow
from web import database
from web.my.blueprint import my
from web.my.home import here
from web.my.permits import acts
from web.my.permits.changing import closed
from web.my.permits.page import PAGE, one
from web.presenters import permit_words, terms
from web.site.forms import AtMost, Choice, Form, Needed

_METHODS = ["GET", "POST"]


class AssentForm(Form):
    """Yes or no to the terms that are shown."""

    says = Choice(lazy_gettext("Do you agree to these terms?"), strict=False)
    because = TextAreaField(
        lazy_gettext("Why not?"), validators=[AtMost(2000)],
        description=lazy_gettext("If you say no. The city reads it."),
    )  # fmt: skip
    sha256 = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        self.says.choices = [("yes", gettext("Yes, I agree")), ("no", gettext("No"))]

    def validate_says(self, field: Choice) -> None:
        """One of the two."""
        if field.data not in ("yes", "no"):
            self.say("says", gettext("Choose yes or no."))


class SignForm(Form):
    """A typed signature under the terms that are shown."""

    name = StringField(
        lazy_gettext("Your name"), validators=[Needed(), AtMost(200)], render_kw={"autocomplete": "name"},
        description=lazy_gettext("It stands under the agreement as you write it here."),
    )  # fmt: skip
    role_said = StringField(
        lazy_gettext("As what do you sign?"), validators=[AtMost(200)], render_kw={"autocomplete": "off"},
        description=lazy_gettext("Like: chair, treasurer, owner. You may leave it empty."),
    )  # fmt: skip
    sure = BooleanField(
        lazy_gettext("I have read these terms, and sign them"),
        validators=[Needed(lazy_gettext("Tick the box if you want to sign."))],
    )
    sha256 = HiddenField()


def _page(form: Form, template: str, each: PartyPermit) -> ResponseReturnValue:
    """The form below exactly the terms that it is about."""
    permit, newest = each.permit, acts.newest_of(each.permit)
    form.sha256.data = acts.sha256_of(permit, newest)
    holder = organisations.find_one(database.connection(), permit.holder_ref or "")
    return form.page(
        template, permit=permit, side=each.side, sentences=terms.sentences(newest),
        conditions=terms.conditions(newest), places=permit_words.places(permit, each.side),
        group=holder.name if holder else permit.holder_name,
    )  # fmt: skip


def _mine(ref: str, name: str, permission: Permission) -> PartyPermit | None:
    each = one(ref)
    if not is_allowed(g.actor, permission, each.permit):
        abort(403)
    return each if any(act.name == name for act in acts.acts_of(each, g.actor)) else None


@my.route(f"{PAGE}/assent", Permission.MY_EDIT, endpoint="permit_assent", methods=_METHODS)
def assent(ref: str) -> ResponseReturnValue:
    """The owner's word; the same pressed twice is one."""
    if (each := _mine(ref, "assent", Permission.PERMIT_ASSENT)) is None:
        return closed(ref)
    form = AssentForm()
    if form.validate_on_submit() and not form.says.errors:
        with form.saying():
            yes = form.says.data == "yes"
            agreeing.give_assent(
                database.idle(), g.actor, each.permit.ref, database.now(), says_yes=yes,
                sha256=form.sha256.data or "", because=(form.because.data or "").strip() or None,
            )  # fmt: skip
            flash(gettext("You agreed. The city goes on.") if yes else gettext("The city knows that you do not agree."))
            return redirect(url_for(".permit", ref=each.permit.ref))
    return _page(form, "my/permits/assent.html", each)


@my.route(f"{PAGE}/sign", Permission.MY_EDIT, endpoint="permit_sign", methods=_METHODS)
def sign(ref: str) -> ResponseReturnValue:
    """Sign by one's name; pressed twice it is one signature."""
    if (each := _mine(ref, "sign", Permission.PERMIT_SIGN)) is None:
        return closed(ref)
    form = SignForm(data={"name": here().name})
    if form.validate_on_submit():
        party = Party.HOLDER if each.side == Party.HOLDER else Party.GRANTOR
        signature = Signature(
            party=party.value, name=" ".join((form.name.data or "").split()), how=SignedHow.TYPED.value,
            role_said=" ".join((form.role_said.data or "").split()) or None, signed_on=database.today(),
        )  # fmt: skip
        with form.saying():
            signing.sign_permit(
                database.idle(), g.actor, each.permit.ref, database.now(), [signature], sha256=form.sha256.data or ""
            )  # fmt: skip
            flash(gettext("Signed."))
            return redirect(url_for(".permit", ref=each.permit.ref))
        form.sure.data = False  # where the terms are others by now, they are to be read and ticked anew
    return _page(form, "my/permits/sign.html", each)
