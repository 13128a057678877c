"""What the addresses and the form of /match mean, whichever door they come from."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tempuse import questions
from tempuse.access import SYSTEM
from tempuse.mapindex import Filter
from tempuse.registry.areas import load_areas
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind
from tests.builders import a_district
from web.match import question


@pytest.fixture
def in_town(app: Flask, con: Connection, now: datetime):
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    with app.test_request_context():
        yield


def asked(text: str) -> question.MatchQuestion:
    return question.read(MultiDict(parse_qsl(text, keep_blank_values=True)))


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("least=60&most=120", "m2=60-120"),
        ("least=60,5&most=", "m2=60.5-"),
        ("least=&most=1 200", "m2=-1200"),
        ("months=12&from=2027-03-01&by=", "from=2027-03-01&for=12m"),
        ("day=tu&hour_from=19&hour_until=22&day=&hour_from=&hour_until=", "hours=tu19-22"),
        ("cost=150,50&deposit=1 200&months=", "cost=150.5&deposit=1200"),
        ("what=a repair café", "use=workshop"),
        ("what=Ein Proberaum für die Band&months=", "use=rehearsal"),
        ("where=anywhere&near=51.05,3.72&within=2000&district=AR-0001&least=5", "m2=5-"),
        ("where=near&near=51.0541,3.7252&within=2000&district=AR-0001&least=5", "m2=5-&near=51.054,3.725&within=2000"),
        ("where=district&near=51.05,3.72&within=2000&district=AR-0001&least=5", "m2=5-&district=AR-0001"),
        ("has=power&has=heating&asked=facility:power&asked=facility:heating&is_must=facility:power",
         "has=power&has=heating&nice=facility:heating"),
        ("least=50&months=6&asked=size&asked=term&is_must=term", "m2=50-&for=6m&must=term&nice=size"),
    ],
)  # fmt: skip
def test_what_the_form_sends_is_a_question_with_one_address(in_town: None, sent: str, meant: str) -> None:
    found = asked(sent)
    assert found.issues == ()
    assert found.from_form
    assert questions.pairs(found.wanted) == parse_qsl(meant)
    assert asked(meant).wanted == found.wanted


@pytest.mark.parametrize(
    ("sent", "field"),
    [("least=many&most=", "m2"), ("months=soon", "for"), ("cost=a lot", "cost"), ("what=qwertz", "use"),
     ("day=tu&hour_from=19&hour_until=", "hours"), ("hour_from=19&hour_until=22&day=", "hours"),
     ("people=-3&months=", "people"),
     ("use=sculpture", "use"),  ("colour=red", "colour"), ("size=9", "m2"), ("free=then", "by"),
     ("district=AR-0002", "district"), ("district=AR-0001,AR-7", "district")],
)  # fmt: skip
def test_what_is_not_understood_is_said_and_not_passed_over(in_town: None, sent: str, field: str) -> None:
    assert [issue.field for issue in asked(sent).issues] == [field]


def test_a_link_of_the_map_asks_the_same_here(in_town: None) -> None:
    found = asked("kind=unit&size=1,2&has=power,water&use=workshop&from=2027-03-01&map=13/51/3&outlook=free&free=3")
    assert found.issues == ()
    assert not found.from_form
    assert (found.wanted.area_least_m2, found.wanted.area_most_m2) == (50, 200)
    assert found.wanted.facilities == ("power", "water")
    assert found.wanted.starts_by is not None


def test_the_filter_of_the_map_is_a_question(in_town: None) -> None:
    some = {"kinds": frozenset({"plot"}), "sizes": frozenset({5}), "facilities": frozenset({"water"})}
    wanted = Filter(**some, district="AR-0001")
    pairs = question.from_filter(wanted)
    assert questions.read(pairs) == (asked("kind=plot&m2=1000-&district=AR-0001&has=water").wanted, [])


def test_five_hundred_parameters_are_too_many_and_that_is_said(in_town: None) -> None:
    found = asked("&".join(["has=power"] * 500))
    assert [issue.message for issue in found.issues] == ["question.too_long"]
    assert found.wanted.facilities == ("power",)
