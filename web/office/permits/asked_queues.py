"""What waits because somebody was asked: questions without answer, silent departments, comments of neighbours."""

from __future__ import annotations

from functools import partial
from textwrap import shorten

from flask import g, url_for
from flask_babel import gettext, lazy_gettext

from tempuse.checks import Ask, Check, Comment
from tempuse.permits import Permit
from tempuse.registry.permits.checking import checks_overdue
from tempuse.store import checks, permits
from tempuse.vocabulary import Permission
from web import database, words
from web.office.permits import called
from web.office.queue import Queue, Row

_MOST = 200
_FEW = 5


def _asks() -> list[Ask]:
    if "overdue_asks" not in g:
        g.overdue_asks = checks.overdue_asks(database.connection(), database.today(), _MOST)
    return list(g.overdue_asks)


def _late_checks() -> list[Check]:
    if "overdue_checks" not in g:
        g.overdue_checks = checks_overdue(database.connection(), database.settings(), database.today(), _MOST)
    return list(g.overdue_checks)


def _comments() -> list[Comment]:
    if "open_comments" not in g:
        g.open_comments = checks.unanswered_comments(database.connection(), _MOST)
    return list(g.open_comments)


def _permit(ref: str) -> Permit:
    return permits.get(database.connection(), ref)


def _row(ref: str, why: str, button: str, anchor: str, due: str = "") -> Row:
    href = f"{url_for('office.permit', ref=ref)}#{anchor}"
    return Row(called.title(_permit(ref)), href, why, button, due, bool(due))


def _ask_rows() -> list[Row]:
    return [
        _row(each.permit_ref, each.text, gettext("Remind or go on"), "questions",
             gettext("Was due on %(day)s", day=words.day(each.due_on)))
        for each in _asks()[:_FEW]
    ]  # fmt: skip


def _check_rows() -> list[Row]:
    return [
        _row(each.permit_ref, called.department(each.department), gettext("Remind"), "checks",
             gettext("Was due on %(day)s", day=words.day(each.due_on)))
        for each in _late_checks()[:_FEW]
    ]  # fmt: skip


def _comment_rows() -> list[Row]:
    return [
        _row(each.permit_ref, shorten(each.text, 120, placeholder=" …"), gettext("Answer"), "neighbours")
        for each in _comments()[:_FEW]
    ]  # fmt: skip


_queue = partial(Queue, permission=Permission.PERMIT_DECIDE)
QUEUES = (
    _queue(title=lazy_gettext("Questions without an answer"), count=lambda: len(_asks()), rows=_ask_rows),
    _queue(title=lazy_gettext("Departments that are late"), count=lambda: len(_late_checks()), rows=_check_rows),
    _queue(title=lazy_gettext("Comments to answer"), count=lambda: len(_comments()), rows=_comment_rows),
)
