"""Coordinates in every writing: understood from the first sign to the last, or no coordinate."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tempuse.io.places.angles import coordinate_of, pair_of
from tempuse.io.places.extents import extent_of
from tests.io.test_place import pairs, places, read, said

GREENWICH = extent_of("-0.2,51.4,0.2,51.6")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-0.120", -0.12), ("−0.110", -0.11), ("–0.100", -0.1), ("0.09 W", -0.09), ("W 0.08", -0.08),
        ("0.0700° W", -0.07),
        ("0,060W", -0.06), ("51° 3' 14\" N", 51.05389), ("N 51 03 14", 51.05389), ("51°03.2333' N", 51.05389),
        ("51d03m14s N", 51.05389), ("51:03:14", 51.05389), ("51º3′14″", 51.05389), ("51°3’14’’S", -51.05389),
        ("51 03 14", 51.05389), ("51.05 deg N", 51.05), ("noord 51,05", 51.05), ("lat: 51.05", 51.05), ("51°", 51),
        ("104 512", 104_512), ("104.512,75", 104_512.75), ("104512 m", 104_512), ("333836 E", 333_836),
    ],
)  # fmt: skip
def test_one_coordinate_in_many_writings(text: str, value: float) -> None:
    found = coordinate_of(text)
    assert found is not None
    assert found.value == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    ["-0.1 W", "51.05 or so", "51 03", "51°61'N", "51°3'14\" N of here", "N 51 S", "51.05.2", "12 min", "51,05 3,72",
     "51.5°30'", "about 51", "3.72 O", "51.054", "", "W"],
)  # fmt: skip
def test_what_is_no_coordinate_from_end_to_end_is_none(text: str) -> None:
    assert coordinate_of(text) is None


@pytest.mark.parametrize(
    "text",
    ["51.05 N, 3.72 E", "N51.05 E3.72", "51.05N3.72E", "3.72E 51.05N", "lat: 51.05, lon: 3.72",
     "51°03'00\"N 3°43'12\"E",
     "51:03:00 3:43:12", "51 03 00 N 3 43 12 E", "(51º03′00″, 3º43′12″)", "51d3m0sN; 3d43m12sE"],
)  # fmt: skip
def test_two_coordinates_in_one_text_are_cut_where_both_are_whole(text: str) -> None:
    assert pair_of(text) == pytest.approx((3.72, 51.05))
    (row,), _ = read([{"gps": text}], {"gps": "latlon"})
    assert places([row])[0].x == pytest.approx(3.72)


@pytest.mark.parametrize(
    "text", ["51°03'N 3°43'E and more", "near 51.05 N 3.72 E", "51.05 N 3.72 E 4.5 E", "51.05 N 52 N"]
)
def test_more_or_less_than_two_coordinates_are_no_place(text: str) -> None:
    assert pair_of(text) is None
    (row,), _ = read([{"gps": text}], {"gps": "latlon"})
    assert said(row) == [("place.not_a_pair", "place.waits")]


def test_west_is_west_however_it_is_written() -> None:
    texts = ["-0.120", "−0.110", "–0.100", "0.090 W", "W 0.080", "0.0700° W", "0,060W", "-0.050"]
    rows, _ = pairs([(text, f"51.5{i}") for i, text in enumerate(texts)], ("lon", "lat"), extent=GREENWICH)
    assert [place and round(place.x, 3) for place in places(rows)] == [
        -0.12,
        -0.11,
        -0.1,
        -0.09,
        -0.08,
        -0.07,
        -0.06,
        -0.05,
    ]


def test_one_odd_cell_costs_no_other_its_coordinate() -> None:
    rows, _ = pairs([("3.70", "51.05"), ("3,71", "51,06"), ("3.72 or so", "51.07")], ("lon", "lat"))
    assert [place is not None for place in places(rows)] == [True, True, False]


def test_letters_say_more_than_headings() -> None:
    rows, _ = pairs([("51.05 N", "3.72 E"), ("51.05 N", "51.06 N")], ("lon", "lat"))
    assert (places(rows)[0].x, places(rows)[0].y) == (3.72, 51.05)
    assert said(rows[1]) == [("place.not_a_pair", "place.waits")]


def test_eastings_with_a_sign_between_thousands_are_metres() -> None:
    for sign in ".,":
        texts = [(f"104{sign}512", f"193{sign}870"), (f"104{sign}812", f"193{sign}970")]
        rows, _ = pairs(texts, crs="EPSG:31370")
        assert all(place is not None and 3.6 < place.x < 3.8 for place in places(rows))


PIECES = ("51", "3", "03", "14", ".05", ",7", "°", "º", "'", "′", '"', "″", " ", ":", "N", "W", "E", "-", "−", "d",
          "m", "s", "x",
          "of", "104512", "(", ",", ", ", "lat ")  # fmt: skip


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join), st.data())
def test_no_coordinate_loses_a_figure_in_silence(text: str, data: Any) -> None:
    found = coordinate_of(text, ".")
    places = [match.start() for match in re.finditer(r"[1-9]", text)]
    assume(found is not None and places)
    at = data.draw(st.sampled_from(places))
    assert coordinate_of(f"{text[:at]}{int(text[at]) % 9 + 1}{text[at + 1 :]}", ".") != found


@given(st.floats(-90, 90, allow_nan=False), st.sampled_from(["{d}°{m}'{s}\"{h}", "{h} {d} {m} {s}", "{d}d{m}m{s}s {h}",
                                                              "{d}:{m}:{s} {h}", "{d}º {m}′ {s}″ {h}"]))  # fmt: skip
def test_degrees_minutes_and_seconds_come_back(value: float, shape: str) -> None:
    seconds = round(abs(value) * 36_000)
    text = shape.format(d=seconds // 36_000, m=seconds // 600 % 60, s=seconds % 600 / 10, h="S" if value < 0 else "N")
    found = coordinate_of(text)
    assert found is not None
    assert found.value == pytest.approx(-seconds / 36_000 if value < 0 else seconds / 36_000, abs=1e-9)
