"""Privacy is a rule of the register: every public door is searched, byte by byte, for what must not be there."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from tempuse.access import PUBLIC, SYSTEM
from tempuse.people import Person
from tempuse.publication import COLLECTIONS
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.registry import people, pictures, publishing, reports
from tempuse.registry.areas import load_areas
from tempuse.registry.organisations import edit_organisation
from tempuse.registry.owners.answering import answer_letter
from tempuse.registry.owners.asking import LetterWanted, ask_owners, expect_secrets
from tempuse.registry.permits.deciding import refuse_request
from tempuse.registry.permits.showing import show_use
from tempuse.registry.reports import fingerprint
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store import permits
from tempuse.store.engine import Connection, Register, writing
from tempuse.vocabulary import AreaKind, LetterWay, LocationLevel, OwnerAnswer
from tests.builders import a_district, a_place, a_space
from tests.permitting import a_request, running, terms
from tests.web import whispers
from tests.web.doors import (
    a_full_register,
    a_secretive_picture,
    a_secretive_space,
    content,
    doors,
    is_in,
    leaks,
    marked,
    secret,
    takes_questions,
)
from web import create_app
from web.public import downloads

_LEVELS = [level for level in COLLECTIONS["spaces"].levels if level is not LocationLevel.EXACT]


def test_no_public_door_gives_away_what_a_level_withholds(app: Flask, register: Register, now: datetime) -> None:
    refs, words = [], set[str]()
    with register.connect() as con:
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
        building = add_space(con, SYSTEM, a_space(status="withheld"), now)
        for level in _LEVELS:
            space, past, hidden = a_secretive_space(level, within_ref=building)
            refs.append(add_space(con, SYSTEM, space, now, past=past))
            words.update(hidden)
    assert leaks(app.test_client(), doors(app, refs), words) == []


@pytest.mark.parametrize("level", _LEVELS)
def test_words_find_a_space_only_by_what_is_seen_of_it(
    app: Flask, register: Register, now: datetime, level: str
) -> None:
    space, past, hidden = a_secretive_space(level)
    with register.connect() as con:
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
        ref = add_space(con, SYSTEM, space, now, past=past)
    client = app.test_client()

    def found(words: str) -> int:
        file = client.get("/spaces.geojson", query_string={"q": words}).get_json(force=True)
        around = client.get("/map/around", query_string={"q": words}).get_json()
        assert len(file["features"]) == around["total"]
        return int(around["total"])

    assert found(ref.lower()) == 1
    assert client.get("/list", query_string={"q": ref}).text.count("<li data-ref=") == 1
    for words in hidden:
        assert found(words) == 0, words
        assert found(f"{ref} {words[:4]}") == 0, words
        assert client.get("/list", query_string={"q": words}).text.count("<li data-ref=") == 0


FIRST, LAST = date(2026, 11, 3), date(2027, 2, 11)
# The days of the secretive uses, and the first one after, as any door might write them.
DAYS = [
    written.format(day=day, month=month)
    for day, month in ((FIRST, "November"), (LAST, "February"), (date(2027, 2, 12), "February"))
    for written in ("{day:%Y-%m-%d}", "{day:%Y%m%d}", "{day.day} {month} {day.year}")
]


def a_secretive_use(con: Connection, now: datetime, space_ref: str, mark: str, *, unlisted: bool = False) -> str:
    """A running use with everything that the group would have everybody read: its space may not be known."""
    ref = running(
        con, now, [space_ref], terms(FIRST, LAST, part=secret("part", mark)), on=now.date(),
        title=secret("usetitle", mark), purpose=secret("purpose", mark), private_text=secret("private", mark),
        group=secret("group", mark), name=secret("ada", mark), email=f"{secret('adasmail', mark)}@example.org",
    )  # fmt: skip
    show_use(con, SYSTEM, ref, now, unlisted=unlisted, location_level=None, purpose_released=secret("released", mark))
    holder = str(permits.get(con, ref).holder_ref)
    con.rollback()
    named = {"name_public": True, "url": f"https://example.org/{secret('page', mark)}"}
    edit_organisation(con, SYSTEM, holder, named, now)
    told = Report(kind="nuisance", use_ref=ref, text=secret("noise", mark))
    reports.send_report(con, PUBLIC, told, now)
    return ref


def a_picture_in(con: Connection, now: datetime, ref: str, level: str) -> None:
    """A picture of a space, which somebody has looked at."""
    picture = a_secretive_picture(ref, level)
    pictures.add_picture(con, SYSTEM, picture, now)
    pictures.show_picture(con, SYSTEM, ref, picture.name, picture.alt, picture.credit, now)


def a_secretive_register(con: Connection, now: datetime) -> set[str]:
    """Something of every noun, each text of it a marked secret that no public door may give; with those secrets.

    What is marked is read from the tables: the texts of a noun that is added here are searched for as well.
    """
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
    for level in _LEVELS:
        space, past, _ = a_secretive_space(level)
        ref = add_space(con, SYSTEM, space, now, past=past, note=secret("note", level))
        a_secretive_use(con, now, ref, level)
        a_picture_in(con, now, ref, level)
    a_secretive_use(con, now, add_space(con, SYSTEM, a_space(name="Shelter"), now), "unlisted", unlisted=True)
    asked = a_request(con, now, [ref], terms(date(2028, 1, 3), date(2028, 1, 9)), title=secret("asked", "rival"))
    refuse_request(con, SYSTEM, asked, now, secret("because", "rival"))
    withheld, _, _ = a_secretive_space("exact", status="withheld")
    add_space(con, SYSTEM, withheld, now)
    told = Report(kind="wrong", space_ref=ref, address=secret("where", "report"), since=secret("since", "report"),
                  text=secret("told", "report"), contact=f"{secret('sender', 'report')}@example.org",
                  contact_consent=True)  # fmt: skip
    sent = reports.send_report(con, PUBLIC, told, now)
    reports.judge_report(con, SYSTEM, sent.report.ref, "answer", now, answer=secret("answer", "report"))
    said = Report(kind="owner", wish="show", level="exact", space_ref=ref, sender_name=secret("owner", "report"),
                  contact=f"{secret('theirs', 'report')}@example.org", contact_consent=True)  # fmt: skip
    reports.send_report(con, PUBLIC, said, now)
    hers = {"owner_name": secret("owner", "letter"), "owner_email": f"{secret('mail', 'letter')}@example.org"}
    shop = add_space(con, SYSTEM, a_space(ownership="private_person", name=secret("shop", "letter"), **hers), now)
    (asked,) = ask_owners(con, SYSTEM, [LetterWanted([shop], LetterWay.MAIL)], "en", now)
    expect_secrets(con, SYSTEM, {asked.ref: fingerprint("a link")})
    answer_letter(con, PUBLIC, "a link", OwnerAnswer.YES, now, choices={shop: "hidden"}, by=secret("by", "letter"),
                  remark=secret("remark", "letter"))  # fmt: skip
    person = Person(name=secret("name", "person"), email=f"{secret('email', 'person')}@example.org")
    people.add_person(con, SYSTEM, person, now)
    found = marked(con)
    assert set(found) >= {
        "spaces", "space_pictures", "periods", "reports", "people", "events", "permits", "terms", "organisations",
        "decisions", "owner_letters",
    }  # fmt: skip
    return set().union(*found.values())


@pytest.mark.both_engines  # with a space of each level
def test_no_public_door_gives_away_what_any_table_hides(app: Flask, register: Register, now: datetime) -> None:
    with register.connect() as con:
        hidden = a_secretive_register(con, now)
    assert len(hidden) > 80
    hidden |= set(a_secretive_space("cell")[2])
    seen = ["SP-0001", *(f"PM-{number:04d}" for number in range(1, 6))]
    assert leaks(app.test_client(), doors(app, seen), hidden) == []


def test_no_public_door_tells_the_days_of_a_use_in_a_space_that_is_not_shown(
    app: Flask, register: Register, now: datetime
) -> None:
    """Case 20: a shelter in a hidden space and a choir in a cell: no name, no title, no day, no space."""
    with register.connect() as con:
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], now)
        made = []
        for level in _LEVELS:
            space = add_space(con, SYSTEM, a_space(location_level=level, name=secret("name", level)), now)
            made += [space, a_secretive_use(con, now, space, level)]
    client = app.test_client()
    words = [*DAYS, *(secret(name, level) for level in _LEVELS for name in ("name", "usetitle", "group", "released"))]
    assert leaks(client, doors(app, made), words) == []
    for number, level in enumerate(_LEVELS):
        space, ref = made[2 * number : 2 * number + 2]
        assert ref in client.get("/uses").text
        assert space not in client.get(f"/uses/{ref}.geojson").text, level
        assert ref not in client.get(f"/spaces/{space}.geojson").text, level


@pytest.mark.parametrize("address", ["geopackage"], indirect=True)  # the test is tested
def test_a_leak_in_a_new_collection_is_found(
    register: Register, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody told the test of the collection: it has a door, and a text of a table stands in its rows."""
    whispers.put_in(monkeypatch)
    with register.connect() as con:
        hidden = a_secretive_register(con, now)
        with writing(con):
            publishing.decide_all(con, now)
    app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: now)
    whispers.open_door(app)
    assert "/whispers.geojson" in doors(app, ["SP-0001"])
    found = leaks(app.test_client(), ["/spaces.geojson", "/whispers.geojson"], hidden)
    assert f"{secret('told', 'report')} at /whispers.geojson" in found
    assert {each.partition(" at ")[2].partition("?")[0] for each in found} == {"/whispers.geojson"}


def test_the_doors_are_found_and_so_are_those_that_take_questions(
    app: Flask, register: Register, now: datetime
) -> None:
    with register.connect() as con:
        ref = a_full_register(con)
    client = app.test_client()
    found = doors(app, [ref])
    assert {"/", "/find", "/areas.geojson", "/spaces.gpkg", "/spaces.kml", f"/spaces/{ref}.geojson"} < set(found)
    asked = {address for address in found if takes_questions(client, address)}
    files = {f"/spaces.{name}" for name in downloads.SPACES}
    assert {*files, "/areas.gpkg", "/spaces.qml", "/spaces.schema.json", "/data/needs"} < set(found)
    assert asked >= {"/", "/list", "/find", "/map/view", "/areas.geojson", *files}
    assert not asked & {"/health", "/robots.txt", f"/spaces/{ref}.geojson"}


@pytest.mark.parametrize(
    "hide", [{"status": "reported"}, {"status": "withheld"}, {"consent": "objected"}, {"ownership": "company"}]
)
def test_a_space_that_is_not_public_is_behind_no_door(
    app: Flask, register: Register, now: datetime, hide: dict[str, str]
) -> None:
    space, past, hidden = a_secretive_space("exact", **hide)
    with register.connect() as con:
        ref = add_space(con, SYSTEM, space, now, past=past)
        unit = add_space(con, SYSTEM, a_space(kind="unit", within_ref=ref, geometry=a_place(0.01)), now)
    client = app.test_client()
    assert client.get(f"/spaces/{ref}").status_code == 404
    for address in doors(app, [ref, unit]):
        body = content(client, address)
        if ref in address:
            continue  # the page says which address it was asked for
        for word in [*hidden, ref]:
            assert not is_in(word, body), f"{word} at {address}"


def test_owners_and_notes_of_an_exact_space_are_behind_no_door(app: Flask, register: Register, now: datetime) -> None:
    with register.connect() as con:
        building = add_space(con, SYSTEM, a_space(location_level="hidden"), now)
        space, past, _ = a_secretive_space("exact", within_ref=building)
        ref = add_space(con, SYSTEM, space, now, past=past)
    client = app.test_client()
    private = [secret(name, "exact") for name in OFFICE_ONLY] + [secret("owneremail", "exact"), secret("kept", "exact")]
    for address in doors(app, [ref]):
        body = content(client, address)
        for word in private:
            assert word.encode() not in body, f"{word} at {address}"
        assert b'within_ref":' not in body
    assert secret("name", "exact").encode() in content(client, f"/spaces/{ref}")
