"""What those who speak for spaces know of groups that look: mediators by their mandates, owners of what is theirs.

They know a question as others than the office do (``publication.needs.coarse``), and every answer is made of that and
of what everybody reads of the space. How many groups there are is told in steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from tempuse import matching
from tempuse.access import Actor, check_allowed, is_allowed
from tempuse.emails import tidy_email
from tempuse.errors import NotFound, WrongState
from tempuse.matching.functions import FULL
from tempuse.needs import wanted_of
from tempuse.offers import Offers
from tempuse.publication.needs import Sought, coarse, in_steps, told_partners
from tempuse.registry.mandates import mandated, mandates_of
from tempuse.registry.needs.keeping import keep_proposed
from tempuse.registry.needs.telling import tell_group, was_told
from tempuse.registry.publishing import publisher
from tempuse.store import buildings, needs, organisations, people, permits, published
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission
from tempuse.wanted import KEYS, Wanted

# More spaces than anybody looks through.
MOST_SPACES = 2000


@dataclass(frozen=True, slots=True)
class Asking:
    """The groups that look today, each with its question as others may know it."""

    sought: list[Sought]
    wanted: list[Wanted]


@dataclass(frozen=True, slots=True)
class KnownNeed:
    """One group that could use a space, as far as this reader may know it.

    Attributes:
        need_ref: of what it looks for.
        shown: as ``publication.needs.told_partners``.
        tier: FITS or ASK.
        was_told: a letter told it of the space already.
    """

    need_ref: str
    shown: Mapping[str, Any]
    tier: int
    was_told: bool


@dataclass(frozen=True, slots=True)
class Seekers:
    """Who could use a space.

    Attributes:
        least: at least so many groups, 0 for too few to be told.
        told: those of them that this reader may know of, what fits first, then the earliest.
        more: by must, at least how many more groups could use it if that were otherwise; what is told only.
    """

    least: int
    told: list[KnownNeed]
    more: dict[str, int]


def spaces_of(con: Connection, actor: Actor, now: datetime) -> dict[str, bool]:
    """The spaces that somebody speaks for, each with whether it is as a mediator.

    A mediator speaks for the spaces of its mandates that run, an owner for those that its organisation gives out and
    for those of whose owner the office noted their own address; each for what lies within them as well.
    """
    check_allowed(actor, Permission.MY_READ)
    person = people.find_one(con, str(actor.person_ref))
    if person is None:
        return {}
    parts = [each.organisation_ref for each in organisations.parts_of(con, person.ref) if each.confirmed_at]
    owned = {*permits.granted_by(con, parts), *buildings.owned_by(con, tidy_email(person.email))}
    today = get_settings(con).today(now)
    mediated = {ref for each in mandates_of(con, actor, today) for ref in each.space_refs}
    found = dict.fromkeys([*owned, *buildings.units_within(con, owned)], False)
    found |= dict.fromkeys([*mediated, *buildings.units_within(con, mediated)], True)
    return dict(sorted(found.items(), key=lambda pair: (len(pair[0]), pair[0]))[:MOST_SPACES])


def asking(con: Connection, now: datetime) -> Asking:
    """What is looked for today, whoever may know of it: it is counted."""
    settings = get_settings(con)
    refs = [need.ref for batch in needs.looking(con, settings, settings.today(now)) for need in batch]
    known = [(each, wanted_of(each.need)) for each in needs.sought(con, refs)]
    clear = [(each, wanted) for each, (wanted, unclear) in known if not unclear]
    return Asking([each for each, _ in clear], [coarse(wanted) for _, wanted in clear])


def counts(con: Connection, offers: Offers, these: Asking, now: datetime) -> list[int]:
    """By space, at least how many groups could use it; 0 for too few to be told."""
    settings = get_settings(con)
    columns = matching.wants(these.wanted, settings.today(now), matching.scale_of(settings))
    rows = matching.sweep(offers, columns).rows
    return [in_steps(count) for count in np.bincount(rows, minlength=len(offers)).tolist()]


def seekers(con: Connection, actor: Actor, space_ref: str, offer: Offers, now: datetime) -> Seekers:
    """Who could use a space that somebody speaks for.

    Args:
        con: any connection.
        actor: whoever speaks for it.
        space_ref: which space.
        offer: the same, alone, as everybody knows it.
        now: the instant.

    Raises:
        NotFound: they do not speak for it.
    """
    mine = spaces_of(con, actor, now)
    if space_ref not in mine:
        raise NotFound("space.not_found", ref=space_ref)
    these, rule = asking(con, now), publisher(con, now)
    judged = matching.judge_needs(offer, matching.wants(these.wanted, rule.today, matching.scale_of(rule.settings)))
    listed = np.flatnonzero(judged.tier != matching.NEAR).tolist()
    told = []
    for pick in listed:
        sought = these.sought[pick]
        shown = told_partners(rule, sought, named=mine[space_ref])
        if shown is not None:
            known = was_told(con, sought.need.ref, space_ref)
            told.append(KnownNeed(sought.need.ref, shown, int(judged.tier[pick]), known))
    told.sort(key=lambda each: (each.tier, str(each.shown.get("opened_on", "")), each.need_ref))
    fails = judged.asked & judged.musts & (judged.hi < FULL)
    single = fails[:, fails.sum(0) == 1].sum(1)
    more = {KEYS[key]: least for key in np.argsort(-single, kind="stable") if (least := in_steps(int(single[key])))}
    return Seekers(in_steps(len(listed)), told, more)


def may_suggest(con: Connection, actor: Actor, space_ref: str, now: datetime) -> bool:
    """Whether somebody finds users for a space by a mandate that lets them fill in requests."""
    found = mandated(con, [space_ref], get_settings(con).today(now), "may_propose")
    return is_allowed(actor, Permission.PERMIT_PROPOSE, found)


def suggest_space(con: Connection, actor: Actor, need_ref: str, space_ref: str, now: datetime) -> None:
    """Tell a group of a space of a mandate by letter, once, with what everybody reads of it; who it is stays hidden.

    Args:
        con: an idle connection.
        actor: a contact of the mediator.
        need_ref: what the group looks for.
        space_ref: which space.
        now: the instant.

    Raises:
        NotAllowed: no mandate of theirs over the space lets them.
        NotFound: there is no such need that they may know of, or the public sees no such space.
        WrongState: nobody looks any more.
    """
    found = mandated(con, [space_ref], get_settings(con).today(now), "may_propose")
    con.rollback()
    check_allowed(actor, Permission.PERMIT_PROPOSE, found)
    with writing(con):
        need = needs.lock(con, need_ref)
        (sought,) = needs.sought(con, [need_ref])
        if told_partners(publisher(con, now), sought, named=True) is None:
            raise WrongState("need.not_open", ref=need_ref)
        if published.feature(con, "spaces", space_ref) is None:
            raise NotFound("space.not_found", ref=space_ref)
        if was_told(con, need_ref, space_ref):
            return
        told = {"space_ref": [None, space_ref]}
        add_event(con, actor, now, "need", need_ref, "propose", status=need.status, changes=told)
        keep_proposed(con, actor, need, space_ref, now)
        mediators = sorted(found.mediator_refs)
        by = next((each.name for ref in mediators if (each := organisations.find_one(con, ref))), "")
        tell_group(con, need, "need_proposed", now, event=space_ref, refs={"space": space_ref, "by": by})
