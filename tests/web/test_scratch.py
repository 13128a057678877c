"""Room for what is on its way: whose it is, and that nothing in it outlives its process."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tempuse.store.engine import Register
from tests.office import a_signed_in_client
from tests.served import Served, environment
from web.site import scratch


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file: the folder does not know one engine from the other."""
    return str(tmp_path / "register.gpkg")


def files_in(home: Path) -> list[Path]:
    return [each for each in (home / "passing").rglob("*") if each.is_file()]


def test_it_is_for_this_user_only(app: Flask) -> None:
    with app.app_context():
        folder = scratch.new_folder()
    for each in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(each.stat().st_mode) == 0o700


def test_what_a_killed_process_left_goes_and_what_a_living_one_holds_stays(
    app: Flask, register: Register, address: str
) -> None:
    script = (
        "from pathlib import Path; from tempuse.store.engine import open_register\n"
        "from web import create_app; from web.site import scratch\n"
        f"app = create_app(open_register({address!r}, home=Path({str(register.home)!r})))\n"
        "with app.app_context(): (scratch.new_folder() / 'spaces.csv').write_text('private')\n"
        "print('there', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment(register, address),
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "there\n"
        scratch._mine.clear()
        with app.app_context():
            scratch.folder()
        assert [each.name for each in files_in(register.home)] == ["spaces.csv"]
        other.kill()
        other.wait()
        scratch._mine.clear()
        with app.app_context():
            scratch.folder()
        assert files_in(register.home) == []


def test_a_body_leaves_nothing_when_the_server_is_killed(serve: Callable[..., Served], register: Register) -> None:
    served = serve("--no-worker")
    with served.connect() as connection:
        connection.sendall(b"POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n" + b"x" * 4_000_000)
        served.process.send_signal(signal.SIGKILL)
        served.process.wait(60)
    assert files_in(register.home) == []


def test_a_file_of_the_office_is_gone_when_it_has_been_sent(app: Flask, register: Register) -> None:
    client = a_signed_in_client(app)
    for name in ("csv", "gpkg"):
        answer = client.get(f"/office/spaces.{name}", buffered=True)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        answer.close()
        assert files_in(register.home) == []
