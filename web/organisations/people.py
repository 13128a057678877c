"""Those who belong to an organisation, in words, by person: their parts, and since when or whether they were asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from tempuse.people import Person
from tempuse.store.organisations import Member
from tempuse.vocabulary import Role
from web import database, words


@dataclass(frozen=True, slots=True)
class Belonging:
    """One person in an organisation: their parts in words, since when; ``waits`` while they said nothing yet."""

    person: Person
    parts: str
    since: str
    waits: bool


def belonging(members: Iterable[Member]) -> list[Belonging]:
    """The people of an organisation, in the order in which they came; who was asked for one more part stands twice."""
    by_person: dict[tuple[str, bool], list[Member]] = {}
    for member in members:
        by_person.setdefault((member.person.ref, member.confirmed_at is None), []).append(member)
    return [
        Belonging(each[0].person, parts_in_words(each), _since(each[0]), waits)
        for (_, waits), each in by_person.items()
    ]


def parts_in_words(members: Iterable[Member]) -> str:
    """Contact, signatory."""
    said = [gettext(Role(each.part).label) for each in members]
    return ", ".join([said[0], *map(words.lower_first, said[1:])])


def _since(member: Member) -> str:
    settings = database.settings()
    if member.confirmed_at is not None:
        return gettext("since %(day)s", day=words.day(settings.today(member.confirmed_at), year=True))
    if member.invited_at is not None:
        return gettext("asked on %(day)s", day=words.day(settings.today(member.invited_at), year=True))
    return ""
