"""First half of an import: read, check and compare outside the lock. Nothing is in the register yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from tempuse import geometry
from tempuse.access import Actor, check_allowed
from tempuse.errors import Invalid, Issue
from tempuse.io.fold import fold
from tempuse.io.join import give_places
from tempuse.io.records import Candidate
from tempuse.registry import duplicates
from tempuse.registry.opening import Opened
from tempuse.registry.spaces import same
from tempuse.spaces import Space, check_value
from tempuse.store import imports, spaces
from tempuse.store.common import current_seq
from tempuse.store.engine import Connection
from tempuse.store.staging import Staging
from tempuse.vocabulary import Consent, Permission, SpaceStatus

Progress = Callable[[str, int, int | None], None]

COUNTS = (
    "rows", "new", "without_place", "changed", "unchanged", "left_behind", "retired", "vanished", "mended",
    "duplicates",
)  # fmt: skip


def prepare_import(
    con: Connection, actor: Actor, opened: Opened, now: datetime, staged_at: Path, progress: Progress | None = None
) -> Staging:  # fmt: skip
    """Read the whole file, compare it with the register, and keep the outcome in a staging file.

    Args:
        con: a connection; only read from, in short stretches.
        actor: who imports.
        opened: the request with its file.
        now: the instant.
        staged_at: where the staging file goes.
        progress: told (what, rows done, rows in all) now and then.

    Raises:
        Invalid: none of the columns tells what or where a row is.
    """
    check_allowed(actor, Permission.SPACE_IMPORT)
    check_columns(opened)
    staging = Staging(staged_at, create=True)
    work = _Preparation(con, opened, staging)
    total = opened.records.source.count
    for batch in opened.records.batches():
        give_places(batch, opened.addresses, opened.parcels, opened.geocode)
        work.take(batch)
        if progress:
            progress("rows", work.counts["rows"], total)
    staging.add_issues(opened.records.issues)
    work.find_vanished()
    work.counts["duplicates"] = duplicates.report(con, staging, work.counts["new"], progress)
    _note(staging, opened, work.counts, current_seq(con))
    con.rollback()
    return staging


def check_columns(opened: Opened) -> None:
    """Return in silence when some column tells what or where a row is.

    Raises:
        Invalid: none does.
    """
    source = opened.records.source
    telling = {"name", "address", "street", "parcel_refs"} & {column.field for column in opened.crosswalk.columns}
    if not telling and not opened.records.positions.statements:
        raise Invalid("crosswalk.nothing_known", name=source.name, columns=source.columns[:12])


def _note(staging: Staging, opened: Opened, counts: dict[str, int], seq: int) -> None:
    request, records = opened.request, opened.records
    staging.put("counts", counts)
    staging.put("more", staging.more_issues())
    staging.put("issue_count", staging.issue_count())
    staging.put("seq", seq)
    staging.put("source", opened.source)
    staging.put("file_name", request.file_name or records.source.name)
    staging.put("layer", records.source.layer)
    staging.put("profile", opened.crosswalk.name)
    staging.put("crosswalk", opened.crosswalk_text())
    staging.put("status", request.status)


class _Preparation:
    """Sorts candidates into new, changed, unchanged, retired and left behind."""

    def __init__(self, con: Connection, opened: Opened, staging: Staging) -> None:
        self.con, self.opened, self.staging = con, opened, staging
        self.counts = dict.fromkeys(COUNTS, 0)
        self.known = imports.count_of(con, opened.source) > 0
        self.defaults = self._defaults()

    def _defaults(self) -> dict[str, Any]:
        about, request = self.opened.crosswalk.about, self.opened.request
        fields = {name: about[name] for name in ("kind", "certainty", "occupancy") if about.get(name)}
        if about.get("licence"):
            fields["source_licence"] = about["licence"]
        return {**fields, **request.defaults, "status": request.status, "source": self.opened.source}

    def take(self, batch: Sequence[Candidate]) -> None:
        """Sort one batch."""
        kept = [row for row in batch if self._is_something(row)]
        self._claim(kept)
        kept = [row for row in kept if row.source_ref]
        held = spaces.by_source(self.con, self.opened.source, [row.source_ref for row in kept]) if self.known else {}
        self.con.rollback()
        new, changed, retired, marks = [], [], [], []
        for row in kept:
            _check(row)
            before = held.get(row.source_ref)
            if before is None:
                new.append((row.line, self._space_fields(row)))
                marks.append(row)
            elif self._is_leaving(row, before):
                retired.append((before.ref, before.revision, row.retired_on))
            elif changes := self._changes(row, before):
                changed.append((row.line, before.ref, before.revision, changes))
            else:
                self.counts["unchanged"] += 1
        self.staging.add_batch("new", new)
        self.staging.add_batch("changed", changed)
        self.staging.add_batch("retired", retired)
        self._count(batch, new, changed, retired)
        self.staging.add_issues(issue for row in batch for issue in row.issues)
        self.staging.add_marks(_marks(marks))

    def _count(self, batch: Sequence[Candidate], new: list[Any], changed: list[Any], retired: list[Any]) -> None:
        placed = sum("geometry" in fields for _, fields in new)
        self.counts["rows"] += len(batch)
        self.counts["new"] += placed
        self.counts["without_place"] += len(new) - placed
        self.counts["changed"] += len(changed)
        self.counts["retired"] += len(retired)
        mended = ("place.", "geometry.", "addresses.")
        self.counts["mended"] += sum(
            any(not issue.grave and issue.message.startswith(mended) for issue in row.issues) for row in batch
        )

    def _is_something(self, row: Candidate) -> bool:
        """A row is left behind when it says neither what nor where."""
        told = ("name", "address", "geometry", "parcel_refs")
        if any(row.fields.get(name) is not None for name in told):
            return True
        row.issues.append(Issue(row.line, "", "", "row.nothing", "row.left_behind", grave=True))
        self.counts["left_behind"] += 1
        return False

    def _claim(self, rows: Sequence[Candidate]) -> None:
        """Give every row a reference of its own; a row that repeats another word for word is left behind."""
        for row in rows:
            row.source_ref = row.source_ref or _made_ref(row)
        wanted = [(row.source_ref, row.line, _digest(row)) for row in rows]
        for position, (line, digest) in self.staging.claim_refs(wanted).items():
            row = rows[position]
            values = {"ref": row.source_ref, "line": line}
            if digest == wanted[position][2]:
                row.issues.append(Issue(row.line, "", row.source_ref, "row.same_again", "row.left_behind", values))
                row.source_ref = ""
                self.counts["left_behind"] += 1
                continue
            number = 2
            while self.staging.claim_refs([(f"{row.source_ref} ({number})", row.line, wanted[position][2])]):
                number += 1
            row.source_ref = values["new_ref"] = f"{row.source_ref} ({number})"
            row.issues.append(Issue(row.line, "", str(values["ref"]), "row.ref_twice", "row.ref_given", values, True))

    def _space_fields(self, row: Candidate) -> dict[str, Any]:
        fields = {**self.defaults, **row.fields, "source_ref": row.source_ref}
        if fields.get("ownership") == "unknown" and "ownership" in self.opened.request.defaults:
            fields["ownership"] = self.opened.request.defaults["ownership"]
        if row.retired_on is not None:
            fields.update(status=SpaceStatus.RETIRED.value, retired_on=row.retired_on)
        if fields.get("consent") == Consent.GIVEN and not fields.get("consent_on"):
            fields.pop("consent")
        return fields

    def _is_leaving(self, row: Candidate, before: Space) -> bool:
        if row.retired_on is not None:
            return before.status != SpaceStatus.RETIRED
        if before.status == SpaceStatus.RETIRED:
            values = {"ref": before.ref, "day": before.retired_on}
            row.issues.append(Issue(row.line, "", row.source_ref, "row.back_again", "row.stays_retired", values, True))
        return False

    def _changes(self, row: Candidate, before: Space) -> dict[str, Any]:
        """What the sender tells otherwise than the register has it, but for what was corrected by hand.

        An empty cell changes nothing: the sender is silent there, which is not the same as a no.
        """
        changes = {}
        for name, value in row.fields.items():
            ours = getattr(before, name)
            if name == "placed_by" or same(ours, value) or _is_close(ours, value):
                continue
            if name in before.corrected_fields:
                told = getattr(value, "wkt", value)
                kept = {"ref": before.ref, "ours": getattr(ours, "wkt", ours), "field": name}
                row.issues.append(
                    Issue(row.line, name, str(told), "row.corrected_by_hand", "row.ours_kept", kept, True)
                )
                continue
            changes[name] = value
        return changes

    def find_vanished(self) -> None:
        """Which spaces of this source the file has no more."""
        if not self.known:
            return
        for batch in imports.names_of(self.con, self.opened.source):
            gone = [row for row in batch if not self.staging.has_ref(row[1])]
            self.staging.add_vanished(gone)
            self.counts["vanished"] += len(gone)


def _is_close(ours: Any, value: Any) -> bool:
    return isinstance(ours, float) and isinstance(value, float) and abs(ours - value) < 0.006


def _check(row: Candidate) -> None:
    """Take out values that their field does not allow, each with its issue."""
    fields = row.fields
    for name in [name for name, value in fields.items() if name != "geometry" and check_value(name, value)]:
        message = check_value(name, fields[name])
        row.issues.append(Issue(row.line, name, str(fields.pop(name)), message, "value.left_empty", grave=True))
    for first, last in (("available_from", "available_until"), ("shortest_term_days", "longest_term_days")):
        if fields.get(first) and fields.get(last) and fields[last] < fields[first]:
            message = "space.end_before_start" if last == "available_until" else "space.longest_below_shortest"
            row.issues.append(Issue(row.line, last, str(fields.pop(last)), message, "value.left_empty", grave=True))


def _made_ref(row: Candidate) -> str:
    """A reference out of what the row says of itself, the same each year: its address, name, parcels or place."""
    fields = row.fields
    zone = fields.get("postcode") or fields.get("locality") or ""
    for name in ("address", "name"):
        if fields.get(name):
            return " ".join(part for part in (fold(str(fields[name])), fold(str(zone))) if part)[:200]
    if fields.get("parcel_refs"):
        return " ".join(fields["parcel_refs"])[:200]
    lon, lat = geometry.anchors(np.array([fields["geometry"]], object))
    return f"{lon[0]:.6f} {lat[0]:.6f}"


def _digest(row: Candidate) -> int:
    told = {name: getattr(value, "wkt", value) for name, value in row.fields.items()}
    return crc32(repr(sorted(told.items(), key=lambda item: item[0])).encode())


def _marks(rows: Sequence[Candidate]) -> list[tuple[Any, ...]]:
    placed = [row for row in rows if "geometry" in row.fields]
    if not placed:
        return []
    lon, lat = geometry.anchors(np.array([row.fields["geometry"] for row in placed], object))
    cells, shifted = duplicates.cells(lon, lat)
    return [
        (int(cell), int(beside), row.line, None, x, y, row.fields.get("name"), row.fields.get("address"))
        for row, x, y, cell, beside in zip(placed, lon.tolist(), lat.tolist(), cells, shifted, strict=True)
    ]
