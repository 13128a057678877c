"""Which spaces began to fit which watch, and which stopped: looked for in all that changed since it was last looked.

One transaction reads what changed, finds the pairs, writes the hits and moves the cursor: killed anywhere, all of it is
done or nothing, and a repeat finds the same. What is compared is published alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from tempuse import matching, questions
from tempuse.access import Actor, check_allowed
from tempuse.mapindex import MapIndex, empty_index
from tempuse.offers import Offers
from tempuse.refs import ref_of
from tempuse.registry.letters import tell
from tempuse.settings import Settings
from tempuse.store import published, watches
from tempuse.store.common import current_seq, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission
from tempuse.wanted import Wanted
from tempuse.watches import AWAY, Watch, WatchHit

# By watch and space, the tier: what fits, or has something to be asked.
Found = dict[tuple[int, str], int]


def sweep_watches(con: Connection, actor: Actor, now: datetime) -> int:
    """Look for hits in everything that changed since this was last done; how many began."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        before, seq = watches.cursor(con), current_seq(con)
        if before >= seq:
            return 0
        settings = get_settings(con)
        today = settings.today(now)
        asking = _asking(con, now)
        began = 0
        if asking:
            changed = [list(batch) for batch in published.index_rows(con, before)]
            refs = {str(row[1]) for batch in changed for row in batch} | set(published.gone(con, before))
            held = empty_index(today).changed(changed, (), seq)
            began = _settle(con, refs, _fitting(held.offers, asking, settings, now), asking, seq, now)
        watches.move_cursor(con, seq)
    return began


def sweep_all(con: Connection, actor: Actor, now: datetime) -> int:
    """Look for hits in every space: a day that came may let some begin to fit, and nothing changed; how many began."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        seq, settings = current_seq(con), get_settings(con)
        today = settings.today(now)
        asking = _asking(con, now)
        began = 0
        if asking:
            held = whole_index(con, today, seq)
            refs = {ref_of("space", number) for number in held.number.tolist()} | watches.refs_fitting(con)
            began = _settle(con, refs, _fitting(held.offers, asking, settings, now), asking, seq, now)
        watches.cursor(con)
        watches.move_cursor(con, seq)
    return began


def whole_index(con: Connection, today: date, seq: int) -> MapIndex:
    """Every published space as columns."""
    return empty_index(today).changed(published.index_rows(con), (), seq)


def note_what_fits(con: Connection, watch: Watch, now: datetime) -> None:
    """Note what fits a watch today as told: it is no news. Within a writing transaction."""
    watches.cursor(con)  # whatever comes after the first watch of a register is looked at
    seq, settings = current_seq(con), get_settings(con)
    wanted, issues = questions.read_text(watch.question)
    if issues:
        return
    held = whole_index(con, settings.today(now), seq)
    known = {hit.space_ref: hit for hit in watches.hits_of_watch(con, watch.id)}
    found = _fitting(held.offers, {watch.id: wanted}, settings, now)
    fresh = [
        WatchHit(watch.id, ref, known[ref].episode + 1 if ref in known else 1, tier, seq, now, told_at=now)
        for (_, ref), tier in found.items()
        if ref not in known or known[ref].left_at is not None
    ]
    watches.add_hits(con, fresh)
    there = {ref for _, ref in found}
    watches.change_hits(con, [hit for ref, hit in known.items() if ref in there and hit.left_at is None], told_at=now)
    watches.change_hits(con, [hit for ref, hit in known.items() if ref not in there and not hit.left_at], left_at=now)


def _asking(con: Connection, now: datetime) -> dict[int, Wanted]:
    """What the watches ask; one whose question has a value that is gone is paused, and its reader is told once."""
    found: dict[int, Wanted] = {}
    for watch in watches.asking(con):
        wanted, issues = questions.read_text(watch.question)
        if not issues:
            found[watch.id] = wanted
            continue
        watch.paused_at, watch.paused_why = now, issues[0].message
        watches.save(con, watch)
        tell(con, now, "watch_paused", "watch", str(watch.id), watch.language, event=now.isoformat())
    return found


def _fitting(offers: Offers, asking: dict[int, Wanted], settings: Settings, now: datetime) -> Found:
    """The pairs of which no must fails."""
    numbers = list(asking)
    asked = matching.wants(list(asking.values()), settings.today(now), matching.scale_of(settings))
    rows, picks, tiers = matching.sweep(offers, asked)
    return {
        (numbers[pick], ref_of("space", int(offers.number[row]))): int(tier)
        for row, pick, tier in zip(rows.tolist(), picks.tolist(), tiers.tolist(), strict=True)
    }


def _settle(
    con: Connection, refs: Collection[str], found: Found, asking: Collection[int], seq: int, now: datetime
) -> int:
    """Write what began and what ended among the spaces of these refs; how many began that are news."""
    last: dict[tuple[int, str], WatchHit] = {}
    for hit in watches.hits_of(con, refs):
        last[hit.watch_id, hit.space_ref] = hit
    watches.change_hits(con, list(_left(last, found, asking)), left_at=now)
    again = [hit for pair, hit in last.items() if pair in found and hit.left_at and hit.left_at + AWAY > now]
    watches.change_hits(con, again, left_at=None)
    fresh = [
        WatchHit(pair[0], pair[1], last[pair].episode + 1 if pair in last else 1, tier, seq, now)
        for pair, tier in found.items()
        if pair not in last or (last[pair].left_at is not None and last[pair] not in again)
    ]
    watches.add_hits(con, fresh)
    return len(fresh)


def _left(last: dict[tuple[int, str], WatchHit], found: Found, asking: Collection[int]) -> Iterable[WatchHit]:
    """What stopped fitting, of the watches that ask."""
    return (hit for pair, hit in last.items() if pair not in found and pair[0] in asking and hit.left_at is None)
