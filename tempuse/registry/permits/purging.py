"""The purge: whatever a permit tells of persons goes when its time is over; its refs, days and areas stay.

Refused and withdrawn requests are kept for ``request_data_days``, everything else for ``permit_data_days`` after the
keys of its whole chain came back. It is decided anew at each run, permit by permit, each in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.permits import ENDED, Permit
from tempuse.registry import attachments
from tempuse.registry.blanking import blank_events
from tempuse.registry.erasing import ERASED
from tempuse.registry.needs.keeping import blank_matches
from tempuse.registry.people import forget_within
from tempuse.registry.permits.carrying import chain_before
from tempuse.registry.permits.purging_lists import purge_lists
from tempuse.registry.records import changing
from tempuse.settings import Settings
from tempuse.store import check_purging, matches, organisations, people, permits, purging
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.store.engine.remnants import leave_no_remnants, overwrite_what_goes
from tempuse.store.purging import PURGE
from tempuse.vocabulary import Permission, PermitStatus

_REQUESTS = frozenset({PermitStatus.REFUSED.value, PermitStatus.WITHDRAWN.value})
_BLANKED: dict[str, Any] = {
    "purpose": None, "purpose_released": None, "private_text": None, "answers": {}, "holder_name": None,
    "contact_ref": None, "helper_ref": None, "confirm_token": None, "ended_why": None, "source_fields": {},
}  # fmt: skip
_PAPERS, _LETTERS = "papers", "letters"
# A purge that was stopped between its rows and its files is ended by a later one.
_ENDED_LATER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PermitDue:
    """A permit whose time is over: where it stood, when it ended, and since when its data are due."""

    ref: str
    status: str
    ended_at: datetime
    due_at: datetime


@dataclass(slots=True)
class Purged:
    """What a purge did.

    Attributes:
        refs: the permits, in the order in which they were blanked.
        people: how many persons are nobody's contact any more, and were forgotten.
        papers: how many files were removed.
        message_ids: of the letters that were removed; their files are the caller's to remove.
        lists: the imports of uses whose reports were blanked.
    """

    refs: list[str] = field(default_factory=list)
    people: int = 0
    papers: int = 0
    message_ids: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)


def due_permits(con: Connection, actor: Actor, now: datetime) -> list[PermitDue]:
    """The permits whose data are due to go, the oldest first; nothing is changed. Afterwards the connection is idle."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    settings = get_settings(con)
    before = [now - timedelta(days=days) for days in (settings.request_data_days, settings.permit_data_days)]
    refs = purging.ended(con, _REQUESTS, *before)
    found = [due for ref in refs if (due := _due(con, ref, settings, now))]
    con.rollback()
    return found


def purge_permits(con: Connection, actor: Actor, home: Path, now: datetime) -> Purged:
    """Blank every permit whose time is over, and the reports on the lists that brought uses in.

    Backups that were made before keep what they hold until they are thrown away.

    Args:
        con: an idle connection.
        actor: the program, or an administrator.
        home: where the papers lie.
        now: the instant.
    """
    done = Purged()
    overwrite_what_goes(con)
    for due in due_permits(con, actor, now):
        with writing(con):
            # Somebody may have acted since: an afterlife, an objection.
            if _due(con, due.ref, get_settings(con), now) is not None:
                done.people += _purge(con, actor, due.ref, now)
                done.refs.append(due.ref)
    for told in purging.purged_since(con, now - _ENDED_LATER):
        papers, letters = (told.get(name, [None, ()])[1] for name in (_PAPERS, _LETTERS))
        done.papers += attachments.let_go(con, home, papers)
        done.message_ids += letters
    con.rollback()
    done.lists = purge_lists(con, actor, now)
    leave_no_remnants(con, anew=bool(done.refs or done.lists))
    return done


def _due(con: Connection, ref: str, settings: Settings, now: datetime) -> PermitDue | None:
    """Whether the time of a permit is over: its own, or its chain's."""
    permit = permits.get(con, ref)
    if permit.status not in ENDED:
        return None
    if permit.status in _REQUESTS:
        ended, days = _ended_at(con, permit), settings.request_data_days
    else:
        chain = [permit, *chain_before(con, permit), *_chain_after(con, permit)]
        if any(each.status not in ENDED for each in chain):
            return None
        ended, days = max(_ended_at(con, each) for each in chain), settings.permit_data_days
    due_at = ended + timedelta(days=days)
    return PermitDue(ref, permit.status, ended, due_at) if due_at <= now else None


def _ended_at(con: Connection, permit: Permit) -> datetime:
    at = purging.ended_at(con, permit.ref) or permit.updated_at or permit.created_at
    assert at is not None  # every permit was begun
    return at


def _chain_after(con: Connection, permit: Permit) -> list[Permit]:
    """The permits that go on from a permit; a renewal that was refused or withdrawn is none of the chain."""
    found: list[Permit] = []
    waiting, seen = [permit.ref], {permit.ref}
    while waiting:
        for ref, status in purging.goes_on_in(con, waiting.pop()):
            if ref not in seen and status not in _REQUESTS:
                seen.add(ref)
                waiting.append(ref)
                found.append(permits.get(con, ref))
    return found


def _purge(con: Connection, actor: Actor, ref: str, now: datetime) -> int:
    """Blank one permit within a transaction; how many persons were forgotten."""
    with changing(con, actor, permits.rows, ref, now, PURGE, only=(), always=True) as change:
        permit = change.record
        by = f"a member of {permit.holder_ref}" if permit.holder_ref else "a person"
        contacts = {each for each in (permit.contact_ref, permit.helper_ref) if each}
        people_met = contacts | blank_events(con, "permit", ref, by)
        office = purging.in_office(con, sorted(people_met))
        theirs = sorted(people_met - office)
        names = [each.name for each in people.by_refs(con, theirs).values() if each.name]
        papers = purging.papers_of(con, ref)
        purging.blank(con, ref, by, ERASED)
        check_purging.blank(con, ref, by, ERASED)
        blank_matches(con, matches.of_permit(con, ref), by)
        purging.rename_authors(con, ref, names, by)
        for row_id, kept in purging.snapshots_of(con, ref):
            purging.put_snapshot(con, row_id, _plain(kept))
        for name, value in _BLANKED.items():
            setattr(permit, name, value.copy() if isinstance(value, dict) else value)
        left = {_PAPERS: sorted(set(papers)), _LETTERS: purging.take_letters(con, "permit", ref)}
        change.told |= {name: [None, those] for name, those in left.items() if those}
        holder_ref = permit.holder_ref
    members = purging.members_of(con, holder_ref) if holder_ref else []
    return forget_unneeded(con, actor, [*theirs, *members], holder_ref, now)


def forget_unneeded(
    con: Connection, actor: Actor, person_refs: Sequence[str], group_ref: str | None, now: datetime
) -> int:
    """Forget those of these persons of whom nothing tells any more, within a transaction; how many.

    Args:
        con: the connection.
        actor: the program, or an administrator.
        person_refs: who was met.
        group_ref: the organisation that they were met in: where it bore the name of one of them, it bears none.
        now: the instant.
    """
    gone = [each for each in dict.fromkeys(person_refs) if not purging.is_needed(con, each)]
    return sum(_forget(con, actor, each, group_ref, now) for each in gone)


def _forget(con: Connection, actor: Actor, person_ref: str, holder_ref: str | None, now: datetime) -> bool:
    """Forget a person of whom nothing tells any more; a group that bore their name bears none."""
    person = people.find_one(con, person_ref)
    if person is None or person.name == ERASED:
        return False
    for ref in purging.organisations_called(con, person.name, [holder_ref] if holder_ref else []):
        group = organisations.lock(con, ref)
        group.name, group.public_name = ERASED, None
        organisations.save(con, group)
    forget_within(con, actor, person_ref, now)
    return True


def _plain(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What a decision's snapshot keeps: refs, days, areas, the form of law; no names, no words."""
    own = ("permit", "kind", "use_categories", "persons", "sha256")
    kept: dict[str, Any] = {name: snapshot[name] for name in own if name in snapshot}
    areas = ("ref", "floor_area_m2", "plot_area_m2")
    if spaces := snapshot.get("spaces"):
        kept["spaces"] = [{name: each.get(name) for name in areas} for each in spaces]
    if terms := snapshot.get("terms"):
        kept["terms"] = {name: terms.get(name) for name in ("version", "starts_on", "ends_on", "tenure", "instrument")}
    return kept
