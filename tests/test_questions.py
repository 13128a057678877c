"""A question in an address: what is understood comes back the same, and what is not is said."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempuse import facts, questions, week
from tempuse.terms import Hours
from tempuse.vocabulary import Condition, Contamination, Facility, SpaceKind, Surroundings, Theme, UseCategory, Works
from tempuse.wanted import BOUNDS, GROUPS, KEYS, Wanted, check_wanted


def some(of: object, most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from([str(each) for each in of]), max_size=most, unique=True).map(tuple)  # type: ignore[attr-defined]


def whole(name: str, step: int = 1) -> st.SearchStrategy[int | None]:
    least, most = BOUNDS[name]
    return st.none() | st.integers(math.ceil(least / step), int(most // step)).map(lambda value: value * step)


days = st.none() | st.dates(date(2020, 1, 1), date(2060, 1, 1))
flags = st.sampled_from([None, True, False])
areas = st.none() | st.integers(100, 10**8).map(lambda value: value / 100)


@st.composite
def wanteds(draw: st.DrawFn) -> Wanted:
    months = draw(whole("term_months"))
    return Wanted(
        uses=draw(some(UseCategory)), kinds=draw(some(SpaceKind)), themes=draw(some(Theme)),
        area_least_m2=draw(areas), area_most_m2=draw(areas), persons=draw(whole("persons")), starts_on=draw(days),
        starts_by=draw(days), term_months=months, term_days=None if months else draw(whole("term_days")),
        hours=draw(st.integers(0, week.ALL)),
        near=draw(st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90))), within_m=draw(whole("within_m")),
        districts=draw(st.lists(st.integers(1, 99).map(lambda n: f"AR-{n:04d}"), max_size=3).map(tuple)),
        facilities=draw(some(Facility, 13)), ceiling_cm=draw(whole("ceiling_cm")), door_cm=draw(whole("door_cm")),
        floor_load_kg_m2=draw(whole("floor_load_kg_m2")), noise_db=draw(whole("noise_db")), quiet=draw(st.booleans()),
        soil=draw(st.booleans()), works=draw(st.sampled_from([None, *(each.value for each in Works)])),
        budget_month_cents=draw(whole("budget_month_cents")), budget_start_cents=draw(whole("budget_start_cents")),
        group=draw(st.sampled_from([None, *GROUPS])), insured=draw(flags), gives_public_access=draw(flags),
        musts=draw(st.frozensets(st.sampled_from(KEYS), max_size=4)),
        nices=frozenset(),
    )  # fmt: skip


@given(wanteds())
def test_a_question_is_the_same_after_a_way_through_its_address(wanted: Wanted) -> None:
    assert questions.read(questions.pairs(wanted)) == (wanted, [])


@given(wanteds(), st.randoms())
def test_equal_questions_have_equal_addresses(wanted: Wanted, chance: object) -> None:
    pairs = questions.pairs(wanted)
    shuffled = sorted(pairs, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert questions.pairs(questions.read(shuffled)[0]) == pairs


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("use", "sculpture"), ("m2", "9"), ("m2", "-"), ("m2", "0-5"), ("people", "-3"), ("people", "²"),
        ("from", "soon"), ("from", "2027-13-01"), ("for", "12"), ("for", "0m"), ("for", "9999999m"),
        ("hours", "tu25-26"), ("hours", "tu19-19"), ("near", "91,0"), ("near", "here"), ("within", "1"),
        ("district", "SP-0001"), ("has", "gold"), ("cost", "1e3"), ("cost", "1.234"), ("insured", "maybe"),
        ("must", "soil"), ("nice", "luck"), ("people", "1.5"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_and_asks_nothing(name: str, text: str) -> None:
    wanted, issues = questions.read([(name, text)])
    assert wanted == Wanted()
    assert [(issue.field, issue.value, issue.message) for issue in issues] == [(name, text, "question.unclear")]


def test_what_is_asked_twice_what_is_unknown_and_what_is_too_much_is_said() -> None:
    wanted, issues = questions.read(
        [("people", "5"), ("people", "6"), ("colour", "red"), ("use", "shop,office,food,event")]
    )
    assert (wanted.persons, wanted.uses) == (5, ("shop", "food", "office"))
    messages = [issue.message for issue in issues]
    assert messages == ["question.twice", "question.unknown_part", "wanted.too_many_uses"]
    _, issues = questions.read([("has", "power")] * 500)
    assert [issue.message for issue in issues] == ["question.too_long"]


def test_a_switch_that_changes_nothing_is_left_out() -> None:
    wanted, _ = questions.read([("m2", "60-"), ("must", "size,cost"), ("nice", "kind,noise")])
    assert (wanted.musts, wanted.nices) == (frozenset(), frozenset())
    assert questions.pairs(wanted.without("size")) == [("m2", "60-"), ("nice", "size")]
    assert not wanted.without("size").is_must("size")


def test_loud_uses_need_to_be_allowed_and_quiet_ones_would_like_it() -> None:
    assert [Wanted(noise_db=db).is_must("noise") for db in (55, 70, 90)] == [False, True, True]


def test_months_are_as_long_as_the_calendar_has_them() -> None:
    year = Wanted(starts_on=date(2028, 2, 28), term_months=12)
    assert [year.days_least(date(2027, 1, 15)), year.days_least(date(2028, 3, 1))] == [366, 365]


def test_contradictions_stand_beside_their_field() -> None:
    wanted = Wanted(area_least_m2=90, area_most_m2=60, starts_on=date(2027, 3, 1), starts_by=date(2027, 2, 1),
                    kinds=("plot",), ceiling_cm=300)  # fmt: skip
    found = {(issue.field, issue.message) for issue in check_wanted(wanted)}
    assert found == {
        ("area_most_m2", "wanted.most_below_least"), ("starts_by", "wanted.by_before_from"),
        ("kinds", "wanted.plot_has_no_ceiling"),
    }  # fmt: skip
    over = Wanted(starts_on=date(2026, 1, 1))
    assert [issue.message for issue in check_wanted(over, date(2027, 1, 15))] == ["wanted.day_is_over"]


def test_hours_of_a_permit_are_hours_of_a_week() -> None:
    tuesday = Hours(weekdays=0b10, from_minute=19 * 60, until_minute=22 * 60)
    assert week.texts(week.bits_of([tuesday])) == ["tu19-22"]
    late = Hours(weekdays=0b100000, from_minute=22 * 60 + 30, until_minute=2 * 60)
    assert week.texts(week.bits_of([late])) == ["sa22-24", "su0-2"]
    assert week.bits_of([late]) == week.read("sa22-2")


@given(st.integers(0, week.ALL))
def test_hours_come_back_from_their_texts(bits: int) -> None:
    assert sum(week.read(text) or 0 for text in week.texts(bits)) == bits


def test_facts_come_back_from_their_bytes() -> None:
    told = facts.Facts(
        area_high=94.5, spread=0, cost_low=12_000, cost_high=18_000, start_low=0, start_high=50_000, no=5, excluded=2,
        favoured=9, longest=180, shortest=30, persons=40, ceiling=320, door=90, floor_load=500, noise=75, step=6,
        shown_since=date(2027, 1, 15), condition=Condition.FAIR, surroundings=Surroundings.QUIET,
        soil=Contamination.TREATED, registered=True, insurance=False, may_share=True, shared=1,
        taken=week.read("tu19-22") or 0, month_only=True, further=((date(2027, 5, 1), date(2027, 8, 31)),),
    )  # fmt: skip
    rows, more = facts.unpack([None, facts.pack(told), b"\x00old", facts.pack(facts.Facts())])
    assert list(more) == [1]
    assert (more[1].taken, more[1].further.tolist()) == (
        told.taken,
        [[day.toordinal() for day in pair] for pair in told.further],
    )
    row = rows[1]
    assert (row["area_high"], row["noise"], row["longest"], row["step"]) == (94.5, 75, 180, 6)
    trait = {name: int(each.of(row["traits"])) for name, each in facts.TRAITS.items()}
    assert facts.CONDITIONS[trait["condition"]] == "fair"
    assert facts.SOILS[trait["soil"]] == "treated"
    assert (trait["registered"], trait["insurance"], trait["public_access"]) == (facts.YES, facts.NO, facts.NOT_SAID)
    assert (trait["shared"], trait["month_only"], trait["open_end"]) == (1, 1, 0)
    assert rows[0].tobytes() == rows[2].tobytes() == rows[3].tobytes()
