"""Decisions are written down, with everything that their papers are made of as it is at this moment."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from tempuse.access import Actor
from tempuse.agreements import Decision
from tempuse.registry.permits.holding import Held
from tempuse.store import agreements, organisations, spaces
from tempuse.store.engine import Connection
from tempuse.vocabulary import DecisionKind


def decide(con: Connection, actor: Actor, held: Held, kind: DecisionKind, now: datetime, because: str | None) -> None:
    """Write a decision down, with everything that its papers are made of as it is at this moment."""
    agreements.decision_rows.add(con, Decision(
        permit_ref=held.permit.ref, kind=kind.value, on=held.today, by=actor.name, because=because,
        terms_version=held.terms.version, sha256=held.sha256, snapshot=snapshot(con, held), sent_on=held.today,
        object_until_on=held.today + timedelta(days=held.kind.object_days), at=now,
    ))  # fmt: skip


def snapshot(con: Connection, held: Held) -> dict[str, Any]:
    """What is agreed at this moment, as plain values: for papers, whatever is changed later."""
    permit, settings = held.permit, held.settings
    known = organisations.by_refs(con, [each for each in (permit.holder_ref, permit.grantor_ref) if each])
    holder, grantor = known.get(permit.holder_ref or ""), known.get(permit.grantor_ref or "")
    about = ("ref", "name", "address", "postcode", "locality", "floor_area_m2", "plot_area_m2")
    return {
        "municipality": settings.municipality, "site_name": settings.site_name, "contact": {
            "email": settings.contact_email, "phone": settings.contact_phone, "address": settings.contact_address,
        }, "currency": settings.currency, "languages": list(settings.languages), "language": permit.language,
        "permit": permit.ref, "kind": permit.kind, "kind_title": dict(held.kind.title), "title": permit.title,
        "purpose": permit.purpose, "use_categories": list(permit.use_categories), "persons": permit.persons,
        "holder": None if holder is None else {
            "ref": holder.ref, "name": holder.name, "legal_form": holder.legal_form,
            "registered_no": holder.registered_no, "address": holder.address, "email": holder.email,
        }, "grantor": {"ref": None, "name": settings.municipality} if grantor is None else {
            "ref": grantor.ref, "name": grantor.name, "address": grantor.address,
        }, "spaces": [
            {name: getattr(space, name) for name in about}
            for space in (spaces.get(con, each) for each in permit.space_refs)
        ], "terms": asdict(held.terms), "sha256": held.sha256,
    }  # fmt: skip
