"""What the public sees of a space, and why: the decisions of the rule in words for the office."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from tempuse.publication import Ruling
from tempuse.spaces import Space
from tempuse.store import buildings
from tempuse.vocabulary import PUBLIC_OWNERSHIP
from web import database, words


def sentences(decision: Ruling, space: Space) -> list[str]:
    """First whether the public sees it, then what of it, each with its reason."""
    said = words.sentence(decision.reason, {name: words.day(value) for name, value in decision.values.items()})
    if not decision.is_seen:
        return [gettext("Not public: %(why)s", why=said)]
    return [said] if decision.shown == "ended" else [said, *_release(decision), *_warning(space)]


def units_stay(refs: Sequence[str], move: str) -> str:
    """What withholding buildings leaves in sight: the units within them. Empty for what leaves nothing."""
    count = buildings.units_shown(database.connection(), refs) if move == "withhold" else 0
    if not count:
        return ""
    return ngettext(
        "%(n)s unit within stays public, with its own place.",
        "%(n)s units within stay public, with their own places.",
        count, n=words.figure(count),
    )  # fmt: skip


def _release(decision: Ruling) -> list[str]:
    if decision.finer_on is None:
        return []
    return [gettext("From %(day)s with its exact place.", day=words.day(decision.finer_on))]


def _warning(space: Space) -> list[str]:
    if space.geometry is None:
        return [gettext("It is in the list, but not on the map: it has no place yet.")]
    if space.ownership not in PUBLIC_OWNERSHIP and space.owner_do_not_contact:
        return [gettext("The owner does not want to be contacted.")]
    return []
