"""What an owner says of how a space is shown: by a report, or as the office writes it down.

What comes by a report takes away at once, and gives only when the office has looked. A word that waits is a limit on
what is seen of the space and of everything within it (``Space.owner_limit``). It lies beside what was agreed before,
which holds again if the office finds that the word was not the owner's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.publication.rule import Rule, coarser
from tempuse.registry.publishing import publish
from tempuse.registry.records import changing
from tempuse.registry.spaces import put_changes
from tempuse.reports import Report, strictest
from tempuse.spaces import Space
from tempuse.store import claims, spaces
from tempuse.store import reports as report_rows
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Consent, LocationLevel, OwnerWish, Permission, WordHow


def settle_limits(con: Connection, actor: Actor, space_ref: str, now: datetime, note: str) -> None:
    """Let no more be seen of a space, and of what lies within it, than the owners' words that wait allow.

    Within a transaction, after the report was written.
    """
    changed = []
    for ref in with_rooms(con, space_ref):
        waiting = report_rows.owners_waiting(con, [ref, *claims.above(con, [ref])])
        limit = strictest(each.limit for each in waiting)
        what = "limit" if limit else "unlimit"
        with changing(
            con, actor, spaces.rows, ref, now, what, only=("owner_limit",), note=note, publish=False
        ) as change:  # fmt: skip
            if change.record.owner_limit != limit:
                change.record.owner_limit = limit
                changed.append(ref)
    publish(con, "spaces", changed, now)


def heed(con: Connection, actor: Actor, report: Report, now: datetime) -> None:
    """Write down in the space, and in what lies within it, what its owner said. Within a transaction.

    Whoever has no contact of the owner yet takes the name, and the address that the sender has proved.
    """
    for ref in with_rooms(con, str(report.space_ref)):
        space = spaces.get(con, ref)
        changes = _changes(con, report, space, now)
        put_changes(con, actor, ref, changes, now, note=report.ref)


def write_word(
    con: Connection, actor: Actor, refs: Sequence[str], consent: Consent, now: datetime, *, on: date | None = None,
    how: WordHow | None = None, by: str | None = None, document: str | None = None, note: str | None = None,
) -> int:  # fmt: skip
    """Write down what the owner of some spaces said of publishing them: of all of them or of none; how many changed.

    Args:
        con: an idle connection.
        actor: the office.
        refs: which spaces.
        consent: what was said; of what nobody was asked nothing else is kept.
        now: the instant.
        on: the day on which it was said.
        how: by which way it came.
        by: who said it.
        document: the letter or paper, by its name among the attachments.
        note: why.

    Raises:
        NotFound: there is no such space.
        Invalid: a value does not fit.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    said = consent is not Consent.UNASKED
    word: dict[str, Any] = {
        "consent_on": on, "consent_how": how.value if how else None, "consent_by": by, "consent_document": document,
    }  # fmt: skip
    changes = {"consent": consent.value, **(word if said else dict.fromkeys(word))}
    count = 0
    with writing(con):
        for ref in refs:
            before = spaces.get(con, ref).revision
            count += put_changes(con, actor, ref, changes, now, note=note).revision != before
    return count


def with_rooms(con: Connection, ref: str) -> list[str]:
    """A space and whatever lies within it, by ref."""
    return list(dict.fromkeys([ref, *claims.closure(con, [ref]).values()]))


def _changes(con: Connection, report: Report, space: Space, now: datetime) -> dict[str, Any]:
    changes = owner_of(report) if not (space.owner_name or space.owner_email) else {}
    settings = get_settings(con)
    changes["consent_on"] = settings.today(report.sent_at or now)
    changes |= {"consent_how": WordHow.PAGE.value, "consent_by": report.sender_name}
    if report.wish == OwnerWish.OFF:
        return changes | {"consent": Consent.OBJECTED.value}
    level = LocationLevel(report.level or LocationLevel.HIDDEN)
    if report.wish == OwnerWish.LESS:
        level = coarser(level, Rule(settings, now).agreed_level(space))
    return changes | {
        "consent": Consent.GIVEN.value, "location_level": level.value, "location_release_on": None,
    }  # fmt: skip


def owner_of(report: Report) -> dict[str, Any]:
    """The owner's name, and the e-mail address where the sender has proved it, by field of Space."""
    return {"owner_name": report.sender_name, "owner_email": report.contact if report.may_be_answered else None}
