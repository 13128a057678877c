"""A question in an address: every part of a filter is read as it was written, and has its words."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from werkzeug.datastructures import MultiDict

from tempuse.mapindex import Filter
from tempuse.mapindex.filters import PARTS
from tests.test_mapindex import filters
from web.search import answers, query


@given(filters)
def test_a_filter_is_read_as_it_was_written(wanted: Filter) -> None:
    question = query.read(MultiDict(query.pairs(wanted)))
    assert (question.wanted, question.unread) == (wanted, ())


ODD = [
    ("kind=bulding", ["kind=bulding"]), ("kind=plot,garden&kind=plot", ["kind=garden"]),
    ("use=sculpture&has=lift,power", ["use=sculpture", "has=lift"]), ("from=2027-02-30", ["from=2027-02-30"]),
    ("free=later&outlook=any&size=9", ["free=later", "outlook=any", "size=9"]), ("district=Docks", ["district=Docks"]),
    ("m2=60-120", ["m2=60-120"]), ("kind=&from=+&q=+", []), ("utm_source=mail&fbclid=1&page=x&map=nowhere", []),
    ("kind=" + ",".join(f"k{number}" for number in range(99)), [f"kind=k{number}" for number in range(5)]),
    ("kind=" + "x" * 5000, ["kind=" + "x" * 40]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "unread"), ODD)
def test_what_nobody_understands_is_told(asked: str, unread: list[str]) -> None:
    found = query.read(MultiDict(parse_qsl(asked, keep_blank_values=True))).unread
    assert [f"{issue.field}={issue.value}" for issue in found] == unread


@pytest.mark.parametrize(("language", "said"), [("en", "We do not understand “zzz” for the kind of space"),
                                                ("nl", "“zzz” bij het soort ruimte")])  # fmt: skip
@pytest.mark.parametrize("page", ["/", "/find", "/list"])
def test_pages_say_what_they_left_out(client: FlaskClient, page: str, language: str, said: str) -> None:
    asked = client.get(f"{page}?kind=zzz,plot&utm_source=mail", headers={"Accept-Language": language})
    assert (asked.status_code, said in asked.text) == (200, True), asked.text
    assert 'class="said"' not in client.get(f"{page}?kind=plot&utm_source=mail").text
    assert "“AR-9” for the district" in client.get(f"{page}?district=AR-9").text


def test_every_field_of_a_filter_is_a_part_and_each_part_has_words() -> None:
    assert {part.field for part in PARTS.values()} == {each.name for each in dataclasses.fields(Filter)}
    assert {*answers.WITHOUT, "has"} == set(PARTS)  # of facilities each is told by itself


@given(filters)
def test_a_chip_pressed_twice_changes_nothing(wanted: Filter) -> None:
    for part in PARTS.values():
        for text in part.choices if part.kind == "several" else ():
            once = query.toggled(wanted, part.name, text)
            assert once != wanted
            assert query.toggled(once, part.name, text) == wanted
        assert query.toggled(wanted, part.name, "nonsense") == (
            wanted if part.kind == "several" else dataclasses.replace(wanted, **{part.field: None})
        )
    assert query.toggled(wanted, "nonsense", "kind") == wanted
