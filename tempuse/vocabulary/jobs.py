"""The list of where an import stands that was begun; the office words each where it shows it."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """Where an import stands that somebody began: waiting for a person, or being worked on."""

    OPENING = "opening"
    UNREADABLE = "unreadable"
    COLUMNS = "columns"
    CHECKING = "checking"
    CHECKED = "checked"
    MERGING = "merging"
    MERGED = "merged"
