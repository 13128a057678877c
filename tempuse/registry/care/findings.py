"""What a check finds, and how much of it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tempuse.store import raw

MOST_EACH = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: a message id and its values; ``grave`` when somebody must act."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    grave: bool = True


class Found:
    """The findings of one check: of many alike the first hundred, and how many more."""

    def __init__(self) -> None:
        self.told: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def take(self, findings: Iterable[Finding]) -> None:
        """Take in what a part of the check finds."""
        for finding in findings:
            self._counts[finding.message] += 1
            if self._counts[finding.message] <= MOST_EACH:
                self.told.append(finding)

    def all(self) -> list[Finding]:
        """What is told of it."""
        more = [
            Finding("check.more", {"count": count - MOST_EACH, "message": message}, False)
            for message, count in self._counts.items() if count > MOST_EACH
        ]  # fmt: skip
        return self.told + more


def unfit(ref: Any, name: str, value: Any) -> Finding:
    """A value that its field cannot hold."""
    return Finding("check.value", {"ref": raw.shown(ref), "field": name, "value": raw.shown(value)})


def bad_values(batch: raw.Batch, key: str = "ref", what: str = "") -> Iterator[Finding]:
    """The values of a batch that could not be read, each under its row's name."""
    for bad in batch.bad:
        name = batch.columns[key][bad.position]
        yield unfit(f"{what} {name}".strip(), bad.name, bad.value)
