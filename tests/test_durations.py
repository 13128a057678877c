"""One length of time is said one way, wherever it stands."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempuse import settings
from tempuse.durations import DAYS_A_MONTH, as_meant, least_days, most_days
from tempuse.errors import Invalid
from tempuse.occurrences import last_day
from web import spoken


@pytest.mark.parametrize(
    ("days", "meant"),
    [
        (0, (0, "day")), (1, (1, "day")), (10, (10, "day")), (7, (1, "week")), (28, (4, "week")), (84, (12, "week")),
        (30, (1, "month")), (31, (1, "month")), (60, (2, "month")), (61, (2, "month")), (180, (6, "month")),
        (183, (6, "month")), (210, (7, "month")), (540, (18, "month")), (184, (184, "day")),
        (360, (1, "year")), (365, (1, "year")), (366, (1, "year")), (730, (2, "year")), (1096, (3, "year")),
        (3650, (10, "year")), (370, (370, "day")), (364, (52, "week")),
    ],
)  # fmt: skip
def test_a_length_is_said_as_it_was_meant(days: int, meant: tuple[int, str]) -> None:
    assert as_meant(days) == meant


def test_months_and_years_have_the_days_of_the_calendar_whenever_they_begin() -> None:
    days = [0, 1, 30, 90, 180, 183, 184, 210, 360, 364, 365, 366, 540, 730, 1460, 1825, 3650, 3661]
    most = [0, 1, 31, 92, 184, 184, 184, 215, 366, 364, 366, 366, 550, 731, 1461, 1827, 3653, 3661]
    least = [0, 1, 28, 89, 180, 181, 184, 210, 360, 364, 365, 365, 540, 730, 1460, 1825, 3650, 3661]
    for found, wanted in ((most_days, most), (least_days, least)):
        assert [found(each) for each in days] == wanted
        assert all(type(found(each)) is int for each in days)
        held = found(np.array([*days, np.nan], np.float32))
        assert (held.dtype, held[:-1].tolist(), bool(np.isnan(held[-1]))) == (np.float32, wanted, True)


@given(st.integers(1, 120), st.integers(0, 400))
def test_who_names_months_gives_as_many_from_any_day(months: int, start: int) -> None:
    first = date(2026, 11, 23) + timedelta(days=start)
    asked = (last_day(first, months) - first).days + 1
    for written in {months * 30, round(months * DAYS_A_MONTH)}:
        if as_meant(written) == ((months // 12, "year") if months % 12 == 0 else (months, "month")):
            assert least_days(written) <= asked <= most_days(written)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("report_contact_days", "5000", "Choose a number between 1 and 3650."),
        ("recheck_months", "121", "Choose a number between 1 and 120."),
        ("objection_days", "366", "Choose a number between 1 and 365."),
        ("languages", "de", f"Choose from the languages that we speak: {', '.join(settings.LANGUAGES)}."),
    ],
)
def test_a_setting_that_does_not_fit_is_told_its_own_limits(name: str, text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        settings.parse(name, text)
    assert spoken.in_language(refused.value.message, refused.value.values) == said
