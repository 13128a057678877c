"""How the city stood on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import NotAllowed
from tempuse.registry.figures import figures_of
from tempuse.registry.spaces import add_space, move_space
from tempuse.spaces import Period
from tempuse.store import spaces
from tempuse.store.engine import Connection, writing
from tests.builders import a_space
from tests.permitting import a_request, bring_back, running, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
LATER = datetime(2027, 5, 20, 8, 0, tzinfo=UTC)


def test_spaces_stand_as_they_stood_at_the_end_of_the_day(con: Connection) -> None:
    ref = add_space(con, SYSTEM, a_space(), NOW)
    move_space(con, SYSTEM, ref, "retire", LATER, retired_on=date(2027, 5, 20))
    counted = [figures_of(con, SYSTEM, day).spaces for day in (date(2027, 3, 31), date(2027, 4, 1), date(2027, 5, 20))]
    assert counted == [{}, {"offered": 1}, {"retired": 1}]


def test_a_day_ends_at_the_citys_midnight(con: Connection) -> None:
    late = datetime(2027, 4, 1, 21, 59, tzinfo=UTC)  # 23:59 in Brussels
    add_space(con, SYSTEM, a_space(), late)
    add_space(con, SYSTEM, a_space(), late.replace(hour=22, minute=0))
    assert figures_of(con, SYSTEM, date(2027, 4, 1)).spaces == {"offered": 1}


def test_uses_count_on_their_first_and_last_day_and_rooms_are_not_counted_twice(con: Connection) -> None:
    hall = add_space(con, SYSTEM, a_space(floor_area_m2=400.0), NOW)
    room = add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall, floor_area_m2=30.0), NOW)
    yard = add_space(con, SYSTEM, a_space(kind="plot", floor_area_m2=None, plot_area_m2=None, geometry=None), NOW)
    ref = running(con, NOW, [hall, room, yard], terms(date(2027, 4, 1), date(2027, 5, 31)), on=date(2027, 4, 1))
    bring_back(con, ref, LATER, date(2027, 5, 19))
    found = {day: figures_of(con, SYSTEM, date(2027, *day)) for day in ((3, 31), (4, 1), (5, 19), (5, 20))}
    assert [each.running for each in found.values()] == [0, 1, 1, 0]
    day = found[(4, 1)]
    assert (day.spaces_used, day.m2_used, day.without_area) == (3, 400.0, 1)


def test_requests_that_waited_and_uses_of_the_written_history(con: Connection) -> None:
    hall = add_space(con, SYSTEM, a_space(), NOW)
    a_request(con, NOW, [hall], terms(date(2027, 5, 1), date(2027, 5, 31)))
    with writing(con):
        spaces.put_periods(con, hall, [Period(starts_on=date(2027, 3, 1), ends_on=date(2027, 4, 2), title="Market")])
    assert figures_of(con, SYSTEM, date(2027, 3, 31)).open_requests == 0
    found = figures_of(con, SYSTEM, date(2027, 4, 1))
    assert (found.open_requests, found.permits, found.periods) == (1, {"submitted": 1}, 1)
    assert ("requests", "open", 1) in found.rows()


def test_they_are_the_offices(con: Connection) -> None:
    with pytest.raises(NotAllowed):
        figures_of(con, PUBLIC, date(2027, 4, 1))
