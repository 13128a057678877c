"""Texts of an address as values within bounds: never an error, whatever stands there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tempuse.geometry import Box
from web.site import arguments


def said(**values: Any) -> arguments.Args:
    return MultiDict(values)


@pytest.mark.parametrize(
    ("text", "read"),
    [("7", 7), (" 7 ", 7), ("0", 1), ("99", 22), ("9" * 18, 22), ("²", 5), ("٣", 5), ("-3", 5), ("+3", 5), ("1e3", 5),
     ("7.0", 5), ("1_0", 5), ("nan", 5), ("", 5), ("9" * 5000, 5)],
)  # fmt: skip
def test_a_whole_number_lies_within_its_bounds_or_was_not_said(text: str, read: int) -> None:
    assert arguments.whole(said(n=text), "n", 1, 22, 5) == read


@given(st.text())
def test_any_text_is_a_number_within_bounds_a_page_a_day_a_box_and_a_place(text: str) -> None:
    args = said(n=text, page=text, box=text, map=text, zoom=text, pin=text)
    assert 1 <= arguments.whole(args, "n", 1, 22, 5) <= 22
    assert 1 <= arguments.page(args, 120, 50).number <= 3
    assert 0 <= arguments.zoom(args, 13) <= 22
    assert len(arguments.text(args, "n", 10)) <= 10
    arguments.day(text)
    arguments.box(args)
    arguments.viewport(args)
    arguments.point(args, "pin")


def test_a_page_beyond_the_end_is_the_last_and_an_empty_list_has_one() -> None:
    assert arguments.page(said(page="9"), 101, 50) == arguments.Page(3, 3, 50)
    assert arguments.page(said(page="2"), 101, 50).offset == 50
    assert arguments.page(said(page="2"), 0, 50) == arguments.Page(1, 1, 50)


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("3,50,4,51", Box(3, 50, 4, 51)),
        ("-200,50,4,51", Box(-180, 50, 4, 51)),
        ("190,50,200,51", Box(180, 50, 180, 51)),
        ("4,50,3,51", None),
        ("3,51,4,50", None),
        ("3,50,4,91", None),
        ("3,50,4", None),
        ("3,50,4,51,5", None),
        ("nan,50,4,51", None),
        ("-inf,50,inf,51", None),
        ("1e999,50,4,51", None),
        ("3" * 400 + ",50,4,51", None),
    ],
)
def test_a_box_is_one_on_earth_or_none(text: str, box: Box | None) -> None:
    assert arguments.box(said(box=text)) == box


def test_a_viewport_is_brought_onto_the_map() -> None:
    assert arguments.viewport(said(map="13.7/51.05/3.72")) == (13, (3.72, 51.05))
    assert arguments.viewport(said(map="99/-90/999")) == (22, (180, -85))
    assert arguments.viewport(said(map="nan/1/2")) is None
    assert arguments.point(said(pin="51.05,3.72"), "pin") == (3.72, 51.05)
    assert arguments.point(said(pin="91,3.72"), "pin") is None


def test_one_and_several_of_a_list_are_of_that_list() -> None:
    args = MultiDict([("a", "x,moon"), ("a", "y,x")])
    assert arguments.several(args, "a", ("x", "y")) == ("x", "y")
    assert arguments.choice(said(a="x"), "a", ("x", "y"), "y") == "x"
    assert arguments.choice(said(a="moon"), "a", ("x", "y"), "y") == "y"
    assert arguments.day(" 2027-03-01 ") == date(2027, 3, 1)
