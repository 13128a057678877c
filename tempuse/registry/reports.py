"""Use cases of citizens' reports: send, confirm the address, judge, and forget the address in time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tempuse import geometry
from tempuse.access import Actor, check_allowed
from tempuse.errors import Invalid, Issue, WrongState
from tempuse.fields import check_values
from tempuse.registry import attachments, records
from tempuse.registry.letters import tell
from tempuse.registry.owner_words import heed, settle_limits
from tempuse.registry.records import changing
from tempuse.registry.spaces import put_space
from tempuse.reports import REPORT_LIFECYCLE, Report, check_report
from tempuse.spaces import Space
from tempuse.store import forms, permits, spaces
from tempuse.store import reports as report_rows
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Certainty, Consent, Permission, PlacedBy, ReportKind, ReportStatus, SpaceStatus, WordHow

# What a space that was made of a report carries as its source: no name, no reference to the report.
SOURCE = "citizen report"


class Sent(NamedTuple):
    """What became of a report that was sent; ``told`` says whether its sender gets a letter to confirm the address."""

    report: Report
    told: bool


def fingerprint(secret: str) -> str:
    """What the register keeps of a secret in a link."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _everybody(address: str) -> bool:
    return True


def send_report(
    con: Connection, actor: Actor, report: Report, now: datetime, form_token: str | None = None,
    may_write: Callable[[str], bool] = _everybody,
) -> Sent:  # fmt: skip
    """Take in a report, with the letter by which its sender proves the address. The same form sent twice is one report.

    Args:
        con: an idle connection.
        actor: who tells.
        report: what is told.
        now: the instant.
        form_token: of the form that was sent; None where none was.
        may_write: asked once, with the address of a new report, whether a letter may go there.

    Raises:
        Invalid: something is missing or does not fit.
        NotFound: the report is about a space or a use that the register does not have.
    """
    check_allowed(actor, Permission.REPORT_SEND)
    if report.geometry is not None:
        report.geometry = _pin(report.geometry)
    if issues := check_report(report):
        raise Invalid("report.invalid", issues)
    told = False

    def take() -> str:
        nonlocal told
        if report.space_ref:
            spaces.get(con, report.space_ref)
        if report.use_ref:
            permits.get(con, report.use_ref)
        report.ref = next_refs(con, "report")[0]
        report.status, report.sent_at = ReportStatus.SENT.value, now
        report_rows.add(con, report)
        add_event(con, actor, now, "report", report.ref, "send", status=report.status)
        if report.limit and report.space_ref:
            settle_limits(con, actor, report.space_ref, now, report.ref)
        told = bool(report.contact) and may_write(str(report.contact))
        if told:
            tell(con, now, "report_confirm", "report", report.ref, report.language)
        return report.ref

    with writing(con):
        ref = forms.once(con, "report", form_token, now, take)
        if report.ref == ref:
            return Sent(report, told)
        held = report_rows.get(con, ref)
        return Sent(held, bool(held.contact))


def _pin(place: object) -> object:
    places, _ = geometry.clean(np.array([place], object))
    if places[0] is None or places[0].geom_type != "Point":
        raise Invalid("report.invalid", [Issue.of("address", "", "report.where")])
    if not (-180 <= places[0].x <= 180 and -90 <= places[0].y <= 90):
        raise Invalid("report.invalid", [Issue.of("address", "", "report.where")])
    return places[0]


def expect_secret(con: Connection, actor: Actor, ref: str, secret: str) -> None:
    """Let whoever knows this secret confirm the address of a report; the register keeps its fingerprint alone.

    Raises:
        NotFound: there is no such report.
    """
    check_allowed(actor, Permission.REPORT_JUDGE)
    with writing(con):
        report = report_rows.lock(con, ref)
        report.confirm_token = fingerprint(secret) if report.contact else None
        report_rows.save(con, report)


def confirm_report(con: Connection, actor: Actor, secret: str, now: datetime) -> Report | None:
    """Take the sender's address as theirs; None when no report waits for this secret. Twice does no harm."""
    check_allowed(actor, Permission.REPORT_SEND)
    with writing(con):
        report = report_rows.of_link(con, fingerprint(secret))
        if report is None or not report.contact:
            return None
        if report.confirmed_at is None:
            report.confirmed_at = now
            report_rows.save(con, report)
            add_event(con, actor, now, "report", report.ref, "confirm", status=report.status)
            _tell_sender(con, report, now)
        return report


def _tell_sender(con: Connection, report: Report, now: datetime) -> None:
    """Let the sender hear what came of a report, when somebody has judged it and they may be written to."""
    if report.may_be_answered and report.judged_at is not None:
        judged_at = report.judged_at.isoformat()
        tell(con, now, "report_answer", "report", report.ref, report.language, event=judged_at,
             refs={"judged_at": judged_at})  # fmt: skip


def judge_report(
    con: Connection, actor: Actor, ref: str, move: str, now: datetime, *,
    space_ref: str | None = None, space: Space | None = None, answer: str | None = None,
) -> Report:  # fmt: skip
    """Make one move of REPORT_LIFECYCLE.

    ``make`` registers ``space`` as *reported*, so that nobody sees it before the office has looked; of the
    report it takes only what the judge passes on, and the pin where no place is given. The sender gets a letter,
    if ``report.may_be_answered``. ``heed`` writes an owner's word down in the space; whatever an owner's word had taken
    away until it was judged is given back unless it was heeded.

    Args:
        con: an idle connection.
        actor: who judges.
        ref: which report.
        move: join, make, heed, answer or reopen.
        now: the instant.
        space_ref: for join, the space that the report tells of.
        space: for make, the space as the judge described it.
        answer: what the sender is told.

    Raises:
        WrongState: somebody has judged it already.
        NotFound: there is no such space to join it to.
        Invalid: the move needs an answer or a space, or a value of the space does not fit.
    """
    check_allowed(actor, REPORT_LIFECYCLE.moves[move].permission)
    if issues := check_values(Report, {"answer": answer}):
        raise Invalid("report.invalid", issues)
    with writing(con):
        with changing(con, actor, report_rows.rows, ref, now, move, only=("status",)) as change:
            report = change.record
            joined = space_ref or report.space_ref
            records.move(report, REPORT_LIFECYCLE, move, space_ref=joined, answer=answer)
            if move == "reopen":
                report.judged_at = report.judged_by = report.answer = None
            else:
                report.judged_at, report.judged_by, report.answer = now, actor.name, answer or None
            if move == "join":
                report.space_ref = spaces.get(con, str(joined)).ref
            elif move == "heed":
                _heed(con, actor, report, now)
            elif move == "make":
                report.space_ref = _make(con, actor, report, space or Space(), now)
            if move in ("join", "make"):
                change.told["space_ref"] = [None, report.space_ref]
        for about in dict.fromkeys((change.before.space_ref, report.space_ref)):
            if about and report.kind == ReportKind.OWNER:
                settle_limits(con, actor, about, now, ref)
        _tell_sender(con, report, now)
    return report


def _heed(con: Connection, actor: Actor, report: Report, now: datetime) -> None:
    if report.kind != ReportKind.OWNER or not report.space_ref:
        raise WrongState("report.not_owners", ref=report.ref)
    heed(con, actor, report, now)


def _make(con: Connection, actor: Actor, report: Report, space: Space, now: datetime) -> str:
    space.status = SpaceStatus.REPORTED.value
    space.source, space.source_ref = SOURCE, None
    space.certainty = space.certainty or Certainty.UNCERTAIN.value
    if report.kind == ReportKind.OFFER and report.may_be_answered:
        # Who offers a space and has proved an address has said how it may be shown.
        space.consent = Consent.GIVEN.value
        space.consent_on = get_settings(con).today(report.sent_at or now)
        space.consent_how, space.consent_by = WordHow.PAGE.value, report.sender_name
        space.location_level = space.location_level or report.level
    if space.geometry is None and report.geometry is not None:
        space.geometry, space.placed_by = report.geometry, PlacedBy.ESTIMATE.value
    return put_space(con, actor, space, now)


def contacts_due(con: Connection, actor: Actor, now: datetime) -> list[str]:
    """The senders' addresses that ``blank_contacts`` removes at this instant."""
    check_allowed(actor, Permission.REPORT_JUDGE)
    found = [report_rows.get(con, ref).contact or "" for ref in _due(con, now)]
    con.rollback()
    return found


def _due(con: Connection, now: datetime) -> list[str]:
    return report_rows.with_contact(con, now - timedelta(days=get_settings(con).report_contact_days))


def blank_contacts(con: Connection, actor: Actor, now: datetime, home: Path | None = None) -> int:
    """Remove the senders' addresses and photos that are older than the city's ``report_contact_days``; of how many.

    ``contact_removed_at`` stays as the mark that there was one. Each is a transaction of its own: one that cannot be
    read never keeps the others' addresses in the register, and its error is raised when they have gone. The photos'
    files go where ``home`` says where they lie; else nothing refers to them, and they wait to be let go.
    """
    check_allowed(actor, Permission.REPORT_JUDGE)
    due = _due(con, now)
    con.rollback()
    failed: list[Exception] = []
    photos: list[str] = []
    for ref in due:
        try:
            photos += _blank(con, actor, ref, now)
        except Exception as error:
            failed.append(error)
    if home is not None:
        attachments.let_go(con, home, photos)
        con.rollback()
    if failed:
        raise failed[0]
    return len(due)


def _blank(con: Connection, actor: Actor, ref: str, now: datetime) -> tuple[str, ...]:
    with writing(con), changing(con, actor, report_rows.rows, ref, now, "forget", only=(), always=True) as change:
        report = change.record
        report.contact_removed_at = now if report.contact else None
        report.contact = report.sender_name = None
        report.confirm_token = None
        photos, report.photos = report.photos, ()
    return photos
