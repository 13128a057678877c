"""Fields of the nouns, declared once: the store's columns, the checks, forms, labels and exports follow from them.

A noun is a dataclass whose fields are made by ``field``; what must hold between two of them stands in its ``RULES``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Literal, Required, TypedDict, TypeVar, cast

from tempuse.errors import Issue
from tempuse.vocabulary import Term

Kind = Literal["text", "long", "choice", "flag", "number", "whole", "day", "instant", "list", "map", "geometry"]
Unit = Literal["m2", "cm", "cents", "days", "db", "kg_m2", "minute", "persons", "storey", "year"]

Noun = type[Any]
T = TypeVar("T")


class About(TypedDict, total=False):
    """What is known of a field.

    Attributes:
        kind: the kind of its values.
        word: what people call it, in English; empty where nobody is shown it.
        of: the list its values, or each of them, must be from.
        least: the smallest value.
        most: the largest value.
        longest: so many letters at most.
        wrong: the message for a value that does not fit, where the usual one says too little.
        unit: what its numbers count.
        fixed: set by the program, never by a form.
        needed: whether every record has one.
        group: the part of a form or page it belongs to.
        before: the field of that group which it is shown before, although it is declared behind it.
        guessed: False where no column of a list is taken for it by its name alone.
        short: its name of at most ten letters in a Shapefile.
    """

    kind: Required[Kind]
    word: Required[str]
    of: type[Term]
    least: float
    most: float
    longest: int
    wrong: str
    unit: Unit
    fixed: bool
    needed: bool
    group: str
    before: str
    guessed: bool
    short: str


@dataclass(frozen=True, slots=True)
class InOrder:
    """Between two fields: ``first`` is not after ``last``, where both are known; otherwise ``message``."""

    first: str
    last: str
    message: str

    def is_broken(self, first: Any, last: Any) -> bool:
        """Whether two values do not keep to it."""
        return first is not None and last is not None and last < first

    def issue(self, first: Any, last: Any) -> Issue:
        """What is said of two such values."""
        return Issue.of(self.last, str(last), self.message, start=first, end=last)


@dataclass(frozen=True, slots=True)
class Apart:
    """Between two lists: no value stands in both ``first`` and ``last``; otherwise ``message``."""

    first: str
    last: str
    message: str

    def is_broken(self, first: Any, last: Any) -> bool:
        """Whether two lists do not keep to it."""
        return bool(first and last) and not set(first).isdisjoint(last)

    def issue(self, first: Any, last: Any) -> Issue:
        """What is said of two such lists."""
        both = [value for value in last if value in first]
        return Issue.of(self.last, ", ".join(both), self.message)


def field(kind: Kind, word: str = "", default: Any = None, **more: Any) -> Any:
    """A field of a noun; ``more`` as ``About`` has it."""
    if unknown := set(more) - set(About.__annotations__):
        raise TypeError(f"a field knows nothing of {', '.join(sorted(unknown))}")
    about = {"kind": kind, "word": word, **more}
    if callable(default):
        return dataclasses.field(default_factory=default, metadata=about)
    return dataclasses.field(default=default, metadata=about)


def _once(make: Callable[[Noun], T]) -> Callable[[Noun], T]:
    """What is made of a noun is made once."""
    return cast("Callable[[Noun], T]", cache(make))


@_once
def fields_of(noun: Noun) -> dict[str, About]:
    """The fields of a noun in the order of their declaration."""
    return {each.name: cast(About, each.metadata) for each in dataclasses.fields(noun)}


@_once
def empty_of(noun: Noun) -> dict[str, Callable[[], Any]]:
    """How to make the empty value of the fields that are never None: lists, maps, and flags that are yes or no."""
    made: dict[str, Callable[[], Any]] = {}
    for each in dataclasses.fields(noun):
        if each.metadata["kind"] == "map" and each.default is not None:
            made[each.name] = dict
        elif each.metadata["kind"] == "list":
            made[each.name] = tuple
        elif each.metadata["kind"] == "flag" and each.default is False:
            made[each.name] = bool
    return made


def grouped(noun: Noun) -> dict[str, tuple[str, ...]]:
    """The fields of each group, in the order in which they are shown."""
    found: dict[str, list[str]] = {}
    for name, about in fields_of(noun).items():
        if about.get("group"):
            names = found.setdefault(about["group"], [])
            names.insert(names.index(about["before"]) if "before" in about else len(names), name)
    return {group: tuple(names) for group, names in found.items()}


# ---- what fits --------------------------------------------------------------------------------------------


@_once
def lists_of(noun: Noun) -> dict[str, frozenset[str | None]]:
    """What each field that has a list may hold, None among it."""
    return {
        name: frozenset(term.value for term in about["of"]) | {None}
        for name, about in fields_of(noun).items()
        if about.get("of")
    }


@_once
def _fits(noun: Noun) -> dict[str, Callable[[Any], bool]]:
    """For each field with a limit, whether a value that is not None keeps to it."""
    return {name: fit for name, about in fields_of(noun).items() if (fit := _fit(noun, name, about)) is not None}


def _fit(noun: Noun, name: str, about: About) -> Callable[[Any], bool] | None:
    if about.get("of"):
        allowed = lists_of(noun)[name]
        return allowed.issuperset if about["kind"] == "list" else allowed.__contains__
    if "least" in about:
        least, most = about["least"], about["most"]
        return lambda value: least <= value <= most
    if "longest" in about:
        longest = about["longest"]
        return lambda value: len(value) <= longest
    return None


def check_value(noun: Noun, name: str, value: Any) -> str:
    """What is wrong with one value: a message id, empty when it fits its field."""
    fit = _fits(noun).get(name)
    if fit is None or value is None or fit(value):
        return ""
    about = fields_of(noun)[name]
    usual = "value.not_in_list" if "of" in about else "value.out_of_range" if "least" in about else "value.too_long"
    return about.get("wrong", usual)


def check_values(noun: Noun, values: Mapping[str, Any]) -> list[Issue]:
    """What is wrong with some fields of one record, whatever its others hold."""
    return _check(noun, values, values.get)


def check_record(record: Any, names: Collection[str] | None = None) -> list[Issue]:
    """What is wrong with a record by itself; a list, empty when nothing is.

    Args:
        record: an instance of a noun, as it would be stored.
        names: which fields to look at; a form looks at those it sent.
    """
    noun = type(record)
    return _check(noun, fields_of(noun) if names is None else names, lambda name: getattr(record, name))


def _check(noun: Noun, names: Collection[str], value_of: Callable[[str], Any]) -> list[Issue]:
    fits, issues = _fits(noun), []
    for name in names:
        fit = fits.get(name)
        if fit is not None and (value := value_of(name)) is not None and not fit(value):
            issues.append(_issue(noun, name, value))
    for rule in noun.RULES:
        if rule.first in names or rule.last in names:
            first, last = value_of(rule.first), value_of(rule.last)
            if rule.is_broken(first, last):
                issues.append(rule.issue(first, last))
    return issues


def _issue(noun: Noun, name: str, value: Any) -> Issue:
    about = fields_of(noun)[name]
    limits = {"least": about.get("least"), "most": about.get("most", about.get("longest"))}
    values = {side: int(limit) for side, limit in limits.items() if limit is not None}
    return Issue.of(name, str(value), check_value(noun, name, value), **values)


def all_fit(noun: Noun, records: Sequence[Any]) -> bool:
    """Whether ``check_record`` would find nothing in any of these; column by column, which is much faster."""
    lists = lists_of(noun)
    for name, fit in _fits(noun).items():
        column = list(map(attrgetter(name), records))
        if name not in lists:
            if not all(fit(value) for value in column if value is not None):
                return False
        elif not lists[name].issuperset(_all(column) if fields_of(noun)[name]["kind"] == "list" else set(column)):
            return False
    return not any(
        rule.is_broken(first, last)
        for rule in noun.RULES
        for first, last in map(attrgetter(rule.first, rule.last), records)
    )


def _all(column: Any) -> set[Any]:
    return {value for values in set(column) for value in values}
