"""The form of one entry of a catalogue of the city: a kind of permit, a department, a condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, EmailField, StringField, TextAreaField

from tempuse.permit_kinds import ASKED, CATALOGUES
from tempuse.terms import FIELDS as TERMS
from tempuse.vocabulary import LocationLevel, OnSale, Party, Tenure
from web import database, words
from web.presenters import labels
from web.site import arguments
from web.site.forms import AtMost, Choice, Choices, Form, Needed

_ = lazy_gettext
_LABELS = {
    "name": _("Short name"), "key": _("Short name"), "title": _("What it is called"), "lead": _("What it is for"),
    "is_offered": _("Groups may ask for it"), "asks": _("What the form asks beside the five fields"),
    "departments": _("Departments that must answer"), "asked_departments": _("Departments that are asked, too"),
    "notice_days": _("Neighbours may comment for"), "parties": _("Who signs"), "decision_days": _("Decided within"),
    "aim_days": _("The city wants to decide within"), "sign_days": _("Signed within"),
    "object_days": _("The group may object for"), "longest_term_days": _("It lasts at most"),
    "conditions": _("Conditions"), "location_level": _("How precisely everybody sees the place, at most"),
    "unlisted": _("Nobody outside reads of it"), "sublets": _("Its holder gives parts of it to others"),
    "email": _("E-mail address"), "answer_days": _("Answers within"), "silence": _("No answer means"),
    "silence_days": _("Counts as no answer after"), "text": _("What it says"), "because": _("Why it is made"),
}  # fmt: skip
_HINTS = {
    "name": _("Small letters, digits and _. Permits keep it."), "key": _("Small letters, digits and _."),
    "notice_days": _("0: they are not asked."), "longest_term_days": _("Empty: as long as the space allows."),
    "email": _("It is written to while it has no reviewer."),
}  # fmt: skip
_ASKS = {
    "hours": _("Hours"), "persons": _("How many people"), "noise": _("Noise"), "insurance": _("Insurance"),
    "budget": _("Budget"), "files": _("Files"),
}  # fmt: skip
# Of the terms that a kind begins with, those that the form has; others stay as they are set.
_TERMS = ("tenure", "instrument", "insurance_required", "open_to_public", "notice_days_holder", "notice_days_grantor",
          "renew_ask_days", "on_sale")  # fmt: skip
_LONG = ("lead", "text", "because")
_PREFIX = "terms_"


class EntryForm(Form):
    """The form of one entry; fields are added by ``form_of_entry``."""

    setting = ""

    def entry(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The entry as it was written; what the form does not have stays as it was."""
        found = dict(before)
        for about in fields(CATALOGUES[self.setting]):
            if about.name == "terms":
                found["terms"] = {**before.get("terms", {}), **self._terms()}
            elif _kind(about) == "words":
                written = {code: _tidy(self[f"{about.name}_{code}"].data) for code in database.settings().languages}
                found[about.name] = {**before.get(about.name, {}), **written}
                found[about.name] = {code: said for code, said in found[about.name].items() if said}
            else:
                found[about.name] = self._value(about)
        return found

    def _value(self, about: Field[Any]) -> Any:
        data = self[about.name].data
        kind = _kind(about)
        if kind == "flag":
            return bool(data)
        if kind == "list":
            return list(data or ())
        if kind == "days":
            return None if not (data or "").strip() and about.default is None else _days(data)
        return _tidy(data) or (None if about.default is None else "")

    def _terms(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in _TERMS:
            data = self[f"{_PREFIX}{name}"].data
            if TERMS[name]["kind"] == "whole":
                found[name] = _days(data)
            else:
                found[name] = bool(data) if TERMS[name]["kind"] == "flag" else _tidy(data) or None
        return found


def _tidy(written: str | None) -> str:
    return " ".join((written or "").split())


def _days(written: str | None) -> Any:
    """A whole number; what is none is kept as it was written, and refused by the register."""
    number = arguments.whole({"n": written or ""}, "n", 0, 10**6, None)  # type: ignore[arg-type]
    return (written or "").strip() if number is None else number


def _kind(about: Field[Any]) -> str:
    if about.default is MISSING and about.default_factory is not MISSING:
        return "words"
    if isinstance(about.default, bool):
        return "flag"
    if isinstance(about.default, tuple):
        return "list"
    return "days" if isinstance(about.default, int) or about.name == "longest_term_days" else "text"


def form_of_entry(setting: str, entry: Mapping[str, Any]) -> EntryForm:
    """The form of an entry, filled with what is set."""
    made: dict[str, Any] = {"setting": setting}
    values: dict[str, Any] = {}
    what = CATALOGUES[setting]
    for about in fields(what):
        held = entry.get(about.name, _usual(about))
        if about.name == "terms":
            for name in _TERMS:
                made[f"{_PREFIX}{name}"] = _of_terms(name)
                usual = TERMS[name].get("default", entry.get("terms", {}).get(name))
                value = entry.get("terms", {}).get(name, usual)
                values[f"{_PREFIX}{name}"] = str(value) if isinstance(value, int) and value is not True else value
            continue
        if _kind(about) == "words":
            for code in database.settings().languages:
                said = f"{_LABELS[about.name]} ({words.NAMES.get(code, code)})"
                made[f"{about.name}_{code}"] = (TextAreaField if about.name in _LONG else StringField)(
                    said, validators=[AtMost(1000)]
                )
                values[f"{about.name}_{code}"] = held.get(code, "")
            continue
        made[about.name] = _input(about)
        values[about.name] = list(held) if _kind(about) == "list" else str(held) if _is_number(held) else held
    form: EntryForm = type("EntryForm", (EntryForm,), made)(data=values)
    return form


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _usual(about: Field[Any]) -> Any:
    if about.default_factory is not MISSING:
        return about.default_factory()
    return "" if about.default is MISSING else about.default


def _input(about: Field[Any]) -> Any:
    options: dict[str, Any] = {"description": _HINTS.get(about.name, "")}
    label, kind = _LABELS[about.name], _kind(about)
    if kind == "flag":
        return BooleanField(label, **options)
    if kind == "list":
        return Choices(label, choices=_choices(about.name), strict=False, **options)
    if kind == "days":
        return StringField(label, render_kw={"inputmode": "numeric"}, **options)
    if about.name == "silence":
        said = [("blocks", gettext("We wait for it")), ("no_concern", gettext("It has no concern"))]
        return Choice(label, choices=said, **options)
    if about.name == "location_level":
        return Choice(label, choices=labels.choices(LocationLevel, empty=gettext("As its spaces")), look="list")
    if about.name == "email":
        return EmailField(label, validators=[AtMost(254)], **options)
    return StringField(label, validators=[Needed(), AtMost(40)], **options)


def _choices(name: str) -> list[tuple[str, ...]]:
    settings, language = database.settings(), words.locale().language
    if name == "asks":
        return [(each, str(_ASKS[each])) for each in ASKED]
    if name == "parties":
        return labels.choices(Party)
    held = settings.city_conditions if name == "conditions" else settings.departments
    key, text = ("key", "text") if name == "conditions" else ("name", "title")
    return [(str(each[key]), each.get(text, {}).get(language) or str(each[key])) for each in held]


def _of_terms(name: str) -> Any:
    label = lazy_gettext(TERMS[name]["word"])
    if name in ("tenure", "on_sale"):
        return Choice(label, choices=labels.choices(Tenure if name == "tenure" else OnSale), look="list")
    if TERMS[name]["kind"] == "flag":
        return BooleanField(label)
    kw = {"inputmode": "numeric"} if TERMS[name]["kind"] == "whole" else {}
    return StringField(label, validators=[AtMost(200)], render_kw=kw)
