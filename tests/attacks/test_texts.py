"""Texts from strangers, thrown at every parser: each is read or refused at once, and nothing else goes down with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tempuse.io import commas
from tempuse.io.places import extents, wkt
from tempuse.io.places.typed import parse_place
from tests.attacks.texts import PARSERS, PIECES, TEXTS

# A text is read in milliseconds; what takes seconds on a busy machine grows faster than the text.
LIMIT_S = 5.0
TIMES = (1, 2, 3000)
# PROJ looks a fifth of a second for each name that it does not know: one of the three for each piece, in turn.
DEAR = ("crs",)
EVERYTHING = bool(os.environ.get("TEMPUSE_TEST_EVERYTHING"))
NESTED = (
    "GEOMETRYCOLLECTION(" * 100_000 + "POINT(3 51)" + ")" * 100_000,
    "geometrycollection z (" * 20_000,
    "MULTICURVE(COMPOUNDCURVE(" * 20_000,
    "SRID=4326;" + "GEOMETRYCOLLECTION(" * 100_000,
    "MULTIPOLYGON" + "(" * 200_000,
    '{"type":"GeometryCollection","geometries":[' * 50_000,
    '{"type":"FeatureCollection","features":[' * 50_000,
)


class TooLong(Exception):
    """A parser took longer than any text is worth."""


@contextmanager
def _at_once() -> Iterator[None]:
    def over(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _read_apart(parsers: list[str], texts: list[str]) -> list[str]:
    """Let another process read these texts with each parser; how it got on, a line a text."""
    asked = json.dumps({"parsers": parsers, "texts": texts})
    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks.texts"], input=asked, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout.split()


@pytest.mark.parametrize("name", PARSERS)
def test_whatever_is_sent_is_read_or_refused_at_once(name: str) -> None:
    parse = PARSERS[name]
    for turn, piece in enumerate(PIECES):
        for times in TIMES[turn % 3 :][:1] if name in DEAR and not EVERYTHING else TIMES:
            with _at_once():
                parse((piece * times)[:40_000])

    @settings(max_examples=50, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(text=TEXTS)
    def throw(text: str) -> None:
        with _at_once():
            parse(text)

    throw()


@pytest.mark.parametrize(
    "text",
    [
        "1" * 3000 + "," + "1" * 3000, "1" * 40_000 + "," + "1" * 40_000, "1" + " " * 30_000 + "x", "1°" * 20_000,
        "1" * 20_000 + "°", "A" * 40_000 + "(", "A" + " " * 40_000 + "x", "POINT" + " " * 40_000 + "x",
        "SRID=" + "1" * 40_000, "(" * 40_000, "1,2" * 10_000, "0" * 400 + "," + "9" * 400, "9" * 90 + " " + "9" * 9,
    ],
    ids=lambda text: f"{text[:12]} {len(text)}",
)  # fmt: skip
def test_a_pair_of_numbers_has_a_length(text: str) -> None:
    for name in ("place", "place anywhere", "pair", "coordinate", "wkt", "box"):
        with _at_once():
            PARSERS[name](text)


def test_what_nests_ends_no_process() -> None:
    assert _read_apart(["place", "wkt"], list(NESTED)) == ["place"] * len(NESTED) + ["wkt"] * len(NESTED)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GEOMETRYCOLLECTION(POINT(3 51))", "GEOMETRYCOLLECTION"),
        ("SRID=4326; geometrycollection Z (POINT Z (3 51 1))", "GEOMETRYCOLLECTION"),
        ("CIRCULARSTRING(0 0,1 1,2 0)", "CIRCULARSTRING"),
        ('{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[3,51]}]}', "GeometryCollection"),
        ('{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]}}', "GeometryCollection"),
    ],
)
def test_a_collection_is_refused_with_a_sentence_that_names_it(text: str, kind: str) -> None:
    with pytest.raises(Exception) as refused:
        parse_place(text)
    assert (refused.value.message, refused.value.values) == ("where.kind", {"kind": kind})  # type: ignore[attr-defined]


def test_an_outline_of_twenty_thousand_corners_is_read() -> None:
    ring = ", ".join(f"{3 + i / 40_000:.15f} {51 + (i * i % 997) / 1e5:.15f}" for i in range(20_000))
    text = f"POLYGON (({ring}, 3 51))"
    assert len(text) < wkt.LONGEST
    assert len(parse_place(text).geometry.exterior.coords) == 20_001
    longer = text.replace("POLYGON", "POLYGON" + " " * wkt.LONGEST)
    with pytest.raises(Exception) as refused:
        parse_place(longer)
    assert refused.value.message == "where.too_long"  # type: ignore[attr-defined]
    assert wkt.shapes_of([longer, "POINT(3 51)"]).wrong == {0: ("place.not_wkt", {})}


@given(text=st.text(alphabet="'=+-@\t\r\nA1., ＝", max_size=8))
def test_the_guard_against_formulas_comes_off_whole(text: str) -> None:
    guarded = commas.harmless(text)
    assert guarded.lstrip("'") == text.lstrip("'")
    assert commas.bare(guarded) == text


def test_a_box_has_a_length() -> None:
    with pytest.raises(Exception) as refused:
        extents.extent_of("1," * 100_000)
    assert refused.value.message == "extent.unknown"  # type: ignore[attr-defined]
    assert len(refused.value.values["extent"]) <= 200  # type: ignore[attr-defined]
