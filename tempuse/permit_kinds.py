"""Kinds of permits, as a city sets them: what is asked, who is asked, on what terms, and how long each step takes.

A city has at least one; ``DEFAULT`` is for a town that has set none. Departments and conditions are catalogues of the
city, too. All three are settings that hold maps; ``data/permit-kinds`` has examples.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from tempuse.errors import Issue
from tempuse.terms import Terms, check_terms
from tempuse.vocabulary import Party

# What a form may ask beside the five fields, where the kind names it.
ASKED = ("hours", "persons", "noise", "insurance", "budget", "files")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_MOST_DAYS = 36_500
_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitKind:
    """One kind.

    Attributes:
        name: by which permits name it.
        title: what it is called, by language.
        lead: what it is for, by language.
        is_offered: groups may ask for it; one that is not stays for the permits that have it.
        asks: which of ASKED the form asks.
        departments: those that must be asked, by their names.
        asked_departments: those that are asked and need not answer.
        notice_days: for how many days neighbours may comment; 0 for no notice.
        parties: who signs.
        decision_days: within how many days the city decides, by law.
        aim_days: within how many it wants to.
        sign_days: within how many an approval is signed.
        object_days: for how many days the group may object to a decision.
        longest_term_days: of one permit; None for as long as the space allows.
        terms: what its terms begin with, by field of ``Terms``.
        conditions: of the city's catalogue, by their keys.
        location_level: how precisely the public sees where it is, at most.
        unlisted: the public sees nothing of it.
        sublets: its holder may give parts to others: it is a head permit.
    """

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    lead: Mapping[str, str] = field(default_factory=dict)
    is_offered: bool = True
    asks: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    asked_departments: tuple[str, ...] = ()
    notice_days: int = 0
    parties: tuple[str, ...] = (Party.HOLDER.value, Party.GRANTOR.value)
    decision_days: int = 56
    aim_days: int = 28
    sign_days: int = 30
    object_days: int = 30
    longest_term_days: int | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    location_level: str | None = None
    unlisted: bool = False
    sublets: bool = False


DEFAULT = PermitKind(
    name="use",
    title={"en": "Temporary use", "nl": "Tijdelijk gebruik"},
    lead={
        "en": "A group uses a space for a time, on terms that are agreed.",
        "nl": "Een groep gebruikt een ruimte voor een tijd, onder afgesproken voorwaarden.",
    },
    conditions=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department that is asked about requests.

    Attributes:
        name: by which checks name it.
        title: what it is called, by language.
        email: where it is written to while it has no reviewer.
        answer_days: within how many days it answers.
        silence: what no answer means: ``blocks``, or ``no_concern`` after ``silence_days``, as is published.
        silence_days: after how many days.
    """

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    answer_days: int = 21
    silence: str = "blocks"
    silence_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CityCondition:
    """A condition of the city's catalogue.

    Attributes:
        key: by which terms name it.
        text: what it says, by language.
        because: why it is made, by language.
    """

    key: str
    text: Mapping[str, str] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)


CATALOGUES: dict[str, type[Any]] = {
    "permit_kinds": PermitKind, "departments": Department, "city_conditions": CityCondition,
}  # fmt: skip


def read(what: type[Any], given: Mapping[str, Any]) -> Any:
    """A kind, a department or a condition from a map; lists become tuples, what is not known is left out."""
    known = {each.name for each in fields(what)}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return what(**{name: value for name, value in values.items() if name in known})


def kinds(held: Sequence[Mapping[str, Any]]) -> list[PermitKind]:
    """The kinds of a city, from the setting ``permit_kinds``; DEFAULT where it has set none."""
    return [read(PermitKind, each) for each in held] or [DEFAULT]


def kind_named(held: Sequence[Mapping[str, Any]], name: str) -> PermitKind:
    """The kind of a name; one that the city has no more is like DEFAULT, under its name, and is not offered."""
    found = next((each for each in kinds(held) if each.name == name), None)
    return found or PermitKind(name=name, is_offered=False)


def departments(held: Sequence[Mapping[str, Any]]) -> list[Department]:
    """The departments of a city, from its setting."""
    return [read(Department, each) for each in held]


def city_conditions(held: Sequence[Mapping[str, Any]]) -> list[CityCondition]:
    """The conditions of a city's catalogue, from its setting."""
    return [read(CityCondition, each) for each in held]


def said(words: Mapping[str, str], language: str) -> str:
    """What a city wrote in several languages, in one of them; else in the first that it has."""
    return words.get(language) or next(iter(words.values()), "")


def check_catalogue(setting: str, held: Any) -> list[Issue]:
    """What is wrong with the maps of one of these settings; each issue names the entry."""
    what = CATALOGUES[setting]
    if not isinstance(held, (list, tuple)) or len(held) > _MOST or not all(isinstance(each, Mapping) for each in held):
        return [Issue.of(setting, "", "setting.catalogue", most=_MOST)]
    first = fields(what)[0].name
    issues = [issue for each in held for issue in _check_entry(setting, what, each)]
    names = [each.get(first) for each in held]
    if len(set(map(str, names))) < len(names):
        issues.append(
            Issue.of(setting, ", ".join(map(str, names)), "setting.catalogue_twice", value=", ".join(map(str, names)))
        )
    return issues


def _check_entry(setting: str, what: type[Any], each: Mapping[str, Any]) -> list[Issue]:
    known = {one.name: one for one in fields(what)}
    first = next(iter(known))
    called = str(each.get(first, ""))
    found = []
    if not _NAME.fullmatch(called):
        found.append(first)
    found += [name for name in each if name not in known or not _fits(what, name, known[name], each[name])]
    issues = [
        Issue.of(setting, f"{called}: {name}", "setting.catalogue_entry", name=called, field=name) for name in found
    ]
    if what is PermitKind and not found and each.get("terms"):
        issues += [
            Issue.of(setting, f"{called}: {issue.field}", "setting.catalogue_entry", name=called, field=issue.field)
            for issue in _wrong_terms(each["terms"])
        ]
    return issues


def _wrong_terms(values: Mapping[str, Any]) -> list[Issue]:
    from_table = {one.name for one in fields(Terms)}
    strange = [Issue.of(name, "", "field.unknown") for name in values if name not in from_table]
    if strange:
        return strange
    try:
        terms = Terms(**values)
        return [issue for issue in check_terms(terms) if issue.field in values]
    except (TypeError, ValueError, AttributeError):
        return [Issue.of("terms", "", "setting.catalogue_entry")]


def _fits(what: type[Any], name: str, about: Any, value: Any) -> bool:
    usual: Any = "" if about.default is MISSING else about.default
    if about.default_factory is not MISSING:
        usual = about.default_factory()
    if isinstance(usual, bool):
        return isinstance(value, bool)
    if isinstance(usual, int) or name == "longest_term_days":
        return (value is None and usual is None) or (isinstance(value, int) and 0 <= value <= _MOST_DAYS)
    if isinstance(usual, tuple):
        allowed = {"asks": ASKED, "parties": [party.value for party in Party]}.get(name)
        listed = isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value)
        return listed and (allowed is None or set(value) <= set(allowed))
    if isinstance(usual, dict):
        return isinstance(value, Mapping) and (name == "terms" or all(isinstance(one, str) for one in value.values()))
    if what is Department and name == "silence":
        return value in ("blocks", "no_concern")
    return (value is None and usual is None) or isinstance(value, str)
