"""Matching gives nothing away: neither its pages, nor its counts, nor its letters, whatever is asked of them."""

from __future__ import annotations

import re
from datetime import date
from email.message import EmailMessage
from itertools import product
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tempuse import questions
from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry import setup
from tempuse.registry.areas import load_areas
from tempuse.registry.needs.counting import count_sought
from tempuse.registry.spaces import add_space
from tempuse.registry.watches import keeping
from tempuse.registry.watches.sweeping import sweep_watches
from tempuse.registry.watches.telling import write_watch_letters
from tempuse.store.engine import Connection, Register, open_register
from tempuse.terms import Hours
from tempuse.vocabulary import AreaKind
from tempuse.wanted import Wanted
from tests.builders import a_district, a_space, an_outline
from tests.conftest import NOW
from tests.mailing import Clock, Server, an_app, deliver
from tests.needing import a_need, drafted, looking, shown
from tests.permitting import running, terms
from tests.web.doors import EVERYTHING, a_secretive_space, content, differing, doors, is_in, marked, secret, steady
from tests.web.test_privacy import a_secretive_register
from web import create_app

# By turns: near a place, at certain hours, for so much a month, for a use, of a size, and more of it at once.
_PLACES = [f"near={lat},{lon}&within={metres}" for lat, lon in ((51.05, 3.72), (51.052, 3.717))
           for metres in (100, 300, 1500)]  # fmt: skip
_OTHERS = ["hours=tu19-22", "hours=mo9-12", "cost=0", "cost=150&deposit=100", "use=workshop", "use=office",
           "m2=60-65", "m2=70-75", "m2=90-120", "from=2026-12-01&for=2m", "by=2027-02-11&for=6m",
           "district=AR-0001", "has=water&has=toilets", "people=20&ceiling=300&noise=90&soil=yes"]  # fmt: skip
QUESTIONS = [*_PLACES, *_OTHERS, "use=workshop&m2=60-75&near=51.05,3.72&within=300&hours=tu19-22&cost=150"]


def asked(app: Flask, refs: list[str]) -> list[str]:
    """Each door that answers a question, asked each of them; and what there is to read of what groups look for."""
    found = doors(app, refs)
    ranked = ["/match", "/match.geojson", *(each for each in found if each.startswith("/match/SP-")),
              "/match/compare?" + "&".join(f"space={ref}" for ref in refs[:4]), "/watch"]  # fmt: skip
    needs = [each for each in found if each.startswith("/needs")]
    assert {"/match", "/match.geojson", "/match/compare", "/watch"} < set(found)
    assert {"/needs", "/needs.atom", "/needs.geojson"} < set(needs)
    pairs = product(ranked, QUESTIONS)
    return [*(f"{door}{'&' if '?' in door else '?'}{each}" for door, each in pairs), *needs]


_LEVELS = ("cell", "district", "hidden")


def test_no_question_brings_out_what_a_level_withholds(con: Connection, app: Flask) -> None:
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], NOW)
    refs, words = [], set[str]()
    for level in _LEVELS:
        space, past, hidden = a_secretive_space(level)
        refs.append(add_space(con, SYSTEM, space, NOW, past=past))
        words.update(hidden)
    assert _told(app.test_client(), asked(app, refs), words) == []


def test_no_question_brings_out_what_any_table_hides(con: Connection, app: Flask) -> None:
    hidden = a_secretive_register(con, NOW)
    private = a_need(
        Wanted(uses=("workshop",), near=(3.739, 51.061), within_m=700, budget_month_cents=12_300),
        title=secret("looks", "need"), purpose=secret("purpose", "need"), private_text=secret("private", "need"),
    )  # fmt: skip
    who = {"group": secret("circle", "need"), "name": secret("eve", "need"), "email": f"{secret('m', 'need')}@a.org"}
    drafted(con, NOW, private, **who)
    looking(con, NOW, private, **who)
    wanted = Wanted(uses=("workshop",), near=(3.739, 51.061), within_m=700)
    keeping.ask_to_hear(con, PUBLIC, wanted, f"{secret('watcher', 'watch')}@example.org", "day", "en", NOW)
    hidden |= set().union(*marked(con).values()) | {secret("watcher", "watch").lower(), "51.061", "3.739"}
    assert secret("looks", "need") in hidden
    assert _told(app.test_client(), asked(app, ["SP-0001", "SP-0002", "SP-0003"]), hidden) == []


def _told(client: FlaskClient, addresses: list[str], hidden: list[str] | set[str]) -> list[str]:
    return [f"{word} at {each}" for each in addresses for body in [content(client, each)]
            for word in hidden if is_in(word, body)]  # fmt: skip


def _town(folder: Path) -> Register:
    folder.mkdir()
    register = open_register(str(folder / "register.gpkg"), folder / "home", create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, NOW)
        setup.change_settings(con, SYSTEM, {"country": "BE", "municipality": "Rivermouth"}, NOW)
        load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district()], NOW)
        add_space(con, SYSTEM, a_space(name="Net loft", suitable_uses=("workshop",), floor_area_m2=80.0), NOW)
    return register


def _within_what_nobody_may_know(con: Connection, twin: int, level: str) -> str:
    """A space that is shared, somewhere in what may be known of its place."""
    east, north = [(-0.0012, -0.0011), (0.0021, 0.0012)][twin]
    ref = add_space(con, SYSTEM, a_space(
        name=f"Hidden {twin}", address=f"{twin} Quay", location_level=level, water=True, suitable_uses=("workshop",),
        floor_area_m2=60 + 20 * twin, geometry=an_outline(east, north, 0.0001),
    ), NOW)  # fmt: skip
    hours = (Hours(weekdays=[2, 16][twin], from_minute=1140, until_minute=1320),)
    days = terms(date(2026, 11, 3 + twin), date(2027, 2, 10 + twin), hours=hours)
    running(con, NOW, [ref], days, on=NOW.date(), title=f"Choir {twin}", group=f"Choir of {twin}", name=f"Ada {twin}")
    return ref


def _what_groups_look_for(con: Connection, twin: int) -> None:
    """Three groups, and where each of them looks: within walking distance of the hidden space, or far from it."""
    near = [(3.721, 51.05), (3.78, 51.09)][twin]
    for number in range(3):
        wanted = Wanted(uses=("workshop",), near=near, within_m=500, budget_month_cents=10_000 + 5000 * twin)
        need = a_need(wanted, audience=["private", "public", "public"][number], title=f"Group {number}")
        (shown if number else looking)(con, NOW, need, group=f"Group {number}", email=f"g{number}@example.org")


def test_two_registers_that_differ_in_what_nobody_may_know_match_alike(tmp_path: Path) -> None:
    """Cases 4 to 6: a space within its square, its hours and exact size; and where private groups look for one."""
    clients = []
    for twin in range(2):
        register = _town(tmp_path / str(twin))
        with register.connect() as con:
            refs = [_within_what_nobody_may_know(con, twin, level) for level in _LEVELS]
            _what_groups_look_for(con, twin)
            assert count_sought(con, SYSTEM, NOW) == 4
        app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: NOW)
        clients.append(app.test_client())
    one, other = clients
    for ref in refs:
        assert one.get(f"/match/{ref}?use=workshop").status_code == 200
        assert "At least three groups look for such a space." in one.get(f"/spaces/{ref}").text
    pages = [f"/spaces/{ref}{ending}" for ref in refs for ending in ("", ".geojson")]
    assert differing(one, other, [*asked(one.application, ["SP-0001", *refs]), *pages, "/", "/list"]) == []


def _some(questions_: list[str]) -> list[str]:
    """One in four of what is asked, so that each door is asked something and each question is asked of some door."""
    return questions_ if EVERYTHING else questions_[::4]


def test_nobody_sees_that_a_group_began_to_look(tmp_path: Path) -> None:
    """Case 6: nothing changes by day; by night a count may, in steps, and below three there is none."""
    register = _town(tmp_path / "town")
    app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: NOW)
    client = app.test_client()
    with register.connect() as con:
        add_space(con, SYSTEM, a_space(name="Kiosk", suitable_uses=("shop",), geometry=an_outline(0.001)), NOW)
        every, seen, counted = _some(asked(app, ["SP-0001", "SP-0002"])), [], []
        for number in range(6):
            seen.append([steady(client, each) for each in every])
            if number == 5:
                break
            wanted = Wanted(uses=("workshop",), near=(3.721, 51.05), within_m=500)
            looking(con, NOW, a_need(wanted), group=f"Group {number}", email=f"g{number}@example.org")
            assert [steady(client, each) for each in every] == seen[-1], "by day"
            counted.append(count_sought(con, SYSTEM, NOW))
    assert counted == [0, 0, 1, 0, 1]
    assert seen[0] == seen[1] == seen[2] != seen[3] == seen[4] != seen[5]
    for before, after in ((2, 3), (4, 5)):
        differ = [each for each, one, other in zip(every, seen[before], seen[after], strict=True) if one != other]
        assert not [each for each in differ if "SP-0002" in each and "SP-0001" not in each], differ


def test_their_letters_are_the_same_but_for_their_links(tmp_path: Path, port: int, server: Server) -> None:
    """Watches at all distances around it, and of all sizes, hear the same of it, or nothing."""
    written = []
    for twin in range(2):
        register, clock = _town(tmp_path / str(twin)), Clock(NOW)
        app = an_app(register, clock, f"smtp://127.0.0.1:{port}")
        with register.connect() as con:
            for number, each in enumerate(QUESTIONS):
                wanted, _ = questions.read([tuple(pair.split("=")) for pair in each.split("&")])
                sent = keeping.ask_to_hear(con, PUBLIC, wanted, f"jo{number}@example.org", "day", "en", NOW)
                keeping.expect_secret(con, SYSTEM, sent.watch.id, f"secret {number}")
                assert keeping.confirm_watch(con, PUBLIC, f"secret {number}", NOW)
            for level in _LEVELS:
                _within_what_nobody_may_know(con, twin, level)
            sweep_watches(con, SYSTEM, clock())
            assert write_watch_letters(con, SYSTEM, clock()) > 1
        deliver(app)
        told = [each for each in server.letters if re.search("fits? what you look for", str(each["Subject"]))]
        server.letters.clear()
        written.append(sorted(_without_links(each) for each in told))
    assert len(written[0]) > 1
    assert written[0] == written[1]


def _without_links(letter: EmailMessage) -> str:
    """A letter without what differs in every one: its number, when it was sent, what is secret in its links."""
    heads = [f"{name}: {text}" for name, text in letter.items() if name not in ("Message-ID", "Date", "Content-Type")]
    said = "\n".join([*heads, *(each.get_content() for each in letter.walk() if not each.is_multipart())])
    return re.sub(r"/watch/[\w-]+", "/watch/SECRET", said)
