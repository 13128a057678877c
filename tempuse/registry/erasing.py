"""Erasing a person's data from the history of a space, when that person asks.

A register forgets nothing by itself, and so the events keep what once stood in a field. What is erased leaves a mark:
that something stood there, when, and who wrote it, is still told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.store import events, spaces
from tempuse.store.common import add_event
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission

# Fields that may tell of a person. What else a sender's file had is among them: nobody knows what stands there.
PERSONAL = ("owner_name", "owner_email", "owner_phone", "consent_by", "internal_note", "source_fields")
ERASED = "…"


def erase_personal(
    con: Connection, actor: Actor, ref: str, now: datetime, *, notes: bool = False, kept: bool = False
) -> int:  # fmt: skip
    """Blank what the events of a space tell of persons; how many events told something.

    What stands in the space's own fields today stays; an editor takes it out there, before. Backups that were made
    before keep it until they are thrown away.

    Args:
        con: an idle connection.
        actor: who erases.
        ref: which space.
        now: the instant.
        notes: also the reasons that people wrote beside what they did.
        kept: also the values that the sender's file had and nobody mapped; their columns' names stay.

    Raises:
        NotFound: the register has no space of this ref.
    """
    check_allowed(actor, Permission.SPACE_ERASE)
    with writing(con):
        space = spaces.lock(con, ref)
        count = 0
        for event_id, changes, note in events.told_of(con, "space", ref):
            blank = {name: _blank(name, value) for name, value in (changes or {}).items()}
            left = ERASED if notes and note else note
            if (blank, left) != (changes or {}, note):
                events.rewrite(con, event_id, blank, left)
                count += 1
        if kept and any(value != ERASED for value in space.source_fields.values()):
            space.source_fields = dict.fromkeys(space.source_fields, ERASED)
        space.revision += 1  # one for each entry of its history
        space.updated_at = now
        spaces.save(con, space)
        add_event(con, actor, now, "space", ref, "erase", status=space.status)
    return count


def _blank(name: str, value: Any) -> Any:
    """The values of a personal field with the mark in their place; where nothing stood, nothing stands."""
    if name not in PERSONAL or not isinstance(value, (list, tuple)):
        return value
    return [ERASED if each else each for each in value]
