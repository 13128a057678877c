"""What a value of a closed list is, and what else a sentence says in words where a program reads a name."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """A value of a closed list, with its word and its definition."""

    label: str
    definition: str

    def __new__(cls, value: str, label: str = "", definition: str = "") -> Term:
        """Make a member: ``NAME = value, label, definition``."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        term.definition = definition
        return term


class Named(str):
    """A name of ours with its word in English: a detail that a move needs, a field."""

    label: str

    def __new__(cls, name: str, label: str = "") -> Named:
        """The name, with its word as it stands within a sentence."""
        named = str.__new__(cls, name)
        named.label = label
        return named


class Deed(str):
    """The name of what is done to a noun, like a move of its lifecycle: sentences take its word from its button."""

    noun: str

    def __new__(cls, name: str, noun: str = "") -> Deed:
        """The name, with the noun that it is done to."""
        deed = str.__new__(cls, name)
        deed.noun = noun
        return deed


class BitTerm(Term):
    """A value of a closed list of which a thing may have several: a set of them is stored as one whole number.

    Each has its bit for good (a test keeps it), whatever its place in the list: 31 at most, counted from 0.
    """

    bit: int

    def __new__(cls, value: str, label: str, definition: str, bit: int) -> BitTerm:
        """Make a member: ``NAME = value, label, definition, bit``."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label
        term.definition = definition
        term.bit = bit
        return term

    @property
    def flag(self) -> int:
        """The whole number in which only its bit is set."""
        return 1 << self.bit


def lists(kind: type[Term] = Term) -> list[type[Term]]:
    """Every closed list of values that the program has loaded, whichever module declares it."""
    return [each for sub in kind.__subclasses__() for each in ([sub] if len(sub) else lists(sub))]
