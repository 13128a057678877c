"""Making a register, and what a city sets in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tempuse import __version__
from tempuse.access import Actor, check_allowed
from tempuse.io.places import usual
from tempuse.registry.publishing import decide_all, republish_all
from tempuse.settings import Settings, parse
from tempuse.store import jobs, letters
from tempuse.store.common import add_event, become_another, get_settings, put_setting, renew_statistics, start
from tempuse.store.engine import Connection, homes, writing
from tempuse.store.schema import check_known, make_schema, newest, upgrade
from tempuse.vocabulary import Permission

# Settings that decide what the public sees: changing one decides anew for every space.
PUBLISHING = frozenset({
    "publish_from", "private_rule", "objection_days", "public_level", "private_level", "time_zone", "uses_public_from",
    "public_need_counts",
})  # fmt: skip


def create_register(con: Connection, actor: Actor, now: datetime) -> None:
    """Make an empty register in an empty database.

    Raises:
        Conflict: there is one already.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        make_schema(con)
        start(con, now, __version__)
        add_event(con, actor, now, "register", "register", "create", note=__version__)


def steps_waiting(con: Connection, address: str) -> bool:
    """Whether a register is of an older version than this program's.

    Raises:
        NotFound: the database has no register.
        Unusable: it is not a register, or from a newer program.
    """
    return check_known(con, address) != newest()


def upgrade_register(
    con: Connection, actor: Actor, now: datetime, progress: Callable[[str, int, int], None] | None = None
) -> list[str]:
    """Bring a register to this program's version; the steps that were made, none where somebody else was quicker.

    Back it up first.

    Args:
        con: an idle connection.
        actor: who upgrades it.
        now: the instant.
        progress: told (what, rows done, rows in all) now and then.

    Raises:
        NotFound: the database has no register.
        Unusable: it is not a register, or from a newer program, or a table or column is missing.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    told = progress or (lambda *_: None)
    with writing(con):
        steps = upgrade(con, now, told)
        if steps:
            add_event(con, actor, now, "register", "register", "upgrade", note=f"{__version__}: {', '.join(steps)}")
            decide_all(con, now, told)
            renew_statistics(con)
    return steps


def become_another_register(con: Connection, home: Path) -> None:
    """Give a register that is brought back an id of its own, and the home that came with it.

    Its letters that waited are held: most of them went out after the backup was made. Its jobs are forgotten: their
    files did not come along.

    Raises:
        Unusable: the home cannot be written.
    """
    with writing(con):
        become_another(con)
        letters.hold(con)
        jobs.remove_all(con)
        homes.come_along(con, home)


def adopt_home(con: Connection, actor: Actor, home: Path, now: datetime) -> None:
    """Let the register belong to this home from now on, whatever it belonged to.

    Raises:
        Unusable: the home cannot be written.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        homes.settle(con, home)
        add_event(con, actor, now, "register", "register", "adopt_home")


def change_settings(con: Connection, actor: Actor, changes: Mapping[str, str], now: datetime) -> Settings:
    """Set what a city sets, from texts as a person types them.

    With another country come its currency and the system of its coordinates, where nobody set others.

    Raises:
        NotFound: there is no setting of that name.
        Invalid: a text is not a value of its setting.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    values: dict[str, Any] = {name: parse(name, text) for name, text in changes.items()}
    with writing(con):
        before = get_settings(con, anew=values)
        values = _of_country(before, values) | values
        changed = {
            name: [getattr(before, name), value] for name, value in values.items() if getattr(before, name) != value
        }
        for name in changed:
            put_setting(con, name, values[name])
        if changed:
            add_event(con, actor, now, "settings", "settings", "edit", changes=changed)
        if PUBLISHING & set(changed):
            republish_all(con, now)
        return get_settings(con)


def _of_country(before: Settings, values: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from a country that is set anew; what somebody chose against the usual stays theirs."""
    country = values.get("country", before.country)
    if country == before.country:
        return {}
    found = {}
    if (crs := usual.crs_of(country)) and before.national_crs in ("", usual.crs_of(before.country)):
        found["national_crs"] = crs
    paid = usual.currency_of(before.country) or Settings().currency
    if (currency := usual.currency_of(country)) and before.currency == paid:
        found["currency"] = currency
    return found
