"""What a row of a list says of a permit, and what a later list changes of one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tempuse.access import Actor
from tempuse.agreements import Afterlife, Handover
from tempuse.io.uses import ListedUse
from tempuse.occurrences import minute_of
from tempuse.permits import Permit
from tempuse.registry.permits import claiming
from tempuse.registry.permits.deciding import decide
from tempuse.registry.permits.holding import Held
from tempuse.store import agreements, claims
from tempuse.store.engine import Connection
from tempuse.terms import Terms
from tempuse.vocabulary import DecisionKind, HandoverWay, Outcome, PermitStatus

# Beside what the sender says: how much of the days is known.
PRECISION = "precision"
_LONGEST_VALUE = 2000


def texts_of(use: ListedUse) -> dict[str, Any]:
    """The fields of a permit that a row tells in words."""
    kept = {name: value[:_LONGEST_VALUE] for name, value in use.kept.items()}
    if use.stretch and use.stretch.precision != "day":
        kept[PRECISION] = use.stretch.precision
    called = use.title or use.purpose or use.organisation or use.space
    return {"title": " ".join(called.split())[:200], "purpose": use.purpose or None, "source_fields": kept}


def update(
    permit: Permit, before: Terms, new: Terms, texts: dict[str, Any], space_refs: tuple[str, ...],
    holder_ref: str | None, *, is_open: bool, is_past: bool,
) -> dict[str, list[Any]]:  # fmt: skip
    """Write into a permit what its list says now; gives what changed, [before, after] by name.

    What the office has done since stays: of a permit that is over in the register the days are not touched, and a use
    that the list leaves open keeps the end that it has.
    """
    changed: dict[str, list[Any]] = {}
    for name, value in {**texts, "space_refs": space_refs, "holder_ref": holder_ref}.items():
        if name == "holder_ref" and value is None:
            continue
        if getattr(permit, name) != value:
            changed[name] = [getattr(permit, name), value]
            setattr(permit, name, value)
    follows = {PermitStatus.HANDED_OVER, PermitStatus.APPROVED} | ({PermitStatus.HANDED_BACK} if is_past else set())
    ended_here = permit.ended_on is not None or permit.status not in follows
    if is_open or ended_here:
        new.ends_on = before.ends_on
    if ended_here:
        new.starts_on = before.starts_on
    if ended_here or not new.hours:
        new.hours = before.hours
    for name in ("starts_on", "ends_on", "hours"):
        if getattr(before, name) != getattr(new, name):
            changed[name] = [getattr(before, name), getattr(new, name)]
    return changed


def end(con: Connection, actor: Actor, permit: Permit, terms: Terms, now: datetime) -> None:
    """A use that ran is over, as its list says now: the keys are back, and its days are free."""
    assert terms.ends_on is not None
    claims.cut(con, permit.ref, minute_of(terms.ends_on + timedelta(days=1)))
    agreements.handover_rows.add(con, Handover(
        permit_ref=permit.ref, way=HandoverWay.BACK.value, on=terms.ends_on, by=actor.name, at=now,
        condition_text=f"imported: {permit.source}",
    ))  # fmt: skip
    permit.status = PermitStatus.HANDED_BACK.value


def give(con: Connection, actor: Actor, held: Held, now: datetime, *, keys: bool) -> None:
    """The days of a running or coming use, its decision, and the keys where they are out."""
    permit, terms = held.permit, held.terms
    claiming.take(con, permit, terms)
    decide(con, actor, held, DecisionKind.GRANT, now, None)
    if keys:
        agreements.handover_rows.add(con, Handover(
            permit_ref=permit.ref, way=HandoverWay.OVER.value, on=terms.starts_on, by=actor.name, at=now,
            condition_text=f"imported: {permit.source}",
        ))  # fmt: skip


def note_afterlife(
    con: Connection, actor: Actor, use: ListedUse, permit: Permit, today: date, now: datetime
) -> bool:  # fmt: skip
    """What came after, as the list tells it; whether it tells something new."""
    if permit.status != PermitStatus.HANDED_BACK or not (use.came or use.moved_to or use.outcome):
        return False
    outcome = use.outcome or (Outcome.MOVED.value if use.moved_to else Outcome.UNKNOWN.value)
    told = Afterlife(
        permit_ref=permit.ref, outcome=outcome, moved_to_text=use.moved_to or None, note=use.came or None, on=today,
        by=actor.name, at=now,
    )  # fmt: skip
    before = agreements.afterlife_of(con, permit.ref)
    if before and (before.outcome, before.moved_to_text, before.note) == (outcome, told.moved_to_text, told.note):
        return False
    agreements.afterlife_rows.add(con, told)
    return True
