"""The terms of a permit as sentences: the same for the office, the group, the owner, letters and papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from babel import dates
from flask_babel import gettext, ngettext

from tempuse.terms import EVERY_DAY, Hours, Terms, TermsCondition
from tempuse.vocabulary import CostModel, CostPeriod, OnSale, Sublet, Tenure, UseCategory
from web import words
from web.presenters import labels

_WORKDAYS = 0b001_1111


def sentences(terms: Terms) -> list[str]:
    """Everything that the terms say but their conditions, one sentence each, in the reader's language."""
    return [each for each in (*when(terms), *_what(terms), *_money(terms), *_end(terms)) if each]


def period(terms: Terms) -> str:
    """From when to when: 1 March to 31 May 2027."""
    if terms.starts_on is None or terms.ends_on is None:
        return gettext("without days yet")
    if terms.starts_on == terms.ends_on:
        return words.day(terms.starts_on, year=True)
    same_year = terms.starts_on.year == terms.ends_on.year
    start = words.day(terms.starts_on, year=not same_year)
    return gettext("%(start)s to %(end)s", start=start, end=words.day(terms.ends_on, year=True))


def when(terms: Terms) -> list[str]:
    """The days and times of use."""
    found = []
    if terms.starts_on and terms.ends_on:
        found.append(gettext(
            "From %(start)s to %(end)s, both days included.", start=words.day(terms.starts_on, year=True),
            end=words.day(terms.ends_on, year=True),
        ))  # fmt: skip
    found += [f"{each[:1].upper()}{each[1:]}." for each in map(hours_in_words, terms.hours)]
    if terms.season_from and terms.season_until:
        start, end = _month_day(terms.season_from), _month_day(terms.season_until)
        found.append(gettext("Each year only from %(start)s to %(end)s.", start=start, end=end))
    if terms.except_on:
        found.append(gettext("Not on %(days)s.", days=words.several([words.day(each) for each in terms.except_on])))
    if terms.extra_on:
        found.append(gettext("Also on %(days)s.", days=words.several([words.day(each) for each in terms.extra_on])))
    return found


def hours_in_words(hours: Hours) -> str:
    """One row of hours within a sentence: every second week on Tuesday and Thursday from 19:00 to 22:00."""
    days = _weekdays(hours.weekdays)
    if hours.nth_in_month == -1:
        said = gettext("on the last %(days)s of each month", days=days)
    elif hours.nth_in_month:
        nth = (gettext("first"), gettext("second"), gettext("third"), gettext("fourth"))[hours.nth_in_month - 1]
        said = gettext("on the %(nth)s %(days)s of each month", nth=nth, days=days)
    elif hours.weekdays == EVERY_DAY and hours.every_weeks == 1:
        said = gettext("every day")
    else:
        said = gettext("on %(days)s", days=days)
    if hours.every_weeks > 1:
        weeks = gettext("every %(number)s weeks", number=words.spelled(hours.every_weeks))
        said = f"{weeks} {said}"
    start, end = clock(hours.from_minute), clock(hours.until_minute)
    if hours.until_minute <= hours.from_minute:
        return gettext("%(days)s from %(start)s to %(end)s the next morning", days=said, start=start, end=end)
    return gettext("%(days)s from %(start)s to %(end)s", days=said, start=start, end=end)


def clock(minute: int) -> str:
    """A minute of the day as a clock shows it: 19:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _weekdays(bits: int) -> str:
    if bits == _WORKDAYS:
        return gettext("working days")
    called = dates.get_day_names("wide", locale=words.locale())
    return words.several([called[day] for day in range(7) if bits >> day & 1])


def _month_day(text: str) -> str:
    month, day = (int(part) for part in text.split("-"))
    called = dates.get_month_names("wide", locale=words.locale())[month]
    return f"{day} {called}"


def _what(terms: Terms) -> list[str]:
    found = []
    if terms.part:
        found.append(gettext("Only this part: %(part)s.", part=terms.part.rstrip(".")))
    if terms.uses_permitted:
        uses = [words.lower_first(labels.term(UseCategory, each)) for each in terms.uses_permitted]
        found.append(gettext("For %(uses)s.", uses=words.several(uses)))
    if terms.persons_most:
        people = ngettext(
            "%(n)s person", "%(n)s people", terms.persons_most, n=words.figure(terms.persons_most)
        )  # fmt: skip
        found.append(gettext("At most %(people)s at once.", people=people))
    if terms.noise_limit_db:
        found.append(gettext("Not louder than %(limit)s dB.", limit=terms.noise_limit_db))
    if terms.quiet_from is not None and terms.quiet_until is not None:
        start, end = clock(terms.quiet_from), clock(terms.quiet_until)
        found.append(gettext("Quiet from %(start)s to %(end)s.", start=start, end=end))
    if terms.open_to_public:
        found.append(gettext("Everybody may come in."))
    if terms.insurance_required:
        found.append(gettext("The group is insured for damage to others."))
    found.append({
        Sublet.NO.value: gettext("The group lets nobody else use it."),
        Sublet.WITH_CONSENT.value: gettext("The group asks each time before it lets others use it."),
        Sublet.YES.value: gettext("The group may give parts of it to others."),
    }.get(terms.sublet, ""))  # fmt: skip
    return found


def _money(terms: Terms) -> list[str]:
    found = []
    if terms.fee_cents:
        parts = [words.money(terms.fee_cents), labels.term(CostPeriod, terms.fee_period)]
        found.append(gettext("It costs %(amount)s.", amount=" ".join(part for part in parts if part)))
    elif terms.cost_model == CostModel.FREE:
        found.append(gettext("It costs nothing."))
    elif terms.cost_model != CostModel.UNKNOWN:
        found.append(f"{labels.term(CostModel, terms.cost_model)}.")
    if terms.deposit_cents:
        found.append(gettext(
            "A deposit of %(amount)s is left, and comes back with the keys.", amount=words.money(terms.deposit_cents)
        ))  # fmt: skip
    return found


def _end(terms: Terms) -> list[str]:
    form = terms.instrument or labels.term(Tenure, terms.tenure)
    found = [gettext("In law it is: %(form)s.", form=words.lower_first(form))]
    found.append(gettext(
        "The group may end it with %(holder)s’ notice, the grantor with %(grantor)s’.",
        holder=_days(terms.notice_days_holder), grantor=_days(terms.notice_days_grantor),
    ))  # fmt: skip
    if terms.ends_on and terms.renew_ask_days:
        by = words.day(terms.ends_on - timedelta(days=terms.renew_ask_days), year=True)
        found.append(gettext("Whoever wants to go on asks by %(day)s.", day=by))
    if terms.longest_total_days:
        longest = words.duration(terms.longest_total_days)
        found.append(gettext("With everything that goes on from it, it lasts %(time)s at most.", time=longest))
    found.append(on_sale(terms))
    return found


def on_sale(terms: Terms) -> str:
    """What was agreed for a sale, in a sentence."""
    return {
        OnSale.CONTINUES.value: gettext("If the space is sold, it goes on under the new owner."),
        OnSale.MAY_BE_ENDED.value: gettext("If the space is sold, it may be ended with the grantor’s notice."),
        OnSale.ENDS.value: gettext("If the space is sold, it ends on that day."),
    }.get(terms.on_sale, "")


def _days(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


def condition_in_words(condition: TermsCondition) -> str:
    """What the group keeps to, and why."""
    text = condition.text.strip()
    said = text if text.endswith((".", "!", "?")) else f"{text}."
    return f"{said} ({condition.because.strip().rstrip('.')})" if condition.because else said


def conditions(terms: Terms) -> Sequence[str]:
    """Every condition of the terms, a sentence or two each."""
    return [condition_in_words(each) for each in terms.conditions]
