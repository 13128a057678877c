"""A text is found wherever it stands in a name, whatever its case; no letter of it stands for others."""

from __future__ import annotations

from datetime import datetime

import pytest

from tempuse.access import SYSTEM
from tempuse.registry.spaces import add_space
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tempuse.store.searching import holds, some
from tempuse.store.tables import spaces as table
from tests.builders import a_space

NAMES = ("100% Wool/Cotton", "1000 Wools", r"Back\yard_2", "Backyard 12", "Café Noir")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100%", {0}),
        ("wool/C", {0}),
        ("WOOL", {0, 1}),
        ("d_2", {2}),
        (r"k\Y", {2}),
        ("yard", {2, 3}),
        ("fé n", {4}),
        ("%", {0}),
    ],
)
def test_a_text_is_found_as_it_is(con: Connection, now: datetime, text: str, found: set[int]) -> None:
    for name in NAMES:
        add_space(con, SYSTEM, a_space(name=name), now)
    names = {space.name for space in spaces.find(con, spaces.SpaceFilter(text=text))}
    assert names == {NAMES[number] for number in found}
    con.rollback()


@pytest.mark.parametrize(("limit", "first", "last"), [(3, [0, 1, 2], [7, 6, 5]), (9, [*range(8)], [*range(7, -1, -1)])])
def test_the_first_and_the_last_are_found_in_their_order(
    con: Connection, now: datetime, limit: int, first: list[int], last: list[int]
) -> None:
    """Their names, by which an index has them, are in another order."""
    for number in range(8):
        add_space(con, SYSTEM, a_space(name=f"Choir {'cafhdbge'[number]}"), now)
    add_space(con, SYSTEM, a_space(name="Band"), now)
    numbers = [number for number, _ in spaces.rows.numbered(con)]
    where = holds(table.c.name, "choir")
    assert [numbers.index(each) for each in some(con, table.c.id, where, limit, led=(table.c.name,))] == first
    assert [
        numbers.index(each) for each in some(con, table.c.id, where, limit, led=(table.c.name,), newest=True)
    ] == last
    con.rollback()
