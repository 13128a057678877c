"""What the public sees of a space, and why: the answers of ``Publisher`` in words for the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext, ngettext

from tempuse.publication import Publisher
from tempuse.spaces import Space
from tempuse.store import buildings
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Consent, LocationLevel, SpaceStatus
from web import database, words


def sentences(publisher: Publisher, space: Space) -> list[str]:
    """First whether the public sees it, then what of it, each with its reason."""
    seen = publisher.sees(space)
    if seen == "nothing":
        return [gettext("Not public: %(why)s", why=_why_not(publisher, space))]
    if seen == "ended":
        return [gettext("The public sees only that it ended, and when.")]
    return [_how_precisely(publisher, space), *_release(publisher, space), *_warning(space)]


def is_seen(publisher: Publisher, space: Space) -> bool:
    """Whether there is a page about it for everybody."""
    return publisher.sees(space) != "nothing"


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


def _why_not(publisher: Publisher, space: Space) -> str:
    if space.status == SpaceStatus.REPORTED:
        return gettext("nobody from the office has verified it yet.")
    if space.status == SpaceStatus.WITHHELD:
        return gettext("it is withheld.")
    if space.consent == Consent.OBJECTED:
        return gettext("the owner said no.")
    if not publisher.owner_allows(space):
        return _owner(publisher, space)
    return gettext("it is not offered yet, and the city shows spaces only from then on.")


def _owner(publisher: Publisher, space: Space) -> str:
    if space.consent != Consent.NOTIFIED:
        return gettext("nobody has asked the owner yet.")
    if publisher.settings.private_rule != "objection":
        return gettext("the owner has been told, but has not agreed yet.")
    if space.consent_on is None:
        return gettext("the owner has been told, but the day is not written down.")
    ends = space.consent_on + timedelta(days=publisher.settings.objection_days)
    return gettext("the owner may say no until %(day)s.", day=words.day(ends - timedelta(days=1)))


def _how_precisely(publisher: Publisher, space: Space) -> str:
    match publisher.level(space):
        case LocationLevel.EXACT:
            return gettext("Public, with its name, its address and its place.")
        case LocationLevel.CELL:
            return gettext("Public, but only as a square of 500 m. Whatever else tells where it is stays here.")
        case LocationLevel.DISTRICT:
            return gettext("Public, but only with its district. Whatever else tells where it is stays here.")
        case _:
            return gettext("Public, but nobody sees where it is.")


def _release(publisher: Publisher, space: Space) -> list[str]:
    release = space.location_release_on
    if release is None or release <= publisher.today or publisher.level(space) == LocationLevel.EXACT:
        return []
    return [gettext("From %(day)s with its exact place.", day=words.day(release))]


def _warning(space: Space) -> list[str]:
    if space.geometry is None:
        return [gettext("It is in the list, but not on the map: it has no place yet.")]
    if space.ownership not in PUBLIC_OWNERSHIP and space.owner_do_not_contact:
        return [gettext("The owner does not want to be contacted.")]
    return []
