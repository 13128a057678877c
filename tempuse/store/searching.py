"""Whether a text stands somewhere in a column, whatever its case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, literal, select
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_ESCAPE = "/"


class holds(FunctionElement[bool]):
    """Whether a column holds a text; its ``%`` and ``_`` are letters like others.

    Of the letters of ASCII alone SQLite's own LIKE overlooks the case, and its ``lower`` knows no others: asked for
    both it takes twice as long. PostgreSQL's ILIKE takes longer than LIKE of what was made small.
    """

    name = "holds"
    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], text: str) -> None:
        for each in (_ESCAPE, "%", "_"):
            text = text.replace(each, _ESCAPE + each)
        super().__init__(column, literal(f"%{text}%"))

    def self_group(self, against: Any = None) -> holds:
        """As it stands, not compared with 1."""
        return self


@compiles(holds)
def _small(element: holds, compiler: SQLCompiler, **asked: Any) -> str:
    column, text = (compiler.process(each, **asked) for each in element.clauses)
    return f"(lower({column}) LIKE lower({text}) ESCAPE '{_ESCAPE}')"


@compiles(holds, "sqlite")
def _plain(element: holds, compiler: SQLCompiler, **asked: Any) -> str:
    column, text = (compiler.process(each, **asked) for each in element.clauses)
    return f"({column} LIKE {text} ESCAPE '{_ESCAPE}')"


def some(
    con: Connection, number: Column[int], where: ColumnElement[bool], limit: int, *, led: Sequence[Column[str]],
    newest: bool = False,
) -> list[int]:  # fmt: skip
    """The numbers of the first rows in which a text stands, or of the last.

    Few are found in an index that holds the columns looked at, whole; where there are many, walking the table in order
    ends soon. Asked for an order at once, SQLite would read the whole wide table for the few.

    Args:
        con: any connection.
        number: the table's row number.
        where: by ``holds``.
        limit: so many at most.
        led: what the index begins with: their order leads SQLite to it, whatever it believes of the table's size.
        newest: those with the highest numbers, from the highest down.
    """
    first = select(number).where(where).limit(limit + 1)
    found = list(con.scalars(first.order_by(*led) if con.dialect.name == "sqlite" else first))
    if len(found) > limit:
        order = number.desc() if newest else number.asc()
        return list(con.scalars(select(number).where(where).order_by(order).limit(limit)))
    return sorted(found, reverse=newest)
