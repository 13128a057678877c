"""What waits for the person who opens the office: one click to each thing, the first due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel import dates
from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from tempuse.reports import due_on
from tempuse.spaces import Space
from tempuse.store import reports as report_rows
from tempuse.store import space_lists
from tempuse.vocabulary import ReportKind, ReportStatus, SpaceStatus
from web import database, words
from web.accounts import auth
from web.office import names, tallies
from web.site import arguments

FEW = 5
MOST = 1000
SOON_DAYS = 14
FOUND = 20


@dataclass(slots=True)
class Row:
    """One thing: its name and address, why it is here, when it is due, what to press."""

    name: str
    href: str
    why: str
    button: str
    due: str = ""
    late: bool = False
    first: bool = False


@dataclass(slots=True)
class Section:
    """Things of one kind; ``total`` of them wait, ``rows`` are the first."""

    title: str
    total: int
    rows: list[Row] = field(default_factory=list)
    more: tuple[str, str] | None = None
    beside: bool = False
    waits: bool = True


def waiting() -> str:
    """The office's first page."""
    sections = [section for section in _sections() if section.total]
    if sections and sections[0].waits:
        sections[0].rows[0].first = True
    person = auth.signed_in()
    return render_template(
        "office/waiting.html",
        heading=_heading(sum(section.total for section in sections if section.waits), person.name if person else ""),
        urgent=_urgent(sections),
        sections=sections,
        now=tallies.now(),
        outlooks=tallies.now().outlooks(),
        months=_months(tallies.now().months_empty()),
        said=_share(tallies.now().outlooks()),
        weekday=dates.format_date(database.today(), "EEEE", locale=words.locale()),
    )


def count() -> int:
    """How many things wait, for the band; counted once a request."""
    if "waiting" not in g:
        con, now, settings = database.connection(), tallies.now(), database.settings()
        g.waiting = (
            report_rows.tally(con).get(ReportStatus.SENT.value, 0)
            + now.of_status(SpaceStatus.REPORTED)
            + space_lists.count_placeless(con)
            + space_lists.count_unchecked(con, _check_before(settings.recheck_months), MOST)
            + len(_notices())
        )
    return int(g.waiting)


def _sections() -> list[Section]:
    return [_reports(), _placeless(), _noticed(), _to_verify(), _unchecked(), _to_offer()]


def _reports() -> Section:
    con, settings = database.connection(), database.settings()
    total = report_rows.tally(con).get(ReportStatus.SENT.value, 0)
    section = Section(gettext("Reports to judge"), total)
    if total > FEW:
        section.more = (gettext("See all reports"), url_for("office.reports"))
    for report in report_rows.find(con, (ReportStatus.SENT.value,), limit=FEW):
        sent = report.sent_at or database.now()
        due = due_on(settings.today(sent), settings.report_answer_days)
        told, late = due_words(due)
        why = ", ".join(
            part for part in (gettext(ReportKind(report.kind).label), names.ago(settings.today(sent))) if part
        )
        href = url_for("office.report", ref=report.ref)
        section.rows.append(Row(names.report(report), href, why, gettext("Judge"), told, late))
    return section


def _placeless() -> Section:
    con = database.connection()
    total = space_lists.count_placeless(con)
    section = Section(gettext("Spaces without a place"), total)
    for _, space in space_lists.placeless(con, limit=3):
        href = url_for("office.places", only=space.ref)
        section.rows.append(Row(names.space(space), href, names.where(space), gettext("Place it")))
    if total > 1:
        section.more = (gettext("Put them on the map, one after another"), url_for("office.places"))
    return section


def _noticed() -> Section:
    settings = database.settings()
    found = _notices()
    section = Section(gettext("Owners’ notice that ends"), len(found))
    for space in found[:FEW]:
        if space.consent_on is not None:
            told, late = due_words(space.consent_on + timedelta(days=settings.objection_days), ends=True)
            why = gettext("Unless the owner says no, everybody sees it then.")
            section.rows.append(Row(names.space(space), _to(space), why, gettext("Open"), told, late))
    return section


def _notices() -> list[Space]:
    settings, today = database.settings(), database.today()
    if settings.private_rule != "objection":
        return []
    first = today - timedelta(days=settings.objection_days)
    return space_lists.notices(database.connection(), first, first + timedelta(days=SOON_DAYS), 100)


def _to_verify() -> Section:
    return _in_status(SpaceStatus.REPORTED, gettext("Reported spaces to verify"), gettext("Look"))


def _to_offer() -> Section:
    """Nothing presses here: these stand beside, and are not counted as waiting."""
    section = _in_status(SpaceStatus.VERIFIED, gettext("Verified, but not offered"), gettext("Open"))
    section.beside, section.waits = True, False
    return section


def _in_status(status: SpaceStatus, title: str, button: str) -> Section:
    total = tallies.now().of_status(status)
    section = Section(title, total)
    for space in space_lists.in_status(database.connection(), status, 3) if total else ():
        section.rows.append(Row(names.space(space), _to(space), names.where(space), button))
    if total > len(section.rows):
        section.more = (
            gettext("See all %(total)s", total=words.figure(total)),
            url_for("office.spaces", status=status),
        )
    return section


def _check_before(months: int) -> date:
    today = database.today()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28))


def _unchecked() -> Section:
    con = database.connection()
    before = _check_before(database.settings().recheck_months)
    section = Section(gettext("Sites to check again"), space_lists.count_unchecked(con, before, MOST), beside=True)
    for space in space_lists.longest_unchecked(con, before, 3):
        checked = space.checked_on
        why = (
            gettext("Last seen on %(day)s", day=words.day(checked, year=True))
            if checked
            else gettext("Nobody wrote down a visit")
        )
        section.rows.append(Row(names.space(space), _to(space), why, gettext("Open")))
    if section.total > len(section.rows):
        section.more = (gettext("See all"), url_for("office.spaces", status=["verified", "offered"], sort="checked_on"))
    return section


def _to(space: Space) -> str:
    return url_for("office.space", ref=space.ref)


def due_words(due: date, *, ends: bool = False) -> tuple[str, bool]:
    """When something is due in words, and whether that is today, tomorrow or over."""
    days = (due - database.today()).days
    if ends:
        said = gettext("Ends today") if days <= 0 else ngettext("Ends in %(num)s day", "Ends in %(num)s days", days)
        return said, days <= 1
    if days < 0:
        return gettext("Was due on %(day)s", day=words.day(due)), True
    if days == 0:
        return gettext("Answer today"), True
    if days == 1:
        return gettext("Answer by tomorrow, %(day)s", day=words.day(due)), True
    return gettext("Answer by %(day)s", day=words.day(due)), False


def _heading(total: int, name: str) -> str:
    first = name.split(" ")[0]
    if not total:
        return gettext("Nothing waits for you, %(name)s", name=first)
    if total >= MOST:
        return gettext("Many things wait for you, %(name)s", name=first)
    number = words.spelled(total)
    said = ngettext(
        "%(number)s thing waits for you, %(name)s",
        "%(number)s things wait for you, %(name)s",
        total,
        number=number,
        name=first,
    )
    return said[:1].upper() + said[1:]


def _urgent(sections: Sequence[Section]) -> str:
    late = sum(row.late for section in sections for row in section.rows)
    if not late:
        return ""
    number = words.spelled(late)
    said = ngettext(
        "%(number)s is due by tomorrow, or over.", "%(number)s are due by tomorrow, or over.", late, number=number
    )
    return said[:1].upper() + said[1:]


def _share(counts: dict[str, int]) -> str:
    """Of 40 spaces, 14 are in temporary use, 20 are free, 6 are not available."""
    return gettext(
        "Of %(total)s spaces, %(used)s are in temporary use, %(free)s are free, %(shut)s are not available.",
        total=words.figure(sum(counts.values())), **{name: words.figure(number) for name, number in counts.items()},
    )  # fmt: skip


def _months(months: float | None) -> str:
    if months is None:
        return ""
    whole = round(months)
    if whole < 1:
        return gettext("Those that are empty have been so for less than a month, on average.")
    if whole >= 24:
        return gettext(
            "Those that are empty have been so for about %(number)s years, on average.",
            number=words.spelled(round(months / 12)),
        )
    said = words.spelled(whole)
    return ngettext(
        "Those that are empty have been so for %(number)s month, on average.",
        "Those that are empty have been so for %(number)s months, on average.", whole, number=said,
    )  # fmt: skip


def find() -> Any:
    """Look for a space by its ref, name or address; a ref leads straight to it."""
    text = arguments.text(request.args, "q")
    if not text:
        return redirect(url_for("office.spaces"))
    found = space_lists.find_some(database.connection(), names.full_ref(text), FOUND + 1)
    if not found and names.full_ref(text) != text:
        found = space_lists.find_some(database.connection(), text, FOUND + 1)
    if len(found) == 1 or (found and found[0].ref == names.full_ref(text)):
        return redirect(_to(found[0]))
    return render_template("office/found.html", text=text, found=found[:FOUND], more=len(found) > FOUND)


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    blueprint.add_url_rule("/waiting", view_func=waiting)
    blueprint.add_url_rule("/find", view_func=find)
