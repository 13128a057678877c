"""axe on the pages of permits: the demo's town, each page that a link leads to once, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException

from tempuse.access import SYSTEM
from tempuse.demo import OFFICE, tell_neighbours
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.registry import closing, members, organisations
from tempuse.registry.permits import agreeing, reviewing
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.store.permit_tables import permits as table
from tests import demos
from tests.axe import Axe
from tests.browser import WIDE, live
from tests.office import PASSWORD, add_person
from web import create_app
from web.accounts import links
from web.office.permits import noticing

pytestmark = [pytest.mark.browser, pytest.mark.long]
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
# Addresses of permits and what belongs to them; files are not pages.
MATTER = re.compile(r"^/(my/(permits|checks|request$)|uses|request|notices|office/(permits|timeline|figures|waiting))")
CATALOGUES = "/office/settings/catalogues/"
# Permits of the demo that one person has a part in, and what she is there.
HELD = (
    "Repair café", "Harbour rooms", "Winter clinic", "Storm stories", "Tide & Thread", "Ropewalk Circus",
    "Homework hub", "Ice rink bar", "Print room", "Seed library", "Tango by the silo",
)  # fmt: skip
OWNED = ("Rope and knot school", "Sound archive", "Lamp room repair bar")


class Walk:
    """A browser of one person that visits pages, and those that their links lead to, each sort of page once."""

    def __init__(self, app: Flask, page: Page, states: dict[str, str], axe: Axe) -> None:
        self.app, self.page, self.states, self.axe = app, page, states, axe
        self.seen: set[str] = set()
        self.found: list[str] = []

    def visit(self, *paths: str) -> None:
        """Open pages and let axe look at each; then the pages of permits that they lead to."""
        waiting = [(path, "") for path in dict.fromkeys(paths)]
        while waiting:
            path, sort = waiting.pop(0)
            if sort and sort in self.seen:
                continue
            answer = self.page.goto(path)
            if answer is None or not answer.ok:
                self.found.append(f"{path}: {answer and answer.status}")
                continue
            self.seen |= {sort, self._sort(self.page.url)}
            self.look(path)
            for href in self.page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))"):
                here = urlsplit(urljoin(self.page.url, href))
                if (led := self._sort(href)) and led not in self.seen:
                    waiting.append((here._replace(scheme="", netloc="").geturl(), led))

    def look(self, path: str) -> None:
        """Let axe look at the page as it stands."""
        self.found += [f"{path}: {each}" for each in self.axe.look(self.page)]

    def _sort(self, address: str) -> str:
        """What sort of page is at an address: its view, and for a permit how it stands; empty for other matters."""
        path = urlsplit(address).path
        if not MATTER.match(path) and not path.startswith(CATALOGUES):
            return ""
        try:
            endpoint, values = self.app.url_map.bind("").match(path)
        except HTTPException:
            return ""
        if endpoint.endswith(("_file", "_paper", "_calendar", "_feature")):
            return ""
        apart = self.states.get(values.get("ref", "")) if endpoint in ("office.permit", "auth.permit") else None
        return f"{endpoint} {apart or values.get('setting') or ''}".strip()


class Town:
    """The demo's town, served, with people who open its pages."""

    def __init__(self, app: Flask, browser: Browser, address: str, con: Connection) -> None:
        self.app, self.browser, self.address, self.con = app, browser, address, con
        every = permits.ruled(con, table.c.ref.is_not(None))
        con.rollback()
        self.refs = {each.permit.title: each.permit.ref for each in every}
        self.states = {each.permit.ref: each.permit.status for each in every}
        self.spaces = {each.permit.title: each.permit.space_refs[0] for each in every}
        self.walks: list[Walk] = []
        self.axe = Axe()

    def walk(self) -> Walk:
        """A browser of its own."""
        context = self.browser.new_context(
            viewport={"width": WIDE[0], "height": WIDE[1]}, base_url=self.address, locale="en-GB"
        )
        context.set_default_timeout(10_000)
        self.walks.append(Walk(self.app, context.new_page(), self.states, self.axe))
        return self.walks[-1]

    def desk(self, role: str) -> Walk:
        """Somebody of the office has signed in."""
        walk = self.walk()
        walk.page.goto("/my/sign-in")
        walk.page.get_by_label("E-mail address").fill(add_person(self.app, f"{role.title()} Maes", role).email)
        walk.page.get_by_label("Password").fill(PASSWORD)
        walk.page.get_by_role("button", name="Sign in").click()
        walk.page.wait_for_url("**/office/**")
        return walk

    def come(self, person: Person) -> Walk:
        """Somebody from outside the office has opened the link of a letter."""
        walk = self.walk()
        with self.app.test_request_context():
            walk.page.goto(links.entry_link(person, ""))
        walk.page.get_by_role("button", name="Open my page").click()
        walk.page.wait_for_url("**/my/")
        return walk

    def ada(self) -> Person:
        """Somebody with a part in everything: contact of groups and of an owner, reviewer of a department."""
        con, refs = self.con, self.refs
        person = reviewing.name_reviewer(con, SYSTEM, "fire", "Ada Mol", "ada@example.org", "en", NOW)
        owner = organisations.add_organisation(con, SYSTEM, Organisation(name="Quay Estates", kinds=("owner",)), NOW)
        for title in OWNED:
            agreeing.name_grantor(con, SYSTEM, refs[title], owner, NOW)
        holders = [permits.get(con, refs[title]).holder_ref for title in HELD]
        con.rollback()
        for ref in filter(None, [*holders, owner]):
            for role in ("contact", "signatory"):
                person = members.invite_member(con, SYSTEM, ref, "Ada Mol", "ada@example.org", "en", role, NOW)
            members.confirm_membership(con, person.actor(), ref, NOW)
        return person


@pytest.fixture
def town(demo_file: Path, tmp_path: Path, browser: Browser) -> Iterator[Town]:
    register = demos.a_copy(demo_file, tmp_path)
    app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: NOW)
    with register.connect() as con:
        with app.test_request_context():
            tell_neighbours(con, OFFICE, NOW, noticing.secret_of)
        with live(app) as address:
            town = Town(app, browser, address, con)
            yield town
            for walk in town.walks:
                walk.page.context.close()
    register.close()


def test_axe_finds_nothing_on_any_page_of_permits(town: Town) -> None:
    used, refs = town.spaces["Repair café"], town.refs
    closing.close_space(town.con, SYSTEM, used, date(2027, 2, 1), date(2027, 2, 20), "Roof works", NOW)
    agreeing.propose_terms(town.con, SYSTEM, refs["Loaf Lab community oven"], {"ends_on": date(2027, 5, 31)}, NOW)
    ada = town.ada()

    desk = town.desk("planner")
    one_each = {state: ref for ref, state in town.states.items()}
    desk.visit(
        "/office/waiting", "/office/permits", f"/office/permits/{refs['Sound archive']}",
        f"/office/permits/{refs['Loaf Lab community oven']}", f"/office/permits/{refs['Tango by the silo']}",
        *(f"/office/permits/{ref}" for ref in one_each.values()),
        "/office/timeline", "/office/timeline?as=table", f"/office/timeline?space={used}", "/office/figures",
        f"/office/spaces/{used}", f"/office/spaces/{used}/close", f"/office/spaces/{used}/owner",
    )  # fmt: skip
    town.desk("administrator").visit(
        "/office/settings", *(f"{CATALOGUES}{name}" for name in ("permit_kinds", "departments", "city_conditions"))
    )
    own = (f"/my/permits/{refs[title]}" for title in (*HELD, *OWNED))
    town.come(ada).visit("/my/", "/my/permits", f"/my/request?space={used}", *own)
    anybody, free = town.walk(), f"/request?space={town.spaces['Ropewalk Circus']}"
    anybody.visit("/uses", f"/spaces/{used}", free, "/request/sent?number=PM-0001&mail=1", "/request/confirm/abc")
    anybody.page.goto(free)
    anybody.page.get_by_role("button", name="Ask for it").click()
    anybody.look("/request, with faults")
    found = [each for walk in town.walks for each in walk.found]
    assert not found, "\n".join(found)
