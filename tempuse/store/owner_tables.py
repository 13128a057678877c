"""The table of letters to owners."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from tempuse.owner_letters import OwnerLetter
from tempuse.store.columns import columns, metadata, row_number

owner_letters = Table(
    "owner_letters", metadata, row_number(), *columns(OwnerLetter),
    UniqueConstraint("ref"), UniqueConstraint("secret_sha256"),
    Index("owner_letters_open", "answered_at", "asked_at"),
    sqlite_autoincrement=True,
)  # fmt: skip
