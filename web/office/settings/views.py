"""What the city sets: read on one page, changed section by section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from tempuse import colour
from tempuse.errors import Invalid
from tempuse.registry import letters as registry
from tempuse.registry import setup
from tempuse.registry.settings_effect import effect_of_settings
from tempuse.settings import Settings, parse
from tempuse.store import letters as letter_rows
from tempuse.store import people, spaces
from tempuse.store.spaces import SpaceFilter
from tempuse.vocabulary import Permission
from web import database, tasks, words
from web.letters import writing
from web.office.blueprint import office
from web.office.menu import Room
from web.office.settings import catalogues, weighing
from web.office.settings.forms import SectionForm, form_of
from web.office.settings.parts import Setting
from web.office.settings.sections import BY_KEY, SECTIONS
from web.site import logo

ROOM = Room(70, "office.settings", lazy_gettext("Settings"), Permission.SETTINGS_READ)

# Settings that decide what people see are asked once more, with what they would do.
ASKED = {"publication": lazy_gettext("Change what is public"), "weights": lazy_gettext("Weigh anew")}
# So many spaces are published anew within a request: about two seconds.
AT_ONCE = 5000


@office.get("/settings", Permission.SETTINGS_READ)
def settings() -> str:
    """Everything that is set, in words."""
    held = database.settings()
    return render_template(
        "office/settings/index.html",
        sections=SECTIONS,
        catalogues=catalogues.listed(),
        told=lambda setting: in_words(setting, getattr(held, setting.name)),
        letters=letter_rows.tally(database.connection()),
        has_server=writing.has_server(),
    )


@office.route("/settings/<key>", Permission.SETTINGS_EDIT, endpoint="setting_section", methods=["GET", "POST"])
def section(key: str) -> ResponseReturnValue:
    """Change the settings of one section."""
    if key not in BY_KEY:
        abort(404)
    held, about = database.settings(), BY_KEY[key]
    form = form_of(about, held)
    if (taken := request.form.get("take")) and colour.is_hex(taken):
        form.accent.data = taken
    if form.validate_on_submit():
        texts = form.texts()
        if form.check(texts) and _take_logo(form, texts):
            differ = _differing(texts, held)
            if key in ASKED and differ and request.form.get("sure") != "yes" and (told := _effect(key, differ, held)):
                return render_template(
                    "office/settings/confirm.html", section=about, texts=texts, told=told, button=str(ASKED[key]),
                    changed=[(each, in_words(each, _value(each.name, texts))) for each in about.settings
                             if each.name in differ],
                )  # fmt: skip
            if setup.PUBLISHING & set(differ) and spaces.count(database.connection(), SpaceFilter()) > AT_ONCE:
                change_later.later(g.person.ref, differ)
                flash(gettext("This takes a while, because every space is published anew. You can go on meanwhile."))
                return redirect(url_for(".settings"))
            _say_saved(differ, held, setup.change_settings(database.idle(), g.actor, differ, database.now()))
            return redirect(url_for(".settings"))
    accent_now = preview(form.accent.data) if "accent" in form else None
    return form.page("office/settings/section.html", section=about, accent=accent_now)


def _say_saved(differ: Mapping[str, str], before: Settings, after: Settings) -> None:
    """That it was saved; and what came with a country, which nobody typed."""
    came = [
        getattr(after, name) for name in ("currency", "national_crs")
        if name not in differ and getattr(after, name) != getattr(before, name)
    ]  # fmt: skip
    flash(gettext("Saved."))
    if came:
        flash(gettext("With the country came: %(these)s.", these=", ".join(came)))


def _effect(key: str, differ: dict[str, str], held: Settings) -> list[tuple[str, bool]]:
    """What the changes would do, in sentences, each with whether it changes something; empty for nothing."""
    if key == "weights":
        return weighing.effect(held, differ)
    effect = effect_of_settings(database.idle(), g.actor, differ, database.now())
    if not effect.changes_something:
        return []
    vanish, appear, coarser, finer = effect.vanish, effect.appear, effect.coarser, effect.finer
    told = (
        (vanish, ngettext("%(num)s space will no longer be public.",
                          "%(num)s spaces will no longer be public.", vanish)),
        (appear, ngettext("%(num)s space will become public.", "%(num)s spaces will become public.", appear)),
        (coarser, ngettext("Everybody will see less precisely where %(num)s space lies.",
                           "Everybody will see less precisely where %(num)s spaces lie.", coarser)),
        (finer, ngettext("Everybody will see more precisely where %(num)s space lies.",
                         "Everybody will see more precisely where %(num)s spaces lie.", finer)),
    )  # fmt: skip
    same = ngettext("For %(num)s space nothing changes.", "For %(num)s spaces nothing changes.", effect.same)
    return [*((text, True) for count, text in told if count), (same, False)]


@tasks.job
def change_later(person_ref: str, changes: dict[str, str]) -> None:
    """Change settings that publish a large register anew, in a worker."""
    actor = people.get(database.connection(), person_ref).actor()
    setup.change_settings(database.idle(), actor, changes, database.now())


def _value(name: str, texts: dict[str, str]) -> Any:
    return parse(name, texts[name])


def _differing(texts: dict[str, str], held: Settings) -> dict[str, str]:
    return {name: text for name, text in texts.items() if _value(name, texts) != getattr(held, name)}


def _take_logo(form: SectionForm, texts: dict[str, str]) -> bool:
    """The logo as a setting, when one was sent or is to go; whether it could be taken."""
    if "logo" not in form:
        return True
    file = form.logo.data
    if form.no_logo.data:
        texts["logo"] = ""
    elif file and file.filename:
        try:
            texts["logo"] = logo.keep(file.read(logo.LARGEST + 1))
        except Invalid as error:
            form.say("logo", words.error_sentence(error))
            return False
    return True


def preview(text: str | None) -> dict[str, Any]:
    """An accent colour as it would look, and whether words in it can be read."""
    accent = (text or "").strip().lower()
    if not colour.is_hex(accent):
        return {"accent": accent, "is_colour": False}
    readable = colour.is_readable(accent)
    shades = colour.shades(accent)
    return {
        "accent": accent, "is_colour": True, "readable": readable, "shades": shades,
        "better": None if readable else colour.readable(accent),
    }  # fmt: skip


@office.get("/settings/accent", Permission.SETTINGS_EDIT, endpoint="setting_accent")
def accent() -> str:
    """The preview alone, while somebody chooses."""
    return render_template("office/_accent.html", accent=preview(request.args.get("accent")))


@office.post("/settings/letters/again", Permission.SETTINGS_EDIT, endpoint="setting_letters")
def letters_again() -> ResponseReturnValue:
    """Send the letters that were given up, or held since the register was brought back."""
    count = registry.send_letters_again(database.idle(), g.actor, database.now())
    flash(gettext("%(num)s letters are on their way again.", num=words.figure(count)))
    return redirect(url_for(".settings"))


def in_words(setting: Setting, value: Any) -> str:
    """A setting's value as the overview shows it."""
    if value in ("", ()):
        return ""
    if isinstance(value, Mapping):
        return weighing.in_words(value)
    if setting.choices:
        names = {choice[0]: str(choice[1]) for choice in setting.choices()}
        return ", ".join(names.get(str(each), str(each)) for each in (value if isinstance(value, tuple) else (value,)))
    return f"{words.figure(value)} {setting.unit}".strip() if isinstance(value, int) else str(value)
