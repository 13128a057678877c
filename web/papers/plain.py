"""Days, minutes, amounts and parties of a snapshot in the language of the paper; what is not known is not said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask_babel import gettext, ngettext

from tempuse.papers import FactsBlock, PaperSection, TableBlock
from tempuse.papers.snapshot import PartyOnPaper, Snapshot
from web import words

DAY = 24 * 60


def known(rows: Iterable[tuple[str, str | None]]) -> FactsBlock:
    """Labels with their values, those that there are."""
    return FactsBlock([(label, value) for label, value in rows if value])


def section(heading: str, *rows: tuple[str, str | None]) -> PaperSection:
    """A section of labels with their values."""
    return PaperSection(heading, [known(rows)])


def day(value: str | None) -> str:
    """A day with its year: 1 March 2027."""
    return words.day(value, year=True)


def instant(value: str | None, zone: str) -> str:
    """An instant in the city's time: 1 March 2027, 09:30."""
    if not value:
        return ""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return f"{day(local.date().isoformat())}, {local:%H:%M}"


def minute(value: int) -> str:
    """A minute of the day: 19:00; midnight at the end of a day is 24:00."""
    value = value if value == DAY else value % DAY
    return f"{value // 60:02}:{value % 60:02}"


def of_each_year(value: str) -> str:
    """A day of each year: 1 May."""
    month, number = map(int, value.split("-"))
    return dates.format_date(date(2028, month, number), "d MMMM", locale=words.locale())


def amount(cents: int | None, currency: str) -> str:
    """An amount in the currency of the snapshot, not in that of today's settings."""
    if cents is None:
        return ""
    return numbers.format_currency(cents / 100, currency, locale=words.locale())


def days(count: int | None) -> str:
    """So many days."""
    return "" if count is None else ngettext("%(num)s day", "%(num)s days", count)


def party(label: str, who: PartyOnPaper | None) -> PaperSection | None:
    """Who holds or grants."""
    if not who:
        return None
    return section(
        label,
        (gettext("Name"), who.get("name")),
        (gettext("Legal form"), who.get("legal_form")),
        (gettext("Registered as"), who.get("registered_no")),
        (gettext("Contact"), who.get("contact")),
    )


def spaces(snapshot: Snapshot) -> PaperSection:
    """The spaces, one a row."""
    head = [gettext("Number"), gettext("Name"), gettext("Address"), gettext("Area")]
    rows = [
        [each["ref"], each["name"], each.get("address") or "–", words.square_metres(each.get("area_m2")) or "–"]
        for each in snapshot["spaces"]
    ]
    heading = gettext("The space") if len(rows) == 1 else gettext("The spaces")
    return PaperSection(heading, [TableBlock(head, rows)])


def about(snapshot: Snapshot) -> PaperSection:
    """The permit: its number, its kind, what for."""
    return section(
        gettext("The permit"),
        (gettext("Number"), snapshot["ref"]),
        (gettext("Kind"), snapshot.get("kind")),
        (gettext("Title"), snapshot["title"]),
        (gettext("Purpose"), snapshot.get("purpose")),
    )


def parties(snapshot: Snapshot) -> list[PaperSection]:
    """Who grants and who holds."""
    both = (
        party(gettext("Who grants it"), snapshot.get("grantor") or {"name": snapshot["municipality"]}),
        party(gettext("Who holds it"), snapshot["holder"]),
    )
    return [each for each in both if each is not None]


def present(sections: Iterable[PaperSection | None]) -> list[PaperSection]:
    """Those sections that say something."""
    return [each for each in sections if each is not None and each.blocks]
