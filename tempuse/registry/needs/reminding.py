"""Whoever looks is asked now and then whether they still do; and told where nobody understands their question any more.

Nothing is scheduled ahead: at each run the calendar says who is asked. One letter for a need, a reader and the day on
which they said last that they look; one for a question that cannot be read.
"""

from __future__ import annotations

from datetime import datetime

from tempuse.access import Actor, check_allowed
from tempuse.needs import Need, state_of, wanted_of
from tempuse.registry.letters import key_of, tell
from tempuse.registry.needs.telling import event_of, keys_of, tell_group
from tempuse.registry.permits.holding import OFFICE
from tempuse.store import letters, needs
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import NeedState, Permission


def ask_due(con: Connection, actor: Actor, now: datetime) -> int:
    """Write the letters that are due today and were not written yet; about how many needs.

    Args:
        con: an idle connection.
        actor: the program.
        now: the instant.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    settings = get_settings(con)
    today = settings.today(now)
    found = [need for batch in needs.looking(con, settings, today) for need in batch]
    asked = [need for need in found if state_of(need, settings, today) is NeedState.ASKED]
    due = [(need, "need_still_looking", str(need.confirmed_on)) for need in asked]
    due += [(need, "need_unclear", need.sha256[:16]) for need in found if wanted_of(need)[1]]
    missing = [each for each in due if not _is_told(con, *each)]
    con.rollback()
    for need, template, event in missing:
        with writing(con):
            tell_group(con, need, template, now, event)
            if template == "need_unclear":
                _tell_office(con, need, template, now, event)
    return len(missing)


def _is_told(con: Connection, need: Need, template: str, event: str) -> bool:
    keys = keys_of(con, need, template, event)
    if template == "need_unclear":
        keys.append(key_of(template, OFFICE, event_of(need, event)))
    return letters.known_keys(con, keys) == set(keys)


def _tell_office(con: Connection, need: Need, template: str, now: datetime, event: str) -> None:
    language = get_settings(con).languages[0]
    tell(con, now, template, OFFICE, OFFICE, language, event=event_of(need, event), refs={"need": need.ref})
