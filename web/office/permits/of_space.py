"""What the office's page of a space says of its permits: running, coming, asked for, past; which days are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from tempuse.occurrences import minute_of
from tempuse.permits import OPEN
from tempuse.registry.permits.rivals import around
from tempuse.spaces import Space
from tempuse.store import claims, closures
from tempuse.store import permits as permit_rows
from tempuse.store import spaces as space_rows
from tempuse.store.permits import Ruled
from web import database
from web.office.permits import called, page
from web.presenters import permits as stand
from web.presenters import terms as terms_words

_MOST = 30


@dataclass(frozen=True, slots=True)
class PermitLine:
    """A permit in one line."""

    ref: str
    title: str
    group: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class TakenDays:
    """A stretch of days or hours in which the space is taken, and by which permit."""

    when: str
    ref: str
    title: str
    is_permit: bool


def permits(each: Space) -> list[tuple[str, list[PermitLine]]]:
    """The permits of a space, of what it lies within and of what lies within it, by where they stand."""
    found = permit_rows.of_spaces(database.connection(), around(database.connection(), [each.ref]))
    called.warm([one.permit for one in found])
    groups = {"running": gettext("In use"), "coming": gettext("To come"), "asked": gettext("Asked for"),
              "past": gettext("Over")}  # fmt: skip
    parts: dict[str, list[Ruled]] = {name: [] for name in groups}
    for one in found:
        parts[_part(one)].append(one)
    for name, listed in parts.items():
        listed.sort(key=lambda one: (one.terms.starts_on or date.max, one.permit.ref), reverse=name == "past")
    return [
        (said, [_line(one) for one in parts[name][:_MOST]]) for name, said in groups.items() if parts[name]
    ]  # fmt: skip


def _part(each: Ruled) -> str:
    if each.permit.status in (*OPEN, "draft"):
        return "asked"
    now = stand.stands(*each)
    if now.is_running:
        return "running"
    return "coming" if now.state in ("upcoming", "not_started") else "past"


def _line(each: Ruled) -> PermitLine:
    permit, terms = each
    return PermitLine(
        permit.ref, called.title(permit), called.group(permit), terms_words.period(terms), stand.state(permit, terms)
    )


def taken(each: Space) -> list[TakenDays]:
    """The days and hours from today on in which a space is taken, the first ones."""
    con = database.connection()
    numbers = [number for number, _ in space_rows.numbered(con, [each.ref])]
    found = claims.of_spaces(con, numbers, minute_of(database.today()))[:_MOST]
    refs = list(dict.fromkeys(claim.ref for claim in found))
    titles = {
        one.permit.ref: called.title(one.permit)
        for one in permit_rows.ruled(con, permit_rows.rows.table.c.ref.in_(refs))
    }
    shut = closures.by_refs(con, refs)
    titles |= {ref: gettext("kept free: %(why)s", why=each.because) for ref, each in shut.items()}
    return [
        TakenDays(
            page.meeting_days(claims.Rival(claim.ref, each.ref, claim.from_minute, claim.until_minute)), claim.ref,
            titles.get(claim.ref, claim.ref), claim.ref not in shut,
        )
        for claim in found
    ]  # fmt: skip
