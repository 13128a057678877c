"""Builders of needs for tests: what a group wrote down and confirmed, and what everybody reads of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tempuse import questions
from tempuse.access import PUBLIC, SYSTEM
from tempuse.needs import Need
from tempuse.registry.needs.changing import move_need
from tempuse.registry.needs.drafting import confirm_need, draft_need, expect_secret
from tempuse.registry.permits.requesting import Requester
from tempuse.store.engine import Connection
from tempuse.vocabulary import NeedAudience
from tempuse.wanted import Wanted

# Everything that a question may hold and nobody else may read stands in it.
ASKED = Wanted(
    uses=("workshop",), area_least_m2=60, area_most_m2=120, starts_on=date(2027, 3, 15), term_months=12,
    near=(3.725, 51.054), within_m=2000, facilities=("toilets", "power"), budget_month_cents=20_000,
)  # fmt: skip


def a_need(wanted: Wanted = ASKED, **values: Any) -> Need:
    """What a repair café looks for."""
    values = {"title": "A place for a repair café", "purpose": "We mend radios.", **values}
    return Need(question=questions.text_of(wanted), **values)


def drafted(
    con: Connection, now: datetime, need: Need | None = None, *, group: str = "Repair café",
    email: str = "ada@group.example", name: str = "Ada",
) -> str:  # fmt: skip
    """The ref of a need that a stranger sent."""
    who = Requester(name=name, email=email, group=group)
    return draft_need(con, PUBLIC, need or a_need(), who, now).need.ref


def looking(con: Connection, now: datetime, need: Need | None = None, **who: str) -> str:
    """The ref of a need that a stranger sent, and confirmed by the link in their letter."""
    ref = drafted(con, now, need, **who)
    expect_secret(con, SYSTEM, ref, f"secret of {ref}")
    assert confirm_need(con, PUBLIC, f"secret of {ref}", now) is not None
    return ref


def shown(con: Connection, now: datetime, need: Need | None = None, **who: str) -> str:
    """The ref of a need that everybody reads."""
    need = need or a_need(audience=NeedAudience.PUBLIC.value)
    ref = looking(con, now, need, **who)
    move_need(con, SYSTEM, ref, "release", now, released_text="A repair café looks for a workshop.")
    return ref
