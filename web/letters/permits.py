"""Letters about permits in words: judged again when they are delivered, each for the side that reads it.

Whoever reads outside the office gets a link that opens the permit's page without a password. A letter for a side of
which nobody can be written to goes to the office, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from flask import Flask, url_for

from tempuse.access import SYSTEM
from tempuse.agreements import word_on
from tempuse.errors import NotFound
from tempuse.letters import Letter
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.registry.organisations import address_of
from tempuse.registry.permits import confirming
from tempuse.registry.permits.holding import OFFICE
from tempuse.store import agreements, organisations, people, permits
from tempuse.terms import Terms, digest
from tempuse.vocabulary import PermitStatus
from web import database
from web.accounts import links
from web.letters import writing
from web.letters.writing import Addressed, Moot
from web.presenters import permit_words
from web.presenters.permit_words import CITY, GRANTOR, HOLDER
from web.presenters.terms import period

_S = PermitStatus


class Unreachable(Exception):
    """A letter for which there is no address at all: it is given up, and stands among those that failed."""


class _Reader(NamedTuple):
    """Who reads: their address, on which side they stand, and the person where it is one."""

    to: str
    side: str
    person: Person | None = None


class PermitMatter(NamedTuple):
    """The permit that a letter is about, as it stands at this moment."""

    permit: Permit
    terms: Terms
    newest: Terms

    @property
    def sha256(self) -> str:
        """What the grantor agrees to."""
        return digest(self.newest, self.permit.space_refs, self.permit.holder_ref)


def matter_of(letter: Letter) -> PermitMatter:
    """What a letter is about.

    Raises:
        Moot: it is gone.
    """
    con, ref = database.connection(), letter.refs["permit"]
    try:
        permit, terms = permits.one_ruled(con, ref)
        return PermitMatter(permit, terms, permits.newest_terms(con, ref))
    except NotFound:
        raise Moot("no permit") from None


# ---- who reads ----------------------------------------------------------------------------------------------


def reader_of(letter: Letter, permit: Permit) -> _Reader:
    """Who reads a letter about a permit, and on which side.

    Raises:
        Moot: they have no part in it any more.
        Unreachable: there is no address.
    """
    if letter.to_noun == OFFICE:
        return _office(letter)
    if letter.to_noun == "organisation":
        return _of_organisation(letter, permit)
    person = writing.person_of(letter)
    if not person.email:
        raise Unreachable
    mine = {
        each.organisation_ref for each in organisations.parts_of(database.connection(), person.ref) if each.is_contact
    }
    holder, grantor = permit.holder_ref in mine, permit.grantor_ref in mine
    if permit.holder_ref is None and permit.contact_ref == person.ref:
        holder = True
    if not (holder or grantor):
        raise Moot("no part in it")
    is_grantor = grantor and (not holder or letter.template == "permit_assent")
    return _Reader(person.email, GRANTOR if is_grantor else HOLDER, person)


def _office(letter: Letter) -> _Reader:
    address = database.settings().contact_email
    if address:
        return _Reader(address, CITY)
    if letter.template in FOR_OFFICE:
        raise Moot("no address of the office")
    raise Unreachable


def _of_organisation(letter: Letter, permit: Permit) -> _Reader:
    organisation = organisations.find_one(database.connection(), letter.to_ref)
    if organisation is None or not organisation.email:
        raise Unreachable
    if organisation.ref not in (permit.holder_ref, permit.grantor_ref):
        raise Moot("no part in it")
    return _Reader(organisation.email, HOLDER if organisation.ref == permit.holder_ref else GRANTOR)


def _link(permit: Permit, reader: _Reader) -> str:
    if reader.side == CITY:
        return f"{writing.base()}/office/permits/{permit.ref}"
    page = url_for("auth.permit", ref=permit.ref)
    return writing.entry_to(reader.person, page) if reader.person else writing.base() + page


# ---- what is said -------------------------------------------------------------------------------------------


def _confirm(letter: Letter) -> Addressed:
    permit = matter_of(letter).permit
    person = writing.person_of(letter)
    if permit.status != _S.DRAFT or permit.contact_ref != person.ref:
        raise Moot("confirmed" if permit.submitted_at else "taken back")
    ends = permit.created_at and permit.created_at + confirming.UNCONFIRMED
    if ends is None or ends <= database.now():
        raise Moot("too old")
    link = writing.address_of("public.request_confirm", secret=make_secret(permit, person))
    return Addressed(person.email, {
        **_values(matter_of(letter), _Reader(person.email, HOLDER, person)), "link": link, "ends": ends.date(),
        "helper": _helper(permit),
    })  # fmt: skip


def _helper(permit: Permit) -> str | None:
    """Who filled it in: a mediator's person by name, an empty name for the office, None for the group itself."""
    if permit.helper_ref is None:
        return None
    helper = people.find_one(database.connection(), permit.helper_ref)
    return helper.name if helper and not helper.role else ""


def make_secret(permit: Permit, person: Person) -> str:
    """What proves the contact's address; the register is told to expect it."""
    at = permit.created_at and permit.created_at.isoformat()
    secret = writing.secret_about(f"permit_confirm {permit.ref} {at} {person.ref} {person.email}")
    confirming.expect_secret(database.idle(), SYSTEM, permit.ref, secret)
    return secret


def _organisation(ref: str | None) -> Organisation | None:
    return organisations.find_one(database.connection(), ref) if ref else None


def _nobody_of(permit: Permit) -> str:
    """The side of which nobody can be written to, by name; empty where all can."""
    for each in filter(None, map(_organisation, (permit.holder_ref, permit.grantor_ref))):
        if not address_of(database.connection(), each.ref):
            return each.name
    return ""


def _values(matter: PermitMatter, reader: _Reader) -> dict[str, Any]:
    permit, side = matter.permit, reader.side
    holder, grantor = _organisation(permit.holder_ref), _organisation(permit.grantor_ref)
    handler = people.find_one(database.connection(), permit.handler_ref or "") if side == CITY else None
    return {
        "permit": permit, "terms": matter.terms, "newest": matter.newest, "person": reader.person, "side": side,
        "link": _link(permit, reader) if permit.status != _S.DRAFT else "", "lasts": links.LASTS.days,
        "days": period(matter.terms), "new_days": period(matter.newest),
        "places": [name if name == ref else f"{name} ({ref})" for ref, name in permit_words.places(permit, side)],
        "group": holder.name if holder else permit.holder_name or "", "owner": grantor.name if grantor else "",
        "handler": handler.name if handler else "", "answer_by": permit_words.answer_by(permit),
    }  # fmt: skip


def _of(permits_in: Collection[str], *, also: Callable[[PermitMatter], bool] | None = None, decision: str = "") -> Any:
    """A letter that is sent while its permit stands so; with the last decision of a kind, where it tells of one."""

    def word(letter: Letter) -> Addressed:
        matter = matter_of(letter)
        if matter.permit.status not in permits_in or (also is not None and not also(matter)):
            raise Moot(f"{matter.permit.status} by now")
        reader = reader_of(letter, matter.permit)
        values = _values(matter, reader)
        if decision:
            made = [each for each in agreements.decisions_of(database.connection(), matter.permit.ref)
                    if each.kind == decision]  # fmt: skip
            values["decision"] = made[-1] if made else None
        if reader.side == CITY and letter.template not in FOR_OFFICE:
            values["for_others"] = _nobody_of(matter.permit)
        return Addressed(reader.to, values)

    return word


def _is_proposed(matter: PermitMatter) -> bool:
    return matter.newest.version != matter.permit.terms_version


def _is_not_answered(matter: PermitMatter) -> bool:
    given = agreements.assents_of(database.connection(), matter.permit.ref)
    return word_on(given, matter.newest.version, matter.sha256, matter.permit.grantor_ref) is None


def _ends_early(matter: PermitMatter) -> bool:
    return matter.permit.ended_on is not None


_IN_FORCE = (*OPEN, *CLAIMING)
FOR_OFFICE = frozenset({
    "permit_to_review", "permit_withdrawn", "permit_called_off", "permit_assented", "permit_condition_broken",
    "permit_handover_remark",
})  # fmt: skip
_CONTENTS: dict[str, Callable[[Letter], Addressed]] = {
    "permit_confirm": _confirm,
    "permit_received": _of(OPEN),
    "permit_renewal_late": _of(OPEN),
    "permit_to_review": _of((_S.SUBMITTED,)),
    "permit_withdrawn": _of((_S.WITHDRAWN,)),
    "permit_called_off": _of((_S.WITHDRAWN,)),
    "permit_approved": _of(CLAIMING, decision="grant"),
    "permit_refused": _of((_S.REFUSED,), decision="refuse"),
    "permit_reconsidered": _of((_S.UNDER_REVIEW,)),
    "permit_revoked": _of((_S.REVOKED,), decision="revoke"),
    "permit_assent": _of(_IN_FORCE, also=_is_not_answered),
    "permit_assented": _of(_IN_FORCE),
    "permit_proposed": _of(CLAIMING, also=_is_proposed),
    "permit_changed": _of(CLAIMING, decision="change"),
    "permit_signed": _of((_S.SIGNED, _S.HANDED_OVER)),
    "permit_handed_over": _of((_S.HANDED_OVER,)),
    "permit_handed_back": _of((_S.HANDED_BACK,)),
    "permit_ended_early": _of((_S.HANDED_OVER,), also=_ends_early),
    "permit_condition_broken": _of(CLAIMING),
    "permit_handover_remark": _of((_S.HANDED_OVER, _S.HANDED_BACK)),
}

TEMPLATES = frozenset(_CONTENTS)


def init_app(app: Flask) -> None:
    """Let letters about permits be worded."""
    writing.CONTENTS.update(_CONTENTS)
