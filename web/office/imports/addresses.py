"""What the columns of a list of addresses are that came along: found out, or said by a person."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from tempuse.io.join import ADDRESS_TARGETS
from tempuse.jobs import ImportJob
from web.office.imports import targets as import_targets


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of the list of addresses on the page of the columns."""

    number: int
    name: str
    target: str


def shown(about: ImportJob) -> list[Shown]:
    """The columns of the list of addresses, with what a person said that they are."""
    said = {theirs: target for target, theirs in about.address_columns.items()}
    return [Shown(number, name, said.get(name, "")) for number, name in enumerate(about.address_heads)]


def choices() -> list[tuple[str, str]]:
    """What such a column may be."""
    said = [(name, words) for _, these in import_targets.grouped() for name, words in these if name in ADDRESS_TARGETS]
    return [("", gettext("Find it out")), *said]


def take(about: ImportJob) -> None:
    """Write what was chosen on the page into the draft."""
    chosen = {}
    for number, name in enumerate(about.address_heads):
        target = request.form.get(f"address-{number}", "")
        if target in ADDRESS_TARGETS:
            chosen[target] = name
    about.address_columns = chosen
