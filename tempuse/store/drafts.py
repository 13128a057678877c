"""Imports that somebody began in the browser: their files and how far they have come, until merged or forgotten.

They lie under ``TEMPUSE_HOME/staging``: a folder for each, and one small database that says what state each is in,
so that a page and a worker agree, and a form that is sent twice does its work once.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from tempuse import files
from tempuse.errors import Conflict, NotFound

KEPT = timedelta(days=7)
_KEY = re.compile(r"[0-9a-f]{32}")
_TABLE = """
CREATE TABLE IF NOT EXISTS drafts (key TEXT PRIMARY KEY, person_ref TEXT, begun_at TEXT, state TEXT, step INTEGER,
  about TEXT, progress TEXT, moved_at TEXT) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Draft:
    """One import that was begun.

    Attributes:
        key: its secret name.
        folder: where its files lie; nothing from outside ever becomes a name there.
        person_ref: whose it is.
        begun_at: when it was begun.
        state: ``opening``, ``unreadable``, ``columns``, ``checking``, ``checked``, ``merging`` or ``merged``.
        step: counts the presses; a form says which one it follows.
        about: what is known and was chosen so far.
        progress: what a worker does just now, how far it is, of how much.
        moved_at: when that was last said.
    """

    key: str
    folder: Path
    person_ref: str
    begun_at: datetime
    state: str = "opening"
    step: int = 1
    about: dict[str, Any] = field(default_factory=dict)
    progress: dict[str, Any] = field(default_factory=dict)
    moved_at: datetime | None = None


class Drafts:
    """The imports that were begun in one register's home."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "staging"

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        files.make_folder(self.folder)
        con = sqlite3.connect(self.folder / "drafts.sqlite", timeout=10, isolation_level=None)
        try:
            con.execute(_TABLE)
            yield con
        finally:
            con.close()

    def begin(self, person_ref: str, now: datetime, about: dict[str, Any]) -> Draft:
        """A new one, with an empty folder."""
        key = secrets.token_hex(16)
        folder = self.folder / key
        draft = Draft(key, folder, person_ref, now, about=about, moved_at=now)
        with self._open() as con:
            folder.mkdir(mode=0o700)
            row = (key, person_ref, now.isoformat(), draft.state, 1, _text(about), "{}", now.isoformat())
            con.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return draft

    def get(self, key: str, person_ref: str | None = None) -> Draft:
        """One of them; of this person, if a person asks.

        Raises:
            NotFound: it is not there (any more), or is somebody else's.
        """
        if _KEY.fullmatch(key):
            with self._open() as con:
                row = con.execute("SELECT * FROM drafts WHERE key = ?", (key,)).fetchone()
            if row is not None and person_ref in (None, row[1]):
                return self._draft(row)
        raise NotFound("import.gone")

    def find(self, person_ref: str) -> list[Draft]:
        """A person's own, the latest first."""
        with self._open() as con:
            query = "SELECT * FROM drafts WHERE person_ref = ? ORDER BY begun_at DESC"
            return [self._draft(row) for row in con.execute(query, (person_ref,))]

    def _draft(self, row: Any) -> Draft:
        key, person_ref, begun_at, state, step, about, progress, moved_at = row
        return Draft(
            key, self.folder / key, person_ref, datetime.fromisoformat(begun_at), state, step, orjson.loads(about),
            orjson.loads(progress), datetime.fromisoformat(moved_at),
        )  # fmt: skip

    def move(self, draft: Draft, state: str, now: datetime) -> None:
        """Write down what is known and the next state, if nobody has moved it since it was read.

        Raises:
            Conflict: somebody has, or it is gone: the same form was sent twice.
        """
        values = (state, draft.step + 1, _text(draft.about), now.isoformat(), draft.key, draft.step)
        with self._open() as con:
            done = con.execute(
                "UPDATE drafts SET state = ?, step = ?, about = ?, progress = '{}', moved_at = ?"
                " WHERE key = ? AND step = ?",
                values,
            )
        if not done.rowcount:
            raise Conflict("import.moved_on")
        draft.state, draft.step, draft.progress, draft.moved_at = state, draft.step + 1, {}, now

    def note(self, draft: Draft, now: datetime) -> None:
        """Write down what was chosen, without a further step.

        Raises:
            Conflict: it has moved on meanwhile, or is gone.
        """
        with self._open() as con:
            done = con.execute(
                "UPDATE drafts SET state = ?, about = ?, moved_at = ? WHERE key = ? AND step = ?",
                (draft.state, _text(draft.about), now.isoformat(), draft.key, draft.step),
            )
        if not done.rowcount:
            raise Conflict("import.moved_on")

    def tell(self, draft: Draft, progress: dict[str, Any], now: datetime) -> None:
        """Say how far the work is."""
        with self._open() as con:
            con.execute(
                "UPDATE drafts SET progress = ?, moved_at = ? WHERE key = ? AND step = ?",
                (_text(progress), now.isoformat(), draft.key, draft.step),
            )

    def forget(self, draft: Draft) -> None:
        """Remove one with its files; those first, for a full disk lets nothing be written before there is room."""
        shutil.rmtree(draft.folder, ignore_errors=True)
        with self._open() as con:
            con.execute("DELETE FROM drafts WHERE key = ?", (draft.key,))

    def forget_old(self, now: datetime) -> int:
        """Remove what nobody came back for, and what a crash left; how many folders."""
        before = now - KEPT
        with self._open() as con:
            con.execute("DELETE FROM drafts WHERE moved_at < ?", (before.isoformat(),))
            held = {row[0] for row in con.execute("SELECT key FROM drafts")}
        old = [
            path for path in self.folder.iterdir()
            if path.is_dir() and path.name not in held and path.stat().st_mtime < before.timestamp()
        ]  # fmt: skip
        for path in old:
            shutil.rmtree(path, ignore_errors=True)
        return len(old)


def _text(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()
