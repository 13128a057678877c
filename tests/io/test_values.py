"""Values in every writing: numbers, units, days, answers; what could be two things is left open and said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempuse.folding import fold, fold_name
from tempuse.io.candidates import Candidate, Candidates
from tempuse.io.crosswalk import Column, Crosswalk, load
from tempuse.io.crosswalk.columns import match
from tempuse.io.sources.source import Row, Source
from tempuse.io.values import cells, days
from tempuse.io.values.cells import Style


def a_source(columns: dict[str, list[Any]], **more: Any) -> Source:
    count = len(next(iter(columns.values())))
    rows = [Row(i + 1, {name: values[i] for name, values in columns.items()}) for i in range(count)]
    return Source("list", "csv", list(columns), lambda: iter(rows), **more)


def read(columns: dict[str, list[Any]], fields: dict[str, str], units: dict[str, str] | None = None) -> list[Candidate]:
    """These columns read as these fields, with the words of the generic profile."""
    source = a_source(columns)
    taken = [Column(name, field, (units or {}).get(name, "")) for name, field in fields.items()]
    known = Crosswalk("test", taken, match(load("generic"), source.columns).values)
    return [row for batch in Candidates(source, known, every_row=True).batches() for row in batch]


def one(value: Any, field: str, unit: str = "") -> tuple[Any, list[tuple[str, str]]]:
    """One value read as one field: what became of it, and what was said."""
    (row,) = read({"c": [value]}, {"c": field}, {"c": unit})
    return row.fields.get(field), [(issue.message, issue.done) for issue in row.issues]


# ---- numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("94", 94), ("94.5", 94.5), ("94,5", 94.5), ("1.250,50", 1250.5), ("1,250.50", 1250.5), ("1 250,5", 1250.5),
        ("1’250.5", 1250.5), ("1'250", 1250), ("1 250", 1250), ("1.234.567", 1234567), ("1,234,567", 1234567),
        ("0,250", 0.25), ("0.250", 0.25), ("1250,000", 1250), ("ca. 94 m²", 94), ("94 m2", 94), ("94m²", 94),
        ("2 ha", 20_000), ("0,5 ha", 5000), ("1000 sq ft", 92.9), ("12,5 are", 1250), (94, 94), (94.25, 94.25),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_writing_that_has_one_meaning(text: Any, number: float) -> None:
    assert one(text, "floor_area_m2") == (number, [])


@pytest.mark.parametrize("text", ["12.500", "999,999", "85.200 m²"])
def test_a_number_that_could_be_two_is_left_empty_and_kept_beside(text: str) -> None:
    (row,) = read({"c": [text]}, {"c": "floor_area_m2"})
    assert "floor_area_m2" not in row.fields
    assert row.fields["source_fields"] == {"c": text}
    assert [(issue.message, issue.done, issue.grave) for issue in row.issues] == [
        ("value.dot_or_comma", "value.left_empty", True)
    ]


def test_an_area_that_a_sign_makes_tiny_is_left_open() -> None:
    rows = read({"c": ["1.2500", "94.5", "3.5", "12.2500", "0.2500 ha"]}, {"c": "floor_area_m2"})
    assert [row.fields.get("floor_area_m2") for row in rows] == [None, 94.5, 3.5, 12.25, 2500]
    assert [issue.message for issue in rows[0].issues] == ["value.dot_or_comma"]


@pytest.mark.parametrize(
    ("field", "odd", "usual"),
    [("floor_area_m2", "1.250 m²", ["94.5", "12.25"]), ("cost_cents", "€ 1,250", ["350,50", "1.200,00"])],
)
def test_a_cell_that_makes_no_sense_as_the_others_write_is_left_open_alone(
    field: str, odd: str, usual: list[str]
) -> None:
    rows = read({"c": [*usual, odd]}, {"c": field})
    assert [row.fields.get(field) is not None for row in rows] == [True, True, False]
    assert [(issue.message, issue.done) for issue in rows[2].issues] == [("value.dot_or_comma", "value.left_empty")]
    assert rows[2].fields["source_fields"] == {"c": odd}


def test_the_other_rows_decide_what_a_sign_means() -> None:
    rows = read({"c": ["1.250", "94,5", "12,25"]}, {"c": "floor_area_m2"})
    assert [row.fields["floor_area_m2"] for row in rows] == [1250, 94.5, 12.25]
    rows = read({"c": ["12.250", "94.5"]}, {"c": "floor_area_m2"})
    assert [row.fields["floor_area_m2"] for row in rows] == [12.25, 94.5]
    # Another column of the file tells, too.
    rows = read({"c": ["1.250"], "d": ["7,5"]}, {"c": "floor_area_m2", "d": "plot_area_m2"})
    assert rows[0].fields["floor_area_m2"] == 1250


@pytest.mark.parametrize("text", ["1.25.5", "1,2,3", "1.2345,6", "12.34.567"])
def test_signs_that_make_no_number_are_left_open(text: str) -> None:
    found, said = one(text, "floor_area_m2")
    assert found is None
    assert said == [("value.dot_or_comma", "value.left_empty")]


@pytest.mark.parametrize(("text", "message"), [
    ("large", "value.not_a_number"), ("-5", "value.out_of_range"), ("99999999999", "value.out_of_range"),
])  # fmt: skip
def test_what_is_no_area_is_said(text: str, message: str) -> None:
    assert one(text, "floor_area_m2") == (None, [(message, "value.left_empty")])


@given(st.decimals(min_value=0, max_value=9_999_999, places=2, allow_nan=False), st.sampled_from([".", ","]))
def test_a_number_written_with_a_known_sign_comes_back_or_is_refused_never_wrong(value: Any, sign: str) -> None:
    text = f"{value:,.2f}".translate(str.maketrans({",": "." if sign == "," else ",", ".": sign}))
    found, wrong = cells.number(text, Style(sign))
    assert (found, wrong) == (float(value), "")
    found, wrong = cells.number(text, Style())
    assert wrong or found == float(value)


@pytest.mark.parametrize(
    ("field", "unit", "text", "value"),
    [
        ("ceiling_height_cm", "", "3.2", 320), ("ceiling_height_cm", "", "320", 320),
        ("ceiling_height_cm", "mm", "3200", 320), ("ceiling_height_cm", "", "3,20 m", 320),
        ("ceiling_height_cm", "cm", "95", 95),
        ("floor_area_m2", "ha", "1,5", 15_000), ("plot_area_m2", "", "3 ha", 30_000),
        ("longest_term_days", "m", "6", 180), ("longest_term_days", "", "6 maanden", 180),
        ("longest_term_days", "", "2 Jahre", 730), ("shortest_term_days", "", "10 days", 10),
        ("cost_cents", "", "1.250,50", 125_050), ("cost_cents", "", "€ 310", 31_000),
        ("cost_cents", "Tsd €", 3, 300_000), ("cost_cents", "Tsd €", "3", 300_000), ("cost_cents", "cents", 310, 310),
        ("storey", "", "RDC", 0), ("storey", "", "kelder", -1), ("storey", "", "2", 2),
        ("storey", "", "Erdgeschoss", 0),
        ("building_year", "", "1931", 1931), ("fire_capacity_persons", "", "200", 200),
    ],
)  # fmt: skip
def test_units_become_ours(field: str, unit: str, text: str, value: float) -> None:
    assert one(text, field, unit) == (value, [])


def test_a_term_without_a_unit_is_left_open() -> None:
    assert one("6", "longest_term_days") == (None, [("value.term_unit", "value.left_empty")])


def test_a_year_among_words_is_taken_and_said() -> None:
    assert one("built about 1931", "building_year") == (1931, [("value.year_taken", "value.taken")])


# ---- days -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "2026/3/1", "2026.03.01", "1/3/2026", "01-03-2026", "1.3.2026", "01.03.26", "1 3 2026",
     "1 maart 2026", "1 mars 2026", "1. März 2026", "1 March 2026", "1 mrt 2026", "1-mrt-26", "2026-03-01T00:00:00Z",
     "2026-03-01 10:30", 46082, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)],
)  # fmt: skip
def test_a_day_is_read_in_every_writing(text: Any) -> None:
    assert one(text, "vacant_since") == (date(2026, 3, 1), [])


@pytest.mark.parametrize(
    ("text", "found", "message"),
    [
        ("2026", date(2026, 1, 1), "value.year_only"), (2026, date(2026, 1, 1), "value.year_only"),
        ("03/2026", date(2026, 3, 1), "value.month_only"), ("2026-03", date(2026, 3, 1), "value.month_only"),
        ("March 2026", date(2026, 3, 1), "value.month_only"),
        ("31/02/2026", None, "value.no_such_day"), ("soon", None, "value.not_a_day"), ("99", None, "value.not_a_day"),
    ],
)  # fmt: skip
def test_a_day_that_is_less_or_more_than_a_day_is_said(text: Any, found: date | None, message: str) -> None:
    value, said = one(text, "vacant_since")
    assert value == found
    assert [each for each, _ in said] == [message]


def test_an_american_day_among_others_is_read_and_said() -> None:
    first, second = read({"c": ["03/25/2026", "25/03/2026"]}, {"c": "vacant_since"})
    assert first.fields["vacant_since"] == second.fields["vacant_since"] == date(2026, 3, 25)
    assert [issue.message for issue in first.issues] == ["value.month_first"]
    assert not second.issues


def test_the_other_rows_decide_whether_the_month_comes_first() -> None:
    rows = read({"c": ["03/04/2026", "12/25/2025"]}, {"c": "vacant_since"})
    assert [row.fields["vacant_since"] for row in rows] == [date(2026, 3, 4), date(2025, 12, 25)]
    assert not rows[0].issues


@given(st.dates(date(1900, 1, 2), date(2099, 12, 30)))
def test_a_day_comes_back_as_it_was_written(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}"):
        assert days.day(text, Style()) == (day, "")


# ---- words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one_way", "another"),
    [
        ("L’État", "l'etat"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Señor", "senor"),
        ("A\u00a0 b\t c", "a b c"),
        ("ŒUVRE", "oeuvre"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("`a´", "'a'"),
    ],
)
def test_two_spellings_of_one_word_are_one(one_way: str, another: str) -> None:
    assert fold(one_way) == fold(another)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold_name(fold_name(text)) == fold_name(text)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("kind", "Gebouw", "building"), ("kind", "TERRAIN", "plot"), ("condition", "Goed", "good"),
        ("ownership", "Gemeente", "municipality"), ("heating", "Oui", True), ("heating", "nein", False),
        ("heating", "0", False), ("heating", 1, True), ("kind", "building", "building"),
        ("occupancy", "partly occupied", "partly_occupied"),
        ("suitable_uses", "garden; workshop", ("garden", "workshop")),
    ],
)  # fmt: skip
def test_a_word_is_known_however_it_is_written(field: str, text: Any, value: Any) -> None:
    assert one(text, field) == (value, [])


def test_a_word_that_is_not_known_is_kept_beside() -> None:
    (row,) = read({"c": ["partly"]}, {"c": "heating"})
    assert "heating" not in row.fields
    assert row.fields["source_fields"] == {"c": "partly"}
    assert [(issue.message, issue.done, issue.grave) for issue in row.issues] == [
        ("value.not_yes_or_no", "value.kept_unknown", False)
    ]


def test_of_several_words_the_known_ones_are_taken_and_all_are_kept() -> None:
    (row,) = read({"c": ["garden, disco"]}, {"c": "suitable_uses"})
    assert row.fields["suitable_uses"] == ("garden",)
    assert row.fields["source_fields"] == {"c": "garden, disco"}
    assert [issue.message for issue in row.issues] == ["value.not_in_list"]


def test_texts_keep_their_zeros_their_letters_and_their_length() -> None:
    (row,) = read({"a": ["007"], "b": [7], "c": [7.0], "d": ["x" * 2001]},
                  {"a": "postcode", "b": "source_ref", "c": "name", "d": "description"})  # fmt: skip
    assert (row.fields["postcode"], row.source_ref, row.fields["name"]) == ("007", "7", "7")
    assert len(row.fields["description"]) == 2001
    assert one("x" * 2001, "name")[1] == [("value.too_long", "value.cut")]


def test_what_two_columns_say_of_one_field_is_not_lost() -> None:
    (row,) = read({"a": ["Loft"], "b": ["Sail loft"]}, {"a": "name", "b": "name"})
    assert row.fields["name"] == "Loft"
    assert row.fields["source_fields"] == {"b": "Sail loft"}


def test_columns_that_nobody_knows_are_kept_beside() -> None:
    (row,) = read({"a": ["Loft"], "b": [12.5], "c": [None], "d": [date(2026, 1, 2)]}, {"a": "name"})
    assert row.fields["source_fields"] == {"b": "12.5", "d": "2026-01-02"}


def test_an_address_in_parts_is_put_together() -> None:
    (row,) = read({"s": ["Ferry Street"], "n": [14], "b": ["2"]}, {"s": "street", "n": "house_number", "b": "box"})
    assert row.fields["address"] == "Ferry Street 14 box 2"


@given(st.text(max_size=30))
def test_any_text_at_all_is_a_value_or_an_issue_never_an_exception(text: str) -> None:
    fields = ("floor_area_m2", "vacant_since", "heating", "kind", "suitable_uses", "storey", "cost_cents", "name",
              "longest_term_days", "ceiling_height_cm", "building_year", "parcel_refs")  # fmt: skip
    (row,) = read({field: [text.strip() or None] for field in fields}, {field: field for field in fields})
    for issue in row.issues:
        assert issue.message.startswith("value.")
