"""What a value of a closed list is."""

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
