"""Pictures of spaces: eight at most, seen by everybody only where the space is shown exactly and somebody looked."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import orjson
import pytest
from PIL import Image

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Conflict, Invalid, NotAllowed, NotFound
from tempuse.pictures import MOST_PICTURES, MOST_PLANS, SpacePicture
from tempuse.registry import attachments as used
from tempuse.registry import pictures as registry
from tempuse.registry.care import backups, checking
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store import attachments, events, pictures, published, spaces
from tempuse.store.engine import Connection, Register, open_register
from tests.builders import a_space


def a_picture(register: Register, space_ref: str, colour: str = "red") -> SpacePicture:
    """A picture as a view hands it in: its files are kept, nobody has looked."""
    sizes = []
    for side in (32, 80):
        files = {}
        for kind, ending in (("JPEG", "jpg"), ("WEBP", "webp")):
            made = io.BytesIO()
            Image.new("RGB", (side, side * 3 // 4), colour).save(made, kind)
            files[ending] = attachments.put(register.home, made.getvalue(), ending)
        sizes.append({"width": side, "height": side * 3 // 4, **files})
    return SpacePicture(space_ref=space_ref, name=sizes[-1]["jpg"], sizes=tuple(sizes))


def told(con: Connection, ref: str) -> list[dict[str, object]] | None:
    """The pictures that everybody sees of a space."""
    text = published.feature(con, "spaces", ref)
    return None if text is None else orjson.loads(text)["properties"].get("pictures")


@pytest.fixture
def ref(con: Connection, now: datetime) -> str:
    return add_space(con, SYSTEM, a_space(), now)


def test_a_picture_is_the_offices_until_somebody_looked(
    register: Register, con: Connection, now: datetime, ref: str
) -> None:
    added = registry.add_picture(con, SYSTEM, a_picture(register, ref), now)
    assert (added.place, added.looked_at, told(con, ref)) == (1, None, None)
    con.rollback()
    assert registry.add_picture(con, SYSTEM, a_picture(register, ref), now).name == added.name
    with pytest.raises(Invalid) as caught:
        registry.show_picture(con, SYSTEM, ref, added.name, "  ", None, now)
    assert [each.field for each in caught.value.issues] == ["alt"]
    registry.show_picture(con, SYSTEM, ref, added.name, " The  yard ", "I. Maes", now)
    (shown,) = told(con, ref) or []
    assert (shown["alt"], shown["credit"], shown["sizes"]) == ("The yard", "I. Maes", list(added.sizes))
    con.rollback()
    registry.hide_picture(con, SYSTEM, ref, added.name, now)
    assert told(con, ref) is None
    whats = [each.what for each in events.of(con, ref, "space")]
    assert sorted(whats) == ["add", "add_picture", "hide_picture", "show_picture"]
    assert spaces.get(con, ref).revision == 4
    con.rollback()
    assert {each.message for each in checking.check_register(con, now, home=register.home)} == set()


@pytest.mark.parametrize("level", ["cell", "district", "hidden"])
def test_below_exact_no_picture_is_told_of(
    register: Register, con: Connection, now: datetime, ref: str, level: str
) -> None:
    picture = registry.add_picture(con, SYSTEM, a_picture(register, ref), now)
    registry.show_picture(con, SYSTEM, ref, picture.name, "The yard", None, now)
    edit_space(con, SYSTEM, ref, {"location_level": level}, now)
    assert told(con, ref) is None
    con.rollback()
    edit_space(con, SYSTEM, ref, {"location_level": "exact"}, now)
    assert len(told(con, ref) or []) == 1
    con.rollback()
    move_space(con, SYSTEM, ref, "withhold", now)
    assert published.feature(con, "spaces", ref) is None


def test_eight_are_enough_and_their_order_is_the_offices(
    register: Register, con: Connection, now: datetime, ref: str
) -> None:
    colours = ("red", "green", "blue", "white", "black", "gray", "pink", "gold")
    made = [a_picture(register, ref, colour) for colour in colours]
    for each in made:
        registry.add_picture(con, SYSTEM, each, now)
    assert len(made) == MOST_PICTURES
    with pytest.raises(Conflict) as caught:
        registry.add_picture(con, SYSTEM, a_picture(register, ref, "brown"), now)
    assert caught.value.values["most"] == MOST_PICTURES
    names = [each.name for each in made]
    registry.order_pictures(con, SYSTEM, ref, [names[7], "nonsense", names[2]], now)
    wanted = [names[7], names[2], *(each for each in names if each not in (names[7], names[2]))]
    assert [each.name for each in pictures.of_space(con, ref)] == wanted
    before = spaces.get(con, ref).revision
    con.rollback()
    registry.order_pictures(con, SYSTEM, ref, wanted, now)
    assert spaces.get(con, ref).revision == before, "the same order is no change"


def test_what_is_removed_leaves_no_file_unless_another_space_has_it(
    register: Register, con: Connection, now: datetime, ref: str
) -> None:
    other = add_space(con, SYSTEM, a_space(name="Bakery"), now)
    mine, both = a_picture(register, ref, "red"), a_picture(register, ref, "blue")
    for each in (mine, both, replace(both, space_ref=other)):
        registry.add_picture(con, SYSTEM, each, now)
    for path in (register.home / "attachments").glob("??/*"):
        os.utime(path, (1, 1))
    assert used.unused(con, register.home) == []
    con.rollback()
    for each in (mine, both, mine):
        registry.remove_picture(con, SYSTEM, register.home, ref, each.name, now)
    assert attachments.names(register.home) == sorted(both.files)
    assert pictures.of_space(con, ref) == []
    con.rollback()
    attachments.remove(register.home, both.files[0])
    found = {each.message for each in checking.check_register(con, now, home=register.home)}
    assert found == {"check.attachment_gone"}


def test_nobody_else_touches_them(register: Register, con: Connection, now: datetime, ref: str) -> None:
    picture = a_picture(register, ref)
    for act in (
        lambda: registry.add_picture(con, PUBLIC, picture, now),
        lambda: registry.describe_picture(con, PUBLIC, ref, picture.name, "A", None, now),
        lambda: registry.show_picture(con, PUBLIC, ref, picture.name, "A", None, now),
        lambda: registry.hide_picture(con, PUBLIC, ref, picture.name, now),
        lambda: registry.order_pictures(con, PUBLIC, ref, [], now),
        lambda: registry.remove_picture(con, PUBLIC, register.home, ref, picture.name, now),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        registry.describe_picture(con, SYSTEM, ref, picture.name, "A", None, now)
    with pytest.raises(NotFound):
        registry.add_picture(con, SYSTEM, replace(picture, space_ref="SP-9999"), now)


def test_a_backup_brings_the_pictures_back(
    register: Register, con: Connection, now: datetime, ref: str, tmp_path: Path
) -> None:
    picture = registry.add_picture(con, SYSTEM, a_picture(register, ref), now)
    registry.show_picture(con, SYSTEM, ref, picture.name, "The yard", None, now)
    backups.backup(register, tmp_path / "backup.zip", now)
    other = open_register(str(tmp_path / "other.gpkg"), tmp_path / "other-home", create=True)
    backups.restore(other, tmp_path / "backup.zip", now)
    with other.connect() as its:
        assert [each.alt for each in pictures.of_space(its, ref)] == ["The yard"]
        assert len(told(its, ref) or []) == 1
        its.rollback()
        assert {each.message for each in checking.check_register(its, now, home=other.home)} == set()
    assert set(picture.files) <= set(attachments.names(other.home))
    other.close()


def a_plan(register: Register, space_ref: str, words: bytes = b"Ground floor") -> SpacePicture:
    """A plan as a view hands it in: its file is kept, nobody has looked."""
    name = attachments.put(register.home, b"%PDF-1.7 " + words, "pdf")
    return SpacePicture(space_ref=space_ref, name=name, sizes=({"pdf": name, "pages": 2, "bytes": 40},))


def test_a_plan_goes_the_way_of_a_picture_and_beside_it(
    register: Register, con: Connection, now: datetime, ref: str, tmp_path: Path
) -> None:
    picture = registry.add_picture(con, SYSTEM, a_picture(register, ref), now)
    plan = registry.add_picture(con, SYSTEM, a_plan(register, ref), now)
    with pytest.raises(Invalid) as caught:
        registry.show_picture(con, SYSTEM, ref, plan.name, None, None, now)
    assert [each.message for each in caught.value.issues] == ["plan.no_name"]
    registry.show_picture(con, SYSTEM, ref, plan.name, "Ground floor", None, now)
    text = published.feature(con, "spaces", ref) or ""
    shown = orjson.loads(text)["properties"]
    assert shown["plans"] == [{"title": "Ground floor", "pdf": plan.name, "pages": 2, "bytes": 40}]
    assert "pictures" not in shown
    assert [each.name for each in pictures.of_space(con, ref)] == [picture.name]
    assert [each.name for each in pictures.plans_of_space(con, ref)] == [plan.name]
    assert {plan.name, *picture.files} <= used.used(con)
    con.rollback()
    registry.order_pictures(con, SYSTEM, ref, [plan.name, picture.name], now)

    for number in range(MOST_PLANS - 1):
        registry.add_picture(con, SYSTEM, a_plan(register, ref, bytes([number])), now)
    with pytest.raises(Conflict, match=r"plan\.space_full"):
        registry.add_picture(con, SYSTEM, a_plan(register, ref, b"more"), now)
    assert {each.message for each in checking.check_register(con, now, home=register.home)} == set()
    con.rollback()
    backups.backup(register, tmp_path / "backup.zip", now)
    other = open_register(str(tmp_path / "other.gpkg"), tmp_path / "other-home", create=True)
    backups.restore(other, tmp_path / "backup.zip", now)
    assert plan.name in attachments.names(other.home)
    other.close()

    edit_space(con, SYSTEM, ref, {"location_level": "cell"}, now)
    assert plan.name not in (published.feature(con, "spaces", ref) or "")
    con.rollback()
    registry.remove_picture(con, SYSTEM, register.home, ref, plan.name, now)
    whats = {each.what for each in events.of(con, ref, "space")}
    assert {"add_plan", "show_plan", "remove_plan", "add_picture"} <= whats
    assert plan.name not in used.used(con)
