"""Plans of spaces as pages show them: a PDF to take along, with its name, its pages and its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from web import words

_KILO, _MEGA = 1000, 1_000_000


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan: what it is called, where its file lies, how long and how large that is, who made it."""

    title: str
    href: str
    about: str
    credit: str


def of_space(shown: Mapping[str, Any]) -> list[ShownPlan]:
    """The plans that are published of a space, in their order."""
    return [
        ShownPlan(
            each["title"], url_for("public.space_plan", ref=shown["ref"], name=each["pdf"]), about(each),
            each.get("credit") or "",
        )
        for each in shown.get("plans") or []
    ]  # fmt: skip


def about(plan: Mapping[str, Any]) -> str:
    """How long and how large a plan is, by its ``pages`` and ``bytes``."""
    pages = ngettext("%(n)s page", "%(n)s pages", plan["pages"], n=words.figure(plan["pages"]))
    return f"PDF, {pages}, {_size(plan['bytes'])}"


def _size(count: int) -> str:
    if count >= _MEGA:
        return gettext("%(n)s MB", n=words.figure(count / _MEGA, 1))
    return gettext("%(n)s kB", n=words.figure(max(1, round(count / _KILO))))
