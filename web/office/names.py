"""What the office calls things: all of a space's own words, whatever the public sees of it."""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import Any, cast

from flask import g
from flask_babel import gettext, ngettext

from tempuse import vocabulary
from tempuse.refs import ref_of
from tempuse.reports import Report
from tempuse.spaces import Space, area_of
from tempuse.spaces import outlook as outlook_on
from tempuse.store import permits as permit_rows
from tempuse.store import space_lists
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import ReportKind, SpaceKind, SpaceStatus
from web import database, words
from web.office.blueprint import office
from web.presenters import cards, labels


def space(each: Space) -> str:
    """Its name, or its address, or what it is."""
    if each.name:
        return each.name
    if each.address:
        return each.address
    if each.source_ref and each.source:
        return f"{each.source} {each.source_ref}"
    return cards.title({"kind": each.kind, "suitable_uses": each.suitable_uses})


def where(each: Space) -> str:
    """Its address, unless that is its name, and its town and district; empty where its name says it all."""
    town = " ".join(part for part in (each.postcode, each.locality) if part)
    parts = (each.address if each.name else "", town, district(each.district_ref))
    return ", ".join(part for part in parts if part) or ("" if each.address else gettext("No address"))


def district(ref: str | None) -> str:
    """A district's name."""
    return district_names().get(ref or "", "")


def district_names() -> dict[str, str]:
    """The names of all districts by ref, in their order; read once a request."""
    if "district_names" not in g:
        g.district_names = space_lists.district_names(database.connection())
    return cast("dict[str, str]", g.district_names)


def line(each: Space) -> str:
    """Kind and size: the line under a name."""
    parts = (labels.term(SpaceKind, each.kind), words.square_metres(area_of(each)))
    return ", ".join(part for part in parts if part)


def outlook(each: Space) -> str:
    """``free``, ``used`` or ``shut`` today."""
    return outlook_on(each.status, each.occupancy, each.available_until, database.today())


def state(each: Space) -> str:
    """Where it stands in the office's words, and what a passer-by is told."""
    if each.status != SpaceStatus.OFFERED:
        return labels.term(SpaceStatus, each.status)
    shown = {
        "status": each.status, "occupancy": each.occupancy,
        "available_from": each.available_from.isoformat() if each.available_from else None,
        "available_until": each.available_until.isoformat() if each.available_until else None,
    }  # fmt: skip
    return f"{labels.term(SpaceStatus, each.status)}. {cards.state(shown)}"


# A text field for the refs of spaces: the script proposes some while one types a name or a street.
SPACE_FIELD = {"data-spaces": "", "autocomplete": "off"}


def full_ref(text: str) -> str:
    """``117``, ``sp117`` and ``SP-117`` are SP-0117; other texts stay."""
    text = text.strip()
    match = re.fullmatch(r"(?:SP[-\s]?)?([0-9]{1,12})", text, re.IGNORECASE)
    return ref_of("space", int(match[1])) if match else text


def _named(ref: str | None) -> str:
    """What the office calls the space of a ref; the ref itself where there is none."""
    if not ref:
        return ""
    found = space_rows.numbered(database.connection(), [ref])
    return space(found[0][1]) if found else ref


def _use(ref: str | None) -> str:
    """What the use of a ref is called; the ref itself where it has no name of its own."""
    if not ref:
        return ""
    return permit_rows.get(database.connection(), ref).title or ref


def report(each: Report) -> str:
    """What a report is called: what it says, or where."""
    about = each.address or _named(each.space_ref) or _use(each.use_ref)
    if each.kind == ReportKind.DANGER:
        return gettext("Danger: %(about)s", about=about)
    if each.kind == ReportKind.QUESTION:
        return gettext("A question: %(about)s", about=about) if about else gettext("A question")
    if each.kind == ReportKind.NUISANCE:
        return gettext("Noise or trouble: %(about)s", about=about)
    if each.kind == ReportKind.VACANT:
        what = {
            SpaceKind.UNIT.value: gettext("Empty shop, floor or room"),
            SpaceKind.PLOT.value: gettext("Empty plot"),
        }.get(each.space_kind or "", gettext("Empty building"))
        return f"{what}, {about}" if about else what
    if each.kind == ReportKind.OFFER:
        return gettext("Offered by its owner: %(about)s", about=about) if about else gettext("Offered by its owner")
    if each.kind == ReportKind.OWNER:
        return gettext("The owner’s word: %(about)s", about=about)
    if each.kind == ReportKind.NOT_VACANT:
        return gettext("“%(about)s is not empty”", about=about) if about else gettext("“It is not empty”")
    return gettext("Something is wrong: %(about)s", about=about) if about else gettext("Something is wrong")


def ago(day: date) -> str:
    """How long ago a day was: today, yesterday, 20 November."""
    days = (database.today() - day).days
    if days in (0, 1):
        return gettext("yesterday") if days else gettext("today")
    return ngettext("%(num)s day ago", "%(num)s days ago", days) if 1 < days < 7 else words.day(day)


def figure(number: float) -> str:
    """A number as a page writes it."""
    return words.figure(number)


def counted(count: int) -> str:
    """So many spaces."""
    return ngettext("%(n)s space", "%(n)s spaces", count, n=words.figure(count))


@office.context_processor
def _words() -> dict[str, Any]:
    """What the office's templates speak with."""
    return {
        "names": sys.modules[__name__],
        "labels": labels,
        "vocabulary": vocabulary,
        "words": words,
    }
