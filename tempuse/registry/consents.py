"""How an owner's word came is kept beside it, and goes with it; another owner has said nothing yet."""

from __future__ import annotations

from typing import Any

from tempuse.owner_letters import owner_key
from tempuse.publication.rule import PRECISION
from tempuse.settings import Settings
from tempuse.spaces import Space
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Consent, LocationLevel

HOW = ("consent_how", "consent_by", "consent_document")


def settle_word(before: Space, space: Space) -> None:
    """Let nothing stand beside the owner's word that is not of it.

    Whoever writes another one down says anew how it came, or nothing. Who was asked and is not noted as the owner any
    more is not to answer: nobody has asked the one who is.
    """
    others = owner_key(space.owner_name, space.owner_email) != owner_key(before.owner_name, before.owner_email)
    if others and before.consent == space.consent == Consent.ASKED:
        space.consent, space.consent_on = Consent.UNASKED.value, None
    if (space.consent, space.consent_on) == (before.consent, before.consent_on):
        return
    for name in HOW:
        if getattr(space, name) == getattr(before, name):
            setattr(space, name, None)


def of_new_owner(space: Space, ownership: str, settings: Settings) -> dict[str, Any]:
    """What becomes of the owner's word when a space gets another owner, by field of Space.

    Nobody has asked the new one. That holds where silence is enough, too (``private_rule`` objection): the notice was
    given to the owner before, and the new one has not been told. What only the owner before agreed to is not kept: a
    place that was shown more precisely than the city does by itself. What was withheld stays withheld.

    Args:
        space: as it was.
        ownership: whose it is now.
        settings: the city's.
    """
    changes: dict[str, Any] = {"consent": Consent.UNASKED.value, "consent_on": None, "location_release_on": None}
    usual = LocationLevel(settings.public_level if ownership in PUBLIC_OWNERSHIP else settings.private_level)
    if space.location_level is not None and PRECISION[LocationLevel(space.location_level)] < PRECISION[usual]:
        changes["location_level"] = None
    return changes
