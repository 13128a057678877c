"""0003, what is published: of each facility the public row says whether it is known that it is there, or is not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from tempuse.store.schema.migrations.work import Progress, add_column, fill
from tempuse.store.types import WHOLE

# Each with its bit.
_FACILITIES = (
    ("power", 0), ("three_phase_power", 1), ("water", 2), ("drain", 3), ("heating", 4), ("extraction", 5),
    ("daylight", 6), ("toilets", 7), ("kitchen", 8), ("internet", 9), ("step_free_access", 10), ("goods_lift", 11),
    ("loading_access", 12),
)  # fmt: skip


def make(con: Connection, now: datetime, progress: Progress) -> None:
    """Do it. What is filled in here is what would be decided: no row changes for those who read what is published."""
    add_column(con, "published", "facilities_known", WHOLE)
    known = " + ".join(f"CASE WHEN s.{name} IS NULL THEN 0 ELSE {1 << bit} END" for name, bit in _FACILITIES)
    of_space = (
        f"SELECT {known} FROM spaces s WHERE s.ref = published.ref"  # noqa: S608
        " AND published.collection = 'spaces' AND published.status <> 'retired'"
    )
    fill(con, "published", "key", f"facilities_known = coalesce(({of_space}), 0)", progress)
