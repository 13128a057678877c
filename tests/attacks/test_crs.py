"""Words for coordinate reference systems: over the web only codes and our own names ever reach PROJ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyproj
import pytest
from flask import Flask
from pyproj.database import query_crs_info

from tempuse import geometry
from tempuse.errors import Invalid
from tempuse.io.candidates import Candidates
from tempuse.io.crosswalk import load
from tempuse.io.crosswalk.columns import match
from tempuse.io.places.extents import extent_of
from tempuse.io.sources.source import Row, Source
from tempuse.settings import parse
from tests.office import a_signed_in_client, post

NESTED = '{"a":' * 4000
UNKNOWN = (
    "ANYWORD", "x" * 30_000, NESTED, "[" * 50_000, "PROJCS[" * 3000, "+proj=" + "a" * 5000, "EPSG:999999", "EPSG:1",
    "EPSG:" + "9" * 5000, "²³²³", "٣١٣٧٠", "EPSG:31370\x00", "\ud800", "", " ", "EPSG:31370,EPSG:4326",
)  # fmt: skip


def asked() -> int:
    """How many texts PROJ was asked for."""
    return geometry._crs_code.cache_info().misses


@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: ascii(text[:12]))
def test_an_unknown_word_is_refused_with_its_sentence(text: str) -> None:
    for ask in (geometry.coded_crs, geometry.known_crs):
        with pytest.raises(Invalid) as refused:
            ask(text)
        assert refused.value.message == "crs.unknown"
        assert len(refused.value.values["crs"]) <= 80
    if text.strip():
        with pytest.raises(Invalid):
            parse("national_crs", text)


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("31370", "EPSG:31370"), ("epsg:31370", "EPSG:31370"), (" EPSG:2154 ", "EPSG:2154"),
        ("Lambert 72", "EPSG:31370"),
        ("urn:ogc:def:crs:EPSG::28992", "EPSG:28992"), ("http://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:4326"),
        ("WGS84", "EPSG:4326"),
    ],
)  # fmt: skip
def test_codes_and_our_names_are_known_at_every_door(text: str, crs: str) -> None:
    assert geometry.coded_crs(text) == geometry.known_crs(text) == parse("national_crs", text) == crs


def test_a_stranger_s_word_never_reaches_proj(app: Flask) -> None:
    client, before = app.test_client(), asked()
    for word in ("ANYWORD", "Lambert", NESTED, "PROJCS[" * 500, "+proj=utm +zone=31", "x" * 5000, "IGNF:LAMB93"):
        answer = client.get("/spaces.csv", query_string={"crs": word})
        assert answer.status_code in (400, 422), (word[:20], answer.status_code)
    assert asked() == before


def test_the_office_s_word_never_reaches_proj_either(app: Flask) -> None:
    client, before = a_signed_in_client(app), asked()
    answer = post(
        client, "/office/import", {"crs": "ANYWORD", "status": "verified"}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "is not a coordinate reference system that we know" in answer.text
    assert asked() == before


def test_what_is_not_known_is_remembered() -> None:
    for _ in range(3):
        with pytest.raises(Invalid):
            geometry.known_crs("a word that nobody else asks for")
    before = asked()
    with pytest.raises(Invalid):
        geometry.known_crs("a word that nobody else asks for")
    assert asked() == before
    assert geometry._crs_code.cache_info().maxsize == 256


@pytest.mark.parametrize(
    "text", ["x" * 201, "51.05 3.72", "²", "Łł", "3 51," * 3000, "\U0001f600"], ids=lambda text: ascii(text[:12])
)  # fmt: skip
def test_what_can_be_no_name_does_not_reach_proj_at_all(text: str) -> None:
    before = asked()
    with pytest.raises(Invalid):
        geometry.known_crs(text)
    assert asked() == before


def test_the_longest_names_and_every_definition_are_read() -> None:
    longest = max((each.name for each in query_crs_info()), key=len)
    assert geometry.known_crs(longest)
    for code in (31370, 28992, 4326):
        crs = pyproj.CRS.from_epsg(code)
        for text in (crs.to_wkt(), crs.to_wkt("WKT1_ESRI"), crs.name):
            assert geometry.known_crs(text) == f"EPSG:{code}", text


def test_rows_that_name_systems_ask_proj_a_few_times_only(tmp_path: Path) -> None:
    head = ["Name", "X", "Y", "CRS"]
    rows = [Row(i, {"Name": f"Mill {i}", "X": 104_637, "Y": 193_985, "CRS": f"word {i}"}) for i in range(2, 400)]
    rows.append(Row(400, {"Name": "Hall", "X": 104_637, "Y": 193_985, "CRS": "Lambert 72"}))
    source = Source("list.csv", "csv", head, lambda: iter(rows))
    before = asked()
    records = Candidates(source, match(load("generic"), head), extent=extent_of("BE"))
    found: list[Any] = [row for batch in records.batches() for row in batch]
    assert len(found) == len(rows)
    assert "geometry" in found[-1].fields
    assert asked() - before < 60
