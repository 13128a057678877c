"""One thing in the terminal, whole: what is known of it, how spaces fitted, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tempuse.cli.common import out, print_table
from tempuse.matches import Match


def history_of(told: Sequence[Any]) -> list[dict[str, Any]]:
    """What happened to it, for a program."""
    return [{"at": each.at, "by": each.actor, "what": each.what, "note": each.note} for each in told]


def print_shown(
    own: Mapping[str, Any], said: Callable[[Any], str], beside: Sequence[list[str]], kept: Sequence[Match],
    told: Sequence[Any],
) -> None:  # fmt: skip
    """Print it for a person.

    Args:
        own: its fields; those that say nothing are left out.
        said: a value as text.
        beside: more lines, each a name and a text.
        kept: how well spaces fitted, as it was kept.
        told: what happened to it.
    """
    lines = [[name.replace("_", " "), said(value)] for name, value in own.items() if value not in (None, (), {}, "")]
    lines += beside
    lines += [["match", f"{each.ref}: {each.space_ref} {each.tier}, {each.on}, {each.version}"] for each in kept]
    print_table(["", ""], lines)
    out.print()
    print_table(
        ["at", "by", "what", "why"],
        [[f"{each.at:%Y-%m-%d %H:%M}", each.actor, each.what, each.note or ""] for each in told],
    )
