"""Forms that were sent: a form that comes twice, known by its token, makes one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from tempuse.store.tables import sent_forms


def once(con: Connection, noun: str, token: str | None, now: datetime, make: Callable[[], str]) -> str:
    """The ref of what a form makes: made now, or by the same form before. Within a writing transaction.

    Writers come one after the other on both engines, so the second of two same forms always sees the first.

    Args:
        con: a connection within a writing transaction.
        noun: what the form makes; a token of one noun says nothing of another.
        token: what tells this form from all others; a form without one is always the first.
        now: the instant.
        make: makes the thing and gives its ref.
    """
    if not token:
        return make()
    known = select(sent_forms.c.ref).where(sent_forms.c.noun == noun, sent_forms.c.token == token)
    if (held := con.scalar(known)) is not None:
        return str(held)
    ref = make()
    con.execute(insert(sent_forms), [{"noun": noun, "token": token, "ref": ref, "at": now}])
    return ref


def forget(con: Connection, before: datetime) -> int:
    """Forget the forms that were sent before an instant; how many. Within a writing transaction."""
    return con.execute(delete(sent_forms).where(sent_forms.c.at < before)).rowcount
