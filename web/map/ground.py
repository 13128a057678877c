"""The town's own background as the pages know it: where it lies, and what a map's script needs to draw it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from flask import Flask, url_for

from tempuse.errors import NotFound
from tempuse.io.ground import ready
from tempuse.io.join import AddressList
from tempuse.io.places import addresses
from tempuse.io.places.geocode import Proposal
from tempuse.io.places.proposals import AddressBook, ProposedAddress
from tempuse.registry.ground import known_addresses
from tempuse.store import attachments
from web import database
from web.site import assets


def about() -> ready.Reach | None:
    """What the ground says of itself; None where there is none."""
    name = database.settings().ground
    try:
        return _about(database.register().home, name) if name else None
    except NotFound:  # a check says so; the map does without
        return None


def opened() -> tuple[BinaryIO, str] | None:
    """The file, open to be read, and the hash of its content; None where there is none."""
    name = database.settings().ground
    return (attachments.open_one(database.register().home, name), name.partition(".")[0]) if name else None


@lru_cache(maxsize=8)
def _about(home: Path, name: str) -> ready.Reach:
    with attachments.open_one(home, name) as file:
        return ready.about(file.read(ready.HEAD))


def options() -> dict[str, Any] | None:
    """For the script; None where there is none."""
    if (found := about()) is None:
        return None
    return {
        "scripts": [assets.static("vendor/protomaps/protomaps-leaflet.js"), assets.static("js/ground.js")],
        "address": url_for("public.ground", v=database.settings().ground[:12]),
        "last": found.last_zoom,
    }


def knows_addresses() -> bool:
    """Whether addresses came with the ground."""
    return known_addresses(database.connection(), database.register().home) is not None


def find_address(address: str, postcode: str | None, locality: str | None) -> Proposal | None:
    """Where the ground's own list has an address; None where it does not, or there is none."""
    path = known_addresses(database.connection(), database.register().home)
    if path is None:
        return None
    found = _addresses(path).find(addresses.read(address, postcode, locality))
    return None if found is None else Proposal(found.point.x, found.point.y, found.known_as)


def propose(text: str) -> list[ProposedAddress]:
    """The ground's addresses that begin as somebody types them; none where there is no list."""
    path = known_addresses(database.connection(), database.register().home)
    return [] if path is None else _book(path).beginning(text)


def placed(text: str) -> ProposedAddress | None:
    """The address of the ground's list that a text is; None where it is none, or several.

    For everybody, so without the other spellings that ``find_address`` knows: to read those of a city takes long.
    """
    path = known_addresses(database.connection(), database.register().home)
    return None if path is None else _book(path).find(text)


@lru_cache(maxsize=1)
def _book(path: Path) -> AddressBook:
    return AddressBook(path)


@lru_cache(maxsize=1)
def _addresses(path: Path) -> AddressList:
    return AddressList.of_ground(path)


def init_app(app: Flask) -> None:
    """Let pages know whether addresses can be proposed."""
    app.jinja_env.globals["knows_addresses"] = knows_addresses
