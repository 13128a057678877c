"""What this machine has not: skipped with its reason, a line for each reason; CI makes that a failure."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any, NoReturn

import pytest

_SAID: set[str] = set()


def missing(reason: str, *, may: bool = False) -> NoReturn:
    """Skip, or fail where TEMPUSE_TEST_STRICT says that nothing may be missing, but for what ``may``."""
    if not may and os.environ.get("TEMPUSE_TEST_STRICT"):
        pytest.fail(reason)
    _SAID.add(reason)
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count the tests that skip for lack of one thing together, and not by the line where each of them stands."""
    report = yield
    place: Any = report.longrepr
    if report.skipped and isinstance(place, tuple) and place[2].removeprefix("Skipped: ") in _SAID:
        report.longrepr = (__file__, None, place[2])  # type: ignore[assignment]
    return report
