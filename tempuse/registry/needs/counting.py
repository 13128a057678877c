"""How many groups look for such a space is told on its page: counted once a night, in steps."""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor, check_allowed
from tempuse.mapindex import empty_index
from tempuse.needs import wanted_of
from tempuse.publication.needs import NEVER_SHOWN
from tempuse.publication.sought_counts import Looking, counts
from tempuse.refs import ref_of
from tempuse.registry.publishing import publish
from tempuse.settings import Settings
from tempuse.store import needs, published, spaces
from tempuse.store.common import current_seq, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission


def count_sought(con: Connection, actor: Actor, now: datetime) -> int:
    """Count anew for every published space; how many spaces say something else than before.

    A group counts once, while it looks and as long as its question is understood; one that wants nobody outside to see
    anything of its search does not, and a roof over somebody's head never does.

    Args:
        con: an idle connection.
        actor: the program.
        now: the instant.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        settings = get_settings(con)
        told = _told(con, settings, now)
        before = spaces.sought_by(con)
        changed = {ref: told.get(ref) for ref in before.keys() | told.keys() if told.get(ref) != before.get(ref)}
        if changed:
            spaces.put_sought_by(con, changed)
            publish(con, "spaces", sorted(changed), now)
    return len(changed)


def _told(con: Connection, settings: Settings, now: datetime) -> dict[str, int]:
    """By space what is told, where something is."""
    looking = _looking(con, settings, now)
    if not looking:
        return {}
    held = empty_index(settings.today(now)).changed(published.index_rows(con), (), current_seq(con))
    steps = counts(held.columns, looking)
    return {ref_of("space", int(held.number[row])): int(steps[row]) for row in steps.nonzero()[0]}


def _looking(con: Connection, settings: Settings, now: datetime) -> list[Looking]:
    if settings.public_need_counts == "never":
        return []
    found = []
    for batch in needs.looking(con, settings, settings.today(now)):
        for need in batch:
            wanted, unclear = wanted_of(need)
            if need.initiative_ref and not unclear and not need.unlisted and not NEVER_SHOWN & set(wanted.uses):
                found.append(Looking(need.initiative_ref, wanted))
    return found
