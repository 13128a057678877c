"""When a permit is, drawn: one line each for it and for what stands before, beside and after it in the same spaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tempuse.registry.permits.rivals import Around
from tempuse.standing import last_on
from tempuse.store.permits import Ruled
from web.office.permits import called
from web.presenters import permits as stand
from web.presenters import terms as terms_words

_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class DrawnPermit:
    """One line: whose, when in words, where its bar starts and how wide it is in per cent."""

    ref: str
    title: str
    when: str
    state: str
    look: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class DrawnDays:
    """The lines, today in per cent (None when it lies outside), and the first and last day drawn."""

    lines: list[DrawnPermit]
    today: float | None
    first: date
    last: date


def draw(each: Ruled, near: Around, today: date) -> DrawnDays | None:
    """The drawing of a permit among its neighbours; None while it has no days."""
    start, end = each.terms.starts_on, each.terms.ends_on
    if start is None or end is None:
        return None
    span = max((end - start).days, 30)
    first, last = start - timedelta(days=span // 2 + 15), end + timedelta(days=span // 2 + 15)
    if first - timedelta(days=span) <= today < first:
        first = today - timedelta(days=7)
    shown = [other for other in (*near.agreed, *near.asking) if _within(other, first, last)][:_MOST_LINES]
    called.warm([other.permit for other in shown])
    lines = sorted([each, *shown], key=lambda other: (str(other.terms.starts_on), other.permit.ref))
    asking = {other.permit.ref for other in near.asking}
    days = (last - first).days
    return DrawnDays(
        [_line(other, first, last, days, _look(other, each, asking)) for other in lines],
        round(100 * (today - first).days / days, 2) if first <= today <= last else None, first, last,
    )  # fmt: skip


def _within(each: Ruled, first: date, last: date) -> bool:
    start, end = each.terms.starts_on, last_on(each.permit, each.terms)
    return start is not None and end is not None and start <= last and end >= first


def _look(each: Ruled, this: Ruled, asking: Sequence[str] | set[str]) -> str:
    if each.permit.ref == this.permit.ref:
        return "this"
    return "asked" if each.permit.ref in asking else ""


def _line(each: Ruled, first: date, last: date, days: int, look: str) -> DrawnPermit:
    permit, terms = each
    start = max(terms.starts_on or first, first)
    end = min((last_on(permit, terms) or last) + timedelta(days=1), last)
    return DrawnPermit(
        permit.ref, called.title(permit), terms_words.period(terms), stand.state(permit, terms), look,
        round(100 * (start - first).days / days, 2), max(round(100 * (end - start).days / days, 2), 0.8),
    )  # fmt: skip
