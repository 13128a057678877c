"""The smaller parts of a check: settings, areas, reports, people, imports, periods, events; row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from tempuse.areas import Area
from tempuse.emails import wrong_with_email
from tempuse.fields import fields_of, lists_of
from tempuse.refs import NOUNS
from tempuse.registry.care.check_spaces import is_ref
from tempuse.registry.care.findings import Finding, bad_values, unfit
from tempuse.registry.care.look import Look
from tempuse.registry.mandates import lost_spaces
from tempuse.registry.setup import PUBLISHING
from tempuse.settings import CHECKS, NAMES, Settings, from_stored
from tempuse.store import audit, raw, tables
from tempuse.store import organisations as organisation_rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import JobState, LetterStatus, Occupancy, Role

_DEFAULTS = Settings()
_NOUNS = frozenset({*NOUNS, "register", "settings"})
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
            yield from _misfits("area", row)
            if row["geometry"] is None and position not in bad:
                yield Finding("check.no_outline", {"ref": raw.shown(row["ref"])})
            if position not in bad and row["geometry"] is not None:
                look.areas.append((row_id, Area(**row)))
        look.compare(con, "areas", batch.columns["id"], batch.columns["geometry"])


def records(con: Connection, look: Look, noun: str) -> Iterator[Finding]:
    """The records of a noun: refs, choices, what else is asked of it, and whether their histories say the same."""
    table, more = tables.NOUNS[noun], _MORE.get(noun, _nothing_more)(con)
    for batch in raw.walk(con, table):
        yield from bad_values(batch)
        last = audit.histories(con, noun, [ref for ref in batch.columns["ref"] if ref is not None])
        for row in batch.rows():
            yield from _misfits(noun, row)
            ref, status = row["ref"], row.get("status")
            if (event := last.get(ref, (0, None))[1]) != status and event is not None:
                yield Finding("check.event", {"ref": ref, "status": raw.shown(status), "event": raw.shown(event)})
            yield from (unfit(ref, name, row[name]) for name in more(row))
        if "geometry" in table.c:
            look.compare(con, table.name, batch.columns["id"], batch.columns["geometry"])


def _misfits(noun: str, row: dict[str, Any]) -> Iterator[Finding]:
    """A ref that is none, and what is on no list."""
    if not is_ref(noun, row["ref"]):
        yield unfit(row["ref"], "ref", row["ref"])
    for name, allowed in lists_of(NOUNS[noun]).items():
        about, value = fields_of(NOUNS[noun])[name], row[name]
        if about["kind"] == "choice" and (value not in allowed or (value is None and about.get("needed"))):
            yield unfit(row["ref"], name, value)


# Gives the names of the fields of a row that hold what they cannot.
More = Callable[[dict[str, Any]], Iterable[str]]


def _nothing_more(con: Connection) -> More:
    return lambda row: ()


def _of_reports(con: Connection) -> More:
    told = _told_of_reports(con)
    return lambda row: ["space_ref"] if row["ref"] in told and told[row["ref"]] != row["space_ref"] else ()


def _of_people(con: Connection) -> More:
    return lambda row: ["email"] if wrong_with_email(row["email"] or "") else ()


def _of_organisations(con: Connection) -> More:
    return lambda row: ["email"] if row["email"] and wrong_with_email(row["email"]) else ()


def _of_imports(con: Connection) -> More:
    return lambda row: ["issues"] if row["issues"] is not None and not _is_list(row["issues"]) else ()


def _told_of_reports(con: Connection) -> dict[str, Any]:
    """To which space each report was joined at last, as its history says."""
    batch = raw.some(con, tables.events, tables.events.c.noun == "report", tables.events.c.what.in_(("join", "make")))
    rows = sorted(batch.rows(), key=lambda row: row["id"])
    return {row["ref"]: row["changes"]["space_ref"][-1] for row in rows if (row["changes"] or {}).get("space_ref")}


def _is_list(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), list)
    except ValueError:
        return False


_MORE: dict[str, Callable[[Connection], More]] = {
    "report": _of_reports, "person": _of_people, "import": _of_imports, "organisation": _of_organisations,
}  # fmt: skip


def memberships(con: Connection) -> Iterator[Finding]:
    """What people are."""
    for batch in raw.walk(con, tables.memberships):
        yield from bad_values(batch, "person_ref", "membership of")
        for row in batch.rows():
            if row["role"] not in set(Role):
                yield unfit(f"membership of {row['person_ref']}", "role", row["role"])
            if (row["over_noun"] is None) != (row["over_ref"] is None):
                yield unfit(f"membership of {row['person_ref']}", "over_ref", row["over_ref"])


def mandates(con: Connection) -> Iterator[Finding]:
    """Whether the mediators and the spaces of mandates are there."""
    for batch in raw.walk(con, tables.mandates):
        mediators = organisation_rows.by_refs(con, [ref for ref in batch.columns["mediator_ref"] if ref])
        for row in batch.rows():
            told = {"ref": raw.shown(row["ref"])}
            if row["mediator_ref"] not in mediators:
                yield Finding("check.orphan", {**told, "table": "mediator_ref"})
            if lost_spaces(con, [str(each) for each in row["space_refs"] or ()]):
                yield Finding("check.orphan", {**told, "table": "space_refs"})


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


_STATUSES = frozenset({None}).union(*(lists_of(noun).get("status", ()) for noun in NOUNS.values()))


def _is_event(what: Any) -> bool:
    return isinstance(what, str) and _EVENT.fullmatch(what) is not None
