"""Person: somebody with a role in the office. Passwords live elsewhere (``store/accounts.py``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tempuse.access import Actor
from tempuse.emails import wrong_with_email
from tempuse.errors import Issue
from tempuse.vocabulary import Role

LONGEST = 200  # letters of a name or an address; RFC 5321 allows 254


@dataclass(slots=True, kw_only=True)
class Person:
    """A person in the office; ``email`` is how they sign in, ``ended_at`` when they left."""

    ref: str = ""
    name: str = ""
    email: str = ""
    role: str = Role.PLANNER.value
    language: str = "en"
    added_at: datetime | None = None
    ended_at: datetime | None = None

    def actor(self) -> Actor:
        """The person as somebody who acts; without a role once they have left."""
        roles = frozenset() if self.ended_at else frozenset({Role(self.role)})
        return Actor(self.name or self.email, roles, self.ref)


def check_person(person: Person) -> list[Issue]:
    """What is wrong with a person's entry."""
    issues = []
    if message := wrong_with_email(person.email):
        issues.append(Issue.of("email", person.email, message))
    if not person.name.strip():
        issues.append(Issue.of("name", "", "person.name"))
    if len(person.name) > LONGEST or len(person.email) > LONGEST:
        issues.append(Issue.of("name", person.name, "person.too_long", most=LONGEST))
    if person.role not in set(Role):
        issues.append(Issue.of("role", person.role, "value.not_in_list"))
    return issues
