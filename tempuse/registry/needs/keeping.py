"""How well a space fits what somebody looks for is kept with what comes of it: a request, or a suggestion."""

from __future__ import annotations

from datetime import datetime

import orjson

from tempuse import matching, questions
from tempuse.access import Actor
from tempuse.mapindex import empty_index
from tempuse.matches import SAID, Match, blank, digest
from tempuse.needs import Need, wanted_of
from tempuse.registry.blanking import blank_events
from tempuse.store import matches, needs, published
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection
from tempuse.vocabulary import MatchBecause
from tempuse.wanted import Wanted


def keep_match(
    con: Connection, actor: Actor, space_ref: str, wanted: Wanted, because: MatchBecause, now: datetime, *,
    permit_ref: str | None = None, need_ref: str | None = None,
) -> Match | None:  # fmt: skip
    """Keep how well a space fits a question now, as everybody sees the space; within a writing transaction.

    Args:
        con: the connection.
        actor: who asks, or suggests.
        space_ref: which space.
        wanted: the question.
        because: why it is kept.
        now: the instant.
        permit_ref: the request that begins with it.
        need_ref: the need that asks it.

    Returns:
        What was kept; None where nothing is asked, or nobody may ask for the space today.
    """
    text = published.feature(con, "spaces", space_ref)
    if wanted.is_empty or text is None:
        return None
    settings = get_settings(con)
    today = settings.today(now)
    offers = empty_index(today).changed([published.index_rows_of(con, [space_ref])], (), 0).offers
    if not len(offers):
        return None
    kept, shown = matching.keep(offers, wanted, today, matching.scale_of(settings)), orjson.loads(text)["properties"]
    kept.ref, kept.space_ref, kept.made_at = next_refs(con, "match")[0], space_ref, now
    kept.permit_ref, kept.need_ref, kept.because = permit_ref, need_ref, because.value
    kept.facts = {name: shown[name] for name in SAID if name in shown}
    kept.sha256 = digest(kept)
    matches.add(con, kept)
    told = {name: [None, ref] for name, ref in (("permit_ref", permit_ref), ("need_ref", need_ref)) if ref}
    add_event(con, actor, now, "match", kept.ref, "keep", changes=told)
    return kept


def keep_requested(
    con: Connection, actor: Actor, space_refs: tuple[str, ...], wanted: Wanted, now: datetime, *, permit_ref: str,
    initiative_ref: str | None,
) -> None:  # fmt: skip
    """Keep how well the spaces of a request fit the question that it began with, within its transaction.

    Where the group that asks has a need that asks the same, the match is its, too.
    """
    need_ref = needs.asking(con, initiative_ref, questions.text_of(wanted)) if initiative_ref else None
    for space_ref in space_refs:
        keep_match(con, actor, space_ref, wanted, MatchBecause.REQUESTED, now, permit_ref=permit_ref, need_ref=need_ref)


def keep_proposed(con: Connection, actor: Actor, need: Need, space_ref: str, now: datetime) -> None:
    """Keep how well a space fits a need to whose group it is suggested, within that transaction."""
    wanted, unclear = wanted_of(need)
    if not unclear:
        keep_match(con, actor, space_ref, wanted, MatchBecause.PROPOSED, now, need_ref=need.ref)


def blank_matches(con: Connection, kept: list[Match], by: str) -> None:
    """Take out of kept matches what tells near whom somebody wanted to be, and who asked; within a transaction.

    Args:
        con: the connection.
        kept: which.
        by: stands where a name stood.
    """
    for each in kept:
        blank(each)
        matches.save(con, each)
        blank_events(con, "match", each.ref, by)
