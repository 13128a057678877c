"""The neighbours of Rivermouth: told of one request, and what they wrote. Its data is ``rivermouth-comments.csv``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tempuse.access import PUBLIC, Actor
from tempuse.checks import Comment, Notice
from tempuse.demo.rivermouth import rows_of
from tempuse.permits import OPEN
from tempuse.registry import letters
from tempuse.registry.permits.noticing import answer_comment, note_posted, open_notice, send_comment
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.store.permit_tables import permits as table
from tempuse.vocabulary import LetterStatus

_TOLD, _LASTS = timedelta(days=6), timedelta(days=15)


def tell_neighbours(con: Connection, actor: Actor, now: datetime, secret_of: Callable[[str, datetime], str]) -> None:
    """Tell the neighbours of the request that the data name, and let them comment. The time for it runs still.

    Args:
        con: an idle connection to a demo that was just made.
        actor: who handles its permits.
        now: the instant.
        secret_of: what stands in the address of a notice's page: of the permit's ref and when the notice was opened.
    """
    rows = list(rows_of("demo/rivermouth-comments.csv"))
    found = permits.ruled(con, table.c.title == rows[0]["use"], table.c.status.in_(OPEN))
    con.rollback()
    permit, opened = found[0].permit, now - _TOLD
    notice = Notice(opens_on=opened.date(), closes_on=(opened + _LASTS).date(), text=permit.purpose or "")
    secret = secret_of(permit.ref, opened)
    number = open_notice(con, actor, permit.ref, notice, opened, secret=secret).number
    note_posted(con, actor, permit.ref, number, opened.date(), opened)
    for row in rows:
        at = now - timedelta(days=int(row["days_ago"]))
        sent = send_comment(con, PUBLIC, secret, Comment(text=row["text"], name=row["name"] or None), at)
        if row["answer"]:
            answer_comment(con, actor, permit.ref, sent.number, at + timedelta(hours=4), row["answer"],
                           released_text=row["released"])  # fmt: skip
    while (letter := letters.take_letter(con, actor, now)) is not None:  # nobody of that town has a mailbox
        letters.settle_letter(con, actor, letter, LetterStatus.SENT, "", now)
