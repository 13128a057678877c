"""Report: what a citizen tells about a place. It never becomes a space by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tempuse.errors import Issue
from tempuse.lifecycle import Lifecycle, Move
from tempuse.vocabulary import Permission, ReportKind, ReportStatus, SpaceKind


@dataclass(slots=True, kw_only=True)
class Report:
    """One report.

    ``contact`` is an e-mail address, kept only with consent and only for as long as the settings say;
    ``confirm_token`` is the secret in the link that proves it.
    """

    ref: str = ""
    kind: str = ReportKind.VACANT.value
    status: str = ReportStatus.SENT.value
    space_ref: str | None = None
    space_kind: str | None = None
    geometry: Any = None
    address: str | None = None
    since: str | None = None
    text: str | None = None
    contact: str | None = None
    contact_consent: bool = False
    confirm_token: str | None = None
    confirmed_at: datetime | None = None
    sent_at: datetime | None = None
    form_token: str | None = None
    answer: str | None = None
    judged_at: datetime | None = None
    judged_by: str | None = None
    language: str = "en"


_SENT = frozenset({ReportStatus.SENT.value})

REPORT_LIFECYCLE = Lifecycle("report", tuple(ReportStatus), (
    Move("join", _SENT, ReportStatus.JOINED, Permission.REPORT_JUDGE, ("space_ref",)),
    Move("make", _SENT, ReportStatus.MADE, Permission.REPORT_JUDGE),
    Move("answer", _SENT, ReportStatus.ANSWERED, Permission.REPORT_JUDGE, ("answer",)),
    Move("reopen", frozenset(ReportStatus) - {ReportStatus.SENT}, ReportStatus.SENT, Permission.REPORT_JUDGE),
))  # fmt: skip

LONGEST_TEXT = 4000


def check_report(report: Report) -> list[Issue]:
    """What is missing or wrong, field by field; a person mends it and sends again."""
    issues = []
    if report.kind not in set(ReportKind):
        issues.append(Issue(None, "kind", report.kind, "report.kind"))
    if report.space_kind is not None and report.space_kind not in set(SpaceKind):
        issues.append(Issue(None, "space_kind", report.space_kind, "report.space_kind"))
    if report.kind == ReportKind.VACANT and report.geometry is None and not report.address:
        issues.append(Issue(None, "address", "", "report.where"))
    if report.kind != ReportKind.VACANT and not report.space_ref and report.geometry is None and not report.address:
        issues.append(Issue(None, "address", "", "report.where"))
    if report.kind == ReportKind.WRONG and not report.text:
        issues.append(Issue(None, "text", "", "report.what"))
    for name in ("text", "address", "since"):
        value = getattr(report, name) or ""
        if len(value) > LONGEST_TEXT:
            issues.append(Issue(None, name, value, "report.too_long", values={"most": LONGEST_TEXT}))
    if report.contact and not report.contact_consent:
        issues.append(Issue(None, "contact_consent", "", "report.consent"))
    return issues
