"""Fields are declared once, and whatever follows from them has all of them: a field that is forgotten fails here."""

from __future__ import annotations

import gc
import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from tempuse import fields, refs
from tempuse.errors import Issue
from tempuse.io.crosswalk import TARGETS, Crosswalk
from tempuse.io.crosswalk.columns import match
from tempuse.io.write.columns import short_names, space_columns
from tempuse.lifecycle import Lifecycle
from tempuse.spaces import CHECKED, COUNTED, EDITABLE, FIELDS, MEANING, SPACE_LIFECYCLE, Space, check_space
from tempuse.store.tables import DECLARED, NOUNS
from tempuse.vocabulary import Audience, SpaceStatus
from tests.builders import a_space
from web.messages import MESSAGES
from web.office.imports.targets import GROUPS
from web.office.spaces.sections import SECTIONS
from web.presenters import labels

ROOT = Path(__file__).resolve().parents[1]
MODULES = [*(ROOT / "tempuse").rglob("*.py"), *(ROOT / "web").rglob("*.py")]


def generic() -> Crosswalk:
    return Crosswalk("nothing", [], {}, {"guess": "yes"})


def test_every_field_of_a_space_has_a_word_and_a_form_has_each_that_it_may_change() -> None:
    assert [name for name, about in FIELDS.items() if not about["word"]] == []
    assert sorted(name for _, _, names in SECTIONS for name in names) == sorted(EDITABLE)


def test_every_field_that_a_list_may_bring_can_be_chosen_once() -> None:
    assert sorted(name for _, names in GROUPS for name in names) == sorted(TARGETS)


def test_a_field_that_no_list_of_names_knows_is_taken_by_its_own_name_and_word() -> None:
    found = match(generic(), ["floor_area_m2", "Built in", "certainty", "rules"])
    assert [(column.theirs, column.field) for column in found.columns] == [
        ("floor_area_m2", "floor_area_m2"), ("Built in", "building_year"),
    ]  # fmt: skip
    unguessed = {name for name, about in FIELDS.items() if not about.get("guessed", True)}
    assert unguessed == {"certainty", "cost_period", "rules", "within_ref"}


def test_a_shapefile_has_a_short_name_of_its_own_for_each_column() -> None:
    names = short_names()
    for audience in Audience:
        short = [names[column.name] for column in space_columns(audience)]
        assert len(set(short)) == len(short)
        assert [name for name in short if len(name) > 10] == []


def test_every_number_is_read_with_its_unit(app: Flask) -> None:
    with app.test_request_context():
        for name, about in FIELDS.items():
            if about["kind"] in ("number", "whole"):
                assert labels.told(name, 7), name
        assert labels.told("ceiling_height_cm", 350) == "3.5 m"
        assert labels.told("floor_load_kg_m2", 500) == "500 kg/m²"


def test_nobody_guesses_a_unit_from_the_end_of_a_name() -> None:
    guesses = re.compile(r"""endswith\(["']_?(m2|cm|cents|days|db)["']""")
    assert [str(path) for path in MODULES if guesses.search(path.read_text())] == []


@pytest.mark.parametrize("noun", DECLARED)
def test_a_new_record_fits_its_fields(noun: type) -> None:
    assert fields.check_record(noun()) == []
    assert fields.all_fit(noun, [noun(), noun()])


def test_a_field_is_declared_with_what_fields_know() -> None:
    with pytest.raises(TypeError):
        fields.field("text", longst=3)


def test_one_check_is_walked_by_form_import_and_bulk() -> None:
    wrong = {
        "condition": "splendid",
        "storey": 900,
        "available_from": date(2027, 3, 1),
        "available_until": date(2027, 2, 1),
    }
    said = ["storey", "condition", "available_until"]
    space = a_space(**wrong)
    assert [issue.field for issue in check_space(space)] == said
    assert sorted(issue.field for issue in fields.check_values(Space, wrong)) == sorted(said)
    for name, value in wrong.items():
        assert fields.all_fit(Space, [a_space(**{name: value})]) is (name in ("available_from", "available_until"))
    assert not fields.all_fit(Space, [a_space(), space])


@pytest.mark.parametrize("touched", ["available_from", "available_until"])
def test_whichever_end_was_changed_the_end_is_not_before_the_start(touched: str) -> None:
    space = a_space(available_from=date(2027, 3, 1), available_until=date(2027, 2, 1))
    values = {"start": date(2027, 3, 1), "end": date(2027, 2, 1)}
    issue = Issue(None, "available_until", "2027-02-01", "space.end_before_start", values=values)
    assert check_space(space, (touched,)) == [issue]
    assert check_space(space, ("name",)) == []


def test_every_status_says_whether_it_is_counted_and_checked_again() -> None:
    assert set(MEANING) == set(SpaceStatus) == set(SPACE_LIFECYCLE.statuses)
    assert set(CHECKED) <= set(COUNTED)


def test_every_noun_with_refs_has_a_table_and_a_prefix() -> None:
    assert set(NOUNS) == set(refs.NOUNS) == set(refs.PREFIXES)
    with pytest.raises(ValueError, match="another noun"):
        refs.noun("permit", "SP")
    assert all("ref" in table.c for table in NOUNS.values())


def test_whatever_is_refused_about_a_noun_has_its_words() -> None:
    """The messages that records and lifecycles make of their noun's name."""
    wanted = {f"{noun}.not_found" for noun in NOUNS}
    wanted |= {f"{noun}.changed_since" for noun, table in NOUNS.items() if "revision" in table.c}
    for lifecycle in (each for each in gc.get_objects() if isinstance(each, Lifecycle) and not each.is_silent):
        assert lifecycle.noun in NOUNS
        wanted |= {f"{lifecycle.noun}.wrong_state", f"{lifecycle.noun}.move_needs"}
    assert wanted - set(MESSAGES) == set()
