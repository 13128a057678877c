"""A real browser before a live app: fixtures ``site``, ``visit`` and ``page``.

``site`` serves the fixture ``app`` (so: a fresh register, on each engine) and is its address. ``visit`` opens a
page of it, in any size, light or dark, with or without JavaScript. ``page`` is ``visit()`` at 1280 x 800.
Whatever the browser complains about, and every request that would leave this machine, fails the test.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.missing import missing

# Chromium without windows where it is: a page that is opened costs it a third.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next((path for path in (f"/usr/bin/{name}" for name in _NAMES) if Path(path).exists()), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, PHONE, SMALL = (1280, 800), (390, 844), (320, 640)
Visit = Callable[..., Page]


class _Handler(WSGIRequestHandler):
    timeout = 10  # seconds that a browser may keep a connection without a question


@contextlib.contextmanager
def live(app: Flask) -> Iterator[str]:
    """The address at which an app is served while the block runs, by a thread of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
    server.daemon_threads = False  # so that the end waits for answers under way, and for their connections
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for all tests."""
    if CHROMIUM is None:
        missing("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the live app."""
    with live(app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Open a page of the site: ``visit("/find", size=PHONE, dark=True, javascript=False, forgive=("404",))``.

    ``forgive`` names parts of complaints that the test means to cause.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(
        path: str = "/", size: tuple[int, int] = WIDE, *, dark: bool = False, javascript: bool = True,
        forgive: tuple[str, ...] = (), **more: Any,
    ) -> Page:  # fmt: skip
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            base_url=site,
            locale=more.pop("locale", "en-GB"),
            **more,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()

        def complain(text: str) -> None:
            if not any(part in text for part in forgive):
                complaints.append(text)

        page.on("console", lambda said: complain(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("request", lambda asked: complain(f"left: {asked.url}") if not _is_here(asked.url, site) else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, complaints


def _is_here(url: str, site: str) -> bool:
    return url.startswith((site + "/", "data:", "blob:", "about:"))


@pytest.fixture
def page(visit: Visit) -> Page:
    """The home page, wide and light."""
    return visit()


def closer(page: Page, x: float, y: float, steps: int = 4) -> None:
    """Zoom the page's map in towards a point of it, from the whole town, as somebody does who looks for a house."""
    box = page.locator(".leaflet-container").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + x, box["y"] + y)
    for _ in range(steps):
        page.mouse.wheel(0, -120)
        page.wait_for_timeout(400)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
