"""Numbers with words beside them: a cell is understood whole, or left open and said; no figure is lost in silence."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tempuse.io.values import measures, money, words
from tempuse.io.values.cells import Style, number
from tempuse.io.values.measures import measured
from tests.io.test_values import one, read

OPEN = Style()


def area(text: Any, unit: str = "", decimal: str = "") -> tuple[Any, str]:
    return measured("floor_area_m2", unit, Style(decimal))(text)


@pytest.mark.parametrize(
    ("text", "m2"),
    [
        ("1\u2009250", 1250), ("12\u202f400 m²", 12_400), ("1.25E+05", 125_000), ("4,5e+03", 4500), ("1½", 1.5),
        ("1 ha 20 a 50 ca", 12_050), ("2ha15a", 21_500), ("35 a 20 ca", 3520), ("0 ha 12 a 05 ca", 1205),
        ("2 ha et 15 a", 21_500), ("2 ha, 15 a", 21_500), ("0,5 hektar", 5000), ("2 Ha.", 20_000),
        ("1.5 ettari", 15_000), ("2500 sq. ft.", 232.26), ("2 hectáreas", 20_000), ("1,5 hehtaaria", 15_000),
        ("3 στρέμματα", 3000), ("94 τ.μ.", 94), ("94 m kw.", 94), ("94 mp", 94), ("94 kv.m", 94),
        ("94 m čtverečních", 94),
        ("ong. 94", 94), ("+/- 94 m2", 94), ("około 94 m²", 94), ("přibližně 94 m²", 94), ("noin 94", 94),
        ("94 ca.", 94),
        ("m² 94", 94), ("3,5 Tsd", 3500), ("12 tys. m²", 12_000), ("0,5 ha (5000 m²)", 5000), ("94 m2.", 94),
        ("1/2 ha", 5000), ("\u200e94\u200e", 94), ("\u200b94 m²", 94),
        ("ca. 1 1/2 ha", 15_000), ("94 k-m²", 94), ("94 kem2", 94),
    ],
)  # fmt: skip
def test_an_area_is_understood_from_its_first_sign_to_its_last(text: str, m2: float) -> None:
    assert area(text) == (m2, "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("100-150", "value.range"), ("3 to 5", "value.range"), ("90 – 110 m²", "value.range"),
        ("35 à 50 m²", "value.range"), ("von 90 bis 110", "value.range"), ("od 90 do 110 m²", "value.range"),
        ("90 m² tot 110 m²", "value.range"), ("90/110", "value.range"), ("2 x 450", "value.several_numbers"),
        ("450 + 300", "value.several_numbers"), ("450 m² + 450 m²", "value.several_numbers"),
        ("1.250,00, 800,00", "value.several_numbers"), ("0,5 ha + 5000 m²", "value.several_numbers"),
        ("1 ha 20000 m²", "value.several_numbers"), ("1,5 ha 20 a", "value.several_numbers"),
        (">100", "value.bound"), ("min. 100 m²", "value.bound"), ("100+", "value.bound"), ("max 100", "value.bound"),
        ("94 m", "value.not_all_read"), ("2 tunnland", "value.not_all_read"), ("94 m² Mill", "value.not_all_read"),
        ("94 m² or so", "value.not_all_read"), ("€ 94", "value.not_all_read"), ("94 %", "value.not_all_read"),
        ("94*", "value.not_all_read"), ("5²", "value.several_numbers"), ("12E3", "value.not_a_number"),
        ("94¹", "value.several_numbers"), ("94②", "value.several_numbers"), ("1/2", "value.range"),
        ("12 34", "value.several_numbers"), ("unknown", "value.not_a_number"), ("", "value.not_a_number"),
    ],
)  # fmt: skip
def test_what_is_not_understood_whole_is_left_open_and_said(text: str, message: str) -> None:
    assert area(text) == (None, message)
    if text:
        (row,) = read({"c": [text]}, {"c": "floor_area_m2"})
        assert "floor_area_m2" not in row.fields
        assert row.fields["source_fields"] == {"c": text}
        assert [(issue.message, issue.value, issue.grave) for issue in row.issues] == [(message, text, True)]


def test_words_beside_a_number_that_change_nothing_are_kept_with_it() -> None:
    (row,) = read({"c": ["94 m² (bruto)"]}, {"c": "floor_area_m2"})
    assert row.fields == {"floor_area_m2": 94, "source_fields": {"c": "94 m² (bruto)"}}
    assert [(issue.message, issue.done) for issue in row.issues] == [("value.with_remark", "value.taken")]


@pytest.mark.parametrize("unit", ["tunnland", "rood", "m", "€"])
def test_a_unit_of_a_column_that_is_none_counts_as_nothing(unit: str) -> None:
    assert one("2,5", "floor_area_m2", unit) == (None, [("value.unit_unknown", "value.left_empty")])
    assert one(2.5, "floor_area_m2", unit)[0] is None


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("ceiling_height_cm", "3 m 20", 320), ("ceiling_height_cm", "3m20", 320), ("ceiling_height_cm", "10'6\"", 320),
        ("ceiling_height_cm", "2,8 metriä", 280), ("longest_term_days", "1 year 6 months", 545),
        ("longest_term_days", "24 mies.", 720), ("longest_term_days", "6 mēneši", 180), ("storey", "1. OG", 1),
        ("storey", "2e verdieping", 2), ("storey", "1er étage", 1), ("storey", "3. kerros", 2), ("storey",
        "2. patro", 2),
        ("storey", "2. UG", -2), ("storey", "ισόγειο", 0), ("fire_capacity_persons", "max. 200 personen", 200),
        ("noise_limit_db", "65 dB(A)", 65), ("floor_load_kg_m2", "5 kN/m²", 510), ("building_year", "1931.0", 1931),
    ],
)  # fmt: skip
def test_other_measures_are_understood_whole_too(field: str, text: str, value: int) -> None:
    assert one(text, field)[0] == value


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("ceiling_height_cm", "2,5-3 m", "value.range"), ("longest_term_days", "3-6 kk", "value.range"),
        ("storey", "0-2", "value.range"), ("storey", "EG + 1. OG", "value.not_all_read"),
        ("fire_capacity_persons", "80-100", "value.range"), ("longest_term_days", "2 J", "value.not_all_read"),
        ("fire_capacity_persons", "2,5", "value.not_whole"),
        ("storey", "1,5", "value.not_whole"), ("building_year", "1931-1935", "value.range"),
        ("building_year", "before 1950", "value.not_a_year"), ("building_year", "1931 and 1960", "value.range"),
    ],
)  # fmt: skip
def test_other_measures_that_are_not_one_number_are_left_open(field: str, text: str, message: str) -> None:
    assert one(text, field) == (None, [(message, "value.left_empty")])


# ---- money ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cents", "period"),
    [
        ("€ 310", 31_000, None), ("250,-", 25_000, None), ("350 €/Monat", 35_000, "month"), ("€350 p.m.", 35_000,
        "month"),
        ("350 euro per maand", 35_000, "month"), ("310 € par mois", 31_000, "month"), ("4.200,00 €/Jahr", 420_000,
        "year"),
        ("350 €/kk", 35_000, "month"), ("350 EUR miesięcznie", 35_000, "month"), ("350 € měsíčně", 35_000, "month"),
        ("350 eiro mēnesī", 35_000, "month"), ("350 € τον μήνα", 35_000, "month"), ("350 euro pe lună", 35_000,
        "month"),
        ("350 € al mes", 35_000, "month"), ("350 € al mese", 35_000, "month"), ("ca. 1.250 €", 125_000, None),
    ],
)  # fmt: skip
def test_an_amount_says_what_it_is_paid_for(text: str, cents: int, period: str | None) -> None:
    (row,) = read({"c": [text]}, {"c": "cost_cents"})
    assert (row.fields["cost_cents"], row.fields.get("cost_period")) == (cents, period)
    assert type(row.fields["cost_cents"]) is int


def test_a_rent_for_each_square_metre_is_reckoned_and_said() -> None:
    with_area, without = read(
        {"c": ["€ 8,50/m²", "€ 8,50/m²"], "d": [100, None]}, {"c": "cost_cents", "d": "floor_area_m2"}
    )
    assert with_area.fields["cost_cents"] == 85_000
    assert "cost_cents" not in without.fields
    assert [issue.done for issue in with_area.issues] == ["value.taken"]
    assert [issue.done for issue in without.issues] == ["value.left_empty"]
    assert without.fields["source_fields"] == {"c": "€ 8,50/m²"}


def test_costs_of_a_year_become_those_of_a_month_and_it_is_said() -> None:
    (row,) = read({"c": ["1200 €/Jahr"]}, {"c": "running_cost_month_cents"})
    assert row.fields["running_cost_month_cents"] == 10_000
    assert [(issue.message, issue.done) for issue in row.issues] == [("value.other_period", "value.taken")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("300-400 €", "value.range"), ("£ 300", "value.other_currency"), ("300 zł", "value.other_currency"),
        ("45 € / sq ft", "value.not_all_read"), ("from 300 €", "value.bound"), ("€ 300 + 50", "value.several_numbers"),
        ("on request", "value.not_a_number"), ("300 € per desk", "value.not_all_read"),
    ],
)  # fmt: skip
def test_an_amount_that_is_not_one_of_ours_is_left_open(text: str, message: str) -> None:
    assert one(text, "cost_cents") == (None, [(message, "value.left_empty")])


def test_the_heading_may_say_what_an_amount_is_paid_for() -> None:
    parse = money.parser("€/m²/Monat", OPEN, "EUR")
    found = parse("8,50")[0]
    assert (int(found), found.period, found.per_m2) == (850, "month", True)
    assert money.parser("PLN", OPEN, "EUR")(100) == (None, "value.other_currency")
    assert money.parser("PLN", OPEN, "PLN")(100) == (10_000, "")


# ---- the table of words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_table_has_every_usual_word_in_every_language(language: str) -> None:
    held = {(row["what"], row["means"]) for row in words._rows() if row[language]}
    wanted = {
        *(("month", str(number)) for number in range(1, 13)), ("weekday", ""), ("about", ""), ("most", ""),
        ("least", ""),
        ("to", ""), ("since", ""), ("in", ""), ("remark", ""), ("area", "1"), ("area", "10000"), ("area", "100"),
        ("length", "100"), ("length", "1"), *(("term", each) for each in ("1", "7", "30", "365")), ("currency", "EUR"),
        *(("period", each) for each in ("day", "month", "year", "once")), ("persons", "1"), ("storey", "0"),
        ("storey", "-1"), ("flag", "yes"), ("flag", "no"), ("flag", "unknown"), ("axis", "lat"), ("axis", "lon"),
    }  # fmt: skip
    assert wanted - held <= {("currency", "EUR")} | ({("area", "100")} if language == "es" else set())


def test_a_word_means_one_thing_of_its_kind() -> None:
    kinds = {row["what"] for row in words._rows()} - {"currency", "flag"}
    double = {(what, told): means for what in kinds for told, means in words.table(what).items() if len(means) > 1}
    assert double == {}


# ---- what holds for any text ----------------------------------------------------------------------------

STYLES = [(",", "."), (".", ","), (",", " "), (".", "'"), (",", "\u202f"), (".", "\u2009"), (",", ""), (".", "")]
UNITS = sorted(each for each in words.factors("area") if each not in ("a",))


@given(st.integers(0, 9_999_999), st.integers(0, 99), st.sampled_from(STYLES), st.sampled_from(UNITS), st.booleans(),
       st.sampled_from(["", "ca. ", "ongeveer ", "± ", "noin ", "περίπου "]))  # fmt: skip
def test_a_measure_comes_back_as_it_was_written_in_every_style_of_every_language(
    whole: int, cents: int, style: tuple[str, str], unit: str, known: bool, about: str
) -> None:
    decimal, group = style
    written = f"{whole:,}".replace(",", group) + (f"{decimal}{cents:02}" if cents else "")
    found, wrong = area(f"{about}{written} {unit}", decimal=decimal if known else "")
    value = round((whole + cents / 100) * words.factors("area")[unit], 2)
    if known or cents:
        assert (found, wrong) == (value, "")
    else:  # 1.250 may be two numbers
        assert wrong == "value.dot_or_comma" or found == value


PIECES = ("12", "7,5", "250", "1.250,50", "3 000", "m²", "ha", "a", "ca", "ca.", "m", "acre", "€", "-", " - ", "to",
          "bis",
          "x", "+", "/", "(", ")", "approx.", "bruto", "Mill", "2024", "12/3", "½", "e5", "E+02", ";", ":",
          "é")  # fmt: skip


def exactly(text: str) -> tuple[Any, str]:
    """An area before it is rounded to square centimetres."""
    return measures._quantity(text, OPEN, "area", 1.0)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.sampled_from(["", " "]), st.data())
def test_no_text_loses_a_figure_in_silence(pieces: list[str], joint: str, data: Any) -> None:
    text = joint.join(pieces)
    found, wrong = exactly(text)
    places = [match.start() for match in re.finditer(r"[1-9]", text)]
    assume(found is not None and not wrong and places)
    at = data.draw(st.sampled_from(places))
    other = f"{text[:at]}{int(text[at]) % 9 + 1}{text[at + 1 :]}"
    assert exactly(other) != (found, wrong), other


@given(st.text("0123456789.,' eE+-\u2009½", max_size=12))
def test_a_number_is_the_same_number_in_another_writing_or_refused(text: str) -> None:
    found, wrong = number(text, Style("."))
    if not wrong:
        assert number(repr(found) if abs(found) < 1e15 else found, Style(".")) == (found, "")
