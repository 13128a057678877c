"""Letters about what a group looks for: to its contacts, to whoever wrote it down, or to the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tempuse.needs import Need
from tempuse.registry.letters import key_of, tell
from tempuse.registry.permits.holding import PermitReader, readers_at
from tempuse.store import events
from tempuse.store.engine import Connection


def readers_of(con: Connection, need: Need) -> list[PermitReader]:
    """Whoever looks for it; the office where nobody of them can be reached."""
    if need.initiative_ref is None:
        return [PermitReader("person", need.contact_ref, need.language)] if need.contact_ref else []
    return readers_at(con, need.initiative_ref, need.language)


def tell_group(
    con: Connection, need: Need, template: str, now: datetime, event: str = "", refs: Mapping[str, str] | None = None
) -> None:
    """Write to whoever looks for it, within a writing transaction.

    Args:
        con: the connection.
        need: which.
        template: what is said.
        now: the instant.
        event: tells this event from the others of the same template; the instant where nothing is given.
        refs: what else it tells of.
    """
    for reader in readers_of(con, need):
        tell(con, now, template, reader.noun, reader.ref, reader.language, event=event_of(need, event or str(now)),
             refs={"need": need.ref, **(refs or {})})  # fmt: skip


def keys_of(con: Connection, need: Need, template: str, event: str) -> list[str]:
    """The keys of the letters that ``tell_group`` would write."""
    return [key_of(template, each.ref, event_of(need, event)) for each in readers_of(con, need)]


def event_of(need: Need, event: str) -> str:
    """What tells an event of a need from all others."""
    return f"{need.ref} {event}"


def was_told(con: Connection, need_ref: str, space_ref: str) -> bool:
    """Whether a letter told a group of a space already."""
    return any(
        event.what == "propose" and (event.changes or {}).get("space_ref", [None, None])[1] == space_ref
        for event in events.of(con, need_ref, "need")
    )
