"""The first version: areas, spaces and their past, reports, people, imports, events, what is published."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing to do: every register begins at least here."""
