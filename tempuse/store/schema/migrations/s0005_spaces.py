"""0005, its spaces: what owners want, what is around them, since when everybody sees them, who looks for such."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Date, LargeBinary, Text
from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column, fill
from tempuse.store.types import WHOLE

_FLAG = Boolean(create_constraint=False)


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. What a row offers is decided anew after the last step, with all that is published."""
    for name, kind in (
        ("excluded_uses", Text()), ("favoured_themes", Text()), ("registered_only", _FLAG),
        ("insurance_required", _FLAG), ("wants_public_access", _FLAG), ("may_share", _FLAG), ("surroundings", Text()),
        ("highest_step_cm", WHOLE), ("shown_since", Date()), ("sought_by", WHOLE),
    ):  # fmt: skip
        add_column(con, "spaces", name, kind)
    add_column(con, "published", "facts", LargeBinary())
    # Nobody kept the day: of what is seen, that on which it was first offered or, failing that, was added.
    day = "substr({0}, 1, 10)" if con.dialect.name == "sqlite" else "CAST({0} AT TIME ZONE 'UTC' AS date)"
    offered = (
        "(SELECT min(at) FROM events WHERE events.ref = spaces.ref AND noun = 'space' AND events.status = 'offered')"
    )
    seen = (
        "EXISTS (SELECT 1 FROM published p WHERE p.collection = 'spaces' AND p.ref = spaces.ref"
        " AND p.status <> 'retired')"
    )
    since = day.format(f"coalesce({offered}, created_at)")
    fill(con, "spaces", "id", f"surroundings = 'unknown', shown_since = CASE WHEN {seen} THEN {since} END", progress)
