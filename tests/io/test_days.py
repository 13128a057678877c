"""Days in the writings of twelve languages, read whole; what programs write where they have no day is none."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempuse.io.stretches import read_ends
from tempuse.io.values import words
from tempuse.io.values.cells import Style
from tempuse.io.values.days import day, day_first
from tests.io.test_values import one, read


@pytest.mark.parametrize(
    "text",
    [
        "1. marraskuuta 2020", "1 listopada 2020 r.", "1. listopadu 2020", "1 noiembrie 2020",
        "2020. gada 1. novembris",
        "1 Νοεμβρίου 2020", "1 de noviembre de 2020", "1 novembre 2020", "1er novembre 2020", "Nov 1, 2020",
        "1st November 2020", "November 1st, 2020", "zo 1 november 2020", "1.XI.2020", "20201101", "01112020", 20201101,
        "44136",
        "2020. 11. 01.", "2020-11-01 00:00:00", "1/11/2020 0:00", "2020-11-01T10:30:00.000Z", "since 1 Nov 2020",
        "sinds 1 november 2020", "ab 1. Nov. 2020", "1.11.2020 r.", "1 nov. '20", "dim. 1 nov. 2020",
        "ab 01.11.2020", "1.11.2020 alkaen", "01.11.2020 г.", "2020 m. lapkričio 1 d.",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_language(text: Any) -> None:
    assert one(text, "vacant_since") == (date(2020, 11, 1), [])


@pytest.mark.parametrize(
    ("text", "found", "message"),
    [
        ("marraskuu 2020", date(2020, 11, 1), "value.month_only"), ("2022.0", date(2022, 1, 1), "value.year_only"),
        ("listopad 2020", date(2020, 11, 1), "value.month_only"), ("seit 2019", date(2019, 1, 1), "value.year_only"),
        ("anno 2019", date(2019, 1, 1), "value.year_only"), ("ca. 1 March 2015", date(2015, 3, 1), "value.about"),
        ("2026-03-01 or so", None, "value.not_a_day"), ("before 2015", None, "value.not_a_day"),
        ("Q3 2021", None, "value.not_a_day"), ("31.12.2020 asti", None, "value.not_a_day"),
        ("2019-", None, "value.not_a_day"), ("2019-2020", None,
        "value.not_a_day"),
        ("1-5 March 2020", None, "value.not_a_day"), ("March", None, "value.not_a_day"), ("12:30", None,
        "value.not_a_day"),
        ("1 March 2020, empty again", None, "value.not_a_day"), (time(12, 30), None, "value.not_a_day"),
        ("31 February 2020", None, "value.no_such_day"),
    ],
)  # fmt: skip
def test_less_than_a_day_is_said_and_more_is_left_open(text: Any, found: date | None, message: str) -> None:
    value, said = one(text, "vacant_since")
    assert (value, [each for each, _ in said]) == (found, [message])


@pytest.mark.parametrize(
    "value",
    ["0001-01-01", "9999-12-31", "31.12.9999", "1899-12-30", "01/01/1900", "1753-01-01", "31/12/2099", date.min,
     date.max,
     datetime(1899, 12, 30), datetime(9999, 12, 31, 23, 59)],
)  # fmt: skip
def test_a_day_that_programs_write_where_they_have_none_is_none(value: Any) -> None:
    (row,) = read({"c": [value]}, {"c": "vacant_since"})
    assert "vacant_since" not in row.fields
    assert row.fields["source_fields"]["c"].startswith(str(value)[:4])
    assert [(issue.message, issue.done) for issue in row.issues] == [("value.no_real_day", "value.left_empty")]


def test_a_use_that_ends_where_programs_have_no_day_goes_on() -> None:
    found, wrong = read_ends("2019-03-01", "9999-12-31", Style())
    assert found is not None
    assert (found.starts_on, found.ends_on, found.is_open, wrong) == (date(2019, 3, 1), None, True, "")


def test_what_a_spreadsheet_made_a_date_of_is_no_text_and_no_number() -> None:
    made = datetime(2014, 12, 1)
    fields = {"s": "street", "n": "house_number", "p": "parcel_refs", "a": "floor_area_m2", "d": "internal_note"}
    (row,) = read({"s": ["Mill Lane"], "n": [made], "p": [made], "a": [made], "d": [made]}, fields)
    assert row.fields["address"] == "Mill Lane"
    assert row.fields["internal_note"].startswith("2014-12-01")
    assert row.fields["source_fields"].keys() == {"n", "p", "a"}
    assert {issue.message for issue in row.issues} == {"value.made_a_date"}


@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.data())
def test_a_day_with_its_month_in_letters_comes_back_in_every_language(when: date, data: Any) -> None:
    row = next(row for row in words._rows() if (row["what"], row["means"]) == ("month", str(when.month)))
    language = data.draw(st.sampled_from(words.LANGUAGES))
    name = data.draw(st.sampled_from(row[language].split("|")))
    shape = data.draw(st.sampled_from(["{d} {m} {y}", "{d}. {m} {y}", "{m} {d}, {y}", "{d}-{m}-{y}", "{y} {m} {d}"]))
    assert day(shape.format(d=when.day, m=name, y=when.year), Style()) == (when, "")


@pytest.mark.parametrize(
    ("field", "text", "found"),
    [
        ("available_until", "2027", date(2027, 12, 31)), ("available_until", "Feb. 2028", date(2028, 2, 29)),
        ("available_from", "2027", date(2027, 1, 1)), ("available_until", "1.3.2027", date(2027, 3, 1)),
    ],
)  # fmt: skip
def test_an_end_that_is_a_year_or_a_month_is_its_last_day(field: str, text: str, found: date) -> None:
    assert one(text, field)[0] == found


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["25/03/2027", "03/04/2027"], True), (["03/25/2027", "03/04/2027", "04/25/2027"], False),
        (["25/03/2027", "03/25/2027"], None), (["25/03/2027", "26/03/2027", "03/25/2027"], True),
        (["3/1/2027 12:00:00 AM", "4/2/2027 12:00:00 AM"], False), (["13/1/2027 12:00:00 AM"], True), ([], True),
    ],
)  # fmt: skip
def test_which_comes_first_is_told_by_most_of_a_column_or_by_none(texts: list[str], found: bool | None) -> None:
    assert day_first(texts) is found


def test_where_a_column_has_both_a_day_that_could_be_two_is_left_open() -> None:
    both = Style(day_first=None)
    assert day("03/01/2027", both) == (None, "value.day_or_month")
    assert [day(text, both)[0] for text in ("03/25/2027", "25/03/2027", "03/03/2027")] == [
        date(2027, 3, 25), date(2027, 3, 25), date(2027, 3, 3)
    ]  # fmt: skip
