"""The terms of a permit as labels and sentences, and its conditions."""

from __future__ import annotations

from babel import dates
from flask_babel import gettext

from tempuse.papers import FactsBlock, ListBlock, PaperSection, TextBlock
from tempuse.papers.snapshot import ConditionOnPaper, HoursOnPaper, Snapshot, TermsOnPaper
from tempuse.vocabulary import CostModel, CostPeriod, Term, UseCategory
from web import words
from web.papers import plain
from web.papers.plain import amount, day, days, minute


def sections(snapshot: Snapshot) -> list[PaperSection]:
    """When, what is allowed, what it costs, how it ends, and the conditions."""
    terms, currency = snapshot["terms"], snapshot["currency"]
    found = [_when(terms), _use(terms), _money(terms, currency), _end(terms)]
    return [*(each for each in found if _says_something(each)), *conditions(terms.get("conditions") or [])]


def _says_something(section: PaperSection) -> bool:
    return any(not isinstance(block, FactsBlock) or block.rows for block in section.blocks)


def _when(terms: TermsOnPaper) -> PaperSection:
    season = terms.get("season")
    hours = [hours_in_words(each) for each in terms.get("hours") or []]
    return plain.section(
        gettext("When"),
        (gettext("First day"), day(terms["starts_on"])),
        (gettext("Last day"), day(terms["ends_on"])),
        (gettext("These terms hold from"), day(terms.get("from_on"))),
        (gettext("Hours"), "\n".join(hours) or gettext("at any hour")),
        (
            gettext("Each year"),
            season
            and gettext(
                "from %(first)s to %(last)s",
                first=plain.of_each_year(season["from_day"]),
                last=plain.of_each_year(season["until_day"]),
            ),
        ),
        (gettext("Not on"), _these_days(terms.get("except_on"))),
        (gettext("Also on"), _these_days(terms.get("extra_on"))),
    )


def _these_days(values: list[str] | None) -> str:
    return words.several([day(each) for each in values]) if values else ""


def hours_in_words(hours: HoursOnPaper) -> str:
    """Hours in words: Tuesday and Thursday, 19:00–22:00, every 2 weeks."""
    names = dates.get_day_names("wide", "stand-alone", locale=words.locale())
    weekdays = words.several([names[each] for each in range(7) if hours["weekdays"] & 1 << each])
    nth, weeks = hours.get("nth_in_month"), hours.get("every_weeks") or 1
    if nth is not None:
        weekdays = _nth(nth, weekdays)
    start, end = hours["from_minute"], hours["until_minute"]
    until = gettext("%(time)s the next morning", time=minute(end)) if end <= start or end > plain.DAY else minute(end)
    said = gettext("%(weekdays)s, %(start)s–%(until)s", weekdays=weekdays, start=minute(start), until=until)
    return gettext("%(hours)s, every %(count)s weeks", hours=said, count=weeks) if weeks > 1 else said


def _nth(nth: int, weekdays: str) -> str:
    if nth == -1:
        return gettext("the last %(weekday)s of each month", weekday=weekdays)
    return {
        1: gettext("the first %(weekday)s of each month", weekday=weekdays),
        2: gettext("the second %(weekday)s of each month", weekday=weekdays),
        3: gettext("the third %(weekday)s of each month", weekday=weekdays),
    }.get(nth, gettext("the fourth %(weekday)s of each month", weekday=weekdays))


def _use(terms: TermsOnPaper) -> PaperSection:
    quiet_from, quiet_until = terms.get("quiet_from"), terms.get("quiet_until")
    noise, persons, is_open = terms.get("noise_limit_db"), terms.get("persons_most"), terms.get("open_to_public")
    return plain.section(
        gettext("Use"),
        (gettext("Part"), terms.get("part")),
        (
            gettext("Allowed uses"),
            words.several([_word(UseCategory, each) for each in terms.get("uses_permitted", [])]),
        ),
        (gettext("Persons at most"), "" if persons is None else words.figure(persons)),
        (gettext("Noise at most"), "" if noise is None else gettext("%(figure)s dB", figure=noise)),
        (
            gettext("Quiet hours"),
            gettext("%(start)s–%(until)s", start=minute(quiet_from), until=minute(quiet_until))
            if quiet_from is not None and quiet_until is not None
            else "",
        ),
        (gettext("Open to the public"), "" if is_open is None else gettext("yes") if is_open else gettext("no")),
        (
            gettext("Insurance"),
            gettext("The holder is insured against damage to others and to the space.")
            if terms.get("insurance_required")
            else "",
        ),
        (gettext("Letting others use it"), _sublet(terms.get("sublet", ""))),
    )


def _money(terms: TermsOnPaper, currency: str) -> PaperSection:
    fee, model = terms.get("fee_cents"), terms.get("cost_model", "")
    period = _word(CostPeriod, terms.get("fee_period") or "")
    said = f"{amount(fee, currency)} {period}".strip() if fee else ""
    return plain.section(
        gettext("Costs"),
        (gettext("What it costs"), _word(CostModel, model) if model != CostModel.UNKNOWN else ""),
        (gettext("Fee"), said),
        (gettext("Deposit"), amount(terms.get("deposit_cents"), currency) if terms.get("deposit_cents") else ""),
    )


def _end(terms: TermsOnPaper) -> PaperSection:
    ask = terms.get("renew_ask_days")
    return plain.section(
        gettext("Form and end"),
        (gettext("Legal form"), _tenure(terms.get("tenure", ""))),
        (gettext("Instrument"), terms.get("instrument")),
        (gettext("Notice by who holds it"), days(terms.get("notice_days_holder"))),
        (gettext("Notice by who grants it"), days(terms.get("notice_days_grantor"))),
        (
            gettext("To go on after the last day"),
            "" if ask is None else gettext("ask at least %(days)s before it", days=days(ask)),
        ),
        (gettext("Longest in all"), days(terms.get("longest_total_days"))),
        (gettext("If the space is sold"), _on_sale(terms.get("on_sale", ""))),
    )


def conditions(these: list[ConditionOnPaper]) -> list[PaperSection]:
    """The conditions, each with its reason; none where there are none."""
    if not these:
        return []
    return [PaperSection(gettext("Conditions"), [ListBlock([_condition(each) for each in these])])]


def _condition(condition: ConditionOnPaper) -> str:
    lines = [condition["text"]]
    if condition.get("because"):
        lines.append(gettext("Reason: %(because)s", because=condition["because"]))
    if condition.get("check_on"):
        lines.append(gettext("Checked on %(day)s.", day=day(condition["check_on"])))
    return "\n".join(lines)


def proof(snapshot: Snapshot) -> PaperSection:
    """The hash of the terms, which assents and signatures name."""
    terms = snapshot["terms"]
    said = gettext(
        "This paper tells version %(version)s of the terms. Their SHA-256, which signatures name, is:",
        version=terms["version"],
    )
    return PaperSection(gettext("Proof"), [TextBlock(said), TextBlock(terms["sha256"])])


def _word(kind: type[Term], value: str) -> str:
    """The word of a value as it stands within a sentence; a value that the vocabulary no longer has stays."""
    return words.shown(kind(value)) if value in set(kind) else value


def _sublet(value: str) -> str:
    return {
        "no": gettext("not allowed"),
        "with_consent": gettext("only when who grants it agrees"),
        "yes": gettext("allowed"),
    }.get(value, value)


def _tenure(value: str) -> str:
    return {
        "loan": gettext("loan for use"),
        "precarious": gettext("precarious use, which may be ended at any time"),
        "licence": gettext("licence to use"),
        "lease": gettext("lease"),
        "land_permit": gettext("permit to use public land"),
        "other": gettext("another form"),
    }.get(value, value)


def _on_sale(value: str) -> str:
    return {
        "continues": gettext("the permit goes on"),
        "may_be_ended": gettext("the new owner may end it with notice"),
        "ends": gettext("the permit ends"),
    }.get(value, value)
