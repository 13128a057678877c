"""An auditor walks through the whole office by what is there to click: everything opens, and nothing is to be sent."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from tempuse.access import PUBLIC, SYSTEM
from tempuse.organisations import Organisation
from tempuse.registry import members, organisations, reports
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store.engine import Connection, Register
from tests.builders import a_place, a_space
from tests.office import a_signed_in_client, an_office
from tests.registry.test_imports import HEAD, a_list, a_row, bring

# What nobody but the reader is changed by.
_OWN = ("/my/sign-out", "/language/")


@pytest.fixture
def address(tmp_path: Path) -> str:
    """What is shown to whom is the same on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture
def house(register: Register, con: Connection, now: datetime, tmp_path: Path) -> Flask:
    """An office with something in each of its rooms."""
    app = an_office(register, now)
    for values in (
        {"status": "reported", "geometry": None}, {"status": "verified", "kind": "building"},
        {"ownership": "company", "consent": "notified", "consent_on": now.date()}, {"status": "withheld"},
    ):  # fmt: skip
        add_space(con, SYSTEM, a_space(**values), now)
    bring(con, a_list(tmp_path / "list.csv", [a_row(number) for number in range(1, 4)], HEAD), now)
    told = [Report(kind="vacant", geometry=a_place(), address="9 Quay Lane", language="en") for _ in range(2)]
    refs = [
        reports.send_report(con, PUBLIC, each, now, f"form {number}").report.ref for number, each in enumerate(told)
    ]
    reports.judge_report(con, SYSTEM, refs[1], "answer", now, answer="Thank you.")
    choir = organisations.add_organisation(con, SYSTEM, Organisation(name="Choir", kinds=("initiative",)), now)
    members.invite_member(con, SYSTEM, choir, "Ada", "ada@example.org", "en", "contact", now)
    return app


def test_an_auditor_opens_everything_that_is_linked_and_is_offered_nothing_to_send(house: Flask) -> None:
    client = a_signed_in_client(house, "Olga Rey", "auditor")
    waiting, seen, wrong = ["/office/"], set(), []
    while waiting:
        address = waiting.pop()
        path = address.partition("#")[0]
        if path in seen or not path.startswith("/office") or len(seen) > 300:
            continue
        seen.add(path)
        with client.get(path, follow_redirects=True) as answer:
            if answer.status_code >= 400:
                wrong.append(f"{path}: {answer.status_code}")
            text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        forms = re.findall(r'<form[^>]*method="post"[^>]*>', text)
        wrong += [f"{path}: {form}" for form in forms if not any(own in form for own in _OWN)]
        waiting += [unescape(href) for href in re.findall(r'<a [^>]*href="([^"]+)"', text)]
    assert wrong == []
    rooms = ("waiting", "spaces", "reports", "organisations", "imports", "areas", "people", "settings")
    assert {f"/office/{room}" for room in rooms} <= seen
    assert {"/office/spaces/SP-0001", "/office/reports/RP-0001", "/office/organisations/OR-0001"} <= seen
    assert [path for path in seen if re.fullmatch(r"/office/imports/IM-\d+", path)]
