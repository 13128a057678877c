"""The drawing of a space's past: where bars start, how wide they are, which words fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.store.engine import open_register
from tests.conftest import NOW
from web import create_app
from web.presenters import timeline

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One app for all: nothing here reads more of the register than its settings."""
    folder = tmp_path_factory.mktemp("timeline")
    register = open_register(str(folder / "register.gpkg"), home=folder / "home", create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
    yield create_app(register, {"TESTING": True}, clock=lambda: NOW)
    register.close()


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def a_period(start: str | None, end: str | None, **values: Any) -> dict[str, Any]:
    return {
        "starts_on": start,
        "ends_on": end,
        "occupancy": "temporary_use",
        "title": "Market",
        "precision": "day",
        **values,
    }


def test_bars_stand_in_true_proportion() -> None:
    line = timeline.build([a_period("2025-01-01", "2025-12-31"), a_period("2026-01-01", "2026-06-30")], None, TODAY)
    assert line is not None
    first, second = line.bars
    assert first.start == 0
    assert second.start == pytest.approx(first.width, abs=0.01)
    assert first.width / second.width == pytest.approx(365 / 181, rel=0.01)
    assert dict(line.years)["2026"] == pytest.approx(second.start, abs=0.01)
    assert second.start + second.width < line.today < 100


def test_what_is_offered_is_a_bar_of_its_own_from_today_at_the_earliest() -> None:
    free = (date(2026, 1, 1), date(2027, 8, 31))
    line = timeline.build([a_period("2025-01-01", "2025-12-31")], free, TODAY)
    assert line is not None
    assert line.bars[-1].look == "free"
    assert line.bars[-1].start == line.today
    assert line.bars[-1].start + line.bars[-1].width <= 100


@pytest.mark.parametrize(
    ("start", "end", "look"),
    [("2024-01-01", "2024-12-31", "over"), ("2026-05-01", "2027-06-30", "running"), ("2026-05-01", None, "running")],
)
def test_a_use_that_runs_looks_different_from_one_that_is_over(start: str, end: str | None, look: str) -> None:
    line = timeline.build([a_period(start, end)], None, TODAY)
    assert line is not None
    assert [bar.look for bar in line.bars] == [look]


def test_nothing_to_draw_draws_nothing() -> None:
    assert timeline.build([], (None, None), TODAY) is None
    assert timeline.build([a_period(None, None)], None, TODAY) is None


def test_every_bar_lies_within_the_drawing_however_odd_the_days() -> None:
    history = [a_period(None, "1950-01-01"), a_period("2026-11-22", "2026-11-22"), a_period("2026-01-01", "2095-01-01")]
    line = timeline.build(history, (None, None), TODAY)
    assert line is not None
    for bar in line.bars:
        assert 0 <= bar.start <= 100
        assert bar.width > 0
    assert len(line.years) <= 6


def test_words_that_do_not_fit_are_left_to_the_text() -> None:
    line = timeline.build(
        [a_period("2024-01-01", "2024-02-01", title="A very long name of a very short use")], None, TODAY
    )
    assert line is not None
    assert line.bars[0].fits == ""
    told = timeline.in_words([a_period("2024-01-01", "2024-02-01", title="A very long name of a very short use")])
    assert told[0].title == "A very long name of a very short use"


@pytest.mark.parametrize(
    ("start", "end", "precision", "said"),
    [
        ("2024-05-01", "2024-09-30", "month", "May to September 2024"),
        ("2025-01-01", "2026-10-31", "month", "January 2025 to October 2026"),
        ("2010-01-01", "2012-12-31", "year", "2010 to 2012"),
        ("2010-01-01", "2010-12-31", "year", "2010"),
        ("2024-05-03", "2024-05-05", "day", "3 May 2024 to 5 May 2024"),
        ("2025-05-01", None, "month", "Since May 2025"),
        (None, "2020-12-31", "year", "Until 2020"),
    ],
)
def test_a_stretch_of_time_is_told_as_exactly_as_it_is_known(
    start: str | None, end: str | None, precision: str, said: str
) -> None:
    assert timeline.in_words([a_period(start, end, precision=precision)])[0].when == said
