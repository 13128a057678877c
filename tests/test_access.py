"""Who may do what: alternatives of predicates, and nobody where nothing is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from tempuse import access
from tempuse.access import (
    PUBLIC,
    SYSTEM,
    WHO_MAY,
    Actor,
    Membership,
    Over,
    Predicate,
    anybody,
    check_allowed,
    is_administrator,
    is_allowed,
    is_planner,
    is_signed_in,
)
from tempuse.errors import NotAllowed
from tempuse.vocabulary import OFFICE_ROLES, Permission, Role

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
                is_allowed(PUBLIC, permission)
                or permission in (Permission.ACCOUNT_EDIT, Permission.MY_READ, Permission.MY_EDIT)
            ), permission


def test_the_roles_of_the_office() -> None:
    assert {role.value for role in OFFICE_ROLES} == {"administrator", "planner", "auditor"}
    only_administrators = {each for each in Permission if is_allowed(SYSTEM, each) and not is_allowed(PLANNER, each)}
    only_administrators -= {Permission.SETTINGS_READ, Permission.PERSON_READ}
    assert only_administrators == {Permission.SPACE_ERASE, Permission.SETTINGS_EDIT, Permission.PERSON_EDIT}


def test_an_auditor_enters_the_office_reads_everything_there_and_changes_nothing() -> None:
    auditor = Actor("Olga", frozenset({Membership("auditor")}), "PE-0005")
    allowed = {each for each in Permission if is_allowed(auditor, each) and not is_allowed(STRANGE, each)}
    reading = {each for each in Permission if each.value.endswith(":read")} - {
        Permission.PUBLIC_READ,
        Permission.MY_READ,
    }
    assert allowed == reading | {Permission.OFFICE_ENTER}


def of(role: str, noun: str = "organisation", ref: str = "OR-0001") -> Actor:
    return Actor("Ada", frozenset({Membership(role, Over(noun, ref))}), "PE-0009")


@dataclass
class Asked:
    """A thing that somebody holds, another grants and a department is asked about, as a permit and its checks are."""

    ref: str = "OR-0001"
    holder_ref: str | None = "OR-0001"
    grantor_ref: str | None = "OR-0002"
    department: str | None = "fire"


RELATIONS: list[tuple[Predicate, set[tuple[str, str]]]] = [
    (access.is_of_it, {("contact", "OR-0001"), ("signatory", "OR-0001"), ("member", "OR-0001")}),
    (access.is_contact_of_it, {("contact", "OR-0001")}),
    (access.is_of_holder, {("contact", "OR-0001"), ("signatory", "OR-0001"), ("member", "OR-0001")}),
    (access.is_contact_of_holder, {("contact", "OR-0001")}),
    (access.is_signatory_of_holder, {("signatory", "OR-0001")}),
    (access.is_of_grantor, {("contact", "OR-0002"), ("signatory", "OR-0002"), ("member", "OR-0002")}),
    (access.is_contact_of_grantor, {("contact", "OR-0002")}),
    (access.is_signatory_of_grantor, {("signatory", "OR-0002")}),
    (access.is_reviewer_of_department, {("reviewer", "fire")}),
]


@pytest.mark.parametrize(("relation", "whose"), RELATIONS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_relation_holds_towards_the_thing_that_it_names_alone(
    relation: Predicate, whose: set[tuple[str, str]]
) -> None:
    for role, ref in product((role.value for role in Role), ("OR-0001", "OR-0002", "fire", "police")):
        actor = of(role, "organisation" if ref.startswith("OR-") else "department", ref)
        assert relation(actor, Asked()) == ((role, ref) in whose), (role, ref)
        assert not relation(actor, None)
        assert not relation(actor, object())
        assert not relation(actor, Asked("", None, None, None))
        assert not relation(replace(actor, person_ref=None), Asked()), "who has left is nobody"
