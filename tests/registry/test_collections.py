"""Everything that is published goes through the two tables of collections: publishing, the calendar, check and mending.

A collection of imports is put in beside ours: what is said of all collections must hold for it as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from tempuse.access import SYSTEM
from tempuse.geojson import feature_text
from tempuse.publication import COLLECTIONS, QUERYABLES, Collection, Published, Publisher
from tempuse.registry import publishing
from tempuse.registry.areas import load_areas
from tempuse.registry.care import checking, mending
from tempuse.registry.origins import ORIGINS, Origin, Right
from tempuse.registry.spaces import add_space
from tempuse.store import audit, published, tables
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import AreaKind, Facility, UseCategory
from tests.builders import a_district, a_space
from tests.conftest import NOW

# More than are published in one go, and as few as show the same where that does not matter.
MANY, FEW = 1200, 12


def _row(ref: str, *, is_due: bool) -> Published:
    text = feature_text(ref, None, {"ref": ref})
    facts = {"kind": "list", "facilities": 3}
    soon = NOW + timedelta(hours=1) if is_due else None
    return Published(collection="lists", ref=ref, geometry=None, feature=text, facts=facts, next_change_at=soon)


def _every(con: Connection, rule: Publisher) -> Iterator[Right]:
    refs = con.scalars(select(tables.imports.c.ref).order_by(tables.imports.c.id))
    yield {ref: _row(ref, is_due=rule.today == NOW.date()) for ref in refs}


def _some(con: Connection, rule: Publisher, refs: Sequence[str]) -> Right:
    return {ref: row for right in _every(con, rule) for ref, row in right.items() if ref in set(refs)}


@pytest.fixture
def many() -> int:
    """How many imports there are."""
    return FEW


@pytest.fixture
def filled(con: Connection, now: datetime, monkeypatch: pytest.MonkeyPatch, many: int) -> Connection:
    """Two areas, two spaces, and imports, which everybody may see."""
    monkeypatch.setitem(COLLECTIONS, "lists", Collection("lists", "import", ()))
    monkeypatch.setitem(ORIGINS, "lists", Origin(_some, _every, lambda con: many))
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district(), a_district("Quay", 3.75)], now)
    add_space(con, SYSTEM, a_space(location_level="cell", location_release_on=date(2026, 11, 24)), now)
    add_space(con, SYSTEM, a_space(water=True, power=False), now)
    with writing(con):
        told = {"at": now, "actor": "x"}
        refs = [f"IM-{number:04d}" for number in range(1, many + 1)]
        con.execute(insert(tables.imports), [{**told, "ref": ref} for ref in refs])
        con.execute(insert(tables.events), [{**told, "noun": "import", "ref": ref, "what": "import"} for ref in refs])
        audit.set_counter(con, "import", many)
        publishing.decide_all(con, now)
    return con


# Those of which ``filled`` has something; what another collection needs is said of these three.
EVERY = ["spaces", "areas", "lists"]


def test_the_tables_of_collections_agree() -> None:
    assert COLLECTIONS.keys() == ORIGINS.keys()
    for name, collection in COLLECTIONS.items():
        assert collection.name == name
        assert collection.noun in audit.NOUNS
        for each in collection.queryables:
            other = QUERYABLES[each.name]
            assert (each.kind, each.noun, each.late) == (other.kind, other.noun, other.late), each.name
            assert each.name in tables.published.c


def test_what_is_said_of_all_collections_holds_for_a_new_one(filled: Connection, now: datetime) -> None:
    assert checking.check_register(filled, now) == []
    filled.rollback()
    assert {name: published.count(filled, name) for name in EVERY} == {"spaces": 2, "areas": 2, "lists": FEW}


WRONG = ({"feature": "{}"}, {"facilities_known": 77}, {"kind": "unit"}, {"lon": 1.0}, None)


@pytest.mark.parametrize("collection", EVERY)
def test_a_wrong_row_of_any_collection_is_found_and_mended(filled: Connection, now: datetime, collection: str) -> None:
    table = tables.published
    of_it = table.c.collection == collection
    ref = filled.scalar(select(table.c.ref).where(of_it).order_by(table.c.ref).limit(1))
    filled.rollback()
    for wrong in WRONG:
        one = of_it & (table.c.ref == ref)
        with writing(filled):
            filled.execute(table.delete().where(one) if wrong is None else update(table).where(one).values(**wrong))
        found = checking.check_register(filled, now)
        filled.rollback()
        assert [(each.message, each.values) for each in found] == [("check.published", {"ref": ref})], wrong
        mending.mend_register(filled, SYSTEM, now)
        assert checking.check_register(filled, now) == []
        filled.rollback()


@pytest.mark.parametrize("many", [MANY])
def test_what_is_due_of_one_collection_keeps_no_other_waiting(filled: Connection, now: datetime) -> None:
    later = now + timedelta(days=1)
    due = publishing.due(filled, later)
    assert {name: len(refs) for name, refs in due.items()} == {"spaces": 1, "lists": 1000}
    filled.rollback()
    assert publishing.republish_due(filled, SYSTEM, later) == 1001
    assert publishing.republish_due(filled, SYSTEM, later) == MANY - 1000
    assert publishing.republish_due(filled, SYSTEM, later) == 0


def test_of_a_facility_it_is_published_whether_it_is_known(filled: Connection) -> None:
    known = tables.published.c.facilities_known
    row = filled.execute(select(tables.published.c.facilities, known).where(known > 0)).one()
    assert tuple(row) == (Facility.WATER.flag, Facility.WATER.flag | Facility.POWER.flag)


def test_each_bit_stays_what_it_is() -> None:
    """Stored rows are read by these numbers: a new value takes the next, whatever its place in the list."""
    assert {each.value: each.bit for each in Facility} == {
        "power": 0, "three_phase_power": 1, "water": 2, "drain": 3, "heating": 4, "extraction": 5, "daylight": 6,
        "toilets": 7, "kitchen": 8, "internet": 9, "step_free_access": 10, "goods_lift": 11, "loading_access": 12,
    }  # fmt: skip
    assert {each.value: each.bit for each in UseCategory} == {
        "workshop": 0, "studio": 1, "rehearsal": 2, "meeting": 3, "event": 4, "shop": 5, "food": 6, "learning": 7,
        "office": 8, "sport": 9, "garden": 10, "storage": 11, "shelter": 12, "other": 13,
    }  # fmt: skip
