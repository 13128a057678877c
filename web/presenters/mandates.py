"""Mandates in words: what one allows, and for how long."""

from __future__ import annotations

from flask_babel import gettext

from tempuse.mandates import Mandate
from web import words
from web.presenters import labels

ALLOWS = ("may_visit", "may_propose", "may_head")


def allows(mandate: Mandate) -> list[str]:
    """What the mediator does with it, one by one."""
    return [labels.label(name, "mandate") for name in ALLOWS if getattr(mandate, name)]


def lasts(mandate: Mandate) -> str:
    """From when until when."""
    first = words.day(mandate.from_on, year=True)
    if mandate.until_on is None:
        return gettext("From %(start)s until it is taken back", start=first)
    return gettext("%(start)s to %(end)s", start=first, end=words.day(mandate.until_on, year=True))
