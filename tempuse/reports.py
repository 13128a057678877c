"""Report: what a citizen or an owner tells about a place. It never becomes a space by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from tempuse.emails import wrong_with_email
from tempuse.errors import Issue
from tempuse.fields import check_record, field, fields_of
from tempuse.lifecycle import Lifecycle, Move
from tempuse.refs import noun
from tempuse.vocabulary import (
    LocationLevel,
    Named,
    OwnerLimit,
    OwnerWish,
    Permission,
    ReportKind,
    ReportStatus,
    SpaceKind,
)

# What nobody can look into without words.
_NEED_WORDS = (ReportKind.WRONG, ReportKind.QUESTION, ReportKind.NUISANCE, ReportKind.DANGER)


MOST_PHOTOS = 3


@noun("report", "RP")
@dataclass(slots=True, kw_only=True)
class Report:
    """One report.

    ``contact`` is an e-mail address, kept only with consent and only for as long as the settings say;
    ``contact_removed_at`` stays where it stood. ``confirm_token`` is the fingerprint of the secret in the link
    that proves the address: whoever reads the register cannot confirm in somebody's name. ``use_ref`` is the permit of
    a use that it tells of; neither the group nor the owner ever reads it. ``sender_name``, ``wish``, ``level``,
    ``area_m2`` and ``free_from`` are an owner's, who offers a space or says how one is to be shown. ``photos`` are
    attachments by their names, for the office alone; they go with the sender's address.
    """

    RULES: ClassVar = ()

    ref: str = field("text", default="", fixed=True, needed=True)
    kind: str = field("choice", default=ReportKind.VACANT.value, of=ReportKind, needed=True, wrong="report.kind")
    status: str = field("choice", default=ReportStatus.SENT.value, of=ReportStatus, fixed=True, needed=True)
    space_ref: str | None = field("text")
    space_kind: str | None = field("choice", of=SpaceKind, wrong="report.space_kind")
    geometry: Any = field("geometry")
    address: str | None = field("text", longest=200, wrong="report.too_long")
    since: str | None = field("text", longest=200, wrong="report.too_long")
    text: str | None = field("long", longest=4000, wrong="report.too_long")
    contact: str | None = field("text", longest=254, wrong="report.too_long")
    contact_consent: bool = field("flag", default=False)
    contact_removed_at: datetime | None = field("instant", fixed=True)
    confirm_token: str | None = field("text", fixed=True)
    confirmed_at: datetime | None = field("instant", fixed=True)
    sent_at: datetime | None = field("instant", fixed=True)
    answer: str | None = field("long", longest=4000, wrong="report.too_long")
    judged_at: datetime | None = field("instant", fixed=True)
    judged_by: str | None = field("text", fixed=True)
    language: str = field("text", default="en")
    use_ref: str | None = field("text")
    sender_name: str | None = field("text", longest=200, wrong="report.too_long")
    wish: str | None = field("choice", of=OwnerWish, wrong="report.wish")
    level: str | None = field("choice", of=LocationLevel, wrong="report.level")
    area_m2: float | None = field("number", least=0, most=1e7, unit="m2")
    free_from: date | None = field("day")
    photos: tuple[str, ...] = field("list", default=())

    @property
    def may_be_answered(self) -> bool:
        """Whether an answer can reach the sender: an address, their consent, and proof that it is theirs."""
        return bool(self.contact and self.contact_consent and self.confirmed_at)

    @property
    def limit(self) -> str | None:
        """What an owner's word leaves to be seen while it waits, a value of OwnerLimit: it may take away, never add."""
        if self.kind != ReportKind.OWNER or self.status != ReportStatus.SENT:
            return None
        if self.wish == OwnerWish.LESS and self.level in set(OwnerLimit):
            return self.level
        return OwnerLimit.OFF.value if self.wish == OwnerWish.OFF else None


def strictest(limits: Iterable[str | None]) -> str | None:
    """Of several limits (values of OwnerLimit) the one that leaves least; None where there is none."""
    order = [each.value for each in OwnerLimit]
    return max((each for each in limits if each), key=order.index, default=None)


_SENT = frozenset({ReportStatus.SENT.value})
_SPACE, _ANSWER = Named("space_ref", "the space that it tells of"), Named("answer", "what the sender is told")

REPORT_LIFECYCLE = Lifecycle("report", tuple(ReportStatus), (
    Move("join", _SENT, ReportStatus.JOINED, Permission.REPORT_JUDGE, (_SPACE,)),
    Move("make", _SENT, ReportStatus.MADE, Permission.REPORT_JUDGE),
    Move("heed", _SENT, ReportStatus.HEEDED, Permission.REPORT_JUDGE),
    Move("answer", _SENT, ReportStatus.ANSWERED, Permission.REPORT_JUDGE, (_ANSWER,)),
    Move("reopen", frozenset(ReportStatus) - {ReportStatus.SENT}, ReportStatus.SENT, Permission.REPORT_JUDGE),
))  # fmt: skip


def check_report(report: Report) -> list[Issue]:
    """What is missing or wrong, field by field; a person mends it and sends again."""
    issues = check_record(report)
    about = report.space_ref or report.use_ref
    if report.geometry is None and not report.address and (report.kind == ReportKind.VACANT or not about):
        issues.append(Issue.of("address", "", "report.where"))
    if report.kind in _NEED_WORDS and not report.text:
        issues.append(Issue.of("text", "", "report.what"))
    issues += _check_owner(report)
    if len(report.photos) > MOST_PHOTOS:
        issues.append(Issue.of("photos", "", "picture.too_many", most=MOST_PHOTOS))
    if report.contact:
        if message := check_contact(report.contact):
            issues.append(Issue.of("contact", report.contact, message))
        if not report.contact_consent:
            issues.append(Issue.of("contact_consent", "", "report.consent"))
    return sorted(issues, key=lambda issue: list(fields_of(Report)).index(issue.field))


def _check_owner(report: Report) -> list[Issue]:
    """What is missing of an owner's word: whoever speaks for an owner says who they are and what they want."""
    if report.kind not in (ReportKind.OFFER, ReportKind.OWNER):
        return []
    needed = ["sender_name"]
    if report.kind == ReportKind.OFFER or report.wish == OwnerWish.SHOW:
        needed += ["level", "contact"]
    if report.kind == ReportKind.OFFER:
        needed += ["space_kind"]
    if report.kind == ReportKind.OWNER:
        needed += ["wish"]
    issues = [Issue.of(name, "", "field.needed") for name in needed if not getattr(report, name)]
    if report.wish == OwnerWish.LESS and report.level not in set(OwnerLimit):
        issues.append(Issue.of("level", report.level or "", "report.less"))
    return issues


def due_on(sent_on: date, working_days: int) -> date:
    """The last day for an answer: so many working days later, Monday to Friday; holidays are not known."""
    day = sent_on
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


def answer_by(report: Report, sent_on: date, working_days: int) -> date:
    """The last day for an answer; of danger it is the day itself."""
    return sent_on if report.kind == ReportKind.DANGER else due_on(sent_on, working_days)


def check_contact(email: str) -> str:
    """What is wrong with a sender's address: a message id, empty when an answer can reach it.

    A name without a dot is a town's own machine for the office; for a citizen it is a slip.
    """
    return wrong_with_email(email) or ("" if "." in email.rpartition("@")[2] else "email.odd")
