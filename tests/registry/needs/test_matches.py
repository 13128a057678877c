"""How well a space fitted is kept with what came of it, held against itself by a check, and blanked in time."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tempuse import matching, questions
from tempuse.access import PUBLIC, SYSTEM
from tempuse.matches import Match
from tempuse.permits import Permit
from tempuse.registry.care import checking
from tempuse.registry.needs.changing import propose_space
from tempuse.registry.needs.purging import purge_needs
from tempuse.registry.permits.confirming import UNCONFIRMED, expect_secret, forget_unconfirmed
from tempuse.registry.permits.exporting import use_texts
from tempuse.registry.permits.purging import purge_permits
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.registry.permits.withdrawing import withdraw_request
from tempuse.registry.spaces import add_space, edit_space
from tempuse.store import events, matches, needs, organisations
from tempuse.store.engine import Connection, Register, writing
from tempuse.store.listed_permits import PermitChoice
from tempuse.store.tables import matches as table
from tempuse.wanted import Wanted
from tests.builders import a_place, a_space
from tests.needing import ASKED, a_need, looking
from tests.permitting import terms
from tests.registry.needs.test_needs import contact_of

MAY = terms(date(2027, 5, 1), date(2027, 6, 30))
GROUP = Requester(name="Ada", email="ada@group.example", group="Repair café")


@pytest.fixture
def hall(con: Connection, now: datetime) -> str:
    """A workshop of 94 m² not far from where somebody looks, with toilets, and power as far as is known."""
    return add_space(
        con, SYSTEM,
        a_space(suitable_uses=("workshop",), floor_area_m2=94.0, toilets=True, cost_model="free", geometry=a_place()),
        now,
    )  # fmt: skip


def asked(con: Connection, now: datetime, *space_refs: str, wanted: Wanted | None = ASKED) -> str:
    """The ref of a request by somebody who had looked for a space."""
    permit = Permit(space_refs=space_refs, title="Repair café", use_categories=("workshop",))
    return request_permit(con, PUBLIC, permit, MAY, GROUP, now, wanted=wanted).permit.ref


def of(con: Connection, permit_ref: str) -> list[Match]:
    found = matches.of_permit(con, permit_ref)
    con.rollback()
    return found


def findings(con: Connection, now: datetime) -> list[tuple[str, dict[str, object]]]:
    con.rollback()
    found = [(each.message, each.values) for each in checking.check_register(con, now)]
    con.rollback()
    return found


def test_a_request_keeps_how_its_spaces_fitted_and_later_facts_change_nothing(
    con: Connection, now: datetime, hall: str
) -> None:
    barn = add_space(con, SYSTEM, a_space(name="Barn", toilets=False, geometry=a_place(0.01)), now)
    shut = add_space(con, SYSTEM, a_space(name="Shut", occupancy="occupied", geometry=a_place(0.02)), now)
    ref = asked(con, now, hall, barn, shut)
    kept = of(con, ref)
    assert [(each.ref, each.space_ref, each.tier) for each in kept] == [
        ("MT-0001", hall, "ask"), ("MT-0002", barn, "near"),
    ], "nobody may ask for the third, and nothing is known of how it would be"  # fmt: skip
    first = kept[0]
    assert (first.on, first.version, first.because) == (date(2026, 11, 23), matching.version(), "requested")
    assert first.facts["floor_area_m2"] == 94.0
    assert {"name", "address", "owner_name", "ref"} & set(first.facts) == set()
    assert [each.what for each in events.of(con, "MT-0001", "match")] == ["keep"]
    con.rollback()
    edit_space(con, SYSTEM, hall, {"floor_area_m2": 12.0, "toilets": None}, now)
    assert of(con, ref) == kept
    assert findings(con, now) == []
    assert of(con, asked(con, now, hall, wanted=None)) == of(con, asked(con, now, hall, wanted=Wanted())) == []


def test_the_need_of_a_group_that_asks_the_same_is_named(con: Connection, now: datetime, hall: str) -> None:
    need = looking(con, now)
    actor = contact_of(con, need)
    group = str(needs.get(con, need).initiative_ref)
    con.rollback()
    others = looking(con, now, group="Choir", email="bo@choir.example", name="Bo")
    permit = Permit(space_refs=(hall,), title="Repair café", use_categories=("workshop",))
    who = Requester(organisation_ref=group)
    ref = request_permit(con, actor, permit, MAY, who, now, wanted=ASKED).permit.ref
    assert [each.need_ref for each in of(con, ref)] == [need]
    another = Permit(space_refs=(hall,), title="Choir", use_categories=("event",))
    wanted = Wanted(uses=("event",))
    ref = request_permit(con, actor, another, MAY, who, now, wanted=wanted).permit.ref
    assert [each.need_ref for each in of(con, ref)] == [None]
    assert others not in {each.need_ref for each in of(con, ref)}


def test_a_suggestion_is_kept_as_well(con: Connection, now: datetime, hall: str) -> None:
    need = looking(con, now, a_need(Wanted(uses=("workshop",), area_least_m2=60)))
    propose_space(con, SYSTEM, need, hall, now)
    (kept,) = matches.of_need(con, need)
    assert (kept.because, kept.tier, kept.permit_ref, kept.space_ref) == ("proposed", "fits", None, hall)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"good": 1}, ("check.match", {"ref": "MT-0001", "what": "sum, sha256"})),
        ({"criteria": [{"key": "use"}]}, ("check.match", {"ref": "MT-0001", "what": "criteria"})),
        ({"permit_ref": "PM-0404"}, ("check.orphan", {"ref": "MT-0001", "table": "permit_ref"})),
        ({"tier": "perfect"}, ("check.value", {"ref": "MT-0001", "field": "tier", "value": "perfect"})),
    ],
)  # fmt: skip
def test_check_computes_it_again(
    con: Connection, now: datetime, hall: str, change: dict[str, object], found: tuple[str, dict[str, object]]
) -> None:
    asked(con, now, hall)
    with writing(con):
        con.execute(update(table).values(**change))
    assert found in findings(con, now)


def test_with_the_persons_goes_what_tells_near_whom_they_looked(
    con: Connection, register: Register, now: datetime, hall: str
) -> None:
    ref, need = asked(con, now, hall), looking(con, now)
    propose_space(con, SYSTEM, need, hall, now)
    withdraw_request(con, SYSTEM, ref, now)
    purge_permits(con, SYSTEM, register.home, now + timedelta(days=400))
    purge_needs(con, SYSTEM, now + timedelta(days=1000))
    with register.connect() as other:
        kept = [*matches.of_permit(other, ref), *matches.of_need(other, need)]
        told = [each for match in kept for each in events.of(other, match.ref, "match")]
    assert len(kept) == len(told) == 2
    for match in kept:
        assert "within" not in match.question
        assert [each["given"] for each in match.criteria if each["key"] == "place"] == [None]
        assert match.wanted.uses == ("workshop",)
    assert findings(con, now + timedelta(days=1000)) == []


def test_what_nobody_confirmed_keeps_no_place_either(con: Connection, now: datetime, hall: str) -> None:
    ref = asked(con, now, hall)
    expect_secret(con, SYSTEM, ref, "the secret")
    assert forget_unconfirmed(con, SYSTEM, now + UNCONFIRMED + timedelta(minutes=1)) == 1
    assert "within" not in of(con, ref)[0].question


def test_the_export_of_permits_carries_it(con: Connection, now: datetime, hall: str, tmp_path: Path) -> None:
    ref = asked(con, now, hall)
    assert organisations.find(con) == []
    (text,) = [each for batch in use_texts(con, PermitChoice(), now.date()) for each in batch]
    (told,) = json.loads(text)["properties"]["matches"]
    assert (told["ref"], told["space_ref"], told["tier"], told["version"]) == (
        "MT-0001", hall, "ask", matching.version(),
    )  # fmt: skip
    assert questions.read_text(told["question"])[0].uses == ("workshop",)
    assert {each["key"] for each in told["criteria"]} >= {"use", "size", "place", "facility:power"}
    assert json.loads(text)["properties"]["ref"] == ref
