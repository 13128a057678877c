"""Use cases of letters: an event writes one in its own transaction (``tell``), a worker takes, sends and settles it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from tempuse.access import Actor, check_allowed
from tempuse.letters import MOST_JOINED, Letter, may_be_joined, next_digest, next_try
from tempuse.store import letters, people
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import LetterStatus, Permission

NO_ADDRESS = "tempuse@localhost"
# The letters of homes of the second version, worded already, which lie as files; each becomes a row.
FILE = "file"
_TOLD = "letters_told"


def key_of(template: str, ref: str, event: str) -> str:
    """What names an event's letter to one reader."""
    return " ".join(filter(None, (template, ref, event)))


def tell(
    con: Connection, now: datetime, template: str, noun: str, ref: str, language: str, *,
    event: str = "", refs: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Write a letter within the transaction of the event that it tells of.

    Args:
        con: a connection within a writing transaction.
        now: the instant.
        template: what is said.
        noun: who reads it: ``person``, or ``report`` for its sender.
        ref: which.
        language: the reader's.
        event: tells this event from the others of the same template and reader; one event writes one letter.
        refs: what else it tells of: refs and instants, neither an address nor a secret.
    """
    settings = get_settings(con)
    domain = (settings.mail_from or settings.contact_email or NO_ADDRESS).rpartition("@")[2]
    joined = noun == "person" and may_be_joined(template) and people.wants_digest(con, ref)
    due_at = next_digest(now, settings.time_zone) if joined else now
    letters.add(con, Letter(
        key=key_of(template, ref, event), template=template, language=language, to_noun=noun,
        to_ref=ref, refs=dict(refs or {}), message_id=f"<{secrets.token_hex(12)}@{domain}>", written_at=now,
        due_at=due_at,
    ))  # fmt: skip
    con.info[_TOLD] = True


def have_been_told(con: Connection) -> bool:
    """Whether a letter was written over this connection since this was asked last: somebody should look for it."""
    return bool(con.info.pop(_TOLD, False))


def take_letter(con: Connection, actor: Actor, now: datetime) -> Letter | None:
    """The letter that is due first, for whoever asks alone, for a while; None when none is due."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        return letters.take(con, now)


def take_beside(con: Connection, actor: Actor, letter: Letter, now: datetime) -> list[Letter]:
    """The letters that go in one with a letter that was taken: where its reader wants one a day, what else is due."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    if letter.to_noun != "person" or not may_be_joined(letter.template):
        return []
    with writing(con):
        if not people.wants_digest(con, letter.to_ref):
            return []
        return letters.take_to(con, letter.to_ref, now, may_be_joined, MOST_JOINED - 1)


def settle_letter(con: Connection, actor: Actor, letter: Letter, status: LetterStatus, problem: str, now: datetime
                  ) -> LetterStatus:  # fmt: skip
    """Write down what became of a letter that was taken; what, for one that was put off too often is given up.

    Args:
        con: an idle connection.
        actor: the program.
        letter: as it was taken.
        status: ``waiting`` when it is to be tried again.
        problem: why it was not sent; never names the reader.
        now: the instant.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    again = next_try(letter.tries, now) if status is LetterStatus.WAITING else None
    with writing(con):
        if again is not None:
            letters.settle(con, letter, due_at=again, tries=letter.tries + 1, tried_at=now, problem=problem)
            return status
        if status is LetterStatus.WAITING:
            status = LetterStatus.FAILED
        if letter.to_ref:
            letters.settle(con, letter, status=status.value, ended_at=now, problem=problem or None)
        else:
            letters.remove_one(con, letter)  # a stranger asked for it, for an address that is nobody's
    return status


def put_letters_off(con: Connection, actor: Actor, problem: str, now: datetime) -> None:
    """Let every letter wait a minute that is due: the mail server cannot be reached."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        letters.put_off(con, now, now + timedelta(minutes=1), problem)


def send_letters_again(con: Connection, actor: Actor, now: datetime) -> int:
    """Put the letters back on their way that were given up, or held when the register was brought back; how many."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        count = letters.put_back(con, (LetterStatus.FAILED, LetterStatus.HELD), now)
        con.info[_TOLD] = True
    return count


def forget_letters(con: Connection, actor: Actor, before: datetime) -> int:
    """Remove what is known of letters that ended before an instant; how many."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        return letters.remove(con, before)


def take_in_files(con: Connection, actor: Actor, names: Collection[str], status: LetterStatus, now: datetime) -> None:
    """Give letters that lie as files, worded by an older program, each a row in this status; twice does no harm."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        for name in names:
            letters.add(con, Letter(
                key=f"{FILE} {name}", template=FILE, to_noun=FILE, to_ref=name, message_id="", written_at=now,
                status=status.value, due_at=now, ended_at=now if status is LetterStatus.FAILED else None,
            ))  # fmt: skip
