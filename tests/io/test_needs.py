"""A waiting list as an office has it, in its own words: what each row asks, and what of it is not understood."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tempuse import questions
from tempuse.errors import Invalid
from tempuse.folding import fold_name
from tempuse.io import crosswalk, need_values
from tempuse.io.needs import MOST, TARGETS, ListedNeed, crosswalk_for, read_needs
from tempuse.io.read import open_source
from tempuse.io.values.measures import Style
from tempuse.resources import path as shipped
from tempuse.wanted import Wanted


def a_list(folder: Path, rows: list[list[Any]]) -> Path:
    """An Excel file of these rows, the first of which names the columns."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "waiting.xlsx"
    book.save(path)
    return path


def needs_in(folder: Path, rows: list[list[Any]]) -> list[ListedNeed]:
    source = open_source(a_list(folder, rows), folder / "scratch")
    found = list(read_needs(source, crosswalk_for(source)))
    source.close()
    return found


def asked(need: ListedNeed) -> Wanted:
    wanted, issues = questions.read([(name, text) for name, text, _ in need.asked])
    assert issues == []
    return wanted


def messages(need: ListedNeed) -> list[tuple[str, str, str]]:
    return [(each.field, each.value, each.message) for each in need.issues]


DUTCH = [
    ["Groep", "Contactpersoon", "E-mailadres", "GSM", "Waarvoor", "m² van", "m² tot", "Personen", "Vanaf wanneer",
     "Tot wanneer", "Wijk", "Wat moet er zijn", "Liefst", "Budget per jaar", "Tijdstippen", "Opmerkingen"],
    ["Repair café", "Ada Mol", "Ada@Group.example ", "0470 12", "Repair café en fietsherstelling", 60, 120, 25,
     datetime(2027, 3, 1), datetime(2028, 2, 29), "Oude Dokken", "stroom, wc en geen trappen; hoge ruimte",
     "verwarming", "3.000 euro", "za 10u-17u", "Belt zelf."],
]  # fmt: skip


def test_a_row_in_dutch_says_what_it_asks_and_what_nobody_knows(tmp_path: Path) -> None:
    (need,) = needs_in(tmp_path, DUTCH)
    assert (need.group, need.contact, need.email, need.note) == (
        "Repair café", "Ada Mol", "ada@group.example", "Belt zelf.",
    )  # fmt: skip
    assert asked(need) == Wanted(
        uses=("workshop",), area_least_m2=60, area_most_m2=120, persons=25, starts_on=date(2027, 3, 1), term_months=12,
        hours=0b1111111 << (5 * 24 + 10), facilities=("power", "toilets", "step_free_access", "heating"),
        budget_month_cents=25_000, nices=frozenset({"facility:heating"}),
    )  # fmt: skip
    assert need.district == "Oude Dokken"
    assert messages(need) == [("Wat moet er zijn", "hoge ruimte", "need.part_unclear")]
    assert need.kept["Wat moet er zijn"] == "stroom, wc en geen trappen; hoge ruimte"
    assert need.kept["GSM"] == "0470 12"
    assert not {"Groep", "Contactpersoon", "E-mailadres"} & set(need.kept)


def test_words_of_other_languages_and_ranges_in_one_cell(tmp_path: Path) -> None:
    head = ["group", "what for", "size", "from when", "how long", "district", "budget", "must have", "status"]
    rows = [
        head,
        [
            "A",
            "rehearsal room",
            "min. 40 m2",
            "asap",
            "half a year",
            "anywhere",
            "free",
            "quiet; three phase power",
            "",
        ],
        ["B", "office", "max 1.200 m²", "May 2027", "2 years", "", "200-300 a month", "no dogs", "found a space"],
        ["C", "sculptures of ice", "large", "soon", "long", "", "little", "", "waits"],
    ]
    first, second, third = needs_in(tmp_path, rows)
    assert asked(first) == Wanted(
        uses=("rehearsal",), area_least_m2=40, term_months=6, budget_month_cents=0, quiet=True,
        facilities=("three_phase_power",),
    )  # fmt: skip
    assert (first.district, first.is_over) == ("", False)
    assert asked(second) == Wanted(
        uses=("office",), area_most_m2=1200, starts_on=date(2027, 5, 1), term_months=24, budget_month_cents=30_000
    )
    assert second.is_over
    assert messages(second)[1:] == [
        ("from when", "May 2027", "value.month_only"), ("must have", "no dogs", "need.part_unclear"),
    ]  # fmt: skip
    assert third.asked == []
    assert [message for _, _, message in messages(third)[1:]] == [
        "need.no_use", "value.not_a_number", "value.not_a_number", "value.not_a_number", "value.not_a_day",
    ]  # fmt: skip
    assert third.kept == {
        "what for": "sculptures of ice", "size": "large", "from when": "soon", "how long": "long", "budget": "little",
        "status": "waits",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("60-120", "60-120"), ("60 tot 120 m²", "60-120"), ("min. 60 m2", "60-"), ("max 80", "-80"), ("100", "100-"),
        ("1.200 m²", "1200-"), ("1 200", "1200-"), ("about 50m²", "50-"), ("0,5 ha", "5000-"), ("200+", "200-"),
        ("tot 100 m2", "-100"), ("120-60", "60-120"), ("large", ""), ("60 80 90", ""), ("", ""), ("1" * 5000, ""),
    ],
)  # fmt: skip
def test_sizes(text: str, found: str) -> None:
    assert need_values.read_area(text, Style()) == found


@pytest.mark.parametrize(
    ("text", "heading", "found", "is_guessed"),
    [
        ("12 maanden", "", "12m", False), ("2 jaar", "", "24m", False), ("6-12 months", "", "6m", False),
        ("12", "duur (maanden)", "12m", False), ("2", "duur in jaren", "24m", False), ("12", "", "12m", True),
        ("1 jaar en 6 maanden", "", "18m", False), ("1,5 jaar", "", "18m", False), ("14 dagen", "", "14d", False),
        ("3 Wochen", "", "21d", False), ("2 ans", "", "24m", False), ("long", "", "", False),
    ],
)  # fmt: skip
def test_lengths_of_time(text: str, heading: str, found: str, is_guessed: bool) -> None:
    assert need_values.read_term(text, heading, Style()) == (found, is_guessed)


@pytest.mark.parametrize(
    ("text", "heading", "found"),
    [
        ("€ 250", "", "250"),
        ("200-300 euro/maand", "", "300"), ("3000 per jaar", "", "250"), ("€1.250,50", "", "1250.5"),
        ("3.000", "budget per year", "250"), ("€50/week", "", "216.67"), ("little", "", ""),
    ],
)  # fmt: skip
def test_what_can_be_paid_a_month(text: str, heading: str, found: str) -> None:
    assert need_values.read_money(text, heading, Style()) == found


def test_the_shipped_names_are_each_for_one_thing_and_what_words_mean_is_a_question() -> None:
    known = crosswalk.read(shipped("crosswalks/needs.csv").read_text(encoding="utf-8"), "needs", TARGETS)
    names: dict[str, str] = {}
    for column in known.columns:
        assert names.setdefault(fold_name(column.theirs), column.field) == column.field, column.theirs
    assert set(names.values()) == set(TARGETS)
    for ours in set(known.values["musts"].values()):
        assert questions.read([tuple(ours.split("="))])[1] == []  # type: ignore[list-item]
    assert set(known.values["term"].values()) - {"any"} == {"6m", "12m", "24m"}


def test_a_list_without_groups_or_uses_is_none_and_a_long_one_is_too_long(tmp_path: Path) -> None:
    for head, message in (
        (["colour", "what for"], "need.no_group_column"),
        (["group", "colour"], "need.no_use_column"),
    ):
        with pytest.raises(Invalid) as refused:
            needs_in(tmp_path, [head, ["a", "b"]])
        assert refused.value.message == message
    path = tmp_path / "long.csv"
    path.write_text("group,what for\n" + "A,office\n" * (MOST + 1), encoding="utf-8")
    source = open_source(path, tmp_path / "scratch")
    with pytest.raises(Invalid, match="too_many"):
        list(read_needs(source, crosswalk_for(source)))
    source.close()
