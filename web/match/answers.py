"""The ranked answer to a question: cards with their reasons, what nearly fits, and what each must hides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask_babel import gettext, ngettext

from tempuse import matching
from tempuse.geometry import Box
from tempuse.mapindex import MapIndex
from tempuse.matching import NearMiss, Ranking, Reason
from tempuse.offers import Offers
from tempuse.store import published
from tempuse.wanted import Wanted
from web import database, words
from web.asking.spaces import can_be_asked
from web.map import index
from web.match import changes, sentences, wording
from web.match.question import MatchQuestion, address
from web.presenters import cards, pictures
from web.site import arguments

PAGE = 20
MOST_NEAR = 8
# Reasons that are met stand folded after so many.
UNFOLDED = 3


@dataclass(frozen=True, slots=True)
class SaidReason:
    """One reason: what it is about, in how far it is met (thousandths, certain and possible), and in words."""

    key: str
    label: str
    state: str
    lo: int
    hi: int
    words: str


@dataclass(frozen=True, slots=True)
class MatchCard:
    """One space of the list.

    Attributes:
        number: its place in the list.
        tier: ``fits`` or ``ask``.
        shown: the published feature's properties.
        verdict: "All six fit", in words.
        reasons: the most important first; ``folded`` those that are met and stand behind.
        unknown: what to ask about, as keys and labels.
    """

    number: int
    tier: str
    shown: cards.Properties
    verdict: str
    reasons: Sequence[SaidReason]
    folded: Sequence[SaidReason]
    unknown: Sequence[tuple[str, str]]

    @property
    def folded_words(self) -> str:
        """One more that fits."""
        count = len(self.folded)
        said = ngettext("%(n)s more that fits", "%(n)s more that fit", count, n=words.spelled(count))
        return said[:1].upper() + said[1:]

    ref = property(lambda self: self.shown["ref"])
    title = property(lambda self: cards.title(self.shown))
    state = property(lambda self: cards.state(self.shown))
    meta = property(lambda self: cards.meta(self.shown))
    outlook = property(lambda self: cards.outlook(self.shown))
    picture = property(lambda self: pictures.first(self.shown))
    askable = property(lambda self: can_be_asked(self.shown))


@dataclass(frozen=True, slots=True)
class NearCard:
    """A space that misses by little: what would have to give way, and the question that it then fits."""

    shown: cards.Properties
    changes: Sequence[str]
    address: str

    ref = property(lambda self: self.shown["ref"])
    title = property(lambda self: cards.title(self.shown))
    meta = property(lambda self: cards.meta(self.shown))


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What one must hides: in words, how many, and the address without it."""

    words: str
    count: int
    address: str


@dataclass(slots=True)
class MatchAnswer:
    """Everything that the page shows."""

    question: MatchQuestion
    ranking: Ranking
    cards: Sequence[MatchCard]
    near: Sequence[NearCard]
    marks: Sequence[dict[str, Any]]
    box: Box | None

    @property
    def total(self) -> int:
        """How many spaces are listed, over all pages."""
        return self.ranking.fits + self.ranking.asks

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return arguments.pages(self.total, PAGE)

    @property
    def heading(self) -> str:
        """Two spaces can work for you."""
        if not self.total:
            return gettext("No space fits yet")
        number = words.spelled(self.total)
        said = ngettext("%(n)s space can work for you", "%(n)s spaces can work for you", self.total, n=number)
        return said[:1].upper() + said[1:]

    @property
    def tally(self) -> str:
        """How many fit and how many are to be asked about."""
        fits, asks = self.ranking.fits, self.ranking.asks
        said = []
        if fits:
            said.append(ngettext("%(n)s fits", "%(n)s fit", fits, n=words.spelled(fits)))
        if asks:
            number = words.spelled(asks)
            said.append(ngettext("of %(n)s something is not known", "of %(n)s something is not known", asks, n=number))
        line = gettext("; ").join(said)
        return f"{line[:1].upper()}{line[1:]}." if line else ""

    @property
    def relaxed(self) -> list[Relaxed]:
        """What each must hides, the most first; what nobody is told to do without is only counted."""
        found = [
            Relaxed(changes.without(self.question.wanted, key), count, address(self.question.wanted.without(key)))
            for key, count in sorted(self.ranking.hides.items(), key=lambda pair: -pair[1])
            if count and changes.may_be_offered(key)
        ]
        return found[:4]

    @property
    def failing(self) -> str:
        """Why nothing fits: what no space has together."""
        keys = self.ranking.failing
        if not keys or self.total:
            return ""
        asked = words.several([wording.asked(self.question.wanted, key) for key in keys])
        if len(keys) == 1:
            return gettext("No space that can be had has this: %(what)s.", what=asked)
        key, count = max(self.ranking.lost.items(), key=lambda pair: pair[1])
        most = gettext(
            "Most are lost by %(what)s: %(n)s.", what=words.lower_first(wording.label(key)), n=words.figure(count)
        )
        return f"{gettext('No space has all of this: %(what)s.', what=asked)} {most}"


def answer(question: MatchQuestion) -> MatchAnswer:
    """Rank every space that may be asked for, and fetch the texts of one page."""
    held = index.current()
    offers, today = held.offers, database.today()
    ranking = matching.rank(
        offers,
        question.wanted,
        today,
        database.scale(),
        count=PAGE,
        offset=(question.page - 1) * PAGE,
        most_near=MOST_NEAR,
    )
    near_rows = np.array([each.row for each in ranking.near], np.int64)
    every = np.concatenate([ranking.rows, near_rows])
    shown = features(held, offers, every)
    places = {shown[row]["ref"]: int(held.offer_rows[row]) for row in every.tolist() if row in shown}
    first = (question.page - 1) * PAGE + 1
    listed = [
        card(offers, int(row), question.wanted, shown[int(row)], first + place, "ask" if tier else "fits")
        for place, (row, tier) in enumerate(zip(ranking.rows, ranking.tiers, strict=True))
        if int(row) in shown
    ]
    near = [_near(question.wanted, each, shown[each.row]) for each in ranking.near if each.row in shown]
    marks = [*(_mark(held, places[each.ref], each.shown, each.number, each.tier) for each in listed),
             *(_mark(held, places[each.ref], each.shown, 0, "near") for each in near)]  # fmt: skip
    placed = [each for each in marks if each]
    return MatchAnswer(question, ranking, listed, near, placed, _box(held, offers, ranking.rows, near_rows))


def features(held: MapIndex, offers: Offers, rows: Any) -> dict[int, cards.Properties]:
    """What is published of some offers, by their places."""
    keys = held.key[held.offer_rows[rows]].tolist()
    texts = published.features(database.connection(), keys)
    return {
        int(row): cards.of_feature(texts[key]) for row, key in zip(rows.tolist(), keys, strict=True) if key in texts
    }


def card(offers: Offers, row: int, wanted: Wanted, shown: cards.Properties, number: int, tier: str) -> MatchCard:
    """One space with its reasons."""
    told = reasons_of(offers, row, wanted, shown)
    open_ones = [each for each in told if each.state != "met"]
    met = [each for each in told if each.state == "met"]
    room = max(UNFOLDED + len(open_ones), 6) - len(open_ones)
    kept = set(map(id, [*open_ones, *met[:room]]))
    return MatchCard(
        number, tier, shown, verdict(told), [each for each in told if id(each) in kept],
        [each for each in told if id(each) not in kept],
        [(each.key, each.label) for each in told if each.state == "open"],
    )  # fmt: skip


def reasons_of(offers: Offers, row: int, wanted: Wanted, shown: cards.Properties) -> list[SaidReason]:
    """Why one space fits or does not, in words."""
    found = matching.reasons(offers, row, wanted, database.today(), database.scale())
    return [tell(shown, wanted, each) for each in found]


def tell(shown: cards.Properties, wanted: Wanted, reason: Reason) -> SaidReason:
    """A reason with its words."""
    said = sentences.say(shown, wanted, reason)
    return SaidReason(reason.key, wording.label(reason.key), reason.state, reason.lo, reason.hi, said)


def verdict(told: Sequence[SaidReason]) -> str:
    """Four of six fit. One is half there, one is not known."""
    count = {state: sum(each.state == state for each in told) for state in ("met", "partly", "open", "not")}
    whole = len(told)
    if not whole:
        return ""
    if count["met"] == whole:
        return gettext("It fits") if whole == 1 else gettext("All %(n)s fit", n=words.spelled(whole))
    first = gettext("%(met)s of %(all)s fit.", met=words.spelled(count["met"]), all=words.spelled(whole))
    rest = []
    if n := count["partly"]:
        rest.append(ngettext("%(n)s is half there", "%(n)s are half there", n, n=words.spelled(n)))
    if n := count["open"]:
        rest.append(ngettext("%(n)s is not known", "%(n)s are not known", n, n=words.spelled(n)))
    if n := count["not"]:
        rest.append(ngettext("%(n)s does not fit", "%(n)s do not fit", n, n=words.spelled(n)))
    line = ", ".join(rest)
    return f"{first[:1].upper()}{first[1:]} {line[:1].upper()}{line[1:]}."


def _near(wanted: Wanted, miss: NearMiss, shown: cards.Properties) -> NearCard:
    return NearCard(shown, changes.told(wanted, miss), address(miss.wanted))


def _mark(held: MapIndex, row: int, shown: cards.Properties, number: int, tier: str) -> dict[str, Any]:
    """What the map draws of a listed space at a row of the index; nothing where nobody may know the place."""
    if held.lon[row] != held.lon[row]:
        return {}
    return {
        "ref": shown["ref"], "x": float(held.x[row]), "y": float(held.y[row]), "kind": shown["kind"],
        "outlook": cards.outlook(shown), "name": cards.title(shown), "state": cards.state(shown),
        "level": shown["location_level"], "cell": shown["geometry"], "number": number, "tier": tier,
    }  # fmt: skip


def _box(held: MapIndex, offers: Offers, rows: Any, near: Any) -> Box | None:
    """The box of what is listed, else of what nearly fits."""
    for some in (rows, near):
        lon, lat = offers.lon[some], offers.lat[some]
        known = np.isfinite(lon)
        if known.any():
            lon, lat = lon[known], lat[known]
            return Box(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    return None


def one(question: MatchQuestion, ref: str) -> MatchCard | None:
    """All reasons for one named space, also one that is not listed; None where it is none that may be asked for."""
    held = index.current()
    row = held.row_of(ref)
    at = np.flatnonzero(held.offer_rows == row).tolist() if row >= 0 else []
    if not at:
        return None
    place, offers = at[0], held.offers
    shown = features(held, offers, np.array([place], np.int64)).get(place)
    if shown is None:
        return None
    alone = offers.take(np.array([place]))
    (tier,) = matching.judge(alone, question.wanted, database.today(), database.scale()).tier.tolist()
    return card(offers, place, question.wanted, shown, 0, ("fits", "ask", "near")[tier])
