"""Frames in, frames out: figures by district, how long spaces stood empty, what is near."""

from __future__ import annotations

from datetime import date

import pytest

from tempuse import analysis
from tempuse.areas import Area
from tempuse.geometry import area_m2
from tests.builders import HERE, a_district, a_place, a_space

ON = date(2026, 11, 23)


def districts() -> list[Area]:
    one, other = a_district("Old Docks"), a_district("Northgate", west=3.60)
    one.ref, other.ref = "AR-0001", "AR-0002"
    return [one, other]


def test_a_district_counts_its_spaces_and_their_outlook() -> None:
    frame = analysis.frame_of([
        a_space(ref="SP-0001", district_ref="AR-0001", floor_area_m2=100.0, vacant_since=date(2026, 5, 23)),
        a_space(ref="SP-0002", district_ref="AR-0001", occupancy="temporary_use", floor_area_m2=50.0),
        a_space(ref="SP-0003", district_ref="AR-0001", status="verified", geometry=None),
        a_space(ref="SP-0004", district_ref=None),
    ], ON)  # fmt: skip
    table = analysis.by_district(frame, districts())
    docks = table.loc["AR-0001"]
    assert (docks["spaces"], docks["free"], docks["used"], docks["shut"]) == (3, 1, 1, 1)
    assert docks["area_m2"] == 150
    assert docks["months_vacant"] == pytest.approx(6.0, abs=0.1)
    km2 = float(area_m2(table.geometry.to_numpy())[0]) / 1e6
    assert docks["spaces_per_km2"] == pytest.approx(3 / km2, abs=0.01)
    assert table.loc["AR-0002", "spaces"] == 0
    assert table.crs == "EPSG:4326"


def test_a_register_without_spaces_or_districts_gives_empty_frames() -> None:
    empty = analysis.frame_of([], ON)
    assert len(empty) == 0
    assert list(analysis.by_district(empty, districts())["spaces"]) == [0, 0]
    assert len(analysis.by_district(empty, [])) == 0
    assert len(analysis.nearby(empty, *HERE, 1000)) == 0


def test_only_what_stands_empty_counts_months() -> None:
    since = date(2025, 11, 23)
    assert analysis.months_vacant(a_space(vacant_since=since), ON) == pytest.approx(12, abs=0.1)
    assert analysis.months_vacant(a_space(vacant_since=since, occupancy="occupied"), ON) is None
    assert analysis.months_vacant(a_space(vacant_since=date(2027, 1, 1)), ON) is None


def test_what_is_near_comes_nearest_first() -> None:
    frame = analysis.frame_of([
        a_space(ref="SP-0001", geometry=a_place(0.01)),
        a_space(ref="SP-0002", geometry=a_place(0.001)),
        a_space(ref="SP-0003", geometry=a_place(0.1)),
        a_space(ref="SP-0004", geometry=None),
    ], ON)  # fmt: skip
    near = analysis.nearby(frame, *HERE, 1000)
    assert list(near.index) == ["SP-0002", "SP-0001"]
    assert near["distance_m"].iloc[0] == pytest.approx(70, abs=2)
