"""What somebody is told of by letter, on their own page; each opens the page behind the link in its letters."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from tempuse import questions
from tempuse.people import Person
from tempuse.registry.reports import fingerprint
from tempuse.store import watches
from tempuse.vocabulary import WatchPace
from tempuse.watches import Watch
from web import database, words
from web.letters.watches import link_of
from web.match import wording
from web.my.home import Matter
from web.presenters import labels


def _open_ones(person: Person) -> list[Watch]:
    """Those of their address that have not ended, nor wait for somebody to confirm the address."""
    found = watches.of_email(database.connection(), person.email)
    return [each for each in found if each.ended_at is None and each.confirmed_at is not None]


def link_for(person: Person, question: str) -> str | None:
    """The page of the watch by which somebody is told of what this question lists; None where there is none."""
    same = (each for each in _open_ones(person) if each.question_sha256 == fingerprint(question))
    watch = next(same, None)
    return None if watch is None else link_of(watch)


def told(person: Person, titles: Mapping[str, str]) -> list[Matter]:
    """What they are told of.

    Args:
        person: whose address it is.
        titles: by the fingerprint of a question, what their group calls the search that asks it.
    """
    return [_matter(each, titles.get(each.question_sha256, "")) for each in _open_ones(person)]


def _matter(watch: Watch, title: str) -> Matter:
    if watch.paused_at is not None:
        why = gettext("Paused: something in it is not known any more. Choose anew.")
    else:
        pace = labels.term(WatchPace, watch.every)
        why = gettext("%(pace)s, until %(day)s.", pace=pace, day=words.day(watch.ends_on))
    said = title or wording.summary(questions.read_text(watch.question)[0])
    return Matter(name=said[:1].upper() + said[1:], href=link_of(watch), why=why, button=gettext("Open"))
