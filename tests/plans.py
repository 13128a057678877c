"""What a statement reads: recorded while an app answers, and told by the database itself."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Connection

from tempuse.store.engine import Register

# The tables that grow with a register.
LARGE = ("spaces", "published", "events", "periods", "unpublished")
# Of a table of fifty thousand rows a statement may read so many, or take so many steps of SQLite's machine.
MOST_ROWS = 10_000
MOST_STEPS = 250_000
_STEP = 1000
# The index of those without a place holds no others.
_SCAN = re.compile(rf"SCAN ({'|'.join(LARGE)})\b(?!.*spaces_placeless)")


@dataclass
class Recorder:
    """The statements that one register's connections were asked, the same ones once."""

    register: Register
    most_rows: int = MOST_ROWS
    asked: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    _now: str = ""

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        """Note what is asked from now on, on lines that are taken from now on."""
        engine = self.register.engine
        engine.dispose()  # so that every line is one that counts its steps

        def note(_: Connection, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
            self._now = statement
            self.asked.setdefault(statement, parameters[0] if many else parameters)

        def count(line: Any, _: Any) -> None:
            if self.register.is_file:
                line.set_progress_handler(self._step, _STEP)

        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "connect", count)
        try:
            yield
        finally:
            event.remove(engine, "before_cursor_execute", note)
            event.remove(engine, "connect", count)

    def _step(self) -> int:
        self.steps[self._now] = self.steps.get(self._now, 0) + _STEP
        return 0

    def too_much(self, may: Sequence[str]) -> list[str]:
        """The statements that read too much, each with the plan that says so; not those that may.

        Args:
            may: pieces of the statements that may read a whole table.
        """
        told = []
        with self.register.connect() as con:
            for statement, parameters in self.asked.items():
                if not re.match(r"\s*(SELECT|UPDATE|DELETE|WITH)\b", statement) or _is_one(statement, may):
                    continue
                why = self._of_sqlite(con, statement, parameters) if self.register.is_file else []
                why = why or ([] if self.register.is_file else _of_postgres(con, statement, parameters, self.most_rows))
                if why:
                    told.append("\n".join([*why, f"  in: {' '.join(statement.split())}", f"  with: {parameters}"]))
                con.rollback()
        return told

    def _of_sqlite(self, con: Connection, statement: str, parameters: Any) -> list[str]:
        plan = [str(row[3]) for row in con.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        steps = self.steps.get(statement, 0)
        if steps > MOST_STEPS:
            return [f"{steps} steps: {plan}"]
        # What stops after a page of rows has read no more than it took steps for.
        return [] if "LIMIT" in statement else [line for line in plan if _SCAN.match(line)]


def _is_one(statement: str, may: Sequence[str]) -> bool:
    plain = re.sub(r"\blarge\d+\.", "", " ".join(statement.split()))
    return any(piece in plain for piece in may)


def _of_postgres(con: Connection, statement: str, parameters: Any, most: int) -> list[str]:
    """PostgreSQL says how many rows each part of a plan read; what it changes is taken back."""
    driver: Any = con.connection.driver_connection
    with psycopg.ClientCursor(driver) as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}".encode(), parameters)
        ((plan,),) = cursor.fetchall()
    driver.rollback()
    return list(_greedy(plan[0]["Plan"], most))


def _greedy(node: dict[str, Any], most: int) -> Iterator[str]:
    read = sum(
        float(node.get(name, 0))
        for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck", "Heap Fetches")
    ) * float(node.get("Actual Loops", 1))
    if node.get("Relation Name") in LARGE and read > most:
        yield f"{node['Node Type']} of {node['Relation Name']} read {read:.0f} rows"
    for part in node.get("Plans", ()):
        yield from _greedy(part, most)
