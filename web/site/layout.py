"""What every page shares: addresses of other rooms, languages, and the city's own colours."""

from __future__ import annotations

from datetime import date

from flask import Flask, request
from flask_babel import gettext

from tempuse import colour, marks
from tempuse.settings import Settings
from web import database, words

DEFAULT_ACCENT = Settings().accent


def here() -> str:
    """The address of this page within this app, with its question."""
    return request.full_path.rstrip("?")


def other_languages() -> list[tuple[str, str]]:
    """The languages that the reader may turn to: code and name in that language."""
    spoken = words.locale().language
    return [(code, words.NAMES[code]) for code in database.settings().languages if code != spoken]


def sender() -> str:
    """Who speaks on these pages: the city, or the site where no city is set."""
    settings = database.settings()
    if settings.municipality:
        return gettext("City of %(name)s", name=settings.municipality)
    return settings.site_name


def theme() -> str:
    """CSS that puts the city's accent in place of ours, light and dark; empty when it is ours."""
    accent = database.settings().accent
    if accent.lower() == DEFAULT_ACCENT or not colour.is_hex(accent):
        return ""
    shades = colour.shades(accent)
    brand = shades["brand-bg"]
    light = {
        **{name: shades[name] for name in ("accent", "accent-deep", "accent-tint", "on-accent", "brand-bg")},
        "brand-soft": colour.mix(colour.PAPER, brand, 0.8),
    }
    dark = {
        "accent": shades["night-accent"],
        "accent-deep": shades["night-accent-deep"],
        "accent-tint": shades["night-accent-tint"],
        "on-accent": colour.mix(shades["night-accent"], "#000000", 0.12),
        "brand-bg": colour.mix(brand, "#000000", 0.55),
        "brand-soft": colour.mix(colour.PAPER, brand, 0.7),
    }
    night = f"@media screen and (prefers-color-scheme:dark){{:root:not(.printing){{{_css(dark)}}}}}"
    return f":root{{{_css(light)}}}{night}"


def _css(tokens: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in tokens.items())


def today() -> date:
    """The day it is in the city, for the printed page."""
    return database.today()


def init_app(app: Flask) -> None:
    """Give the templates what they share."""
    app.jinja_env.globals.update(
        here=here,
        mark_shapes=marks.SHAPES,
        other_languages=other_languages,
        sender=sender,
        theme=theme,
        today=today,
        settings=database.settings,
    )
