"""Units in headings; and dot or comma, decided by the file, the country and sense, or asked once."""

from __future__ import annotations

from typing import Any

import pytest

from tempuse.io.candidates import Candidates
from tempuse.io.crosswalk import Column, Crosswalk, columns, load
from tempuse.io.places.extents import extent_of
from tempuse.io.values.headings import readings, unit_for
from tests.io.test_values import a_source


@pytest.mark.parametrize(
    ("heading", "field", "unit"),
    [
        ("oppervlakte_ha", "floor_area_m2", "ha"), ("Site area (hektar)", "plot_area_m2", "hektar"),
        ("Floor area (sq. ft.)", "floor_area_m2", "sq. ft."), ("Plot area (in ha)", "plot_area_m2", "ha"),
        ("Floor area (square feet)", "floor_area_m2", "square feet"), ("Fläche [ar]", "floor_area_m2", "ar"),
        ("Surface en ha", "floor_area_m2", "ha"), ("Oppervlakte, m²", "floor_area_m2", "m²"),
        ("Powierzchnia w m2", "floor_area_m2", "m2"), ("Výměra v ha", "plot_area_m2", "ha"), ("Miete/Monat",
        "cost_cents", "Monat"),
        ("Oppervlakte (bruto)", "floor_area_m2", ""), ("Oppervlakte (ca.)", "floor_area_m2", ""),
        ("Oppervlakte (m², bruto)", "floor_area_m2", "m2"), ("Oppervlakte (tunnland)", "floor_area_m2", "tunnland"),
        ("Oppervlakte (zie de bijlage achteraan)", "floor_area_m2", ""), ("Leegstand sinds (jaar)", "vacant_since", ""),
        ("Bouwjaar", "building_year", ""),
    ],
)  # fmt: skip
def test_a_heading_may_end_with_its_unit(heading: str, field: str, unit: str) -> None:
    found = {(bare, unit_for(field, each)) for bare, each in readings(heading)}
    assert {each for _, each in found} == {unit}
    (column,) = columns.match(load("generic"), [heading]).columns or [Column(heading, field, unit)]
    assert (column.field, column.unit) == (field, unit)


def test_a_heading_may_say_currency_and_time_together() -> None:
    assert unit_for("cost_cents", readings("Huur per maand (€)")[-1][1]) == "€ per maand"


# ---- dot or comma ---------------------------------------------------------------------------------------


def records(values: dict[str, list[Any]], fields: dict[str, str], country: str = "", told: str = "") -> Candidates:
    known = Crosswalk("test", [Column(name, field) for name, field in fields.items()])
    extent = extent_of(country) if country else None
    return Candidates(a_source(values), known, extent=extent, decimal=told)


def areas(found: Candidates) -> list[Any]:
    return [row.fields.get("a") or row.fields.get("floor_area_m2") for batch in found.batches() for row in batch]


def test_a_space_of_a_square_metre_makes_no_sense() -> None:
    found = records({"a": ["1.250 m²", "2.400 m²", "85 m²", "12.500"]}, {"a": "floor_area_m2"})
    assert areas(found) == [1250, 2400, 85, 12_500]
    assert [(issue.message, issue.done, issue.grave) for issue in found.issues] == [
        ("value.dot_or_comma", "value.sign_by_sense", False)
    ]
    assert areas(records({"a": ["1,250"]}, {"a": "floor_area_m2"}, "BE")) == [1250]
    assert areas(records({"a": ["1.250 ha"]}, {"a": "floor_area_m2"})) == [12_500]


@pytest.mark.parametrize(
    ("country", "area"), [("BE", 12_500), ("DE", 12_500), ("PL", 12_500), ("GB", 12.5), ("IE", 12.5)]
)
def test_the_country_decides_what_nothing_else_does_and_it_is_said(country: str, area: float) -> None:
    found = records({"a": ["12.500", "85"]}, {"a": "floor_area_m2"}, country)
    assert areas(found) == [area, 85]
    assert [(issue.done, issue.value) for issue in found.issues] == [("value.sign_by_country", "12.500")]


@pytest.mark.parametrize(
    ("other", "texts", "area"),
    [
        ("cost_cents", ["350,00 €", "2.000,50"], 12_500), ("cost_cents", ["350.00", "2,000.50"], 12.5),
        ("", ["1.234,50", "12,00"], 12_500), ("vacant_since", ["12.03.2021", None], 12_500),
    ],
)  # fmt: skip
def test_the_whole_sheet_votes(other: str, texts: list[Any], area: float) -> None:
    found = records({"a": ["12.500", "85"], "b": texts}, {"a": "floor_area_m2", **({"b": other} if other else {})})
    assert areas(found) == [area, 85]
    assert not found.issues


def test_one_cell_that_contradicts_is_left_open_alone() -> None:
    found = records({"a": ["1.250", "2.400", "64,5", "12,25", "7,75", "83.55", "1.2500"]}, {"a": "floor_area_m2"})
    assert areas(found) == [1250, 2400, 64.5, 12.25, 7.75, None, None]


def test_what_stays_open_is_asked_once_and_told_once() -> None:
    open_yet = records({"a": ["12.500", "24.300"], "b": ["15.000", None]}, {"a": "floor_area_m2", "b": "plot_area_m2"})
    assert areas(open_yet) == [None, None]
    asked = open_yet.styles.question
    assert asked is not None
    assert (asked.text, asked.comma, asked.dot, asked.sign) == ("12.500", 12_500, 12.5, "")
    assert {issue.done for issue in open_yet.issues} == {"value.sign_ask"}
    for told, area in ((",", 12_500), (".", 12.5)):
        found = records({"a": ["12.500"]}, {"a": "floor_area_m2"}, told=told)
        assert areas(found) == [area]
        assert found.issues == []
        assert found.styles.question is not None
        assert found.styles.question.sign == told


def test_a_sheet_in_which_the_sign_makes_no_sense_is_asked() -> None:
    found = records({"a": ["1.250"], "b": ["350.00"]}, {"a": "floor_area_m2", "b": "cost_cents"})
    assert areas(found) == [None]
    assert [issue.done for issue in found.issues] == ["value.sign_ask"]


def test_three_decimals_are_those_of_no_amount() -> None:
    found = records({"a": ["€ 1.250", "€ 2.400"]}, {"a": "cost_cents"}, "GB")
    assert [row.fields["cost_cents"] for batch in found.batches() for row in batch] == [125_000, 240_000]
