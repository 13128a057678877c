"""Where it worked: the documented cases of other towns as a list with a small map, and the page of one."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import numpy as np
from flask import render_template
from flask_babel import ngettext

from tempuse.mapindex import Rows
from tempuse.store import published
from tempuse.vocabulary import Permission
from web import database, words
from web.map import elsewhere, folium_map, index
from web.presenters import cards, examples, facts, pictures, plans, timeline
from web.public.blueprint import public

# At this zoom the small map of one shows the countries around it.
_ZOOM = 5


class Town(NamedTuple):
    """A town with its cases; ``anchor`` names it within the page."""

    name: str
    anchor: str
    cases: list[examples.Case]


@public.get("/where-it-worked", Permission.PUBLIC_READ)
def where_it_worked() -> str:
    """The examples by town, on a small map of where they lie."""
    held, rows = index.current(), elsewhere.rows()
    texts = published.features(database.connection(), held.key[rows].tolist())
    placed = [
        (examples.example(cards.of_feature(texts[key])), row)
        for row, key in zip(rows.tolist(), held.key[rows].tolist(), strict=True)
        if key in texts
    ]
    placed.sort(key=lambda each: (each[0].town.casefold(), each[0].title.casefold()))
    towns, marks = [], []
    for number, (name, these) in enumerate(groupby(placed, key=lambda each: each[0].town), 1):
        some = list(these)
        town = Town(name, f"town-{number}", [case for case, _ in some])
        towns.append(town)
        marks.append(_mark(town, np.array([row for _, row in some])))
    return render_template("public/where_it_worked.html", towns=towns, map=_map(marks, rows) if marks else None)


def _mark(town: Town, rows: Rows) -> dict[str, str | float]:
    """A town on the small map: how many cases, and where on the page they are."""
    held, count = index.current(), len(town.cases)
    said = ngettext("%(town)s: %(n)s example", "%(town)s: %(n)s examples", count, town=town.name, n=words.figure(count))
    lon, lat = float(held.lon[rows].mean()), float(held.lat[rows].mean())
    return {"lon": lon, "lat": lat, "said": said, "number": words.figure(count), "to": f"#{town.anchor}"}


def _map(marks: list[dict[str, str | float]], rows: Rows) -> folium_map.RenderedMap:
    held = index.current()
    lon, lat = held.lon[rows], held.lat[rows]
    box = [float(each) for each in (lon.min(), lat.min(), lon.max(), lat.max())]
    return folium_map.build(
        "examples", (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 4, towns=marks, fit=box, source=""
    )


def page_of(shown: cards.Properties, back: tuple[str, str]) -> str:
    """The page of one: what was done and what came of it; nothing to ask for."""
    past, held = shown.get("history") or [], index.current()
    row = held.row_of(shown["ref"])
    drawn = {"space": cards.mark(shown, float(held.x[row]), float(held.y[row])), "shape": None, "source": ""}
    return render_template(
        "public/example.html", shown=shown, title=cards.title(shown), state=examples.state(), said=examples.say(shown),
        noun=facts.noun(shown), facts=facts.what(shown), line=timeline.build(past, None, database.today()),
        told=timeline.in_words(past), sources=examples.sources(shown), pictures=pictures.of_space(shown),
        plans=plans.of_space(shown),
        map=folium_map.build("space", float(held.lon[row]), float(held.lat[row]), _ZOOM, **drawn),
        place=facts.where(shown), back=back,
    )  # fmt: skip
