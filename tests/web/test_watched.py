"""What the office learns of searches that letters tell of, and never of whom they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry.watches import keeping
from tempuse.registry.watches.sweeping import sweep_all
from tempuse.store import watches
from tempuse.store.engine import Connection
from tempuse.vocabulary import WatchEnd
from tempuse.wanted import Wanted
from tests.office import a_signed_in_client
from tests.web.test_office_import import plain


def asked(con: Connection, now: datetime, name: str, use: str = "workshop") -> str:
    """The secret of a confirmed search; its use may be one that the city no longer lists."""
    sent = keeping.ask_to_hear(con, PUBLIC, Wanted(uses=("workshop",)), f"{name}@example.org", "day", "en", now)
    keeping.expect_secret(con, SYSTEM, sent.watch.id, name)
    keeping.confirm_watch(con, PUBLIC, name, now)
    held = watches.find_one(con, sent.watch.id)
    assert held is not None
    con.rollback()
    held.question = f"use={use}"
    with con.begin():
        watches.save(con, held)
    return name


def test_the_first_page_says_which_searches_pause_and_whose_letters_come_back(
    app: Flask, con: Connection, now: datetime
) -> None:
    office = a_signed_in_client(app)
    page = plain(office.get("/office/waiting").text)
    assert "Searches that pause" not in page
    assert "Letters that come back" not in page

    for name, use in (("ada", "atelier"), ("bea", "atelier"), ("cas", "forge"), ("dan", "workshop")):
        asked(con, now, name, use)
    sweep_all(con, SYSTEM, now)
    keeping.end_watch(con, PUBLIC, asked(con, now, "eve", "studio"), now, WatchEnd.BOUNCE)
    keeping.end_watch(con, PUBLIC, asked(con, now, "fay", "studio"), now, WatchEnd.LINK)
    long_ago = now - timedelta(days=60)
    keeping.end_watch(con, PUBLIC, asked(con, long_ago, "gus", "studio"), long_ago, WatchEnd.BOUNCE)

    text = office.get("/office/waiting").text
    page = plain(text)
    assert "“atelier” for the use 2 searches ask for it, and nobody understands it any more." in page
    assert "“forge” for the use 1 search asks for it" in page
    assert "1 search has ended Their address takes no letters." in page
    assert "workshop" not in page
    assert "Nothing waits for you" in page, "nobody in the office has to do it"
    assert "example.org" not in text.replace("planner@example.org", "")
