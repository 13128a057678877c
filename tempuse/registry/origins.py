"""Where the rows of each collection of ``publication.COLLECTIONS`` come from: none is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tempuse import refs
from tempuse.publication import COLLECTIONS, Collection, Published, Publisher
from tempuse.publication.needs import publish_need
from tempuse.publication.stretches import NOT_USED
from tempuse.publication.uses import publish_use
from tempuse.spaces import Space
from tempuse.store import buildings, needs, permits, pictures, published, spaces, uses
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.store.records import Records
from tempuse.store.tables import NOUNS
from tempuse.vocabulary import Consent, SpaceStatus

# By ref what the public should see of some things; None of those of which it should see nothing.
Right = dict[str, Published | None]


def _never(con: Connection, now: datetime) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rows of one collection come from.

    Attributes:
        some: what the public should see of the things of these refs.
        every: the same of all things there are, in batches.
        count: how many things there are.
        tells_of: by noun, the refs of things of this collection whose rows tell of the things of these refs, too.
        due: the refs of things that the calendar lets the public see, though no row of theirs says when.
    """

    some: Callable[[Connection, Publisher, Sequence[str]], Right]
    every: Callable[[Connection, Publisher], Iterator[Right]]
    count: Callable[[Connection], int]
    tells_of: Mapping[str, Callable[[Connection, Sequence[str]], list[str]]] = field(default_factory=dict)
    due: Callable[[Connection, datetime], list[str]] = _never


def _right_of_spaces(con: Connection, rule: Publisher, batch: Sequence[tuple[int, Space]]) -> Right:
    past = spaces.periods_of_many(con, [space.ref for _, space in batch])
    within = buildings.of_units(con, (space for _, space in batch))
    used = uses.used_of(con, rule, batch)
    seen = pictures.looked_at(con, [space.ref for _, space in batch])
    return {
        space.ref: rule.publish(
            space, past.get(space.ref), within.get(space.within_ref or ""), used.get(space.ref, NOT_USED),
            seen.get(space.ref, ()),
        )
        for _, space in batch
    }  # fmt: skip


def _some_spaces(con: Connection, rule: Publisher, these: Sequence[str]) -> Right:
    return _right_of_spaces(con, rule, spaces.numbered(con, these))


def _every_space(con: Connection, rule: Publisher) -> Iterator[Right]:
    return (_right_of_spaces(con, rule, batch) for batch in spaces.walk(con))


def _after_their_notice(con: Connection, now: datetime) -> list[str]:
    """The spaces whose owners had their time to say no."""
    settings = get_settings(con)
    if settings.private_rule != "objection":
        return []
    last_day = settings.today(now) - timedelta(days=settings.objection_days)
    both = settings.publish_from == SpaceStatus.VERIFIED
    statuses = [SpaceStatus.OFFERED, SpaceStatus.VERIFIED] if both else [SpaceStatus.OFFERED]
    return published.unseen(con, statuses, Consent.NOTIFIED, last_day)


def _beside_spaces(con: Connection, these: Sequence[str]) -> list[str]:
    """A unit names its building, and each space of a use that use, only while the public knows the place of both."""
    return [*buildings.units_within(con, these), *uses.beside(con, these)]


def _some_uses(con: Connection, rule: Publisher, these: Sequence[str]) -> Right:
    return dict.fromkeys(these) | {use.permit.ref: publish_use(rule, use) for use in uses.by_refs(con, these)}


def _every_use(con: Connection, rule: Publisher) -> Iterator[Right]:
    for these, found in uses.walk(con):
        yield dict.fromkeys(these) | {use.permit.ref: publish_use(rule, use) for use in found}


def _some_needs(con: Connection, rule: Publisher, these: Sequence[str]) -> Right:
    return dict.fromkeys(these) | {each.need.ref: publish_need(rule, each) for each in needs.sought(con, these)}


def _every_need(con: Connection, rule: Publisher) -> Iterator[Right]:
    for found in needs.walk_sought(con):
        yield {each.need.ref: publish_need(rule, each) for each in found}


def _plain(collection: Collection, publish: Callable[[Any], Published | None]) -> Origin:
    """Each record makes its own row, and nothing else does."""
    rows = Records(NOUNS[collection.noun], refs.NOUNS[collection.noun], collection.noun)

    def right(batch: Iterable[tuple[int, Any]]) -> Right:
        return {record.ref: publish(record) for _, record in batch}

    return Origin(
        some=lambda con, rule, these: right(rows.numbered(con, rows.table.c.ref.in_(these))),
        every=lambda con, rule: map(right, rows.walk(con)), count=rows.count,
    )  # fmt: skip


ORIGINS: dict[str, Origin] = {
    "spaces": Origin(
        _some_spaces, _every_space, lambda con: spaces.count(con, spaces.SpaceFilter()),
        tells_of={"space": _beside_spaces, "permit": uses.spaces_of}, due=_after_their_notice,
    ),
    "uses": Origin(
        _some_uses, _every_use, permits.count, tells_of={"space": uses.of_spaces, "organisation": uses.of_holders},
    ),
    "needs": Origin(_some_needs, _every_need, needs.count, tells_of={"organisation": needs.of_initiatives}),
    **{each.name: _plain(each, each.publish) for each in COLLECTIONS.values() if each.publish is not None},
}  # fmt: skip
