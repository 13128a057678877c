"""Forms that were sent are remembered for some days: who presses twice does so within minutes, or after a night."""

from __future__ import annotations

from datetime import datetime, timedelta

from tempuse.store import forms
from tempuse.store.engine import Connection, writing

REMEMBERED = timedelta(days=7)


def forget_forms(con: Connection, now: datetime) -> int:
    """Forget the forms that were sent longer ago than REMEMBERED; how many. What they made stays."""
    with writing(con):
        return forms.forget(con, now - REMEMBERED)
