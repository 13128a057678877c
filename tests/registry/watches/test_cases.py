"""What goes wrong elsewhere with those who wait, each as a case: what became known, midnight, what comes and goes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tempuse.access import SYSTEM
from tempuse.registry import publishing
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.registry.watches.sweeping import sweep_all, sweep_watches
from tempuse.registry.watches.telling import write_watch_letters
from tempuse.store import watches
from tempuse.store.engine import Connection
from tests.builders import a_place, a_space
from tests.registry.watches.test_watches import DAY, WHOLE, a_watch, hits, told


def test_case_1_what_turns_out_not_to_be_there_leaves_without_a_letter(con: Connection, now: datetime) -> None:
    watch = a_watch(con, now, has="toilets")
    has, unknown, without = (
        add_space(con, SYSTEM, a_space(toilets=each, **{**WHOLE, "geometry": a_place(east)}), now)
        for east, each in ((0.0, True), (0.01, None), (0.02, False))
    )
    assert sweep_watches(con, SYSTEM, now) == 2
    assert write_watch_letters(con, SYSTEM, now) == 1
    assert told(con) == [(str(watch.id), f"{has} {unknown}")]
    edit_space(con, SYSTEM, unknown, {"toilets": False}, now + DAY)
    assert sweep_watches(con, SYSTEM, now + DAY) == 0
    assert write_watch_letters(con, SYSTEM, now + DAY) == 0
    assert hits(con, watch) == [(has, 1, True, False), (unknown, 1, True, True)]
    assert without not in {each[0] for each in hits(con, watch)}


@pytest.mark.parametrize("made_anew", [False, True], ids=["the row of yesterday", "the row of that day"])
def test_case_8_the_last_day_ends_at_the_citys_midnight_and_is_written_once(
    con: Connection, made_anew: bool
) -> None:  # fmt: skip
    """In summer time: on 31 March the day ends at 22:00 UTC."""
    january = datetime(2027, 1, 15, 9, tzinfo=UTC)
    space = add_space(con, SYSTEM, a_space(**WHOLE, available_until=date(2027, 3, 31)), january)
    watch = a_watch(con, january)
    left = []
    for minutes in (-61, -1, 0, 1, 300):
        at = datetime(2027, 3, 31, 22, tzinfo=UTC) + timedelta(minutes=minutes)
        if made_anew:
            publishing.republish_due(con, SYSTEM, at)
        sweep_watches(con, SYSTEM, at)
        sweep_all(con, SYSTEM, at)
        left.append([each.left_at for each in watches.hits_of_watch(con, watch.id)])
        con.rollback()
    midnight = datetime(2027, 3, 31, 22, tzinfo=UTC)
    assert left == [[None], [None], [midnight], [midnight], [midnight]]
    assert hits(con, watch) == [(space, 1, True, True)]


def test_case_17_whoever_watches_hears_when_a_space_is_offered_at_last_and_when_it_comes_back(
    con: Connection, now: datetime
) -> None:
    watch = a_watch(con, now)
    space = add_space(con, SYSTEM, a_space(**{**WHOLE, "status": "verified"}), now)
    sweep_watches(con, SYSTEM, now)
    assert write_watch_letters(con, SYSTEM, now) == 0
    for days, move, count in ((1, "offer", 1), (2, "close", 1), (20, "offer", 1), (21, "close", 1), (61, "offer", 2)):
        at = now + days * DAY
        move_space(con, SYSTEM, space, move, at)
        sweep_watches(con, SYSTEM, at)
        write_watch_letters(con, SYSTEM, at)
        assert told(con) == [(str(watch.id), space)] * count, (days, move)
