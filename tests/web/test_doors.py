"""Every door by every kind of person, asked with real requests; the promised addresses; and doors that name nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter

from tempuse.access import SYSTEM, Membership, Over
from tempuse.people import Person
from tempuse.registry import people as registry
from tempuse.store import people
from tempuse.store.common import next_refs
from tempuse.store.engine import Register, writing
from tempuse.vocabulary import Permission
from tests.office import PASSWORD, a_signed_in_client, add_person, an_office, sign_in, token_of
from tests.routes import KINDS, Route, promise_of, promised, routes_of
from tests.web.doors import EVERYTHING
from web.accounts import auth
from web.my.blueprint import my
from web.office import menu
from web.office.blueprint import office
from web.public.blueprint import public
from web.site.rooms import Rooms

HOST = "http://localhost"
_OUTSIDE = ("nothing", "of_a_space", "reviewer", "contact")


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Doors are the same on both engines."""
    return str(tmp_path / "register.gpkg")


@pytest.fixture
def house(register: Register, now: datetime) -> Flask:
    """An app on a register of one space."""
    return an_office(register, now)


def add_member(app: Flask, name: str, *memberships: Membership) -> Person:
    """Somebody with memberships that no use case would give like that."""
    now = app.extensions["tempuse.clock"]()
    person = Person(name=name, email=f"{name}@rivermouth.example", memberships=memberships, added_at=now)
    with app.extensions["tempuse.register"].connect() as con, writing(con):
        person.ref = next_refs(con, "person")[0]
        people.add(con, person, now)
    with app.test_request_context():
        auth.set_password(person, PASSWORD)
    return person


def browsers(app: Flask) -> dict[str, FlaskClient]:
    """A browser of each kind of person, signed in where they can be."""
    found = {
        "public": app.test_client(),
        "planner": a_signed_in_client(app, "Planner"),
        "administrator": a_signed_in_client(app, "Administrator", "administrator"),
        "auditor": a_signed_in_client(app, "Auditor", "auditor"),
    }
    leaving = add_person(app, "Leaving")
    others = {
        "left": leaving,
        "nothing": add_member(app, "nothing"),
        "of_a_space": add_member(app, "of_a_space", Membership("planner", Over("space", "SP-0001"))),
        "reviewer": add_member(app, "reviewer", Membership("reviewer", Over("department", "fire"))),
        "contact": add_member(app, "contact", Membership("contact", Over("organisation", "OR-0001"))),
    }
    for name, person in others.items():
        found[name] = app.test_client()
        assert sign_in(found[name], person).status_code == 302
    with app.extensions["tempuse.register"].connect() as con:
        registry.end_person(con, SYSTEM, leaving.ref, app.extensions["tempuse.clock"]())
    return found


def address_of(app: Flask, route: Route) -> str:
    """An address of a route, of things that are not there: who may not come in is told so, others that it is not."""
    values: dict[str, Any] = {}
    for name, converter in route.rule._converters.items():
        choices = sorted(getattr(converter, "items", ()))
        values[name] = choices[0] if choices else 1 if isinstance(converter, IntegerConverter) else "x"
    with app.test_request_context():
        return str(route.rule.build(values)[1])


def asked(client: FlaskClient, method: str, address: str, token: str) -> str:
    """What becomes of a request: ``in``, ``no`` where it is refused, ``ask`` where the person is to sign in first."""
    data = {"csrf_token": token} if method == "POST" else None
    with client.open(address, method=method, data=data, headers={"Origin": HOST}) as answer:
        assert answer.status_code < 500, address
        is_asked = answer.status_code == 302 and answer.location.startswith("/my/sign-in?next=")
        if is_asked or (answer.status_code == 401 and "You were signed out" in answer.text):
            return "ask"
        return "no" if answer.status_code == 403 else "in"


def walked(app: Flask, written: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Each route with what becomes of each kind of person; the way out comes last.

    Where everybody comes in, nobody is asked who they are: the public comes, who may least, and one of the others in
    turn; with TEMPUSE_TEST_EVERYTHING=1 all of them.
    """
    clients = browsers(app)
    tokens = {kind: token_of(clients[kind].get("/my/account", follow_redirects=True).text) for kind in KINDS}
    for number, route in enumerate(sorted(routes_of(app), key=lambda each: "sign-out" in each.rule.rule)):
        address, cells = address_of(app, route), written.get(route.name, [])
        is_everybodys = set(cells) == {"in"} and not EVERYTHING
        come = (KINDS[0], KINDS[1 + number % (len(KINDS) - 1)]) if is_everybodys else KINDS
        came = {kind: asked(clients[kind], route.method, address, tokens[kind]) for kind in come}
        yield route.name, [came.get(kind, "in") for kind in KINDS]


def test_every_kind_of_person_comes_in_where_the_table_says_and_nowhere_else(house: Flask) -> None:
    written = {name: cells for (name, _), cells in promised().items()}
    found = dict(walked(house, written))
    wrong = [f"{name}: {' '.join(cells)}" for name, cells in found.items() if written.get(name) != cells]
    assert not wrong, "\n".join(["not as routes.txt says:", " ".join(KINDS), *wrong])
    assert not written.keys() - found.keys(), "the table has addresses that are not there"


def test_whoever_is_nothing_in_the_whole_register_comes_in_nowhere_in_the_office(house: Flask) -> None:
    for route in routes_of(house):
        if route.rule.endpoint.startswith("office."):
            assert route.permission not in ("", "public:read", "account:enter", "account:edit"), route.name
    inside = {name: cells for (name, _), cells in promised().items() if " /office" in name and cells[0] != "in"}
    assert len(inside) > 50
    for name, cells in inside.items():
        assert [cells[KINDS.index(kind)] for kind in _OUTSIDE] == ["no"] * len(_OUTSIDE), name


def test_the_addresses_are_those_that_were_promised(house: Flask) -> None:
    written, found = [[" ".join(row) for row in rows] for rows in (promised(), promise_of(house))]
    differs = list(difflib.unified_diff(written, found, "routes.txt", "the app", lineterm="", n=0))
    assert not differs, "\n".join([
        "addresses are promises: one that went needs a redirect; a new one, python -m tests.routes", *differs,
    ])  # fmt: skip


def test_every_page_of_the_office_is_part_of_a_room_in_its_band(house: Flask) -> None:
    """But its door, and the search, which are in all of them."""
    asked = {route.rule.endpoint for route in routes_of(house) if route.rule.endpoint.startswith("office.")}
    with house.app_context():
        assert {endpoint for endpoint in asked if menu.room_of(endpoint) is None} == {"office.home"}
        assert {room.endpoint for room in menu.ROOMS.values()} <= asked


@pytest.mark.parametrize("rooms", [office, my, public], ids=lambda rooms: rooms.name)
def test_a_view_without_a_permission_is_refused_at_the_start(rooms: Rooms) -> None:
    new = Rooms("new", __name__)
    with pytest.raises(TypeError, match=r"new\.open at /open names no permission"):
        new.add_url_rule("/open", "open", lambda: "open")
    with pytest.raises(TypeError):
        new.get("/open")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        new.get("/open", "space:read")(lambda: "open")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="names no permission"):
        rooms.add_url_rule("/open", "open", lambda: "open")
    assert f"{rooms.name}.open" not in rooms.permissions


def test_a_view_asks_the_same_under_all_of_its_addresses() -> None:
    new = Rooms("new", __name__)
    new.get("/one", Permission.SPACE_READ, endpoint="it")(lambda: "it")
    with pytest.raises(TypeError, match="asks"):
        new.get("/other", Permission.PUBLIC_READ, endpoint="it")(lambda: "it")


@pytest.mark.parametrize("endpoint", ["office.open", "open"])
def test_a_door_put_in_past_the_blueprints_opens_to_nobody(house: Flask, endpoint: str) -> None:
    house.add_url_rule("/office/open", endpoint, lambda: "secret")
    for client in (house.test_client(), a_signed_in_client(house, role="administrator")):
        answer = client.get("/office/open")
        assert (answer.status_code, "secret" in answer.text) == (403, False)


# ---- the addresses that one's own pages had ---------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "page",
    ["sign-in?next=/office/spaces?a%3D1", "forgotten", "password/a.b-c", "account?x=1&x=%C3%A9&_external=1&_scheme=a"],
)
def test_an_old_address_leads_to_the_new_one_with_its_question(house: Flask, method: str, page: str) -> None:
    answer = house.test_client().open(f"/office/{page}", method=method, data={"a": "b"} if method == "POST" else None)
    assert (answer.status_code, answer.location) == (308, f"/my/{page}")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_link_of_an_old_letter_still_sets_a_password(house: Flask) -> None:
    client, ilse = house.test_client(), add_person(house)
    with house.test_request_context():
        link = auth.link_for(ilse, "").replace("/my/", "/office/")
    page = client.get(link, follow_redirects=True)
    new = {"csrf_token": token_of(page.text), "password": "three blue whales", "again": "three blue whales"}
    # As a form of a page that was opened before the address moved.
    done = client.post(link, data=new, headers={"Origin": HOST}, follow_redirects=True)
    assert done.request.path == "/office/waiting"
    assert sign_in(house.test_client(), ilse, "three blue whales").status_code == 302


def test_a_form_at_an_old_address_is_looked_at_where_it_goes(house: Flask) -> None:
    client = a_signed_in_client(house)
    forged = client.post("/office/account", data={"name": "Evil"}, headers={"Origin": HOST}, follow_redirects=True)
    assert (forged.status_code, forged.request.path) == (400, "/my/account")
    assert client.post("/office/sign-out", headers={"Origin": HOST}, follow_redirects=True).status_code == 400
    assert client.get("/my/account").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/my/account?a=1", "/my/account?a=1"), ("/office/account", "/office/account"), ("/office", "/office"),
        ("/office/spaces?q=//x", "/office/spaces?q=//x"), ("/myself", "/office/"), ("/officer/x", "/office/"),
        ("//my/x", "/office/"), ("/my//x", "/office/"), ("/my\\x", "/office/"), ("https://my/", "/office/"),
        ("", "/office/"),
    ],
)  # fmt: skip
def test_signing_in_leads_back_to_ones_own_pages_too(house: Flask, wanted: str, led: str) -> None:
    assert sign_in(house.test_client(), add_person(house), next=wanted).location == led


def test_who_may_not_enter_the_office_is_led_to_their_own_page(house: Flask) -> None:
    client = house.test_client()
    assert sign_in(client, add_member(house, "nothing")).location == "/my/"
    assert client.get("/my/").status_code == 200


# ---- errors within the office -----------------------------------------------------------------------------


def test_an_error_within_the_office_keeps_its_band_for_who_works_there(house: Flask) -> None:
    client, stranger, nobody = a_signed_in_client(house), house.test_client(), house.test_client()
    sign_in(nobody, add_member(house, "nothing"))

    def fails() -> str:
        raise RuntimeError("a fault of ours")

    house.view_functions["office.find"] = fails
    doors = {
        "/office/people": 403, "/office/nowhere": 404, "/office/spaces/SP-0404": 404, "/my/nowhere": 404,
        "/office/spaces/SP-0001/move/offer": 409, "/office/spaces.csv?sort=x&page=1": 200, "/office/find": 500,
    }  # fmt: skip
    for address, status in doors.items():
        answer = client.get(address)
        assert answer.status_code == status, address
        if status != 200:
            assert 'aria-label="Office"' in answer.text, address
            assert 'href="/office/spaces"' in answer.text, address
            assert answer.headers["Cache-Control"] == "no-store", address
    for visitor, address in ((stranger, "/office/nowhere"), (nobody, "/office/people"), (client, "/nowhere")):
        answer = visitor.get(address)
        assert answer.status_code in (403, 404)
        assert 'aria-label="Office"' not in answer.text, address


def test_the_band_marks_the_room_whose_module_makes_the_page(house: Flask) -> None:
    client = a_signed_in_client(house, role="administrator")
    for address, room in (
        ("/office/waiting", "waiting"), ("/office/spaces/SP-0001/edit", "spaces"), ("/office/places", "spaces"),
        ("/office/people/PE-0001", "people"), ("/office/imports", "import"), ("/office/settings", "settings"),
        ("/my/account", "/my/account"),
    ):  # fmt: skip
        marked = re.findall(r'<a [^>]*aria-current="page"[^>]*>', client.get(address, follow_redirects=True).text)
        assert len(marked) == 1, (address, marked)
        assert room in marked[0], (address, marked)
