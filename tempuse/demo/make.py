"""Making a demo register in an empty database, and knowing one again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from tempuse.access import PUBLIC, Actor, Membership
from tempuse.demo import large
from tempuse.demo.cases import read_cases
from tempuse.demo.dates import months_since
from tempuse.demo.needs import make_needs
from tempuse.demo.owners import make_letters
from tempuse.demo.permits import make_permits
from tempuse.demo.pictures import make_pictures
from tempuse.demo.places import SOURCE, districts_of, town_of
from tempuse.demo.rivermouth import SETTINGS, Entry, read_areas, read_entries, read_reports, read_unasked
from tempuse.registry import adding, areas, publishing, reports, setup
from tempuse.registry.needs.counting import count_sought
from tempuse.settings import Settings
from tempuse.store import areas as area_rows
from tempuse.store import events, spaces
from tempuse.store.engine import Connection, reading, writing
from tempuse.vocabulary import AreaKind, Role

# Counted up when the demo's data change, so that an older demo register is not taken for this one.
DEMO_VERSION = 9

# Whoever reads the events of a demo register sees what made it.
DEMO = Actor(f"the demo, version {DEMO_VERSION}", frozenset({Membership(Role.ADMINISTRATOR.value)}))
# Who handled its permits, as they tell it.
OFFICE = Actor("Ilse Maes", DEMO.memberships)


def make_demo(con: Connection, now: datetime, home: Path | None = None) -> int:
    """Fill an empty database with Rivermouth and the documented sites; how many spaces.

    Args:
        con: an idle connection.
        now: the instant.
        home: where the pictures' files are kept; without one there are no pictures.

    Raises:
        Conflict: there is a register already.
    """
    _begin(con, now, SETTINGS)
    for kind, layer in read_areas().items():
        areas.load_areas(con, DEMO, kind, layer, now)
    today = Settings().today(now)
    entries, unasked = read_entries(months_since(today)), read_unasked(months_since(today))
    refs: dict[str, str] = {}
    with writing(con), adding.adding(con, DEMO, now) as adder:
        for those in ([each for each in entries if not each.within], [each for each in entries if each.within]):
            for unit in those:
                unit.space.within_ref = refs[unit.within] if unit.within else None
            refs.update(_add(adder, those))
        _add(adder, read_cases())
        theirs = _add(adder, unasked)
    uses = make_permits(con, OFFICE, refs, months_since(today), today, now)
    districts = {str(each.code): each.ref for each in area_rows.find(con, AreaKind.DISTRICT)}
    con.rollback()
    make_letters(con, OFFICE, [each.space for each in unasked], theirs, now)
    make_needs(con, OFFICE, districts, uses, months_since(today), now)
    with writing(con):
        publishing.decide_all(con, now)  # the steps of permits and needs were decided at their own times
    count_sought(con, DEMO, now)
    if home is not None:
        make_pictures(con, OFFICE, home, [each.space for each in entries], refs, now)
    for days, report in read_reports(refs, uses):
        reports.send_report(con, PUBLIC, report, now - timedelta(days=days))
    return adder.added


def make_large(con: Connection, total: int, now: datetime, progress: Callable[[int], None] = lambda done: None) -> int:
    """Fill an empty database with a large invented register; how many spaces.

    Args:
        con: an idle connection.
        total: how many spaces, at most ``large.MOST``.
        now: the instant; the spaces' dates lie around it.
        progress: is called with the number of spaces written so far.

    Raises:
        Conflict: there is a register already.
    """
    _begin(con, now, {**SETTINGS, "municipality": "Many invented towns", "background_source": SOURCE})
    towns = large.towns(total)
    areas.load_areas(con, DEMO, AreaKind.MUNICIPALITY, [town_of(town) for town in towns], now)
    areas.load_areas(con, DEMO, AreaKind.DISTRICT, [area for town in towns for area in districts_of(town)], now)
    with writing(con), adding.adding(con, DEMO, now) as adder:
        for batch in large.batches(total, Settings().today(now)):
            adder.add(batch)
            progress(adder.added)
    return adder.added


def made_on(con: Connection) -> date | None:
    """The day on which this program's demo made this register; None when it did not, or did not finish."""
    with reading(con):
        first = events.of(con, "register")[-1:]
        whole = bool(spaces.find(con, spaces.SpaceFilter(), limit=1))
    return first[0].at.date() if first and first[0].actor == DEMO.name and whole else None


def _begin(con: Connection, now: datetime, settings: Mapping[str, str]) -> None:
    setup.create_register(con, DEMO, now)
    setup.change_settings(con, DEMO, settings, now)


def _add(adder: adding.Adder, entries: list[Entry]) -> dict[str, str]:
    """Add these spaces with their past; their refs by their keys in the data."""
    refs = adder.add([entry.space for entry in entries], [entry.past for entry in entries])
    return {entry.space.source_ref or "": ref for entry, ref in zip(entries, refs, strict=True)}
