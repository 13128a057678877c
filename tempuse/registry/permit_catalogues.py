"""The city's catalogues: kinds of permits, departments, conditions, entry by entry; and examples to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from tempuse import resources
from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, NotFound
from tempuse.permit_kinds import CATALOGUES
from tempuse.registry.setup import change_settings
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.vocabulary import Permission

_FOLDER = "permit-kinds"
# By what each catalogue names its entries.
NAMED_BY = {"permit_kinds": "name", "departments": "name", "city_conditions": "key"}


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Kinds of permits to begin with, by name: each with the departments and conditions that it speaks of."""
    found = [orjson.loads(path.read_bytes()) for path in sorted(resources.folder(_FOLDER).glob("*.json"))]
    return {each["permit_kind"]["name"]: each for each in found}


def entries(con: Connection, setting: str) -> list[dict[str, Any]]:
    """The entries of a catalogue, as they are set.

    Raises:
        NotFound: there is no such catalogue.
    """
    if setting not in CATALOGUES:
        raise NotFound("setting.unknown", name=setting)
    return [dict(each) for each in getattr(get_settings(con), setting)]


def put_entry(
    con: Connection, actor: Actor, setting: str, entry: Mapping[str, Any], now: datetime, *, instead_of: str = ""
) -> None:
    """Put an entry into a catalogue: as the last one, or in the place of another.

    Raises:
        NotFound: there is no such catalogue, or no entry of the name that it is to replace.
        Invalid: something does not fit, or two entries have one name.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    held, key = entries(con, setting), NAMED_BY[setting]
    if instead_of:
        places = [place for place, each in enumerate(held) if each.get(key) == instead_of]
        if not places:
            con.rollback()
            raise NotFound("setting.no_entry", name=instead_of)
        held[places[0]] = dict(entry)
    else:
        held.append(dict(entry))
    _set(con, actor, {setting: held}, now)


def remove_entry(con: Connection, actor: Actor, setting: str, name: str, now: datetime) -> None:
    """Take an entry out of a catalogue; permits of a kind that is gone keep its name. Done twice, it stays as it is.

    Raises:
        NotFound: there is no such catalogue.
        Conflict: a kind still names the department or the condition.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    held, kinds = entries(con, setting), entries(con, "permit_kinds")
    users = [str(kind["name"]) for kind in kinds if setting != "permit_kinds" and _names(kind, setting, name)]
    if users:
        con.rollback()
        raise Conflict("setting.entry_used", name=name, users=", ".join(users))
    _set(con, actor, {setting: [each for each in held if each.get(NAMED_BY[setting]) != name]}, now)


def _names(kind: Mapping[str, Any], setting: str, name: str) -> bool:
    lists = ("departments", "asked_departments") if setting == "departments" else ("conditions",)
    return any(name in kind.get(each, ()) for each in lists)


def take_example(con: Connection, actor: Actor, name: str, now: datetime) -> None:
    """Take over an example, with the departments and conditions that it speaks of; what is there stays as it is.

    Raises:
        NotFound: there is no such example.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    if name not in examples():
        raise NotFound("setting.no_entry", name=name)
    example = examples()[name]
    brought = {
        "permit_kinds": [example["permit_kind"]], "departments": example["departments"],
        "city_conditions": example["city_conditions"],
    }  # fmt: skip
    changes = {}
    for setting, new in brought.items():
        held, key = entries(con, setting), NAMED_BY[setting]
        there = {each[key] for each in held}
        changes[setting] = [*held, *(each for each in new if each[key] not in there)]
    _set(con, actor, changes, now)


def _set(con: Connection, actor: Actor, changes: Mapping[str, list[dict[str, Any]]], now: datetime) -> None:
    con.rollback()
    change_settings(con, actor, {name: orjson.dumps(held).decode() for name, held in changes.items()}, now)
