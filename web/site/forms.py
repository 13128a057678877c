"""What every form shares: our words for what does not fit, issues beside their fields, a summary above.

Rules live below floor 6; a form only says where something is missing before a use case is asked, and shows the
issues that come back. Templates draw fields with ``_forms.html``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError
from wtforms.validators import DataRequired

from tempuse.errors import Issue
from web import words

# What WTForms says, and what we say instead; anything else becomes the last of them.
_SAID = {
    "This field is required.": lazy_gettext("This is needed."),
    "Not a valid choice.": lazy_gettext("This is not one of the choices."),
    "'%(value)s' is not a valid choice for this field.": lazy_gettext("This is not one of the choices."),
    "'%(value)s' are not valid choices for this field.": lazy_gettext("These are not among the choices."),
    "Not a valid integer value.": lazy_gettext("Write a whole number, like 12."),
    "Not a valid decimal value.": lazy_gettext("Write a number, like 12.5."),
    "Not a valid float value.": lazy_gettext("Write a number, like 12.5."),
    "Not a valid date value.": lazy_gettext("Write a day, like 2027-03-01."),
}
_OTHERWISE = lazy_gettext("This does not fit.")


class _Words:
    """Stands where WTForms looks for its translations."""

    def gettext(self, text: str) -> str:
        return str(_SAID.get(text, _OTHERWISE))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return str(_SAID.get(one, _OTHERWISE))


class Form(FlaskForm):  # type: ignore[misc]
    """A form that speaks our words; its token against forged requests is Flask-WTF's."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How fields of this form speak."""

        def get_translations(self, form: Any) -> _Words:
            """Our words for WTForms' own sentences."""
            return _Words()

    def take_issues(self, issues: Iterable[Issue], renamed: dict[str, str] | None = None) -> None:
        """Put what a use case found beside the fields it is about; what has no field stands above the form.

        Args:
            issues: from an ``Invalid`` error.
            renamed: this form's names of fields that the issues name otherwise.
        """
        for issue in issues:
            name = (renamed or {}).get(issue.field, issue.field)
            if name in self._fields:
                self.say(name, words.issue_sentence(issue))
            else:
                self.form_errors.append(words.issue_sentence(issue))

    def say(self, name: str, said: str) -> None:
        """Say what is wrong with one field."""
        field = self._fields[name]
        field.errors = [*field.errors, said]

    def mending(self) -> list[tuple[str, str]]:
        """Everything there is to mend, in the form's order: pairs of an input's id and the sentence."""
        first = next(iter(field.id for field in self if field.type not in ("HiddenField", "CSRFTokenField")), "main")
        return [
            *((first, str(said)) for said in self.form_errors),
            *((field.id, str(said)) for field in self for said in list(field.errors)[:1]),
        ]


class Needed(DataRequired):  # type: ignore[misc]
    """The field may not stay empty; blanks are empty."""

    def __init__(self, said: str | None = None) -> None:
        super().__init__(said or lazy_gettext("This is needed."))


class AtMost:
    """The text may not be longer than so many letters."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse a longer text."""
        if field.data and len(field.data) > self.most:
            raise ValidationError(
                gettext("This is longer than %(most)s characters. Please shorten it.", most=words.figure(self.most))
            )


class Choice(StringField):  # type: ignore[misc]
    """One of several values, each with its words and perhaps a hint, drawn as radios or as a list.

    Our own, because WTForms' keeps changing what a choice is. ``choices`` may be set after the form was made.
    """

    def __init__(
        self, label: Any = None, choices: Sequence[tuple[Any, ...]] = (), look: str = "radios", **options: Any
    ):
        super().__init__(label, **options)
        self.choices = choices
        self.look = look

    def pre_validate(self, form: Form) -> None:
        """Only what was offered."""
        if self.data not in {choice[0] for choice in self.choices}:
            raise ValidationError(gettext("This is not one of the choices."))


class Choices(Field):  # type: ignore[misc]
    """Any number of several values, each with a box to tick; ``data`` is a list."""

    def __init__(self, label: Any = None, choices: Sequence[tuple[Any, ...]] = (), **options: Any) -> None:
        super().__init__(label, **options)
        self.choices = choices

    def process_formdata(self, valuelist: list[str]) -> None:
        """What was ticked, in the order of the choices."""
        self.data = [choice[0] for choice in self.choices if choice[0] in valuelist]


def is_sent_by_us(request_headers: Callable[[str], str | None], host: str) -> bool:
    """Whether a browser says that one of our own pages sent this form.

    Browsers send ``Origin`` with each POST (Fetch standard, 3.2); older ones at least ``Referer``. When neither
    is there, it was not a page of ours.
    """
    origin = request_headers("Origin")
    if origin is None:
        referer = request_headers("Referer") or ""
        origin = "/".join(referer.split("/")[:3])
    return origin.split("://")[-1] == host
