"""A question in an address: every part of a filter is read as it was written, and has its words."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from werkzeug.datastructures import MultiDict

from tempuse.mapindex import Filter
from tempuse.mapindex.filters import PARTS
from tests.test_mapindex import filters
from web.search import answers, query


@given(filters)
def test_a_filter_is_read_as_it_was_written(wanted: Filter) -> None:
    assert query.read(MultiDict(query.pairs(wanted))).wanted == wanted


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
