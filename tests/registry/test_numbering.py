"""The numbers of one list say nothing about its order, which is that of streets and houses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
import pytest
from flask import Flask
from sqlalchemy import select

from tempuse.access import SYSTEM
from tempuse.exports import Selection, space_texts
from tempuse.registry.care.checking import check_register
from tempuse.registry.spaces import add_space
from tempuse.store import spaces
from tempuse.store.common import next_refs
from tempuse.store.engine import Connection, writing
from tempuse.store.tables import published
from tempuse.store.tables import spaces as space_table
from tempuse.vocabulary import Audience
from tests.builders import a_space
from tests.io import lists
from tests.registry.test_imports import bring

# Enough for three batches: numbers that are shuffled within a batch only would still tell the part of the town.
ROWS = 4100
FEW = 40


def likeness(one: list[int], other: list[int]) -> float:
    """Spearman's: 1 for the same order, -1 for the contrary, about 0 (here +-0.02) for chance."""
    ranks = [np.argsort(np.argsort(np.array(each))) for each in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


@pytest.fixture
def rows() -> int:
    """How many houses are in the list."""
    return ROWS


@pytest.fixture
def street(con: Connection, tmp_path: Path, now: datetime, rows: int) -> dict[str, int]:
    """A street as a list, every third house hidden: the place in the list by ref."""
    head = ["Ref", "Name", "Address", "Lon", "Lat", "Ownership", "location_level"]
    places = [(round(3.6 + i * 1e-5, 6), 51.05, "municipality", ["", "", "hidden"][i % 3]) for i in range(rows)]
    houses = [[f"{i:05d}", f"House {i}", f"{i} Quay", *place] for i, place in enumerate(places)]
    assert bring(con, lists.write_csv(tmp_path / "l.csv", [head, *houses]), now, status="offered").counts["new"] == rows
    query = select(space_table.c.ref, space_table.c.source_ref)
    found = {ref: int(source_ref) for ref, source_ref in con.execute(query)}
    con.rollback()
    return found


def test_no_order_that_leaves_the_register_is_that_of_the_list(
    app: Flask, con: Connection, now: datetime, street: dict[str, int]
) -> None:
    numbers = {ref: int(ref.removeprefix("SP-")) for ref in street}
    assert sorted(numbers.values()) == list(range(1, ROWS + 1))
    assert abs(likeness(list(numbers.values()), list(street.values()))) < 0.15
    first = [numbers[ref] for ref, place in street.items() if place < 2000]
    assert min(first) < 100
    assert max(first) > ROWS - 100
    query = select(published.c.ref).where(published.c.level == "hidden").order_by(published.c.key)
    hidden = list(con.scalars(query))
    con.rollback()
    assert len(hidden) == ROWS // 3
    assert abs(likeness(list(range(len(hidden))), [street[ref] for ref in hidden])) < 0.2
    texts = [text for batch in space_texts(con, Audience.PUBLIC, Selection()) for text in batch]
    refs = [orjson.loads(text)["properties"]["ref"] for text in texts]
    unplaced = [street[ref] for ref in refs if street[ref] % 3 == 2]
    assert abs(likeness(list(range(len(unplaced))), unplaced)) < 0.2
    con.rollback()
    page = app.test_client().get("/find?place=none").text
    shown = [ref for ref in sorted(hidden, key=page.find) if ref in page]
    assert shown == sorted(shown, key=lambda ref: numbers[ref])
    assert check_register(con, now) == []


@pytest.mark.parametrize("rows", [FEW])
def test_what_is_added_by_hand_afterwards_is_numbered_in_its_turn(
    con: Connection, now: datetime, street: dict[str, int]
) -> None:
    assert add_space(con, SYSTEM, a_space(), now) == f"SP-{FEW + 1:04d}"
    assert add_space(con, SYSTEM, a_space(), now) == f"SP-{FEW + 2:04d}"
    with writing(con):
        assert next_refs(con, "space") == [f"SP-{FEW + 3:04d}"]
        newest = spaces.find(con, spaces.SpaceFilter(), down=True, limit=2)
    assert [space.ref for space in newest] == [f"SP-{FEW + 2:04d}", f"SP-{FEW + 1:04d}"]
