"""Whether the clock may be believed: it decides what becomes public, and a machine's clock can be wrong.

What it says is held against what the register has seen and, within a running process, against the time that has
passed. A fresh start believes it, unless the register has seen a later instant: a machine that was off for a week
goes on by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tempuse.errors import WrongState
from tempuse.store.common import clock_of, hold_calendar
from tempuse.store.engine import Connection, writing

# The clocks of several machines differ a little.
TOLERANCE = timedelta(minutes=5)
LEAP = timedelta(days=1)


def was_ahead(con: Connection, now: datetime) -> bool:
    """Whether something was decided or done in the register at an instant that is still to come."""
    latest = clock_of(con).latest
    return latest is not None and latest > now + TOLERANCE


def examine(con: Connection, now: datetime) -> tuple[str, dict[str, str]] | None:
    """What is wrong with the clock, as a message id with its values; None when nothing is known to be."""
    latest, held_at = clock_of(con)
    if latest is not None and latest > now + TOLERANCE:
        return "clock.back", {"now": _text(now), "latest": _text(latest)}
    return None if held_at is None else ("clock.held", {"at": _text(held_at)})


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


class ClockWatch:
    """What a running process remembers of the clock from one minute to the next.

    Args:
        running: gives seconds that only ever pass, whatever anybody sets the clock to.
    """

    def __init__(self, running: Callable[[], float]) -> None:
        self._running = running
        self._believed: tuple[datetime, float] | None = None
        self._holding = False

    def forget(self) -> None:
        """Begin anew, as after a start."""
        self._believed, self._holding = None, False

    def check(self, con: Connection, now: datetime) -> None:
        """Return in silence when the clock may be believed.

        Args:
            con: an idle connection.
            now: what the clock says.

        Raises:
            WrongState: it leapt ahead by more than a day. That is noted in the register, and so it stays until the
                clock is back, the process is started again, or somebody decides everything anew.
        """
        held_at = clock_of(con).held_at
        con.rollback()
        if self._has_leapt(now) and not (self._holding and held_at is None):
            if held_at is None:
                with writing(con):
                    hold_calendar(con, now)
            self._holding = True
            raise WrongState("clock.held", at=_text(held_at or now))
        if held_at is not None:
            with writing(con):
                hold_calendar(con, None)
        self._believed, self._holding = (now, self._running()), False

    def _has_leapt(self, now: datetime) -> bool:
        if self._believed is None:
            return False
        at, running = self._believed
        return now - at > timedelta(seconds=self._running() - running) + LEAP
