"""Every use case asks whether its actor may, before anything else: found by inspection, none left out."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, get_origin, get_type_hints

import pytest
from sqlalchemy import func, select

from tempuse import registry
from tempuse.access import PUBLIC, SYSTEM, WHO_MAY, Actor, is_allowed
from tempuse.checks import Comment
from tempuse.errors import NotAllowed
from tempuse.jobs import JOB_LIFECYCLE, Job
from tempuse.lifecycle import Lifecycle
from tempuse.needs import NEED_LIFECYCLE, Need
from tempuse.people import Person
from tempuse.permits import Permit
from tempuse.registry.permits.requesting import Requester
from tempuse.reports import REPORT_LIFECYCLE, Report
from tempuse.spaces import SPACE_LIFECYCLE, Space
from tempuse.store import tables
from tempuse.store.engine import Connection
from tempuse.terms import Terms
from tempuse.vocabulary import AreaKind, OwnerAnswer, Permission
from tempuse.wanted import Wanted

NOW = datetime.fromisoformat("2026-11-23T08:30:00+00:00")
HERE = Path("nowhere")

_EMPTY: dict[Any, Any] = {str: "XX-0001", datetime: NOW, date: NOW.date(), int: 1, Path: HERE, bool: False}


def empty_value(kind: Any) -> Any:
    """Some value of a kind, or nothing."""
    kind = get_origin(kind) or kind
    if kind is Callable:
        return lambda *given: NOW
    if kind in _EMPTY:
        return _EMPTY[kind]
    if not isinstance(kind, type) or kind is UnionType or inspect.isabstract(kind):
        return None
    if issubclass(kind, Enum):
        return next(iter(kind))
    if is_dataclass(kind):
        needed = [each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING]
        return kind(**dict.fromkeys(needed))
    return kind()


# What each use case asks for, with what it is given after the connection and the actor; several where it depends.
# One that is not here is given empty values of the kinds that it declares: whatever it asks, it asks first.
ASKS: dict[str, list[tuple[Permission, tuple[Any, ...]]]] = {
    "adding.add_spaces": [(Permission.SPACE_IMPORT, ([], NOW))],
    "adding.adding": [(Permission.SPACE_IMPORT, (NOW,))],
    "areas.load_areas": [(Permission.AREA_EDIT, (AreaKind.DISTRICT, [], NOW))],
    "care.mending.mend_register": [(Permission.SETTINGS_EDIT, (NOW,))],
    "erasing.erase_personal": [(Permission.SPACE_ERASE, ("SP-0001", NOW))],
    "importing.merging.merge_import": [(Permission.SPACE_IMPORT, (None, NOW))],
    "importing.prepare.prepare_import": [(Permission.SPACE_IMPORT, (None, NOW, HERE))],
    "jobs.move_job": [
        (move.permission, (empty_value(Job), name, NOW)) for name, move in JOB_LIFECYCLE.moves.items()
    ],
    "members.confirm_membership": [(Permission.MY_EDIT, ("OR-0001", NOW))],
    "members.decline_membership": [(Permission.MY_EDIT, ("OR-0001", NOW))],
    "members.leave_organisation": [(Permission.MY_EDIT, ("OR-0001", NOW))],
    "organisations.edit_organisation": [
        (Permission.ORGANISATION_TEND, ("OR-0001", {"name": "Choir"}, NOW)),
        (Permission.ORGANISATION_EDIT, ("OR-0001", {"name": "Choir", "kinds": ()}, NOW)),
        (Permission.ORGANISATION_EDIT, ("OR-0001", {}, NOW)),
    ],
    "owners.answering.open_letter": [(Permission.REPORT_SEND, ("secret", NOW))],
    "owners.answering.answer_letter": [(Permission.REPORT_SEND, ("secret", OwnerAnswer.NO, NOW))],
    "people.add_person": [(Permission.PERSON_EDIT, (Person(), NOW))],
    "people.bring_back_person": [(Permission.PERSON_EDIT, ("PE-0001", NOW))],
    "people.change_person": [(Permission.PERSON_EDIT, ("PE-0001", {"name": "Ilse"}, NOW))],
    "people.end_person": [(Permission.PERSON_EDIT, ("PE-0001", NOW))],
    "people.send_link": [(Permission.PERSON_EDIT, ("PE-0001", NOW, True))],
    "people.send_link_to": [(Permission.PERSON_EDIT, ("ilse@example.org", NOW))],
    "permits.confirming.confirm_request": [(Permission.PERMIT_SEND, ("secret", NOW))],
    "permits.noticing.notice_seen": [(Permission.COMMENT_SEND, ("secret", NOW))],
    "permits.noticing.send_comment": [(Permission.COMMENT_SEND, ("secret", Comment(), NOW))],
    "permits.requesting.request_permit": [(Permission.PERMIT_SEND, (Permit(), Terms(), Requester(), NOW))],
    "publishing.republish_due": [(Permission.SPACE_EDIT, (NOW,))],
    "reports.blank_contacts": [(Permission.REPORT_JUDGE, (NOW,))],
    "reports.confirm_report": [(Permission.REPORT_SEND, ("secret", NOW))],
    "reports.contacts_due": [(Permission.REPORT_JUDGE, (NOW,))],
    "reports.expect_secret": [(Permission.REPORT_JUDGE, ("RE-0001", "secret"))],
    "reports.judge_report": [
        (move.permission, ("RE-0001", name, NOW)) for name, move in REPORT_LIFECYCLE.moves.items()
    ],
    "reports.send_report": [(Permission.REPORT_SEND, (Report(), NOW))],
    "settings_effect.effect_of_settings": [(Permission.SETTINGS_EDIT, ({}, NOW))],
    "setup.adopt_home": [(Permission.SETTINGS_EDIT, (HERE, NOW))],
    "setup.change_settings": [(Permission.SETTINGS_EDIT, ({}, NOW))],
    "setup.create_register": [(Permission.SETTINGS_EDIT, (NOW,))],
    "setup.upgrade_register": [(Permission.SETTINGS_EDIT, (NOW,))],
    "spaces.add_space": [(Permission.SPACE_EDIT, (Space(), NOW))],
    "spaces.edit_space": [(Permission.SPACE_EDIT, ("SP-0001", {}, NOW))],
    "spaces.move_space": [
        (move.permission, ("SP-0001", name, NOW)) for name, move in SPACE_LIFECYCLE.moves.items()
    ],
    "spaces.move_spaces": [(move.permission, ([], name, NOW)) for name, move in SPACE_LIFECYCLE.moves.items()],
    "needs.changing.move_need": [
        (move.permission, ("ND-0001", name, NOW)) for name, move in NEED_LIFECYCLE.moves.items()
    ],
    "needs.drafting.confirm_need": [(Permission.NEED_SEND, ("secret", NOW))],
    "needs.drafting.draft_need": [(Permission.NEED_SEND, (Need(), Requester(), NOW))],
    "watches.keeping.ask_to_hear": [(Permission.REPORT_SEND, (Wanted(), "jo@example.org", "day", "en", NOW))],
    "watches.keeping.change_watch": [(Permission.REPORT_SEND, ("secret", NOW))],
    "watches.keeping.confirm_watch": [(Permission.REPORT_SEND, ("secret", NOW))],
    "watches.keeping.end_watch": [(Permission.REPORT_SEND, ("secret", NOW))],
}  # fmt: skip

# What is public in its module, takes an actor and asks nothing, and why it may.
ASKS_NOTHING = {
    "adding.Adder": "made by adding(), which asked",
    "members.put_member": "a part of use cases that asked: invite_member, and the request of a group",
    "organisations.put_organisation": "a part of use cases that asked: add_organisation, and the request of a group",
    "records.changing": "a part of use cases that asked, within their transaction",
    "permits.carrying.carry_over_if_renewal": "a part of use cases that asked, within their transaction",
    "permits.confirming.submit": "a part of use cases that asked, within their transaction",
    "permits.recording.decide": "a part of use cases that asked, within their transaction",
    "permits.holding.holding": "a part of use cases that asked, within their transaction",
    "permits.checking.put_checks": "a part of use cases that asked, within their transaction",
    "forgetting.forget_requests": "a part of use cases that asked, within their transaction",
    "people.forget_within": "a part of use cases that asked, within their transaction",
    "permits.carrying.carry_waiting": "a part of use cases that asked, within their transaction",
    "permits.heads.asks_city": "a part of use cases that asked, within their transaction",
    "permits.listed_spaces.find_spaces": "a part of use cases that asked, within their transaction",
    "permits.listed_terms.end": "a part of use cases that asked, within their transaction",
    "permits.listed_terms.give": "a part of use cases that asked, within their transaction",
    "permits.listed_terms.note_afterlife": "a part of use cases that asked, within their transaction",
    "permits.subuses.settle_subuses": "a part of use cases that asked, within their transaction",
    "spaces.put_changes": "a part of use cases that asked, within their transaction",
    "under_permits.note_owner": "a part of use cases that asked, within their transaction",
    "under_permits.note_sale": "a part of use cases that asked, within their transaction",
    "lists.bring_in": "a part of use cases that asked, within their transaction",
    "needs.districts.let_wait": "a part of use cases that asked, within their transaction",
    "needs.keeping.keep_match": "a part of use cases that asked, within their transaction",
    "needs.keeping.keep_requested": "a part of use cases that asked, within their transaction",
    "needs.keeping.keep_proposed": "a part of use cases that asked, within their transaction",
    "needs.partners.seekers": "reads by spaces_of, which asks",
    "needs.partners.may_suggest": "tells what one may",
    "owner_words.heed": "a part of use cases that asked, within their transaction",
    "owner_words.settle_limits": "a part of use cases that asked, within their transaction",
    "forgetting.forget_needs": "a part of use cases that asked, within their transaction",
    "members.group_of": "a part of use cases that asked: the request of a group, and what it looks for",
    "needs.drafting.open_within": "a part of use cases that asked, within their transaction",
    "needs.changing.allow": "asks whatever it is told to ask, for the use cases of needs",
    "permits.handing.side_of": "tells on which side somebody stands, and changes nothing",
    "permits.handing.writes_for_grantor": "tells whether somebody writes for the grantor, and changes nothing",
    "permits.purging.forget_unneeded": "a part of use cases that asked, within their transaction",
    "permits.holding.allow": "asks whatever it is told to ask, for the use cases of permits",
    "spaces.put_space": "a part of use cases that asked: add_space, and judge_report for the space of a report",
}
# What the public may do.
OPEN = {
    "owners.answering.open_letter", "owners.answering.answer_letter",
    "permits.confirming.confirm_request", "permits.noticing.notice_seen", "permits.noticing.send_comment",
    "permits.requesting.request_permit", "reports.confirm_report", "reports.send_report",
    "needs.drafting.confirm_need", "needs.drafting.draft_need",
    "watches.keeping.ask_to_hear", "watches.keeping.change_watch", "watches.keeping.confirm_watch",
    "watches.keeping.end_watch",
}  # fmt: skip


def use_cases() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Whatever of the registry has a public name and takes an actor."""
    for module in pkgutil.walk_packages(registry.__path__, "tempuse.registry."):
        for name, found in vars(importlib.import_module(module.name)).items():
            is_own = getattr(found, "__module__", "") == module.name and not name.startswith("_")
            if is_own and callable(found) and "actor" in inspect.signature(found).parameters:
                yield f"{module.name.removeprefix('tempuse.registry.')}.{name}", found


FOUND = dict(use_cases())
CASES = [(name, *each) for name, cases in ASKS.items() for each in cases]
OTHERS = {name: use_case for name, use_case in FOUND.items() if name not in ASKS.keys() | ASKS_NOTHING.keys()}


def empty_values(use_case: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """A value for each thing that a use case wants; once for each move where it makes moves."""
    kinds = get_type_hints(use_case)
    wanted = list(inspect.signature(use_case).parameters.values())[2:]
    given = {each.name: empty_value(kinds[each.name]) for each in wanted if each.default is inspect.Parameter.empty}
    known = vars(importlib.import_module(use_case.__module__)).values()
    moves = [move for each in known if isinstance(each, Lifecycle) for move in each.moves]
    yield from [{**given, "move": move} for move in moves] if "move" in given else [given]


def called(use_case: Callable[..., Any], *given: Any, **named: Any) -> None:
    """Call a use case; one that is a stretch of a transaction is entered."""
    result = use_case(*given, **named)
    if isinstance(result, contextlib.AbstractContextManager):
        with result:
            pass


def ask(
    name: str, con: Connection, actor: Actor, given: tuple[Any, ...], named: Mapping[str, Any] | None = None
) -> Permission:  # fmt: skip
    """The permission that a use case refused this actor, having written nothing."""
    before = con.scalar(select(func.count()).select_from(tables.events))
    con.rollback()
    with pytest.raises(NotAllowed) as caught:
        called(FOUND[name], con, actor, *given, **(named or {}))
    assert not con.in_transaction()
    assert con.scalar(select(func.count()).select_from(tables.events)) == before
    return Permission(caught.value.values["permission"])


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Who may is the same on both engines."""
    return str(tmp_path / "register.gpkg")


def test_the_tables_have_only_use_cases_that_are_there() -> None:
    assert set(FOUND) >= ASKS.keys() | ASKS_NOTHING.keys()
    assert not ASKS.keys() & ASKS_NOTHING.keys()
    assert {name for name, permission, _ in CASES if is_allowed(PUBLIC, permission)} == OPEN


def test_the_public_is_refused_by_every_use_case_that_is_not_its_own(con: Connection) -> None:
    for name, permission, given in CASES:
        if name not in OPEN:
            assert ask(name, con, PUBLIC, given) is permission, name


def test_a_use_case_that_no_table_names_refuses_the_public_and_where_nobody_may_everybody(
    con: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, use_case in {**OTHERS, "spaces.move_space": FOUND["spaces.move_space"]}.items():
        for given in empty_values(use_case):
            permission = ask(name, con, PUBLIC, (), given)
            with monkeypatch.context() as patch:
                patch.setitem(WHO_MAY, permission, [])
                assert ask(name, con, SYSTEM, (), given) is permission, name


@pytest.mark.parametrize("permission", sorted({permission for _, permission, _ in CASES}))
def test_whoever_acts_is_refused_where_nobody_may(
    con: Connection, monkeypatch: pytest.MonkeyPatch, permission: Permission
) -> None:
    monkeypatch.setitem(WHO_MAY, permission, [])
    for name, asked, given in CASES:
        if asked is permission:
            assert ask(name, con, SYSTEM, given) is permission, name


def test_somebodys_own_name_asks_whether_they_are_still_here(con: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    ilse = FOUND["people.add_person"](con, SYSTEM, Person(name="Ilse", email="ilse@rivermouth.example"), NOW)
    own = (ilse.ref, {"name": "Ilse M."}, NOW)
    FOUND["people.change_person"](con, ilse.actor(), *own)
    left = FOUND["people.end_person"](con, SYSTEM, ilse.ref, NOW)
    assert ask("people.change_person", con, left.actor(), own) is Permission.PERSON_EDIT
    monkeypatch.setitem(WHO_MAY, Permission.ACCOUNT_EDIT, [])
    assert ask("people.change_person", con, ilse.actor(), own) is Permission.ACCOUNT_EDIT
