"""Who waits for the register's lock: not for long, not everybody, and never those who only look."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from tempuse.store.engine import Register, writing
from tests.forms import form_of
from tests.office import a_signed_in_client, an_office
from web import serving

pytestmark = pytest.mark.both_engines

FROM_US = {"Origin": "http://localhost"}
WORDS = "The baker left in spring, the ovens are still there."
SAID = "Somebody else is writing to the register just now"


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    return an_office(register, now)


def test_while_the_lock_is_held_a_save_and_a_report_keep_their_words(app: Flask) -> None:
    planner, visitor = a_signed_in_client(app), app.test_client()
    path = "/office/spaces/SP-0001/edit"
    edit, report = form_of(planner.get(path).text, "seen"), form_of(visitor.get("/report").text, "form_token")
    register: Register = app.extensions["tempuse.register"]
    with register.connect() as holder, writing(holder):
        for client, page, form in (
            (planner, path, {**edit, "description": WORDS}),
            (visitor, "/report", {**report, "address": "9 Quay Lane", "text": WORDS}),
        ):
            begun = time.monotonic()
            answer = client.post(page, data=form, headers=FROM_US)
            assert time.monotonic() - begun < 8
            assert answer.status_code == 503
            assert SAID in answer.text
            assert WORDS in answer.text
            assert "Retry-After" in answer.headers
            assert planner.get("/office/spaces/SP-0001").status_code == 200
            # A press on the page sends it again; so it is still one report, and one change.
            again = form_of(answer.text, "csrf_token")
            assert {name: again[name] for name in form if name != "csrf_token" and form[name]} == {
                name: value for name, value in form.items() if name != "csrf_token" and value
            }
    again = form_of(answer.text, "csrf_token")
    assert visitor.post("/report", data=again, headers=FROM_US).status_code == 302


@pytest.fixture
def served(app: Flask) -> Iterator[int]:
    """The app served by four threads; the port."""
    server = serving.bind(app, "127.0.0.1", 0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield int(serving.address_of(server).rpartition(":")[2])
    server.end()
    thread.join()


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, Any]:
    con = HTTPConnection("127.0.0.1", port, timeout=60)
    con.request(method, path, body or None, headers)
    answer = con.getresponse()
    got = answer.status, answer.read().decode(), answer.headers
    con.close()
    return got


def test_a_visitor_never_waits_for_those_who_save(served: int, app: Flask) -> None:
    status, page, headers = ask(served, "GET", "/report")
    assert status == 200
    form = {**form_of(page, "form_token"), "address": "9 Quay Lane", "text": WORDS}
    more = {
        "Cookie": headers["Set-Cookie"].split(";")[0], "Origin": f"http://127.0.0.1:{served}",
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    ask(served, "GET", "/")
    register: Register = app.extensions["tempuse.register"]
    enough = threading.Event()

    def send(_: int) -> list[int]:
        found = []
        while not enough.is_set():
            found.append(ask(served, "POST", "/report", urlencode(form), **more)[0])
        return found

    with register.connect() as holder, writing(holder), ThreadPoolExecutor(8) as pool:
        senders = [pool.submit(send, i) for i in range(8)]
        time.sleep(1)
        waited = []
        for _ in range(5):
            begun = time.monotonic()
            assert ask(served, "GET", "/how-it-works")[0] == 200
            waited.append(time.monotonic() - begun)
        enough.set()
        codes = {code for sender in senders for code in sender.result()}
    assert codes == {503}
    assert sorted(waited)[2] < 1.5, waited
