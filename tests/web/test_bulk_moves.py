"""Several spaces at once: what is said of them afterwards, and the list of just those."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from tempuse.access import SYSTEM
from tempuse.registry import spaces
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.forms import form_of
from tests.office import a_signed_in_client, post


def test_of_those_that_are_offered_it_is_said_how_many_nobody_sees(app: Flask, con: Connection, now: datetime) -> None:
    theirs = {"ownership": "company", "consent": "unasked", "owner_name": "Tidewater"}
    made = [
        spaces.add_space(con, SYSTEM, a_space(name=name, status="verified", **owner), now)
        for name, owner in (("Hall", {}), ("Kiosk", theirs), ("Forge", theirs))
    ]
    spaces.add_space(con, SYSTEM, a_space(name="Bakery", status="verified"), now)
    office = a_signed_in_client(app)
    look = post(office, "/office/spaces/move", {"ref": made, "move": "offer"}, "/office/spaces?status=verified")
    done = office.post("/office/spaces/move", data=form_of(look.text, "go"), headers={"Origin": "http://localhost"})
    page = office.get(done.location).text
    assert "3 spaces: offered. 2 of them are not public." in page
    assert "Bakery" not in page
    assert "Owner’s word: not asked" in page
    assert "No space fits" in office.get("/office/spaces?done=offer+2020-01-01T00:00:00%2B00:00").text
    somebody = a_signed_in_client(app, "Bea Smit")
    assert "No space fits" in somebody.get(done.location).text, "what one did is nobody else's list"
