"""When a space is used under some terms, held against a plain walk over every day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tempuse.occurrences import MOST, Occurrence, check_occurrences, minute_of, occurrences
from tempuse.terms import DAY, Hours, Terms

DAYS = st.dates(date(2026, 11, 1), date(2028, 4, 1))
SEASON = st.sampled_from(["01-01", "02-28", "02-29", "03-01", "05-15", "10-31", "11-01", "12-15", "12-31"])
HOURS = st.builds(
    Hours, weekdays=st.integers(1, 127), from_minute=st.sampled_from([0, 1, 540, 1140, 1320, 1439]),
    until_minute=st.sampled_from([0, 1, 150, 540, 1140, 1320, 1439, 1440]), every_weeks=st.integers(1, 4),
    nth_in_month=st.sampled_from([None, 1, 2, 3, 4, -1]),
)  # fmt: skip


@st.composite
def some_terms(draw: st.DrawFn) -> Terms:
    starts = draw(DAYS)
    ends = starts + timedelta(days=draw(st.integers(0, 420)))
    within = st.lists(st.integers(0, (ends - starts).days), max_size=4, unique=True)
    has_season = draw(st.booleans())
    return Terms(
        starts_on=starts, ends_on=ends, hours=tuple(draw(st.lists(HOURS, max_size=2))),
        season_from=draw(SEASON) if has_season else None, season_until=draw(SEASON) if has_season else None,
        except_on=tuple(starts + timedelta(days=n) for n in draw(within)),
        extra_on=tuple(starts + timedelta(days=n) for n in draw(within)),
    )  # fmt: skip


def is_in_season(terms: Terms, day: date) -> bool:
    """Whether a day is within the season, by month and day alone; 29 February is 28 February in other years."""
    if terms.season_from is None or terms.season_until is None:
        return True
    here = f"{day:%m-%d}"
    is_leap = day.year % 4 == 0
    first, last = (
        "02-28" if each == "02-29" and not is_leap else each for each in (terms.season_from, terms.season_until)
    )
    if terms.season_until < terms.season_from:
        return here >= first or here <= last
    return first <= here <= last


def falls_on(hours: Hours, day: date, starts: date) -> bool:
    """Whether hours fall on a day: its weekday, its week, and which such weekday of its month it is."""
    if not hours.weekdays & (1 << day.weekday()):
        return False
    weeks = ((day - timedelta(days=day.weekday())) - (starts - timedelta(days=starts.weekday()))).days // 7
    if weeks % hours.every_weeks:
        return False
    same = [
        date(day.year, day.month, n) for n in range(1, 32)
        if (day.replace(day=1) + timedelta(days=n - 1)).month == day.month
        and date(day.year, day.month, n).weekday() == day.weekday()
    ]  # fmt: skip
    if hours.nth_in_month is None:
        return True
    place = -1 if hours.nth_in_month == -1 else hours.nth_in_month - 1
    return place < len(same) and same[place] == day


def minutes_of(terms: Terms) -> set[tuple[int, int]]:
    """Every stretch day by day, not joined."""
    assert terms.starts_on is not None
    assert terms.ends_on is not None
    found = set()
    for n in range((terms.ends_on - terms.starts_on).days + 1):
        day = terms.starts_on + timedelta(days=n)
        regular = is_in_season(terms, day) and day not in terms.except_on
        if not terms.hours and (regular or day in terms.extra_on):
            found.add((minute_of(day), minute_of(day) + DAY))
        for hours in terms.hours:
            if day in terms.extra_on or (regular and falls_on(hours, day, terms.starts_on)):
                length = hours.until_minute - hours.from_minute
                length += DAY if length <= 0 else 0
                start = minute_of(day) + hours.from_minute
                found.add((start, start + length))
    return found


def joined(stretches: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same with those joined that meet or touch."""
    made: list[tuple[int, int]] = []
    for begins, ends in sorted(stretches):
        if made and begins <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], ends))
        else:
            made.append((begins, ends))
    return made


@settings(max_examples=300, deadline=None)
@given(some_terms())
def test_occurrences_are_what_a_walk_over_every_day_finds(terms: Terms) -> None:
    made = occurrences(terms)
    assert [each[:2] for each in made] == joined(minutes_of(terms))
    assert all(isinstance(each, Occurrence) and each.from_minute < each.until_minute for each in made)
    assert all(one.until_minute < other.from_minute for one, other in pairwise(made))
    assert bool(check_occurrences(terms)) == (not made)


def test_the_night_after_the_last_day_belongs_to_it_and_round_the_clock_is_one_stretch() -> None:
    night = Hours(weekdays=127, from_minute=1320, until_minute=120)
    last = occurrences(Terms(starts_on=date(2027, 5, 1), ends_on=date(2027, 5, 2), hours=(night,)))[-1]
    assert last.until_minute == minute_of(date(2027, 5, 3), 120)
    always = Hours(weekdays=127, from_minute=0, until_minute=1440)
    assert len(occurrences(Terms(starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), hours=(always,)))) == 1


def test_hours_that_never_fall_and_hours_that_fall_too_often_are_said() -> None:
    tuesdays = Hours(weekdays=2, from_minute=600, until_minute=660)
    never = Terms(starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 3), hours=(tuesdays,))
    assert [each.message for each in check_occurrences(never)] == ["terms.never"]
    two = tuple(Hours(weekdays=127, from_minute=begin, until_minute=begin + 30) for begin in (600, 700))
    often = Terms(starts_on=date(2027, 1, 1), ends_on=date(2029, 12, 31), hours=two)
    assert [each.message for each in check_occurrences(often)] == ["terms.too_often"]
    assert len(occurrences(often)) == MOST + 1
