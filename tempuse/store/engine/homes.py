"""The home of a register: its keys, accounts and attachments, in one folder that it knows by an id.

The id stands in a small file of the home, which travels with a backup, and in the register. So a home that is only
named otherwise, or empty by mistake, is not taken for the register's: with it everybody would be a stranger, and a
backup would hold no attachments.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from tempuse import files
from tempuse.errors import Unusable
from tempuse.store.engine.transactions import writing
from tempuse.store.tables import register_state

FILE = "home-id"


def id_of(home: Path) -> str | None:
    """The id of a home, None where it has none yet.

    Raises:
        Unusable: its file cannot be read.
    """
    try:
        return (home / FILE).read_text().strip() or None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Unusable("file.refused", path=str(home / FILE), detail=_detail(error)) from error


def give_id(home: Path, wanted: str | None = None) -> str:
    """The id of a home; one is made, or the one that is wanted taken, where it has none.

    Raises:
        Unusable: its file cannot be written.
    """
    if (held := id_of(home)) is None:
        try:
            files.make_folder(home)
            files.write_whole(home / FILE, (wanted or secrets.token_hex(8)).encode(), keep=True)
        except OSError as error:
            raise Unusable("file.refused", path=str(home / FILE), detail=_detail(error)) from error
        held = id_of(home)
    return held or ""


def _detail(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)


def check(con: Connection, address: str, home: Path) -> None:
    """Return in silence when this is the register's home; a register that has none yet takes it.

    Args:
        con: an idle connection to a register of our version.
        address: the register, for the sentence.
        home: the folder.

    Raises:
        Unusable: the register belongs to another home.
    """
    held = con.scalar(select(register_state.c.home_id))
    con.rollback()
    if held is None:
        held = _take(con, home)
    if held != id_of(home):
        raise Unusable("home.other", path=str(home), address=address)


def _take(con: Connection, home: Path) -> str | None:
    """Note a home in a register that has none; gives the id that it has then."""
    own = give_id(home)
    try:
        with writing(con):
            con.execute(update(register_state).where(register_state.c.home_id.is_(None)).values(home_id=own))
            return con.scalar(select(register_state.c.home_id))
    except Unusable as error:
        if error.message not in ("register.read_only", "register.locked", "register.not_permitted"):
            raise
        return own  # whoever may write notes it


def settle(con: Connection, home: Path) -> None:
    """Let a register and a home belong together, whatever it belonged to before. Within a transaction.

    Raises:
        Unusable: the home cannot be written.
    """
    con.execute(update(register_state).values(home_id=give_id(home)))


def come_along(con: Connection, home: Path) -> None:
    """The same for a home that came with its register: where it has no id, it takes the one that is known of it.

    Raises:
        Unusable: the home cannot be written.
    """
    give_id(home, con.scalar(select(register_state.c.home_id)))
    settle(con, home)
