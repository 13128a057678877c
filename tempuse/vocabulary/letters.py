"""The list of where a letter stands; nobody is shown its words."""

from __future__ import annotations

from enum import StrEnum


class LetterStatus(StrEnum):
    """Where a letter stands.

    ``held``: it waited when the register was backed up, and was not sent again when it was brought back.
    ``dropped``: at its delivery there was nobody to write to, or nothing to say any more.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    HELD = "held"
