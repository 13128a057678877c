"""Privacy is a rule of the register: every public door is searched, byte by byte, for what must not be there."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tempuse.access import SYSTEM
from tempuse.publication import SHOWN_FROM
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.spaces import FIELDS, Period, Space
from tempuse.store.engine import Register, open_register
from tempuse.vocabulary import AreaKind, LocationLevel
from tests.builders import a_district, a_space, an_outline
from tests.conftest import NOW
from web import create_app

# Doors that take no part: what the browser draws pages with, and the office behind its sign-in.
_NO_DOORS = ("static", "auth.", "office.", "security.", "logo")
_LEVELS = [LocationLevel.CELL, LocationLevel.DISTRICT, LocationLevel.HIDDEN]
FILTERS = (
    "",
    "?kind=building",
    "?has=water",
    "?use=workshop",
    "?size=1",
    "?free=now",
    "?district=AR-0001",
    "?outlook=free",
)
BOXES = ("box=3.6,51.0,3.8,51.1", "box=3.71,51.04,3.73,51.06", "box=3.7199,51.0499,3.7203,51.0503")


def secret(name: str, level: str) -> str:
    return f"Zq{name.replace('_', '')}{level}Zq"


def a_secretive_space(level: str, **values: object) -> tuple[Space, list[Period], list[str]]:
    """A public space whose every text that must not be seen at its level is a marked secret."""
    texts = {
        name: secret(name, level)
        for name, about in FIELDS.items()
        if about["kind"] in ("text", "long") and not about.get("fixed") and name != "within_ref"
        and (name in OFFICE_ONLY or SHOWN_FROM.get(name) is LocationLevel.EXACT)
    }  # fmt: skip
    space = a_space(
        **{**texts, "owner_email": f"{secret('owneremail', level)}@example.org"},
        location_level=level, parcel_refs=(secret("parcel", level),), source=secret("source", level),
        source_ref=secret("sourceref", level), source_fields={secret("key", level): secret("kept", level)},
        water=True, suitable_uses=("workshop",), floor_area_m2=73.21, building_year=1837,
        vacant_since=date(1999, 12, 30), geometry=an_outline(0.0001234, 0.0001234, 0.0001), **values,
    )  # fmt: skip
    past = [Period(title=secret("title", level), what_came=secret("whatcame", level), source=secret("from", level))]
    hidden = [*texts.values(), secret("owneremail", level), *(secret(n, level) for n in (
        "parcel", "source", "sourceref", "key", "kept", "title", "whatcame", "from"))]  # fmt: skip
    return space, past, [*hidden, "73.21", "1837", "1999-12-30", "3.7201", "51.0501", "3.7202", "51.0502"]


def doors(app: Flask, refs: list[str]) -> list[str]:
    """Every public address that answers GET, for each of these spaces and each of the named files."""
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(_NO_DOORS):
            continue
        if set(rule.arguments) & {"code", "secret"}:
            continue
        found += [address for ref in refs for address in _filled(rule.rule, ref)]
    return list(dict.fromkeys(found))


def _filled(rule: str, ref: str) -> list[str]:
    """The addresses that a rule stands for: <ref> is this space, <any("a","b"):name> each of the names."""
    for name in ("<string:ref>", "<ref>"):
        rule = rule.replace(name, ref)
    names = re.search(r"<any\(([^)]*)\):\w+>", rule)
    found = [rule.replace(names[0], name) for name in re.findall(r'"([^"]+)"', names[1])] if names else [rule]
    assert not any("<" in address for address in found), f"the privacy test does not know how to open {rule}"
    return found


def content(client: FlaskClient, address: str) -> bytes:
    """What a door gives, unpacked where it is packed."""
    with client.get(address, headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status_code < 500, address
        given = answer.get_data()
        body = given + str(answer.headers).encode()
    if given[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(given)) as archive:
            body += b"".join(archive.read(name) for name in archive.namelist())
    return body


def is_in(word: str, body: bytes) -> bool:
    """Whether a text is there; a number only as a number, not as a part of some random name."""
    return (
        re.search(rb"(?<![\w-])" + re.escape(word.encode()) + (rb"" if "." in word else rb"(?![\w-])"), body)
        is not None
    )


@pytest.mark.parametrize("level", _LEVELS)
def test_no_public_door_gives_away_what_a_level_withholds(
    app: Flask, register: Register, now: datetime, level: str
) -> None:
    space, past, hidden = a_secretive_space(level)
    with register.connect() as con:
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
        ref = add_space(con, SYSTEM, space, now, past=past)
    client = app.test_client()
    opened = doors(app, [ref])
    assert len(opened) > 12
    for address in opened:
        for question in FILTERS:
            if question and not _takes_filters(address):
                continue
            for box in ("", *BOXES) if _takes_filters(address) else ("",):
                joined = question + (("&" if question else "?") + box if box else "")
                body = content(client, address + joined)
                for word in hidden:
                    assert not is_in(word, body), f"{word} at {address}{joined}"
                    assert word.encode("utf-16-le") not in body


def _takes_filters(address: str) -> bool:
    return address in ("/", "/list", "/find", "/map/view") or address in ("/spaces.geojson", "/spaces.csv")


@pytest.mark.parametrize(
    "hide", [{"status": "reported"}, {"status": "withheld"}, {"consent": "objected"}, {"ownership": "company"}]
)
def test_a_space_that_is_not_public_is_behind_no_door(
    app: Flask, register: Register, now: datetime, hide: dict[str, str]
) -> None:
    space, past, hidden = a_secretive_space("exact", **hide)
    with register.connect() as con:
        ref = add_space(con, SYSTEM, space, now, past=past)
    client = app.test_client()
    assert client.get(f"/spaces/{ref}").status_code == 404
    for address in doors(app, [ref]):
        body = content(client, address)
        for word in hidden:
            assert not is_in(word, body), f"{word} at {address}"


def test_owners_and_notes_of_an_exact_space_are_behind_no_door(app: Flask, register: Register, now: datetime) -> None:
    space, past, _ = a_secretive_space("exact")
    with register.connect() as con:
        ref = add_space(con, SYSTEM, space, now, past=past)
    client = app.test_client()
    private = [secret(name, "exact") for name in OFFICE_ONLY] + [secret("owneremail", "exact"), secret("kept", "exact")]
    for address in doors(app, [ref]):
        body = content(client, address)
        for word in private:
            assert word.encode() not in body, f"{word} at {address}"
    assert secret("name", "exact").encode() in content(client, f"/spaces/{ref}")


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> list[FlaskClient]:
    """Two registers that differ only in what one square hides: where in it the space is, and all that locates it."""
    clients = []
    for number, (east, north) in enumerate([(-0.0012, -0.0011), (0.0021, 0.0012)]):
        folder: Path = tmp_path_factory.mktemp(f"twin{number}")
        register = open_register(str(folder / "register.gpkg"), folder / "home", create=True)
        with register.connect() as con:
            setup.create_register(con, SYSTEM, NOW)
            load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], NOW)
            add_space(con, SYSTEM, a_space(name="Net loft"), NOW)
            add_space(con, SYSTEM, a_space(
                name=f"Hidden {number}", address=f"{number} Quay", location_level="cell", water=True,
                floor_area_m2=60 + 20 * number, plot_area_m2=100.0 + number, building_year=1900 + number,
                heritage=["listed", "none"][number], vacant_since=date(2020 + number, 1, 1),
                source_ref=f"ref {number}", geometry=an_outline(east, north, 0.0001),
            ), NOW)  # fmt: skip
        app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: NOW)
        clients.append(app.test_client())
    return clients


_DEGREES = st.floats(-0.004, 0.004)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    west=_DEGREES,
    south=_DEGREES,
    wide=st.floats(1e-5, 0.006),
    zoom=st.integers(3, 19),
    question=st.sampled_from(FILTERS),
    door=st.sampled_from(["/map/view", "/list", "/spaces.geojson"]),
)
def test_no_box_filter_or_sort_tells_where_in_its_square_a_space_is(
    twins: list[FlaskClient], west: float, south: float, wide: float, zoom: int, question: str, door: str
) -> None:
    """Whatever is asked, both registers answer with the same bytes: so no sequence of questions can tell them apart."""
    left, bottom = 3.72 + west, 51.05 + south
    box = f"box={left},{bottom},{left + wide},{bottom + wide}&zoom={zoom}&map={zoom}/{bottom}/{left}"
    address = f"{door}{question}{'&' if question else '?'}{box}"
    one, other = (client.get(address) for client in twins)
    assert one.status_code == other.status_code == 200
    assert one.get_data() == other.get_data()
