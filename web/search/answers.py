"""From a seeker's question to what the list shows: rows, numbers, and what nearly fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from flask import url_for
from flask_babel import gettext, lazy_gettext

from tempuse import questions
from tempuse.mapindex import Filter, MapIndex, View
from tempuse.mapindex.filters import PARTS
from tempuse.store import published
from tempuse.vocabulary import Facility
from web import database, words
from web.map import elsewhere, folium_map, index
from web.match.question import address, from_filter
from web.presenters import cards, examples
from web.search import chips, query, unread
from web.site import arguments

PAGE = 30


@dataclass(frozen=True, slots=True)
class Nearly:
    """What the filter would give without one of its parts."""

    total: int
    words: str
    wanted: Filter
    in_box: bool = True


@dataclass(slots=True)
class Answer:
    """What the map and the list show, from one question."""

    question: query.Question
    view: View
    index: MapIndex
    order: str
    rows: list[cards.Card] = field(default_factory=list)
    placeless: int = 0
    nearly: Nearly | None = None

    @property
    def total(self) -> int:
        """How many spaces the filter keeps in the box."""
        return len(self.view.rows)

    @property
    def free(self) -> int:
        """How many of them are free now or soon."""
        return self.view.counts["all"]["free"]

    @property
    def said(self) -> list[str]:
        """What in the address nobody understands, a sentence each."""
        return unread.sentences(self.question.unread)

    @property
    def pages(self) -> int:
        """How many pages the list has."""
        return arguments.pages(self.total, PAGE)

    @property
    def whole_pages(self) -> int:
        """How many pages are given at once for paper: all, unless they are very many."""
        return min(self.pages, query.MOST_AGAIN)

    @property
    def has_more(self) -> bool:
        """Whether the list goes on."""
        return self.question.page < self.pages

    @property
    def heading(self) -> str:
        """35 spaces with water."""
        if not self.total:
            return gettext("No space fits yet")
        return chips.heading(self.question.wanted, self.total)

    @property
    def is_filtered(self) -> bool:
        """Whether something is asked for."""
        return bool(query.pairs(self.question.wanted))

    @property
    def orders(self) -> list[tuple[str, str]]:
        """In which orders the list can stand, with their words."""
        return list(chips.order_words().items())

    @property
    def asked(self) -> int:
        """How many things the filter asks beside what stands by itself on a phone."""
        return sum(pair != ("free", "now") and pair[0] != "q" for pair in query.pairs(self.question.wanted))

    @property
    def ranked(self) -> str:
        """The address at which what the filter asks is a question: every space that fits, ranked, with the reasons."""
        return url_for("public.match") + address(questions.read(from_filter(self.question.wanted))[0])

    @property
    def no_filter(self) -> Filter:
        """The filter that asks nothing."""
        return Filter()

    @property
    def held(self) -> list[tuple[str, str]]:
        """What the forms of the page carry along: the filter as it is, the order, and where the map looks."""
        beside = (("sort", self.question.order), ("map", self.question.viewport))
        return [*query.pairs(self.question.wanted), *(pair for pair in beside if pair[1])]

    @property
    def chips(self) -> chips.Chips:
        """The chips with what each would give."""
        return chips.build(self.question, self.view, self.index)


def answer(question: query.Question, *, only_placeless: bool = False, order: str = "free") -> Answer:
    """Ask the map index, and fetch the texts of one page of the list.

    Args:
        question: what is asked.
        only_placeless: only spaces without a place on the map.
        order: in which the list stands where the question says none.
    """
    held = index.current()
    view = held.view(question.box, question.wanted)
    if question.box is None:  # who names no part of the map asks for this town
        view = View(np.setdiff1d(view.rows, elsewhere.rows(), assume_unique=True), view.counts)
    if only_placeless:
        view = View(view.rows[np.isnan(held.lon[view.rows])], view.counts)
    found = Answer(question, view, held, question.order or order)
    found.rows = _rows(found)
    if question.box is not None:
        found.placeless = len(held.without_place(question.wanted))
    if not found.total:
        found.nearly = _nearly(question, held)
    return found


def _rows(found: Answer) -> list[cards.Card]:
    held, question, view = found.index, found.question, found.view
    offset, count = (question.first - 1) * PAGE, (question.page - question.first + 1) * PAGE
    here = question.here() or folium_map.start(held).centre
    rows = _with_chosen(found, held.page(view.rows, found.order, here, count, offset))
    keys = held.key[rows].tolist()
    texts = published.features(database.connection(), keys)
    others = elsewhere.rows()
    return cards.told_apart([
        cards.row(
            cards.of_feature(texts[key]),
            float(held.lon[row]),
            float(held.lat[row]),
            examples.state() if row in others else "",
        )
        for row, key in zip(rows.tolist(), keys, strict=True)
        if key in texts
    ])  # fmt: skip


def _with_chosen(found: Answer, rows: Any) -> Any:
    """The chosen space stands on the first page, before all others when it would stand on a later one."""
    if not found.question.chosen:
        return rows
    chosen = found.index.row_of(found.question.chosen)
    at = int(np.searchsorted(found.view.rows, chosen))
    if chosen < 0 or at >= found.total or found.view.rows[at] != chosen:
        return rows
    if found.question.first > 1:
        return rows[rows != chosen]
    return rows if chosen in rows else np.concatenate([[chosen], rows])


def _nearly(question: query.Question, held: MapIndex) -> Nearly | None:
    """The one part of the filter that hides most."""
    wanted = question.wanted
    if question.box is not None and (elsewhere := len(held.view(None, wanted).rows)):
        return Nearly(elsewhere, gettext("do elsewhere on the map"), wanted, in_box=False)
    offers = [
        Nearly(total, said, without)
        for said, without in [*_without_a_part(wanted), (gettext("are there without the filter"), Filter())]
        if (total := len(held.view(question.box, without).rows))
    ]
    # What leaves the filter out altogether is the last to be offered.
    return max(offers[:-1] or offers, key=lambda each: each.total, default=None)


def _without_a_part(wanted: Filter) -> Iterator[tuple[str, Filter]]:
    """What each part of a filter hides, in words, and the filter without it."""
    for each in Facility:
        if each in wanted.facilities:
            said = (
                gettext("have a step, or nobody has looked")
                if each == Facility.STEP_FREE_ACCESS
                else gettext("do without %(thing)s", thing=words.in_sentence(each))
            )
            yield said, replace(wanted, facilities=wanted.facilities - {each})
    for hidden in dict.fromkeys(WITHOUT.values()):
        parts = [PARTS[name] for name, each in WITHOUT.items() if each is hidden]
        if any(part.is_asked(wanted) for part in parts):
            yield str(hidden), replace(wanted, **{part.field: part.nothing for part in parts})


_AT_ANOTHER_TIME = lazy_gettext("do at another time")
# By part, what it hides; parts with the same words go together. Of facilities each is told by itself.
WITHOUT = {
    "kind": lazy_gettext("of another kind do"), "use": lazy_gettext("for another use do"),
    "size": lazy_gettext("of another size do"), "outlook": lazy_gettext("in another state do"),
    "free": _AT_ANOTHER_TIME, "from": _AT_ANOTHER_TIME, "district": lazy_gettext("do in other districts"),
    "q": lazy_gettext("of another name or street do"),
}  # fmt: skip
