"""The form of terms: every field that can be proposed, as a planner writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from babel import dates
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FormField, StringField, TextAreaField
from wtforms import Form as PlainForm

from tempuse.errors import Issue
from tempuse.permit_kinds import city_conditions, said
from tempuse.terms import DAY, FIELDS, Hours, Terms, TermsCondition
from tempuse.vocabulary import CostModel, CostPeriod, OnSale, Sublet, Tenure, UseCategory
from web import database, words
from web.office.permits.acting import ActForm
from web.presenters import labels
from web.presenters.terms import clock
from web.site import arguments
from web.site.forms import AtMost, Choice, Choices, Day, Rows

_SPARE = 2
_NUMERIC = {"inputmode": "numeric"}
_LISTS = {"sublet": Sublet, "tenure": Tenure, "cost_model": CostModel, "on_sale": OnSale, "fee_period": CostPeriod}
_WHOLES = (
    "persons_most", "noise_limit_db", "notice_days_holder", "notice_days_grantor", "renew_ask_days",
    "longest_total_days",
)  # fmt: skip
_NEEDED_WHOLES = ("notice_days_holder", "notice_days_grantor", "renew_ask_days")
_TEXTS = ("part", "instrument", "season_from", "season_until")


def _word(name: str) -> Any:
    return lazy_gettext(FIELDS[name]["word"])


class TermsHoursRow(PlainForm):  # type: ignore[misc]
    """One row of hours; one without a weekday says nothing."""

    weekdays = Choices(lazy_gettext("Weekdays"), strict=False)
    from_clock = StringField(lazy_gettext("From"), render_kw={"placeholder": "19:00"})
    until_clock = StringField(lazy_gettext("Until"), render_kw={"placeholder": "22:00"})
    rhythm = Choice(lazy_gettext("How often"), look="list", strict=False, choices=[
        ("1", lazy_gettext("Every week")), ("2", lazy_gettext("Every second week")),
        ("3", lazy_gettext("Every third week")), ("4", lazy_gettext("Every fourth week")),
        ("n1", lazy_gettext("The first in a month")), ("n2", lazy_gettext("The second in a month")),
        ("n3", lazy_gettext("The third in a month")), ("n4", lazy_gettext("The fourth in a month")),
        ("n-1", lazy_gettext("The last in a month")),
    ])  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        called = dates.get_day_names("abbreviated", locale=words.locale())
        self.weekdays.choices = [(str(1 << day), called[day]) for day in range(7)]


class ConditionRow(PlainForm):  # type: ignore[misc]
    """One condition."""

    text = TextAreaField(lazy_gettext("What the group keeps to"), validators=[AtMost(2000)])
    because = StringField(lazy_gettext("Why"), validators=[AtMost(1000)])
    check_on = Day(lazy_gettext("Look after it on"), strict=False)


def number(text: str, most: int = 10**9) -> int | None:
    """A whole number without a sign that somebody wrote; None for anything else."""
    return arguments.whole(MultiDict({"n": text}), "n", 0, most, None)


def minute_of_clock(text: str | None) -> int | None:
    """``19:00`` or ``7.30`` as a minute of the day, 24:00 as its end; None for anything else."""
    hour, found, minute = (text or "").strip().replace(".", ":").partition(":")
    hours, minutes = number(hour, 99), number(minute, 99) if found else 0
    if hours is None or minutes is None or minutes > 59 or hours * 60 + minutes > DAY:
        return None
    return hours * 60 + minutes


def hours_of(rows: Rows) -> tuple[list[Hours], list[Issue]]:
    """The rows of hours that say something, and what is wrong with them."""
    found, issues = [], []
    for row in rows.entries:
        bits = sum(int(each) for each in row.form.weekdays.data or () if each in _BITS)
        start, end = minute_of_clock(row.form.from_clock.data), minute_of_clock(row.form.until_clock.data)
        if not bits and not row.form.from_clock.data:
            continue
        if not bits or start is None or end is None or start == DAY:
            issues.append(Issue.of(row.form.from_clock.name, "", "terms.hours"))
            continue
        rhythm = row.form.rhythm.data or "1"
        weeks, nth = _RHYTHMS.get(rhythm, (1, None))
        found.append(Hours(weekdays=bits, from_minute=start, until_minute=end, every_weeks=weeks, nth_in_month=nth))
    return found, issues


_BITS = {str(1 << day) for day in range(7)}
_RHYTHMS: dict[str, tuple[int, int | None]] = {
    "1": (1, None), "2": (2, None), "3": (3, None), "4": (4, None),
    "n1": (1, 1), "n2": (1, 2), "n3": (1, 3), "n4": (1, 4), "n-1": (1, -1),
}  # fmt: skip


def rows_of_hours(hours: Sequence[Hours]) -> list[dict[str, Any]]:
    """Hours as the rows of a form, with one more to fill in."""
    rows: list[dict[str, Any]] = [
        {
            "weekdays": [str(1 << day) for day in range(7) if each.weekdays >> day & 1],
            "from_clock": clock(each.from_minute), "until_clock": clock(each.until_minute),
            "rhythm": f"n{each.nth_in_month}" if each.nth_in_month else str(each.every_weeks),
        }
        for each in hours
    ]  # fmt: skip
    return [*rows, {"rhythm": "1"}]


class TermsForm(ActForm):
    """Other terms."""

    from_on = Day(_word("from_on"), description=lazy_gettext("For a change while it runs: the first day of it."))
    starts_on = Day(_word("starts_on"))
    ends_on = Day(_word("ends_on"))
    hours = Rows(FormField(TermsHoursRow), _word("hours"), min_entries=1, max_entries=50,
                 description=lazy_gettext("Empty: all day, every day."))  # fmt: skip
    season_from = StringField(_word("season_from"), description=lazy_gettext("Each year only; like 11-01."))
    season_until = StringField(_word("season_until"))
    except_on = StringField(_word("except_on"), description=lazy_gettext("Days like 2027-03-01, with commas between."))
    extra_on = StringField(_word("extra_on"))
    part = StringField(_word("part"), validators=[AtMost(500)])
    uses_permitted = Choices(_word("uses_permitted"))
    persons_most = StringField(_word("persons_most"), render_kw=_NUMERIC)
    noise_limit_db = StringField(_word("noise_limit_db"), render_kw=_NUMERIC)
    quiet_from = StringField(_word("quiet_from"), render_kw={"placeholder": "22:00"})
    quiet_until = StringField(_word("quiet_until"), render_kw={"placeholder": "07:00"})
    open_to_public = BooleanField(_word("open_to_public"))
    insurance_required = BooleanField(_word("insurance_required"))
    sublet = Choice(_word("sublet"), look="list")
    tenure = Choice(_word("tenure"), look="list")
    instrument = StringField(_word("instrument"), validators=[AtMost(200)])
    cost_model = Choice(_word("cost_model"), look="list")
    fee_cents = StringField(_word("fee_cents"))
    fee_period = Choice(_word("fee_period"), look="list")
    deposit_cents = StringField(_word("deposit_cents"))
    notice_days_holder = StringField(_word("notice_days_holder"), render_kw=_NUMERIC)
    notice_days_grantor = StringField(_word("notice_days_grantor"), render_kw=_NUMERIC)
    renew_ask_days = StringField(_word("renew_ask_days"), render_kw=_NUMERIC)
    longest_total_days = StringField(_word("longest_total_days"), render_kw=_NUMERIC)
    on_sale = Choice(_word("on_sale"), look="list")
    from_catalogue = Choices(lazy_gettext("Conditions of the city"))
    conditions = Rows(FormField(ConditionRow), lazy_gettext("Conditions"), min_entries=1, max_entries=50)

    def __init__(self, terms: Terms, language: str) -> None:
        super().__init__(data=_texts(terms))
        self.before, self.language = terms, language
        for name, kind in _LISTS.items():
            self[name].choices = labels.choices(kind, empty="–" if name == "fee_period" else None)
        self.uses_permitted.choices = labels.choices(UseCategory)
        held = {each.key for each in terms.conditions}
        self.catalogue = {
            each.key: each for each in city_conditions(database.settings().city_conditions) if each.key not in held
        }
        self.from_catalogue.choices = [(key, said(each.text, language)) for key, each in self.catalogue.items()]
        if not self.catalogue:
            del self.from_catalogue

    def changes(self) -> tuple[dict[str, Any], list[Issue]]:
        """New values by field, of those that differ; and what does not fit."""
        values, issues = self._values()
        return {name: value for name, value in values.items() if value != getattr(self.before, name)}, issues

    def _values(self) -> tuple[dict[str, Any], list[Issue]]:
        hours, issues = hours_of(self.hours)
        values: dict[str, Any] = {name: self[name].day for name in ("from_on", "starts_on", "ends_on") if name in self}
        values |= {"hours": tuple(hours), "uses_permitted": tuple(self.uses_permitted.data or ())}
        values |= {name: (self[name].data or "").strip() or None for name in _TEXTS}
        values |= {name: self[name].data or None for name in _LISTS}
        values |= {name: bool(self[name].data) for name in ("open_to_public", "insurance_required")}
        readers = {
            **dict.fromkeys(("except_on", "extra_on"), _days), **dict.fromkeys(_WHOLES, number),
            **dict.fromkeys(("fee_cents", "deposit_cents"), _cents),
            **dict.fromkeys(("quiet_from", "quiet_until"), minute_of_clock),
        }  # fmt: skip
        for name, read in readers.items():
            written = (self[name].data or "").strip()
            values[name] = read(written)  # type: ignore[operator]
            if (values[name] is None and written) or (name in _NEEDED_WHOLES and not written):
                message = "field.needed" if not written else _WRONG[read]
                issues.append(Issue.of(name, written, message, value=written))
        values["conditions"] = self._conditions()
        return values, issues

    def _conditions(self) -> tuple[TermsCondition, ...]:
        held = {each.text: each for each in self.before.conditions}
        found = []
        for row in self.conditions.entries:
            text = (row.form.text.data or "").replace("\r\n", "\n").strip()
            if text:
                was = held.get(text)
                found.append(TermsCondition(
                    text=text, key=was.key if was else None, because=(row.form.because.data or "").strip() or None,
                    from_check_ref=was.from_check_ref if was else None, check_on=row.form.check_on.day,
                ))  # fmt: skip
        if "from_catalogue" in self:
            for key in self.from_catalogue.data or ():
                each = self.catalogue[key]
                because = said(each.because, self.language) or None
                found.append(TermsCondition(key=key, text=said(each.text, self.language), because=because))
        return tuple(found)


def _days(written: str) -> tuple[date, ...] | None:
    found = [arguments.day(part) for part in written.replace(",", " ").split()]
    return None if None in found else tuple(sorted({day for day in found if day}))


def _cents(written: str) -> int | None:
    whole, point, rest = written.replace(",", ".").partition(".")
    units, cents = number(whole), number(rest.ljust(2, "0"), 99) if point else 0
    return None if units is None or cents is None or len(rest) > 2 else units * 100 + cents


_WRONG = {_days: "fact.not_a_date", number: "setting.number", _cents: "setting.number", minute_of_clock: "terms.clock"}


def _texts(terms: Terms) -> dict[str, Any]:
    """Terms as the texts of their form."""
    texts: dict[str, Any] = {name: "" if value is None else value for name, value in asdict(terms).items()}
    for name in ("from_on", "starts_on", "ends_on"):
        texts[name] = str(texts[name])
    for name in ("except_on", "extra_on"):
        texts[name] = ", ".join(str(day) for day in texts[name])
    for name in ("fee_cents", "deposit_cents"):
        if texts[name] != "":
            texts[name] = f"{texts[name] / 100:.2f}"
    for name in ("quiet_from", "quiet_until"):
        if texts[name] != "":
            texts[name] = clock(texts[name])
    texts["uses_permitted"] = list(terms.uses_permitted)
    texts["hours"] = rows_of_hours(terms.hours)
    texts["conditions"] = [
        {"text": each.text, "because": each.because or "", "check_on": str(each.check_on or "")}
        for each in terms.conditions
    ] + [{}] * _SPARE
    return texts
