"""The form of one section of the settings, made from its list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField

from tempuse import weights
from tempuse.settings import LANGUAGES, NAMES, Settings, parse
from web.office.settings.choices import languages
from web.office.settings.parts import Section
from web.site.forms import AtMost, Choice, Form

LONGEST = 1000


class SectionForm(Form):
    """The form of one section; fields are added by ``form_of``."""

    def texts(self) -> dict[str, str]:
        """What was chosen, as the texts that the registry takes; the logo apart."""
        found: dict[str, str] = {}
        for name in (each.name for each in self if each.name in NAMES and each.type != "FileField"):
            value = self[name].data
            found[name] = ",".join(self._ordered(value)) if isinstance(value, list) else str(value or "").strip()
        return found

    def _ordered(self, chosen: list[str]) -> list[str]:
        first = self["first_language"].data
        return sorted(chosen, key=lambda code: (code != first, LANGUAGES.index(code)))

    def check(self, texts: Mapping[str, str]) -> bool:
        """Put beside each field what does not fit; whether all fit."""
        for name, text in texts.items():
            with self.saying():
                parse(name, text)
        return not self.mending()


def _as_text(value: object) -> object:
    """A number as an input holds it: what a form leaves out stays as it is, and has a length like what it sends."""
    if isinstance(value, Mapping):
        return weights.text_of(value)
    return str(value) if isinstance(value, int) else value


def form_of(section: Section, held: Settings) -> SectionForm:
    """The form of a section, filled with what is set."""
    fields: dict[str, Any] = {}
    for setting in section.settings:
        options: dict[str, Any] = {"description": setting.hint}
        if setting.choices:
            held_value = getattr(held, setting.name)
            options["choices"] = setting.choices()
            if isinstance(held_value, str) and held_value not in {each[0] for each in options["choices"]}:
                options["choices"] = [*options["choices"], (held_value, held_value)]  # set elsewhere: it stays
            if setting.look:
                options["look"] = setting.look
        elif setting.kind is not FileField:
            options["validators"] = [AtMost(LONGEST)]
            if setting.known:
                options["render_kw"] = {"list": f"{setting.name}-known"}
        fields[setting.name] = setting.kind(setting.label, **options)
    if "languages" in fields:
        fields["first_language"] = Choice(
            lazy_gettext("First language"),
            choices=languages(),
            look="list",
            description=lazy_gettext("For readers whose browser asks for none of them."),
        )
    if "logo" in fields:
        fields["no_logo"] = BooleanField(lazy_gettext("Use no logo"))
    values = {name: _as_text(getattr(held, name)) for name in section.names if name != "logo"}
    if "languages" in values:
        values |= {"languages": list(held.languages), "first_language": held.languages[0]}
    made: SectionForm = type("SectionForm", (SectionForm,), fields)(data=values)
    return made
