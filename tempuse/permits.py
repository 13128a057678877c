"""Permit: the temporary use of spaces by a holder, from the first draft of a request to the keys' return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from tempuse import vocabulary as v
from tempuse.errors import Issue
from tempuse.fields import check_record, field
from tempuse.lifecycle import Lifecycle, Move
from tempuse.refs import noun

MOST_SPACES = 50


@noun("permit", "PM")
@dataclass(slots=True, kw_only=True)
class Permit:
    """One permit, from request to hand-back; on what it is agreed stands in its ``Terms``.

    ``space_refs`` are as asked: a building stays a building. ``holder_ref`` and ``grantor_ref`` are organisations;
    a grantor of None is the city itself. ``confirm_token`` is the fingerprint of the secret in the letter that proves
    the contact's address. ``terms_version`` is the version in force, or under decision. ``ended_on`` is the last day,
    where it ended before the terms' own. ``answers`` are in the group's words, by what the kind asks: noise, insurance
    (yes or no), budget; the office and the group read them.
    """

    RULES: ClassVar = ()

    ref: str = field("text", "Reference", "", fixed=True, needed=True)
    status: str = field("choice", "Where it stands", v.PermitStatus.DRAFT.value, of=v.PermitStatus, fixed=True)
    kind: str = field("text", "Kind", "use", longest=60)
    space_refs: tuple[str, ...] = field("list", "Spaces", ())
    use_categories: tuple[str, ...] = field("list", "What for", (), of=v.UseCategory)
    title: str | None = field("text", "What it is called", longest=200)
    purpose: str | None = field("long", "What happens there", longest=4000)
    purpose_released: str | None = field("long", "What everybody reads of it", longest=4000)
    private_text: str | None = field("long", "Only for the office", longest=4000)
    answers: dict[str, str] = field("map", "What its kind asked besides", dict)
    persons: int | None = field("whole", "How many people", least=1, most=1_000_000, unit="persons")
    holder_ref: str | None = field("text", "Group", fixed=True)
    holder_name: str | None = field("text", "Group as it called itself", fixed=True, longest=200)
    contact_ref: str | None = field("text", "Contact", fixed=True)
    helper_ref: str | None = field("text", "Filled in by", fixed=True)
    confirm_token: str | None = field("text", fixed=True)
    confirmed_at: datetime | None = field("instant", "Confirmed on", fixed=True)
    handler_ref: str | None = field("text", "Handler", fixed=True)
    grantor_ref: str | None = field("text", "Grantor", fixed=True)
    head_ref: str | None = field("text", "Within the permit", fixed=True)
    continues_ref: str | None = field("text", "Goes on from", fixed=True)
    continued_by_ref: str | None = field("text", "Goes on with", fixed=True)
    change: str | None = field("choice", "How it goes on", of=v.PermitChange, fixed=True)
    terms_version: int = field("whole", "Version of the terms", 1, fixed=True)
    submitted_at: datetime | None = field("instant", "Asked for on", fixed=True)
    sign_by_on: date | None = field("day", "To be signed by", fixed=True)
    ended_on: date | None = field("day", "Ended on", fixed=True)
    ended_how: str | None = field("choice", "How it ended", of=v.EarlyEnd, fixed=True)
    ended_why: str | None = field("long", "Why it ended", fixed=True)
    location_level: str | None = field("choice", "Precision of the public place", of=v.LocationLevel)
    unlisted: bool = field("flag", "Not shown to the public at all", False)
    language: str = field("text", "Language", "en")
    source: str | None = field("text", "Source", fixed=True)
    source_ref: str | None = field("text", "Number in the source", fixed=True)
    source_fields: dict[str, str] = field("map", "What else the source says", dict, fixed=True)
    created_at: datetime | None = field("instant", "Begun on", fixed=True)
    updated_at: datetime | None = field("instant", "Changed on", fixed=True)
    revision: int = field("whole", "Revision", 1, fixed=True)


_S, _P = v.PermitStatus, v.Permission
_BECAUSE = v.Named("because", "a reason")
_OPEN = frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.INFORMATION_REQUESTED})
_GRANTED = frozenset({_S.APPROVED, _S.SIGNED})
_NEEDED = tuple(
    v.Named(name, word)
    for name, word in (
        ("holder_ref", "the group"), ("space_refs", "a space"), ("starts_on", "the first day"),
        ("ends_on", "the last day"), ("title", "what it is called"),
    )
)  # fmt: skip
_STAYS = ""  # the act is there, and the status is not touched
_HANDOVER = v.Named("handover", "what was handed over")

PERMIT_LIFECYCLE = Lifecycle("permit", tuple(v.PermitStatus), (
    Move("submit", frozenset({_S.DRAFT}), _S.SUBMITTED, _P.PERMIT_REQUEST, _NEEDED),
    Move("take_up", frozenset({_S.SUBMITTED}), _S.UNDER_REVIEW, _P.PERMIT_DECIDE),
    Move("ask", _OPEN, _S.INFORMATION_REQUESTED, _P.PERMIT_DECIDE,
         (v.Named("question", "the question"), v.Named("due_on", "a day for the answer"))),
    Move("answer", frozenset({_S.INFORMATION_REQUESTED}), _S.UNDER_REVIEW, _P.PERMIT_ANSWER,
         (v.Named("answer", "the answer"),)),
    Move("approve", frozenset({_S.SUBMITTED, _S.UNDER_REVIEW}), _S.APPROVED, _P.PERMIT_DECIDE),
    Move("refuse", _OPEN, _S.REFUSED, _P.PERMIT_DECIDE, (_BECAUSE,)),
    Move("withdraw", _OPEN | {_S.DRAFT}, _S.WITHDRAWN, _P.PERMIT_REQUEST),
    Move("reconsider", frozenset({_S.REFUSED, _S.APPROVED}), _S.UNDER_REVIEW, _P.PERMIT_DECIDE, (_BECAUSE,)),
    Move("sign", frozenset({_S.APPROVED}), _S.SIGNED, _P.PERMIT_SIGN, (v.Named("signatures", "both signatures"),)),
    Move("call_off", _GRANTED, _S.WITHDRAWN, _P.PERMIT_REQUEST, (_BECAUSE,)),
    Move("revoke", _GRANTED, _S.REVOKED, _P.PERMIT_REVOKE, (_BECAUSE,)),
    Move("hand_over", frozenset({_S.SIGNED}), _S.HANDED_OVER, _P.PERMIT_HAND_OVER, (_HANDOVER,)),
    Move("carry_over", frozenset({_S.SIGNED}), _S.HANDED_OVER, _P.PERMIT_HAND_OVER,
         (v.Named("continues_ref", "the permit that it goes on from"),)),
    Move("adopt", _GRANTED | {_S.HANDED_OVER}, _STAYS, _P.PERMIT_DECIDE,
         (v.Named("terms_version", "the version of the terms"),)),
    Move("end_early", frozenset({_S.HANDED_OVER}), _STAYS, _P.PERMIT_END,
         (v.Named("ended_on", "the last day"), v.Named("ended_how", "how it ends"), _BECAUSE)),
    Move("hand_back", frozenset({_S.HANDED_OVER}), _S.HANDED_BACK, _P.PERMIT_HAND_OVER, (_HANDOVER,)),
))  # fmt: skip

# A request that waits for the office or for an answer.
OPEN = tuple(sorted(str(status) for status in _OPEN))
# The days are taken; nothing else may be there.
CLAIMING = (_S.APPROVED.value, _S.SIGNED.value, _S.HANDED_OVER.value)
ENDED = (_S.HANDED_BACK.value, _S.REFUSED.value, _S.WITHDRAWN.value, _S.REVOKED.value)


def check_permit(permit: Permit) -> list[Issue]:
    """What is missing or wrong in a request by itself, field by field; a list, empty when nothing is."""
    issues = check_record(permit)
    if not permit.space_refs:
        issues.append(Issue.of("space_refs", "", "permit.no_space"))
    elif len(permit.space_refs) > MOST_SPACES:
        issues.append(Issue.of("space_refs", "", "permit.too_many_spaces", most=MOST_SPACES))
    if not (permit.title or "").strip():
        issues.append(Issue.of("title", "", "field.needed"))
    return issues


def values_for(permit: Permit, **details: Any) -> dict[str, Any]:
    """What a move may need of a permit itself, beside its own details."""
    own = ("holder_ref", "space_refs", "title", "continues_ref")
    return {name: getattr(permit, name) for name in own} | details
