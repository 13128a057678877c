"""Refs: what things are called for good. ``SP-0117`` is the space with the number 117."""

from __future__ import annotations

PREFIXES = {"space": "SP", "area": "AR", "report": "RP", "person": "PE", "import": "IM"}
# Digits of the longest number.
_LONGEST = 15


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
