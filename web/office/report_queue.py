"""The reports that wait to be judged, for the office's first page."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext, lazy_gettext

from tempuse.reports import answer_by
from tempuse.store import reports as report_rows
from tempuse.vocabulary import Permission, ReportKind, ReportStatus
from web import database
from web.office import names
from web.office.queue import Queue, Row, due_words

FEW = 5


def _count() -> int:
    return report_rows.tally(database.connection()).get(ReportStatus.SENT.value, 0)


def _rows() -> list[Row]:
    settings, found = database.settings(), []
    for report in report_rows.find(database.connection(), (ReportStatus.SENT.value,), limit=FEW):
        sent = settings.today(report.sent_at or database.now())
        due, late = due_words(answer_by(report, sent, settings.report_answer_days))
        why = ", ".join(part for part in (gettext(ReportKind(report.kind).label), names.ago(sent)) if part)
        href = url_for("office.report", ref=report.ref)
        found.append(Row(names.report(report), href, why, gettext("Judge"), due, late))
    return found


def _more(total: int, shown: int) -> tuple[str, str] | None:
    return (gettext("See all reports"), url_for("office.reports")) if total > FEW else None


QUEUES = (Queue(lazy_gettext("Reports to judge"), Permission.REPORT_JUDGE, _count, _rows, _more),)
