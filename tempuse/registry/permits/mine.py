"""What somebody reads of permits as one of their parties: those of their organisations, and which side they are on."""

from __future__ import annotations

from dataclasses import dataclass

from tempuse.access import Actor, check_allowed
from tempuse.errors import NotFound
from tempuse.permits import Permit
from tempuse.store import organisations, permits
from tempuse.store.engine import Connection
from tempuse.terms import Terms
from tempuse.vocabulary import Party, Permission

# More than anybody has; whoever does finds the older ones in their letters.
MOST = 200


@dataclass(frozen=True, slots=True)
class PartyPermit:
    """A permit as one of its parties has it.

    Attributes:
        permit: which.
        terms: the version that rules, or is under decision.
        side: ``holder`` or ``grantor``.
    """

    permit: Permit
    terms: Terms
    side: str


def requests_of(con: Connection, actor: Actor) -> list[PartyPermit]:
    """The requests and permits of somebody's organisations, and what they asked for and have not confirmed yet; the
    newest first.
    """
    check_allowed(actor, Permission.MY_READ)
    mine = _organisations(con, str(actor.person_ref))
    found = permits.of_parties(con, mine, str(actor.person_ref), MOST)
    return [PartyPermit(each.permit, each.terms, _side(each.permit, actor, mine) or "") for each in found]


def request_of(con: Connection, actor: Actor, ref: str) -> PartyPermit:
    """One permit, for whoever is one of its parties.

    Raises:
        NotFound: there is none, or they have no part in it.
    """
    check_allowed(actor, Permission.MY_READ)
    found = permits.ruled(con, permits.rows.table.c.ref == ref)
    side = _side(found[0].permit, actor, _organisations(con, str(actor.person_ref))) if found else None
    if side is None:
        raise NotFound("permit.not_found", ref=ref)
    return PartyPermit(found[0].permit, found[0].terms, side)


def _organisations(con: Connection, person_ref: str) -> set[str]:
    return {each.organisation_ref for each in organisations.parts_of(con, person_ref) if each.confirmed_at is not None}


def _side(permit: Permit, actor: Actor, mine: set[str]) -> str | None:
    """On which side somebody stands; whoever is on both reads it as the holder."""
    if permit.holder_ref in mine or (permit.holder_ref is None and permit.contact_ref == actor.person_ref):
        return Party.HOLDER.value
    return Party.GRANTOR.value if permit.grantor_ref in mine else None
