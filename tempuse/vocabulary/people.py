"""The lists of people."""

from __future__ import annotations

from tempuse.vocabulary.terms import Term


class Role(Term):
    """What a person is in the office."""

    ADMINISTRATOR = "administrator", "Administrator", "Sets up the register and its people."
    PLANNER = "planner", "Planner", "Works with spaces, reports and imports."
