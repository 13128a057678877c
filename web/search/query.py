"""A seeker's question in the address: filter, box and page; read from a request and written back into links.

What nobody understands is told, so that a page can say it: no list is widened in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import request
from flask_babel import lazy_gettext

from tempuse import questions
from tempuse.errors import Issue
from tempuse.geometry import Box
from tempuse.mapindex import Filter
from tempuse.mapindex.filters import PARTS, Part
from tempuse.mapindex.order import ORDERS
from tempuse.store import published
from web import database
from web.site import arguments

MAX_PAGE = 100_000
# Longer than any name with its street.
LONGEST_WORDS = 100
# So many pages at once, for whoever comes back to a list.
MOST_AGAIN = 20
# Where nobody says how near the map is.
ZOOM = 13
# So much is said of what nobody understands: more is read by nobody.
_MOST_UNREAD, _LONGEST_UNREAD = 5, 40
# What people call those parts that a question (``questions``) calls otherwise, or has not.
_CALLED = {
    "box": lazy_gettext("the box of the map"), "outlook": lazy_gettext("the state"),
    "size": questions.PARTS["m2"].called, "free": questions.PARTS["from"].called,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the filter, the box of the map, its zoom, the page of the list, the chosen space.

    ``first`` is the page that the list begins with: whoever comes back gets all those they had, up to ``page``;
    ``order`` is empty where nobody chose one. ``unread`` is what the address says and the filter does not understand.
    """

    wanted: Filter = Filter()
    box: Box | None = None
    zoom: int = ZOOM
    page: int = 1
    first: int = 1
    order: str = ""
    chosen: str = ""
    centre: tuple[float, float] | None = None
    unread: tuple[Issue, ...] = ()

    def here(self) -> tuple[float, float] | None:
        """The lon and lat that "nearest first" counts from."""
        if self.box is None:
            return self.centre
        return (self.box.west + self.box.east) / 2, (self.box.south + self.box.north) / 2

    @property
    def viewport(self) -> str:
        """Where the map looks, as the address writes it: zoom/lat/lon; empty when nobody said."""
        if self.centre is None:
            return ""
        return f"{self.zoom}/{self.centre[1]:.5f}/{self.centre[0]:.5f}"

    @property
    def box_text(self) -> str:
        """The box as the address writes it, empty when there is none."""
        return "" if self.box is None else ",".join(f"{part:.6f}" for part in self.box)

    def address(self, wanted: Filter | None = None, **more: str) -> str:
        """The query of this question, or of another filter in the same place, and more."""
        held = {"sort": self.order, "map": self.viewport, "chosen": self.chosen, **more}
        return address(self.wanted if wanted is None else wanted, **held)


def read(args: arguments.Args) -> Question:
    """The question in an address. What makes no sense asks nothing, and is told: a shared link never breaks."""
    viewport = arguments.viewport(args)
    page = arguments.whole(args, "page", 1, MAX_PAGE, 1)
    wanted = Filter(**{part.field: _asked(part, args) for part in PARTS.values()})
    return Question(
        wanted,
        arguments.box(args),
        arguments.zoom(args, viewport[0] if viewport else ZOOM),
        page,
        arguments.whole(args, "first", max(1, page - MOST_AGAIN + 1), page, page),
        arguments.choice(args, "sort", ORDERS, ""),
        _ref(arguments.text(args, "chosen")) or "",
        viewport[1] if viewport else None,
        tuple(islice(_unread(args), _MOST_UNREAD)),
    )


def asked() -> Question:
    """The question of the request. A district that there is not, or not any more, is told and asks nothing."""
    found = read(request.args)
    ref = found.wanted.district
    if ref is None or _district(ref) is not None:
        return found
    wanted = replace(found.wanted, district=None)
    return replace(found, wanted=wanted, unread=(*found.unread, unclear("district", ref)))


def _unread(args: arguments.Args) -> Iterator[Issue]:
    """Texts that make no sense for their part, and parts of a question that no filter asks.

    Names that are nothing of ours are passed over: whoever shares a link may have marked it.
    """
    for name, texts in args.lists():
        if (part := PARTS.get(name)) is not None:
            written = ",".join(texts).split(",") if part.kind == "several" else [texts[0].strip()]
            for text in dict.fromkeys(written):
                if text and _value(part, text) is None:
                    yield unclear(name, text)
        elif name == "box" and texts[0].strip() and arguments.box(args) is None:
            yield unclear(name, texts[0].strip())
        # ``for=12m`` is of a question; ``for=people`` asks for a table in words.
        elif name in questions.PARTS and any(text.strip() for text in texts if text != "people"):
            yield Issue.of(name, texts[0][:_LONGEST_UNREAD], "question.unknown_part", field=name)


def unclear(name: str, text: str) -> Issue:
    """A text of an address that makes no sense for its part."""
    said, called = text[:_LONGEST_UNREAD], _CALLED.get(name) or questions.PARTS[name].called
    return Issue.of(name, said, "question.unclear", field=called, value=said)


def _asked(part: Part, args: arguments.Args) -> Any:
    """What an address asks of one part."""
    if part.kind == "several":
        return frozenset(_value(part, each) for each in arguments.several(args, part.name, part.choices))
    return _value(part, arguments.text(args, part.name))


def _value(part: Part, text: str) -> Any:
    """A text of an address as a value of a part; None for what makes no sense."""
    if part.kind == "day":
        return arguments.day(text)
    if part.kind == "ref":
        return _ref(text)
    if part.kind == "text":
        return " ".join(text[:LONGEST_WORDS].split()) or None
    if text not in part.choices:
        return None
    return part.choices.index(text) if part.is_number else text


def _texts(part: Part, wanted: Filter) -> list[str]:
    """What a filter asks of one part, as an address writes it."""
    value = getattr(wanted, part.field)
    if not part.choices:
        return [] if value is None else [str(value)]
    values = value if part.kind == "several" else [value]
    return [text for i, text in enumerate(part.choices) if (i if part.is_number else text) in values]


def _ref(text: str) -> str | None:
    return text if is_ref(text) else None


def is_ref(text: str) -> bool:
    """Whether a text could be the ref of something."""
    return re.fullmatch(r"[A-Z]{2}-[0-9]{1,12}", text) is not None


def pairs(wanted: Filter) -> list[tuple[str, str]]:
    """A filter as the pairs of an address, always in the same order."""
    return [(part.name, text) for part in PARTS.values() for text in _texts(part, wanted)]


def address(wanted: Filter, **more: str) -> str:
    """The query of an address that asks this, with its question mark; empty when it asks nothing."""
    text = urlencode([*pairs(wanted), *((name, value) for name, value in more.items() if value)], safe=",/")
    return f"?{text}" if text else ""


def toggled(wanted: Filter, group: str, value: str) -> Filter:
    """The filter after a chip was pressed; a press that makes no sense changes nothing."""
    part = PARTS.get(group)
    if part is None:
        return wanted
    held, pressed = getattr(wanted, part.field), _value(part, value)
    if not part.choices:  # a chip that says a day or a district is on, and goes
        asked: Any = None
    elif part.kind == "one":
        asked = None if held == pressed else pressed
    else:
        asked = held if pressed is None else held ^ {pressed}
    return replace(wanted, **{part.field: asked})


def district_name(ref: str) -> str:
    """The name of a district, its ref where it has none or is not known."""
    return str((_district(ref) or {}).get("name") or ref)


def _district(ref: str) -> dict[str, Any] | None:
    """What is published of an area; None where there is none, or none any more."""
    text = published.feature(database.connection(), "areas", ref)
    return orjson.loads(text)["properties"] if text else None
