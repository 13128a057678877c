"""Outlines that cross themselves: mended while that is quick, refused beyond, in a file and as a text."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient

from tempuse import geometry, outlines
from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.spaces import add_space
from tempuse.spaces import Space
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tests.office import a_signed_in_client, post

pytestmark = pytest.mark.both_engines

# Without a bound these take minutes and gigabytes.
BOUND_S = 10.0
_RANDOM = np.random.default_rng(7)


def ring(corners: Any) -> Any:
    """The polygon of these corners around Ghent."""
    places = np.asarray(corners, float) * 0.01 + (3.7, 51.0)
    return shapely.polygons(shapely.linearrings(np.vstack([places, places[:1]])))


def scattered(count: int) -> Any:
    """Corners anywhere: each side crosses a third of the others."""
    return ring(_RANDOM.random((count, 2)))


def combs(count: int) -> Any:
    """Two combs across each other."""
    along, up = np.repeat(np.arange(count), 2) / count, np.tile([0.0, 1.0, 1.0, 0.0], count // 2)
    return ring(np.vstack([np.column_stack([along, up]), np.column_stack([1 - up, along])]))


def drawn(count: int, slips: int) -> Any:
    """A round outline with so many places where two corners were drawn the wrong way round."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    corners = np.column_stack([np.cos(turn), np.sin(turn)])
    for at in range(0, count - 1, max(count // slips, 2)):
        corners[[at, at + 1]] = corners[[at + 1, at]]
    return ring(corners)


def cleaned(*shapes: Any) -> tuple[list[Any], list[str]]:
    began = time.monotonic()
    places, notes = geometry.clean(np.array(shapes, object))
    assert time.monotonic() - began < BOUND_S
    return list(places), notes


@pytest.mark.parametrize(
    "shape",
    [
        scattered(600), scattered(1200), scattered(2400), scattered(60_000), scattered(400_000), combs(400),
        shapely.multipolygons([shapely.box(3 + i / 1e5, 51, 3.1 + i / 1e5, 51.1) for i in range(1000)]),
        shapely.geometrycollections([shapely.box(3 + i / 1e5, 51, 3.1 + i / 1e5, 51.1) for i in range(3000)]),
        shapely.linestrings(shapely.get_coordinates(scattered(2400))),
    ],
    ids=["600", "1200", "2400", "60000", "400000", "combs", "parts", "collection", "line"],
)  # fmt: skip
def test_what_cannot_be_mended_soon_is_refused(shape: Any) -> None:
    fine = shapely.Point(3.7, 51.05)
    places, notes = cleaned(shape, fine)
    assert places == [None, fine]
    assert notes == ["geometry.too_tangled", ""]


@pytest.mark.parametrize(
    "shape", [drawn(8, 1), drawn(200, 20), drawn(20_000, 50), drawn(90_000, 900), scattered(60), combs(20)],
    ids=["8", "200", "20000", "90000", "scattered", "combs"],
)  # fmt: skip
def test_what_somebody_drew_is_mended(shape: Any) -> None:
    places, notes = cleaned(shape)
    assert notes == ["geometry.mended_ring"]
    assert shapely.is_valid(places[0])


def test_valid_outlines_have_no_bound_in_corners() -> None:
    turn = np.linspace(0, 2 * np.pi, 300_000, endpoint=False)
    places, notes = cleaned(ring(np.column_stack([np.cos(turn), np.sin(turn)])))
    assert notes == [""]
    assert shapely.get_num_coordinates(places[0]) > outlines.MOST_MENDED


@pytest.fixture
def client(app: Flask, con: Connection, now: Any) -> FlaskClient:
    """A planner in a city of Belgium."""
    setup.change_settings(con, SYSTEM, {"country": "BE"}, now)
    return a_signed_in_client(app)


def test_a_typed_outline_is_refused_with_a_sentence(client: FlaskClient, con: Connection, now: Any) -> None:
    ref = add_space(con, SYSTEM, Space(name="Mill", address="1 Quay"), now)
    text = shapely.to_wkt(scattered(2400))
    began = time.monotonic()
    answer = post(client, f"/office/places/{ref}", {"place": text, "revision": "1"}, "/office/places")
    assert time.monotonic() - began < BOUND_S
    assert answer.status_code == 422, answer.text
    assert "crosses itself so often" in answer.text
    assert spaces.get(con, ref).geometry is None


@pytest.mark.parametrize("text", ["1" * 3000 + "," + "1" * 3000, "1" + " " * 8000 + "x", "GEOMETRYCOLLECTION(" * 9000])
def test_the_office_answers_at_once_to_a_place_that_is_none(client: FlaskClient, text: str) -> None:
    began = time.monotonic()
    answer = post(client, "/office/spaces/place", {"text": text}, "/office/spaces/new")
    assert time.monotonic() - began < BOUND_S
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["wrong"] is True
    assert answer.json["said"]
