"""The server itself, in a process of its own: limits, log, worker, and its end."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from tempuse.access import SYSTEM
from tempuse.cli.main import main
from tempuse.registry import setup
from tempuse.store.engine import Register, open_register
from tests.missing import missing
from tests.served import Served, environment, running
from web.serving.refused import refused_page

GIGABYTE = 1024**3


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A file: the server does not know one engine from the other."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture(scope="module")
def plain(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without a worker, for all who only ask something of it."""
    folder = tmp_path_factory.mktemp("plain")
    address = str(shutil.copyfile(empty_file, folder / "register.gpkg"))
    with contextlib.closing(open_register(address, home=folder / "home")) as register:
        around = environment(register, address)
    with running("--no-worker", log=folder / "log.txt", **around) as served:
        yield served


def until(true: Callable[[], bool]) -> bool:
    """Whether it becomes true within a generous while."""
    for _ in range(600):
        if true():
            return True
        time.sleep(0.1)
    return False


def children_of(pid: int) -> list[int]:
    out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(each) for each in out.split()]


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def answer(connection: socket.socket) -> str:
    parts = []
    while data := connection.recv(65536):
        parts.append(data)
    return b"".join(parts).decode()


def test_pages_are_served_and_the_log_names_no_visitor_no_question_no_secret(plain: Served) -> None:
    with plain.get("/?q=somebody@example.org") as page:
        assert page.status == 200
        assert "Server" not in page.headers
    with pytest.raises(Exception, match="410"):
        plain.get("/my/password/a-secret-token")
    assert until(lambda: "/my/password" in plain.log.read_text())
    log = plain.log.read_text()
    assert re.search(r"GET / 200 \d+ ms", log)
    assert "GET /my/password/… 410" in log
    assert not re.search(r"127\.0\.0\.1|somebody|a-secret-token", log)


@pytest.mark.parametrize("expects", [False, True])
def test_two_gigabytes_are_refused_at_once_with_our_sentence(plain: Served, expects: bool) -> None:
    with plain.connect() as connection:
        expect = "Expect: 100-continue\r\n" if expects else ""
        length = f"Content-Length: {2 * GIGABYTE}\r\n"
        connection.sendall(
            f"POST /needs/new HTTP/1.1\r\nHost: x\r\n{expect}Accept-Language: en\r\n{length}\r\n".encode()
        )
        said = b""
        while b"</html>" not in said:
            said += connection.recv(65536)
        text = said.decode()
        assert text.startswith("HTTP/1.1 413 ")
        assert "This is more than we can take at once: 6 MB." in text
        assert "uvicorn" not in text.lower()
        # A browser sends on regardless: it is not cut off, or it would show its own error.
        for _ in range(40):
            connection.sendall(b"x" * 1_000_000)
    with plain.get("/") as page:
        assert page.status == 200


def test_a_body_in_chunks_above_the_limit_is_refused(plain: Served) -> None:
    with plain.connect() as connection:
        connection.sendall(b"POST /needs/new HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"%x\r\n" % 4_000_000 + b"x" * 4_000_000 + b"\r\n"
        for _ in range(64):
            connection.sendall(chunk)
        connection.shutdown(socket.SHUT_WR)
        text = answer(connection)
    assert text.startswith("HTTP/1.1 413 ")
    assert "6 MB" in text


def test_headers_without_end_are_refused(plain: Served) -> None:
    with plain.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 70_000)
        text = answer(connection)
    assert " 431 " in text.splitlines()[0]
    assert "Delete the cookies" in text


def test_an_answer_under_way_is_finished_when_the_server_is_told_to_end(serve: Callable[..., Served]) -> None:
    served = serve("--no-worker")
    with served.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        path = "/static/vendor/leaflet/leaflet.js"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        first = connection.recv(1000)
        served.process.send_signal(signal.SIGTERM)
        text = first.decode() + answer(connection)
    head, _, body = text.partition("\r\n\r\n")
    length = re.search(r"Content-Length: (\d+)", head)
    assert length
    assert len(body.encode()) == int(length[1])
    assert served.process.wait(60) == 0


def test_the_worker_ends_with_its_server_even_when_that_is_killed(serve: Callable[..., Served]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        served = serve()
        (worker,) = children_of(served.process.pid)
        served.process.send_signal(number)
        served.process.wait(60)
        assert until(lambda worker=worker: not is_alive(worker)), number


def test_a_worker_that_died_is_begun_again(serve: Callable[..., Served]) -> None:
    served = serve()
    (worker,) = children_of(served.process.pid)
    os.kill(worker, signal.SIGKILL)
    assert until(lambda: any(pid != worker and is_alive(pid) for pid in children_of(served.process.pid)))
    assert "is begun again" in served.log.read_text()


def test_a_port_in_use_and_an_address_of_another_machine_are_told(
    register: Register, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(register, address).items():
        monkeypatch.setenv(name, value)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--port", str(port), "--no-worker"])
    assert ended.value.code == 6
    assert f"The port {port} is in use" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--host", "203.0.113.9", "--no-worker"])
    assert ended.value.code == 6
    assert "no address 203.0.113.9" in capsys.readouterr().err


def test_https_and_addresses_are_believed_only_from_a_proxy_that_is_named(
    plain: Served, serve: Callable[..., Served]
) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    with plain.get("/", **forwarded) as page:
        assert "Strict-Transport-Security" not in page.headers
    with serve("--no-worker", TEMPUSE_PROXY="1").get("/my/sign-in", **forwarded) as page:
        assert page.headers["Strict-Transport-Security"]
        assert "Secure" in page.headers["Set-Cookie"]


def test_the_server_listens_on_the_other_family_too(serve: Callable[..., Served]) -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    served = serve("--no-worker", "--host", "::1")
    assert served.address.startswith("http://[::1]:")
    assert served.get("/health").status == 200


def test_a_register_in_postgresql_is_served_with_its_worker(
    serve: Callable[..., Served], postgres_url: str | None, tmp_path: Path, now: datetime
) -> None:
    if not postgres_url:
        missing("PostgreSQL with PostGIS is not installed")
    schema = f"served_{os.getpid()}"
    url, home = f"{postgres_url}?schema={schema}", tmp_path / "postgres-home"
    register = open_register(url, home=home, create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
    register.close()
    served = serve(TEMPUSE_REGISTER=url, TEMPUSE_HOME=str(home))
    with served.get("/my/sign-in") as page:
        assert page.status == 200
    (worker,) = children_of(served.process.pid)
    assert url not in Path(f"/proc/{worker}/cmdline").read_text()
    assert until(lambda: (home / "tasks.sqlite").exists())
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(60) == 0
    assert until(lambda: not is_alive(worker))
    with psycopg.connect(postgres_url, autocommit=True) as plain:
        plain.execute(f'DROP SCHEMA "{schema}" CASCADE')


def test_refusals_speak_the_browsers_language() -> None:
    assert '<html lang="nl">' in refused_page(413, "nl-BE,nl;q=0.9,en;q=0.8")
    assert '<html lang="en">' in refused_page(413, "fr,<script>")
    assert "Go back and try again" in refused_page(400, "")
