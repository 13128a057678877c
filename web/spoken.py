"""Sentences from message ids in a language by its code, whoever reads: for the terminal, files and mail.

Without Flask: whoever asks nothing over HTTP need not load it. What a request says is in ``words``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

from tempuse.errors import TempuseError
from tempuse.spaces import FIELDS
from tempuse.vocabulary import Deed, Named, Term
from web.messages import MESSAGES, VERBS

FOLDER = Path(__file__).parent / "translations"
NAMES = {"en": "English", "nl": "Nederlands"}
Say = Callable[[str], str]
# Values of the field that the value beside them, ``field``, names. Where issues are kept, they are kept as text.
_OF_THE_FIELD = ("taken", "ours")


def in_language(message: str, values: Mapping[str, Any] | None = None, language: str = "en") -> str:
    """The sentence of a message id in a language by its code.

    Raises:
        KeyError: nobody wrote words for this id; a test keeps that from happening.
    """
    return said(message, values or {}, catalogue(language).gettext)


def error_in_english(error: TempuseError) -> str:
    """What an error says outside a request, with each of its issues on a line of its own."""
    lines = [in_language(error.message, error.values)]
    for issue in getattr(error, "issues", [])[:20]:
        about = in_language(issue.message, {"value": issue.value, **issue.values})
        if about != lines[0]:
            lines.append(f"  {issue.field}: {about}" if issue.field else f"  {about}")
    return "\n".join(lines)


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into a language; English needs none."""
    return NullTranslations() if language == "en" else Translations.load(FOLDER, [language])


def said(message: str, values: Mapping[str, Any], say: Say, day: Callable[[date], str] = str) -> str:
    """The sentence of a message id; ``say`` translates, ``day`` writes days."""
    about: Mapping[str, Any] = FIELDS.get(str(values.get("field")), {})
    terms = {name: _as_terms(value, about) for name, value in values.items() if name in _OF_THE_FIELD}
    shown_values = {name: shown(value, say, day) for name, value in {**values, **terms}.items()}
    return say(MESSAGES[message]).format(**shown_values)


def _as_terms(value: Any, about: Mapping[str, Any]) -> Any:
    kind = about.get("of")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value / 100:.2f}".removesuffix(".00") if about.get("unit") == "cents" else f"{value:g}"
    if kind is not None and isinstance(value, (list, tuple)):
        return [_as_terms(each, about) for each in value]
    return kind(value) if kind is not None and value in set(kind) else value


def shown(value: Any, say: Say, day: Callable[[date], str] = str) -> str:
    """A value within a sentence. Codes of ours that bear their words are said in words."""
    if isinstance(value, (Term, Named)):
        return lower_first(say(value.label))
    if isinstance(value, Deed):
        verb = VERBS.get(value.noun, {}).get(value)
        return lower_first(say(verb.button)) if verb is not None else str(value)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(shown(each, say, day) for each in value)
    return day(value) if isinstance(value, date) else str(value)


def lower_first(text: str) -> str:
    """A word or a label within a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
