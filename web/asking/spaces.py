"""Which spaces are asked for, and what everybody may know of them; read from ``published`` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from tempuse.errors import NotFound
from tempuse.permit_kinds import PermitKind, kinds
from tempuse.permits import MOST_SPACES
from tempuse.store import published
from tempuse.vocabulary import Occupancy, SpaceStatus
from web import database, words
from web.presenters import cards
from web.search import query


@dataclass(frozen=True, slots=True)
class AskedSpace:
    """A space that somebody asks for, as everybody knows it: its name, whether it can be had, and what to heed."""

    ref: str
    title: str
    is_there: bool
    hints: list[str]
    free_from: date | None = None


def asked_for(given: Sequence[str]) -> list[AskedSpace]:
    """The spaces of these refs, each once.

    Raises:
        NotFound: the public sees no such space.
    """
    refs = [part.strip().upper() for text in given for part in text[:2000].split(",")]
    found = []
    for ref in list(dict.fromkeys(filter(None, refs)))[: MOST_SPACES + 1]:
        text = published.feature(database.connection(), "spaces", ref) if query.is_ref(ref) else None
        if text is None:
            raise NotFound("space.not_found", ref=ref[:20])
        found.append(_known(cards.of_feature(text)))
    return found


def can_be_asked(shown: Mapping[str, Any]) -> bool:
    """Whether the city takes requests for a published space: it is offered, today or for a day to come."""
    until = cards.day_of(shown.get("available_until"))
    return shown["status"] == SpaceStatus.OFFERED and (until is None or until >= database.today())


def _known(shown: cards.Properties) -> AskedSpace:
    if shown["status"] == SpaceStatus.RETIRED:
        return AskedSpace(shown["ref"], shown["ref"], is_there=False, hints=[])
    return AskedSpace(
        shown["ref"], cards.title(shown), can_be_asked(shown), [*_limits(shown), *_taken(shown)], cards.free_from(shown)
    )


def _limits(shown: cards.Properties) -> list[str]:
    """From when, until when and for how long it is given."""
    start, end = cards.day_of(shown.get("available_from")), cards.day_of(shown.get("available_until"))
    least, most = shown.get("shortest_term_days"), shown.get("longest_term_days")
    found = []
    if start and start > database.today():
        found.append(gettext("Free from %(day)s.", day=words.day(start)))
    if end:
        found.append(gettext("There until %(day)s.", day=words.day(end)))
    if most:
        found.append(gettext("For %(time)s at most.", time=words.duration(most)))
    if least:
        found.append(gettext("For %(time)s at least.", time=words.duration(least)))
    return found


def _taken(shown: cards.Properties) -> list[str]:
    """In which days others use it, as far as everybody may know that."""
    found = []
    for period in shown.get("history") or []:
        end = cards.day_of(period.get("ends_on"))
        if period.get("occupancy") != Occupancy.TEMPORARY_USE or end is None or end < database.today():
            continue
        start = cards.day_of(period.get("starts_on"))
        if start and start > database.today():
            found.append(gettext("Taken from %(first)s to %(last)s.", first=words.day(start), last=words.day(end)))
        else:
            found.append(gettext("Taken until %(day)s.", day=words.day(end)))
    free = cards.day_of(shown.get("free_from"))
    if not found and free and free > database.today():
        found.append(gettext("Taken at first; free from %(day)s.", day=words.day(free)))
    return found


def same_question(endpoint: str) -> str:
    """The address of another form with the question of this one: which spaces, which kind."""
    return f"{url_for(endpoint)}?{request.query_string.decode(errors='replace')}"


def offered_kinds() -> list[PermitKind]:
    """The kinds of permit that groups may ask for."""
    return [each for each in kinds(database.settings().permit_kinds) if each.is_offered]


def chosen_kind(name: str) -> PermitKind | None:
    """The kind of a name, or the only one; None where several are offered and none of them is named."""
    offered = offered_kinds()
    if len(offered) == 1:
        return offered[0]
    return next((each for each in offered if each.name == name), None)
