"""Visitors who do not get on: they read nothing, send a head for ever, begin bodies that never end.

Whatever they do, everybody else is answered; and they are let go before long.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask

from tempuse.store.engine import Register
from tempuse.vocabulary import Permission
from tests.office import add_person, sign_in
from tests.served import Served, running, served_here
from web.public import downloads
from web.serving import THREADS
from web.site.rooms import Rooms

SOON = 5.0  # seconds; the server itself takes some milliseconds, machines that run tests are busy
MEGABYTE = 1024 * 1024
HEAVY = 120  # megabytes


@pytest.fixture(scope="module")
def large(large_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register whose files are larger than what lies between a server and its reader."""
    return Path(shutil.copy(large_file, tmp_path_factory.mktemp("large") / "register.gpkg"))


@pytest.fixture(scope="module")
def served(large: Path) -> Iterator[Served]:
    """``tempuse serve`` on it, in a process of its own, for all who hold nobody up."""
    around = {"TEMPUSE_REGISTER": str(large), "TEMPUSE_HOME": str(large.parent / "home")}
    with running("--no-worker", log=large.parent / "log.txt", **around) as begun:
        yield begun


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file: the server does not know one engine from the other."""
    return str(tmp_path / "register.gpkg")


@contextlib.contextmanager
def crowd(port: int, count: int, first: Callable[[int], bytes]) -> Iterator[list[socket.socket]]:
    """So many connections that have sent something and read nothing."""
    with contextlib.ExitStack() as stack:
        held = []
        for number in range(count):
            each = stack.enter_context(socket.socket())
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            each.connect(("127.0.0.1", port))
            each.sendall(first(number))
            held.append(each)
        yield held


def all_is_well(port: int, seconds: float = 1.5) -> None:
    """Everybody else is answered, again and again."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in ("/health", "/map/view?zoom=9&box=3,50,4,52", "/list"):
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=SOON) as answer:
                assert answer.status == 200
                answer.read()
        time.sleep(0.2)


def is_ended(connection: socket.socket, seconds: float = 20.0) -> bool:
    """Whether the server ends it before long."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def asked(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def answer_of(port: int, question: bytes, body: bytes = b"") -> str:
    """Status line and what follows; the rest of a refused body is not pressed on the server."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(question)
        with contextlib.suppress(OSError):
            connection.sendall(body)
        said = b""
        while b"\r\n\r\n" not in said and (data := connection.recv(65536)):
            said += data
        return said.decode()


# ---- everybody else is answered ------------------------------------------------------------------------


@pytest.mark.long
def test_readers_who_read_nothing_hold_nobody_up(served: Served) -> None:
    texts = ("geojson", "kml", "csv")
    with crowd(served.port, 30, lambda number: asked(f"/spaces.{texts[number % 3]}")):
        all_is_well(served.port, 4)
        with crowd(
            served.port, 3 * THREADS, lambda number: asked("/spaces.geojson", "Accept-Encoding: gzip", f"N: {number}")
        ):
            all_is_well(served.port)


@pytest.mark.parametrize("name", [name for name in downloads.SPACES if name not in ("xlsx", "ods")])
def test_a_file_of_any_format_leaves_without_a_thread(name: str, served: Served) -> None:
    with served.get(f"/spaces.{name}?box=3,50.9,3.74,52") as whole:
        whole.read()  # made now, so that the crowd is in nobody's way but by not reading
    with crowd(served.port, 2 * THREADS, lambda _: asked(f"/spaces.{name}?box=3,50.9,3.74,52")):
        all_is_well(served.port, 1)


def test_heads_that_drip_hold_nobody_up(served: Served) -> None:
    with crowd(served.port, 600, lambda _: b"GET / HTTP/1.1\r\nHost: x\r\nX-") as held:
        for _ in range(3):
            for each in held:
                with contextlib.suppress(OSError):
                    each.sendall(b"x")
            all_is_well(served.port, 1)


def test_bodies_that_never_end_hold_nobody_up(large: Path, served: Served) -> None:
    half = b"x" * 3_000_000
    paths = ("/report", "/my/sign-in", "/office/import")
    with crowd(
        served.port, 50,
        lambda number: asked(paths[number % 3], f"Content-Length: {len(half) * 2}", method="POST") + half,
    ):  # fmt: skip
        all_is_well(served.port)
        form = asked("/report", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 9", method="POST")
        assert answer_of(served.port, form + b"text=abcd").startswith("HTTP/1.1 400 "), "short forms are still read"
        passing = [each for each in (large.parent / "home" / "passing").rglob("*") if each.is_file()]
        assert passing == [], "what is on its way has no name, so nothing is left of it"


# ---- and they are let go -------------------------------------------------------------------------------


@pytest.fixture
def endless(app: Flask) -> Flask:
    """The app with an answer that never ends, and one of 120 MB."""
    app.config["ENDED"] = threading.Event()

    def forever() -> Any:
        try:
            while True:
                yield b"x" * 10_000
                time.sleep(0.01)
        finally:
            app.config["ENDED"].set()

    rooms = Rooms("slow", __name__, is_public=True)
    rooms.get("/endless", Permission.PUBLIC_READ, endpoint="endless")(lambda: forever())
    rooms.get("/heavy", Permission.PUBLIC_READ, endpoint="heavy")(lambda: (b"x" * MEGABYTE for _ in range(HEAVY)))
    app.register_blueprint(rooms)
    return app


def test_a_reader_who_takes_nothing_is_let_go_and_the_making_ends(endless: Flask) -> None:
    with (
        served_here(endless, slow_seconds=1.0) as port,
        crowd(port, 1, lambda _: asked("/endless")) as (reader,),
    ):
        assert endless.config["ENDED"].wait(30)
        assert is_ended(reader)


def test_a_reader_who_leaves_ends_the_making(endless: Flask) -> None:
    with served_here(endless) as port:
        with crowd(port, 1, lambda _: asked("/endless")) as (reader,):
            assert reader.recv(1000)
            assert not endless.config["ENDED"].is_set()
        assert endless.config["ENDED"].wait(30)


def test_a_slow_reader_who_gets_on_is_not_let_go(endless: Flask) -> None:
    with (
        served_here(endless, slow_seconds=1.0, slow_bytes=10_000) as port,
        crowd(port, 1, lambda _: asked("/heavy")) as (reader,),
    ):
        for _ in range(30):  # 40 KB a second
            assert reader.recv(4_000)
            time.sleep(0.1)


def test_a_large_answer_is_not_held_in_memory(endless: Flask) -> None:
    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    with served_here(endless) as port:
        before = resident()
        with crowd(port, 2, lambda _: asked("/heavy")) as held:
            time.sleep(2)  # made, and nobody reads it
            assert resident() - before < HEAVY * MEGABYTE / 2
            held[0].settimeout(30)
            got = 0
            while got < HEAVY * MEGABYTE:
                got += len(held[0].recv(MEGABYTE))


def test_a_head_and_a_body_have_a_time(app: Flask) -> None:
    slow = asked("/report", "Content-Length: 5000", method="POST") + b"x"
    with served_here(app, head_seconds=1.0, idle_seconds=1.0, slow_seconds=1.0, body_seconds=1.0) as port:
        for begun in (b"", b"GET / HTTP/1.1\r\nX-", b"\r\n\r\nGET / HTTP/1.1\r\n", asked("/health"), slow):
            with crowd(port, 1, lambda _, begun=begun: begun) as (one,):  # type: ignore[misc]
                assert is_ended(one), begun


def test_one_address_does_not_take_every_place(app: Flask) -> None:
    with (
        served_here(app, most_connections=20) as port,
        crowd(port, 60, lambda _: b"GET / HTTP/1.1\r\nX-") as held,
    ):
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=SOON) as answer:
            assert answer.status == 200
        assert is_ended(held[0], 5), "who has waited longest makes room"


def test_files_that_take_long_leave_threads_for_everybody_else(app: Flask) -> None:
    go, made = threading.Event(), []

    def slow() -> str:
        go.wait(60)
        made.append(1)
        return "made"

    rooms = Rooms("slow", __name__, is_public=True)
    rooms.get("/spaces.slow", Permission.PUBLIC_READ)(slow)
    app.register_blueprint(rooms)
    with served_here(app, queue_seconds=1.0) as port:
        with crowd(port, 20, lambda _: asked("/spaces.slow")) as held:
            all_is_well(port, 2)
            last = held[-1]
            last.settimeout(20)
            said = last.recv(10_000).decode()
            assert said.startswith("HTTP/1.1 503 ")
            assert "Retry-After: 60" in said
            go.set()
            held[0].settimeout(20)
            assert held[0].recv(100).startswith(b"HTTP/1.1 200 ")
        assert len(made) < 20, "what was told to come back is not made all the same"


# ---- how much may come ---------------------------------------------------------------------------------


def test_how_much_may_come_depends_on_the_door_and_on_who_comes(app: Flask, register: Register) -> None:
    client = app.test_client()
    assert sign_in(client, add_person(app)).status_code == 302
    cookie = client.get_cookie("tempuse")
    assert cookie
    name, value = f"Content-Length: {7 * MEGABYTE}", cookie.value
    forged = value[:5] + ("A" if value[5] != "A" else "B") + value[6:]
    body = b"x" * (7 * MEGABYTE)
    with served_here(app) as port:
        for path, sent, status in (
            ("/office/areas", value, 400), ("/office/import", value, 400), ("/office/areas", forged, 413),
            ("/office/import", "", 413), ("/office/areas/", value, 413), ("/office/settings", value, 413),
            ("/report", value, 400), ("/needs/new", value, 413), ("/nowhere", value, 413),
        ):  # fmt: skip
            head = asked(path, name, f"Cookie: tempuse={sent}", method="POST")
            assert answer_of(port, head, body).startswith(f"HTTP/1.1 {status} "), (path, sent[:9])
        for method in ("GET", "HEAD", "DELETE"):
            assert answer_of(port, asked("/", "Content-Length: 1", method=method), b"x").startswith("HTTP/1.1 413 ")


def test_all_bodies_together_have_a_sum(app: Flask) -> None:
    begun = asked("/report", f"Content-Length: {2 * MEGABYTE}", method="POST") + b"x" * MEGABYTE
    with served_here(app, most_bodies=3 * MEGABYTE) as port, crowd(port, 3, lambda _: begun):
        time.sleep(1)
        said = answer_of(port, begun)
        assert said.startswith("HTTP/1.1 503 ")
        assert re.search(r"Retry-After: \d+", said)
