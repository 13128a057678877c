"""Watch: somebody wants to hear when a space begins to fit. Hit: one space that did, from when to when, told or not.

A watch has no public ref: whoever holds the link in its letters shows, confirms, changes and ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tempuse.emails import wrong_with_email
from tempuse.errors import Issue
from tempuse.vocabulary import WatchPace

# It ends after so long unless its reader says "still looking"; one letter asks, so long before.
LASTS = timedelta(days=180)
ASKED_BEFORE = timedelta(days=14)
# One whose address nobody confirmed is forgotten, and the address of one that ended is blanked.
UNCONFIRMED = timedelta(days=7)
BLANKED = timedelta(days=28)
# A space that stopped fitting and fits again is news once it was away so long.
AWAY = timedelta(days=30)
# So many spaces stand in one letter; the rest is a link away.
MOST_TOLD = 10
PACES = {WatchPace.DAY.value: timedelta(days=1), WatchPace.WEEK.value: timedelta(days=7)}
LONGEST_QUESTION = 4000


@dataclass(slots=True, kw_only=True)
class Watch:
    """What somebody wants to hear of.

    Attributes:
        id: its number in the register, never published.
        question: what is asked, as the query of an address (``questions.pairs``), resolved: no day that moves.
        question_sha256: of that text.
        person_ref: who has an account; None where only the address is known.
        secret_sha256: of the secret in its link.
        every: a value of WatchPace.
        ends_on: the last day on which it asks, unless its reader says "still looking".
        asked_again_at: when that was asked last.
        told_at: when the last letter with hits was written.
        paused_why: a message id: why it asks nothing at present.
    """

    id: int = 0
    email: str | None
    language: str = "en"
    person_ref: str | None = None
    question: str
    question_sha256: str
    every: str = WatchPace.DAY.value
    secret_sha256: str | None = None
    made_at: datetime
    confirmed_at: datetime | None = None
    ends_on: date
    asked_again_at: datetime | None = None
    told_at: datetime | None = None
    paused_at: datetime | None = None
    paused_why: str | None = None
    ended_at: datetime | None = None
    ended_how: str | None = None

    @property
    def is_asking(self) -> bool:
        """Whether hits are looked for."""
        return self.confirmed_at is not None and self.ended_at is None and self.paused_at is None


@dataclass(slots=True)
class WatchHit:
    """One space that began to fit a watch.

    Attributes:
        watch_id: of which; unique with ``space_ref`` and ``episode``.
        episode: from 1; another one begins when the space had been away for AWAY.
        tier: 0 fits, 1 something is to be asked.
        met_seq: the change of the register with which it began.
        told_at: when the letter was written that tells of it; as good as told is what fitted at the beginning.
        letter_key: of that letter; None where none was needed.
        left_at: when it stopped fitting.
    """

    watch_id: int
    space_ref: str
    episode: int
    tier: int
    met_seq: int
    met_at: datetime
    told_at: datetime | None = None
    letter_key: str | None = None
    left_at: datetime | None = None


def check_watch(watch: Watch) -> list[Issue]:
    """What is wrong with a watch by itself."""
    issues = []
    if said := wrong_with_email(watch.email or ""):
        issues.append(Issue.of("email", watch.email or "", said))
    if watch.every not in PACES:
        issues.append(Issue.of("every", watch.every, "value.not_in_list"))
    if not 0 < len(watch.question) <= LONGEST_QUESTION:
        issues.append(Issue.of("question", watch.question[:60], "watch.no_question"))
    return issues
