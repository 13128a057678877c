"""The face for notebooks and scripts, on the demo: frames, changes, a map, and what its documents promise."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
import shapely

import tempuse
from tempuse import exports, notebook
from tempuse.access import SYSTEM
from tempuse.errors import Invalid, NotAllowed, NotFound, Unusable, WrongState
from tempuse.notebook import Notebook
from tempuse.people import Person
from tempuse.registry import people
from tempuse.store import events
from tempuse.store.engine import Register, open_register
from tempuse.vocabulary import Audience
from tests import town
from tests.conftest import NOW
from web.map import frame_map

ROOT = Path(__file__).resolve().parents[1]
ILSE = "ilse@rivermouth.example"


@pytest.fixture(scope="module")
def demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's file, as it lies there when nobody has it open."""
    path = shutil.copyfile(demo_file, tmp_path_factory.mktemp("demo") / "demo.gpkg")
    opened = open_register(str(path))
    with opened.connect() as con:
        people.add_person(con, SYSTEM, Person.with_role("planner", name="Ilse Maes", email=ILSE), NOW)
    opened.close()
    return path


@pytest.fixture
def book(demo: Path) -> Iterator[Notebook]:
    with tempuse.open(demo, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def own(address: str, register: Register, now: datetime) -> Iterator[Notebook]:
    """The small town on each engine, to be changed by Ilse."""
    with register.connect() as con:
        town.build(con, now, crowd=3)
        people.add_person(con, SYSTEM, Person.with_role("planner", name="Ilse Maes", email=ILSE), now)
    with tempuse.open(address, ILSE, register.home, clock=lambda: now) as opened:
        yield opened


# ---- what the documents say ---------------------------------------------------------------------------


def test_the_examples_of_the_docstrings_are_true(demo: Path, book: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo.parent)
    result = doctest.testmod(notebook, extraglobs={"register": book})
    assert result.attempted >= 7
    assert result.failed == 0


def test_the_examples_of_the_readme_run(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(demo, tmp_path / "register.gpkg")
    monkeypatch.chdir(tmp_path)
    section = (ROOT / "README.md").read_text().partition("## In a notebook")[2].partition("\n## ")[0]
    examples = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert len(examples) == 2
    said: dict[str, object] = {}
    for example in examples:
        exec(example, said)
    assert len(said["halls"])  # type: ignore[arg-type]
    assert (tmp_path / "spaces.html").stat().st_size > 100_000


def test_importing_tempuse_loads_nothing_that_is_not_asked_for() -> None:
    code = (
        "import sys, tempuse; assert not {'geopandas', 'pandas', 'sqlalchemy', 'flask', 'folium'} & set(sys.modules);"
        "assert {'open', 'explore', '__version__'} <= set(dir(tempuse));"
        "tempuse.open; assert 'geopandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    with pytest.raises(AttributeError, match="no attribute 'close'"):
        tempuse.close  # noqa: B018


# ---- frames -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", [each.value for each in Audience])
def test_spaces_are_what_an_export_for_the_audience_holds(audience: str, own: Notebook, register: Register) -> None:
    frame = own.spaces(audience)
    with register.connect() as con:
        batches = exports.space_texts(con, Audience(audience), exports.Selection())
        assert len(frame) == sum(len(batch) for batch in batches)
    assert frame.crs == "EPSG:4326"
    assert ("owner_email" in frame) == (audience == "office")
    assert frame.index.name == "ref"
    assert frame.index.is_unique


def test_the_public_is_the_audience_that_is_not_named(own: Notebook) -> None:
    frame = own.spaces()
    assert town.WITHHELD not in frame.index
    assert not any(secret in frame.to_csv() for secret in town.SECRETS)


def test_columns_have_the_types_of_their_fields_also_without_rows(book: Notebook) -> None:
    frame, none = book.spaces("office"), book.spaces("office", source="nobody's list")
    assert len(none) == 0
    assert none.dtypes.equals(frame.dtypes)
    assert none.crs == frame.crs
    types = {name: str(frame.dtypes[name]) for name in ("kind", "name", "water", "storey", "area_m2", "vacant_since")}
    assert types == {
        "kind": "category", "name": "string", "water": "boolean", "storey": "Int64", "area_m2": "float64",
        "vacant_since": "datetime64[s]",
    }  # fmt: skip
    assert str(frame.dtypes["created_at"]) == "datetime64[s, UTC]"
    assert isinstance(frame["suitable_uses"].dropna().iloc[0], list)
    assert list(frame["kind"].cat.categories) == ["building", "unit", "plot"]
    assert frame["water"].isna().any()


def test_a_filter_keeps_what_fits(book: Notebook) -> None:
    every = book.spaces("office")
    kept = book.spaces("office", kind=["unit", "plot"], status="offered", has=["water", "power"])
    has_both = every.water.fillna(False) & every.power.fillna(False)
    by_hand = every[every.kind.isin(["unit", "plot"]) & (every.status == "offered") & has_both]
    assert len(kept)
    assert list(kept.index) == list(by_hand.index)
    box = (3.70, 51.04, 3.71, 51.06)
    inside = book.spaces("office", bbox=box)
    assert set(inside.index) == set(every[every.intersects(shapely.box(*box))].index)
    assert set(book.spaces("office", district="Old Docks")["district"]) == {"Old Docks"}


def test_free_on_a_day_looks_at_that_day(own: Notebook) -> None:
    own.edit(town.HALL, available_from=date(2027, 3, 1), available_until=date(2027, 6, 30))
    days = ("2027-02-28", "2027-03-01", "2027-06-30", "2027-07-01")
    assert [town.HALL in own.spaces(free_on=day).index for day in days] == [False, True, True, False]


def test_the_public_cannot_be_filtered_by_what_it_does_not_see(own: Notebook) -> None:
    assert len(own.spaces("office", status="withheld")) == 1
    assert len(own.spaces(status="withheld")) == 0


def test_the_past_is_a_frame_of_periods(book: Notebook) -> None:
    past = book.past("office")
    assert len(past)
    assert past.crs == "EPSG:4326"
    assert str(past.dtypes["starts_on"]) == "datetime64[s]"
    assert set(past["ref"]) <= set(book.spaces("office").index)


def test_areas_and_figures_by_district(book: Notebook) -> None:
    assert set(book.areas()["kind"]) == {"municipality", "district", "water", "green"}
    districts = book.areas("district")
    figures = book.by_district(book.spaces("office"))
    assert set(figures.index) == set(districts.index)
    assert figures["spaces"].sum() == book.spaces("office")["district_ref"].isin(districts.index).sum()


# ---- changes ------------------------------------------------------------------------------------------


def test_a_change_is_a_use_case_in_somebodys_name(own: Notebook, register: Register) -> None:
    ref = own.add(name="Net Loft", kind="unit", ownership="municipality", geometry=shapely.Point(3.71, 51.05))
    own.edit(ref, floor_area_m2=85, available_from="2027-01-01", note="Seen")
    own.move(ref, "verify")
    own.move(ref, "offer")
    assert own.spaces().loc[ref, "floor_area_m2"] == 85
    with register.connect() as con:
        told = [(event.what, event.actor) for event in events.of(con, ref, "space")]
    assert {name for _, name in told} == {"Ilse Maes"}
    assert {what for what, _ in told} == {"add", "edit", "verify", "offer"}


def test_a_frame_comes_in_as_it_went_out(own: Notebook, register: Register) -> None:
    names = ["name", "kind", "water", "storey", "vacant_since", "suitable_uses", "floor_area_m2", "geometry"]
    frame = own.spaces("office", status="offered")[names]
    refs = own.add_many(frame.to_crs("EPSG:31370"))
    again = own.spaces("office").loc[refs][names]
    plain = [each.drop(columns="geometry").reset_index(drop=True) for each in (again, frame)]
    pd.testing.assert_frame_equal(pd.DataFrame(plain[0]), pd.DataFrame(plain[1]))
    moved = shapely.distance(again.geometry.to_numpy(), frame.geometry.to_numpy())
    assert max(moved[~pd.isna(moved)]) < 1e-6


def test_many_are_added_or_moved_all_of_them_or_none(own: Notebook) -> None:
    before = own.spaces("office")["status"].to_dict()
    with pytest.raises(Invalid):
        own.add_many([{"name": "Shed"}, {"name": "Tower", "storey": 5000}])
    with pytest.raises(WrongState):
        own.move([town.HALL, town.RETIRED], "close")
    assert own.spaces("office")["status"].to_dict() == before


def test_without_an_actor_nothing_is_changed(address: str, register: Register, own: Notebook) -> None:
    with tempuse.open(address, home=register.home) as nobody:
        before = nobody.spaces("office")
        for change in (
            lambda: nobody.add(name="Shed"), lambda: nobody.add_many([{"name": "Shed"}]),
            lambda: nobody.edit(town.HALL, name="Mine"), lambda: nobody.move(town.HALL, "withhold"),
        ):  # fmt: skip
            with pytest.raises(NotAllowed, match="You are not allowed to do this"):
                change()
        pd.testing.assert_frame_equal(nobody.spaces("office"), before)


def test_what_goes_wrong_is_a_sentence(own: Notebook, address: str, register: Register, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no register at"):
        tempuse.open(tmp_path / "none.gpkg")
    for wrong, said in (
        (lambda: tempuse.open(address, "jo@example.org", register.home), "Nobody in the office has the address jo@exa"),
        (lambda: own.spaces(kind="house"), "“house” is not a value of kind. Choose from: building, unit, plot"),
        (lambda: own.spaces("press"), "“press” is not a value of audience"),
        (lambda: own.spaces(has="sauna"), "“sauna” is not a value of has"),
        (lambda: own.areas("sea"), "“sea” is not a value of kind"),
        (lambda: own.move(town.HALL, "sell"), "“sell” is not a value of move"),
        (lambda: own.add(colour="red"), "There is no such field: colour"),
        (lambda: own.edit(town.HALL, storey=5000), "storey: "),
    ):
        with pytest.raises((Invalid, NotFound)) as told:
            wrong()
        assert said in str(told.value)


def test_a_file_that_is_no_register_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.gpkg").write_text("not a register")
    with pytest.raises(Unusable) as told:
        tempuse.open(tmp_path / "x.gpkg")
    assert str(told.value) == f"{tmp_path / 'x.gpkg'} is not a register of tempuse."


# ---- maps ---------------------------------------------------------------------------------------------


def test_every_frame_can_be_seen_on_a_map_that_asks_no_other_host(book: Notebook) -> None:
    spaces = book.spaces()
    for frame in (spaces, book.past(), book.areas(), book.by_district(spaces), book.spaces(source="nobody's list")):
        html = tempuse.explore(frame).get_root().render()
        assert not re.findall(r'(?:src|href)="(?!data:)', html)
        assert "L.map(" in html
    html = tempuse.explore(spaces).get_root().render()
    assert all(colour in html for colour in frame_map.colours().values())


def test_tiles_are_asked_only_where_they_are_named(book: Notebook) -> None:
    html = tempuse.explore(book.spaces(), "https://tiles.example/{z}/{x}/{y}.png", "Tiles: Example").get_root().render()
    assert "https://tiles.example/" in html


def test_the_map_has_the_colours_of_the_pages() -> None:
    assert set(frame_map.colours()) == {"free", "used", "shut"}
