"""Many spaces at once are the same as many times one."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import shapely
from sqlalchemy import func, select

from tempuse.access import PUBLIC, SYSTEM
from tempuse.areas import Locator
from tempuse.errors import Invalid, NotAllowed
from tempuse.geometry import SEQUENCE_BITS
from tempuse.registry import adding, areas
from tempuse.registry import spaces as registry
from tempuse.registry.care import checking
from tempuse.registry.placing import settle_many
from tempuse.registry.publishing import publisher
from tempuse.registry.records import differences
from tempuse.spaces import Period, Space
from tempuse.store import published, spaces
from tempuse.store.common import current_seq
from tempuse.store.engine import Connection, writing
from tempuse.store.events import of as events_of
from tempuse.store.tables import events
from tempuse.store.tables import published as public_rows
from tempuse.vocabulary import AreaKind, Consent, LocationLevel, SpaceStatus
from tests.builders import a_district, a_place, a_space, an_outline


def some_spaces(number: str = "7") -> list[Space]:
    """Points, outlines, blurred, hidden, retired, without a place, of a list: one of each."""
    return [
        a_space(name="Point", water=True, heating=False),
        a_space(name="Outline", kind="plot", geometry=an_outline(), suitable_uses=("garden", "sport")),
        a_space(name="Given", kind="plot", geometry=an_outline(0.001), plot_area_m2=1150),
        a_space(name="Cell", ownership="company", consent=Consent.GIVEN.value, geometry=a_place(0.002)),
        a_space(name="Hidden", location_level=LocationLevel.HIDDEN.value, location_release_on=date(2027, 1, 4)),
        a_space(name="Reported", status=SpaceStatus.REPORTED.value),
        a_space(name="Retired", status=SpaceStatus.RETIRED.value, retired_on=date(2025, 5, 1)),
        a_space(name="Nowhere", geometry=None, address="9 Quay Lane", available_from=date(2027, 3, 1)),
        a_space(
            name="Source", source="list", source_ref=number, source_fields={"Zustand": "gut"}, parcel_refs=("1/2",)
        ),
    ]


def without_numbers(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in ("key", "seq", "geometry", "words")}


def test_many_at_once_are_the_same_as_one_by_one(con: Connection, now: datetime) -> None:
    areas.load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    past = [
        Period(starts_on=date(2024, 5, 1), ends_on=date(2024, 9, 30), title="Night market"),
        Period(starts_on=date(2025, 1, 1), ends_on=date(2026, 10, 31), title="De Kiel boat school"),
        Period(title="Nobody knows when"),
    ]
    single = [
        registry.add_space(con, SYSTEM, space, now, past=past if space.name == "Point" else ())
        for space in some_spaces()
    ]
    with writing(con), adding.adding(con, SYSTEM, now) as adder:
        batch = some_spaces("8")
        many = adder.add(batch, [past if space.name == "Point" else () for space in batch])
    assert (adder.added, adder.shown) == (9, published.count(con, "spaces") // 2)
    for one, other in zip(single, many, strict=True):
        first, second = spaces.get(con, one), spaces.get(con, other)
        assert differences(first, second).keys() <= {"ref", "placed_by", "source_ref"}
        assert second.created_at == now
        shown = [
            con.execute(select(public_rows).where(public_rows.c.ref == ref)).mappings().first() for ref in (one, other)
        ]
        if shown[0] is None or shown[1] is None:
            assert shown == [None, None]
            continue
        same = [dict(without_numbers(dict(row)), ref="") for row in shown if row is not None]
        for row, ref in zip(same, (one, other), strict=True):
            feature = str(row["feature"]).replace(ref, "").replace('"placed_by":"planner"', '"placed_by":"file"')
            row["feature"] = feature.replace('"source_ref":"8"', '"source_ref":"7"')
        assert same[0] == same[1]
        assert [event.what for event in events_of(con, other)] == ["add"]
        assert events_of(con, other)[0].status == first.status
    con.rollback()
    assert checking.check_register(con, now) == []


def test_the_index_of_places_follows_a_bulk_load(con: Connection, now: datetime) -> None:
    adding.add_spaces(con, SYSTEM, [some_spaces(), some_spaces("8")], now)
    if con.dialect.name != "sqlite":
        found = con.exec_driver_sql("SELECT count(*) FROM spaces WHERE geometry && ST_MakeEnvelope(3, 51, 4, 52, 4326)")
        assert found.scalar() == 16
        return
    for table, key in (("spaces", "id"), ("published", "key")):
        held = con.exec_driver_sql(f"SELECT {key} FROM {table} WHERE geometry IS NOT NULL ORDER BY 1").all()
        tree = con.exec_driver_sql(f"SELECT id FROM rtree_{table}_geometry ORDER BY 1").all()
        assert held == tree
    before = con.exec_driver_sql("SELECT count(*) FROM rtree_spaces_geometry").scalar()
    con.rollback()
    registry.add_space(con, SYSTEM, a_space(), now)
    assert con.exec_driver_sql("SELECT count(*) FROM rtree_spaces_geometry").scalar() == before + 1


def test_one_that_does_not_fit_takes_all_of_them_back(con: Connection, now: datetime) -> None:
    wrong = a_space(condition="splendid")
    with pytest.raises(Invalid) as caught:
        adding.add_spaces(con, SYSTEM, [some_spaces(), [a_space(), wrong]], now)
    assert [issue.field for issue in caught.value.issues] == ["condition"]
    assert spaces.find(con, spaces.SpaceFilter()) == []
    assert con.scalar(select(func.count()).select_from(events).where(events.c.noun == "space")) == 0
    con.rollback()
    assert registry.add_space(con, SYSTEM, a_space(), now) == "SP-0001"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("floor_area_m2", {"floor_area_m2": float("nan")}),
        ("suitable_uses", {"suitable_uses": ("garden", "casino")}),
        ("available_until", {"available_from": date(2027, 3, 1), "available_until": date(2027, 2, 1)}),
        ("longest_term_days", {"shortest_term_days": 30, "longest_term_days": 7}),
        ("geometry", {"geometry": shapely.Point(3.7, 151.0)}),
        ("geometry", {"geometry": shapely.Polygon([(3, 51), (3, 51), (3, 51)])}),
    ],
)
def test_each_kind_of_misfit_is_named(field: str, values: dict[str, object]) -> None:
    look = settle_many if field == "geometry" else lambda batch, _: adding.check_many(batch)
    with pytest.raises(Invalid) as caught:
        look([a_space(), a_space(**values)], Locator([]))
    assert [issue.field for issue in caught.value.issues] == [field]


def test_rows_at_the_same_place_get_different_keys(con: Connection, now: datetime) -> None:
    for _ in range(2):
        adding.add_spaces(con, SYSTEM, [[a_space(geometry=None) for _ in range(3)] for _ in range(2)], now)
    held = list(con.scalars(select(public_rows.c.key).order_by(public_rows.c.key)))
    assert len(set(held)) == 12
    con.rollback()
    # These numbers end like those of the twelve: every key is taken, and each row moves on to a free one.
    rule = publisher(con, now)
    con.rollback()
    rows = [rule.publish(a_space(ref=f"SP-{(1 << SEQUENCE_BITS) + i}", geometry=None)) for i in range(1, 13)]
    with writing(con):
        published.load_new(con, [row for row in rows if row is not None], 99)
    assert published.count(con, "spaces") == 24


def test_a_reader_sees_a_bulk_load_as_one_change(con: Connection, now: datetime) -> None:
    before = current_seq(con)
    con.rollback()
    adding.add_spaces(con, SYSTEM, [[a_space()], [a_space(), a_space()]], now)
    assert current_seq(con) == before + 1
    assert set(con.scalars(select(public_rows.c.seq))) == {before + 1}


def test_the_public_adds_nothing(con: Connection, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        adding.add_spaces(con, PUBLIC, [[a_space()]], now)
