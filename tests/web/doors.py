"""The public doors of an app, found in its own table of addresses; what each gives, and what must not be in it."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from tempuse.access import SYSTEM
from tempuse.mapindex.filters import PARTS
from tempuse.pictures import SpacePicture
from tempuse.publication import SHOWN_FROM
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.spaces import add_space
from tempuse.spaces import FIELDS, Period, Space
from tempuse.store.engine import Connection, open_register
from tempuse.store.tables import metadata
from tempuse.vocabulary import AreaKind, LocationLevel
from tests.builders import a_district, a_place, a_space, an_outline
from tests.conftest import NOW
from web import create_app

EVERYTHING = bool(os.environ.get("TEMPUSE_TEST_EVERYTHING"))
# Doors that take no part: what the browser draws pages with, and the office behind its sign-in.
_NO_DOORS = ("static", "auth.", "moved.", "office.", "security.", "logo")
# One question of each part, that keeps the secretive space.
_SAMPLES = {"has": "water", "size": "1", "from": "2026-12-24", "district": "AR-0001", "q": "sp-0"}
# Doors that are asked for a space by its ref in the question, and the question's name.
_BY_REF = {"public.remembered": "spaces"}
# A file of pictures that nobody may see, in the spaces of these tests.
A_PICTURE, A_PLAN = f"{'5a' * 32}.jpg", f"{'5b' * 32}.pdf"
FILTERS = ("", "?for=people", *(f"?{name}={_SAMPLES.get(name) or part.choices[0]}" for name, part in PARTS.items()))
BOXES = ("box=3.6,51.0,3.8,51.1", "box=3.71,51.04,3.73,51.06", "box=3.7199,51.0499,3.7203,51.0503")
# What tells whether a door takes a question: no space is all of this, and each part is asked of some doors alone.
_PROBE = "?kind=plot&kind=water&has=kitchen&box=3.0,50.0,3.1,50.1&place=none&page=2&sort=name&q=nowhere"
# Doors of which each filter is asked in each box, by turns: what they choose from the others choose by the same code.
_ALL_PAIRS = ("/spaces.geojson", "/areas.geojson", "/match.geojson", "/map/view", "/map/around", "/list")


def secret(name: str, level: str) -> str:
    """A marked text that is nowhere else."""
    return f"Zq{name.replace('_', '')}{level}Zq"


def a_secretive_space(level: str, **values: object) -> tuple[Space, list[Period], list[str]]:
    """A public space whose every text that must not be seen at its level is a marked secret; with those secrets.

    A reference to another space, ``within_ref``, is a secret as well where it is given: the caller's building is one
    that nobody may know of.
    """
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
    hidden += [space.within_ref] if space.within_ref else []
    return space, past, [*hidden, "73.21", "1837", "1999-12-30", "3.7201", "51.0501", "3.7202", "51.0502"]


def a_secretive_picture(ref: str, level: str) -> SpacePicture:
    """A picture of a space, its words marked secrets."""
    size = {"width": 40, "height": 30, "jpg": A_PICTURE, "webp": A_PICTURE.replace("jpg", "webp")}
    return SpacePicture(
        space_ref=ref, name=A_PICTURE, sizes=(size,), alt=secret("alt", level), credit=secret("credit", level)
    )


def a_secretive_plan(ref: str, level: str) -> SpacePicture:
    """A plan of a space, its words marked secrets."""
    size = {"pdf": A_PLAN, "pages": 2, "bytes": 4096}
    return SpacePicture(
        space_ref=ref, name=A_PLAN, sizes=(size,), alt=secret("alt", level), credit=secret("credit", level)
    )


def doors(app: Flask, refs: Iterable[str]) -> list[str]:
    """Every public address that answers GET, for each of these spaces and each of the named files."""
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(_NO_DOORS):
            continue
        if set(rule.arguments) & {"code", "secret"}:
            continue
        found += [address for ref in refs for address in _filled(rule.rule, ref)]
        if name := _BY_REF.get(rule.endpoint):
            found += [f"{rule.rule}?{name}={ref}" for ref in refs]
    return list(dict.fromkeys(found))


def _filled(rule: str, ref: str) -> list[str]:
    """The addresses that a rule stands for: <ref> is this space, <any("a","b"):name> each of the names."""
    for name in ("<string:ref>", "<ref>"):
        rule = rule.replace(name, ref)
    rule = rule.replace("/pictures/<name>", f"/pictures/{A_PICTURE}").replace("/plans/<name>", f"/plans/{A_PLAN}")
    names = re.search(r"<any\(([^)]*)\):\w+>", rule)
    found = [rule.replace(names[0], name) for name in re.findall(r'"([^"]+)"', names[1])] if names else [rule]
    assert not any("<" in address for address in found), f"the privacy test does not know how to open {rule}"
    return found


def takes_questions(client: FlaskClient, address: str) -> bool:
    """Whether a door answers otherwise when it is asked for some of the spaces."""
    return _without_its_address(steady(client, address)) != _without_its_address(steady(client, address + _PROBE))


def _without_its_address(given: tuple[int, bytes, str]) -> tuple[int, bytes, str]:
    """What a door gives but for the link to itself in another language, which repeats whatever was asked."""
    status, body, headers = given
    return status, re.sub(rb'/language/\w+\?to=[^"]*', b"", body), headers


def _rule_of(app: Flask, address: str) -> Rule:
    return app.url_map.bind("localhost").match(address.partition("?")[0], return_rule=True)[0]


def asked_doors(app: Flask, addresses: Iterable[str]) -> set[str]:
    """The rules of the doors that take questions: one that any address of them shows takes them at all."""
    client, found = app.test_client(), set[str]()
    for address in addresses:
        rule = _rule_of(app, address).rule
        if rule not in found and "?" not in address and takes_questions(client, address):
            found.add(rule)
    return found


def a_full_register(con: Connection) -> str:
    """A space with water and thirty plots without, in a district; the ref of the first."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], NOW)
    ref = add_space(con, SYSTEM, a_space(), NOW)
    for number in range(30):
        add_space(con, SYSTEM, a_space(kind="plot", geometry=a_place(0.001 * number)), NOW)
    return ref


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """All rules of an app, and those that take questions: found once in a process, in a full register."""
    with tempfile.TemporaryDirectory() as folder:
        register = open_register(f"{folder}/register.gpkg", Path(folder) / "home", create=True)
        with register.connect() as con:
            setup.create_register(con, SYSTEM, NOW)
            ref = a_full_register(con)
        app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: NOW)
        asked = asked_doors(app, doors(app, [ref]))
        register.close()
        return frozenset(rule.rule for rule in app.url_map.iter_rules()), frozenset(asked)


def questions(app: Flask, addresses: Iterable[str]) -> Iterator[str]:
    """Everything to ask of these doors: each filter and each box; of some doors filters in boxes too.

    A door that opens for each of several things, or writes several kinds of file, is asked for all of them once, and
    each question of the one or the other in turn; ``TEMPUSE_TEST_EVERYTHING=1`` asks all of all.
    """
    known, asked = _known()
    by_rule: dict[str, list[str]] = {}
    for address in addresses:
        rule = _rule_of(app, address).rule
        if "?" in address or not (rule in asked if rule in known else asked_doors(app, [address])):
            yield address
        else:
            by_rule.setdefault(rule, []).append(address)
    for together in by_rule.values():
        yield from together
        every = (*FILTERS[1:], *(f"?{box}" for box in BOXES))
        if EVERYTHING:
            yield from (address + each for address in together for each in every)
        else:
            yield from (together[number % len(together)] + each for number, each in enumerate(every))
        for address in together:
            yield from (f"{address}{pair}" for pair in _pairs_of(address))


def _pairs_of(address: str) -> list[str]:
    """Each filter in each box, of one of the doors that are asked them: every other pair, by turns of the doors."""
    if address not in _ALL_PAIRS:
        return []
    pairs = [f"{filter_}&{box}" for filter_ in FILTERS[1:] for box in BOXES]
    return pairs if EVERYTHING else pairs[_ALL_PAIRS.index(address) % 2 :: 2]


def content(client: FlaskClient, address: str) -> bytes:
    """What a door gives, its headers too, unpacked where it is packed."""
    with client.get(address, headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status_code < 500, address
        given = answer.get_data()
        body = given + str(answer.headers).encode()
    return body + unpacked(given)


def unpacked(given: bytes) -> bytes:
    """What lies in a zip; nothing when it is none."""
    if given[:2] != b"PK":
        return b""
    with zipfile.ZipFile(io.BytesIO(given)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def steady(client: FlaskClient, address: str) -> tuple[int, bytes, str]:
    """What a door gives, without what differs at each call: status, content, the headers that matter.

    The number of the last change is left out, too: it counts what the office does and not what it knows.
    """
    with client.get(address, headers={"Accept-Encoding": "identity"}) as answer:
        given = answer.get_data()
        status = answer.status_code
        headers = {name: text for name, text in answer.headers if name not in ("ETag", "Date", "Set-Cookie")}
    body = unpacked(given) or given
    if body.startswith(b"SQLite format 3"):
        # How often SQLite wrote into the file while it was made, and by which version of itself.
        body = body[:24] + body[28:92] + body[100:]
    body = re.sub(rb'(nonce|name="(?:csrf_token|form_token)" value|content)="[\w.!-]{16,}"', rb"\1=", body)
    body = re.sub(rb"[0-9a-f]{32}", b"", body)  # what the map calls its parts
    body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", b"", body)  # when a file was made
    headers["Content-Security-Policy"] = re.sub(r"'nonce-[^']+'", "", headers.get("Content-Security-Policy", ""))
    headers.pop("Content-Length", None)
    return status, body, str(sorted(headers.items()))


def leaks(client: FlaskClient, addresses: Iterable[str], words: Iterable[str]) -> list[str]:
    """Where something stands that must not: each word with the address, whatever is asked of it."""
    found, listed = [], list(words)
    for asked in questions(client.application, addresses):
        body = content(client, asked)
        for word in listed:
            if is_in(word, body) or word.encode("utf-16-le") in body:
                found.append(f"{word} at {asked}")
    return found


def marked(con: Connection) -> dict[str, set[str]]:
    """The marked texts of each table of the register, but for what is published."""
    found: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        for row in con.execute(select(table)) if table.name != "published" else ():
            found.setdefault(table.name, set()).update(re.findall(r"Zq\w+?Zq", str(row._mapping)))
    con.rollback()
    return {name: words for name, words in found.items() if words}


def differing(one: FlaskClient, other: FlaskClient, asked: Iterable[str]) -> list[str]:
    """The questions that two registers answer otherwise."""
    return [each for each in asked if steady(one, each) != steady(other, each)]


def is_in(word: str, body: bytes) -> bool:
    """Whether a text is there; a number only as a number, not as a part of some random name."""
    plain = word.encode()
    if plain not in body:  # a hundred times as quick as the pattern
        return False
    return re.search(rb"(?<![\w-])" + re.escape(plain) + (rb"" if "." in word else rb"(?![\w-])"), body) is not None
