"""The map index answers as a slow and simple search would, whatever is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tempuse.durations import DAYS_A_MONTH
from tempuse.folding import fold
from tempuse.geometry import Box, distance_m, morton_keys
from tempuse.mapindex import ROW, Filter, MapIndex, empty_index
from tempuse.mapindex.clusters import MOST_NODES, key_ranges, radius_px
from tempuse.mapindex.filters import CHIPS, FACILITIES, KINDS, MONTHS, OUTLOOKS, SIZES_M2, USES
from tempuse.mapindex.order import ORDERS
from tempuse.vocabulary import Facility, Occupancy, SpaceStatus

TODAY = date(2026, 11, 23)
Row = dict[str, Any]
STREETS = ("ferry street", "ferry lane", "quai de l'ile", "markt")


@cache
def rows_at_random(count: int, seed: int = 1, first: int = 1) -> list[Row]:
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(first, first + count):
        lon, lat = 3.72 + rng.normal(0, 0.05), 51.05 + rng.normal(0, 0.03)
        placed = rng.random() > 0.05
        key = int(morton_keys(np.array([lon]), np.array([lat]))[0]) if placed else 0
        day = TODAY.toordinal()
        rows.append({
            "key": key | number, "ref": f"SP-{number:04d}",
            "lon": lon if placed else None, "lat": lat if placed else None,
            "kind": rng.choice(KINDS), "status": rng.choice([SpaceStatus.OFFERED, SpaceStatus.VERIFIED]),
            "occupancy": str(rng.choice([each.value for each in Occupancy])), "level": "exact",
            "district_ref": f"AR-{rng.integers(1, 4):04d}",
            "area_m2": None if rng.random() < 0.2 else float(rng.lognormal(5, 1)),
            "facilities": int(rng.integers(0, 1 << len(Facility))), "facilities_known": (1 << len(Facility)) - 1,
            "uses": int(rng.integers(0, 1 << 14)),
            "free_from": None if rng.random() < 0.5 else day + int(rng.integers(-100, 300)),
            "free_until": None if rng.random() < 0.5 else day + int(rng.integers(-100, 300)), "facts": None,
            "within_ref": None,
            "words": f"sp-{number:04d} {rng.choice(STREETS)} {rng.integers(1, 99)} {rng.choice(('tannery', 'holm'))}",
        })  # fmt: skip
    return rows


def index_of(rows: list[Row], seq: int = 1) -> MapIndex:
    ordered = sorted(rows, key=lambda row: row["key"])
    return empty_index(TODAY).changed([[[row[name] for name in ROW] for row in ordered]], [], seq)


def outlook(row: Row, on: date = TODAY) -> str:
    if row["occupancy"] == Occupancy.TEMPORARY_USE:
        return "used"
    free = row["status"] == SpaceStatus.OFFERED and row["occupancy"] != Occupancy.OCCUPIED
    return "free" if free and (row["free_until"] is None or row["free_until"] >= on.toordinal()) else "shut"


def fits(row: Row, wanted: Filter) -> bool:
    size = None if row["area_m2"] is None else sum(np.float32(row["area_m2"]) >= top for top in SIZES_M2)
    start = row["free_from"] or -(10**9)
    months = None if wanted.free_within is None else MONTHS[wanted.free_within]
    within = None if months is None else TODAY + timedelta(days=round(months * DAYS_A_MONTH))
    return all((
        not wanted.kinds or row["kind"] in wanted.kinds,
        not wanted.outlooks or outlook(row) in wanted.outlooks,
        all(row["facilities"] & FACILITIES[name] for name in wanted.facilities),
        not wanted.uses or any(row["uses"] & USES[use] for use in wanted.uses),
        not wanted.sizes or size in wanted.sizes,
        within is None or (outlook(row) == "free" and start <= within.toordinal()),
        wanted.free_by is None or (outlook(row) == "free" and start <= wanted.free_by.toordinal()),
        wanted.district is None or row["district_ref"] == wanted.district,
        wanted.text is None or all(word in row["words"] for word in fold(wanted.text).split()),
    ))  # fmt: skip


def holds(box: Box | None, row: Row) -> bool:
    if box is None:
        return True
    return row["lon"] is not None and box.west <= row["lon"] <= box.east and box.south <= row["lat"] <= box.north


ROWS = rows_at_random(1500)
INDEX = index_of(ROWS)

filters = st.builds(
    Filter,
    kinds=st.frozensets(st.sampled_from(KINDS)),
    outlooks=st.frozensets(st.sampled_from(OUTLOOKS)),
    facilities=st.frozensets(st.sampled_from([each.value for each in Facility]), max_size=3),
    uses=st.frozensets(st.sampled_from(list(USES)), max_size=3),
    sizes=st.frozensets(st.integers(0, len(SIZES_M2)), max_size=3),
    free_within=st.none() | st.integers(0, len(MONTHS) - 1),
    free_by=st.none() | st.dates(TODAY - timedelta(days=50), TODAY + timedelta(days=300)),
    district=st.none() | st.sampled_from(["AR-0001", "AR-0002", "AR-0009"]),
    text=st.none() | st.sampled_from(["Ferry", "ferry STREET", "île tannery", "SP-001", "erry holm", "nowhere"]),
)
boxes = st.none() | st.builds(
    lambda west, south, wide, high: Box(west, south, west + wide, south + high),
    st.floats(3.5, 3.9), st.floats(50.9, 51.2), st.floats(0.001, 0.4), st.floats(0.001, 0.3),
)  # fmt: skip


@given(boxes, filters)
def test_a_view_holds_what_a_simple_search_finds(box: Box | None, wanted: Filter) -> None:
    view = INDEX.view(box, wanted)
    assert set(INDEX.refs(view.rows)) == {row["ref"] for row in ROWS if holds(box, row) and fits(row, wanted)}
    assert np.all(np.diff(view.rows) > 0)


@given(boxes, filters)
@settings(max_examples=40)
def test_a_chips_count_is_what_pressing_it_gives(box: Box | None, wanted: Filter) -> None:
    counts = INDEX.view(box, wanted).counts

    def found(asked: Filter) -> int:
        return len(INDEX.view(box, asked).rows)

    assert counts["all"]["all"] == found(wanted)
    for kind in KINDS:
        assert counts["kind"][kind] == found(replace(wanted, kinds=frozenset({kind})))
    for each in OUTLOOKS:
        assert counts["outlook"][each] == found(replace(wanted, outlooks=frozenset({each})))
    for chip in CHIPS:
        assert counts["has"][chip] == found(replace(wanted, facilities=wanted.facilities | {chip.value}))
    for size in range(len(SIZES_M2) + 1):
        assert counts["size"][str(size)] == found(replace(wanted, sizes=frozenset({size})))
    for i in range(len(MONTHS)):
        assert counts["free"][str(i)] == found(replace(wanted, free_within=i))


@given(boxes, filters, st.integers(2, 19))
def test_clusters_hold_every_placed_space_once_and_do_not_overlap(box: Box | None, wanted: Filter, zoom: int) -> None:
    rows = INDEX.view(box, wanted).rows
    placed = [row for row in rows.tolist() if np.isfinite(INDEX.lon[row])]
    marks = INDEX.clusters(rows, zoom)
    assert sum(mark.count for mark in marks) == len(placed)
    assert sum(mark.free for mark in marks) == sum(INDEX.outlook[row] == 0 for row in placed)
    assert all((mark.count == 1) == (mark.row >= 0) for mark in marks)
    for i, one in enumerate(marks):
        for other in marks[:i]:
            apart = np.hypot(one.x - other.x, one.y - other.y) * 256 * 2**zoom
            assert apart >= radius_px(one.count) + radius_px(other.count)


def test_a_country_at_the_zoom_of_a_street_is_drawn_as_coarsely_as_a_screen_can_hold() -> None:
    many = index_of(rows_at_random(3 * MOST_NODES))
    marks = many.clusters(many.view(None, Filter()).rows, 22)
    assert len(marks) <= MOST_NODES
    assert sum(mark.count for mark in marks) == np.count_nonzero(np.isfinite(many.lon))
    assert marks == many.clusters(many.view(None, Filter()).rows, 21)


@given(st.floats(3.5, 3.9), st.floats(50.9, 51.2), st.integers(1, 40), st.integers(0, 1400))
def test_the_list_is_nearest_first_and_turns_its_pages(lon: float, lat: float, count: int, offset: int) -> None:
    rows = INDEX.view(None, Filter()).rows
    page = INDEX.page(rows, "near", (lon, lat), count, offset)
    far = distance_m(INDEX.lon[rows], INDEX.lat[rows], (lon, lat))
    far[np.isnan(far)] = np.inf
    assert len(page) == min(count, len(rows) - offset)
    expected = np.sort(far)[offset : offset + count]
    got = distance_m(INDEX.lon[page], INDEX.lat[page], (lon, lat))
    got[np.isnan(got)] = np.inf
    assert got.tolist() == pytest.approx(expected.tolist())


@given(st.floats(3.5, 3.9), st.integers(1, 40), st.integers(0, 1400), st.sampled_from(ORDERS))
def test_pages_of_every_order_are_the_whole_list_in_turn(lon: float, count: int, offset: int, order: str) -> None:
    rows = INDEX.view(None, Filter()).rows
    whole = INDEX.page(rows, order, (lon, 51.05), len(rows))
    assert sorted(whole.tolist()) == rows.tolist()
    assert INDEX.page(rows, order, (lon, 51.05), count, offset).tolist() == whole[offset : offset + count].tolist()


def test_what_is_free_comes_first_and_what_is_not_known_last() -> None:
    rows = INDEX.view(None, Filter()).rows
    free = INDEX.page(rows, "free", (3.72, 51.05), len(rows))
    assert INDEX.outlook[free].tolist() == sorted(INDEX.outlook[free].tolist())
    first = free[INDEX.outlook[free] == 0]
    assert first.tolist() == INDEX.page(np.sort(first), "near", (3.72, 51.05), len(first)).tolist()
    for order, sign in (("small", 1), ("large", -1)):
        areas = INDEX.columns["area_m2"][INDEX.page(rows, order, (3.72, 51.05), len(rows))]
        known = areas[np.isfinite(areas)]
        assert not np.isfinite(areas[len(known) :]).any()
        assert np.all(np.diff(sign * known) >= 0)


@given(st.lists(st.integers(1, 1700), max_size=60), st.lists(st.integers(1, 1500), max_size=30), st.integers(0, 5))
@settings(max_examples=30)
def test_taking_in_changes_gives_the_index_of_the_changed_rows(changed: list[int], gone: list[int], seed: int) -> None:
    fresh = {row["ref"]: row for row in rows_at_random(1700, seed=100 + seed) if int(row["ref"][3:]) in set(changed)}
    left = [f"SP-{number:04d}" for number in gone if f"SP-{number:04d}" not in fresh]
    batch = [[row[name] for name in ROW] for row in fresh.values()]
    after = INDEX.changed([batch] if batch else [], left, 2)
    truth = [row for row in ROWS if row["ref"] not in fresh and row["ref"] not in left] + list(fresh.values())
    built = index_of(truth)
    assert after.seq == 2
    for name, column in built.columns.items():
        assert column.tobytes() == after.columns[name].tobytes(), name
    np.testing.assert_array_equal(built.pattern, after.pattern)
    for text in ("ferry", "lane 1", "sp-00"):
        assert built.view(None, Filter(text=text)).rows.tolist() == after.view(None, Filter(text=text)).rows.tolist()


def test_the_calendar_moves_what_is_free() -> None:
    row = {
        **rows_at_random(1)[0],
        "status": "offered",
        "occupancy": "vacant",
        "free_until": TODAY.toordinal(),
        "free_from": None,
        "facts": None,
    }
    index = index_of([row])
    assert OUTLOOKS[index.outlook[0]] == "free"
    assert OUTLOOKS[index.on(TODAY + timedelta(days=1)).outlook[0]] == "shut"


def test_an_empty_index_answers() -> None:
    index = empty_index(TODAY)
    view = index.view(Box(0, 0, 1, 1), Filter())
    assert len(view.rows) == 0
    assert index.clusters(view.rows, 5) == []
    assert all(len(index.page(view.rows, order, (0, 0), 10)) == 0 for order in ORDERS)
    assert index.view(None, Filter(text="ferry")).rows.tolist() == []
    assert index.row_of("SP-0001") == -1


@given(st.floats(0, 0.999), st.floats(0, 0.999), st.floats(1e-7, 0.5), st.floats(1e-7, 0.5))
def test_ranges_of_keys_hold_every_place_of_a_box(x: float, y: float, wide: float, high: float) -> None:
    ranges = key_ranges(x, y, min(x + wide, 1), min(y + high, 1))
    assert np.all(ranges[1:, 0] > ranges[:-1, 1])
    rng = np.random.default_rng(1)
    for _ in range(20):
        px, py = x + rng.random() * (min(x + wide, 1) - x), y + rng.random() * (min(y + high, 1) - y)
        lon = px * 360 - 180
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * py))))
        key = int(morton_keys(np.array([lon]), np.array([lat]))[0])
        near = int(morton_keys(np.array([lon + 1e-9]), np.array([lat]))[0])
        assert any(start <= key < end or start <= near < end for start, end in ranges.tolist())
