"""The map with its list: the home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from tempuse.mapindex import MapIndex, View
from tempuse.store import published
from web import cards, database, index, map, query

PAGE = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What the map and the list show, from one question."""

    question: query.Question
    view: View
    index: MapIndex
    spaces: list[dict[str, Any]]

    @property
    def total(self) -> int:
        """How many spaces the filter keeps in the box."""
        return len(self.view.rows)

    @property
    def more(self) -> bool:
        """Whether the list goes on."""
        return self.question.page * PAGE < self.total


def answer(question: query.Question) -> Answer:
    """Ask the map index, and fetch the texts of one page of the list."""
    held = index.current()
    view = held.view(question.box, question.wanted)
    here = question.here() or map.start(held)[:2]
    rows = held.nearest(view.rows, here, PAGE, (question.page - 1) * PAGE)
    keys = held.key[rows].tolist()
    texts = published.features(database.connection(), keys)
    return Answer(question, view, held, [cards.of_feature(texts[key]) for key in keys if key in texts])


def home() -> str:
    """The map and the list for the question in the address."""
    found = answer(query.read(request.args))
    return render_template("public/home.html", found=found, map=map.build_home(found.question, found.index))


def listing() -> str:
    """The list alone, as the map asks for it when it has moved."""
    return render_template("public/_list.html", found=answer(query.read(request.args)))


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    blueprint.add_url_rule("/", view_func=home)
    blueprint.add_url_rule("/list", view_func=listing)
