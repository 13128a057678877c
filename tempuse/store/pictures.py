"""Queries for the pictures and the plans of spaces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection

from tempuse.pictures import SpacePicture, files_of
from tempuse.store.records import Records
from tempuse.store.tables import pictures

rows = Records(pictures, SpacePicture, "picture")
_IN_ORDER = (pictures.c.place, pictures.c.id)


def all_of_space(con: Connection, space_ref: str) -> list[SpacePicture]:
    """The pictures and the plans of a space, each in their order."""
    return rows.find(con, pictures.c.space_ref == space_ref, order=_IN_ORDER)


def of_space(con: Connection, space_ref: str) -> list[SpacePicture]:
    """The pictures of a space in their order."""
    return [each for each in all_of_space(con, space_ref) if not each.is_plan]


def plans_of_space(con: Connection, space_ref: str) -> list[SpacePicture]:
    """The plans of a space in their order."""
    return [each for each in all_of_space(con, space_ref) if each.is_plan]


def looked_at(con: Connection, space_refs: Sequence[str]) -> dict[str, list[SpacePicture]]:
    """The pictures and plans of some spaces that everybody may see, by space and in their order."""
    found: dict[str, list[SpacePicture]] = {}
    for picture in rows.find(
        con, pictures.c.space_ref.in_(list(space_refs)), pictures.c.looked_at.is_not(None), order=_IN_ORDER
    ):
        found.setdefault(picture.space_ref, []).append(picture)
    return found


def save(con: Connection, picture: SpacePicture) -> None:
    """Write a picture back, as it is known by its space and its name."""
    mine = (pictures.c.space_ref == picture.space_ref, pictures.c.name == picture.name)
    con.execute(update(pictures).where(*mine).values(**rows.values_of(picture)))


def remove(con: Connection, picture: SpacePicture) -> None:
    """Remove a picture's row; its files are the caller's to let go."""
    con.execute(delete(pictures).where(pictures.c.space_ref == picture.space_ref, pictures.c.name == picture.name))


def count_waiting(con: Connection) -> int:
    """How many spaces have pictures or plans that nobody has looked at."""
    query = select(func.count(pictures.c.space_ref.distinct())).where(pictures.c.looked_at.is_(None))
    return int(con.scalar(query) or 0)


def waiting(con: Connection, limit: int) -> dict[str, list[SpacePicture]]:
    """The spaces with pictures or plans that nobody has looked at, those that wait longest first, and these."""
    query = select(pictures.c.space_ref).where(pictures.c.looked_at.is_(None))
    query = query.group_by(pictures.c.space_ref).order_by(func.min(pictures.c.id)).limit(limit)
    refs = con.scalars(query).all()
    return {ref: [each for each in all_of_space(con, ref) if each.looked_at is None] for ref in refs}


def files(con: Connection) -> Iterator[str]:
    """The names of all files of pictures and plans."""
    for sizes in con.scalars(select(pictures.c.sizes)):
        yield from files_of(sizes or ())
