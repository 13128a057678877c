"""Grid references and plus codes: each a square, placed in its middle where it is small enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tempuse.errors import Invalid
from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import load
from tempuse.io.crosswalk.columns import match
from tempuse.io.places.extents import Extent, extent_around, extent_of
from tempuse.io.places.finding import by_values
from tempuse.io.places.squares import recovered, square_of
from tempuse.io.places.typed import parse_place
from tempuse.io.read import open_source
from tests.io import lists

# What maps of the Ordnance Survey, Google's own decoder and GEOTRANS say of them, to 2 m.
KNOWN = {
    "31U ES 50301 56213": (3.71771, 51.05525), "31UES5030156213": (3.71771, 51.05525),
    "31U 550301 5656213": (3.71771, 51.05524), "31U 0550301mE 5656213mN": (3.71771, 51.05524),
    "UTM 31N E 550301 N 5656213": (3.71771, 51.05524), "zone 31U, 550301, 5656213": (3.71771, 51.05524),
    "33TWN1234567890": (15.16412, 47.56431), "32V 0297508 6700645": (5.32489, 60.39135),
    "29S MC 12345 12345": (-9.9991, 38.05461), "21HTB1234512345": (-60.15526, -35.09067),
    "SJ8389798112": (-2.2441, 53.47949), "SJ 83897 98112": (-2.2441, 53.47949), "HU 38 38": (-1.30887, 60.12924),
    "J 338 741": (-5.92974, 54.59786), "O159346": (-6.25957, 53.3496),
    "8FVC9G8F+6X": (8.524938, 47.365562), "7FG49QCJ+2VX": (2.782234, 20.370113),
    "8fvc9g8f+6x Zürich": (8.524938, 47.365562),
}  # fmt: skip
NONE = (
    "51.05, 3.72", "31U", "31U 550301", "61U 550301 5656213", "31U ES 503 5621", "31C 550301 5656213", "AB123",
    "9G8F+6X",
    "8FVC9G8F+6", "8FVC9G8F6X", "8FVC9G8F+6X and 8FVC9G8F+7X", "SJ 83897", "IA 123 456", "filled.count.soap", "",
)  # fmt: skip


@pytest.mark.parametrize(("text", "at"), KNOWN.items())
def test_a_grid_reference_is_a_square(text: str, at: tuple[float, float]) -> None:
    found = square_of(text)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx(at, abs=2e-5)


@pytest.mark.parametrize("text", NONE)
def test_what_is_not_one_from_its_first_sign_to_its_last_is_none(text: str) -> None:
    assert square_of(text) is None


def test_a_short_plus_code_is_counted_from_a_place_also_across_a_degree() -> None:
    for near in ((8.5, 47.4), (8.9, 47.8), (8.1, 47.01)):
        found = recovered("9G8F+6X Zürich", near)
        assert found is not None
        assert (found.lon, found.lat) == pytest.approx((8.524938, 47.365562), abs=2e-6)
    assert recovered("8FVC9G8F+6X", (8.5, 47.4)) is None


def listed(tmp_path: Path, head: str, *texts: str, extent: Extent) -> list[Candidate]:
    rows: list[list[Any]] = [["Name", head], *([f"Hall {i}", text] for i, text in enumerate(texts))]
    source = open_source(lists.write_xlsx(tmp_path / "list.xlsx", {"List": rows}), tmp_path / "scratch")
    known = by_values(match(load("generic"), source.columns), source, extent)
    return [row for batch in Candidates(source, known, extent=extent).batches() for row in batch]


def test_a_large_square_is_proposed_and_one_of_100_m_said(tmp_path: Path) -> None:
    rows = listed(tmp_path, "Grid ref", "SJ8389798112", "SJ838981", "SJ8398", "SJ89", extent=extent_of("GB"))
    assert [[(issue.message, issue.done) for issue in row.issues] for row in rows] == [
        [], [("place.square", "place.middle_taken")], [("place.large_square", "place.proposed")],
        [("place.not_a_pair", "place.waits")],
    ]  # fmt: skip
    assert [("geometry" in row.fields) for row in rows] == [True, True, False, False]


def test_letters_before_figures_are_a_numbering_where_no_heading_promises_a_place(tmp_path: Path) -> None:
    rows = listed(tmp_path, "Ledger", "SJ838981", "SJ838982", extent=extent_of("GB"))
    assert [row.fields["source_fields"] for row in rows] == [{"Ledger": "SJ838981"}, {"Ledger": "SJ838982"}]


def test_a_column_of_plus_codes_is_found_and_a_short_one_proposed_in_its_town(tmp_path: Path) -> None:
    town = extent_around(parse_place("POLYGON((8.4 47.3, 8.6 47.3, 8.6 47.5, 8.4 47.5, 8.4 47.3))").geometry, "Zürich")
    codes = [f"8FVC9G8F+{letter}X" for letter in "6789"]
    rows = listed(tmp_path, "Ort", *codes, "9G8F+6X Zürich", extent=town)
    assert all("geometry" in row.fields for row in rows[:4])
    assert [(issue.message, issue.done) for issue in rows[4].issues] == [("place.short_code", "place.proposed")]
    (alone,) = listed(tmp_path, "Plus code", "9G8F+6X Zürich", extent=extent_of("CH"))
    assert [(issue.message, issue.done) for issue in alone.issues] == [("place.short_code", "place.waits")]


def test_a_person_writes_them_too() -> None:
    assert parse_place("31U ES 50301 56213", extent=extent_of("BE")).geometry.x == pytest.approx(3.71771, abs=1e-5)
    with pytest.raises(Invalid, match=r"where\.outside"):
        parse_place("8FVC9G8F+6X", extent=extent_of("BE"))
