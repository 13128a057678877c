"""Letter: what somebody is to be told because of an event. It names its reader and its matter by refs alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tempuse.vocabulary import LetterStatus

# Minutes between tries: about four days in all, as RFC 5321, 4.5.4.1 advises.
PAUSES = (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440)
# Nothing waits longer than the longest pause; what seems to was dated by a clock that was ahead.
LONGEST_PAUSE = timedelta(minutes=max(PAUSES) + 1)
# A letter that somebody was sending when the machine stopped is taken up again after so long.
TAKEN_FOR = timedelta(minutes=15)
# When whoever wants one letter a day gets it, on the city's clock; so many at most are joined into one.
DIGEST_AT = time(7)
MOST_JOINED = 30


@dataclass(slots=True, kw_only=True)
class Letter:
    """One letter.

    Attributes:
        id: its number in the register.
        key: names the event that wrote it; one event writes one letter.
        template: what is said (a file in ``web/templates/mail``).
        language: the reader's.
        to_noun: what the reader is to us: a person, or the sender of a report.
        to_ref: which.
        refs: what else it tells of, by refs and instants; no address, no secret.
        message_id: the same at each try, so that a mailbox knows a letter that came twice.
        written_at: when the event was.
        status: where it stands.
        due_at: when it is tried next.
        tries: how often it was tried in vain.
        taken_until: somebody is sending it, and has until then.
        tried_at: when it was tried last.
        ended_at: when it was sent, given up or dropped.
        problem: why it was put off, given up or dropped; never names the reader.
    """

    id: int = 0
    key: str
    template: str
    language: str = "en"
    to_noun: str
    to_ref: str
    refs: dict[str, str] = field(default_factory=dict)
    message_id: str
    written_at: datetime
    status: str = LetterStatus.WAITING.value
    due_at: datetime
    tries: int = 0
    taken_until: datetime | None = None
    tried_at: datetime | None = None
    ended_at: datetime | None = None
    problem: str | None = None


def next_try(tries: int, now: datetime) -> datetime | None:
    """When a letter is tried again that was tried in vain so often before this time; None when it is given up."""
    return now + timedelta(minutes=PAUSES[tries]) if tries < len(PAUSES) else None


def may_be_joined(template: str) -> bool:
    """Whether a letter can wait for that of the day: it tells of a permit or need, and nothing waits for it."""
    return template.startswith(("permit_", "need_")) and not template.endswith("_confirm")


def next_digest(now: datetime, time_zone: str) -> datetime:
    """When the next letter of the day goes; within a day in any case, whatever the clocks do that night."""
    zone = ZoneInfo(time_zone)
    local = now.astimezone(zone)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return min(datetime.combine(day, DIGEST_AT, tzinfo=zone).astimezone(now.tzinfo), now + timedelta(days=1))
