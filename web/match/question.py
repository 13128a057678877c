"""A seeker's question on ``/match``: its address, what its form sends besides, and what of it nobody understands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from tempuse import districts, questions, week
from tempuse.errors import Issue
from tempuse.io.crosswalk.uses_in_words import uses_in
from tempuse.mapindex import Filter
from tempuse.mapindex.filters import SIZE_CHOICES, SIZES_M2
from tempuse.questions import PARTS, Pairs
from tempuse.vocabulary import UseCategory
from tempuse.wanted import MOST_USES, Wanted, check_wanted
from web import database
from web.map import ground, index
from web.site import arguments

# Names in an address that ask nothing of a space.
BESIDE = ("page", "map", "change", "space", "chosen", "box", "zoom", "kind_of_permit")
ROWS_OF_HOURS = 3
_FORM = ("what", "least", "most", "months", "asked", "is_must", "where", "day", "hour_from", "hour_until")
_NUMBERS = ("cost", "deposit", "people", "within", "ceiling", "door", "load")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class MatchQuestion:
    """What somebody asks.

    Attributes:
        wanted: the question, made of what makes sense.
        issues: what in the address nobody understands, and what in the question cannot be.
        page: of the list, from 1.
        what: what they want to do in their own words, where the form says so.
        from_form: whether the form sent it: its own address is the canonical one then.
    """

    wanted: Wanted
    issues: tuple[Issue, ...]
    page: int
    what: str = ""
    from_form: bool = False

    @property
    def cannot_be(self) -> list[Issue]:
        """What contradicts itself: nothing can be listed before it is mended."""
        return check_wanted(self.wanted, database.today())

    def address(self, wanted: Wanted | None = None, **more: str) -> str:
        """The query of this question, or another, with its question mark."""
        return address(self.wanted if wanted is None else wanted, **more)


def address(wanted: Wanted, **more: str) -> str:
    """The query of a question and more, always in the same order; empty when it asks nothing."""
    pairs = [*questions.pairs(wanted), *((name, text) for name, text in more.items() if text)]
    return f"?{urlencode(pairs, safe=',/:')}" if pairs else ""


def read(args: arguments.Args) -> MatchQuestion:
    """The question in an address, as links and the form write it."""
    given = [(name, text) for name, text in args.items(multi=True) if name not in BESIDE]
    from_form = any(name in _FORM for name, _ in given)
    pairs = list(_from_form(args, given)) if from_form else list(_from_map(given))
    wanted, issues = questions.read(pairs)
    if from_form:
        wanted = _switched(wanted, args)
    if wanted.districts:
        wanted, gone = districts.among(wanted, dict(index.districts()))
        issues += gone
    page = arguments.whole(args, "page", 1, MOST_PAGES, 1)
    what = arguments.text(args, "what")
    if what and not wanted.uses:
        if (suggested := suggest(what)) != ():
            wanted = replace(wanted, uses=suggested)
        else:
            issues.append(Issue.of("use", what, "question.no_use", value=what))
    return MatchQuestion(wanted, tuple(issues), page, what, from_form)


def suggest(what: str) -> tuple[str, ...]:
    """The uses that words of any of our languages mean: a repair café is a workshop."""
    return uses_in(what)[:MOST_USES]


def _from_map(given: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The pairs of a link of ours; the map's sizes are areas here, and its states and months are left behind.

    The map shows what is used and shut as well; a question is for what can be had, so ``outlook`` asks nothing more.
    """
    sizes = [text for name, texts in given if name == "size" for text in texts.split(",")]
    for name, text in given:
        if name == "free":
            yield "by", _in_months(text)
        elif name not in ("size", "outlook"):
            yield name, text
    if sizes:
        yield "m2", _as_area(sizes)


def _in_months(text: str) -> str:
    """The day until which the map's "within 3 months" goes; what makes no sense stays, to be said."""
    months = arguments.whole(arguments.Args({"n": text}), "n", 0, 120, 0 if text == "now" else None)
    if months is None:
        return text
    today = database.today()
    year, month = divmod(today.month - 1 + months, 12)
    return f"{today.year + year:04d}-{month + 1:02d}-{min(today.day, 28):02d}"


def _as_area(sizes: Iterable[str]) -> str:
    """The area that covers the map's sizes that are chosen."""
    texts = list(sizes)
    if not set(texts) <= set(SIZE_CHOICES):
        return ",".join(texts)
    known = sorted(SIZE_CHOICES.index(text) for text in texts)
    least = "" if known[0] == 0 else str(SIZES_M2[known[0] - 1])
    most = "" if known[-1] == len(SIZES_M2) else str(SIZES_M2[known[-1]])
    return f"{least}-{most}"


def _number(text: str) -> str:
    """A number as people type it, with spaces between thousands or a comma before cents."""
    return _SPACES.sub("", text).replace(",", ".")


def _place(text: str) -> str:
    """Coordinates stay; an address that the town's own list has becomes its own."""
    found = ground.placed(text[: arguments.LONGEST])
    return text if found is None else f"{found.lat:.5f},{found.lon:.5f}"


def _from_form(args: arguments.Args, given: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The pairs of what the form sent: two numbers are an area, rows of hours are hours, a number of months a term."""
    least, most = (_number(arguments.text(args, name)) for name in ("least", "most"))
    if least or most:
        yield "m2", f"{least}-{most}"
    if months := _number(arguments.text(args, "months")):
        yield "for", f"{months}m"
    rows = zip(args.getlist("day"), args.getlist("hour_from"), args.getlist("hour_until"), strict=False)
    for day, first, last in list(rows)[:20]:
        if first or last:
            yield "hours", f"{day}{first}-{last}" if day in week.DAYS else f"{day} {first}-{last}"
    where = args.get("where")
    others = {"near": ("district",), "district": ("near", "within")}.get(where or "", ("district", "near", "within"))
    for name, text in given:
        if name in _FORM or (where and name in others):
            continue
        yield name, _number(text) if name in _NUMBERS else _place(text) if name == "near" else text


def _switched(wanted: Wanted, args: arguments.Args) -> Wanted:
    """The question with the switches of the form: of what it listed, what is ticked is a must, the rest is none."""
    listed = frozenset(args.getlist("asked"))
    musts = frozenset(args.getlist("is_must")) & listed
    return replace(wanted, musts=wanted.musts | musts, nices=(wanted.nices | listed) - musts) if listed else wanted


def from_filter(wanted: Filter) -> Pairs:
    """What the map's filter asks, as the pairs of a question: *Rank these for me*."""
    pairs: Pairs = [("use", each.value) for each in UseCategory if each.value in wanted.uses][:MOST_USES]
    pairs += [("kind", kind) for kind in sorted(wanted.kinds)]
    if wanted.sizes:
        pairs.append(("m2", _as_area([str(size) for size in wanted.sizes])))
    if wanted.free_by is not None:
        pairs.append(("by", wanted.free_by.isoformat()))
    if wanted.district:
        pairs.append(("district", wanted.district))
    return pairs + [("has", each) for each in sorted(wanted.facilities)]


KNOWN = frozenset(PARTS)
