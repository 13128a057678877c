"""A question in words: what each criterion is called, what is asked of it, and all of it as one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from babel.dates import get_day_names
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from tempuse import week
from tempuse.vocabulary import Facility, SpaceKind, Theme, UseCategory
from tempuse.wanted import Wanted
from web import words
from web.presenters import labels
from web.search import query

_LABELS: dict[str, LazyString] = {
    "use": lazy_gettext("Use"), "kind": lazy_gettext("Kind"), "size": lazy_gettext("Size"),
    "start": lazy_gettext("Start"), "term": lazy_gettext("How long"), "hours": lazy_gettext("Hours"),
    "place": lazy_gettext("Place"), "cost": lazy_gettext("Cost"), "start_money": lazy_gettext("At the start"),
    "ceiling": lazy_gettext("Height"), "door": lazy_gettext("Door"), "floor_load": lazy_gettext("Floor"),
    "persons": lazy_gettext("People"), "noise": lazy_gettext("Noise"), "quiet": lazy_gettext("Quiet"),
    "condition": lazy_gettext("Condition"), "soil": lazy_gettext("Soil"), "terms": lazy_gettext("The owner’s terms"),
    "wishes": lazy_gettext("The owner’s wishes"),
}  # fmt: skip
_NOISES = {
    55: lazy_gettext("talking"), 70: lazy_gettext("tools or soft music"), 90: lazy_gettext("machines or a band"),
}  # fmt: skip
_WORKS = {
    "none": lazy_gettext("usable as it is"), "small": lazy_gettext("small repairs at most"),
    "large": lazy_gettext("large repairs too"),
}  # fmt: skip
_GROUPS = {
    "registered": lazy_gettext("a registered group"), "guaranteed": lazy_gettext("a group with a guarantor"),
    "informal": lazy_gettext("an informal group"),
}  # fmt: skip


_FACILITIES = {f"facility:{each.value}": each for each in Facility}


def label(key: str) -> str:
    """What a criterion is called; a facility by its own word."""
    facility = facility_of(key)
    return gettext(facility.label) if facility else str(_LABELS[key])


def otherwise(key: str) -> str:
    """What would be otherwise about a space: "With toilets", "With another size"."""
    facility = facility_of(key)
    if facility is not None:
        return gettext("With %(what)s", what=words.in_sentence(facility))
    return gettext("With another %(what)s", what=words.lower_first(label(key)))


def facility_of(key: str) -> Facility | None:
    """The facility that a criterion is about, None where it is about something else."""
    return _FACILITIES.get(key)


def area(wanted: Wanted) -> str:
    """60 to 120 m²."""
    least, most = wanted.area_least_m2, wanted.area_most_m2
    if least is None and most is None:
        return ""
    if most is None:
        return gettext("at least %(area)s", area=words.square_metres(least))
    if least is None:
        return gettext("%(area)s at most", area=words.square_metres(most))
    return gettext("%(low)s to %(high)s m²", low=words.figure(least), high=words.figure(most))


def start(wanted: Wanted) -> str:
    """From 1 March; between 1 and 15 March; by 1 March."""
    first, last = wanted.starts_on, wanted.starts_by
    if first and last and first != last:
        return gettext("to begin between %(first)s and %(last)s", first=words.day(first), last=words.day(last))
    if first:
        return gettext("from %(day)s", day=words.day(first))
    return gettext("to begin by %(day)s", day=words.day(last)) if last else ""


def term(wanted: Wanted) -> str:
    """For 12 months."""
    if wanted.term_months is not None:
        count = wanted.term_months
        return ngettext("for %(num)s month", "for %(num)s months", count)
    return "" if wanted.term_days is None else gettext("for %(time)s", time=words.duration(wanted.term_days))


def day_names() -> list[str]:
    """The days of the week, Monday first."""
    names = get_day_names("wide", locale=words.locale())
    return [names[day] for day in range(7)]


def hours(bits: int) -> str:
    """Tuesday 19 to 22, Saturday 10 to 18."""
    names = day_names()
    return words.several([
        gettext("%(day)s %(first)s to %(last)s", day=names[day], first=first, last=last)
        for day, first, last in week.stretches(bits)
    ])  # fmt: skip


def place(wanted: Wanted, near_label: str | None = None) -> str:
    """Within 2 km of the chosen place, or in the harbour; ``near_label`` is what a seeker calls that place."""
    said = []
    if wanted.near is not None and wanted.within_m is not None:
        label = near_label or gettext("the chosen place")
        said.append(gettext("within %(distance)s of %(place)s", distance=distance(wanted.within_m), place=label))
    if wanted.districts:
        said.append(
            gettext("in %(districts)s", districts=either([query.district_name(ref) for ref in wanted.districts]))
        )
    return either(said)


def distance(metres: float) -> str:
    """A way: 300 m, 1.5 km; to 100 m from 1 km on."""
    if metres < 1000:
        return f"{words.figure(round(metres, -1))} m"
    return f"{words.figure(metres / 1000, 1)} km"


def either(said: list[str]) -> str:
    """Words of which one is enough: a, b or c."""
    if len(said) < 2:
        return "".join(said)
    return gettext("%(several)s or %(last)s", several=", ".join(said[:-1]), last=said[-1])


def noise(level: int) -> str:
    """How loud it gets, in words where the form has them."""
    return str(_NOISES[level]) if level in _NOISES else f"{level} dB"


_SAYS: dict[str, Callable[[Wanted], str]] = {
    "use": lambda wanted: either([words.lower_first(labels.term(UseCategory, each)) for each in wanted.uses]),
    "kind": lambda wanted: either([words.lower_first(labels.term(SpaceKind, each)) for each in wanted.kinds]),
    "size": area,
    "start": start,
    "term": term,
    "hours": lambda wanted: hours(wanted.hours),
    "place": place,
    "cost": lambda wanted: (
        gettext("for nothing")
        if wanted.budget_month_cents == 0
        else gettext("up to %(amount)s a month", amount=words.money(wanted.budget_month_cents))
    ),
    "start_money": lambda wanted: gettext(
        "up to %(amount)s at the start", amount=words.money(wanted.budget_start_cents)
    ),
    "ceiling": lambda wanted: gettext("%(height)s high", height=words.metres(wanted.ceiling_cm or 0)),
    "door": lambda wanted: gettext("a door of %(width)s", width=words.metres(wanted.door_cm or 0)),
    "floor_load": lambda wanted: gettext(
        "a floor for %(load)s kg/m²", load=words.figure(wanted.floor_load_kg_m2 or 0)
    ),
    "persons": lambda wanted: ngettext("%(num)s person", "%(num)s people", wanted.persons or 0),
    "noise": lambda wanted: gettext("loud as %(what)s", what=noise(wanted.noise_db or 0)),
    "quiet": lambda wanted: gettext("a quiet place"),
    "condition": lambda wanted: str(_WORKS.get(wanted.works or "", "")),
    "soil": lambda wanted: gettext("clean soil"),
    "wishes": lambda wanted: words.several([
        *(words.lower_first(labels.term(Theme, each)) for each in wanted.themes),
        *([gettext("open to everybody")] if wanted.gives_public_access else []),
    ]),
    "terms": lambda wanted: words.several([
        *([str(_GROUPS[wanted.group])] if wanted.group else []),
        *([gettext("insured")] if wanted.insured else [gettext("not insured")] if wanted.insured is False else []),
    ]),
}  # fmt: skip


def asked(wanted: Wanted, key: str) -> str:
    """What is asked of a criterion, in a few words; empty where nothing is."""
    facility = facility_of(key)
    return words.in_sentence(facility) if facility else _SAYS[key](wanted)


def parts(wanted: Wanted, near_label: str | None = None) -> Iterator[tuple[str, str]]:
    """Each criterion that somebody asks, with what is asked of it."""
    for key in wanted.asked:
        if said := place(wanted, near_label) if key == "place" else asked(wanted, key):
            yield key, said


def summary(wanted: Wanted) -> str:
    """All of it in one line: workshop, 60 to 120 m², from 1 March, power and toilets."""
    said = dict(parts(wanted))
    loose = [key for key in said if not wanted.is_must(key) and key not in ("soil", "terms", "wishes")]
    line = ", ".join(text for key, text in said.items() if key not in loose)
    if loose:
        wishes = words.several([said[key] for key in loose])
        line = gettext("%(musts)s; if it can be: %(wishes)s", musts=line, wishes=wishes) if line else wishes
    return line
