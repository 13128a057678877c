"""Cases of spaces: buildings and units, parts, circles, what an import may change, and an owner's closed weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Conflict, Invalid, NotAllowed
from tempuse.registry.adding import add_spaces
from tempuse.registry.care import checking
from tempuse.registry.closing import close_space, reopen_space
from tempuse.registry.importing import merging
from tempuse.registry.permits.deciding import approve_permit
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.registry.splitting import make_unit
from tempuse.store import claims, closures, permits, spaces
from tempuse.store.engine import Connection, writing
from tests.builders import a_space
from tests.permitting import a_request, approved, bring_back, running, terms
from tests.staged import HEADER, a_line, staged

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
JUNE = terms(date(2027, 6, 1), date(2027, 6, 30))


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


def a_unit(con: Connection, within: str) -> str:
    return add_space(con, SYSTEM, a_space(kind="unit", within_ref=within), NOW)


def test_case_5_whoever_holds_a_building_holds_its_units_and_those_that_come_later(con: Connection, hall: str) -> None:
    room, other = a_unit(con, hall), a_unit(con, hall)
    held = approved(con, NOW, [hall], MAY)
    later = a_unit(con, hall)
    corner = a_unit(con, later)
    for each in (room, later, corner):
        with pytest.raises(Conflict) as caught:
            approved(con, NOW, [each], MAY, group="Choir")
        assert caught.value.values["refs"] == held
    approved(con, NOW, [room], JUNE, group="Choir")
    approved(con, NOW, [other], JUNE, group="Band")
    with pytest.raises(Conflict):
        approved(con, NOW, [hall], JUNE, group="Circus")


def test_units_that_come_with_many_others_are_held_as_well(con: Connection, hall: str) -> None:
    held = approved(con, NOW, [hall], MAY)
    refs = add_spaces(con, SYSTEM, [[a_space(kind="unit", within_ref=hall), a_space()]], NOW)
    floor = add_spaces(con, SYSTEM, [[a_space(kind="unit", within_ref=refs[0])]], NOW)[0]
    taken = claims.of_permit(con, held)
    con.rollback()
    assert len(taken) == 3
    with pytest.raises(Conflict):
        approved(con, NOW, [floor], MAY, group="Choir")
    approved(con, NOW, [refs[1]], MAY, group="Choir")
    assert [each.message for each in checking.check_register(con, NOW)] == []


def test_a_unit_stays_in_its_building_while_somebody_holds_it(con: Connection, hall: str) -> None:
    other, room = add_space(con, SYSTEM, a_space(), NOW), a_unit(con, hall)
    held = approved(con, NOW, [hall], MAY)
    with pytest.raises(Conflict) as caught:
        edit_space(con, SYSTEM, room, {"within_ref": other}, NOW)
    assert caught.value.values["refs"] == held
    edit_space(con, SYSTEM, room, {"name": "Attic"}, NOW)


def test_a_space_lies_in_no_circle_and_an_old_one_ends_and_is_found(con: Connection, hall: str) -> None:
    room = a_unit(con, hall)
    corner = a_unit(con, room)
    with pytest.raises(Invalid) as caught:
        edit_space(con, SYSTEM, hall, {"within_ref": corner}, NOW)
    assert caught.value.issues[0].message == "space.within_circle"
    with writing(con):
        whole = spaces.get(con, hall)
        whole.within_ref = corner
        spaces.save(con, whole)
    ref = approved(con, NOW, [room], MAY)
    assert len(claims.of_permit(con, ref)) == 3
    con.rollback()
    assert "check.within_circle" in {each.message for each in checking.check_register(con, NOW)}


def test_a_part_that_somebody_is_to_have_alone_becomes_a_unit(con: Connection, hall: str) -> None:
    other = approved(con, NOW, [hall], JUNE, group="Circus")
    ref = a_request(con, NOW, [hall], terms(date(2027, 5, 1), date(2027, 5, 31), part="The stage"))
    unit = make_unit(con, SYSTEM, hall, " The  stage ", NOW, floor_area_m2=60, for_request=ref)
    permit, its = permits.one_ruled(con, ref)
    made = spaces.get(con, unit)
    con.rollback()
    assert (permit.space_refs, its.part, its.version) == ((unit,), None, 2)
    assert (made.name, made.within_ref, made.ownership, made.status) == (
        "The stage", hall, "municipality", "offered",
    )  # fmt: skip
    approve_permit(con, SYSTEM, ref, NOW)
    with pytest.raises(Conflict) as caught:
        approved(con, NOW, [unit], JUNE, group="Choir")
    assert caught.value.values["refs"] == other
    second = make_unit(con, SYSTEM, hall, "The bar", NOW)
    approved(con, NOW, [second], MAY, group="Choir")
    with pytest.raises(Invalid):
        make_unit(con, SYSTEM, hall, " ", NOW)


def test_a_space_is_there_for_as_long_as_it_was_promised(con: Connection, hall: str) -> None:
    room = a_unit(con, hall)
    held = approved(con, NOW, [room], MAY)
    for changes in ({"available_until": date(2027, 5, 30)}, {"available_from": date(2027, 5, 2)}):
        with pytest.raises(Conflict) as caught:
            edit_space(con, SYSTEM, hall, changes, NOW)
        assert (caught.value.message, caught.value.values["refs"]) == ("space.shorter_than_permits", held)
    edit_space(con, SYSTEM, hall, {"available_until": date(2027, 5, 31), "available_from": date(2027, 5, 1)}, NOW)


def test_case_19_keys_that_are_out_keep_the_next_from_them_and_the_space_from_its_end(
    con: Connection, hall: str
) -> None:
    ref = running(con, NOW, [hall], terms(date(2027, 4, 1), date(2027, 5, 31)), on=date(2027, 4, 1))
    june = datetime(2027, 6, 20, 9, 0, tzinfo=UTC)
    with pytest.raises(Conflict) as caught:
        move_space(con, SYSTEM, hall, "retire", june, retired_on=date(2027, 6, 20), note="Sold")
    assert caught.value.values["refs"] == ref
    bring_back(con, ref, june, date(2027, 6, 19))
    move_space(con, SYSTEM, hall, "retire", june, retired_on=date(2027, 6, 20), note="Sold")


# ---- what a list of spaces may not change ----------------------------------------------------------------------


def test_an_import_leaves_what_would_break_a_permit_and_says_so(con: Connection, hall: str, tmp_path: Path) -> None:
    header = f"{HEADER},Available until"
    lines = [f"{a_line(n)},2027-12-31" for n in (1, 2, 3)]
    with staged(con, tmp_path, NOW, "first", lines, header) as staging:
        merging.merge_import(con, SYSTEM, staging, NOW)
    first, second, third = (each.ref for each in spaces.by_source(con, "list", ["001", "002", "003"]).values())
    con.rollback()
    held, other = (approved(con, NOW, [ref], MAY, group=ref) for ref in (first, second))
    line = f"{a_line(1, area=250)},2027-05-15"
    with staged(con, tmp_path, NOW, "second", [line], header) as staging:
        done = merging.merge_import(con, SYSTEM, staging, NOW, retire_vanished_on=date(2027, 4, 1))
        said = {(each.message, each.values["refs"]) for each in staging.issues(100) if "refs" in each.values}
    kept = spaces.get(con, first)
    assert (kept.available_until, kept.floor_area_m2, done.retired) == (date(2027, 12, 31), 250, 1)
    assert [spaces.get(con, ref).status for ref in (second, third)] == ["verified", "retired"]
    assert said == {("row.breaks_permits", held), ("row.breaks_permits", other)}


# ---- closed weeks ----------------------------------------------------------------------------------------------


def test_nobody_gets_the_days_on_which_a_space_is_closed(con: Connection, hall: str) -> None:
    room = a_unit(con, hall)
    closure = close_space(con, SYSTEM, hall, date(2027, 5, 10), date(2027, 5, 16), "The owner’s fair", NOW)
    later = a_unit(con, hall)
    for each in (hall, room, later):
        with pytest.raises(Conflict) as caught:
            approved(con, NOW, [each], MAY)
        assert (caught.value.message, caught.value.values["because"]) == ("permit.closed", "The owner’s fair")
        assert caught.value.values["until"] == date(2027, 5, 16)
    approved(con, NOW, [hall], terms(date(2027, 5, 17), date(2027, 5, 31)))
    assert [each.ref for each in closures.between(con, date(2027, 5, 16), date(2027, 6, 1))] == [closure.ref]
    assert closures.between(con, date(2027, 5, 17), date(2027, 6, 1)) == []
    con.rollback()
    assert [each.message for each in checking.check_register(con, NOW)] == []
    reopen_space(con, SYSTEM, closure.ref, NOW)
    assert reopen_space(con, SYSTEM, closure.ref, NOW).ended_at is not None
    approved(con, NOW, [room], terms(date(2027, 5, 1), date(2027, 5, 16)), group="Choir")
    assert closures.in_force(con, NOW.date()) == []
    con.rollback()
    assert [each.message for each in checking.check_register(con, NOW)] == []


def test_a_space_is_not_closed_over_somebodys_head(con: Connection, hall: str) -> None:
    held = approved(con, NOW, [hall], MAY)
    with pytest.raises(Conflict) as caught:
        close_space(con, SYSTEM, hall, date(2027, 5, 31), date(2027, 6, 2), "Fair", NOW)
    assert (caught.value.message, caught.value.values["refs"]) == ("closure.overlaps", held)
    assert closures.in_force(con, NOW.date()) == []
    con.rollback()
    with pytest.raises(Invalid):
        close_space(con, SYSTEM, hall, date(2027, 6, 2), date(2027, 6, 1), " ", NOW)
    with pytest.raises(NotAllowed):
        close_space(con, PUBLIC, hall, date(2027, 6, 1), date(2027, 6, 2), "Fair", NOW)


def test_a_closed_space_can_leave_the_register(con: Connection, hall: str) -> None:
    close_space(con, SYSTEM, hall, date(2027, 5, 10), date(2027, 5, 16), "Fair", NOW)
    move_space(con, SYSTEM, hall, "retire", NOW, retired_on=date(2027, 4, 1), note="Sold")
