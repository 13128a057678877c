"""Files that rows refer to: kept by a backup, missed by a check, removed when no row refers to them any more."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from tempuse.access import SYSTEM
from tempuse.errors import NotFound
from tempuse.registry import attachments as registry
from tempuse.registry import setup
from tempuse.registry.care import backups, checking
from tempuse.store import attachments
from tempuse.store.engine import Connection, Register, open_register

PHOTO, SCAN = b"\xff\xd8\xff of a yard", b"%PDF-1.7 with two names"


@pytest.fixture
def kept(register: Register, con: Connection, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two files that rows of a noun refer to, and the logo."""
    names = [attachments.put(register.home, PHOTO, "jpg"), attachments.put(register.home, SCAN, "pdf")]
    logo = attachments.put(register.home, b"\x89PNG\r\n\x1a\n of a town", "png")
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "logo": f"/logo/{logo}"}, now)
    monkeypatch.setattr(registry, "USED_BY", [*registry.USED_BY, lambda con: names])
    return [*names, logo]


def place(home: Path, name: str) -> Path:
    return home / "attachments" / name[:2] / name


def found(con: Connection, register: Register, now: datetime) -> set[tuple[str, str]]:
    con.rollback()
    return {
        (each.message, each.values.get("name", "")) for each in checking.check_register(con, now, home=register.home)
    }


def test_a_file_that_is_lost_or_changed_is_found(
    register: Register, con: Connection, now: datetime, kept: list[str]
) -> None:
    assert registry.used(con) == set(kept)
    assert found(con, register, now) == set()
    place(register.home, kept[0]).unlink()
    place(register.home, kept[1]).write_bytes(SCAN[:-1])
    place(register.home, kept[2]).unlink()
    assert found(con, register, now) == {
        ("check.attachment_gone", kept[0]),
        ("check.attachment_other", kept[1]),
        ("check.attachment_gone", kept[2]),
    }


def test_a_backup_brings_the_files_back(
    register: Register, con: Connection, now: datetime, kept: list[str], tmp_path: Path
) -> None:
    con.rollback()
    backups.backup(register, tmp_path / "backup.zip", now)
    other = open_register(str(tmp_path / "other.gpkg"), tmp_path / "other-home", create=True)
    backups.restore(other, tmp_path / "backup.zip", now)
    assert attachments.get(other.home, kept[0]) == PHOTO
    assert attachments.get(other.home, kept[1]) == SCAN
    with other.connect() as its:
        assert {each.message for each in checking.check_register(its, now, home=other.home)} == set()
    other.close()


def test_only_what_no_row_refers_to_is_removed(register: Register, con: Connection, kept: list[str]) -> None:
    stray = attachments.put(register.home, b"%PDF-1.7 of a form that was not taken", "pdf")
    assert registry.unused(con, register.home) == [stray]
    assert registry.let_go(con, register.home, [stray, *kept]) == 0, "it was sent a moment ago"
    for name in (stray, *kept):
        os.utime(place(register.home, name), (1, 1))
    assert registry.let_go(con, register.home, [stray, *kept]) == 1
    assert attachments.names(register.home) == sorted(kept)
    with pytest.raises(NotFound):
        attachments.get(register.home, stray)


def test_what_is_sent_again_is_young_again(register: Register, con: Connection) -> None:
    name = attachments.put(register.home, PHOTO, "jpg")
    os.utime(place(register.home, name), (1, 1))
    assert attachments.put(register.home, PHOTO, "jpg") == name
    assert registry.let_go(con, register.home, [name]) == 0


def test_a_name_from_outside_leads_nowhere_else(register: Register) -> None:
    for name in ("../secret.key", "../../etc/passwd", "a" * 64, f"{'a' * 64}.", f"{'A' * 64}.jpg", ""):
        assert attachments.fault(register.home, name) == "gone"
        with pytest.raises(NotFound):
            attachments.get(register.home, name)
