"""Snapshots: what is read in one belongs to one moment, and so does a backup that is made while others write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tempuse.access import SYSTEM
from tempuse.registry.care import backups, checking
from tempuse.registry.spaces import add_space, move_space
from tempuse.store import spaces
from tempuse.store.engine import Connection, Register, open_register, reading
from tests import store_child
from tests.builders import a_place, a_space


def test_a_snapshot_reads_one_moment(register: Register, con: Connection, now: datetime) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    with register.connect() as other, reading(other):
        assert spaces.get(other, ref).status == "verified"
        move_space(con, SYSTEM, ref, "offer", now)
        assert spaces.get(other, ref).status == "verified"
        with reading(other):  # within a snapshot it is the same one
            assert spaces.get(other, ref).status == "verified"


def test_a_snapshot_never_promises_more_than_the_open_transaction_holds(
    register: Register, con: Connection, now: datetime
) -> None:
    ref = add_space(con, SYSTEM, a_space(status="verified"), now)
    with register.connect() as other:
        assert spaces.get(other, ref).status == "verified"  # a transaction is open from here on
        try:
            with reading(other):
                move_space(con, SYSTEM, ref, "offer", now)
                assert spaces.get(other, ref).status == "verified"
        except RuntimeError:
            assert not register.is_file


def test_a_backup_made_while_others_write_is_one_moment(
    address: str, register: Register, con: Connection, now: datetime, tmp_path: Path
) -> None:
    for i in range(20):
        add_space(con, SYSTEM, a_space(geometry=a_place(i / 1000)), now)
    writers = [store_child.start("write", address) for _ in range(2)]
    store_child.go(writers)
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
    backups.backup(register, tmp_path / "backup.zip", now)
    told = [writer.communicate("enough\n", timeout=60)[0].strip() for writer in writers]
    assert told == ["done"] * 2
    back = open_register(str(tmp_path / "back" / "back.gpkg"), create=True)
    assert back.path is not None
    back.path.parent.mkdir()
    backups.restore(back, tmp_path / "backup.zip", now)
    with back.connect() as its:
        found = spaces.count(its, spaces.SpaceFilter())
        its.rollback()
        assert found >= 20
        # By the clock of those who wrote: since when everybody sees a space is theirs to say.
        assert [finding.message for finding in checking.check_register(its, datetime.now(UTC))] == []
        assert add_space(its, SYSTEM, a_space(), now) == f"SP-{found + 1:04d}"
    back.close()
