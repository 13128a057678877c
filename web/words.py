"""Words for people: sentences from message ids, dates and figures as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.lists import format_list
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale, gettext, ngettext

from tempuse import durations
from tempuse.errors import Issue, TempuseError
from tempuse.settings import LANGUAGES
from tempuse.vocabulary import Facility
from web import database, spoken
from web.spoken import NAMES as NAMES
from web.spoken import lower_first as lower_first


def sentence(message: str, values: Mapping[str, Any] | None = None) -> str:
    """The sentence of a message id, in the reader's language.

    Raises:
        KeyError: nobody wrote words for this id; a test keeps that from happening.
    """
    return spoken.said(message, values or {}, gettext, _day_of)


def shown(value: Any) -> str:
    """A value within a sentence. Codes of ours that bear their words are said in words."""
    return spoken.shown(value, gettext, _day_of)


def _day_of(value: date) -> str:
    return day(value) if has_request_context() else str(value)


def error_sentence(error: TempuseError) -> str:
    """What an error says."""
    return sentence(error.message, error.values)


def issue_sentence(issue: Issue) -> str:
    """What an issue says is wrong."""
    return sentence(issue.message, {"value": issue.value, **issue.values})


def locale() -> Locale:
    """The reader's locale; British conventions for English."""
    chosen = get_locale()
    return Locale("en", "GB") if chosen is None or chosen.language == "en" else chosen


def day(value: date | str | None, *, year: bool | None = None) -> str:
    """A day in words: 1 March, with its year when that is not this year (or as told)."""
    if value is None:
        return ""
    value = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    with_year = value.year != database.today().year if year is None else year
    return dates.format_date(value, "d MMMM y" if with_year else "d MMMM", locale=locale())


def month(value: date) -> str:
    """A month in words: May, with its year when that is more than eleven months away."""
    near = abs((value - database.today()).days) <= 335
    return dates.format_date(value, "LLLL" if near else "LLLL y", locale=locale())


def span_part(value: date | None, precision: str, *, year: bool = True) -> str:
    """An end of a stretch of time as exactly as it is known: 1 May 2024, May 2024 or 2024."""
    if value is None:
        return ""
    if precision == "day":
        return day(value, year=True)
    pattern = "y" if precision == "year" else ("LLLL y" if year else "LLLL")
    return dates.format_date(value, pattern, locale=locale())


def moment(value: datetime) -> str:
    """An instant in words, in the city's time zone: 23 November, 09:30."""
    zone = ZoneInfo(database.settings().time_zone)
    return f"{day(value.astimezone(zone).date())}, {dates.format_time(value, 'HH:mm', tzinfo=zone, locale=locale())}"


def figure(value: float, decimals: int = 0) -> str:
    """A number as the reader's language writes it."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)
    return numbers.format_decimal(round(value, decimals), locale=locale())


def spelled(number: int) -> str:
    """A small number as a word, a larger one in figures."""
    small = (
        gettext("none"), gettext("one"), gettext("two"), gettext("three"), gettext("four"), gettext("five"),
        gettext("six"), gettext("seven"), gettext("eight"), gettext("nine"), gettext("ten"), gettext("eleven"),
        gettext("twelve"),
    )  # fmt: skip
    return small[number] if 0 <= number < len(small) else figure(number)


def duration(days: int) -> str:
    """A length of time as it was most likely meant: 6 months, 2 years, 10 days."""
    count, unit = durations.as_meant(days)
    return {
        "year": ngettext("%(num)s year", "%(num)s years", count),
        "month": ngettext("%(num)s month", "%(num)s months", count),
        "week": ngettext("%(num)s week", "%(num)s weeks", count),
        "day": ngettext("%(num)s day", "%(num)s days", count),
    }[unit]


def metres(centimetres: float) -> str:
    """A length in metres with its unit: 7.5 m."""
    return f"{figure(centimetres / 100, 2)} m"


def square_metres(value: float | None) -> str:
    """An area with its unit; one decimal below 10."""
    return "" if value is None else f"{figure(value, 1 if value < 10 else 0)} m²"


def money(cents: int | None) -> str:
    """An amount in the register's currency, without cents when there are none."""
    if cents is None:
        return ""
    pattern = "¤#,##0" if cents % 100 == 0 else "¤#,##0.00"
    if locale().language == "nl":
        pattern = pattern.replace("¤", "¤ ")
    return numbers.format_currency(
        cents / 100, database.settings().currency, pattern, locale=locale(), currency_digits=False
    )


def choose_language() -> str:
    """The language of this request: as chosen, else as the browser asks, else the city's first.

    Where the register cannot be read, every language that we speak is offered, so that this can be said.
    """
    try:
        offered = database.settings().languages
    except TempuseError:
        offered = LANGUAGES
    chosen = session.get("language")
    if chosen in offered:
        return str(chosen)
    return request.accept_languages.best_match(offered) or offered[0]


def init_app(app: Flask) -> None:
    """Give the app its languages, and the templates their words."""
    Babel(app, locale_selector=lambda: choose_language() if has_request_context() else "en")
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        figure=figure,
        spelled=spelled,
        square_metres=square_metres,
        money=money,
        sentence=error_sentence,
    )
    app.jinja_env.globals.update(language_names=NAMES, locale=locale, spelled=spelled)
    app.jinja_env.add_extension("jinja2.ext.do")


def several(parts: list[str]) -> str:
    """Words in a row as the reader's language joins them: water, power and heating."""
    return format_list(parts, locale=locale())


def in_sentence(facility: Facility) -> str:
    """A facility's word within a sentence."""
    return gettext(facility.label).lower()
