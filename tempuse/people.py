"""Person: somebody whom the register knows, and what they are. Passwords live elsewhere (``store/accounts.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tempuse.access import Actor, Membership
from tempuse.emails import wrong_with_email
from tempuse.errors import Issue
from tempuse.refs import noun
from tempuse.vocabulary import OFFICE_ROLES, Role

LONGEST = 200  # letters of a name or an address; RFC 5321 allows 254


@noun("person", "PE")
@dataclass(slots=True, kw_only=True)
class Person:
    """A person; ``memberships`` are what they are now.

    ``email`` is how they sign in, ``ended_at`` when they left. ``digest``: their letters of a day come as one.
    """

    ref: str = ""
    name: str = ""
    email: str = ""
    language: str = "en"
    added_at: datetime | None = None
    ended_at: datetime | None = None
    digest: bool = False
    memberships: tuple[Membership, ...] = ()

    @classmethod
    def with_role(cls, role: str, **entry: Any) -> Person:
        """A person with one role in the office."""
        return cls(memberships=(Membership(role),), **entry)

    @property
    def role(self) -> str:
        """The person's role in the office, which is over the whole register; empty when they have none."""
        return next((each.role for each in self.memberships if each.over is None), "")

    def actor(self) -> Actor:
        """The person as somebody who acts; nobody in particular once they have left."""
        name = self.name or self.email
        return Actor(name) if self.ended_at else Actor(name, frozenset(self.memberships), self.ref)


def check_person(person: Person) -> list[Issue]:
    """What is wrong with a person's name and address."""
    issues = []
    if message := wrong_with_email(person.email):
        issues.append(Issue.of("email", person.email, message))
    if not person.name.strip():
        issues.append(Issue.of("name", "", "person.name"))
    if len(person.name) > LONGEST or len(person.email) > LONGEST:
        issues.append(Issue.of("name", person.name, "person.too_long", most=LONGEST))
    return issues


def check_roles(person: Person) -> list[Issue]:
    """Which of a person's memberships are none that this program knows, or not in the whole register."""
    known, of_office = set(Role), set(OFFICE_ROLES)
    return [
        Issue.of("role", each.role, "value.not_in_list")
        for each in person.memberships
        if each.role not in (of_office if each.over is None else known)
    ]
