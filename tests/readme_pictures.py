"""The README's two pictures of the demo's town: ``python -m tests.readme_pictures`` makes them anew."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tempuse.store.engine import Register
from tests import demos
from tests.browser import CHROMIUM, FLAGS, WIDE, live
from tests.large import NOW
from web import create_app

FOLDER = Path(__file__).resolve().parents[1] / "data" / "pictures"
_QUALITY = 80


class Shown(NamedTuple):
    """One picture: its file, and what is looked at."""

    name: str
    path: str
    there: str


PICTURES = (
    Shown("map.webp", "/", ".leaflet-marker-icon"),
    Shown(
        "match.webp", "/match?use=workshop&m2=100-150&has=power,toilets,step_free_access&from=2027-03-01&for=12m",
        ".match-card",
    ),
)  # fmt: skip


def take(register: Register, browser: Browser, folder: Path) -> list[Path]:
    """Take the pictures of a register of the demo's town; their paths.

    Args:
        register: an open one.
        browser: a browser.
        folder: where they go.
    """
    app = create_app(register, {"RATELIMIT_ENABLED": False}, clock=lambda: NOW)
    made = []
    with live(app) as site:
        page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}, base_url=site, locale="en-GB")
        for each in PICTURES:
            page.goto(each.path, wait_until="networkidle")
            page.locator(each.there).first.wait_for()
            with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as shot:
                shot.convert("RGB").save(folder / each.name, quality=_QUALITY, method=6)
            made.append(folder / each.name)
        page.close()
    return made


def main() -> None:
    """Make them in their place."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        demos.make(folder / "demo.gpkg", folder / "home")
        register = demos.opened(folder / "demo.gpkg", folder / "home")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        FOLDER.mkdir(exist_ok=True)
        take(register, browser, FOLDER)
        browser.close()
        register.close()


if __name__ == "__main__":
    main()
