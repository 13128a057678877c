"""Files of a request, where its kind asks for them: sent by the group, read by it and by the office alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tempuse.access import Actor
from tempuse.agreements import RequestFile
from tempuse.errors import Conflict, Invalid, Issue
from tempuse.permit_kinds import kind_named
from tempuse.permits import OPEN
from tempuse.registry import attachments
from tempuse.registry.permits.holding import allow, expect
from tempuse.store import agreements, permits
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission

MOST_FILES = 10


def add_file(con: Connection, actor: Actor, ref: str, name: str, called: str, now: datetime) -> RequestFile:
    """Write down that a group sent a file, before its request is decided. The same file twice is one.

    Args:
        con: an idle connection.
        actor: the group's contact, or the office.
        ref: which request.
        name: of the file among the attachments.
        called: as its sender called it.
        now: the instant.

    Raises:
        Conflict: its kind asks for no files.
        Invalid: there are too many.
        WrongState: it is decided.
    """
    allow(con, actor, Permission.PERMIT_REQUEST, ref)
    with writing(con):
        permit = permits.lock(con, ref)
        expect(permit, OPEN)
        if "files" not in kind_named(get_settings(con).permit_kinds, permit.kind).asks:
            raise Conflict("permit.no_files", ref=ref)
        known = agreements.request_files_of(con, ref)
        if same := next((each for each in known if each.name == name), None):
            return same
        if len(known) >= MOST_FILES:
            raise Invalid("permit.invalid", [Issue.of("file", called, "permit.too_many_files", most=MOST_FILES)])
        sent = RequestFile(
            permit_ref=ref, name=name, called=" ".join(called.split())[:200], by=actor.name, at=now
        )  # fmt: skip
        agreements.request_file_rows.add(con, sent)
        add_event(con, actor, now, "permit", ref, "file_sent", status=permit.status)
    return sent


def remove_file(con: Connection, actor: Actor, home: Path, ref: str, name: str, now: datetime) -> None:
    """Take a file back before the request is decided; it is gone where nothing else refers to it.

    Raises:
        WrongState: it is decided.
    """
    allow(con, actor, Permission.PERMIT_REQUEST, ref)
    with writing(con):
        permit = permits.lock(con, ref)
        expect(permit, OPEN)
        if any(each.name == name for each in agreements.request_files_of(con, ref)):
            agreements.remove_request_file(con, ref, name)
            add_event(con, actor, now, "permit", ref, "file_removed", status=permit.status)
    attachments.let_go(con, home, [name])
    con.rollback()
