"""Plans of spaces on pages: added and looked at by the office, then everybody may save them; refused where not."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry.spaces import edit_space
from tempuse.store import pictures
from tempuse.store.engine import Connection
from tests.io.test_plans import a_plan, acting
from tests.office import a_signed_in_client, token_of
from tests.web import test_space_pictures

ref, act = test_space_pictures.ref, test_space_pictures.act


@pytest.fixture
def ilse(app: Flask, ref: str) -> FlaskClient:
    return a_signed_in_client(app)


def send(client: FlaskClient, ref: str, content: bytes | None, title: str = "") -> Any:
    page = f"/office/spaces/{ref}/pictures"
    values: dict[str, Any] = {"csrf_token": token_of(client.get(page).text), "title": title}
    if content is not None:
        values["plan"] = (io.BytesIO(content), "floor.pdf")
    answer = client.post(
        f"/office/spaces/{ref}/plans", data=values, headers={"Origin": "http://localhost"},
        content_type="multipart/form-data",
    )  # fmt: skip
    answer.request.environ["wsgi.input"].close()
    return answer


def plan_of(con: Connection, ref: str) -> str:
    (found,) = pictures.plans_of_space(con, ref)
    con.rollback()
    return found.name


def test_a_plan_is_added_looked_at_and_then_everybodys_to_save(
    app: Flask, ilse: FlaskClient, con: Connection, now: datetime, ref: str, tmp_path: Path
) -> None:
    visitor = app.test_client()
    assert send(ilse, ref, a_plan(tmp_path / "a.pdf", change=acting).read_bytes()).status_code == 302
    name = plan_of(con, ref)
    address = f"/spaces/{ref}/plans/{name}"
    assert visitor.get(address).status_code == 404
    waiting = ilse.get("/office/waiting").text
    assert "Pictures and plans to look at" in waiting
    assert "1 plan" in waiting
    assert "Say which plan it is" in act(ilse, ref, name, "show", alt="").text
    assert act(ilse, ref, name, "show", alt="Ground floor", credit="City of Rivermouth").status_code == 302
    page = visitor.get(f"/spaces/{ref}").text
    assert re.search(rf'<a href="{address}">Ground floor</a> <span[^>]*>PDF, 2 pages, \d+ kB. City of Rivermouth', page)
    saved = visitor.get(address)
    assert saved.mimetype == "application/pdf"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert len(pypdf.PdfReader(io.BytesIO(saved.data)).pages) == 2
    assert b"secret" not in saved.data
    assert name in visitor.get("/spaces.csv").text

    edit_space(con, SYSTEM, ref, {"location_level": "cell"}, now)
    assert visitor.get(address).status_code == 404
    for path in (f"/spaces/{ref}", f"/spaces/{ref}.geojson", "/spaces.geojson", "/spaces.csv"):
        assert not re.search(rf"{name}|Ground floor", visitor.get(path).text), path
    assert ilse.get(f"/office/spaces/{ref}/pictures/{name}").status_code == 200
    assert "Ground floor" in ilse.get(f"/office/spaces/{ref}").text
    for _ in range(2):
        assert act(ilse, ref, name, "remove").status_code == 302
    assert pictures.plans_of_space(con, ref) == []


def test_what_is_no_plan_gets_its_sentence(ilse: FlaskClient, ref: str, tmp_path: Path) -> None:
    for content, said in (
        (None, "Choose a PDF."),
        (b"A text.", "floor.pdf is not a PDF."),
        (b"%PDF-1.7 nothing", "floor.pdf is damaged"),
        (a_plan(tmp_path / "a.pdf", pages=31).read_bytes(), "floor.pdf has 31 pages, and a plan may have 30."),
    ):
        answer = send(ilse, ref, content, "Ground floor")
        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="Ground floor"' in answer.text, "the words stay"
