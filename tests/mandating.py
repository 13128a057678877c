"""Builders of mandates for tests: a mediator with a contact, and what it may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tempuse.access import SYSTEM, Actor
from tempuse.mandates import Mandate
from tempuse.organisations import Organisation
from tempuse.registry import mandates, members, organisations
from tempuse.store import people
from tempuse.store.engine import Connection


def a_mediator(con: Connection, now: datetime, name: str = "Pro Leerstand", email: str = "mia@mediator.example") -> str:
    """The ref of a mediator with one contact, who said yes."""
    ref = organisations.add_organisation(con, SYSTEM, Organisation(name=name, kinds=("mediator",)), now)
    mia = members.invite_member(con, SYSTEM, ref, "Mia", email, "en", "contact", now)
    members.confirm_membership(con, mia.actor(), ref, now)
    return ref


def contact(con: Connection, email: str = "mia@mediator.example") -> Actor:
    """That contact, as the register knows them now."""
    found = people.by_email(con, email)
    con.rollback()
    assert found is not None
    return found.actor()


def give(
    con: Connection, now: datetime, mediator: str, space_refs: Sequence[str], from_on: date,
    until_on: date | None = None, **allows: Any,
) -> str:  # fmt: skip
    """The ref of a mandate to fill in requests, or to do what ``allows`` says."""
    mandate = Mandate(mediator_ref=mediator, space_refs=tuple(space_refs), from_on=from_on, until_on=until_on,
                      **(allows or {"may_propose": True}))  # fmt: skip
    return mandates.give_mandate(con, SYSTEM, mandate, now)
