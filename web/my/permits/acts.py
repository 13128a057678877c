"""What one of a permit's parties can do with it now, by its lifecycle and by who may; the buttons of its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from tempuse.access import Actor, is_allowed
from tempuse.agreements import word_on
from tempuse.permits import CLAIMING, OPEN, PERMIT_LIFECYCLE, Permit
from tempuse.registry.permits.mine import PartyPermit
from tempuse.store import agreements, permits
from tempuse.terms import Terms, digest
from tempuse.vocabulary import Party, Permission, PermitStatus
from web import database, verbs


@dataclass(frozen=True, slots=True)
class PartyAct:
    """One thing to do.

    Attributes:
        name: what it is, as in the lifecycle.
        words: what its button says.
        href: its page.
        waits: it is what comes next.
    """

    name: str
    words: str
    href: str
    waits: bool = False


# What further parts of permits let their parties do: each adds a function.
MORE: list[Callable[[PartyPermit, Actor], list[PartyAct]]] = []


def acts_of(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    """What somebody can do with a permit of theirs now; what comes next stands first."""
    found = [*_requesting(mine, actor), *_agreeing(mine, actor), *_ending(mine, actor)]
    found += [act for more in MORE for act in more(mine, actor)]
    return sorted(found, key=lambda act: not act.waits)


def _act(mine: PartyPermit, name: str, endpoint: str, words: str = "", *, waits: bool = False) -> PartyAct:
    href = url_for(f"auth.{endpoint}", ref=mine.permit.ref)
    return PartyAct(name, words or verbs.button("permit", name), href, waits)


def _leaves(permit: Permit, move: str) -> bool:
    return permit.status in PERMIT_LIFECYCLE.moves[move].origins


def is_asker(mine: PartyPermit, actor: Actor) -> bool:
    """Whether somebody speaks for whoever asks, also before the group stands in the register."""
    permit = mine.permit
    if mine.side != Party.HOLDER:
        return False
    return permit.holder_ref is None or is_allowed(actor, Permission.PERMIT_REQUEST, permit)


def _requesting(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    if not is_asker(mine, actor):
        return []
    permit = mine.permit
    if permit.holder_ref is None:
        return [_act(mine, "submit", "permit_confirm", gettext("Confirm it"), waits=True)] if _waits(permit) else []
    found = []
    if permit.status in OPEN:
        found.append(_act(mine, "edit", "permit_edit", gettext("Change it")))
    if _leaves(permit, "withdraw"):
        found.append(_act(mine, "withdraw", "permit_withdraw"))
    if _leaves(permit, "call_off"):
        found.append(_act(mine, "call_off", "permit_call_off"))
    return found


def _waits(permit: Permit) -> bool:
    return permit.status == PermitStatus.DRAFT


def newest_of(permit: Permit) -> Terms:
    """The terms that are to be agreed: those that rule, or newer ones that are proposed."""
    return permits.newest_terms(database.connection(), permit.ref)


def sha256_of(permit: Permit, terms: Terms) -> str:
    """What an assent or a signature is given to."""
    return digest(terms, permit.space_refs, permit.holder_ref)


def _agreeing(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    permit, con = mine.permit, database.connection()
    if permit.status not in (*OPEN, *CLAIMING):
        return []
    terms = newest_of(permit)
    sha256 = sha256_of(permit, terms)
    found = []
    # Within another permit its holder decides, and that is their word.
    if mine.side == Party.GRANTOR and not permit.head_ref and is_allowed(actor, Permission.PERMIT_ASSENT, permit):
        word = word_on(agreements.assents_of(con, permit.ref), terms.version, sha256, permit.grantor_ref)
        words = gettext("Say yes or no") if word is None else gettext("Change your answer")
        if word is None or permit.status in OPEN:
            found.append(_act(mine, "assent", "permit_assent", words, waits=word is None))
    is_signed = any(
        each.sha256 == sha256 and each.party == mine.side for each in agreements.signatures_of(con, permit.ref)
    )  # fmt: skip
    to_sign = permit.status == PermitStatus.APPROVED or terms.version != permit.terms_version
    may_sign = permit.status in CLAIMING and is_allowed(actor, Permission.PERMIT_SIGN, permit)
    if to_sign and may_sign and not is_signed:
        found.append(_act(mine, "sign", "permit_sign", waits=True))
    return found


def _ending(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    permit = mine.permit
    if not _leaves(permit, "end_early") or not is_allowed(actor, Permission.PERMIT_END, permit):
        return []
    return [] if permit.continued_by_ref else [_act(mine, "end_early", "permit_end", gettext("Give notice"))]
