"""The owner's word as the office writes it down: of many spaces, with its paper, which nobody else is shown."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import SYSTEM
from tempuse.registry import attachments as used
from tempuse.registry import setup, spaces
from tempuse.registry.care import checking
from tempuse.registry.permits.owners import change_owner
from tempuse.store import events, published
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register
from tests.builders import a_space
from tests.office import a_signed_in_client, an_office, post

pytestmark = pytest.mark.both_engines
HERS = {"ownership": "private_person", "owner_name": "Ann Baker", "owner_email": "ann@baker.example"}


def a_scan() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


def is_seen(con: Connection, ref: str) -> bool:
    found = published.feature(con, "spaces", ref)
    con.rollback()
    return found is not None


@pytest.fixture
def office(register: Register, now: datetime) -> Flask:
    return an_office(register, now)


@pytest.fixture
def client(office: Flask) -> FlaskClient:
    return a_signed_in_client(office)


@pytest.fixture
def three(con: Connection, office: Flask, now: datetime) -> list[str]:
    return [spaces.add_space(con, SYSTEM, a_space(name=f"Shop {n}", status="offered", **HERS), now) for n in range(3)]


def test_the_word_on_chosen_spaces_is_written_down_with_its_paper(
    con: Connection, client: FlaskClient, register: Register, now: datetime, three: list[str]
) -> None:
    asked = {"ref": three[:2], "asked": "consent=unasked"}
    page = post(client, "/office/spaces/word", asked, page="/office/spaces")
    assert "Shop 0" in page.text
    assert "Owner: Ann Baker" in page.text
    assert not any(is_seen(con, ref) for ref in three)
    told = {"asked": "consent=unasked", "refs": " ".join(three[:2]), "go": "yes", "consent": "given",
            "consent_on": "2026-11-20", "how": "paper", "by": "Ann  Baker",
            "scan": (io.BytesIO(a_scan()), "letter.pdf")}  # fmt: skip
    done = post(client, "/office/spaces/word", told, page="/office/spaces", content_type="multipart/form-data")
    assert done.location == "/office/spaces?consent=unasked", done.text
    held = space_rows.get(con, three[0])
    con.rollback()
    assert (held.consent, held.consent_on, held.consent_how, held.consent_by) == (
        "given", date(2026, 11, 20), "paper", "Ann Baker",
    )  # fmt: skip
    assert [is_seen(con, ref) for ref in three] == [True, True, False]
    name = str(held.consent_document)
    assert used.unused(con, register.home) == []
    con.rollback()
    paper = client.get(f"/office/spaces/{three[0]}/word/{name}")
    assert (paper.status_code, paper.data[:5], paper.mimetype) == (200, b"%PDF-", "application/pdf")
    assert client.get(f"/office/spaces/{three[2]}/word/{name}").status_code == 404
    assert checking.check_register(con, now, home=register.home) == []


def test_what_is_no_paper_is_said_beside_its_field(client: FlaskClient, con: Connection, three: list[str]) -> None:
    told = {"consent": "given", "consent_on": "2026-11-20", "scan": (io.BytesIO(b"<script>"), "letter.pdf")}
    page = f"/office/spaces/{three[0]}"
    answer = post(client, f"{page}/consent", told, page=page, content_type="multipart/form-data")
    assert "letter.pdf" in answer.text
    assert not is_seen(con, three[0])


def test_the_same_word_keeps_its_paper_and_another_word_has_none(
    client: FlaskClient, con: Connection, three: list[str]
) -> None:
    page, ref = f"/office/spaces/{three[0]}", three[0]
    word = {"consent": "given", "consent_on": "2026-11-20", "how": "paper"}
    scan = {"scan": (io.BytesIO(a_scan()), "letter.pdf")}
    for more in (scan, {"by": "Ann"}):
        post(client, f"{page}/consent", {**word, **more}, page=page, content_type="multipart/form-data")
        assert space_rows.get(con, ref).consent_document
        con.rollback()
    post(client, f"{page}/consent", {**word, "consent": "objected"}, page=page)
    assert space_rows.get(con, ref).consent_document is None
    con.rollback()
    assert not is_seen(con, ref)


def test_another_word_that_came_otherwise_forgets_how_the_last_one_came(
    con: Connection, client: FlaskClient, three: list[str], now: datetime
) -> None:
    page, ref = f"/office/spaces/{three[0]}", three[0]
    said = {"consent": "given", "consent_on": "2026-11-20", "how": "spoken", "by": "Ann"}
    post(client, f"{page}/consent", said, page)
    spaces.edit_space(con, SYSTEM, ref, {"consent": "objected", "consent_on": date(2026, 11, 22)}, now)
    held = space_rows.get(con, ref)
    con.rollback()
    assert (held.consent, held.consent_how, held.consent_by) == ("objected", None, None)


@pytest.mark.parametrize("rule", ["consent", "objection"])
@pytest.mark.parametrize("said", ["given", "notified", "objected"])
def test_another_owner_has_said_nothing(
    con: Connection, office: Flask, now: datetime, rule: str, said: str, tmp_path: Path
) -> None:
    setup.change_settings(con, SYSTEM, {"private_rule": rule}, now)
    ref = spaces.add_space(con, SYSTEM, a_space(
        status="offered", consent=said, consent_on=date(2026, 1, 1), consent_how="paper", consent_by="Ann Baker",
        location_level="exact", location_release_on=date(2026, 2, 1), **HERS,
    ), now)  # fmt: skip
    assert is_seen(con, ref) == (said == "given" or (said == "notified" and rule == "objection"))
    change_owner(con, SYSTEM, ref, {"owner_name": "Janssens", "owner_email": None}, None, now)
    held = space_rows.get(con, ref)
    told = events.of(con, ref, "space")[0]
    con.rollback()
    assert (held.consent, held.consent_on, held.consent_how, held.consent_by) == ("unasked", None, None, None)
    assert (held.location_level, held.location_release_on) == (None, None), "as precisely as the city does by itself"
    assert told.changes["consent"] == [said, "unasked"]
    assert not is_seen(con, ref)


def test_a_new_owner_who_is_a_public_body_is_shown_no_more_precisely_than_before(
    con: Connection, office: Flask, now: datetime
) -> None:
    word = {"consent": "given", "consent_on": date(2026, 1, 1), "location_level": "district"}
    ref = spaces.add_space(con, SYSTEM, a_space(status="offered", **word, **HERS), now)
    change_owner(con, SYSTEM, ref, {"ownership": "municipality", "owner_name": None}, None, now)
    assert space_rows.get(con, ref).location_level == "district"
    con.rollback()
    assert is_seen(con, ref)
