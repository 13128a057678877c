"""What everybody reads of a permit, on the office's page of it: said there, and what neighbours told beside it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry.reports import send_report
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store import permits
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.office import a_signed_in_client, post
from tests.permitting import running, terms
from web.office.history import who_did


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Pages are drawn from what the store gave, alike on both engines."""
    return str(tmp_path / "register.gpkg")


def test_the_office_says_what_everybody_reads_and_sees_what_neighbours_told(
    app: Flask, con: Connection, now: datetime
) -> None:
    hall = add_space(con, SYSTEM, a_space(), now)
    ref = running(con, now, [hall], terms(date(2026, 11, 1), date(2027, 3, 31)), on=now.date(), title="Market")
    send_report(con, PUBLIC, Report(kind="nuisance", use_ref=ref, space_ref=hall, text="Drums until two"), now)
    client = a_signed_in_client(app)
    page = client.get(f"/office/permits/{ref}").text
    for each in (
        "What everybody reads",
        f"/uses/{ref}",
        "1 report about it",
        "Noise or trouble",
        "/office/reports/RP-0001",
    ):
        assert each in page, each
    assert f"/office/permits/{ref}" in client.get("/office/reports/RP-0001").text
    shown = f"/office/permits/{ref}/shown"
    values = {"purpose_released": "A market for all", "location_level": ""}
    assert post(client, shown, values).status_code == 302
    assert "A market for all" in client.get(f"/uses/{ref}").text
    revision = str(permits.get(con, ref).revision)
    con.rollback()
    assert post(client, shown, {**values, "unlisted": "yes", "revision": revision}).status_code == 302
    assert client.get(f"/uses/{ref}").status_code == 404
    assert "Nothing of it is shown to anybody." in client.get(f"/office/permits/{ref}").text
    assert post(client, shown, {**values, "revision": revision}).status_code == 409


def test_what_waits_names_a_use_by_its_title_and_a_group_once(app: Flask, con: Connection, now: datetime) -> None:
    soon = terms(date(2026, 11, 1), date(2026, 12, 1))
    bakery, hall = (add_space(con, SYSTEM, a_space(name=name), now) for name in ("Old bakery", "Hall"))
    ref = running(con, now, [bakery], soon, on=now.date(), title="Lantern", group="Lantern")
    market = running(con, now, [hall], soon, on=now.date(), title="Market", group="Lantern")
    send_report(con, PUBLIC, Report(kind="nuisance", use_ref=market, text="Drums until two"), now)
    client = a_signed_in_client(app)
    page = client.get("/office/waiting").text
    assert "Noise or trouble: Market" in page
    assert "Lantern. Hall. 1 November" in page
    assert "Lantern. Old bakery" not in page
    told = client.get(f"/office/permits/{ref}").text
    assert f"{who_did(SYSTEM.name)} said yes to version 1." in told
