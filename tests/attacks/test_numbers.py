"""Odd numbers and texts at every door of the office: a sentence, never a failure of ours.

Who asks every page for every value, and sends every field both odd and missing, asks for long. A page is asked for a
part of the values, the next page for another part, so that each comes at many pages; a field is sent odd, the next
one missing. It is always the same part; ``TEMPUSE_TEST_EVERYTHING=1`` asks and sends all.
"""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.access import PUBLIC
from tempuse.registry import reports
from tempuse.reports import Report
from tempuse.store.engine import Connection, Register
from tests import town
from tests.forms import forms_of
from tests.office import a_signed_in_client, token_of

pytestmark = pytest.mark.both_engines

WEB = Path(__file__).resolve().parents[2] / "web"
ODD = (
    "²", "٣", "-1", "0", "1e999", "nan", "-inf", "9" * 20, "9" * 400, "0x10", "1_0", "", " ", "x" * 20_000, "1,2,3.4,5",
    "é\ud7ff\uffff", "%s{0}{x}", "2027-02-30", "0001-01-01", "9999-12-31", "SP-999999999999", "zzz",
)  # fmt: skip
# Of these, what comes as far as a database: the others are refused before, alike on both engines.
KNOWN = (
    "٣", "-1", "1e999", "nan", "-inf", "9" * 20, "x" * 20_000, "é\ud7ff\uffff", "%s{0}{x}", "0001-01-01", "9999-12-31",
    "SP-999999999999",
)  # fmt: skip
# What the crawl may not press: it would end the crawl, or ask another host.
LEFT_OUT = ("/my/sign-out", "/office/settings/letters/again")
EVERYTHING = bool(os.environ.get("TEMPUSE_TEST_EVERYTHING"))
# A page is asked for one in so many values.
ONE_IN = 1 if EVERYTHING else 4
# So many pages of one kind are looked at.
OF_A_KIND = 2


def names_asked() -> list[str]:
    """The names of all that the office reads from an address, as the code says."""
    found = {"after", "placed", "skipped", "of", "page"}  # read in a row, or by a name that goes without saying
    for path in [*(WEB / "office").rglob("*.py"), *(WEB / "my").glob("*.py")]:
        found.update(re.findall(r'(?:args|values)(?:\.get(?:list)?\(|, )"(\w+)"', path.read_text()))
    return sorted(found)


def links(html: str) -> Iterator[str]:
    for link in re.findall(r'href="(/office[^"#]*)', html):
        yield link.replace("&amp;", "&")


class Crawl:
    """Every kind of page that a person reaches by links, and every form on them."""

    def __init__(self, app: Flask, client: FlaskClient, begin: list[str]) -> None:
        self.rules = app.url_map.bind("localhost")
        self.client = client
        self.seen: Counter[Any] = Counter()
        self.forms: dict[tuple[str, str, str], tuple[str, str, dict[str, Any]]] = {}
        waiting, known = list(begin), set(begin)
        while waiting:
            address = waiting.pop(0)
            for link in self._look(address):
                if link not in known:
                    known.add(link)
                    waiting.append(link)

    def _look(self, address: str) -> list[str]:
        kind = self.kind(address)
        if kind is None or self.seen[kind] >= OF_A_KIND:
            return []
        self.seen[kind] += 1
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code < 500, address
        if answer.mimetype != "text/html":
            return []
        buttons = dict(re.findall(r'<button[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', answer.text))
        for about, values in forms_of(answer.text):
            action = about.get("action") or answer.request.path
            method = about.get("method", "get").lower()
            key = (str(self.kind(action, method)), method, " ".join(sorted(values)))
            if action.startswith("/office") and action not in LEFT_OUT:
                self.forms.setdefault(key, (action, method, {**buttons, **values}))
        return list(links(answer.text))

    def kind(self, address: str, method: str = "GET") -> Any:
        try:
            return self.rules.match(urlsplit(address).path, method.upper())[0]
        except Exception:
            return None


def odd_forms(values: dict[str, Any], names: list[str], turn: int = 0) -> Iterator[dict[str, Any]]:
    """A form with all its fields odd, and with each of them missing, or odd; ``turn`` says which of the two."""
    for odd in ODD[::4] if EVERYTHING else ODD[turn % 11 :: 11]:
        yield {**values, **dict.fromkeys(names, odd)}
    for i, name in enumerate(names):
        if EVERYTHING or (i + turn) % 2:
            yield {each: value for each, value in values.items() if each != name}
        if EVERYTHING or not (i + turn) % 2:
            yield {**values, name: ODD[7 * i % len(ODD)]}


def an_upload(client: FlaskClient, address: str, **values: Any) -> str:
    values["csrf_token"] = token_of(client.get(address).text)
    answer = client.post(address, data=values, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return str(answer.location)


@pytest.fixture
def rooms(app: Flask, con: Connection, now: datetime) -> list[str]:
    """Where a crawl begins: a town with a report."""
    town.build(con, now, crowd=5)
    reports.send_report(con, PUBLIC, Report(kind="vacant", address="Quay 1", text="Empty."), now)
    return ["/office/", "/office/spaces", "/office/reports/RE-0001", "/my/account"]


@pytest.fixture
def client(app: Flask, rooms: list[str], role: str) -> FlaskClient:
    """Somebody of the office, with a list half brought in and a layer half loaded."""
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    client = a_signed_in_client(app, role=role)
    rows = "\n".join(f"A{i},Store {i},51.05,{3.7 + i / 100},{100 + i},maybe" for i in range(9))
    content = f"Ref,Name,Lat,Lon,Floor area,Heating\n{rows}\n".encode()
    for step in ("columns", "check"):
        form = {"file": (io.BytesIO(content), "list.csv"), "status": "verified", "kind": "building"}
        key = an_upload(client, "/office/import", **form).rpartition("/")[2]
        if step == "check":
            page = client.get(f"/office/import/{key}/columns").text
            values = next(values for about, values in forms_of(page) if about.get("id") == "columns")
            client.post(f"/office/import/{key}/columns", data={**values, "do": "check"})
        rooms.append(f"/office/import/{key}/{step}")
    if role == "administrator":
        layer = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"A"},"geometry":' \
                b'{"type":"Polygon","coordinates":[[[3,51],[4,51],[4,52],[3,51]]]}}]}'  # fmt: skip
        rooms.append(an_upload(client, "/office/areas", kind="green", files=(io.BytesIO(layer), "a.geojson")))
    return client


@pytest.mark.parametrize("role", ["administrator"])  # who opens and sends whatever a planner does, and more
def test_no_number_and_no_text_makes_the_office_fail(
    app: Flask, client: FlaskClient, rooms: list[str], register: Register
) -> None:
    crawl = Crawl(app, client, rooms)
    asked = names_asked()
    assert {"q", "sort", "kind", "only", "within"} <= set(asked)
    pages = [urlsplit(address).path for address in rooms]
    pages += [rule.rule for rule in app.url_map.iter_rules() if _is_plain(rule)]
    wrong = []
    for turn, address in enumerate(dict.fromkeys(pages)):
        for odd in (ODD if register.is_file else KNOWN)[turn % ONE_IN :: ONE_IN]:
            answer = client.get(address, query_string=dict.fromkeys(asked, odd))
            if answer.status_code >= 500:
                wrong.append((answer.status_code, address, odd[:20]))
            answer.close()
    posts = 0
    for turn, (action, method, values) in enumerate(crawl.forms.values()):
        names = [name for name in values if name not in ("csrf_token", "website")]
        for sent in odd_forms(values, names, turn):
            if method == "post":
                posts += 1
                answer = client.post(action, data=sent)
            else:
                answer = client.get(action, query_string=sent)
            if answer.status_code >= 500:
                wrong.append((answer.status_code, action, next((n for n in names if sent.get(n) != values[n]), "")))
            answer.close()
    assert not wrong
    assert posts > 200
    assert client.get("/my/account").status_code == 200


def _is_plain(rule: Any) -> bool:
    return rule.rule.startswith("/office") and "GET" in rule.methods and not rule.arguments


def test_no_number_and_no_text_makes_a_report_fail(app: Flask, rooms: list[str]) -> None:
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config.update(REPORT_LEAST_SECONDS=0)
    client = app.test_client()
    values = next(values for _, values in forms_of(client.get("/report").text) if "pin" in values)
    names = [name for name in values if name not in ("csrf_token", "website")]
    assert {"pin", "form_token", "address"} <= set(names)
    sent_forms = [sent for turn in (0, 1) for sent in odd_forms(values, names, turn)]
    for sent in sent_forms:
        answer = client.post("/report", data=sent, headers={"Origin": "http://localhost"})
        assert answer.status_code < 500, sent
    for pin in ("1e999,3", "nan,nan", "91,181", "51.05", "51.05,3.72,1", "9" * 400 + ",3"):
        assert client.post("/report", data={**values, "pin": pin}).status_code < 500, pin
