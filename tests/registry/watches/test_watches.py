"""Somebody hears of each space that begins to fit, once; on both engines."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tempuse import questions
from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Invalid
from tempuse.registry import setup
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.registry.watches import keeping
from tempuse.registry.watches.sweeping import sweep_all, sweep_watches
from tempuse.registry.watches.telling import write_watch_letters
from tempuse.store import letters, watches
from tempuse.store.engine import Connection
from tempuse.watches import Watch
from tests.builders import a_place, a_space

DAY = timedelta(days=1)
QUESTION = [("use", "workshop"), ("m2", "60-120"), ("cost", "200")]
WHOLE = {
    "kind": "unit", "floor_area_m2": 94.0, "suitable_uses": ("workshop",), "cost_model": "reduced",
    "cost_cents": 15_000, "cost_period": "month", "running_cost_month_cents": 0, "geometry": a_place(),
}  # fmt: skip


def a_watch(con: Connection, now: datetime, email: str = "jo@example.org", secret: str = "s", **more: str) -> Watch:
    """A confirmed watch for QUESTION, or another."""
    wanted, issues = questions.read([*QUESTION, *more.items()])
    assert not issues
    asked = keeping.ask_to_hear(con, PUBLIC, wanted, email, "day", "en", now)
    keeping.expect_secret(con, SYSTEM, asked.watch.id, secret)
    confirmed = keeping.confirm_watch(con, PUBLIC, secret, now)
    assert confirmed is not None
    return confirmed


def told(con: Connection) -> list[tuple[str, str]]:
    """To which watch which spaces were told, letter by letter."""
    found = [(each.to_ref, each.refs["spaces"]) for each in letters.find(con) if each.template == "watch_hits"]
    con.rollback()
    return found


def hits(con: Connection, watch: Watch) -> list[tuple[str, int, bool, bool]]:
    """By hit: the space, the episode, whether it was told, whether it left."""
    found = [
        (each.space_ref, each.episode, each.told_at is not None, each.left_at is not None)
        for each in watches.hits_of_watch(con, watch.id)
    ]
    con.rollback()
    return found


@pytest.fixture
def morning(now: datetime) -> datetime:
    """Half past eight in the city."""
    return now


def test_what_fits_today_is_no_news_and_another_space_is_told_once(con: Connection, morning: datetime) -> None:
    old = add_space(con, SYSTEM, a_space(name="Old", **WHOLE), morning)
    watch = a_watch(con, morning)
    assert hits(con, watch) == [(old, 1, True, False)]
    new = add_space(con, SYSTEM, a_space(name="New", **WHOLE), morning)
    assert sweep_watches(con, SYSTEM, morning) == 1
    assert sweep_watches(con, SYSTEM, morning) == 0
    assert write_watch_letters(con, SYSTEM, morning) == 1
    assert write_watch_letters(con, SYSTEM, morning + timedelta(hours=2)) == 0
    assert told(con) == [(str(watch.id), new)]
    edit_space(con, SYSTEM, new, {"description": "Painted."}, morning + DAY)
    assert sweep_watches(con, SYSTEM, morning + DAY) == 0
    assert write_watch_letters(con, SYSTEM, morning + DAY) == 0


def test_a_price_that_falls_is_news_for_whom_it_falls_far_enough(con: Connection, morning: datetime) -> None:
    space = add_space(con, SYSTEM, a_space(name="Dear", **{**WHOLE, "cost_cents": 30_000}), morning)
    poor = a_watch(con, morning)
    rich = a_watch(con, morning, "max@example.org", "t", has="power")
    assert (hits(con, poor), hits(con, rich)) == ([], [])
    edit_space(con, SYSTEM, space, {"cost_cents": 18_000}, morning)
    assert sweep_watches(con, SYSTEM, morning) == 2  # of one the power is to be asked about
    assert write_watch_letters(con, SYSTEM, morning) == 2
    edit_space(con, SYSTEM, space, {"cost_cents": 30_000}, morning + DAY)
    sweep_watches(con, SYSTEM, morning + DAY)
    assert hits(con, poor) == [(space, 1, True, True)]
    edit_space(con, SYSTEM, space, {"cost_cents": 18_000}, morning + 2 * DAY)
    assert sweep_watches(con, SYSTEM, morning + 2 * DAY) == 0  # a price that swings is no news
    assert hits(con, poor) == [(space, 1, True, False)]
    edit_space(con, SYSTEM, space, {"cost_cents": 30_000}, morning + 3 * DAY)
    sweep_watches(con, SYSTEM, morning + 3 * DAY)
    edit_space(con, SYSTEM, space, {"cost_cents": 18_000}, morning + 43 * DAY)
    assert sweep_watches(con, SYSTEM, morning + 43 * DAY) == 2
    assert write_watch_letters(con, SYSTEM, morning + 43 * DAY) == 2
    assert hits(con, poor) == [(space, 1, True, True), (space, 2, True, False)]


def test_what_is_gone_at_breakfast_is_not_told(con: Connection, morning: datetime) -> None:
    watch = a_watch(con, morning)
    evening = morning + timedelta(hours=10)
    space = add_space(con, SYSTEM, a_space(name="Brief", **WHOLE), evening)
    assert sweep_watches(con, SYSTEM, evening) == 1
    move_space(con, SYSTEM, space, "withhold", morning + DAY - timedelta(hours=2))
    assert write_watch_letters(con, SYSTEM, morning + DAY) == 0
    assert told(con) == []
    assert hits(con, watch) == [(space, 1, False, True)]


def test_nobody_is_written_to_before_the_hour(con: Connection, morning: datetime) -> None:
    a_watch(con, morning)
    add_space(con, SYSTEM, a_space(name="New", **WHOLE), morning)
    night = morning + timedelta(hours=18)
    sweep_watches(con, SYSTEM, night)
    assert write_watch_letters(con, SYSTEM, night) == 0
    setup.change_settings(con, SYSTEM, {"watch_letters": "at_once"}, night)
    assert write_watch_letters(con, SYSTEM, night) == 1


def test_one_address_hears_of_a_space_once_a_day_however_many_watches_it_has(
    con: Connection, morning: datetime
) -> None:
    first, second = a_watch(con, morning), a_watch(con, morning, secret="t", people="5")
    space = add_space(con, SYSTEM, a_space(name="New", fire_capacity_persons=20, **WHOLE), morning)
    sweep_watches(con, SYSTEM, morning)
    assert write_watch_letters(con, SYSTEM, morning) == 1
    assert told(con) == [(str(first.id), space)]
    assert hits(con, second) == [(space, 1, True, False)]


def test_a_weekly_reader_hears_once_a_week(con: Connection, morning: datetime) -> None:
    watch = a_watch(con, morning)
    keeping.change_watch(con, PUBLIC, "s", morning, every="week")
    for days in range(8):
        at = morning + days * DAY
        add_space(con, SYSTEM, a_space(name=f"New {days}", **WHOLE), at)
        sweep_watches(con, SYSTEM, at)
        write_watch_letters(con, SYSTEM, at)
    assert [len(spaces.split()) for _, spaces in told(con)] == [1, 7]
    assert watch.every == "day"


def test_a_question_with_a_word_that_is_gone_is_paused_and_said_once(con: Connection, morning: datetime) -> None:
    watch = a_watch(con, morning)
    held = watches.find_one(con, watch.id)
    assert held is not None
    con.rollback()
    held.question = held.question.replace("workshop", "sculpture")
    with con.begin():
        watches.save(con, held)
    add_space(con, SYSTEM, a_space(name="New", **WHOLE), morning)
    assert sweep_watches(con, SYSTEM, morning) == 0
    assert sweep_all(con, SYSTEM, morning) == 0
    assert [each.template for each in letters.find(con)].count("watch_paused") == 1
    con.rollback()
    keeping.change_watch(con, PUBLIC, "s", morning, wanted=questions.read(QUESTION)[0])
    assert [told for _, _, told, _ in hits(con, watch)] == [True]  # no flood


def test_a_day_that_came_lets_a_space_begin_to_fit_and_the_night_finds_it(con: Connection, morning: datetime) -> None:
    add_space(con, SYSTEM, a_space(name="Later", **{**WHOLE, "available_from": morning.date() + 40 * DAY}), morning)
    wanted, _ = questions.read([*QUESTION, ("by", str(morning.date() + 60 * DAY)), ("must", "start")])
    asked = keeping.ask_to_hear(con, PUBLIC, wanted, "jo@example.org", "day", "en", morning)
    keeping.expect_secret(con, SYSTEM, asked.watch.id, "s")
    keeping.confirm_watch(con, PUBLIC, "s", morning)
    assert sweep_all(con, SYSTEM, morning) == 0
    assert sweep_watches(con, SYSTEM, morning) == 0


def test_any_partition_of_changes_finds_the_same(con: Connection, morning: datetime) -> None:
    one, other = a_watch(con, morning), a_watch(con, morning, "max@example.org", "t")
    refs = [add_space(con, SYSTEM, a_space(name=f"New {i}", **WHOLE), morning) for i in range(3)]
    sweep_watches(con, SYSTEM, morning)
    refs += [add_space(con, SYSTEM, a_space(name=f"More {i}", **WHOLE), morning) for i in range(2)]
    sweep_watches(con, SYSTEM, morning)
    assert sweep_all(con, SYSTEM, morning) == 0
    for watch in (one, other):
        assert hits(con, watch) == [(ref, 1, False, False) for ref in refs]


def test_a_watch_ends_by_its_link_by_time_and_by_letters_that_come_back(con: Connection, morning: datetime) -> None:
    a_watch(con, morning)
    ended = keeping.end_watch(con, PUBLIC, "s", morning)
    assert ended is not None
    assert ended.ended_how == "link"
    again = keeping.end_watch(con, PUBLIC, "s", morning + DAY)
    assert again is not None
    assert again.ended_at == morning
    late = a_watch(con, morning, "max@example.org", "t")
    assert write_watch_letters(con, SYSTEM, morning + 170 * DAY) == 0
    assert [each.template for each in letters.find(con)].count("watch_still") == 1
    con.rollback()
    keeping.forget_watches(con, SYSTEM, morning + 182 * DAY)
    held = watches.find_one(con, late.id)
    assert held is not None
    assert held.ended_how == "lapsed"
    con.rollback()
    keeping.forget_watches(con, SYSTEM, morning + 220 * DAY)
    held = watches.find_one(con, late.id)
    assert held is not None
    assert (held.email, held.question, held.secret_sha256) == (None, "", None)
    con.rollback()


def test_who_never_confirmed_is_forgotten_and_hears_nothing(con: Connection, morning: datetime) -> None:
    wanted, _ = questions.read(QUESTION)
    asked = keeping.ask_to_hear(con, PUBLIC, wanted, "jo@example.org", "day", "en", morning)
    add_space(con, SYSTEM, a_space(name="New", **WHOLE), morning)
    assert sweep_watches(con, SYSTEM, morning) == 0
    assert keeping.forget_watches(con, SYSTEM, morning + 8 * DAY) == 1
    assert watches.find_one(con, asked.watch.id) is None
    con.rollback()


def test_a_wish_to_hear_of_nothing_or_at_no_address_is_refused(con: Connection, morning: datetime) -> None:
    wanted, _ = questions.read(QUESTION)
    for question, email in ((questions.read([])[0], "jo@example.org"), (wanted, "jo"), (wanted, "")):
        with pytest.raises(Invalid):
            keeping.ask_to_hear(con, PUBLIC, question, email, "day", "en", morning)
    backwards, _ = questions.read([("m2", "120-60")])
    with pytest.raises(Invalid):
        keeping.ask_to_hear(con, PUBLIC, backwards, "jo@example.org", "day", "en", morning)
