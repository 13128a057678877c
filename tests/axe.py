"""axe-core on pages of the browser: WCAG 2.2 A and AA and its own best practice, light and dark."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from playwright.sync_api import Page

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
_COLOURS = ["color-contrast", "link-in-text-block"]
_RUN = """async ([where, options]) => (
    await axe.run(where, {...options, resultTypes: ["violations"]})
).violations.flatMap(found => found.nodes.map(
    node => `${found.id}: ${found.help}: ${node.target}: ${node.html.slice(0, 200)}`))"""
# Marks what is drawn as nothing that was seen before, and gives how.
_LOOKS = """seen => {
    const before = new Set(seen), named = each => each.className.baseVal ?? each.className, found = new Set();
    for (const each of document.body.querySelectorAll("*")) {
        const look = `${named(each.parentElement)}>${each.tagName}.${named(each)}`;
        if (!before.has(look)) { found.add(look); each.setAttribute("data-unseen", ""); }
    }
    return [...found];
}"""


class Axe:
    """Looks at pages; at colours, which takes longest, of what is drawn as nothing that it has seen in both lights."""

    def __init__(self) -> None:
        self._drawn: set[str] = set()

    def look(self, page: Page) -> list[str]:
        """What is wrong with a page as it stands: rule, element and its first letters, one text each."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(_source())
        found = _run(page, "light", {
            "runOnly": {"type": "tag", "values": _TAGS}, "rules": {name: {"enabled": False} for name in _COLOURS},
        })  # fmt: skip
        if drawn := page.evaluate(_LOOKS, list(self._drawn)):
            self._drawn.update(drawn)
            for light in ("light", "dark"):
                found += _run(page, light, {"runOnly": {"type": "rule", "values": _COLOURS}}, "[data-unseen]")
        return found


@cache
def _source() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def _run(page: Page, light: Any, options: dict[str, Any], where: str = "html") -> list[str]:
    page.emulate_media(color_scheme=light, reduced_motion="reduce")
    return [f"{light}: {each}" for each in page.evaluate(_RUN, [where, options])]
