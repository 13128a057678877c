"""The filter as chips: each says what you get if you press it; and the filter in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flask_babel import gettext, ngettext

from tempuse.mapindex import Filter, MapIndex, View
from tempuse.mapindex.filters import CHIPS, MONTHS, PARTS, SIZES_M2
from tempuse.vocabulary import Facility, SpaceKind, UseCategory
from web import words
from web.search import query


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing to press: ``key`` is group and value, ``number`` what it would give."""

    key: str
    words: str
    number: int | None
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class ChipList:
    """A chip with a caret: it opens a list of choices."""

    key: str
    label: str
    words: str
    chips: list[Chip] = field(default_factory=list)

    @property
    def is_on(self) -> bool:
        """Whether something in the list is chosen."""
        return any(chip.is_on for chip in self.chips)


@dataclass(frozen=True, slots=True)
class Chips:
    """Everything on top of the map, in the order of the picture."""

    kinds: list[Chip]
    lists: list[ChipList]
    facilities: list[Chip]
    states: list[Chip]
    extras: list[Chip]
    free_now: Chip


def build(question: query.Question, view: View, index: MapIndex) -> Chips:
    """The chips for an answer of the map index."""
    wanted, counts = question.wanted, view.counts
    free = _free(wanted, counts["free"])
    return Chips(
        kinds=[
            Chip(f"kind:{kind}", gettext(kind.label), counts["kind"][kind], kind in wanted.kinds) for kind in SpaceKind
        ],
        lists=[
            _list("use", gettext("Use"), gettext("Any use"), _uses(question, view, index)),
            _list("size", gettext("Size"), gettext("Any size"), _sizes(wanted, counts["size"])),
            _list("free", gettext("Free from"), gettext("Free from"), free),
        ],
        facilities=[
            Chip(f"has:{each}", gettext(each.label), counts["has"][each], each in wanted.facilities) for each in CHIPS
        ],
        states=[
            Chip(f"outlook:{each}", label, counts["outlook"][each], each in wanted.outlooks)
            for each, label in outlook_words().items()
        ],
        extras=list(_extras(wanted, len(view.rows))),
        free_now=replace(free[0], words=gettext("Free now")),
    )


def _list(key: str, label: str, any_words: str, chips: list[Chip]) -> ChipList:
    chosen = [chip.words for chip in chips if chip.is_on]
    if len(chosen) > 2:
        chosen = [gettext("%(label)s: %(num)s chosen", label=label, num=words.figure(len(chosen)))]
    if chosen and key == "free":
        chosen = [gettext("Free: %(when)s", when=chosen[0])]
    return ChipList(key, label, ", ".join(chosen) or any_words, chips)


def _uses(question: query.Question, view: View, index: MapIndex) -> list[Chip]:
    wanted, rows = question.wanted, view.rows
    if wanted.uses:
        rows = index.view(question.box, replace(wanted, uses=frozenset())).rows
    counts = index.use_counts(rows)
    return [Chip(f"use:{use}", gettext(use.label), counts[use], use in wanted.uses) for use in UseCategory]


def size_words(index: int) -> str:
    """The words of one of the sizes to choose from."""
    if index == 0:
        return gettext("Up to %(high)s m²", high=words.figure(SIZES_M2[0]))
    if index == len(SIZES_M2):
        return gettext("Over %(low)s m²", low=words.figure(SIZES_M2[-1]))
    return gettext("%(low)s to %(high)s m²", low=words.figure(SIZES_M2[index - 1]), high=words.figure(SIZES_M2[index]))


def _sizes(wanted: Filter, counts: dict[str, int]) -> list[Chip]:
    return [Chip(f"size:{i}", size_words(i), counts[str(i)], i in wanted.sizes) for i in range(len(SIZES_M2) + 1)]


def free_words(months: int) -> str:
    """The words of one of the times to choose from."""
    if months == 0:
        return gettext("Now")
    return ngettext("Within %(num)s month", "Within %(num)s months", months)


def _free(wanted: Filter, counts: dict[str, int]) -> list[Chip]:
    return [
        Chip(f"free:{month or 'now'}", free_words(month), counts[str(i)], wanted.free_within == i)
        for i, month in enumerate(MONTHS)
    ]


def _extras(wanted: Filter, total: int) -> Iterator[Chip]:
    """What the list of all spaces can ask and the map has no chip for: shown while it is on."""
    for each in Facility:
        if each in wanted.facilities and each not in CHIPS:
            yield Chip(f"has:{each}", gettext(each.label), total, True)
    if wanted.free_by is not None:
        yield Chip("from:", gettext("Free by %(day)s", day=words.day(wanted.free_by)), total, True)
    if wanted.district:
        yield Chip("district:", query.district_name(wanted.district), total, True)


def outlook_words() -> dict[str, str]:
    """The words of the three states of the map."""
    return {
        "free": gettext("Free now or soon"),
        "used": gettext("In temporary use"),
        "shut": gettext("Not available"),
    }


def order_words() -> dict[str, str]:
    """The words of the orders of a list."""
    return {
        "free": gettext("Free first, then nearest to the middle"),
        "near": gettext("Nearest to the middle first"),
        "soon": gettext("Free soonest first"),
        "small": gettext("Smallest first"),
        "large": gettext("Largest first"),
        "cheap": gettext("Cheapest first"),
        "new": gettext("Newest first"),
    }


def heading(wanted: Filter, total: int) -> str:
    """The heading of the list: 35 spaces with water."""
    number = words.figure(total)
    said = {
        frozenset({"building"}): ngettext("%(n)s building", "%(n)s buildings", total, n=number),
        frozenset({"unit"}): ngettext("%(n)s unit", "%(n)s units", total, n=number),
        frozenset({"plot"}): ngettext("%(n)s plot", "%(n)s plots", total, n=number),
    }.get(wanted.kinds) or ngettext("%(n)s space", "%(n)s spaces", total, n=number)
    if wanted.facilities:
        things = [words.in_sentence(each) for each in Facility if each in wanted.facilities]
        said = gettext("%(spaces)s with %(things)s", spaces=said, things=words.several(things))
    if any(part.is_asked(wanted) for part in PARTS.values() if part.name not in ("kind", "has", "district", "q")):
        said = gettext("%(spaces)s that fit", spaces=said)
    if wanted.district:
        said = gettext("%(spaces)s in %(district)s", spaces=said, district=query.district_name(wanted.district))
    if wanted.text:
        said = gettext("%(spaces)s for “%(text)s”", spaces=said, text=wanted.text)
    return said
