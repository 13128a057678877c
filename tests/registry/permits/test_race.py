"""Case 6: eight processes approve at once what overlaps; one of them does, and whoever is killed leaves nothing."""

from __future__ import annotations

import signal
import subprocess
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from tempuse.access import SYSTEM
from tempuse.errors import Conflict, WrongState
from tempuse.registry.care import checking
from tempuse.registry.permits.deciding import approve_permit, refuse_request
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, claims, permits
from tempuse.store.engine import Connection
from tests import store_child
from tests.builders import a_space
from tests.permitting import a_request, terms

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
EIGHT = 8


@pytest.fixture
def site(con: Connection) -> list[str]:
    whole = add_space(con, SYSTEM, a_space(kind="plot"), NOW)
    return [whole, *(add_space(con, SYSTEM, a_space(kind="unit", within_ref=whole), NOW) for _ in range(2))]


def eight_requests(con: Connection, site: list[str]) -> list[str]:
    """Requests for a site of three spaces, listed in other orders, whose days overlap all."""
    orders = list(permutations(site))
    return [
        a_request(
            con, NOW, orders[n % len(orders)],
            terms(date(2027, 5, 1) + timedelta(days=n), date(2027, 6, 30) + timedelta(days=n)), group=f"Group {n}",
        )
        for n in range(EIGHT)
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.both_engines
def test_case_6_of_eight_who_approve_at_once_one_does(con: Connection, address: str, site: list[str]) -> None:
    refs = eight_requests(con, site)
    said = store_child.race("approve", address, refs)
    winner = refs[said.index("done")]
    assert sorted(said) == ["done", *[f"permit.overlaps {winner}"] * (EIGHT - 1)]
    assert [permits.get(con, ref).status for ref in refs].count("approved") == 1
    assert {each.ref for each in claims.of_permits(con, refs).get(winner, [])} == {winner}
    assert len(claims.of_permits(con, refs)) == 1
    con.rollback()
    assert [each.message for each in checking.check_register(con, datetime.now(UTC))] == []


@pytest.mark.long
def test_case_6_whoever_is_killed_has_approved_whole_or_not_at_all(
    con: Connection, address: str, site: list[str]
) -> None:
    for n in range(4):
        ref = a_request(con, NOW, site, terms(date(2027, 1 + n, 1), date(2027, 1 + n, 28)), group=f"Group {n}")
        child = store_child.start("approve", address, ref)
        store_child.ready([child])
        store_child.go([child])
        try:
            child.wait(n * 0.03)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        child.communicate()
        is_approved = permits.get(con, ref).status == "approved"
        assert len(claims.of_permit(con, ref)) == (3 if is_approved else 0)
        assert len(agreements.decisions_of(con, ref)) == int(is_approved)
        con.rollback()
    assert [each.message for each in checking.check_register(con, datetime.now(UTC))] == []


def test_who_decides_on_what_was_changed_meanwhile_changes_nothing(con: Connection, site: list[str]) -> None:
    ref = a_request(con, NOW, site, terms(date(2027, 5, 1), date(2027, 5, 31)))
    seen = permits.get(con, ref).revision
    con.rollback()
    approve_permit(con, SYSTEM, ref, NOW, revision=seen)
    with pytest.raises(Conflict) as caught:
        refuse_request(con, SYSTEM, ref, NOW, "No.", revision=seen)
    assert caught.value.message == "permit.changed_since"
    with pytest.raises(WrongState):
        approve_permit(con, SYSTEM, ref, NOW)
