"""What groups look for against what there is: by use and district, who finds nothing, and what to ask or fit first."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from flask import Response, render_template, url_for
from flask_babel import gettext

from tempuse import matching
from tempuse.io import commas
from tempuse.mapindex import MapIndex
from tempuse.matching import Demand
from tempuse.matching.demand import FIRST, LONG
from tempuse.needs import Need, wanted_of
from tempuse.refs import number_of
from tempuse.store import needs, published
from tempuse.vocabulary import Permission, UseCategory
from tempuse.wanted import Wanted
from web import database, words
from web.map import index
from web.match import wording
from web.office.blueprint import office
from web.presenters import cards

MOST_SHOWN = 20
_HEAD = ("by", "what", "groups", "spaces", "groups_with_a_space")


class Balance(NamedTuple):
    """One line: what, how many groups look for it, how many spaces there are, how many of the groups find one."""

    by: str
    words: str
    groups: int
    spaces: int
    served: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the page is made of: the needs whose question is understood, and the answer to all of them."""

    held: MapIndex
    looking: list[Need]
    asked: list[Wanted]
    found: Demand


def _known() -> Known:
    con, today, held = database.connection(), database.today(), index.current()
    looking = [need for batch in needs.looking(con, database.settings(), today) for need in batch]
    pairs = [(need, wanted) for need in looking for wanted, unclear in [wanted_of(need)] if not unclear]
    asked = [wanted for _, wanted in pairs]
    found = matching.demand_of(held.offers, asked, today, database.scale())
    return Known(held, [need for need, _ in pairs], asked, found)


def _by_use(known: Known) -> list[Balance]:
    uses = known.held.offers.uses
    lines = []
    for use in UseCategory:
        mine = [
            count for wanted, count in zip(known.asked, known.found.listed, strict=True) if use.value in wanted.uses
        ]
        spaces = int(((uses & use.flag) > 0).sum())
        if mine or spaces:
            lines.append(Balance("use", gettext(use.label), len(mine), spaces, sum(count > 0 for count in mine)))
    return sorted(lines, key=lambda line: -line.groups)


def _by_district(known: Known) -> list[Balance]:
    """A need that accepts three districts counts in each; one that names none stands apart."""
    groups: Counter[str] = Counter()
    served: Counter[str] = Counter()
    for wanted, count in zip(known.asked, known.found.listed, strict=True):
        for ref in wanted.districts or ("",):
            groups[ref] += 1
            served[ref] += count > 0
    district = known.held.offers.district
    lines = [
        Balance("district", name, groups[ref], int((district == number_of(ref, -2)).sum()), served[ref])
        for ref, name in index.districts()
    ]
    anywhere = Balance("district", gettext("No district named"), groups[""], len(known.held.offers), served[""])
    return [line for line in (*lines, anywhere) if line.groups or line.spaces]


def _unmet(known: Known) -> list[dict[str, str]]:
    """Who finds nothing, and why: what no space has together, and what alone keeps most out."""
    found = []
    for each in known.found.unmet[:MOST_SHOWN]:
        need, wanted = known.looking[each.pick], known.asked[each.pick]
        missing = words.several([wording.asked(wanted, key) for key in each.failing if wording.asked(wanted, key)])
        alone = [
            gettext("without %(what)s: %(n)s", what=words.lower_first(wording.label(key)), n=words.figure(count))
            for key, count in list(each.alone.items())[:3]
        ]
        found.append({
            "title": need.title or need.ref, "href": url_for("office.need", ref=need.ref),
            "missing": missing, "alone": ", ".join(alone),
        })  # fmt: skip
    return found


def _unused(known: Known) -> list[dict[str, str]]:
    """Spaces that nobody who looks could use, and what alone keeps most groups away."""
    return _spaces(known.held, sorted(known.found.unused.items(), key=lambda pair: -max(pair[1].values(), default=0)))


def _spaces(held: MapIndex, rows: list[tuple[int, dict[str, int]]]) -> list[dict[str, str]]:
    """Some spaces, by their places, each with what speaks against it."""
    rows = rows[:MOST_SHOWN]
    keys = held.key[held.offer_rows[[row for row, _ in rows]]].tolist() if rows else []
    texts = published.features(database.connection(), keys)
    found = []
    for (_, away), key in zip(rows, keys, strict=True):
        if key not in texts:
            continue
        shown = cards.of_feature(texts[key])
        why = [
            gettext("%(what)s: %(n)s", what=wording.label(name), n=words.figure(count))
            for name, count in list(away.items())[:3]
        ]
        href = url_for("office.space_seekers", ref=shown["ref"])
        found.append({"title": cards.title(shown), "meta": cards.meta(shown), "href": href, "why": ", ".join(why)})
    return found


def _open(found: Demand) -> list[tuple[str, int, int]]:
    """What is not known and keeps groups waiting; what a group has not said of itself is its own to say."""
    told = [(wording.label(each.key), each.spaces, each.questions) for each in found.open if each.key != "terms"]
    return told[:MOST_SHOWN]


@office.get("/demand", Permission.NEED_READ)
def demand() -> str:
    """The page."""
    known = _known()
    return render_template(
        "office/demand.html", groups=len(known.asked), spaces=len(known.held.offers),
        served=sum(count > 0 for count in known.found.listed), uses=_by_use(known), districts=_by_district(known),
        unmet=_unmet(known), many_unmet=len(known.found.unmet), unused=_unused(known),
        many_unused=len(known.found.unused), behind=_spaces(known.held, list(known.found.behind.items())),
        many_behind=known.found.many_behind, first=FIRST, long=LONG,
        open=_open(known.found),
        file=url_for(".demand_file"), several=any(len(wanted.districts) > 1 for wanted in known.asked),
    )  # fmt: skip


@office.get("/demand.csv", Permission.NEED_READ, endpoint="demand_file")
def as_file() -> Response:
    """The two tables as a file."""
    known = _known()
    out = io.StringIO()
    out.write("\ufeff")
    writer = commas.Writer(out)
    writer.row(_HEAD)
    writer.rows(list(line) for line in (*_by_use(known), *_by_district(known)))
    answer = Response(out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="demand.csv"'
    return answer
