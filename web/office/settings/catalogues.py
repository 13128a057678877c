"""The city's catalogues in the settings: kinds of permits, departments, conditions; a list, and a form for an entry."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse.errors import Invalid, NotFound
from tempuse.permit_kinds import CATALOGUES, said
from tempuse.registry import permit_catalogues as registry
from tempuse.registry.permit_catalogues import NAMED_BY
from tempuse.vocabulary import Permission
from web import database, words
from web.office.blueprint import office
from web.office.settings.catalogue_forms import EntryForm, form_of_entry

_EDIT = Permission.SETTINGS_EDIT
_TITLES = {
    "permit_kinds": lazy_gettext("Kinds of permits"),
    "departments": lazy_gettext("Departments"),
    "city_conditions": lazy_gettext("Conditions"),
}
_LEADS = {
    "permit_kinds": lazy_gettext("What groups can ask for. Without any, there is one: temporary use."),
    "departments": lazy_gettext("Who is asked about requests. A kind of permit says which."),
    "city_conditions": lazy_gettext("What holders keep to. A kind of permit says which; a permit may have others."),
}
_SAYS = {"permit_kinds": "title", "departments": "title", "city_conditions": "text"}


def listed() -> list[tuple[str, str, str, int]]:
    """The catalogues: name, title, lead, and how many entries each has."""
    held = database.settings()
    return [(name, str(title), str(_LEADS[name]), len(getattr(held, name))) for name, title in _TITLES.items()]


def _known(setting: str) -> None:
    if setting not in CATALOGUES:
        raise NotFound("setting.unknown", name=setting)


@office.get("/settings/catalogues/<setting>", _EDIT, endpoint="setting_catalogue")
def catalogue(setting: str) -> str:
    """The entries of one catalogue, and the examples that are not among them."""
    _known(setting)
    held, key, language = registry.entries(database.connection(), setting), NAMED_BY[setting], words.locale().language
    there = {each[key] for each in held}
    examples = [
        (name, said(each["permit_kind"]["title"], language), said(each["permit_kind"]["lead"], language))
        for name, each in registry.examples().items() if setting == "permit_kinds" and name not in there
    ]  # fmt: skip
    shown = [(str(each[key]), said(each.get(_SAYS[setting], {}), language) or str(each[key])) for each in held]
    return render_template(
        "office/settings/catalogue.html", setting=setting, title=str(_TITLES[setting]), lead=str(_LEADS[setting]),
        entries=shown, examples=examples,
    )  # fmt: skip


def _save(form: EntryForm, setting: str, before: dict[str, Any], instead_of: str) -> bool:
    """Whether the entry was taken; what does not fit is said beside its field."""
    try:
        registry.put_entry(
            database.idle(), g.actor, setting, form.entry(before), database.now(), instead_of=instead_of
        )  # fmt: skip
    except Invalid as error:
        for issue in error.issues:
            field = str(issue.values.get("field", ""))
            inputs = [each.name for each in form.inputs()]
            found = next(
                (name for name in inputs if name in (field, f"terms_{field}") or name.startswith(f"{field}_")), ""
            )
            form.say(found, gettext("This does not fit.") if found else words.issue_sentence(issue))
        return False
    return True


@office.route(
    "/settings/catalogues/<setting>/new", _EDIT, endpoint="setting_entry_new", methods=["GET", "POST"]
)  # fmt: skip
def new(setting: str) -> ResponseReturnValue:
    """One entry more."""
    _known(setting)
    form = form_of_entry(setting, {})
    if form.validate_on_submit() and _save(form, setting, {}, ""):
        flash(gettext("Saved."))
        return redirect(url_for(".setting_catalogue", setting=setting))
    return form.page("office/settings/entry.html", setting=setting, title=str(_TITLES[setting]), name="")


@office.route(
    "/settings/catalogues/<setting>/<name>", _EDIT, endpoint="setting_entry", methods=["GET", "POST"]
)  # fmt: skip
def edit(setting: str, name: str) -> ResponseReturnValue:
    """Change one entry."""
    _known(setting)
    held = registry.entries(database.connection(), setting)
    before = next((each for each in held if each.get(NAMED_BY[setting]) == name), None)
    if before is None:
        raise NotFound("setting.no_entry", name=name)
    form = form_of_entry(setting, before)
    if form.validate_on_submit() and _save(form, setting, before, name):
        flash(gettext("Saved."))
        return redirect(url_for(".setting_catalogue", setting=setting))
    return form.page("office/settings/entry.html", setting=setting, title=str(_TITLES[setting]), name=name)


@office.post("/settings/catalogues/<setting>/<name>/remove", _EDIT, endpoint="setting_entry_remove")
def remove(setting: str, name: str) -> ResponseReturnValue:
    """Take one entry out."""
    registry.remove_entry(database.idle(), g.actor, setting, name, database.now())
    flash(gettext("Taken out."))
    return redirect(url_for(".setting_catalogue", setting=setting))


@office.post("/settings/examples/<name>", _EDIT, endpoint="setting_example")
def take_example(name: str) -> ResponseReturnValue:
    """Take over an example."""
    registry.take_example(database.idle(), g.actor, name, database.now())
    flash(gettext("Taken over. Change what is otherwise with you."))
    return redirect(url_for(".setting_catalogue", setting="permit_kinds"))
