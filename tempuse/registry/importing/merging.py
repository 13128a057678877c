"""Second half of an import: merge what was staged, in one transaction, all or none."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime

import orjson

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, Issue
from tempuse.imports import Import
from tempuse.registry.adding import adding
from tempuse.registry.consents import settle_word
from tempuse.registry.importing import incoming
from tempuse.registry.importing.prepare import Progress
from tempuse.registry.placing import settle
from tempuse.registry.publishing import publish
from tempuse.registry.records import Change, changing, move
from tempuse.registry.spaces import MOVED
from tempuse.registry.under_permits import broken_by, holders_of, note_owner
from tempuse.spaces import SPACE_LIFECYCLE, Space
from tempuse.store import imports, spaces
from tempuse.store.common import add_event, current_state, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.store.import_staging import Staging
from tempuse.store.types import instant_text
from tempuse.vocabulary import Permission, SpaceStatus

_KEPT_ISSUES = 5000


@dataclass(frozen=True, slots=True)
class Merged:
    """What an import did: its ref, how many spaces came, changed and were retired."""

    ref: str
    new: int
    changed: int
    retired: int


def merge_import(
    con: Connection, actor: Actor, staging: Staging, now: datetime, *,
    retire_vanished_on: date | None = None, same_list: bool = False, progress: Progress | None = None,
) -> Merged:  # fmt: skip
    """Bring a prepared import into the register: every row of it or none.

    Args:
        con: an idle connection.
        actor: who confirms.
        staging: what ``staging.prepare_import`` made; it is left as it is.
        now: the instant.
        retire_vanished_on: retire the spaces that the sender's list has no more, as of this day.
        same_list: somebody said that it is the list of this name, though most of its rows look like other spaces.
        progress: told (what, done, in all) now and then.

    Raises:
        Conflict: it was merged already, spaces that it compares with were changed since, or it looks like
            another list and nobody said that it is the same.
    """
    check_allowed(actor, Permission.SPACE_IMPORT)
    if not same_list and (another := staging.get("another_list")):
        raise Conflict("import.another_list", **another)
    source = staging.get("source")
    counts = {"new": 0, "changed": 0, "retired": 0}
    with writing(con):
        _check_once(con, staging)
        _check_fresh(con, staging)
        ref = next_refs(con, "import")[0]
        total = _expected(staging)
        became = dict.fromkeys((issue.row for issue in staging.issues(_KEPT_ISSUES)), "")
        with adding(con, actor, now, what="import", import_ref=ref, shuffled=total) as adder:
            for batch in staging.batches("new"):
                rows = list(incoming.unpacked(batch))
                refs = adder.add([Space(**fields) for _, fields in rows])
                became.update((line, its) for (line, _), its in zip(rows, refs, strict=True) if line in became)
                if progress:
                    progress("merge", adder.added, total)
        counts["new"] = adder.added
        touched = _change(con, actor, staging, now, ref)
        became.update((line, its) for line, its in touched if line in became)
        counts["changed"] = len(touched)
        retired = _retire(con, actor, staging, now, ref, retire_vanished_on)
        counts["retired"] = len(retired)
        publish(con, "spaces", [*(its for _, its in touched), *retired], now)
        _note(con, actor, staging, now, ref, counts, became)
        add_event(con, actor, now, "import", ref, "import", changes=dict(counts), note=source, import_ref=ref)
        # While the lock is held: whoever waits for it to merge the same must find this.
        staging.put("merged", [ref, instant_text(now)])
    return Merged(ref, counts["new"], counts["changed"], counts["retired"])


def _expected(staging: Staging) -> int:
    counts = staging.get("counts", {})
    return int(counts.get("new", 0)) + int(counts.get("without_place", 0))


def _check_once(con: Connection, staging: Staging) -> None:
    """What was merged is not merged again. The mark counts only when the register has that import: whoever was
    stopped before the end has left a mark and no import.

    Raises:
        Conflict: it was.
    """
    ref, at = staging.get("merged", ("", ""))
    if ref and imports.is_of(con, ref, datetime.fromisoformat(at)):
        raise Conflict("import.merged_already", ref=ref)


def _check_fresh(con: Connection, staging: Staging) -> None:
    """The comparison must still hold: nothing of this source came in, and no space it touches was changed.

    Raises:
        Conflict: it does not; the file must be compared anew.
    """
    if str(current_state(con)) == staging.get("state"):
        return
    compared = {row[0]: row[1] for batch in staging.batches("retired") for row in batch}
    compared |= {row[1]: row[2] for batch in staging.batches("changed") for row in batch}
    held = imports.revisions(con, list(compared))
    changed = sorted(ref for ref, revision in compared.items() if held.get(ref) != revision)
    if changed:
        raise Conflict("import.changed_since", refs=changed[:10])
    source = staging.get("source")
    for batch in staging.batches("new"):
        here = spaces.by_source(con, source, incoming.source_refs(batch))
        if here:
            raise Conflict("import.came_since", source=source, refs=sorted(space.ref for space in here.values())[:10])


def _change(con: Connection, actor: Actor, staging: Staging, now: datetime, import_ref: str) -> list[tuple[int, str]]:
    """Write what changed; these spaces as their line in the list and their ref."""
    touched = []
    for batch in staging.batches("changed"):
        for line, ref, _, changes in incoming.unpacked_changes(batch):
            with changing(
                con, actor, spaces.rows, ref, now, "import", import_ref=import_ref, publish=False
            ) as change:  # fmt: skip
                for name, value in changes.items():
                    setattr(change.record, name, value)
                staging.add_issues(_kept_for_permits(con, line, change, now))
                settle(con, change.record, change.before)
                settle_word(change.before, change.record)
                note_owner(con, actor, change.before, change.record, now)
            touched.append((line, ref))
    return touched


def _kept_for_permits(con: Connection, line: int, change: Change[Space], now: datetime) -> list[Issue]:
    """Take back what would break a permit of the space; an issue for each field."""
    issues = []
    for name, refs in broken_by(con, change.before, change.record, now).items():
        told, values = str(getattr(change.record, name)), {"ref": change.record.ref, "refs": ", ".join(refs)}
        ours = getattr(change.before, name)
        setattr(change.record, name, ours)
        values["ours"] = str(ours or "")
        issues.append(Issue(line, name, told, "row.breaks_permits", "row.ours_kept", values, True))
    return issues


def _retire(
    con: Connection, actor: Actor, staging: Staging, now: datetime, import_ref: str, vanished_on: date | None
) -> list[str]:  # fmt: skip
    """Retire what the list itself ends, and on request what it has no more."""
    leaving: list[tuple[str, date, str | None]] = [
        (ref, day, None) for batch in staging.batches("retired") for ref, _, day in incoming.unpacked_retired(batch)
    ]
    if vanished_on is not None:
        leaving += [(ref, vanished_on, "not in the list any more") for ref, _, _ in staging.vanished()]
    done = []
    for ref, day, why in leaving:
        if held := holders_of(con, ref, now):
            values = {"ref": ref, "refs": ", ".join(held)}
            staging.add_issues([Issue(None, "", ref, "row.breaks_permits", "row.not_retired", values, True)])
            continue
        with changing(
            con, actor, spaces.rows, ref, now, "retire", only=MOVED, import_ref=import_ref, publish=False
        ) as change:
            if change.record.status == SpaceStatus.RETIRED:
                continue
            move(change.record, SPACE_LIFECYCLE, "retire", retired_on=day)
            change.record.retired_on, change.record.retired_why = day, why
        done.append(ref)
    return done


def _note(
    con: Connection, actor: Actor, staging: Staging, now: datetime, ref: str, counts: dict[str, int],
    became: dict[int | None, str],
) -> None:  # fmt: skip
    """Write the import down; what was noticed about a row says which space it became."""
    issues = [dataclasses.asdict(issue) for issue in staging.issues(_KEPT_ISSUES)]
    for issue in issues:
        if its := became.get(issue["row"]):
            issue["values"]["space"] = its
    imports.add(
        con,
        Import(
            ref=ref, at=now, actor=actor.name,
            source=staging.get("source"), file_name=staging.get("file_name"), profile=staging.get("profile"),
            counts={**staging.get("counts", {}), **{f"merged_{name}": number for name, number in counts.items()}},
            issues=orjson.dumps(issues, default=str).decode(), crosswalk=staging.get("crosswalk"),
        ),
    )  # fmt: skip
