"""Two registers that differ only in what nobody may know answer every question of the public alike.

Whatever is asked, both answer with the same bytes: so no sequence of questions can tell them apart. The numbers of a
list are given by chance; here the chance is chosen, so that the same spaces have the same numbers in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry import pictures, publishing, reports, setup
from tempuse.registry.adding import secrets as chance
from tempuse.registry.areas import load_areas
from tempuse.registry.owners.answering import answer_letter
from tempuse.registry.owners.asking import LetterWanted, ask_owners, expect_secrets, owners_to_ask
from tempuse.registry.reports import fingerprint
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.reports import Report
from tempuse.store import spaces
from tempuse.store.engine import Connection, open_register, writing
from tempuse.store.tables import permits
from tempuse.vocabulary import AreaKind, OwnerAnswer
from tests.builders import HERE, a_district, a_place, a_space, an_outline
from tests.conftest import NOW
from tests.io import lists
from tests.permitting import running, terms
from tests.registry.test_imports import bring
from tests.web import whispers
from tests.web.doors import (
    A_PICTURE,
    A_PLAN,
    EVERYTHING,
    FILTERS,
    a_secretive_picture,
    a_secretive_plan,
    differing,
    doors,
    questions,
    steady,
)
from web import create_app

Made = Callable[[Connection, Path, int], None]


def _within_a_square(con: Connection, folder: Path, twin: int) -> None:
    """Where in its square a space is, and all that locates it."""
    east, north = [(-0.0012, -0.0011), (0.0021, 0.0012)][twin]
    add_space(con, SYSTEM, a_space(name="Net loft"), NOW)
    add_space(con, SYSTEM, a_space(
        name=f"Hidden {twin}", address=f"{twin} Quay", location_level="cell", water=True,
        floor_area_m2=60 + 20 * twin, plot_area_m2=100.0 + twin, building_year=1900 + twin,
        heritage=["listed", "none"][twin], vacant_since=date(2020 + twin, 1, 1),
        source_ref=f"ref {twin}", geometry=an_outline(east, north, 0.0001),
    ), NOW)  # fmt: skip


# A street: its houses by number, and how precisely each may be known. Those below exact are alike in public.
_STREET = ("exact", "hidden", "exact", "cell", "hidden", "exact", "district", "cell", "exact", "hidden")


def _a_list(con: Connection, folder: Path, order: Sequence[int]) -> None:
    """The street as a list in this order; each house has the same number whatever the order."""
    head = ["Ref", "Name", "Address", "Lon", "Lat", "Ownership", "location_level"]
    rows = [
        [f"A{i}", f"House {i}", f"{i} Quay", HERE[0] + i * 1e-5, HERE[1], "municipality", _STREET[i]] for i in order
    ]
    keys = np.zeros(len(order), np.uint64)
    keys[list(order)] = np.arange(len(order))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chance, "token_bytes", lambda count: keys.tobytes())
        bring(con, lists.write_csv(folder / "list.csv", [head, *rows]), NOW, status="offered")
    names = {space.ref: space.name for space in spaces.find(con, spaces.SpaceFilter())}
    con.rollback()
    assert [names[ref] for ref in sorted(names)] == [f"House {i}" for i in range(len(order))]


def _hidden_row(con: Connection, folder: Path, twin: int) -> None:
    """Which row of a list the hidden ones are."""
    _a_list(con, folder, [(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 0, 4, 2, 9, 3, 5, 6, 7, 8)][twin])


def _whole_order(con: Connection, folder: Path, twin: int) -> None:
    """The order of a list."""
    _a_list(con, folder, list(range(len(_STREET)))[:: [1, -1][twin]])


def _hidden_building(con: Connection, folder: Path, twin: int) -> None:
    """Whether there is a building around a shop, and which, that nobody may know of."""
    shop = add_space(con, SYSTEM, a_space(name="Shop", kind="unit", geometry=a_place(0.0001)), NOW)
    add_space(con, SYSTEM, a_space(name="Net loft", geometry=a_place(0.002)), NOW)
    if twin:
        hall = add_space(con, SYSTEM, a_space(name="Hall", status="withheld"), NOW)
        edit_space(con, SYSTEM, shop, {"within_ref": hall}, NOW)


def _coarse_building(con: Connection, folder: Path, twin: int) -> None:
    """Which of two buildings, of which nobody may know the place, a shop is in."""
    shop = add_space(con, SYSTEM, a_space(name="Shop", kind="unit", geometry=a_place(0.0001)), NOW)
    halls = [add_space(con, SYSTEM, a_space(name=f"Hall {i}", location_level="cell"), NOW) for i in range(2)]
    edit_space(con, SYSTEM, shop, {"within_ref": halls[twin]}, NOW)


def _a_use_within_a_square(con: Connection, folder: Path, twin: int) -> None:
    """Who uses a space of which only the square may be known, what for it is called, on which days."""
    add_space(con, SYSTEM, a_space(name="Net loft"), NOW)
    east, north = [(-0.0012, -0.0011), (0.0021, 0.0012)][twin]
    loft = add_space(con, SYSTEM, a_space(location_level="cell", geometry=an_outline(east, north, 0.0001)), NOW)
    days = terms(date(2026, 11, 3 + twin), date(2027, 2, 10 + twin))
    running(con, NOW, [loft], days, on=NOW.date(), title=f"Choir {twin}", group=f"Choir of {twin}", name=f"Ada {twin}")


def _a_hidden_room(con: Connection, folder: Path, twin: int) -> None:
    """Which of two buildings, one of them in use, a room is in that nobody may know of."""
    halls = [add_space(con, SYSTEM, a_space(name=f"Hall {i}", geometry=a_place(0.002 * i)), NOW) for i in range(2)]
    room = a_space(kind="unit", within_ref=halls[twin], location_level="hidden", geometry=None)
    add_space(con, SYSTEM, room, NOW)
    running(con, NOW, [halls[0]], terms(date(2026, 11, 3), date(2027, 2, 10)), on=NOW.date(), title="Market")


def _a_word_that_waits(con: Connection, folder: Path, twin: int) -> None:
    """Whether the office or somebody who speaks for its owner hides a space, and shows less of another."""
    add_space(con, SYSTEM, a_space(name="Net loft"), NOW)
    gone = add_space(con, SYSTEM, a_space(name="Bakery", geometry=a_place(0.001)), NOW)
    level = [{"location_level": "district"}, {"location_level": "exact"}][twin]
    coarse = add_space(con, SYSTEM, a_space(name="Dairy", geometry=a_place(0.002), **level), NOW)
    if twin:
        for ref, wish in ((gone, {"wish": "off"}), (coarse, {"wish": "less", "level": "district"})):
            said = Report(kind="owner", space_ref=ref, sender_name="Ann Baker", **wish)
            reports.send_report(con, PUBLIC, said, NOW)
    else:
        move_space(con, SYSTEM, gone, "withhold", NOW)


def _a_picture_of_a_square(con: Connection, folder: Path, twin: int) -> None:
    """Whether a space of which only the square may be known, and one that nobody looked at, have pictures and plans."""
    refs = [add_space(con, SYSTEM, a_space(name="Net loft"), NOW)]
    refs.append(add_space(con, SYSTEM, a_space(location_level="cell", geometry=a_place(0.001)), NOW))
    if twin:
        for ref in refs:
            pictures.add_picture(con, SYSTEM, a_secretive_picture(ref, "cell"), NOW)
            pictures.add_picture(con, SYSTEM, a_secretive_plan(ref, "cell"), NOW)
        for name in (A_PICTURE, A_PLAN):
            pictures.show_picture(con, SYSTEM, refs[1], name, "The yard", None, NOW)


def _an_owner_who_is_asked(con: Connection, folder: Path, twin: int) -> None:
    """Whether an owner's word came by a letter's link or was written down; and whether another one was asked."""
    hers = {"ownership": "private_person", "owner_email": f"ann{twin}@baker.example"}
    shop = add_space(con, SYSTEM, a_space(name="Bakery", **hers), NOW)
    add_space(con, SYSTEM, a_space(name="Forge", ownership="company", owner_name="Bo"), NOW)
    if not twin:
        told = {"consent": "given", "consent_on": NOW.date(), "location_level": "district"}
        edit_space(con, SYSTEM, shop, told, NOW)
        return
    found = owners_to_ask(con, SYSTEM).owners
    con.rollback()
    asked = ask_owners(con, SYSTEM, [LetterWanted(each.space_refs, each.way) for each in found], "en", NOW)
    (letter,) = [each for each in asked if each.owner_email]
    expect_secrets(con, SYSTEM, {letter.ref: fingerprint("a link")})
    answer_letter(con, PUBLIC, "a link", OwnerAnswer.YES, NOW, choices={shop: "district"}, by="Ann", remark="Ring.")


MADE: dict[str, Made] = {
    "a hidden row of a list": _hidden_row,
    "a hidden building around a shop": _hidden_building,
    "the order of a list": _whole_order,
    "a use within its square": _a_use_within_a_square,
    "a hidden room of a building in use": _a_hidden_room,
    "the building around a shop": _coarse_building,
    "an owner who is asked": _an_owner_who_is_asked,
    "pictures that nobody may see": _a_picture_of_a_square,
    "an owner's word that waits": _a_word_that_waits,
    "a place within its square": _within_a_square,
}
# Three pairs of registers differ in everything: each difference tells them apart by itself, and none undoes another.
# With TEMPUSE_TEST_EVERYTHING=1 each stands in a pair of its own too.
_NAMES = tuple(MADE)
TOGETHER = [_NAMES[:2], _NAMES[2:6], _NAMES[6:], *([name] for name in _NAMES if EVERYTHING)]


@pytest.fixture(scope="module", params=TOGETHER, ids=", ".join)
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[FlaskClient]]:
    """Two registers that differ only in what nobody may know."""

    def made(con: Connection, folder: Path, twin: int) -> None:
        for name in request.param:
            MADE[name](con, folder, twin)

    with a_twin(tmp_path_factory.mktemp("one"), made, 0) as one, a_twin(tmp_path_factory.mktemp("two"), made, 1) as two:
        yield [one, two]


@contextmanager
def a_twin(folder: Path, made: Made, twin: int) -> Iterator[FlaskClient]:
    """A visitor of one of two registers."""
    register = open_register(str(folder / "register.gpkg"), folder / "home", create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
        setup.change_settings(con, SYSTEM, {"country": "BE"}, NOW)
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], NOW)
        made(con, folder, twin)
    yield create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: NOW).test_client()
    register.close()


def refs_in(*clients: FlaskClient) -> list[str]:
    """What there is in the one or the other, and a space and a use that are in neither."""
    found = {"SP-9999", "PM-9999"}
    for client in clients:
        with client.application.extensions["tempuse.register"].connect() as con:
            found |= {each.ref for each in spaces.find(con, spaces.SpaceFilter())}
            found |= set(con.scalars(select(permits.c.ref)))
    return sorted(found)


def test_every_door_answers_both_alike(twins: list[FlaskClient]) -> None:
    one, other = twins
    asked = list(questions(one.application, doors(one.application, refs_in(one, other))))
    assert len(asked) > 100
    assert differing(one, other, asked) == []


def test_twins_that_a_new_collection_tells_apart_are_found(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody told the test of the collection: it has a door, and says where a hidden space is."""
    whispers.put_in(monkeypatch)

    def made(con: Connection, folder: Path, twin: int) -> None:
        _within_a_square(con, folder, twin)
        reports.send_report(con, PUBLIC, Report(kind="vacant", address="9 Quay Lane"), NOW)
        with writing(con):
            publishing.decide_all(con, NOW)

    with a_twin(tmp_path_factory.mktemp("one"), made, 0) as one, a_twin(tmp_path_factory.mktemp("two"), made, 1) as two:
        for client in (one, two):
            whispers.open_door(client.application)
        found = differing(one, two, doors(one.application, refs_in(one, two)))
    assert {each.partition("?")[0] for each in found} == {"/whispers.geojson"}


_DEGREES = st.floats(-0.004, 0.004)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    west=_DEGREES,
    south=_DEGREES,
    wide=st.floats(1e-5, 0.006),
    zoom=st.integers(3, 19),
    question=st.sampled_from([each for each in FILTERS if each != "?for=people"]),  # of tables alone
    more=st.sampled_from(
        ["", "&sort=name", "&sort=large", "&sort=new", "&place=none", "&page=2", "&q=hidden 0", "&q=1 quay"]
    ),
    door=st.sampled_from(
        ["/", "/map/view", "/map/open", "/map/around", "/list", "/find", "/spaces.geojson", "/spaces.csv"]
    ),
)
def test_no_box_filter_or_sort_tells_them_apart(
    twins: list[FlaskClient], west: float, south: float, wide: float, zoom: int, question: str, more: str, door: str
) -> None:
    left, bottom = HERE[0] + west, HERE[1] + south
    box = f"box={left},{bottom},{left + wide},{bottom + wide}&zoom={zoom}&map={zoom}/{bottom}/{left}"
    address: Any = f"{door}{question}{'&' if question else '?'}{box}{more}"
    one, other = (steady(client, address) for client in twins)
    assert one[0] == 200
    assert one == other
