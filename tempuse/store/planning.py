"""What a planner is told where its statistics mislead it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class few(FunctionElement[bool]):
    """A condition that few rows fulfil, to be led by its index.

    SQLite knows of an index how many rows share a value on average. Where nearly all of them have none, as of what
    lies within something, a whole ``ANALYZE`` makes it read the table instead; PostgreSQL counts what is missing.
    """

    name = "few"
    type = Boolean()
    inherit_cache = True

    def __init__(self, condition: ColumnElement[bool]) -> None:
        super().__init__(condition)

    def self_group(self, against: Any = None) -> few:
        """As it stands: where there are no booleans it would be compared with 1, and lead nowhere."""
        return self


@compiles(few)
def _plain(element: few, compiler: SQLCompiler, **asked: Any) -> str:
    return compiler.process(element.clauses, **asked)


@compiles(few, "sqlite")
def _likely(element: few, compiler: SQLCompiler, **asked: Any) -> str:
    return f"likelihood({compiler.process(element.clauses, **asked)}, 0.0001)"
