"""Lifecycles as tables: one Move per line, and three questions that a Lifecycle answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tempuse.errors import Invalid, Issue, WrongState
from tempuse.vocabulary import Deed, Permission


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one status to another.

    Attributes:
        name: a verb.
        origins: the statuses it leaves from.
        target: the status it leads to; empty where it stays as it is.
        permission: what the actor must be allowed.
        needs: details without which it is refused, each with its word (``Named``).
    """

    name: str
    origins: frozenset[str]
    target: str
    permission: Permission
    needs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Keep plain texts, whatever terms were given: they are written into records."""
        object.__setattr__(self, "origins", frozenset(str(origin) for origin in self.origins))
        object.__setattr__(self, "target", str(self.target))


# Those that are declared by the modules that are loaded.
LIFECYCLES: list[Lifecycle] = []


class Lifecycle:
    """The moves of one noun.

    Attributes:
        noun: whose they are.
        statuses: where it can stand.
        moves: by name.
        is_silent: its moves are steps of a program, without buttons, events and words.
    """

    def __init__(
        self, noun: str, statuses: Collection[str], moves: tuple[Move, ...], *, is_silent: bool = False
    ) -> None:
        self.noun = noun
        self.is_silent = is_silent
        self.statuses = tuple(statuses)
        self.moves = {move.name: move for move in moves}
        LIFECYCLES.append(self)

    def open_to(self, status: str) -> list[Move]:
        """Which moves leave from this status: the buttons to draw."""
        return [move for move in self.moves.values() if status in move.origins]

    def check(self, name: str, ref: str, status: str, **details: Any) -> Move:
        """The move, if it may be made from this status with these details.

        Raises:
            WrongState: the move does not leave from this status.
            Invalid: a detail that the move needs is missing.
        """
        move = self.moves[name]
        if status not in move.origins:
            where = next((each for each in self.statuses if each == status), status)
            raise WrongState(f"{self.noun}.wrong_state", ref=ref, status=where, move=Deed(name, self.noun))
        missing = [need for need in move.needs if not details.get(need)]
        if missing:
            raise Invalid(
                f"{self.noun}.move_needs",
                [Issue.of(need, "", "field.needed") for need in missing],
                ref=ref,
                move=Deed(name, self.noun),
                needs=missing,
            )
        return move
