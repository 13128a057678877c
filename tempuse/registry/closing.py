"""An owner keeps a space to themselves for some days: these are taken, and nobody holds them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, Invalid, Issue
from tempuse.occurrences import Occurrence, minute_of
from tempuse.registry.publishing import publish
from tempuse.store import claims, closures, spaces
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission


def close_space(
    con: Connection, actor: Actor, space_ref: str, starts_on: date, ends_on: date, because: str, now: datetime
) -> closures.Closure:
    """Keep a space, and what lies within it, from everybody for some days; both days belong to it.

    Raises:
        NotFound: there is no such space.
        Invalid: the days do not fit, or it is not said why.
        Conflict: somebody has some of these days; ``refs`` says who.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        space = spaces.lock(con, space_ref)
        _check(starts_on, ends_on, because, get_settings(con).today(now))
        closure = closures.Closure("", space_ref, starts_on, ends_on, " ".join(because.split()), actor.name)
        closure = closure._replace(ref=closures.add(con, closure, now))
        within = claims.closure(con, [space_ref])
        times = [Occurrence(minute_of(starts_on), minute_of(ends_on + timedelta(days=1)), starts_on)]
        asked = claims.wanted(within, times, closure.ref)
        if asked:
            found, _ = claims.rivals(con, asked)
            if found:
                refs = ", ".join(dict.fromkeys(each.ref for each in found))
                raise Conflict("closure.overlaps", ref=space_ref, refs=refs, day=claims.day_of_rival(found[0]))
        claims.put(con, asked)
        told = {"starts_on": [None, starts_on], "ends_on": [None, ends_on]}
        add_event(con, actor, now, "space", space_ref, "close_days", status=space.status, changes=told, note=because)
        _noted(con, space_ref, now)
        publish(con, "spaces", list(within.values()), now)
    return closure


def reopen_space(con: Connection, actor: Actor, closure_ref: str, now: datetime) -> closures.Closure:
    """Take a closure back: its days are free from now on. Done twice, it stays as it is.

    Raises:
        NotFound: there is no such closure.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        closure = closures.get(con, closure_ref)
        if closure.ended_at is not None:
            return closure
        space = spaces.lock(con, closure.space_ref)
        closures.end(con, closure_ref, now)
        claims.cut(con, closure_ref, minute_of(get_settings(con).today(now)))
        told = {"starts_on": [closure.starts_on, None], "ends_on": [closure.ends_on, None]}
        add_event(con, actor, now, "space", space.ref, "open_days", status=space.status, changes=told)
        _noted(con, space.ref, now)
        publish(con, "spaces", list(claims.closure(con, [space.ref]).values()), now)
    return closure._replace(ended_at=now)


def _noted(con: Connection, space_ref: str, now: datetime) -> None:
    """One revision for each entry of a space's history."""
    space = spaces.get(con, space_ref)
    space.revision += 1
    space.updated_at = now
    spaces.save(con, space)


def _check(starts_on: date, ends_on: date, because: str, today: date) -> None:
    issues = []
    if ends_on < starts_on:
        issues.append(Issue.of("ends_on", ends_on.isoformat(), "terms.end_before_start"))
    elif ends_on < today:
        issues.append(Issue.of("ends_on", ends_on.isoformat(), "permit.all_past"))
    if not because.strip():
        issues.append(Issue.of("because", "", "field.needed"))
    if issues:
        raise Invalid("space.invalid", issues)
