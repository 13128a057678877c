"""What the office learns of searches that letters tell of: those that pause, and those whose letters come back.

Whose they are is nobody's business here.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse import questions
from tempuse.store import watches
from tempuse.vocabulary import Permission
from web import database, words
from web.office.queue import Queue, Row

_FEW = 5
# So long it is told that letters came back: then their addresses are blanked.
_TOLD = timedelta(days=28)


def _unclear() -> Counter[tuple[str, str]]:
    """By part and text, how many searches pause for it."""
    found: Counter[tuple[str, str]] = Counter()
    for watch in watches.paused(database.connection()):
        found.update({(each.field, each.value) for each in questions.read_text(watch.question)[1]})
    return found


def _paused() -> list[Row]:
    return [
        Row(
            gettext("“%(text)s” for %(part)s", text=text, part=words.shown(questions.PARTS[part].called)),
            url_for("office.needs"),
            ngettext(
                "%(n)s search asks for it, and nobody understands it any more. Its reader has a letter.",
                "%(n)s searches ask for it, and nobody understands it any more. Their readers have a letter.",
                count, n=words.figure(count),
            ),
            gettext("All searches"),
        )
        for (part, text), count in _unclear().most_common(_FEW)
        if part in questions.PARTS
    ]  # fmt: skip


def _count_bounced() -> int:
    return watches.bounced_since(database.connection(), database.now() - _TOLD)


def _bounced() -> list[Row]:
    count = _count_bounced()
    said = ngettext("%(n)s search has ended", "%(n)s searches have ended", count, n=words.figure(count))
    why = gettext("Their address takes no letters. Whoever still looks can ask anew.")
    return [Row(said, url_for("office.needs"), why, gettext("All searches"))]


QUEUES = (
    Queue(
        lazy_gettext("Searches that pause"), Permission.NEED_READ,
        lambda: len(watches.paused(database.connection())), _paused, beside=True, waits=False,
    ),
    Queue(
        lazy_gettext("Letters that come back"), Permission.NEED_READ, _count_bounced, _bounced,
        beside=True, waits=False,
    ),
)  # fmt: skip
