"""What partners and the office see of a space; the public has the rule."""

from __future__ import annotations

from typing import Any

from tempuse.spaces import FIELDS, Space, meaning_of
from tempuse.vocabulary import Audience, Consent, OwnerLimit

# What partners see beyond the public: everything but the owner's contact and the office's own notes.
OFFICE_ONLY = frozenset({
    "internal_note", "owner_name", "owner_email", "owner_phone", "owner_do_not_contact", "consent",
    "consent_on", "consent_how", "consent_by", "consent_document", "owner_limit", "source_fields",
    "corrected_fields", "revision", "created_at", "updated_at",
})  # fmt: skip


def view(space: Space, audience: Audience, building: Space | None = None) -> dict[str, Any]:
    """Every field that partners or the office see of a space.

    Args:
        space: the space.
        audience: who looks.
        building: the space that it lies within, or as much of it as LOOKS_AT names; a partner who may not see it
            is not told of it.
    """
    hidden = OFFICE_ONLY if audience is Audience.PARTNER else frozenset()
    seen = {name: getattr(space, name) for name in FIELDS if name not in hidden and name != "geometry"}
    if audience is Audience.PARTNER and (building is None or not partner_sees(building)):
        seen["within_ref"] = None
    return seen


def partner_sees(space: Space) -> bool:
    """Whether partners see a space: what the office has verified, unless the owner objected."""
    is_against = space.consent == Consent.OBJECTED or space.owner_limit == OwnerLimit.OFF
    return not is_against and meaning_of(space.status).may_be_seen
