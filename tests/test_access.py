"""Who may do what: alternatives of predicates, and nobody where nothing is said."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tempuse.access import (
    PUBLIC,
    SYSTEM,
    WHO_MAY,
    Actor,
    Membership,
    Over,
    anybody,
    check_allowed,
    is_administrator,
    is_allowed,
    is_planner,
    is_signed_in,
)
from tempuse.errors import NotAllowed
from tempuse.vocabulary import Permission, Role

PLANNER = Actor("Ilse", frozenset({Membership("planner")}), "PE-0001")
OF_THE_MILL = Actor("Bea", frozenset({Membership("planner", Over("space", "SP-0001"))}), "PE-0002")
STRANGE = Actor("Cem", frozenset({Membership("reviewer")}), "PE-0003")
MAY = Permission.SPACE_EDIT


def of_the_space(actor: Actor, thing: Any) -> bool:
    """A relation to one thing, as later nouns will have."""
    return thing is not None and actor.has("planner", Over("space", thing))


def test_every_permission_has_a_row_that_says_who() -> None:
    assert set(WHO_MAY) == set(Permission)
    for permission, alternatives in WHO_MAY.items():
        assert all(alternatives), f"{permission} has an alternative that asks nothing"


@pytest.mark.parametrize(
    ("alternatives", "allowed"),
    [
        ([], ()),
        ([[]], ()),
        ([[anybody]], (PUBLIC, SYSTEM, PLANNER, OF_THE_MILL, STRANGE)),
        ([[is_signed_in]], (PLANNER, OF_THE_MILL, STRANGE)),
        ([[is_administrator], [is_planner]], (SYSTEM, PLANNER)),
        ([[is_administrator, is_planner]], ()),
        ([[is_signed_in, is_planner]], (PLANNER,)),
    ],
)
def test_one_alternative_is_enough_and_each_asks_all_of_its_predicates(
    monkeypatch: pytest.MonkeyPatch, alternatives: Any, allowed: tuple[Actor, ...]
) -> None:
    monkeypatch.setitem(WHO_MAY, MAY, alternatives)
    everybody = (PUBLIC, SYSTEM, PLANNER, OF_THE_MILL, STRANGE)
    assert tuple(actor for actor in everybody if is_allowed(actor, MAY)) == allowed


def test_a_permission_without_a_row_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(WHO_MAY, MAY)
    assert not is_allowed(SYSTEM, MAY)
    with pytest.raises(NotAllowed):
        check_allowed(SYSTEM, MAY)


def test_a_relation_to_a_thing_is_a_predicate_and_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WHO_MAY, MAY, [[is_administrator], [of_the_space]])
    for actor, thing in product((OF_THE_MILL, SYSTEM, PLANNER, STRANGE), ("SP-0001", "SP-0002", None)):
        may = (
            actor is SYSTEM or (thing == "SP-0001" and actor is OF_THE_MILL) or (thing is not None and actor is PLANNER)
        )
        assert is_allowed(actor, MAY, thing) == may, (actor.name, thing)


def test_a_role_that_no_row_names_may_nothing_that_the_public_may_not() -> None:
    for permission in Permission:
        for actor in (STRANGE, OF_THE_MILL):
            assert is_allowed(actor, permission) == (
                is_allowed(PUBLIC, permission) or permission == Permission.ACCOUNT_EDIT
            ), permission


def test_the_roles_of_today() -> None:
    assert {role.value for role in Role} == {"administrator", "planner"}
    only_administrators = {each for each in Permission if is_allowed(SYSTEM, each) and not is_allowed(PLANNER, each)}
    assert only_administrators == {Permission.SPACE_ERASE, Permission.SETTINGS_EDIT, Permission.PERSON_EDIT}
