"""The spaces of the timeline come in the order of their districts, page by page, those without a district last."""

from __future__ import annotations

from datetime import date, datetime

from tempuse.access import SYSTEM
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.store import timelines
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests.builders import a_district, a_place, a_space

TODAY = date(2026, 11, 23)


def test_pages_follow_upon_each_other(con: Connection, now: datetime) -> None:
    """Each space once, wherever a page begins; the end of one district is no end."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district("A", 3.7), a_district("B", 3.8)], now)
    for number, east in enumerate((9.0, 0.0, 9.0, 0.1, 0.0, 9.0)):  # 9 degrees to the east there is no district
        add_space(con, SYSTEM, a_space(name=f"Space {number}", geometry=a_place(east)), now)
    whole = timelines.find(con, timelines.TimelineWanted(), TODAY, TODAY, 10, 0)
    refs = [(space.district_ref or "~", number) for number, space in whole]
    assert len(whole) == 6
    assert refs == sorted(refs)
    assert {ref for ref, _ in refs} >= {"~"}
    for limit in (1, 2, 4):
        paged: list[int] = []
        for offset in range(0, 8, limit):
            paged += [
                number
                for number, _ in timelines.find(con, timelines.TimelineWanted(), TODAY, TODAY, limit, offset)[:limit]
            ]
        assert paged == [number for number, _ in whole]
    con.rollback()
