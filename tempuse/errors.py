"""What can go wrong, as one tree, and Issues: bad data that are told, not thrown.

Below floor 6 nobody writes sentences: an error or an Issue carries a message id and its values, and
``web/messages`` holds the words. So one rule has one wording, in every language, on every door.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]


class TempuseError(Exception):
    """A rule was broken or a thing could not be done.

    Attributes:
        message: id of the sentence in ``web/messages``.
        values: what the sentence names (refs, file names, figures).
    """

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message, values)
        self.message = message
        self.values: Values = values


class NotFound(TempuseError):
    """There is no such thing in the register."""


class NotAllowed(TempuseError):
    """This actor may not do this."""


class WrongState(TempuseError):
    """The thing is in a state that this move does not leave from."""


class Conflict(TempuseError):
    """Somebody else changed the same thing first, or the thing is there already."""


class Unusable(TempuseError):
    """A register, file or service cannot be used: missing, locked, read-only, not ours, not reachable."""


class Damaged(TempuseError):
    """A register is damaged. The work was done as far as it goes, and is not to be taken for good."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about one value of one row that a person should know.

    Attributes:
        row: line in the sender's file as the sender counts it (header is 1), None for the whole file.
        field: the sender's column, or our field where there is no column; empty for the whole row.
        value: what it said, as text, cut to 200 characters.
        message: id of the sentence that says what is wrong.
        done: id of the sentence that says what was done about it.
        values: what both sentences name.
        grave: a person should look: nothing was mended, or the row has no place or was left behind.
    """

    row: int | None
    field: str
    value: str
    message: str
    done: str = ""
    values: Values = dataclasses.field(default_factory=dict)
    grave: bool = False

    @classmethod
    def of(cls, field: str, value: str, message: str, /, **values: Any) -> Issue:
        """What is wrong with one field of the whole: of a form, a record, a setting."""
        return cls(None, field, value, message, values=values)

    def __post_init__(self) -> None:
        if len(self.value) > 200:
            object.__setattr__(self, "value", self.value[:199] + "…")


class Invalid(TempuseError):
    """What was sent does not fit; ``issues`` says each thing that does not."""

    def __init__(self, message: str, issues: list[Issue] | None = None, **values: Any) -> None:
        super().__init__(message, **values)
        self.issues: list[Issue] = issues or []
