"""How the city stood on a day: spaces by status, uses that ran, what they used, requests that waited.

Statuses are those that the events tell of at the end of the day. Uses are those whose days hold it, as they are known
today: a hand-back that is written down late counts for the day on which it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tempuse.access import Actor, check_allowed
from tempuse.permits import OPEN
from tempuse.settings import Settings
from tempuse.store import figures
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.vocabulary import Permission, PermitStatus, SpaceStatus


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of one day.

    Attributes:
        on: the day.
        spaces: how many spaces stood in each status at its end.
        permits: how many permits and requests stood in each status at its end.
        running: how many uses ran on it, under a permit.
        spaces_used: in how many spaces.
        m2_used: how large these are together; a room of a building that is used as a whole is not counted twice.
        without_area: how many of them have no area in the register.
        open_requests: how many requests waited for a decision at its end.
        periods: how many spaces more a use of which only the written history tells was in.
    """

    on: date
    spaces: dict[str, int]
    permits: dict[str, int]
    running: int
    spaces_used: int
    m2_used: float
    without_area: int
    open_requests: int
    periods: int

    def rows(self) -> list[tuple[str, str, float]]:
        """Everything as (what, which, number), for a table."""
        return [
            *(("spaces", status.value, self.spaces.get(status, 0)) for status in SpaceStatus),
            *(("permits", status.value, self.permits.get(status, 0)) for status in PermitStatus),
            ("uses", "running", self.running), ("uses", "spaces_used", self.spaces_used),
            ("uses", "m2_used", self.m2_used), ("uses", "without_area", self.without_area),
            ("uses", "in_history_only", self.periods), ("requests", "open", self.open_requests),
        ]  # fmt: skip


def figures_of(con: Connection, actor: Actor, on: date) -> DayFigures:
    """The figures of a day. Of a day to come they are what is known of it today."""
    check_allowed(actor, Permission.SPACE_READ)
    ended = end_of(get_settings(con), on)
    permits = figures.statuses(con, "permit", ended)
    uses = figures.running(con, on)
    used = {space for _, space in uses}
    areas = figures.areas_of(con, sorted(used))
    counted = {ref for ref in used if not _is_within(ref, used, areas)}
    sizes = [areas.get(ref, (None, None))[0] for ref in counted]
    return DayFigures(
        on=on, spaces=figures.statuses(con, "space", ended), permits=permits, running=len({ref for ref, _ in uses}),
        spaces_used=len(used), m2_used=round(sum(each for each in sizes if each is not None), 1),
        without_area=sum(each is None for each in sizes),
        open_requests=sum(permits.get(status, 0) for status in OPEN),
        periods=len(set(figures.periods_of_use(con, on)) - used),
    )  # fmt: skip


def end_of(settings: Settings, day: date) -> datetime:
    """The instant at which a day ends in the city."""
    day = min(day, date.max - timedelta(days=2))  # the calendar has no day after its last
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.time_zone))


def _is_within(ref: str, used: set[str], areas: dict[str, tuple[float | None, str | None]]) -> bool:
    """Whether a space lies within another that is used on the same day, however deep."""
    seen, within = {ref}, areas.get(ref, (None, None))[1]
    while within and within not in seen:
        if within in used:
            return True
        seen.add(within)
        within = areas.get(within, (None, None))[1]
    return False
