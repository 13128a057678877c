"""What a change of the city's policies would do, told before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.publication import Rule, Ruling
from tempuse.settings import parse
from tempuse.spaces import Space
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, reading
from tempuse.store.tallies import combined
from tempuse.vocabulary import LocationLevel, Permission

_ORDER = list(LocationLevel)


@dataclass(frozen=True, slots=True)
class Effect:
    """How many spaces the public would see anew, no longer, less precisely, more precisely, as before."""

    appear: int = 0
    vanish: int = 0
    coarser: int = 0
    finer: int = 0
    same: int = 0

    @property
    def changes_something(self) -> bool:
        """Whether anybody would notice."""
        return bool(self.appear or self.vanish or self.coarser or self.finer)


def effect_of_settings(con: Connection, actor: Actor, changes: Mapping[str, str], now: datetime) -> Effect:
    """Ask the rule of publication twice for every space: as the settings are, and as they would be.

    Args:
        con: any connection.
        actor: who asks.
        changes: settings as texts, as a person types them.
        now: the instant.

    Raises:
        Invalid: a text is not a value of its setting.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    values: dict[str, Any] = {name: parse(name, text) for name, text in changes.items()}
    with reading(con):
        before = get_settings(con)
        old, new = Rule(before, now), Rule(replace(before, **values), now)
        counts = dict.fromkeys(("appear", "vanish", "coarser", "finer", "same"), 0)
        # A million spaces are a few hundred questions.
        for fields, how_many in combined(con, Rule.LOOKS_AT):
            space = Space(**fields)
            counts[_what(old.decide(space), new.decide(space))] += how_many
    return Effect(**counts)


def _what(old: Ruling, new: Ruling) -> str:
    if old.is_seen != new.is_seen:
        return "appear" if new.is_seen else "vanish"
    if old.level is None or new.level is None:
        return "same"
    step = _ORDER.index(new.level) - _ORDER.index(old.level)
    return "coarser" if step > 0 else "finer" if step < 0 else "same"
