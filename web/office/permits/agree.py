"""Both sides agree: who grants, the owner's word, the signatures."""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import EmailField, HiddenField, StringField, TextAreaField

from tempuse.agreements import Signature
from tempuse.organisations import Organisation
from tempuse.permits import Permit
from tempuse.registry import organisations as organisation_registry
from tempuse.registry.permits import agreeing, signing
from tempuse.spaces import Space
from tempuse.store import agreements, organisations, people
from tempuse.store import permits as permit_rows
from tempuse.terms import Terms, digest
from tempuse.vocabulary import AssentHow, OrganisationKind, Party, Permission, SignedHow
from web import database, verbs
from web.office.blueprint import office
from web.office.permits import acting, called
from web.office.permits.acting import ActForm, act_page, press
from web.presenters import terms as terms_words
from web.site.forms import AtMost, Choice, Day
from web.site.pictures import FILES, Paper

_DECIDE = Permission.PERMIT_DECIDE
_NEW = "new"
_MOST_OWNERS = 300


def newest(permit: Permit) -> tuple[Terms, str]:
    """The terms that there is to agree to, and their hash."""
    terms = permit_rows.newest_terms(database.connection(), permit.ref)
    return terms, digest(terms, permit.space_refs, permit.holder_ref)


# ---- who grants it --------------------------------------------------------------------------------------------


class GrantorForm(ActForm):
    """The city, an organisation that is there, or a new one."""

    grantor = Choice(lazy_gettext("Who grants it?"), look="list")
    name = StringField(lazy_gettext("Name of the owner"), validators=[AtMost(200)])
    email = EmailField(
        lazy_gettext("E-mail address of the owner"), validators=[AtMost(254)],
        description=lazy_gettext("The owner is asked there. You may leave it empty."),
    )  # fmt: skip

    def __init__(self, permit: Permit, space: Space | None) -> None:
        known = known_owners()
        chosen = permit.grantor_ref or (_NEW if space and space.owner_name else "")
        super().__init__(data={
            "grantor": chosen, "name": space.owner_name if space else "", "email": space.owner_email if space else "",
        })  # fmt: skip
        self.grantor.choices = [
            ("", gettext("The city itself")), (_NEW, gettext("A new owner, as written below")),
            *((each.ref, f"{each.name} ({each.ref})") for each in known),
        ]  # fmt: skip

    def name_grantor(self, ref: str) -> None:
        """Write it down; a new owner first."""
        grantor = self.grantor.data or None
        if grantor == _NEW:
            owner = Organisation(
                kinds=(OrganisationKind.OWNER.value,), name=self.name.data or "", email=self.email.data or None,
                language=database.settings().languages[0],
            )  # fmt: skip
            grantor = organisation_registry.add_organisation(database.idle(), g.actor, owner, database.now())
        agreeing.name_grantor(database.idle(), g.actor, ref, grantor, database.now())


def known_owners() -> list[Organisation]:
    """Whoever can grant: owners and mediators, by name."""
    con = database.connection()
    found = {
        each.ref: each for kind in (OrganisationKind.OWNER, OrganisationKind.MEDIATOR)
        for each in organisations.find(con, kind=kind, limit=_MOST_OWNERS)
    }  # fmt: skip
    return sorted(found.values(), key=lambda each: each.name.casefold())


@office.route("/permits/<ref>/grantor", _DECIDE, endpoint="permit_name_grantor", methods=["GET", "POST"])
def name_grantor(ref: str) -> ResponseReturnValue:
    """Say who grants a permit."""
    permit = acting.ruled(ref).permit
    form = GrantorForm(permit, next(iter(called.places(permit)), None))
    return act_page(
        ref, "name_grantor", form, lambda: form.name_grantor(ref),
        lead=gettext("Whoever may let the space be used: they agree to the terms, and sign."),
    )  # fmt: skip


@office.post("/permits/<ref>/ask-owner", _DECIDE, endpoint="permit_ask_grantor")
def ask_grantor(ref: str) -> ResponseReturnValue:
    """Ask the owner by letter."""
    return press(ref, "ask_grantor", lambda: agreeing.ask_grantor(database.idle(), g.actor, ref, database.now()))


# ---- the owner's word -----------------------------------------------------------------------------------------


class LetterAssentForm(ActForm):
    """What the owner said by letter."""

    sha256 = HiddenField()
    says = Choice(
        lazy_gettext("What did the owner say?"),
        choices=[("yes", lazy_gettext("Yes to these terms")), ("no", lazy_gettext("No"))],
    )
    by = StringField(lazy_gettext("Who said so?"), validators=[AtMost(200)])
    because = TextAreaField(
        lazy_gettext("Why?"), validators=[AtMost(4000)], description=lazy_gettext("A no needs a reason.")
    )
    scan = Paper(lazy_gettext("The letter, if you have it as a file"))


@office.route(
    "/permits/<ref>/assent", Permission.PERMIT_ASSENT, endpoint="permit_assent", methods=["GET", "POST"]
)  # fmt: skip
def assent(ref: str) -> ResponseReturnValue:
    """Write down the owner's word that came by letter."""
    permit, form = acting.ruled(ref).permit, LetterAssentForm()
    terms, sha256 = newest(permit)
    form.sha256.data = form.sha256.data or sha256
    if not form.is_submitted():
        form.by.data = called.grantor(permit) if permit.grantor_ref else ""
    return act_page(
        ref, "assent", form,
        lambda: agreeing.give_assent(
            database.idle(), g.actor, ref, database.now(), says_yes=form.says.data == "yes", sha256=form.sha256.data,
            because=(form.because.data or "").strip() or None, how=AssentHow.LETTER,
            by=(form.by.data or "").strip() or None, document=form.scan.keep() or None,
        ),
        template="office/permits/on_terms.html", sentences=terms_words.sentences(terms),
        conditions=terms_words.conditions(terms), version=terms.version, enctype=FILES,
    )  # fmt: skip


# ---- signatures -----------------------------------------------------------------------------------------------


class PaperForm(ActForm):
    """What was signed on paper: one line for both sides; a side without a name is still to sign."""

    sha256 = HiddenField()
    signed_on = Day(lazy_gettext("Signed on"))
    holder_name = StringField(lazy_gettext("Who signed for the group?"), validators=[AtMost(200)])
    grantor_name = StringField(lazy_gettext("Who signed for the grantor?"), validators=[AtMost(200)])
    scan = Paper(lazy_gettext("The signed paper, if you have it as a file"))

    def signatures(self) -> list[Signature]:
        """The signatures as they are written down."""
        document = self.scan.keep() or None
        named = ((Party.HOLDER, self.holder_name), (Party.GRANTOR, self.grantor_name))
        return [
            Signature(party=party.value, name=field.data.strip(), how=SignedHow.PAPER.value,
                      signed_on=self.signed_on.day, document=document)
            for party, field in named if field is not None and (field.data or "").strip()
        ]  # fmt: skip


def _paper_form(permit: Permit, missing: list[str], sha256: str) -> PaperForm:
    contact = people.find_one(database.connection(), permit.contact_ref) if permit.contact_ref else None
    form = PaperForm(data={
        "sha256": sha256, "signed_on": database.today().isoformat(),
        "holder_name": contact.name if contact else called.group(permit),
        "grantor_name": called.grantor(permit) if permit.grantor_ref else g.actor.name,
    })  # fmt: skip
    for party, name in ((Party.HOLDER, "holder_name"), (Party.GRANTOR, "grantor_name")):
        if party.value not in missing:
            delattr(form, name)
    return form


def _missing(permit: Permit, sha256: str) -> list[str]:
    signed = {each.party for each in agreements.signatures_of(database.connection(), permit.ref)
              if each.sha256 == sha256}  # fmt: skip
    return [party for party in called.kind(permit).parties if party not in signed]


def _sign(ref: str, act: str) -> ResponseReturnValue:
    permit = acting.ruled(ref).permit
    terms, sha256 = newest(permit)
    missing = _missing(permit, sha256)
    form = _paper_form(permit, missing, sha256)
    for_city = request.form.get("do") == "city"

    def sign() -> str:
        mine = Signature(party=Party.GRANTOR.value, name=acting.by_office(), how=SignedHow.TYPED.value,
                         signed_on=database.today())  # fmt: skip
        these = [mine] if for_city else form.signatures()
        if not these:
            these = [Signature(party=missing[0] if missing else Party.HOLDER.value, how=SignedHow.PAPER.value)]
        signed = signing.sign_permit(database.idle(), g.actor, ref, database.now(), these, sha256=form.sha256.data)
        still = _missing(signed, sha256)
        return gettext("Written down. The other side is still to sign.") if still else verbs.done("permit", "sign")

    return act_page(
        ref, act, form, sign, template="office/permits/sign.html", sentences=terms_words.sentences(terms),
        conditions=terms_words.conditions(terms), version=terms.version, missing=missing,
        may_sign_here=Party.GRANTOR.value in missing and not permit.grantor_ref,
        heading=gettext("Write down the signatures"), enctype=FILES,
    )  # fmt: skip


@office.route("/permits/<ref>/sign", Permission.PERMIT_SIGN, endpoint="permit_sign", methods=["GET", "POST"])
def sign(ref: str) -> ResponseReturnValue:
    """Write down what was signed on paper, or sign for the city."""
    return _sign(ref, "sign")


@office.route(
    "/permits/<ref>/sign-again", Permission.PERMIT_SIGN, endpoint="permit_sign_again", methods=["GET", "POST"]
)  # fmt: skip
def sign_again(ref: str) -> ResponseReturnValue:
    """The same for terms that are proposed."""
    return _sign(ref, "signature")
