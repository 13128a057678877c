"""Refs: what things are called for good. ``SP-0117`` is the space with the number 117."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Noun = TypeVar("Noun", bound=type[Any])

# The nouns with refs, by the words that messages, events and counters have for them; each module declares its own.
NOUNS: dict[str, type[Any]] = {}
PREFIXES: dict[str, str] = {}
# Digits of the longest number.
_LONGEST = 15


def noun(called: str, prefix: str) -> Callable[[Noun], Noun]:
    """Declare a noun with refs: ``@noun("space", "SP")``.

    Raises:
        ValueError: another noun is called so, or has this prefix.
    """
    if called in NOUNS or prefix in PREFIXES.values():
        raise ValueError(f"{called} and {prefix} are another noun's")

    def declare(declared: Noun) -> Noun:
        NOUNS[called], PREFIXES[called] = declared, prefix
        return declared

    return declare


def called(declared: type[Any]) -> str:
    """The word for a noun, given its class."""
    return next(word for word, each in NOUNS.items() if each is declared)


def ref_of(noun: str, number: int) -> str:
    """A number of a noun as its ref."""
    return f"{PREFIXES[noun]}-{number:04d}"


def noun_of(ref: str) -> str | None:
    """The noun whose refs begin like this one, None where there is none."""
    prefix = ref.partition("-")[0]
    return next((noun for noun, each in PREFIXES.items() if each == prefix), None)


def number_of(ref: str, otherwise: int = 0) -> int:
    """The number within a ref, another one where there is none."""
    number = ref.rpartition("-")[2]
    return int(number) if number.isdecimal() and len(number) <= _LONGEST else otherwise
