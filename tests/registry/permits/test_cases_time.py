"""Cases of the calendar: adjacent days, clock changes, leap days, whose midnight it is, what was asked too late."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tempuse.access import SYSTEM
from tempuse.errors import Conflict
from tempuse.occurrences import day_of, last_day, minute_of, occurrences, seasons
from tempuse.registry import setup
from tempuse.registry.permits.deciding import approve_permit, refuse_request
from tempuse.registry.permits.renewing import preference, renew_permit, renewals_before
from tempuse.registry.spaces import add_space
from tempuse.standing import Stop, decide_by_on, standing
from tempuse.store import claims, permits
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.terms import Hours, Terms
from tests.builders import a_space
from tests.permitting import a_request, approved, running, terms

NOW = datetime(2027, 1, 10, 8, 0, tzinfo=UTC)
TUESDAY, SATURDAY, SUNDAY = 2, 32, 64


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


def test_case_1_adjacent_days_fit_and_a_shared_day_is_refused_by_name(con: Connection, hall: str) -> None:
    first = approved(con, NOW, [hall], terms(date(2027, 5, 1), date(2027, 5, 31)))
    second = a_request(con, NOW, [hall], terms(date(2027, 6, 1), date(2027, 6, 30)), group="Choir")
    third = a_request(con, NOW, [hall], terms(date(2027, 5, 31), date(2027, 6, 30)), group="Band")
    assert approve_permit(con, SYSTEM, second, NOW).status == "approved"
    with pytest.raises(Conflict) as caught:
        approve_permit(con, SYSTEM, third, NOW)
    assert {each.ref for each in caught.value.values["rivals"]} == {first, second}
    assert caught.value.values["day"] == date(2027, 5, 31)


def test_case_2_a_weekly_evening_stays_at_seven_through_the_clock_change(con: Connection, hall: str) -> None:
    days = date(2027, 3, 23), date(2027, 4, 6)
    evenings = Hours(weekdays=TUESDAY, from_minute=19 * 60, until_minute=22 * 60)
    ref = approved(con, NOW, [hall], terms(*days, hours=(evenings,)))
    taken = claims.of_permit(con, ref)
    con.rollback()
    assert [(each.on, each.from_minute % 1440, each.until_minute % 1440) for each in taken] == [
        (date(2027, 3, 23), 1140, 1320), (date(2027, 3, 30), 1140, 1320), (date(2027, 4, 6), 1140, 1320),
    ]  # fmt: skip
    late = Hours(weekdays=TUESDAY, from_minute=22 * 60, until_minute=23 * 60)
    early = Hours(weekdays=TUESDAY, from_minute=22 * 60 - 1, until_minute=23 * 60)
    with pytest.raises(Conflict):
        approved(con, NOW, [hall], terms(*days, hours=(early,)), group="Band")
    approved(con, NOW, [hall], terms(*days, hours=(late,)), group="Choir")


def test_case_3_the_missing_and_the_doubled_hour_need_no_rule(con: Connection, hall: str) -> None:
    def on(day: date, weekday: int, begins: float, ends: float) -> Terms:
        hours = Hours(weekdays=weekday, from_minute=int(begins * 60), until_minute=int(ends * 60))
        return terms(day, day, hours=(hours,))

    night = approved(con, NOW, [hall], on(date(2027, 3, 27), SATURDAY, 22, 2.5))
    approved(con, NOW, [hall], on(date(2027, 3, 28), SUNDAY, 3, 5), group="Dawn")
    assert day_of(claims.of_permit(con, night)[0].until_minute) == date(2027, 3, 28)
    con.rollback()
    approved(con, NOW, [hall], on(date(2027, 10, 31), SUNDAY, 1, 2.5), group="First")
    approved(con, NOW, [hall], on(date(2027, 10, 31), SUNDAY, 2.5, 4), group="Second")
    other = add_space(con, SYSTEM, a_space(), NOW)
    approved(con, NOW, [other], terms(date(2027, 3, 28), date(2027, 3, 28)), group="Whole day")
    approved(con, NOW, [other], on(date(2027, 3, 29), 1, 0, 1), group="At midnight")


def test_case_4_leap_days_in_months_and_in_seasons() -> None:
    assert last_day(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert last_day(date(2027, 3, 1), 12) == date(2028, 2, 29)
    winter = terms(date(2026, 12, 1), date(2028, 12, 31), season_from="12-15", season_until="02-29")
    assert seasons(winter)[:2] == [
        (date(2026, 12, 15), date(2027, 2, 28)), (date(2027, 12, 15), date(2028, 2, 29)),
    ]  # fmt: skip
    rows = occurrences(winter)
    assert rows[0].from_minute == minute_of(date(2026, 12, 15))
    assert rows[0].until_minute == minute_of(date(2027, 3, 1))
    assert len(rows) == 3


def _ends_soon(con: Connection, hall: str) -> str:
    return running(
        con, NOW, [hall], terms(date(2027, 1, 10), date(2027, 12, 31), renew_ask_days=90), on=date(2027, 1, 10)
    )


def test_case_9_a_renewal_asked_before_midnight_of_the_city_goes_before_others(con: Connection, hall: str) -> None:
    first = _ends_soon(con, hall)
    rival = a_request(con, NOW, [hall], terms(date(2028, 1, 1), date(2028, 6, 30)), group="Choir")
    evening = datetime(2027, 10, 2, 21, 30, tzinfo=UTC)  # 23:30 in the city
    done = renew_permit(con, SYSTEM, first, {"ends_on": date(2028, 12, 31)}, evening)
    assert (done.preference.in_time, done.preference.by_on) == (True, date(2027, 10, 2))
    assert done.permit.status == "submitted"
    assert renewals_before(con, rival) == [done.permit.ref]
    con.rollback()
    assert permits.one_ruled(con, done.permit.ref).terms.starts_on == date(2028, 1, 1)


def test_case_9_ten_minutes_too_late_it_is_a_request_like_any_other(con: Connection, hall: str) -> None:
    first = _ends_soon(con, hall)
    rival = a_request(con, NOW, [hall], terms(date(2028, 1, 1), date(2028, 6, 30)), group="Choir")
    night = datetime(2027, 10, 2, 22, 10, tzinfo=UTC)  # 00:10 of the next day in the city
    done = renew_permit(con, SYSTEM, first, {"ends_on": date(2028, 12, 31)}, night)
    assert (done.preference.in_time, done.preference.by_on) == (False, date(2027, 10, 2))
    assert renewals_before(con, rival) == []
    con.rollback()
    approve_permit(con, SYSTEM, rival, night)
    with pytest.raises(Conflict) as caught:
        approve_permit(con, SYSTEM, done.permit.ref, night)
    assert caught.value.values["refs"] == rival
    refuse_request(con, SYSTEM, done.permit.ref, night, "Somebody else has these days.")
    assert preference(con, done.permit, get_settings(con)).by_on == date(2027, 10, 2)


def test_case_14_whose_midnight_it_is(con: Connection, hall: str) -> None:
    ref = running(con, NOW, [hall], terms(date(2027, 1, 10), date(2027, 6, 30)), on=date(2027, 1, 10))

    def state(*hour: int) -> str:
        settings = get_settings(con)
        permit, its = permits.one_ruled(con, ref)
        con.rollback()
        return standing(permit, its, settings.today(datetime(2027, 6, 30, *hour, tzinfo=UTC))).state

    setup.change_settings(con, SYSTEM, {"time_zone": "Europe/Brussels"}, NOW)
    assert (state(21, 59), state(22, 0)) == ("ending_soon", "overdue")
    setup.change_settings(con, SYSTEM, {"time_zone": "Pacific/Auckland"}, NOW)
    assert (state(11, 59), state(12, 0)) == ("ending_soon", "overdue")


def test_case_16_the_clock_stands_still_for_each_day_once() -> None:
    asks = [Stop(date(2027, 4, 5), date(2027, 4, 15)), Stop(date(2027, 4, 10), date(2027, 4, 20))]
    assert decide_by_on(date(2027, 4, 1), 56, asks, date(2027, 5, 1)) == date(2027, 6, 11)
    assert decide_by_on(date(2027, 4, 1), 56, [], date(2027, 5, 1)) == date(2027, 5, 27)
