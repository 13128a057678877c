"""Forms of a page as a browser would send them: what stands in each field, to be changed and sent."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

Values = dict[str, Any]


class _Reader(HTMLParser):
    """Collects the fields of every form: texts, chosen options, ticked boxes; buttons are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[dict[str, str], Values]] = []
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self._textarea = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            self.forms.append((about, {}))
        elif tag == "input" and "name" in about:
            if about.get("type") in ("checkbox", "radio") and "checked" not in about:
                return
            self._add(about["name"], about.get("value", "on" if about.get("type") == "checkbox" else ""))
        elif tag == "textarea":
            self._textarea, self._text = about.get("name", ""), ""
        elif tag == "select":
            self._select, self._options = about.get("name", ""), []
        elif tag == "option" and self._select:
            self._options.append((about.get("value", ""), "selected" in about))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            self._add(self._textarea, self._text.removeprefix("\n").replace("\n", "\r\n"))
            self._textarea = ""
        elif tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            self._add(self._select, chosen[0] if chosen else self._options[0][0])
            self._select = ""

    def _add(self, name: str, value: str) -> None:
        values = self.forms[-1][1] if self.forms else {}
        held = values.get(name)
        values[name] = value if held is None else [*held, value] if isinstance(held, list) else [held, value]


def forms_of(html: str) -> list[tuple[dict[str, str], Values]]:
    """Every form of a page: what its tag says, and its fields."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def form_of(html: str, holding: str) -> Values:
    """The form of a page that has a field of this name."""
    return next(values for _, values in forms_of(html) if holding in values)


def send(client: FlaskClient, page: str, holding: str, changes: Values, to: str = "") -> Any:
    """Open a page, change some fields of a form, send it."""
    values = form_of(client.get(page).text, holding)
    return client.post(to or page, data={**values, **changes}, headers={"Origin": "http://localhost"})
