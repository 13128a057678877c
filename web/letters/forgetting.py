"""Letters that are kept as files go when their time is over: with the address that a citizen left, not after it."""

from __future__ import annotations

import email
import email.utils
import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tempuse.access import SYSTEM, Actor
from tempuse.people import Person
from tempuse.registry import letters, people, reports
from tempuse.registry.needs.purging import PurgedNeeds, purge_needs
from tempuse.registry.owners.asking import forget_owner_letters
from tempuse.registry.permits import purging
from web import database
from web.accounts import auth
from web.letters import writing


def forget() -> None:
    """Remove addresses and photos that came with reports, when their time is over, and our letters to their senders."""
    now = database.now()
    # The letters first: whatever stops us in between is done again at the next hour.
    addresses = reports.contacts_due(database.idle(), SYSTEM, now)
    before = now - timedelta(days=database.settings().report_contact_days)
    forget_files(before, addresses)
    letters.forget_letters(database.idle(), SYSTEM, before)
    forget_owner_letters(database.idle(), SYSTEM, now)
    reports.blank_contacts(database.idle(), SYSTEM, now, database.register().home)


def forget_person(actor: Actor, person: Person) -> None:
    """Erase who somebody is: in the register, among the accounts, in the letters to them that lie as files."""
    people.forget_person(database.idle(), actor, person.ref, database.now())
    auth.forget(person)
    forget_files(datetime.min.replace(tzinfo=UTC), {person.email})


def forget_files(before: datetime, addresses: Collection[str] = ()) -> int:
    """Remove the letters that lie about as files; how many.

    Args:
        before: those of before this instant, whoever they are to, but for those of an older program that still wait.
        addresses: those to one of these, however young they are.
    """
    gone = {each.casefold() for each in addresses}
    count = 0
    for path in _letters():
        to, at = _about(path)
        waits = path.parent.name == "outbox"
        if to.casefold() in gone or (at < before and not waits):
            path.unlink(missing_ok=True)
            count += 1
    return count


def forget_messages(message_ids: Collection[str]) -> int:
    """Remove the letters of these message ids that lie about as files; how many."""
    count = 0
    for path in writing.folder("").glob("*.eml") if message_ids else ():
        try:
            head = email.message_from_bytes(path.read_bytes())
        except FileNotFoundError:
            continue
        if str(head["Message-ID"]).strip() in message_ids:
            path.unlink(missing_ok=True)
            count += 1
    return count


class PurgedAll(NamedTuple):
    """What the purge took out: of permits, and of needs."""

    permits: purging.Purged
    needs: PurgedNeeds


def purge() -> PurgedAll:
    """Take out what permits and needs tell of persons, their time being over, and the letters about them."""
    needs = purge_needs(database.idle(), SYSTEM, database.now())
    done = purging.purge_permits(database.idle(), SYSTEM, database.register().home, database.now())
    forget_messages(set(done.message_ids))
    return PurgedAll(done, needs)


def _letters() -> Iterator[Path]:
    yield from writing.folder("").glob("*.eml")
    for name in ("failed", "outbox"):
        yield from writing.folder(name).glob("*.json")


def _about(path: Path) -> tuple[str, datetime]:
    """To whom a letter is and of when; of one that cannot be read, the day of its file."""
    try:
        if path.suffix == ".eml":
            head = email.message_from_bytes(path.read_bytes())
            # A date without a zone is nobody's whom we know: it counts as UTC, as the standard has it.
            at = email.utils.parsedate_to_datetime(head["Date"])
            return email.utils.parseaddr(head["To"])[1], at if at.tzinfo else at.replace(tzinfo=UTC)
        said = json.loads(path.read_bytes())
        at = datetime.fromisoformat(said["at"])
        return str(said["to"]), at if at.tzinfo else at.replace(tzinfo=UTC)
    except FileNotFoundError:  # sent meanwhile
        return "", datetime.max.replace(tzinfo=UTC)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", datetime.fromtimestamp(path.stat().st_mtime, UTC)
