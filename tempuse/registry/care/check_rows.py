"""The smaller parts of a check: settings, areas, reports, people, imports, periods, events; row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from tempuse.areas import Area
from tempuse.emails import wrong_with_email
from tempuse.registry.care.check_spaces import is_ref
from tempuse.registry.care.findings import Finding, bad_values, unfit
from tempuse.registry.care.look import Look
from tempuse.registry.setup import PUBLISHING
from tempuse.settings import CHECKS, NAMES, Settings, from_stored
from tempuse.spaces import SPACE_LIFECYCLE
from tempuse.store import audit, raw, tables
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind, JobState, LetterStatus, Occupancy, ReportKind, ReportStatus, Role, SpaceKind

_DEFAULTS = Settings()
_NOUNS = frozenset({*tables.NOUNS, "register", "settings"})
_PRECISIONS = frozenset({"day", "month", "year"})


def settings(con: Connection, look: Look) -> Iterator[Finding]:
    """The settings; what can be read of them goes into the look."""
    held: dict[str, Any] = {}
    for batch in raw.walk(con, tables.settings):
        yield from bad_values(batch, "name", "setting")
        for name, text in zip(batch.columns["name"], batch.columns["value"], strict=True):
            try:
                value = orjson.loads(text or "")
                fits = name not in NAMES or _fits(name, value)
            except (ValueError, TypeError):
                fits = False
            if fits:
                held[name] = value
            else:
                yield Finding("check.setting", {"name": raw.shown(name), "value": raw.shown(text)})
                look.knows_the_rule = look.knows_the_rule and name not in PUBLISHING
    look.settings = from_stored(held)


def _fits(name: str, value: Any) -> bool:
    default = getattr(_DEFAULTS, name)
    if isinstance(default, tuple):
        value = tuple(value) if isinstance(value, list) else value
    fits, _ = CHECKS.get(name, (lambda _: True, ""))
    return type(value) is type(default) and bool(fits(value))


def areas(con: Connection, look: Look) -> Iterator[Finding]:
    """The areas; those that can be read go into the look."""
    for batch in raw.walk(con, tables.areas):
        yield from bad_values(batch)
        bad = batch.bad_rows()
        for position, row in enumerate(batch.rows()):
            row_id = row.pop("id")
            if not is_ref("area", row["ref"]):
                yield unfit(row["ref"], "ref", row["ref"])
            if row["kind"] not in set(AreaKind):
                yield unfit(row["ref"], "kind", row["kind"])
            if row["geometry"] is None and position not in bad:
                yield Finding("check.no_outline", {"ref": raw.shown(row["ref"])})
            if position not in bad and row["geometry"] is not None:
                look.areas.append((row_id, Area(**row)))
        look.compare(con, "areas", batch.columns["id"], batch.columns["geometry"])


def reports(con: Connection, look: Look) -> Iterator[Finding]:
    """What citizens told, and whether their histories say the same."""
    told = _told_of_reports(con)
    for batch in raw.walk(con, tables.reports):
        yield from bad_values(batch)
        last = audit.histories(con, "report", [ref for ref in batch.columns["ref"] if ref is not None])
        for row in batch.rows():
            ref, status = row["ref"], row["status"]
            for name, kinds in (("kind", ReportKind), ("status", ReportStatus)):
                if row[name] not in set(kinds):
                    yield unfit(ref, name, row[name])
            if row["space_kind"] is not None and row["space_kind"] not in set(SpaceKind):
                yield unfit(ref, "space_kind", row["space_kind"])
            if (event := last.get(ref, (0, None))[1]) != status and event is not None:
                yield Finding("check.event", {"ref": ref, "status": raw.shown(status), "event": raw.shown(event)})
            if ref in told and told[ref] != row["space_ref"]:
                yield unfit(ref, "space_ref", row["space_ref"])
        look.compare(con, "reports", batch.columns["id"], batch.columns["geometry"])


def _told_of_reports(con: Connection) -> dict[str, Any]:
    """To which space each report was joined at last, as its history says."""
    batch = raw.some(con, tables.events, tables.events.c.noun == "report", tables.events.c.what.in_(("join", "make")))
    rows = sorted(batch.rows(), key=lambda row: row["id"])
    return {row["ref"]: row["changes"]["space_ref"][-1] for row in rows if (row["changes"] or {}).get("space_ref")}


def people(con: Connection) -> Iterator[Finding]:
    """Who works in the office."""
    for batch in raw.walk(con, tables.people):
        yield from bad_values(batch)
        for row in batch.rows():
            if not is_ref("person", row["ref"]):
                yield unfit(row["ref"], "ref", row["ref"])
            if wrong_with_email(row["email"] or ""):
                yield unfit(row["ref"], "email", row["email"])


def memberships(con: Connection) -> Iterator[Finding]:
    """What people are."""
    for batch in raw.walk(con, tables.memberships):
        yield from bad_values(batch, "person_ref", "membership of")
        for row in batch.rows():
            if row["role"] not in set(Role):
                yield unfit(f"membership of {row['person_ref']}", "role", row["role"])
            if (row["over_noun"] is None) != (row["over_ref"] is None):
                yield unfit(f"membership of {row['person_ref']}", "over_ref", row["over_ref"])


def imports(con: Connection) -> Iterator[Finding]:
    """What was brought in."""
    for batch in raw.walk(con, tables.imports):
        yield from bad_values(batch)
        for ref, issues in zip(batch.columns["ref"], batch.columns["issues"], strict=True):
            if not is_ref("import", ref):
                yield unfit(ref, "ref", ref)
            if issues is not None and not _is_list(issues):
                yield unfit(ref, "issues", issues)


def _is_list(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), list)
    except ValueError:
        return False


def periods(con: Connection) -> Iterator[Finding]:
    """The past of spaces."""
    for batch in raw.walk(con, tables.periods):
        yield from bad_values(batch, "space_ref", "period of")
        for row in batch.rows():
            what = f"period of {row['space_ref']}"
            if row["occupancy"] not in set(Occupancy):
                yield unfit(what, "occupancy", row["occupancy"])
            if row["precision"] not in _PRECISIONS:
                yield unfit(what, "precision", row["precision"])
            if row["starts_on"] and row["ends_on"] and row["ends_on"] < row["starts_on"]:
                yield unfit(what, "ends_on", row["ends_on"])


def letters(con: Connection) -> Iterator[Finding]:
    """Letters, and whether those that wait have a reader."""
    for batch in raw.walk(con, tables.letters):
        yield from bad_values(batch, "key", "letter")
        for row in batch.rows():
            if row["status"] not in set(LetterStatus):
                yield unfit(f"letter {row['id']}", "status", row["status"])
    for template, ref in audit.letters_to_nobody(con):
        yield Finding("check.letter", {"template": raw.shown(template), "ref": raw.shown(ref)})


def jobs(con: Connection) -> Iterator[Finding]:
    """Long work that somebody began."""
    for batch in raw.walk(con, tables.jobs):
        yield from bad_values(batch, "key", "job")
        for row in batch.rows():
            if row["state"] not in set(JobState):
                yield unfit(f"job {row['id']}", "state", row["state"])


_EVENT = re.compile(r"[a-z_]{1,40}")


def events(con: Connection) -> Iterator[Finding]:
    """What happened."""
    for batch in raw.walk(con, tables.events, 5000):
        yield from bad_values(batch, "ref", "event of")
        columns = batch.columns
        fits = set(columns["noun"]) <= _NOUNS and set(columns["status"]) <= _STATUSES
        if fits and all(map(_is_event, set(columns["what"]))):
            continue
        for noun, ref, what, status in zip(
            columns["noun"], columns["ref"], columns["what"], columns["status"], strict=True
        ):
            for name, value, is_right in (
                ("noun", noun, noun in _NOUNS),
                ("what", what, _is_event(what)),
                ("status", status, status in _STATUSES),
            ):
                if not is_right:
                    yield unfit(f"event of {ref}", name, value)


_STATUSES = frozenset({None, *SPACE_LIFECYCLE.statuses, *(each.value for each in ReportStatus)})


def _is_event(what: Any) -> bool:
    return isinstance(what, str) and _EVENT.fullmatch(what) is not None
