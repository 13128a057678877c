"""Queries for what is agreed under a permit: rows that are written once and stay."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.engine import Connection

from tempuse.agreements import Afterlife, Assent, Decision, Handover, RequestFile, Signature
from tempuse.store.permit_tables import (
    afterlives,
    assents,
    condition_looks,
    decisions,
    handovers,
    permit_files,
    signatures,
)
from tempuse.store.records import Records

assent_rows = Records(assents, Assent, "assent")
decision_rows = Records(decisions, Decision, "decision")
signature_rows = Records(signatures, Signature, "signature")
request_file_rows = Records(permit_files, RequestFile, "request_file")
handover_rows = Records(handovers, Handover, "handover")
afterlife_rows = Records(afterlives, Afterlife, "afterlife")


def _of(table: Table, ref: str) -> Any:
    return table.c.permit_ref == ref


def assents_of(con: Connection, ref: str) -> list[Assent]:
    """Every word of a grantor on a permit, the first one first."""
    return assent_rows.find(con, _of(assents, ref))


def decisions_of(con: Connection, ref: str) -> list[Decision]:
    """Every decision about a permit, the first one first."""
    return decision_rows.find(con, _of(decisions, ref))


def signatures_of(con: Connection, ref: str) -> list[Signature]:
    """Every signature under a permit, on whatever version, the first one first."""
    return signature_rows.find(con, _of(signatures, ref))


def handovers_of(con: Connection, ref: str) -> list[Handover]:
    """The keys' ways under a permit, the first one first."""
    return handover_rows.find(con, _of(handovers, ref))


def handover_of(con: Connection, ref: str, number: int) -> tuple[int, Handover] | None:
    """The keys' way of this number from 1 under a permit, with its row number; None where there is none."""
    found = handover_rows.numbered(con, _of(handovers, ref), limit=1, offset=number - 1) if number > 0 else []
    return found[0] if found else None


def put_answer(con: Connection, row_id: int, answered: Handover) -> None:
    """Write down what the sides say of a hand-over; the rest of its record stays as it was written."""
    names = ("agreed_by_holder_at", "agreed_by_grantor_at", "remarks_holder", "remarks_grantor")
    values = {name: getattr(answered, name) for name in names}
    con.execute(update(handovers).where(handovers.c.id == row_id).values(**values))


def afterlife_of(con: Connection, ref: str) -> Afterlife | None:
    """What became of a use: what was written down last; None where nobody has."""
    found = afterlife_rows.find(con, _of(afterlives, ref), order=(afterlives.c.id.desc(),), limit=1)
    return found[0] if found else None


def afterlives_of(con: Connection, refs: Sequence[str]) -> dict[str, Afterlife]:
    """What became of these uses, by permit: what was written down last."""
    found: dict[str, Afterlife] = {}
    for start in range(0, len(refs), 500):
        some = afterlives.c.permit_ref.in_(list(refs)[start : start + 500])
        found.update((each.permit_ref, each) for each in afterlife_rows.find(con, some))
    return found


class Look(NamedTuple):
    """A look at whether one condition is kept."""

    number: int
    on: date
    by: str
    kept: bool
    note: str | None


def looks_of(con: Connection, ref: str, version: int) -> dict[int, Look]:
    """The last look at each condition of a version of the terms, by the condition's number."""
    c = condition_looks.c
    query = select(c.number, c.on_day, c.by, c.kept, c.note).where(c.permit_ref == ref, c.terms_version == version)
    return {
        row[0]: Look(row[0], row[1], row[2] or "", bool(row[3]), row[4]) for row in con.execute(query.order_by(c.id))
    }


def looks_of_many(con: Connection, refs: Collection[str]) -> dict[tuple[str, int], dict[int, Look]]:
    """The last looks at the conditions of these permits, by permit and version of the terms, then by number."""
    c, found, listed = condition_looks.c, {}, list(refs)  # type: ignore[var-annotated]
    for start in range(0, len(listed), 500):
        query = select(c.permit_ref, c.terms_version, c.number, c.on_day, c.by, c.kept, c.note)
        query = query.where(c.permit_ref.in_(listed[start : start + 500])).order_by(c.id)
        for ref, version, *row in con.execute(query):
            look = Look(row[0], row[1], row[2] or "", bool(row[3]), row[4])
            found.setdefault((ref, version), {})[look.number] = look
    return found


def add_look(con: Connection, ref: str, version: int, look: Look, at: datetime) -> None:
    """Note a look at a condition."""
    con.execute(insert(condition_looks), [{
        "permit_ref": ref, "terms_version": version, "number": look.number, "on_day": look.on, "by": look.by,
        "kept": look.kept, "note": look.note, "at": at,
    }])  # fmt: skip


def request_files_of(con: Connection, ref: str) -> list[RequestFile]:
    """What a group sent with its request, the first one first."""
    return request_file_rows.find(con, _of(permit_files, ref))


def remove_request_file(con: Connection, ref: str, name: str) -> None:
    """Forget that a group sent a file."""
    con.execute(delete(permit_files).where(_of(permit_files, ref), permit_files.c.name == name))


class KeptFile(NamedTuple):
    """A file that was kept with a permit: its name among the attachments, what it is, and of which day."""

    name: str
    what: str
    on: date | None
    called: str = ""


def files_of(con: Connection, ref: str) -> list[KeptFile]:
    """The scans and photos of a permit, in the order of what they belong to."""
    found = [KeptFile(each.document, "assent", None) for each in assents_of(con, ref) if each.document]
    found += [KeptFile(each.document, "signature", each.signed_on) for each in signatures_of(con, ref) if each.document]
    found += [KeptFile(each.name, "request", None, each.called) for each in request_files_of(con, ref)]
    found += [KeptFile(photo, "photo", each.on) for each in handovers_of(con, ref) for photo in each.photos]
    return list(dict.fromkeys(found))
