"""Mandate: a mediator's leave to find users for spaces of others, for a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from tempuse.errors import Issue
from tempuse.fields import InOrder, check_record, field
from tempuse.refs import noun

MOST_SPACES = 500


@noun("mandate", "MD")
@dataclass(slots=True, kw_only=True)
class Mandate:
    """One mandate over some spaces, and over whatever lies within them.

    It runs from ``from_on`` until ``until_on``, both days belong to it, or for as long as nobody ends it; ``ended_at``
    ends it at once, whatever its days say. ``document`` is the scan of the paper, by its name among the attachments.
    """

    RULES: ClassVar = (InOrder("from_on", "until_on", "mandate.ends_before_start"),)

    ref: str = field("text", "Reference", "", fixed=True, needed=True)
    mediator_ref: str = field("text", "Mediator", default="", fixed=True, needed=True)
    space_refs: tuple[str, ...] = field("list", "Spaces", ())
    may_visit: bool = field("flag", "Shows people round", default=False)
    may_propose: bool = field("flag", "Fills in requests for groups", default=False)
    may_head: bool = field("flag", "Asks to hold spaces itself and give parts to others", default=False)
    from_on: date | None = field("day", "From")
    until_on: date | None = field("day", "Until")
    document: str | None = field("text", "Paper")
    ended_at: datetime | None = field("instant", "Taken back on", fixed=True)
    created_at: datetime | None = field("instant", "Added on", fixed=True)
    updated_at: datetime | None = field("instant", "Changed on", fixed=True)
    revision: int = field("whole", "Revision", 1, fixed=True)

    def is_over(self, today: date) -> bool:
        """Whether it does not run any more, and never will."""
        return self.ended_at is not None or (self.until_on is not None and self.until_on < today)

    def runs(self, today: date) -> bool:
        """Whether it runs on a day."""
        return not self.is_over(today) and self.from_on is not None and self.from_on <= today


class Mandated(NamedTuple):
    """Some spaces as access asks of them: the mediators with a mandate that runs over every one of them."""

    mediator_refs: Collection[str]


def check_mandate(mandate: Mandate) -> list[Issue]:
    """What is missing or wrong, field by field; a list, empty when nothing is."""
    issues = check_record(mandate)
    if not mandate.space_refs:
        issues.append(Issue.of("space_refs", "", "mandate.no_space"))
    elif len(mandate.space_refs) > MOST_SPACES:
        issues.append(Issue.of("space_refs", "", "mandate.too_many_spaces", most=MOST_SPACES))
    if mandate.from_on is None:
        issues.append(Issue.of("from_on", "", "field.needed"))
    if not (mandate.may_visit or mandate.may_propose or mandate.may_head):
        issues.append(Issue.of("may_visit", "", "mandate.allows_nothing"))
    return issues
