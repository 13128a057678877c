"""The town's own background: taken in whole, or taken away again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tempuse.access import Actor, check_allowed
from tempuse.geometry import Box
from tempuse.io.ground.making import Ground
from tempuse.registry import attachments as registry
from tempuse.registry import setup
from tempuse.store import areas, attachments
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.vocabulary import Permission

NAMES = ("ground", "ground_addresses", "ground_source")


def town(con: Connection) -> Box | None:
    """The box of the municipality, else of its districts: what of an extract is the town; None when nobody told."""
    outline = areas.boundary(con)
    return Box(*outline.bounds) if outline is not None else None


def known_addresses(con: Connection, home: Path) -> Path | None:
    """The list of addresses that came with the ground; None where there is none."""
    return attachments.path_of(home, get_settings(con).ground_addresses)


def set_ground(con: Connection, actor: Actor, home: Path, ground: Ground | None, now: datetime) -> None:
    """Put this ground in the place of what was there; nothing when None. What was there goes.

    Args:
        con: an idle connection.
        actor: who does it.
        home: where attachments are kept.
        ground: what ``io.ground.making`` made.
        now: the instant.

    Raises:
        Unusable: it cannot be kept.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    names = ["", "", ""]
    if ground is not None:
        listed = attachments.put(home, ground.addresses, "csv") if ground.addresses else ""
        names = [attachments.put(home, ground.tiles, "pmtiles"), listed, ground.source]
    settings = get_settings(con)
    before = [name for name in (settings.ground, settings.ground_addresses) if name]
    con.rollback()
    setup.change_settings(con, actor, dict(zip(NAMES, names, strict=True)), now)
    registry.let_go(con, home, before)
    con.rollback()
