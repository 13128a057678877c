"""First half of an import: read, check and compare outside the lock. Nothing is in the register yet."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tempuse.access import Actor, check_allowed
from tempuse.errors import Invalid, Issue
from tempuse.io.candidates import Candidate
from tempuse.io.join import give_places
from tempuse.registry.importing import duplicates, incoming
from tempuse.registry.importing.opening import Opened
from tempuse.registry.importing.restrictions import Restrictions, publishes, status_of
from tempuse.registry.records import same
from tempuse.spaces import SPACE_LIFECYCLE, Space
from tempuse.store import imports, spaces
from tempuse.store.common import current_state, get_settings
from tempuse.store.engine import Connection
from tempuse.store.import_staging import Staging
from tempuse.vocabulary import Consent, Permission, PlacedBy, SpaceStatus

Progress = Callable[[str, int, int | None], None]

_MENDED = ("place.", "geometry.", "addresses.")
COUNTS = (
    "rows", "new", "by_address", "without_place", "changed", "unchanged", "left_behind", "retired", "vanished",
    "mended", "duplicates", "asides",
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
        Invalid: none of the columns tells what or where a row is; or the spaces would become public at once, and what
            the list says about who may see them is not understood.
    """
    check_allowed(actor, Permission.SPACE_IMPORT)
    check_columns(opened)
    settings = get_settings(con)
    staging = Staging(staged_at, create=True)
    # Counted before the first comparison: what is changed while we read must not be taken for compared.
    state = str(current_state(con))
    con.rollback()
    restrictions = Restrictions(opened, settings.today(now))
    work = _Preparation(con, opened, staging, restrictions)
    total = opened.records.source.count
    for batch in opened.records.batches():
        give_places(batch, opened.addresses, opened.parcels, opened.geocode, opened.known)
        for row in batch:
            opened.request.by_hand.settle(row.line, row.fields, row.issues)
        with staging.together():
            work.take(batch)
        if progress:
            progress("rows", work.counts["rows"], total)
    if publishes(opened.request.status, settings):
        try:
            restrictions.check()
        except Invalid:
            staging.discard()
            opened.close()
            raise
    with staging.together():
        staging.add_issues(opened.records.issues)
        staging.add_issues(restrictions.issues())
        work.find_vanished()
        work.counts["duplicates"] = work.likely.report(con, progress)
        if work.strangers * 2 > work.met:
            # By their numbers most rows are spaces of this list, by their names and places they are not.
            staging.put("another_list", {"source": opened.source, "rows": work.strangers, "of": work.met})
        _note(staging, opened, work.counts, state)
    con.rollback()
    opened.close()
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


def _note(staging: Staging, opened: Opened, counts: dict[str, int], state: str) -> None:
    request, records = opened.request, opened.records
    staging.put("counts", counts)
    staging.put("more", staging.more_issues())
    staging.put("issue_count", staging.issue_count())
    staging.put("state", state)
    staging.put("source", opened.source)
    staging.put("file_name", request.file_name or records.source.name)
    staging.put("layer", records.source.layer)
    staging.put("profile", opened.crosswalk.name)
    staging.put("crosswalk", opened.crosswalk_text())
    staging.put("status", request.status)


class _Preparation:
    """Sorts candidates into new, changed, unchanged, retired and left behind."""

    def __init__(self, con: Connection, opened: Opened, staging: Staging, restrictions: Restrictions) -> None:
        self.con, self.opened, self.staging, self.restrictions = con, opened, staging, restrictions
        self.counts = dict.fromkeys(COUNTS, 0)
        self.likely = duplicates.Likely(staging)
        self.known = imports.count_of(con, opened.source) > 0
        self.met, self.strangers = 0, 0
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
        new, changed, retired = [], [], []
        for row in kept:
            incoming.check(row)
            before = held.get(row.source_ref)
            self.restrictions.take(row, before, self.defaults)
            if before is not None:
                self.met += 1
                self.strangers += incoming.is_another(row, before)
            if before is None:
                new.append((row.line, self._space_fields(row)))
            elif self._is_leaving(row, before):
                retired.append((before.ref, before.revision, row.retired_on))
            elif changes := self._changes(row, before):
                changed.append((row.line, before.ref, before.revision, changes))
            else:
                self.counts["unchanged"] += 1
        self._count(batch, new, changed, retired)
        self.staging.add_issues(issue for row in batch for issue in row.issues)
        self.likely.add_rows(new)
        if new:
            self.staging.add_batch("new", incoming.packed(new))
        self.staging.add_batch("changed", incoming.packed_changes(changed))
        self.staging.add_batch("retired", retired)

    def _count(self, batch: Sequence[Candidate], new: list[Any], changed: list[Any], retired: list[Any]) -> None:
        placed = sum("geometry" in fields for _, fields in new)
        self.counts["rows"] += len(batch)
        self.counts["new"] += placed
        self.counts["by_address"] += sum(fields.get("placed_by") == PlacedBy.ADDRESS for _, fields in new)
        self.counts["without_place"] += len(new) - placed
        self.counts["changed"] += len(changed)
        self.counts["retired"] += len(retired)
        self.counts["mended"] += sum(
            any(not issue.grave and issue.message.startswith(_MENDED) for issue in row.issues)
            for row in batch
            if row.issues
        )

    def _is_something(self, row: Candidate) -> bool:
        """A row is left behind when it says neither what nor where, or is a heading, a total, a note."""
        if row.aside:
            self.counts["left_behind"] += 1
            self.counts["asides"] += 1
            return False
        told = ("name", "address", "geometry", "parcel_refs")
        if row.where or any(row.fields.get(name) is not None for name in told):
            return True
        message = "row.nothing_known" if row.fields or row.issues else "row.nothing"
        row.issues.append(Issue(row.line, "", "", message, "row.left_behind", grave=True))
        self.counts["left_behind"] += 1
        return False

    def _claim(self, rows: Sequence[Candidate]) -> None:
        """Give every row a reference of its own; a row that repeats another word for word is left behind."""
        for row in rows:
            row.source_ref = row.source_ref or incoming.made_ref(row)
        wanted = [(row.source_ref, row.line, incoming.digest(row)) for row in rows]
        for position, (line, digest) in self.staging.claim_refs(wanted).items():
            row = rows[position]
            values = {"ref": row.source_ref, "line": line}
            if digest == wanted[position][2] and row.line not in self.opened.request.by_hand.spaces:
                row.issues.append(Issue(row.line, "", row.source_ref, "row.same_again", "row.left_behind", values))
                row.source_ref = ""
                self.counts["left_behind"] += 1
                continue
            # The same number in two sheets is told apart by the sheet: so it stays, whichever comes first next year.
            names = itertools.chain([row.table] if row.table else [], map(str, itertools.count(2)))
            claims = (f"{row.source_ref} ({each})" for each in names)
            free = (each for each in claims if not self.staging.claim_refs([(each, row.line, wanted[position][2])]))
            row.source_ref = values["new_ref"] = next(free)
            row.issues.append(Issue(row.line, "", str(values["ref"]), "row.ref_twice", "row.ref_given", values, True))

    def _space_fields(self, row: Candidate) -> dict[str, Any]:
        fields = {**self.defaults, **row.fields, "source_ref": row.source_ref}
        if fields.get("ownership") == "unknown" and "ownership" in self.opened.request.defaults:
            fields["ownership"] = self.opened.request.defaults["ownership"]
        if row.status:
            fields["status"] = status_of(row, fields["status"])
        if row.retired_on is not None:
            fields.update(status=SpaceStatus.RETIRED.value, retired_on=row.retired_on)
        if "consent" in row.fields and "consent_on" not in row.fields:
            fields.pop("consent_on", None)  # the day that was told for the others is not this row's
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
        if row.status == SpaceStatus.WITHHELD and before.status in SPACE_LIFECYCLE.moves["withhold"].origins:
            changes["status"] = SpaceStatus.WITHHELD.value
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
