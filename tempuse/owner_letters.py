"""Letter to an owner: about all of their spaces that nobody has asked them about yet, answered by a link, once.

Whom a space belongs to is told by the e-mail address that is noted of the owner, else by the name. An owner of twelve
spaces gets one letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as plain_field
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple

from tempuse import vocabulary as v
from tempuse.emails import tidy_email, wrong_with_email
from tempuse.fields import field
from tempuse.folding import fold
from tempuse.refs import noun

# A link can be used for so long after the letter was sent last; whoever does not answer is told of after a while; who
# asks to be asked later is asked again then.
LASTS = timedelta(days=90)
NO_ANSWER_AFTER = timedelta(days=14)
LATER = timedelta(days=90)
# So many spaces stand in one letter: an owner of more gets the next one when the first is answered.
MOST_SPACES = 200
NOT_SHOWN = "no"


@noun("owner_letter", "OL")
@dataclass(slots=True, kw_only=True)
class OwnerLetter:
    """One letter to one owner.

    ``secret_sha256`` is the fingerprint of the secret in its link: whoever reads the register cannot answer for the
    owner. ``times`` says how often it was sent. ``choices`` are what the owner said, by space: a level, or ``no``.
    ``later_on`` is the day from which the owner would be asked again. Who it was to is blanked some time after its end.
    """

    RULES: ClassVar = ()

    ref: str = field("text", default="", fixed=True, needed=True)
    space_refs: tuple[str, ...] = field("list", default=())
    owner_name: str | None = field("text", "Owner’s name")
    owner_email: str | None = field("text", "Owner’s e-mail")
    way: str = field("choice", "By which way", v.LetterWay.MAIL.value, of=v.LetterWay, needed=True)
    language: str = field("text", default="en")
    asked_at: datetime | None = field("instant", "Asked on")
    asked_by: str | None = field("text")
    again_at: datetime | None = field("instant", "Sent again on")
    times: int = field("whole", "Sent", 1)
    told_on: date | None = field("day", "Left the office on")
    secret_sha256: str | None = field("text")
    ends_on: date | None = field("day", "Last day of the link")
    answered_at: datetime | None = field("instant", "Answered on")
    answer: str | None = field("choice", "The owner’s answer", of=v.OwnerAnswer)
    choices: dict[str, str] = field("map", default=dict)
    answered_by: str | None = field("text", "Who answered", longest=200)
    remark: str | None = field("long", "What the owner added", longest=2000)
    later_on: date | None = field("day", "Ask again from")
    revision: int = field("whole", "Revision", 1, fixed=True)
    updated_at: datetime | None = field("instant", "Changed on", fixed=True)

    def is_open(self, today: date) -> bool:
        """Whether its link may still be used."""
        return self.answered_at is None and self.ends_on is not None and today <= self.ends_on

    @property
    def owner(self) -> str:
        """Whose spaces it is about (``owner_key``)."""
        return owner_key(self.owner_name, self.owner_email)


class OfOwner(NamedTuple):
    """A space whose owner is to be asked, as far as that matters."""

    ref: str
    owner_name: str | None
    owner_email: str | None
    do_not_contact: bool = False
    # Its owner, as noted, has said that it is not theirs.
    not_theirs: bool = False


@dataclass(slots=True)
class ToAsk:
    """One owner to ask.

    Attributes:
        name: as it is noted of the first of the spaces; empty where only the address is known.
        email: where a letter can go to; empty where it has to be printed.
        space_refs: about which spaces.
    """

    name: str
    email: str
    space_refs: list[str] = plain_field(default_factory=list)

    @property
    def way(self) -> v.LetterWay:
        """By which way a letter goes unless the office wants it printed."""
        return v.LetterWay.MAIL if self.email else v.LetterWay.PAPER


def owner_key(name: str | None, email: str | None) -> str:
    """What tells whether two spaces have one owner: the address, else the name; empty where neither is known."""
    if email and email.strip():
        return tidy_email(email)
    return f"name {fold(name)}" if name and name.strip() else ""


def by_owner(spaces: Iterable[OfOwner]) -> tuple[list[ToAsk], list[tuple[OfOwner, str]]]:
    """The owners to ask, each once; and the spaces whose owner cannot be asked, each with why, a message id.

    The owners stand by name, their spaces in the order that they came in.
    """
    owners: dict[str, ToAsk] = {}
    cannot: list[tuple[OfOwner, str]] = []
    for each in spaces:
        key, email = owner_key(each.owner_name, each.owner_email), tidy_email(each.owner_email or "")
        reachable = email if email and not wrong_with_email(email) else ""
        name = " ".join((each.owner_name or "").split())
        if why := _why_not(each, name, reachable):
            cannot.append((each, why))
            continue
        owner = owners.setdefault(key, ToAsk(name, reachable))
        owner.name = owner.name or name
        if len(owner.space_refs) < MOST_SPACES:
            owner.space_refs.append(each.ref)
    return sorted(owners.values(), key=lambda each: (fold(each.name), each.email)), cannot


def _why_not(each: OfOwner, name: str, reachable: str) -> str:
    if each.do_not_contact:
        return "owner_letter.no_contact"
    if each.not_theirs:
        return "owner_letter.not_theirs"
    if reachable or name:
        return ""
    return "owner_letter.wrong_address" if (each.owner_email or "").strip() else "owner_letter.unknown"
