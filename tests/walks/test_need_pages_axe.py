"""axe on the pages of what groups look for: public, one's own, the office's; light and dark, with faults as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from tempuse.store import needs, people
from tempuse.store.engine import Connection, Register
from tests.axe import Axe
from tests.browser import WIDE, live
from tests.needing import a_need, drafted, looking, shown
from tests.office import PASSWORD, add_person
from web import create_app
from web.accounts import links

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, locale="en-GB")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_on_any_page_of_needs(register: Register, con: Connection, page: Page) -> None:
    app = create_app(register, {"TESTING": True, "RATELIMIT_ENABLED": False}, clock=lambda: NOW)
    public = shown(con, NOW, a_need(audience="public"))
    waits, draft = looking(con, NOW, a_need(audience="public")), drafted(con, NOW)
    ada = people.get(con, str(needs.get(con, public).contact_ref))
    con.rollback()
    axe, found = Axe(), []
    with live(app) as address:

        def look(*paths: str) -> None:
            for path in paths:
                answer = page.goto(f"{address}{path}")
                assert answer is not None, path
                assert answer.ok, path
                found.extend(f"{path}: {each}" for each in axe.look(page))

        look("/needs", "/needs/new", "/needs/sent?mail=1", "/needs/confirm/abc")
        page.goto(f"{address}/needs/new")
        page.get_by_role("button", name="Save what we look for").click()
        found += [f"with faults: {each}" for each in axe.look(page)]
        with app.test_request_context():
            page.goto(address + links.entry_link(ada, ""))
        page.get_by_role("button", name="Open my page").click()
        page.wait_for_url("**/my/")
        look("/my/", "/my/needs", f"/my/needs/{public}", f"/my/needs/{public}/edit", "/my/needs/new")
        page.context.clear_cookies()
        page.goto(f"{address}/my/sign-in")
        page.get_by_label("E-mail address").fill(add_person(app, "Ilse Maes", "planner").email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/office/**")
        office = [f"/office/needs/{ref}" for ref in (public, waits, draft)]
        look("/office/waiting", "/office/needs", "/office/needs?show=release", "/office/needs/new", *office)
    assert not found, "\n".join(found)
