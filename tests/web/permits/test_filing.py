"""What a kind asks besides stands by itself, and its files are for the group and the office alone."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.errors import Conflict, Invalid, WrongState
from tempuse.registry import attachments as used
from tempuse.registry import setup, spaces
from tempuse.registry.permits import filing
from tempuse.registry.permits.deciding import refuse_request
from tempuse.registry.permits.purging import purge_permits
from tempuse.store import agreements, attachments, permits
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.mailing import Clock, an_app
from tests.office import a_signed_in_client, token_of
from tests.permitting import a_request, terms
from tests.web.test_my_permits import an_owner, entered, of
from tests.web.test_pictures import a_jpeg

MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
KINDS = [{"name": "use", "title": {"en": "Use"}, "asks": ["noise", "insurance", "budget", "files"]}]
pytestmark = pytest.mark.both_engines


@pytest.fixture
def app(register: Register, clock: Clock) -> Flask:
    return an_app(register, clock, "")


@pytest.fixture
def hall(con: Connection, clock: Clock) -> str:
    setup.change_settings(con, SYSTEM, {"municipality": "Rivermouth", "permit_kinds": json.dumps(KINDS)}, clock.now)
    return spaces.add_space(con, SYSTEM, a_space(), clock.now)


@pytest.fixture
def ref(con: Connection, clock: Clock, hall: str) -> str:
    return a_request(con, clock.now, [hall], MAY, answers={"noise": "A <choir>", "insurance": "no", "budget": "€50"})


def send(client: FlaskClient, ref: str, content: bytes, name: str) -> Any:
    page = client.get(f"/my/permits/{ref}/files")
    data = {"csrf_token": token_of(page.text), "file": (io.BytesIO(content), name)}
    headers = {"Origin": "http://localhost"}
    answer = client.post(f"/my/permits/{ref}/files", data=data, headers=headers, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # the client keeps a large body in a file
    return answer


def sent(con: Connection, ref: str) -> list[agreements.RequestFile]:
    con.rollback()
    found = agreements.request_files_of(con, ref)
    con.rollback()
    return found


def test_a_file_goes_from_the_group_to_the_office_and_to_nobody_else(
    app: Flask, con: Connection, clock: Clock, register: Register, ref: str
) -> None:
    ada = entered(app, of(con, "ada@group.example"))
    assert f"/my/permits/{ref}/files" in ada.get(f"/my/permits/{ref}").text
    for content, name in ((b"", "empty.pdf"), (b"<html>no</html>", "plan.pdf"), (b"%PDF-1.7 broken", "plan.pdf")):
        assert send(ada, ref, content, name).status_code == 422, name
    large = send(ada, ref, b"%PDF-" + b"0" * (10 * 1024 * 1024), "large.pdf")
    assert (large.status_code, "large.pdf is larger than 10 MB" in large.text) == (422, True)
    assert sent(con, ref) == []
    assert send(ada, ref, a_jpeg(), "../plan <b>.jpg").status_code == 302
    assert send(ada, ref, a_jpeg(), "again.jpg").status_code == 302
    (file,) = sent(con, ref)
    assert (file.called, file.by) == ("plan <b>.jpg", "Ada")
    assert b"Exif" not in attachments.get(register.home, file.name), "it was made anew"
    assert file.name in used.used(con)
    con.rollback()
    ilse = a_signed_in_client(app)
    page = ilse.get(f"/office/permits/{ref}").text
    assert "From the group: plan &lt;b&gt;.jpg" in page
    assert "A &lt;choir&gt;" in page
    assert "It is no part of the terms." in page
    assert ilse.get(f"/office/permits/{ref}/files/{file.name}").status_code == 200
    assert "plan &lt;b&gt;.jpg" in ada.get(f"/my/permits/{ref}").text
    assert ada.get(f"/my/permits/{ref}/files/{file.name}").status_code == 200
    jan = entered(app, an_owner(con, clock, ref))
    owner = jan.get(f"/my/permits/{ref}").text
    assert "choir" not in owner
    assert file.name not in owner
    assert jan.get(f"/my/permits/{ref}/files/{file.name}").status_code == 404
    assert jan.get(f"/my/permits/{ref}/files").status_code == 302
    assert app.test_client().get(f"/my/permits/{ref}/files/{file.name}").status_code == 302
    headers, token = {"Origin": "http://localhost"}, token_of(ada.get(f"/my/permits/{ref}/files").text)
    gone = {"csrf_token": token, "remove": file.name}
    assert ada.post(f"/my/permits/{ref}/files", data=gone, headers=headers).status_code == 302
    assert sent(con, ref) == []


def test_files_are_asked_by_the_kind_until_it_is_decided(con: Connection, clock: Clock, hall: str, ref: str) -> None:
    for number in range(filing.MOST_FILES):
        filing.add_file(con, SYSTEM, ref, f"{number:064x}.pdf", "a.pdf", clock.now)
    with pytest.raises(Invalid):
        filing.add_file(con, SYSTEM, ref, f"{99:064x}.pdf", "a.pdf", clock.now)
    plain = [{**KINDS[0], "asks": []}]
    setup.change_settings(con, SYSTEM, {"permit_kinds": json.dumps(plain)}, clock.now)
    with pytest.raises(Conflict):
        filing.add_file(con, SYSTEM, ref, f"{1:064x}.pdf", "a.pdf", clock.now)
    refuse_request(con, SYSTEM, ref, clock.now, "No.")
    with pytest.raises(WrongState):
        filing.add_file(con, SYSTEM, ref, f"{1:064x}.pdf", "a.pdf", clock.now)


def test_a_purge_takes_answers_and_files(con: Connection, clock: Clock, register: Register, ref: str) -> None:
    filing.add_file(con, SYSTEM, ref, f"{1:064x}.pdf", "Ada.pdf", clock.now)
    refuse_request(con, SYSTEM, ref, clock.now, "No.")
    clock.forward(days=366)
    assert purge_permits(con, SYSTEM, register.home, clock.now).refs == [ref]
    assert sent(con, ref) == []
    assert permits.get(con, ref).answers == {}
    assert f"{1:064x}.pdf" not in used.used(con)
