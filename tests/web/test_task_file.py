"""The queue's file: data only, for this user alone, and never the end of all letters when it is damaged."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from huey.registry import Message

from tempuse.cli import health
from tempuse.cli.common import Context
from web import create_app, task_file, tasks


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file: the queue does not know one engine from the other."""
    return str(tmp_path / "register.gpkg")


DONE: list[str] = []


@tasks.job
def note(what: str) -> None:
    """A job that can be seen to be done."""
    DONE.append(what)


def waiting(app: Flask) -> int:
    return int(app.extensions["tempuse.tasks"].huey.storage.queue_size())


def put(app: Flask, what: str) -> None:
    with app.test_request_context():
        note.later(what)


def do_one(app: Flask) -> None:
    huey = app.extensions["tempuse.tasks"].huey
    huey.execute(huey.dequeue())


def test_a_job_waits_as_plain_values(app: Flask, tmp_path: Path) -> None:
    put(app, "a letter")
    with sqlite3.connect(tmp_path / "home" / "tasks.sqlite") as con:
        (content,) = con.execute("SELECT data FROM task").fetchone()
    con.close()
    assert b'"a letter"' in content
    do_one(app)
    assert DONE.pop() == "a letter"


def test_a_pickle_in_the_queue_is_never_opened(app: Flask, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return (Path.touch, (tmp_path / "it ran",))  # type: ignore[return-value]

    put(app, "first")
    with sqlite3.connect(tmp_path / "home" / "tasks.sqlite") as con:
        con.execute("UPDATE task SET data = ?", (pickle.dumps(Evil()),))
    con.close()
    with pytest.raises(ValueError):
        do_one(app)
    assert not (tmp_path / "it ran").exists()
    put(app, "second")
    do_one(app)
    assert DONE.pop() == "second"


@pytest.mark.parametrize("content", [b"null", b"[]", b"{}", b'{"id": 1, "args": 5}', b"\xff"])
def test_what_is_no_job_is_said(content: bytes) -> None:
    with pytest.raises(ValueError):
        task_file.Plain().deserialize(content)


def test_a_message_comes_back_as_it_went() -> None:
    message = Message("i", "web.tasks.queuecmd_run", args=("name", ["a", 1], {"n": None}), kwargs={})
    held = task_file.Plain().deserialize(task_file.Plain().serialize(message))
    assert (held.id, held.name, held.args, held.kwargs) == (message.id, message.name, message.args, message.kwargs)


def damage(path: Path) -> None:
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    path.write_bytes(b"SQLite format 3\x00" + bytes(9000))


def test_a_damaged_queue_is_moved_aside_at_the_start_and_doctor_says_so(
    app: Flask, address: str, tmp_path: Path
) -> None:
    put(app, "lost")
    app.extensions["tempuse.tasks"].huey.storage.close()
    path = tmp_path / "home" / "tasks.sqlite"
    damage(path)
    context = Context(address, tmp_path / "home")
    assert "doctor.tasks_damaged" in {each.message for each in health.examine(context)}
    again = create_app(app.extensions["tempuse.register"], {"TESTING": True})
    put(again, "kept")
    assert path.stat().st_mode & 0o077 == 0
    assert waiting(again) == 1
    do_one(again)
    assert DONE.pop() == "kept"
    said = {each.message for each in health.examine(context)}
    assert "doctor.tasks_aside" in said
    assert "doctor.tasks_damaged" not in said


def test_a_queue_that_is_damaged_while_it_is_open_is_begun_anew_by_whoever_sees_it(app: Flask, tmp_path: Path) -> None:
    put(app, "lost")
    other = create_app(app.extensions["tempuse.register"], {"TESTING": True})
    put(other, "lost, too")
    assert waiting(other) == 2  # and holds the file open
    app.extensions["tempuse.tasks"].huey.storage.close()
    damage(tmp_path / "home" / "tasks.sqlite")
    put(app, "kept")
    assert waiting(other) == 1  # the other sees the new one
    do_one(other)
    assert DONE.pop() == "kept"
    assert len(list((tmp_path / "home").glob("tasks.damaged-*.sqlite"))) == 1
