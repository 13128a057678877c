"""What needs tell of persons is forgotten: with the person who asks for it, and when its time is over.

Names, texts, places and contacts go; what was asked of a space, where in the town and for how long, stays for figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tempuse.access import Actor, check_allowed
from tempuse.needs import NEED_LIFECYCLE, blank
from tempuse.registry import records
from tempuse.registry.blanking import blank_events
from tempuse.registry.needs.keeping import blank_matches
from tempuse.registry.permits.purging import forget_unneeded
from tempuse.registry.records import changing
from tempuse.store import matches, needs, purging
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.store.engine.remnants import leave_no_remnants, overwrite_what_goes
from tempuse.store.purging import PURGE
from tempuse.vocabulary import NeedStatus, Permission


@dataclass(slots=True)
class PurgedNeeds:
    """What a purge did: which needs it blanked, and how many persons were forgotten."""

    refs: list[str] = field(default_factory=list)
    people: int = 0


def due_needs(con: Connection, actor: Actor, now: datetime) -> list[str]:
    """The needs whose data are due to go: over, or not heard from, for ``need_data_days``. Afterwards idle."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    refs = _due(con, now)
    con.rollback()
    return refs


def _due(con: Connection, now: datetime) -> list[str]:
    settings = get_settings(con)
    kept = timedelta(days=settings.need_data_days)
    quiet = timedelta(days=settings.still_looking_days + settings.still_looking_grace_days + 1)
    return needs.ended_before(con, now - kept, settings.today(now) - kept - quiet)


def purge_needs(con: Connection, actor: Actor, now: datetime) -> PurgedNeeds:
    """Blank every need whose time is over, each in a transaction of its own; one that lapsed is withdrawn with it.

    The letters about it go with it; their files go at the purge of permits, which follows.

    Args:
        con: an idle connection.
        actor: the program, or an administrator.
        now: the instant.
    """
    done = PurgedNeeds()
    overwrite_what_goes(con)
    for ref in due_needs(con, actor, now):
        with writing(con):
            if ref in _due(con, now):  # somebody may have said since that they still look
                done.people += _purge(con, actor, ref, now)
                done.refs.append(ref)
    leave_no_remnants(con, anew=bool(done.refs))
    return done


def _purge(con: Connection, actor: Actor, ref: str, now: datetime) -> int:
    with changing(con, actor, needs.rows, ref, now, PURGE, only=("status",), always=True) as change:
        need = change.record
        by = f"a member of {need.initiative_ref}" if need.initiative_ref else "a person"
        met = {each for each in (need.contact_ref, need.helper_ref) if each} | blank_events(con, "need", ref, by)
        if need.status == NeedStatus.OPEN:
            records.move(need, NEED_LIFECYCLE, "withdraw")
        blank(need)
        blank_matches(con, matches.of_need(con, ref), by)
        if taken := purging.take_letters(con, "need", ref):
            change.told["letters"] = [None, taken]
        group = need.initiative_ref
    members = purging.members_of(con, group) if group else []
    return forget_unneeded(con, actor, [*sorted(met - purging.in_office(con, sorted(met))), *members], group, now)
