"""The letters of watches: at one hour for all, so that nobody is first by phone; each space once.

A letter is due where a watch has hits that nobody was told of and its pace allows it. All are written from one state of
the register, judged once more; what no longer fits ends without a word, and what another letter of today tells the same
address is told by that one alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tempuse import matching, questions
from tempuse.access import Actor, check_allowed
from tempuse.refs import ref_of
from tempuse.registry.letters import key_of, tell
from tempuse.registry.watches.sweeping import whole_index
from tempuse.settings import Settings
from tempuse.store import letters, watches
from tempuse.store.common import current_seq, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import LetterStatus, Permission, WatchEnd
from tempuse.watches import ASKED_BEFORE, MOST_TOLD, PACES, Watch, WatchHit

_TEMPLATE = "watch_hits"


def write_watch_letters(con: Connection, actor: Actor, now: datetime) -> int:
    """Write the letters that are due; how many."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    settings = get_settings(con)
    con.rollback()
    hour = now.astimezone(ZoneInfo(settings.time_zone)).hour
    if settings.watch_letters == "morning" and hour < settings.watch_hour:
        return 0
    with writing(con):
        today = settings.today(now)
        _end_bounced(con, now)
        _ask_whether_still(con, today, now)
        due = {each.id: each for each in watches.asking(con) if _is_due(each, settings, now)}
        waiting = {number: hits for number, hits in watches.untold(con).items() if number in due}
        if not waiting:
            return 0
        return _write(con, {number: (due[number], hits) for number, hits in waiting.items()}, settings, now)


def _is_due(watch: Watch, settings: Settings, now: datetime) -> bool:
    """Whether its pace allows a letter today: counted in days of the city, not in hours."""
    if watch.told_at is None or settings.watch_letters == "at_once":
        return True
    return settings.today(now) - settings.today(watch.told_at) >= PACES[watch.every]


def _write(con: Connection, waiting: dict[int, tuple[Watch, list[WatchHit]]], settings: Settings, now: datetime) -> int:
    """One letter a watch, from one state of the register for all."""
    today, scale = settings.today(now), matching.scale_of(settings)
    held = whole_index(con, today, current_seq(con))
    places = {ref_of("space", number): row for row, number in enumerate(held.offers.number.tolist())}
    told: dict[str, set[str]] = {}  # by address, what a letter of today names already
    written = 0
    for watch, hits in waiting.values():
        there = [hit for hit in hits if hit.space_ref in places]
        asked = matching.wants([questions.read_text(watch.question)[0]], today, scale)
        still = {
            hit.space_ref for hit in there
            if matching.judge_needs(held.offers, asked, row=places[hit.space_ref]).tier[0] != matching.NEAR
        }  # fmt: skip
        watches.change_hits(con, [hit for hit in hits if hit.space_ref not in still], left_at=now)
        news = [hit for hit in there if hit.space_ref in still]
        seen = told.setdefault(str(watch.email), set())
        fresh = [hit for hit in news if hit.space_ref not in seen]
        key = key_of(_TEMPLATE, str(watch.id), today.isoformat())
        watches.change_hits(con, news, told_at=now, letter_key=key)
        if not fresh:
            continue
        seen.update(hit.space_ref for hit in fresh)
        refs = {"spaces": " ".join(hit.space_ref for hit in fresh[:MOST_TOLD]), "more": str(len(fresh) - MOST_TOLD)}
        tell(con, now, _TEMPLATE, "watch", str(watch.id), watch.language, event=today.isoformat(), refs=refs)
        watch.told_at = now
        watches.save(con, watch)
        written += 1
    return written


def _ask_whether_still(con: Connection, today: date, now: datetime) -> None:
    """Ask once, some time before a watch ends, whether it is still wanted."""
    for watch in watches.asking(con):
        if watch.asked_again_at is None and watch.ends_on - ASKED_BEFORE <= today:
            watch.asked_again_at = now
            watches.save(con, watch)
            tell(con, now, "watch_still", "watch", str(watch.id), watch.language, event=watch.ends_on.isoformat())


def _end_bounced(con: Connection, now: datetime) -> None:
    """End the watches whose address takes no letters."""
    since = now - timedelta(days=30)
    for number in letters.readers_of(con, "watch", LetterStatus.FAILED, since):
        watch = watches.find_one(con, int(number))
        if watch is not None and watch.ended_at is None:
            watch.ended_at, watch.ended_how = now, WatchEnd.BOUNCE.value
            watches.save(con, watch)
