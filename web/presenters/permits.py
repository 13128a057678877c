"""Where a permit stands, whose turn it is and by when, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext, ngettext

from tempuse.permit_kinds import PermitKind
from tempuse.permits import Permit
from tempuse.standing import PermitStanding, Stop, decide_by_on, standing
from tempuse.terms import Terms
from tempuse.vocabulary import PermitStatus
from web import database, words
from web.presenters import labels


class Due(NamedTuple):
    """By when something is to be done, and whether that is over."""

    words: str
    late: bool


def stands(permit: Permit, terms: Terms) -> PermitStanding:
    """How a permit stands today."""
    return standing(permit, terms, database.today(), soon=database.settings().ends_soon_days)


def state(permit: Permit, terms: Terms) -> str:
    """Where it stands in a few words: In use until 31 May 2027."""
    now = stands(permit, terms)
    last = words.day(now.last_on) if now.last_on else ""
    said = {
        "running": gettext("In use until %(day)s", day=last),
        "ending_soon": gettext("In use, ends on %(day)s", day=last),
        "overdue": gettext("Over since %(day)s, the keys are still out", day=last),
        "not_started": gettext("Signed, the keys are still here"),
    }.get(now.state)
    if said is None and now.state == "upcoming" and permit.status == PermitStatus.HANDED_OVER:
        said = gettext("Handed over, begins on %(day)s", day=words.day(terms.starts_on))
    if now.unsigned:
        said = gettext("Approved, not signed in time")
    return said or labels.term(PermitStatus, permit.status)


def turn(permit: Permit, terms: Terms) -> str:
    """Whose turn it is, a sentence; empty when it is nobody's."""
    return {
        "holder": gettext("It is the group’s turn."),
        "office": gettext("It is the office’s turn."),
        "grantor": gettext("It is the owner’s turn."),
        "department": gettext("It is a department’s turn."),
    }.get(stands(permit, terms).turn, "")


def next_day(permit: Permit, terms: Terms, kind: PermitKind, stops: Sequence[Stop] = ()) -> Due | None:
    """The next day that counts: for the decision, the signatures, the keys, the end; None where there is none."""
    today = database.today()
    if permit.status in (PermitStatus.SUBMITTED, PermitStatus.UNDER_REVIEW, PermitStatus.INFORMATION_REQUESTED):
        days = decision_days(permit, kind, stops)
        if days is None:
            return None
        aim, by = days
        if today > by:
            return Due(gettext("The decision was due on %(day)s", day=words.day(by)), True)
        if today > aim:
            return Due(gettext("Decide by %(day)s at the latest", day=words.day(by)), True)
        return Due(gettext("Decide by %(day)s", day=words.day(aim)), False)
    if permit.status == PermitStatus.APPROVED and permit.sign_by_on:
        late = today > permit.sign_by_on
        return Due(gettext("To be signed by %(day)s", day=words.day(permit.sign_by_on)), late)
    if permit.status in (PermitStatus.APPROVED, PermitStatus.SIGNED) and terms.starts_on:
        return Due(gettext("Begins on %(day)s", day=words.day(terms.starts_on)), today >= terms.starts_on)
    last = stands(permit, terms).last_on
    if permit.status != PermitStatus.HANDED_OVER or last is None:
        return None
    left = (last - today).days
    if left < 0:
        return Due(ngettext("%(num)s day over", "%(num)s days over", -left), True)
    if left > database.settings().ends_soon_days:
        return None
    return Due(gettext("Ends today") if not left else ngettext("Ends in %(num)s day", "Ends in %(num)s days", left),
               left <= 7)  # fmt: skip


def decision_days(permit: Permit, kind: PermitKind, stops: Sequence[Stop] = ()) -> tuple[date, date] | None:
    """By when the city wants to decide, and by when it must; None before the request is sent."""
    if permit.submitted_at is None:
        return None
    sent, today = database.settings().today(permit.submitted_at), database.today()
    by = decide_by_on(sent, kind.decision_days, stops, today)
    aim = by - timedelta(days=max(kind.decision_days - kind.aim_days, 0))
    return aim, by


def waited(permit: Permit) -> str:
    """How long ago it was asked for: 12 days ago."""
    if permit.submitted_at is None:
        return ""
    days = (database.today() - database.settings().today(permit.submitted_at)).days
    if days < 1:
        return gettext("asked today")
    return ngettext("asked %(num)s day ago", "asked %(num)s days ago", days)
