"""The papers of a permit: made of what was decided, as it was then; not of today's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext

from tempuse.agreements import Decision, Handover, Signature
from tempuse.papers.snapshot import PartyOnPaper, Snapshot, SpaceOnPaper, TermsOnPaper
from tempuse.permit_kinds import said
from tempuse.permits import Permit
from tempuse.store import agreements
from tempuse.vocabulary import DecisionKind, HandoverWay
from web import database, words
from web.papers import agreement_paper, decision_paper, handover_paper

# What both sides sign: the decision that let the terms rule.
_AGREED = (DecisionKind.GRANT.value, DecisionKind.CHANGE.value)


class PaperLink(NamedTuple):
    """One paper: its name in an address, and what it is called."""

    name: str
    words: str


def papers_of(permit: Permit) -> list[PaperLink]:
    """Which papers there are of a permit, the latest last."""
    found = []
    decisions = agreements.decisions_of(database.connection(), permit.ref)
    if any(each.kind in _AGREED for each in decisions):
        found.append(PaperLink("agreement", gettext("Agreement")))
    for number, each in enumerate(decisions, start=1):
        what = gettext("Decision of %(day)s", day=words.day(each.on, year=True))
        found.append(PaperLink(f"decision-{number}", what))
    for number, row in enumerate(agreements.handovers_of(database.connection(), permit.ref), start=1):
        over = row.way == HandoverWay.OVER
        what = gettext("Keys handed over on %(day)s") if over else gettext("Keys handed back on %(day)s")
        found.append(PaperLink(f"handover-{number}", what % {"day": words.day(row.on, year=True)}))
    return found


def links(permit: Permit, endpoint: str) -> list[tuple[str, str]]:
    """The papers of a permit as addresses with their words."""
    return [(url_for(endpoint, ref=permit.ref, name=each.name), each.words) for each in papers_of(permit)]


def paper(permit: Permit, name: str) -> bytes | None:
    """The PDF of this name, in the language that binds and the group's beside it; None where there is none."""
    con = database.connection()
    decisions = agreements.decisions_of(con, permit.ref)
    what, _, number = name.partition("-")
    at = int(number) - 1 if number.isdecimal() and len(number) < 4 else 0
    agreed = [each for each in decisions if each.kind in _AGREED]
    if what == "agreement" and not number and agreed:
        return agreement_paper(_snapshot(permit, agreed[-1]), permit.language)
    if what == "decision" and 0 <= at < len(decisions):
        return decision_paper(_snapshot(permit, decisions[at]), permit.language)
    handovers = agreements.handovers_of(con, permit.ref)
    if what == "handover" and 0 <= at < len(handovers) and agreed:
        return handover_paper(_snapshot(permit, agreed[-1], handovers[at]), permit.language)
    return None


def _snapshot(permit: Permit, decision: Decision, handover: Handover | None = None) -> Snapshot:
    held, settings = decision.snapshot, database.settings()
    binding = (held.get("languages") or settings.languages)[0]
    signatures = [
        each for each in agreements.signatures_of(database.connection(), permit.ref) if each.sha256 == decision.sha256
    ]  # fmt: skip
    made_at = handover.answered_at if handover else decision.at
    made: Snapshot = {
        "municipality": held.get("municipality") or "", "site": held.get("site_name"),
        "contact": _lines((held.get("contact") or {}).values()), "language": binding,
        "time_zone": settings.time_zone, "currency": held.get("currency") or settings.currency,
        "made_at": _instant(made_at) or "", "ref": permit.ref,
        "kind": said(held.get("kind_title") or {}, binding) or held.get("kind"), "title": held.get("title") or "",
        "purpose": held.get("purpose"), "holder": _party(held.get("holder") or {}),
        "grantor": _party(held.get("grantor") or {}), "spaces": [_space(each) for each in held.get("spaces") or ()],
        "terms": _terms(held), "decision": {
            "kind": decision.kind, "on": decision.on.isoformat() if decision.on else "", "by": decision.by,
            "because": decision.because,
            "object_until_on": decision.object_until_on.isoformat() if decision.object_until_on else None,
            "objections_to": settings.contact_email or settings.contact_address or None,
            "ended_on": permit.ended_on.isoformat() if permit.ended_on else None,
        }, "signatures": [_signature(each) for each in signatures],
    }  # fmt: skip
    if handover is not None:
        made["handover"] = {
            "way": handover.way, "on": handover.on.isoformat() if handover.on else "", "present": handover.present,
            "keys": list(handover.keys), "meters": list(handover.meters), "condition_text": handover.condition_text,
            "photos": list(handover.photos), "remarks_holder": handover.remarks_holder,
            "remarks_grantor": handover.remarks_grantor, "deposit_returned_cents": handover.deposit_returned_cents,
            "agreed_by_holder_at": _instant(handover.agreed_by_holder_at),
            "agreed_by_grantor_at": _instant(handover.agreed_by_grantor_at),
        }  # type: ignore[typeddict-item]  # fmt: skip
    return made


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _lines(values: Any) -> str:
    return "\n".join(str(each) for each in values if each)


def _party(held: Mapping[str, Any]) -> PartyOnPaper:
    return {
        "ref": held.get("ref") or "", "name": held.get("name") or "", "legal_form": held.get("legal_form"),
        "registered_no": held.get("registered_no"), "contact": _lines((held.get("address"), held.get("email"))) or None,
    }  # fmt: skip


def _space(held: Mapping[str, Any]) -> SpaceOnPaper:
    town = " ".join(filter(None, (held.get("postcode"), held.get("locality"))))
    return {
        "ref": held["ref"], "name": held.get("name") or "",
        "address": ", ".join(filter(None, (held.get("address"), town))) or None,
        "area_m2": held.get("floor_area_m2") or held.get("plot_area_m2"),
    }  # fmt: skip


def _terms(held: Mapping[str, Any]) -> TermsOnPaper:
    values = dict(held.get("terms") or {})
    begins, ends = values.pop("season_from", None), values.pop("season_until", None)
    season = {"from_day": begins, "until_day": ends} if begins and ends else None
    known: Sequence[str] = tuple(TermsOnPaper.__annotations__)
    told = {name: value for name, value in values.items() if name in known}
    return {**told, "season": season, "sha256": held.get("sha256") or ""}  # type: ignore[typeddict-item]


def _signature(row: Signature) -> Any:
    at = row.signed_on or (row.at.date() if row.at else None)
    return {
        "party": row.party, "name": row.name, "role_said": row.role_said, "how": row.how,
        "at": row.at.isoformat() if row.at and row.how == "typed" else at.isoformat() if at else "",
    }  # fmt: skip
