"""Where statistics mislead a planner, it is told what it cannot know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import event

from tempuse.access import SYSTEM
from tempuse.registry.spaces import add_space
from tempuse.store import claims, spaces
from tempuse.store.engine import Connection, Register, writing
from tests.builders import a_place, a_space


def test_what_lies_within_is_found_by_its_index_after_a_whole_analyze(
    register: Register, con: Connection, now: datetime
) -> None:
    """Nearly every space lies within none: whoever counts them all tells SQLite that an index of it is of no use."""
    whole = add_space(con, SYSTEM, a_space(geometry=a_place()), now)
    unit = add_space(con, SYSTEM, a_space(kind="unit", within_ref=whole), now)
    with writing(con):
        spaces.load_new(con, [a_space(ref=f"SP-{number}", name=f"Hall {number}") for number in range(10_000, 13_000)])
    with writing(con):
        if register.is_file:
            con.exec_driver_sql("PRAGMA analysis_limit = 0")
        con.exec_driver_sql("ANALYZE")
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        asked.append((statement, values))

    event.listen(register.engine, "before_cursor_execute", note)
    found = claims.closure(con, [whole])
    event.remove(register.engine, "before_cursor_execute", note)
    assert list(found.values()) == [whole, unit]
    if register.is_file:
        statement, values = asked[-1]
        plan = "\n".join(row[3] for row in con.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
        assert "USING INDEX spaces_within" in plan, plan
        assert "SCAN spaces" not in plan, plan
    con.rollback()
