"""What is asked while a request is looked at: departments (checks), the group (asks), and the neighbours (notices)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple

from tempuse import vocabulary as v
from tempuse.errors import Issue
from tempuse.fields import InOrder, check_record, field
from tempuse.permit_kinds import Department
from tempuse.refs import noun
from tempuse.terms import Terms, digest

_LONGEST = 4000


@noun("check", "CK")
@dataclass(slots=True, kw_only=True)
class Check:
    """One department that is asked about one request; where it stands follows from its answers (``check_standing``).

    ``sha256`` is what it was asked about (``matter``), likewise what a waiver is for.
    """

    RULES: ClassVar = ()

    ref: str = field("text", "Reference", "", fixed=True, needed=True)
    permit_ref: str = field("text", default="", fixed=True, needed=True)
    department: str = field("text", "Department", default="", fixed=True, needed=True)
    required: bool = field("flag", "Its answer is needed", False, fixed=True)
    asked_at: datetime | None = field("instant", "Asked on", fixed=True)
    due_on: date | None = field("day", "Answer by", fixed=True)
    terms_version: int = field("whole", "Version of the terms", 1, fixed=True)
    sha256: str = field("text", default="", fixed=True)
    waived_at: datetime | None = field("instant", fixed=True)
    waived_by: str | None = field("text", "Done without by", fixed=True)
    waived_because: str | None = field("long", "Done without because", longest=_LONGEST)
    revision: int = field("whole", "Revision", 1, fixed=True)


@dataclass(slots=True, kw_only=True)
class CheckAnswer:
    """What a department said, once; a later answer stands beside it. The parties read the verdict alone."""

    RULES: ClassVar = ()

    check_ref: str = field("text", default="", needed=True)
    terms_version: int = field("whole", default=1, needed=True)
    sha256: str = field("text", default="", needed=True)
    verdict: str = field("choice", "Answer", v.Verdict.OK.value, of=v.Verdict, needed=True)
    text: str | None = field("long", "What has to be said", longest=_LONGEST)
    office_text: str | None = field("long", "Only for the handler", longest=_LONGEST)
    document: str | None = field("text")
    by: str = field("text", default="", longest=200)
    person_ref: str | None = field("text")
    at: datetime | None = field("instant")


@dataclass(slots=True, kw_only=True)
class Ask:
    """One question to the group, by its number within the permit. It is open until it is answered or taken back."""

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    number: int = field("whole", default=1, needed=True)
    asked_at: datetime | None = field("instant", "Asked on")
    asked_by: str = field("text", "Asked by", default="")
    text: str = field("long", "Question", default="", longest=_LONGEST)
    due_on: date | None = field("day", "Answer by")
    stops_clock: bool = field("flag", "The time for the decision stands still", False)
    answered_at: datetime | None = field("instant", "Answered on")
    answer: str | None = field("long", "Answer", longest=_LONGEST)
    answered_by: str | None = field("text", "Answered by", longest=200)
    withdrawn_at: datetime | None = field("instant", "Taken back on")

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def ended_at(self) -> datetime | None:
        """When it was answered or taken back."""
        return self.answered_at or self.withdrawn_at


@dataclass(slots=True, kw_only=True)
class Notice:
    """The neighbours are told of a request, and may comment until a day; both days belong to the time.

    ``token`` is the fingerprint of the secret in the address of its page.
    """

    RULES: ClassVar = (InOrder("opens_on", "closes_on", "notice.ends_before_start"),)

    permit_ref: str = field("text", default="", needed=True)
    number: int = field("whole", default=1, needed=True)
    opens_on: date | None = field("day", "First day")
    closes_on: date | None = field("day", "Last day")
    text: str = field("long", "What neighbours read", default="", longest=_LONGEST)
    posted_on: date | None = field("day", "Posted up on")
    token: str | None = field("text")
    opened_at: datetime | None = field("instant")
    by: str = field("text", default="")


@dataclass(slots=True, kw_only=True)
class Comment:
    """What a neighbour wrote; ``text`` is never changed, ``released_text`` is what others may read of it."""

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    number: int = field("whole", default=1, needed=True)
    at: datetime | None = field("instant")
    name: str | None = field("text", "Name", longest=200)
    contact: str | None = field("text", "How to reach you", longest=254)
    text: str = field("long", "What you want to say", default="", longest=_LONGEST)
    released_text: str | None = field("long", "What others may read", longest=_LONGEST)
    late: bool = field("flag", "After the last day", False)
    answer: str | None = field("long", "Answer", longest=_LONGEST)
    answered_at: datetime | None = field("instant")
    answered_by: str | None = field("text")


def matter(terms: Terms, space_refs: Sequence[str]) -> str:
    """What departments look at, as a hash: these terms in these spaces, but for what they asked for themselves.

    A condition that follows a department's answer makes no other matter of it: nobody is asked again for having been
    heard.
    """
    own = tuple(each for each in terms.conditions if each.from_check_ref is None)
    return digest(replace(terms, version=0, from_on=None, conditions=own), space_refs, None)


class CheckStanding(NamedTuple):
    """Where the question to a department stands.

    Attributes:
        state: as it is on the day.
        verdict: the last answer on the present matter; None while there is none.
        is_done: it stands in nobody's way.
    """

    state: v.CheckState
    verdict: v.Verdict | None = None
    is_done: bool = False


def check_standing(
    check: Check, answers: Sequence[CheckAnswer], sha256: str, on: date, department: Department, asked_on: date | None
) -> CheckStanding:  # fmt: skip
    """Where the question to a department stands on a day.

    Args:
        check: the question.
        answers: all that it was answered, the first one first.
        sha256: what there is to judge now (``matter``).
        on: the day, in the city.
        department: as the city has it today.
        asked_on: the day on which it was asked, in the city.
    """
    last = answers[-1] if answers else None
    if last is not None and last.sha256 == sha256:
        verdict = v.Verdict(last.verdict)
        is_done = verdict is not v.Verdict.OBJECTION or _waived(check, sha256)
        return CheckStanding(v.CheckState.ANSWERED, verdict, is_done)
    if _waived(check, sha256):
        return CheckStanding(v.CheckState.WAIVED, None, is_done=True)
    if asked_on is None:
        return CheckStanding(v.CheckState.NOT_ASKED)
    if last is not None and check.sha256 != sha256:
        return CheckStanding(v.CheckState.STALE)
    silence = asked_on + timedelta(days=department.silence_days)
    may_be_silent = department.silence == "no_concern" and check.sha256 == sha256
    if may_be_silent and on > max(silence, check.due_on or silence):
        return CheckStanding(v.CheckState.SILENT, None, is_done=True)
    late = check.due_on is not None and on > check.due_on
    return CheckStanding(v.CheckState.OVERDUE if late else v.CheckState.WAITING)


def _waived(check: Check, sha256: str) -> bool:
    return check.waived_at is not None and check.sha256 == sha256


def check_answer(answer: CheckAnswer) -> list[Issue]:
    """What is wrong with a department's answer: whoever does not simply agree says why."""
    issues = check_record(answer)
    needs = (v.Verdict.OBJECTION, v.Verdict.OK_WITH_CONDITIONS)
    if answer.verdict in needs and not (answer.text or "").strip():
        issues.append(Issue.of("text", "", "check.say_what"))
    return issues


def check_text(name: str, text: str | None) -> list[Issue]:
    """Whether something was written that has to be, and is not too long."""
    if not (text or "").strip():
        return [Issue.of(name, "", "field.needed")]
    return [Issue.of(name, "", "ask.too_long", most=_LONGEST)] if len(text or "") > _LONGEST else []


class Window(NamedTuple):
    """The time in which neighbours may comment: from the first notice's first day to the latest last day."""

    opens_on: date
    closes_on: date

    def is_over(self, on: date) -> bool:
        """Whether the last day is past."""
        return on > self.closes_on


def window_of(notices: Sequence[Notice]) -> Window | None:
    """The time in which neighbours may comment on a request; None while nobody has told them."""
    days = [(each.opens_on, each.closes_on) for each in notices if each.opens_on and each.closes_on]
    return Window(min(first for first, _ in days), max(last for _, last in days)) if days else None
