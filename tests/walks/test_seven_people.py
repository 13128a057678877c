"""A permit from the first question to what came after, by seven people: each in a browser of their own.

Ada asks for her group on a phone; two departments, a neighbour and the owner answer behind links on theirs; Bo asks for
the same days and reads why not; Ilse decides at her desk. The clock is the test's.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.permits import reminding
from tempuse.registry.permits.reviewing import name_reviewer
from tempuse.registry.publishing import republish_due
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, permits
from tempuse.store.engine import Connection, Register
from tests.browser import PHONE, WIDE, Visit, scrolls_sideways
from tests.builders import a_space
from tests.mailing import Clock, Server, an_app, deliver
from tests.office import PASSWORD, add_person

pytestmark = [pytest.mark.browser, pytest.mark.long]

DEPARTMENTS = [
    {"name": "fire", "title": {"en": "Fire brigade"}}, {"name": "noise", "title": {"en": "Environment"}},
]  # fmt: skip
KINDS = [{
    "name": "use", "title": {"en": "Temporary use"}, "departments": ["fire", "noise"], "notice_days": 7,
    "terms": {"renew_ask_days": 60}, "asks": ["persons"],
}]  # fmt: skip


class Ticking(Clock):
    """Goes on by some seconds with each look, as a person would take."""

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=4)
        return self.now

    def leap(self, day: date) -> None:
        """Let it be the morning of a day."""
        self.now = datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Ticking:
    return Ticking(datetime(2026, 11, 23, 8, 30, tzinfo=UTC))


@pytest.fixture
def app(register: Register, clock: Ticking, port: int) -> Flask:
    return an_app(register, clock, f"smtp://127.0.0.1:{port}")


@pytest.fixture
def hall(con: Connection, clock: Ticking) -> str:
    """A hall of a firm, in a city with two departments."""
    setup.change_settings(con, SYSTEM, {
        "municipality": "Rivermouth", "contact_email": "office@rivermouth.example", "uses_public_from": "handed_over",
        "departments": orjson.dumps(DEPARTMENTS).decode(), "permit_kinds": orjson.dumps(KINDS).decode(),
    }, clock())  # fmt: skip
    for name, email in (("fire", "fay@fire.example"), ("noise", "noor@noise.example")):
        name_reviewer(con, SYSTEM, name, email[:3].title(), email, "en", clock())
    hall = a_space(
        name="The Fish Hall", ownership="company", consent="given", location_level="exact", owner_name="Hall Ltd",
        owner_email="olga@hall.example",
    )  # fmt: skip
    return add_space(con, SYSTEM, hall, clock())


class Town:
    """The people, their browsers and their mail."""

    def __init__(self, visit: Visit, app: Flask, server: Server) -> None:
        self.visit, self.app, self.server = visit, app, server

    def mail(self, to: str, subject: str) -> str:
        """The path of the link in the newest letter to somebody about something."""
        deliver(self.app)
        found = [each for each in self.server.letters if str(each["To"]) == to and subject in str(each["Subject"])]
        assert found, (to, subject, [(str(each["To"]), str(each["Subject"])) for each in self.server.letters])
        link = re.search(r"https://spaces\.example(/\S+)", found[-1].get_content())
        assert link, found[-1].get_content()
        return link[1]

    def count(self, to: str, subject: str) -> int:
        """How many letters somebody got about something."""
        deliver(self.app)
        return sum(str(each["To"]) == to and subject in str(each["Subject"]) for each in self.server.letters)

    def come(self, to: str, subject: str) -> Page:
        """Somebody opens the link of their letter on a phone."""
        page = self.visit(self.mail(to, subject), PHONE, forgive=("422", "409"))
        page.get_by_role("button", name="Open my page").click()
        page.wait_for_url(lambda address: "/enter/" not in address)
        return page

    def desk(self) -> Page:
        """Ilse signs in."""
        ilse = add_person(self.app)
        page = self.visit("/my/sign-in", WIDE, forgive=("422", "409"))
        page.get_by_label("E-mail address").fill(ilse.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/office/**")
        return page


@pytest.fixture
def town(visit: Visit, app: Flask, server: Server) -> Town:
    return Town(visit, app, server)


def ask(page: Page, group: str, email: str, title: str) -> None:
    """Fill in the request and confirm nothing yet."""
    page.get_by_label("What do you want to do there?").fill(title)
    page.get_by_label("What is it most of all?").select_option("workshop")
    page.get_by_label("Your name").fill(group.split()[0])
    page.get_by_label("Your e-mail").fill(email)
    page.get_by_label("Your group").fill(group)
    page.get_by_label("From which day?").fill("2027-02-01")
    page.get_by_label("Until which day?").fill("2027-07-31")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One step more")


def press(page: Page, name: str) -> None:
    """Press a button or a link of the office's page, folded away or not."""
    while (folded := page.locator(".office-side details.fold:not([open]) > summary")).count():
        folded.first.click()
    page.locator(".office-side, .page").get_by_text(re.compile(f"^{re.escape(name)}( …)?$")).first.click()


def picture(folder: Path) -> str:
    """A photo from a phone."""
    path = folder / "hall.jpg"
    Image.new("RGB", (1200, 900), (90, 120, 110)).save(path, exif=b"Exif\x00\x00")
    return str(path)


def test_seven_people_and_a_hall(
    town: Town, app: Flask, con: Connection, clock: Ticking, hall: str, tmp_path: Path
) -> None:
    # Ada asks, on her phone; Bo asks for the same days.
    phone = town.visit(f"/spaces/{hall}", PHONE)
    phone.locator(".bottom-bar").get_by_role("link", name="Ask for this space").click()
    ask(phone, "Ada’s Repair café", "ada@group.example", "Repair café")
    ada = town.visit(town.mail("ada@group.example", "your request?"), PHONE, forgive=("422", "409"))
    ada.get_by_role("button", name="Yes, send it to the city").click()
    ada.wait_for_url("**/my/permits/PM-0001")
    rival = town.visit(f"/request?space={hall}", PHONE)
    ask(rival, "Bo’s Choir", "bo@choir.example", "Choir")
    rival.goto(town.mail("bo@choir.example", "your request?"))
    rival.get_by_role("button", name="Yes, send it to the city").click()
    rival.wait_for_url("**/my/permits/PM-0002")

    # Ilse takes it up; the departments are asked; the neighbours are told.
    desk = town.desk()
    desk.goto("/office/permits/PM-0001")
    press(desk, "Take it up")
    fire = town.come("fay@fire.example", "PM-0001")
    expect(fire.get_by_text("Repair café").first).to_be_visible()
    fire.locator("input[name=verdict][value=ok_with_conditions]").check()
    fire.locator("textarea[name=text]").fill("At most forty people at once.")
    fire.get_by_role("button").last.click()
    noise = town.come("noor@noise.example", "PM-0001")
    assert not scrolls_sideways(noise)

    # The other department cannot say before it knows more: a question to Ada; the clock stands still.
    desk.goto("/office/permits/PM-0001/ask")
    desk.locator("textarea[name=question]").fill("On which evenings do you mend, and until when?")
    desk.locator("input[name=due_on]").fill("2026-12-07")
    desk.locator("form[novalidate] button.button").last.click()
    desk.wait_for_url("**/office/permits/PM-0001")
    clock.leap(date(2026, 12, 3))
    ada = town.come("ada@group.example", "question")
    ada.goto("/my/permits/PM-0001/answer")
    ada.locator("textarea[name=answer]").fill("Saturdays from ten to four, never in the evening.")
    ada.get_by_role("button").last.click()
    assert permits.get(con, "PM-0001").status == "under_review"
    con.rollback()
    noise = town.come("noor@noise.example", "PM-0001")
    noise.locator("input[name=verdict][value=ok]").check()
    noise.get_by_role("button").last.click()
    desk = sign_in_again(town)
    desk.goto("/office/permits/PM-0001")
    expect(desk.get_by_text("The clock stood still for").first).to_be_visible()

    # A neighbour comments, by the address on the sheet at the door.
    desk.goto("/office/permits/PM-0001/notice")
    desk.locator("textarea[name=text]").fill("A repair café, on Saturdays by day.")
    desk.locator("form[novalidate] button.button").last.click()
    desk.wait_for_url("**/office/permits/PM-0001")
    address = desk.get_by_role("link", name="Its page").get_attribute("href") or ""
    neighbour = town.visit(re.sub(r"^https?://[^/]+", "", address), PHONE)
    neighbour.locator("textarea[name=text]").fill("Please leave the yard gate shut.")
    neighbour.get_by_role("button", name="Send it to the city").click()
    expect(neighbour.get_by_role("status").or_(neighbour.get_by_text("Thank you")).first).to_be_visible()
    desk.goto("/office/permits/PM-0001/comments/1")
    desk.locator("textarea[name=answer]").fill("We made it a condition.")
    desk.locator("form[novalidate] button.button").last.click()

    # The owner is asked by letter, and says yes to these terms.
    desk.goto("/office/permits/PM-0001/grantor")
    desk.locator("form[novalidate] button.button").last.click()
    desk.wait_for_url("**/office/permits/PM-0001")
    press(desk, "Ask the owner by letter")
    olga = town.come("olga@hall.example", "PM-0001")
    olga.goto("/my/permits/PM-0001/assent")
    olga.locator("input[name=says][value=yes]").check()
    olga.get_by_role("button").last.click()

    # The window for neighbours is over: Ilse approves, and says no to Bo, who reads why.
    clock.leap(date(2026, 12, 14))
    desk = sign_in_again(town)
    desk.goto("/office/permits/PM-0001/approve")
    desk.locator("form button.button").last.click()
    desk.wait_for_url("**/office/permits/PM-0001")
    assert permits.get(con, "PM-0001").status == "approved"
    con.rollback()
    desk.goto("/office/permits/PM-0002/refuse")
    desk.locator("input[name=reason]").first.check()
    desk.locator("textarea[name=because]").fill("Another group has these days.")
    desk.locator("form[novalidate] button.button").last.click()
    bo = town.come("bo@choir.example", "PM-0002")
    expect(bo.get_by_text("Another group has these days.").first).to_be_visible()
    assert "Repair" not in bo.content()

    # Both sign.
    for email, name in (("ada@group.example", "Ada"), ("olga@hall.example", "Olga")):
        signing = town.come(email, "PM-0001")
        signing.goto("/my/permits/PM-0001/sign")
        signing.locator("input[name=name]").fill(name)
        signing.locator("input[name=sure]").check()
        signing.get_by_role("button", name="Sign", exact=True).click()
    assert permits.get(con, "PM-0001").status == "signed"
    con.rollback()

    # Keys, meters and a photo.
    clock.leap(date(2027, 2, 1))
    desk = sign_in_again(town)
    desk.goto("/office/permits/PM-0001/hand-over")
    desk.locator("[name='keys-0-label']").fill("Front door")
    desk.locator("[name='keys-0-count']").fill("2")
    desk.locator("[name='meters-0-kind']").select_option("power")
    desk.locator("[name='meters-0-reading']").fill("48213")
    desk.locator("input[type=file]").set_input_files(picture(tmp_path))
    desk.locator("form[novalidate] button.button").last.click()
    desk.wait_for_url("**/office/permits/PM-0001")
    assert len(agreements.handovers_of(con, "PM-0001")[0].photos) == 1
    con.rollback()
    assert desk.request.get("/office/permits/PM-0001/papers/agreement.pdf").body()[:5] == b"%PDF-"

    # The public reads of it; noise is complained of.
    public = town.visit("/uses/PM-0001", PHONE)
    expect(public.get_by_role("heading", level=1)).to_have_text("Repair café")
    public.get_by_role("link", name="Tell us of noise or other trouble").click()
    public.locator("input[name=kind][value=nuisance]").check()
    public.locator("textarea[name=text]").fill("Drilling at seven in the morning.")
    public.get_by_role("button", name="Send it to the city").click()
    public.wait_for_url("**/report/sent**")
    ada = town.come("ada@group.example", "PM-0001")
    assert "Drilling" not in ada.content()

    # Time passes: each reminder once.
    for day in (date(2027, 5, 2), date(2027, 5, 2), date(2027, 7, 1), date(2027, 7, 24)):
        clock.leap(day)
        reminding.remind_due(con, SYSTEM, clock())
        republish_due(con, SYSTEM, clock())
    reminders = [str(each["Subject"]) for each in town.server.letters if str(each["To"]) == "ada@group.example"]
    deliver(app)
    reminders = [str(each["Subject"]) for each in town.server.letters if str(each["To"]) == "ada@group.example"]
    assert len(reminders) == len(set(reminders)), reminders

    # The keys come back; what came of it is written down, and told without a private word.
    clock.leap(date(2027, 8, 1))
    desk = sign_in_again(town)
    desk.goto("/office/permits/PM-0001/hand-back")
    desk.locator("input[name=on]").fill("2027-07-31")
    desk.locator("form[novalidate] button.button").last.click()
    desk.wait_for_url("**/office/permits/PM-0001")
    desk.goto("/office/permits/PM-0001/afterlife")
    desk.locator("input[name=outcome][value=moved]").check()
    desk.locator("input[name=moved_to_text]").fill("The old school")
    desk.locator("form[novalidate] button.button").last.click()
    desk.wait_for_url("**/office/permits/PM-0001")
    public.goto("/uses/PM-0001")
    expect(public.get_by_text("It goes on elsewhere.")).to_be_visible()
    told = public.content()
    for private in ("Ada", "ada@group", "forty people", "yard gate", "Drilling", "Olga", "Hall Ltd", "48213", "Choir"):
        assert private not in told, private


def sign_in_again(town: Town) -> Page:
    """Ilse, after weeks: her session is over."""
    page = town.visit("/my/sign-in", WIDE, forgive=("422", "409"))
    page.get_by_label("E-mail address").fill("ilse@rivermouth.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/office/**")
    return page
