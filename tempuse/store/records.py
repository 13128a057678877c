"""Records: rows of a noun's table as its objects, and the six things that are done with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Select, Table, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from tempuse.errors import NotFound
from tempuse.fields import empty_of, fields_of

BATCH = 500
T = TypeVar("T")


class Records(Generic[T]):
    """The records of one noun.

    Args:
        table: where they lie; its columns are the noun's fields, and a row number.
        noun: the dataclass.
        called: the noun as messages, events and counters have it.
    """

    def __init__(self, table: Table, noun: type[T], called: str) -> None:
        self.table, self.noun, self.called = table, noun, called
        self.names = tuple(fields_of(noun))
        places = {column.name: place for place, column in enumerate(table.columns)}
        self._places = tuple((name, places[name]) for name in self.names)
        self._empty = tuple(empty_of(noun).items())

    def from_row(self, row: Row[Any]) -> T:
        """A row of the whole table as its object."""
        values = {name: row[place] for name, place in self._places}
        for name, empty in self._empty:
            if values[name] is None:
                values[name] = empty()
        return self.noun(**values)

    def values_of(self, record: T) -> dict[str, Any]:
        """A record as its row."""
        return {name: getattr(record, name) for name in self.names}

    def one(self, con: Connection, *where: ColumnElement[bool], held: bool = False) -> T | None:
        """The record that fulfils these conditions, None where there is none.

        Args:
            con: any connection.
            where: the conditions.
            held: nobody else changes it until the transaction ends.
        """
        query = select(self.table).where(*where)
        row = con.execute(query.with_for_update() if held else query).first()
        return None if row is None else self.from_row(row)

    def get(self, con: Connection, ref: str, *, held: bool = False) -> T:
        """One record.

        Raises:
            NotFound: the register has none of this ref.
        """
        record = self.one(con, self.table.c.ref == ref, held=held)
        if record is None:
            raise NotFound(f"{self.called}.not_found", ref=ref)
        return record

    def lock(self, con: Connection, ref: str) -> T:
        """One record, held until the transaction ends: nobody else changes it meanwhile.

        Raises:
            NotFound: the register has none of this ref.
        """
        return self.get(con, ref, held=True)

    def find(
        self, con: Connection, *where: ColumnElement[bool], order: Sequence[ColumnElement[Any]] | None = (),
        limit: int | None = None, offset: int = 0,
    ) -> list[T]:  # fmt: skip
        """The records that fulfil these conditions, in the order of their rows, as told, or (None) in any."""
        return [record for _, record in self.numbered(con, *where, order=order, limit=limit, offset=offset)]

    def numbered(
        self, con: Connection, *where: ColumnElement[bool], order: Sequence[ColumnElement[Any]] | None = (),
        limit: int | None = None, offset: int = 0,
    ) -> list[tuple[int, T]]:  # fmt: skip
        """The records that fulfil these conditions, each with its row number, which is never published."""
        query = select(self.table).where(*where)
        if order is not None:  # where nobody asks for an order, the planner is not led to walk all rows in it
            query = query.order_by(*(order or (self.table.c.id,)))
        return [(row[0], self.from_row(row)) for row in con.execute(query.limit(limit).offset(offset or None))]

    def count(self, con: Connection, *where: ColumnElement[bool]) -> int:
        """How many records fulfil these conditions."""
        return int(con.scalar(select(func.count()).select_from(self.table).where(*where)) or 0)

    def add(self, con: Connection, record: T) -> int:
        """Insert a record; gives its row number."""
        done = con.execute(insert(self.table).values(**self.values_of(record)))
        return int(done.inserted_primary_key[0])  # type: ignore[index]

    def add_many(self, con: Connection, these: Sequence[T]) -> None:
        """Insert some records."""
        if these:
            con.execute(insert(self.table), [self.values_of(record) for record in these])

    def save(self, con: Connection, record: T) -> None:
        """Write a record back over its row."""
        values = self.values_of(record)
        con.execute(update(self.table).where(self.table.c.ref == values["ref"]).values(**values))

    def walk(self, con: Connection, *where: ColumnElement[bool]) -> Iterator[list[tuple[int, T]]]:
        """All records that fulfil these conditions with their row numbers, in batches; memory stays flat."""
        for rows in walk(con, select(self.table).where(*where), self.table.c.id):
            yield [(row[0], self.from_row(row)) for row in rows]


def walk(con: Connection, query: Select[Any], key: Column[Any], batch: int = BATCH) -> Iterator[Sequence[Any]]:
    """The rows of a query in batches by a key that each of them has its own of; memory stays flat.

    Args:
        con: any connection; between two batches the caller may write, or end its transaction.
        query: what to find.
        key: the column of it to walk along.
        batch: how many rows at once.
    """
    last = None
    while True:
        part = query if last is None else query.where(key > last)
        rows = con.execute(part.order_by(key).limit(batch)).all()
        if rows:
            yield rows
        if len(rows) < batch:
            return
        last = rows[-1]._mapping[key]
