"""Need: what a group looks for, from its first words until it has a space, or looks no more.

What is asked of a space is kept as the pairs of an address (``tempuse.questions``): the same words as on the map, in
addresses and in files. Around it stand the things that no match ever looks at.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from tempuse import questions
from tempuse import vocabulary as v
from tempuse.errors import Issue
from tempuse.fields import check_record, field
from tempuse.lifecycle import Lifecycle, Move
from tempuse.refs import noun
from tempuse.settings import Settings
from tempuse.wanted import KEYS, Wanted, check_wanted


@noun("need", "ND")
@dataclass(slots=True, kw_only=True)
class Need:
    """What one group looks for.

    ``initiative_ref`` is its organisation; until somebody confirmed, ``group_name`` is what it called itself.
    ``confirm_token`` is the fingerprint of the secret in the letter that proves the contact's address. ``question``
    is what is asked of a space, as an address has it. ``released_text`` is what others read in place of ``purpose``:
    while it is empty nobody outside sees anything. ``confirmed_on`` is the day on which the group said last that it
    still looks.
    """

    RULES: ClassVar = ()

    ref: str = field("text", "Reference", "", fixed=True, needed=True)
    status: str = field("choice", "Where it stands", v.NeedStatus.DRAFT.value, of=v.NeedStatus, fixed=True)
    initiative_ref: str | None = field("text", "Group", fixed=True)
    group_name: str | None = field("text", "Group as it called itself", fixed=True, longest=200)
    contact_ref: str | None = field("text", "Contact", fixed=True)
    helper_ref: str | None = field("text", "Filled in by", fixed=True)
    confirm_token: str | None = field("text", fixed=True)
    title: str | None = field("text", "In a few words", longest=200)
    purpose: str | None = field("long", "What the group wants to do", longest=4000)
    released_text: str | None = field("long", "What everybody reads of it", longest=4000, fixed=True)
    private_text: str | None = field("long", "Only for the office", longest=4000)
    question: str = field("long", "What it asks of a space", "", longest=4000)
    near_label: str | None = field("text", "Near", longest=200)
    experience: str | None = field("long", "What the group has done so far", longest=4000)
    never_offer: tuple[str, ...] = field("list", "What it cannot do without", ())
    audience: str = field("choice", "Who may read of it", v.NeedAudience.PRIVATE.value, of=v.NeedAudience)
    unlisted: bool = field("flag", "Not shown to the public at all", False)
    met_how: str | None = field("choice", "How it ended", of=v.MetHow, fixed=True)
    met_by_ref: str | None = field("text", "With the permit", fixed=True)
    confirmed_on: date | None = field("day", "Said last that it still looks", fixed=True)
    opened_at: datetime | None = field("instant", "Looks since", fixed=True)
    language: str = field("text", "Language", "en")
    source: str | None = field("text", "Source", fixed=True)
    source_ref: str | None = field("text", "Number in the source", fixed=True)
    source_fields: dict[str, str] = field("map", "What else the source says", dict, fixed=True)
    created_at: datetime | None = field("instant", "Begun on", fixed=True)
    updated_at: datetime | None = field("instant", "Changed on", fixed=True)
    revision: int = field("whole", "Revision", 1, fixed=True)

    @property
    def sha256(self) -> str:
        """What tells its question from all others: the same for the same question."""
        return hashlib.sha256(self.question.encode()).hexdigest()


def wanted_of(need: Need) -> tuple[Wanted, list[Issue]]:
    """What a need asks of a space; an issue for each part that nobody understands any more.

    While there is one, the need waits: what would be looked for without that part is more than the group asked.
    """
    return questions.read_text(need.question)


def blank(need: Need) -> None:
    """Take out of a need whatever tells of persons; what it asks of a space stays, without a place near somebody."""
    need.contact_ref = need.helper_ref = need.group_name = need.confirm_token = need.title = need.purpose = None
    need.released_text = need.private_text = need.experience = need.near_label = need.source_ref = None
    need.source_fields = {}
    kept = [pair for pair in parse_qsl(need.question) if pair[0] not in ("near", "within")]
    need.question = urlencode(kept, safe=",:")


_S, _P = v.NeedStatus, v.Permission
_OPEN, _STAYS = frozenset({_S.OPEN}), ""
_NEEDED = (
    v.Named("title", "what it is, in a few words"), v.Named("uses", "what for"), v.Named("initiative_ref", "the group"),
)  # fmt: skip

NEED_LIFECYCLE = Lifecycle("need", tuple(v.NeedStatus), (
    Move("open", frozenset({_S.DRAFT}), _S.OPEN, _P.NEED_WRITE, _NEEDED),
    Move("confirm", _OPEN, _STAYS, _P.NEED_WRITE),
    Move("release", _OPEN, _STAYS, _P.NEED_RELEASE, (v.Named("released_text", "what everybody reads"),)),
    Move("fulfil", _OPEN, _S.MET, _P.NEED_WRITE, (v.Named("met_how", "how it ended"),)),
    Move("withdraw", frozenset({_S.DRAFT, _S.OPEN}), _S.WITHDRAWN, _P.NEED_WRITE),
    Move("set_aside", _OPEN, _S.WITHDRAWN, _P.NEED_RELEASE, (v.Named("because", "a reason"),)),
    Move("reopen", frozenset({_S.MET, _S.WITHDRAWN}), _S.OPEN, _P.NEED_WRITE, _NEEDED),
))  # fmt: skip

ENDED = (_S.MET.value, _S.WITHDRAWN.value)


def check_need(need: Need, today: date | None = None) -> list[Issue]:
    """What is missing or wrong in a need by itself, field by field; the parts of its question by their own names.

    Args:
        need: the need.
        today: where days that are over are to be said as well.
    """
    wanted, unclear = wanted_of(need)
    issues = [*check_record(need), *unclear, *check_wanted(wanted, today)]
    if not (need.title or "").strip():
        issues.append(Issue.of("title", "", "field.needed"))
    if strange := [key for key in need.never_offer if key not in KEYS]:
        issues.append(Issue.of("never_offer", ", ".join(strange), "value.not_in_list"))
    return issues


def values_for(need: Need, **details: Any) -> dict[str, Any]:
    """What a move may need of a need itself, beside its own details."""
    own = {"title": need.title, "uses": wanted_of(need)[0].uses, "initiative_ref": need.initiative_ref}
    return own | details


# ---- what the calendar knows ----------------------------------------------------------------------------------


def ask_on(need: Need, settings: Settings) -> date | None:
    """The first day on which an open need is asked whether its group still looks."""
    if need.status != _S.OPEN or need.confirmed_on is None:
        return None
    return need.confirmed_on + timedelta(days=settings.still_looking_days + 1)


def lapses_on(need: Need, settings: Settings) -> date | None:
    """The first day on which an open need of which nobody was heard is in no list and no count."""
    asked = ask_on(need, settings)
    return None if asked is None else asked + timedelta(days=settings.still_looking_grace_days)


def state_of(need: Need, settings: Settings, today: date) -> v.NeedState:
    """Where a need stands on a day: its status, and of an open one what the calendar says."""
    if need.status != _S.OPEN:
        return v.NeedState(need.status)
    asked, lapses = ask_on(need, settings), lapses_on(need, settings)
    if lapses is not None and today >= lapses:
        return v.NeedState.LAPSED
    return v.NeedState.ASKED if asked is not None and today >= asked else v.NeedState.WAITING
