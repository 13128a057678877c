"""What walks share."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from tempuse.store.engine import Register
from tests.office import an_app_of_a_visit


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    """The app on the empty register, whose clock goes on as a person's does."""
    return an_app_of_a_visit(register, now)
