"""What the pages of settings are made of: one setting, and a section of some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString
from wtforms import Field, StringField


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting on its page.

    ``choices`` are all that it may be; ``known`` are values that are proposed where any text may be written.
    """

    name: str
    label: LazyString
    hint: str | LazyString = ""
    kind: type[Field] = StringField
    choices: Callable[[], list[tuple[str, ...]]] | None = None
    short: bool = False
    unit: str | LazyString = ""
    look: str = ""
    known: Callable[[], list[tuple[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that are changed together."""

    key: str
    title: LazyString
    lead: LazyString
    settings: tuple[Setting, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The settings' names."""
        return tuple(setting.name for setting in self.settings)
