"""Whether the files are there that the rows refer to, and still are what they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tempuse.registry import attachments as registry
from tempuse.registry.care.findings import Finding
from tempuse.store import attachments
from tempuse.store.engine import Connection

_LONGEST = 80
_FAULTS = {"gone": "check.attachment_gone", "other": "check.attachment_other"}


def check(con: Connection, home: Path) -> Iterator[Finding]:
    """Hold every file that is referred to against its name, which is the hash of its content."""
    for name in sorted(registry.used(con)):
        if fault := attachments.fault(home, name):
            yield Finding(_FAULTS[fault], {"name": name[:_LONGEST]})
