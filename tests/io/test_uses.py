"""Days and hours as lists of uses write them."""

from __future__ import annotations

from datetime import date

import pytest

from tempuse.io.stretches import ListedStretch, read_stretches
from tempuse.io.values.cells import Style
from tempuse.io.weekly import read_hours


@pytest.mark.parametrize(
    ("text", "first", "last", "is_open"),
    [
        ("2007-2017", date(2007, 1, 1), date(2017, 12, 31), False),
        ("2011-2019 (that place)", date(2011, 1, 1), date(2019, 12, 31), False),
        ("2019-", date(2019, 1, 1), None, True),
        ("May 2014-June 2015", date(2014, 5, 1), date(2015, 6, 30), False),
        ("1 July 2018-18 Sept 2022", date(2018, 7, 1), date(2022, 9, 18), False),
        ("2014-05-01/2014-06-15", date(2014, 5, 1), date(2014, 6, 15), False),
        ("01/05/2014 tot 30/06/2015", date(2014, 5, 1), date(2015, 6, 30), False),
        ("sinds mei 2019", date(2019, 5, 1), None, True),
        ("by 2016", date(2016, 1, 1), date(2016, 12, 31), False),
        ("to 30 June 2024", date(2024, 1, 1), date(2024, 6, 30), False),
        ("2000s-2016+", date(2000, 1, 1), date(2016, 12, 31), False),
        ("spring 2018-", date(2018, 3, 1), None, True),
        ("2021-22", date(2021, 1, 1), date(2022, 12, 31), False),
    ],
)
def test_a_stretch_is_read(text: str, first: date, last: date | None, is_open: bool) -> None:
    (found,) = read_stretches(text, Style())
    assert (found.starts_on, found.ends_on, found.is_open) == (first, last, is_open)


@pytest.mark.parametrize(
    "text", ["", "-", "since the summer", "2020-02-30", "31 Feb 2020", "a-b", "twelve", "x" * 5000]
)
def test_what_is_no_stretch_is_none(text: str) -> None:
    assert read_stretches(text, Style()) == []


def test_several_stretches_stand_in_one_cell_and_say_what_is_not_known() -> None:
    found = read_stretches("2011-June 2021; 2021-2024; 2024-", Style())
    assert [each.starts_on for each in found] == [date(2011, 1, 1), date(2021, 1, 1), date(2024, 1, 1)]
    assert read_stretches("by 2016", Style())[0].wrong == "use.known_then"
    assert read_stretches("1 Apr 2015-", Style()) == [ListedStretch(date(2015, 4, 1), None, "day", is_open=True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tue 19:00-22:00", [(2, 1140, 1320)]),
        ("ma-vr 9u-17u; za 10-12", [(31, 540, 1020), (32, 600, 720)]),
        ("Mon, Wed 19.00-22.00", [(5, 1140, 1320)]),
        ("dinsdag en donderdag 19:30 tot 22:00", [(10, 1170, 1320)]),
        ("daily 8-20", [(127, 480, 1200)]),
        ("Fri 22:00-02:00", [(16, 1320, 120)]),
        ("zo-ma 10-12", [(65, 600, 720)]),
        ("sometimes", []),
        ("19:00-22:00", []),
        ("Tue 25:00-26:00", []),
        ("Tue 19-19", []),
        ("Wed 19:00-22:00 first of the month", []),
    ],
)
def test_hours_of_the_week_are_read_whole_or_not_at_all(text: str, found: list[tuple[int, int, int]]) -> None:
    assert [(each.weekdays, each.from_minute, each.until_minute) for each in read_hours(text)] == found
