"""One length of time is said one way, wherever it stands."""

from __future__ import annotations

import numpy as np
import pytest

from tempuse import settings
from tempuse.durations import as_meant, with_leap_days
from tempuse.errors import Invalid
from web import words


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


def test_whole_years_have_room_for_their_leap_days() -> None:
    days = [1, 30, 364, 365, 366, 730, 1460, 1825, 3650]
    most = [1, 30, 364, 366, 366, 731, 1461, 1827, 3653]
    assert [with_leap_days(each) for each in days] == most
    assert with_leap_days(np.array([*days, np.nan], np.float32)).tolist()[:-1] == most


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
    assert words.in_language(refused.value.message, refused.value.values) == said
