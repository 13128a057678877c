"""What is agreed under a permit, and what came of it: assents, decisions, signatures, hand-overs, the afterlife.

Each is a row that is written once. An agreement is derived: the hash of the terms, and the signatures on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from tempuse import vocabulary as v
from tempuse.errors import Issue
from tempuse.fields import check_record, field

_LONGEST = 4000
_MOST_ROWS = 40


@dataclass(slots=True, kw_only=True)
class Assent:
    """The grantor's word on one version of the terms, known by its hash (``terms.digest``)."""

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    terms_version: int = field("whole", default=1, needed=True)
    sha256: str = field("text", default="", needed=True)
    owner_ref: str | None = field("text")
    says_yes: bool = field("flag", default=False)
    because: str | None = field("long", longest=_LONGEST)
    how: str = field("choice", default=v.AssentHow.LETTER.value, of=v.AssentHow)
    by: str = field("text", default="", longest=200)
    document: str | None = field("text")
    at: datetime | None = field("instant")


@dataclass(slots=True, kw_only=True)
class Decision:
    """A decision of the office; ``snapshot`` is what its papers are made of, whatever changes later."""

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    kind: str = field("choice", default=v.DecisionKind.GRANT.value, of=v.DecisionKind, needed=True)
    on: date | None = field("day")
    by: str = field("text", default="")
    because: str | None = field("long", longest=_LONGEST)
    terms_version: int = field("whole", default=1)
    sha256: str = field("text", default="")
    snapshot: dict[str, Any] = field("map", default=dict)
    sent_on: date | None = field("day")
    object_until_on: date | None = field("day")
    document: str | None = field("text")
    at: datetime | None = field("instant")


@dataclass(slots=True, kw_only=True)
class Signature:
    """One signature on the hash of the terms; ``name`` is as it was signed, and stays."""

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    sha256: str = field("text", default="", needed=True)
    party: str = field("choice", default=v.Party.HOLDER.value, of=v.Party, needed=True)
    person_ref: str | None = field("text")
    name: str = field("text", "Name", default="", longest=200)
    role_said: str | None = field("text", "As", longest=200)
    how: str = field("choice", default=v.SignedHow.TYPED.value, of=v.SignedHow)
    signed_on: date | None = field("day", "Signed on")
    document: str | None = field("text")
    at: datetime | None = field("instant")


@dataclass(slots=True, kw_only=True)
class Handover:
    """The keys' way, over or back. Keys are maps of ``label`` and ``count``, meters of ``kind``, ``number``,
    ``reading`` and ``unit``; photos are hashes of attachments, for the office and the parties alone. It is written
    once; each side says beside it, once, that it agrees, and what it adds.
    """

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    way: str = field("choice", default=v.HandoverWay.OVER.value, of=v.HandoverWay, needed=True)
    on: date | None = field("day", "On")
    present: str | None = field("text", "Who was there", longest=500)
    keys: tuple[dict[str, Any], ...] = field("list", "Keys", ())
    meters: tuple[dict[str, Any], ...] = field("list", "Meters", ())
    condition_text: str | None = field("long", "How it was found", longest=_LONGEST)
    photos: tuple[str, ...] = field("list", "Photos", ())
    remarks_holder: str | None = field("long", "Remarks of the group", longest=_LONGEST)
    remarks_grantor: str | None = field("long", "Remarks of the grantor", longest=_LONGEST)
    agreed_by_holder_at: datetime | None = field("instant")
    agreed_by_grantor_at: datetime | None = field("instant")
    deposit_returned_cents: int | None = field("whole", "Deposit returned", least=0, most=10**12, unit="cents")
    by: str = field("text", default="")
    at: datetime | None = field("instant")

    @property
    def answered_at(self) -> datetime | None:
        """When it was written down, or one side agreed to it, whichever came last."""
        return max(filter(None, (self.at, self.agreed_by_holder_at, self.agreed_by_grantor_at)), default=None)


@dataclass(slots=True, kw_only=True)
class RequestFile:
    """A file that a group sent with its request: ``name`` among the attachments, ``called`` as its sender called it."""

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    name: str = field("text", default="", needed=True)
    called: str = field("text", default="", longest=200)
    by: str = field("text", default="")
    at: datetime | None = field("instant")


@dataclass(slots=True, kw_only=True)
class Afterlife:
    """What became of a use; the last one that was written down counts."""

    RULES: ClassVar = ()

    permit_ref: str = field("text", default="", needed=True)
    outcome: str = field("choice", "What became of it", v.Outcome.ENDED_AS_PLANNED.value, of=v.Outcome)
    moved_to_ref: str | None = field("text", "Moved to the space")
    moved_to_text: str | None = field("text", "Moved to", longest=500)
    note: str | None = field("long", "What came of it", longest=_LONGEST)
    on: date | None = field("day", "On")
    by: str = field("text", default="")
    at: datetime | None = field("instant")


def is_complete(signatures: Iterable[Signature], sha256: str, parties: Collection[str]) -> bool:
    """Whether each of these parties has signed exactly this."""
    return set(parties) <= {each.party for each in signatures if each.sha256 == sha256}


def word_on(assents: Iterable[Assent], version: int, sha256: str, owner_ref: str | None) -> Assent | None:
    """The grantor's last word on exactly these terms, None where the grantor of today has not spoken on them."""
    theirs = [
        each for each in assents
        if (each.terms_version, each.sha256) == (version, sha256) and each.owner_ref in (None, owner_ref)
    ]  # fmt: skip
    return theirs[-1] if theirs else None


def check_handover(handover: Handover) -> list[Issue]:
    """What is wrong with a hand-over by itself, field by field."""
    issues = check_record(handover)
    if handover.on is None:
        issues.append(Issue.of("on", "", "field.needed"))
    for name in ("keys", "meters", "photos"):
        if len(getattr(handover, name)) > _MOST_ROWS:
            issues.append(Issue.of(name, "", "terms.too_many", most=_MOST_ROWS))
    return issues
