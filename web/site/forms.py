"""What every form shares: our words for what does not fit, issues beside their fields, refusals above them.

Rules live below floor 6; a form only says where something is missing before a use case is asked, and shows the
issues that come back. A view that takes a form is written one way:

    if form.validate_on_submit():
        with form.saying():
            registry.add_thing(...)
            return redirect(...)
    return form.page("things/new.html")

Templates draw the form with ``_forms.html``.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import render_template, request
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, StringField, ValidationError
from wtforms.validators import DataRequired
from wtforms.widgets import DateInput

from tempuse.errors import Conflict, Invalid, Issue, NotFound, TempuseError, WrongState
from web import words
from web.site import arguments
from web.site.errors import status_of

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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.refusals: list[str] = []
        self._refused = 0

    def validate_on_submit(self, *args: Any, **options: Any) -> bool:
        """Whether the form was sent and fits; not where somebody takes up what they had typed and left (draft.js)."""
        return request.form.get("do") != "take" and super().validate_on_submit(*args, **options)

    @contextlib.contextmanager
    def saying(
        self, beside: Mapping[type[TempuseError], str | Issue] | None = None, refusal: str = ""
    ) -> Iterator[None]:
        """Say in this form why a use case did not do what was asked; other errors have pages of their own.

        What is ``Invalid`` stands beside its fields, a refusal (``Conflict``, ``NotFound``, ``WrongState``) above them.

        Args:
            beside: the field that an error of a kind is about, where it can be mended there; an Issue has other
                words for it, too.
            refusal: what to say of a refusal instead of its own sentence.
        """
        try:
            yield
        except TempuseError as error:
            about = next((about for kind, about in (beside or {}).items() if isinstance(error, kind)), None)
            if isinstance(about, Issue):
                self.take_issues([about])
            elif about is not None:
                self.say(about, words.error_sentence(error))
            elif isinstance(error, Invalid) and error.issues:
                self.take_issues(error.issues)
            elif isinstance(error, Invalid):
                self.form_errors.append(words.error_sentence(error))
            elif isinstance(error, (Conflict, NotFound, WrongState)):
                self.refuse(refusal or words.error_sentence(error), status_of(error))
            else:
                raise

    def refuse(self, said: str, status: int) -> None:
        """Say above the form why nothing was done, though nothing in it is wrong."""
        self.refusals.append(said)
        self._refused = status

    def take_issues(self, issues: Iterable[Issue]) -> None:
        """Put issues beside the fields that they are about; what has no field stands above the form."""
        for issue in issues:
            self.say(issue.field, words.issue_sentence(issue))

    def say(self, name: str, said: str) -> None:
        """Say what is wrong with one field, or with the whole form where it has no such field."""
        field = next((each for each in self.inputs() if each.name == name), None)
        if field is None:
            self.form_errors.append(said)
        else:
            field.errors = [*field.errors, said]

    def inputs(self) -> Iterator[Field]:
        """Every field that a person fills in, those within rows as well, in the form's order."""
        waiting = list(self)
        while waiting:
            field = waiting.pop(0)
            if isinstance(field, (FieldList, FormField)):
                waiting[:0] = list(field)
            else:
                yield field

    def mending(self) -> list[tuple[str, str]]:
        """Everything there is to mend, in the form's order: pairs of an input's id and the sentence."""
        inputs = list(self.inputs())
        first = next((field.id for field in inputs if field.type not in ("HiddenField", "CSRFTokenField")), "main")
        return [
            *((first, str(said)) for said in self.form_errors),
            *((field.id, str(said)) for field in inputs for said in list(field.errors)[:1]),
        ]

    @property
    def status(self) -> int:
        """The status of a page with this form: 200 while nothing is wrong with it."""
        return self._refused or (422 if self.mending() else 200)

    def page(self, template: str, **values: Any) -> tuple[str, int]:
        """The page that shows this form, with what is wrong with it."""
        return render_template(template, form=self, **values), self.status


class Needed(DataRequired):  # type: ignore[misc]
    """The field may not stay empty; blanks are empty."""

    def __init__(self, said: str | LazyString | None = None) -> None:
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

    Our own, because WTForms' keeps changing what a choice is. ``choices`` may be set after the form was made. One
    that is not ``strict`` is judged by its form.
    """

    def __init__(
        self, label: Any = None, choices: Sequence[tuple[Any, ...]] = (), look: str = "radios", strict: bool = True,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(label, **options)
        self.choices = choices
        self.look = look
        self.strict = strict

    def pre_validate(self, form: Form) -> None:
        """Refuse what was not offered, unless the form judges by itself."""
        if self.strict and self.data not in {choice[0] for choice in self.choices}:
            raise ValidationError(gettext("This is not one of the choices."))


class Choices(Field):  # type: ignore[misc]
    """Any number of several values, each with a box to tick; ``data`` is a list."""

    def __init__(
        self, label: Any = None, choices: Sequence[tuple[Any, ...]] = (), strict: bool = True, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.choices = choices
        self.strict = strict

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was ticked, in the order of the choices; what is none of them comes last."""
        offered = [choice[0] for choice in self.choices]
        strange = [value for value in dict.fromkeys(valuelist) if value not in offered]
        self.data = [value for value in offered if value in valuelist] + strange

    def pre_validate(self, form: Form) -> None:
        """Refuse what was not offered, unless the form judges by itself."""
        if self.strict and not set(self.data or ()) <= {choice[0] for choice in self.choices}:
            raise ValidationError(gettext("This is not one of the choices."))


class Day(StringField):  # type: ignore[misc]
    """A day; ``data`` is what was written, ``day`` what it means, None while it means none."""

    widget = DateInput()

    def __init__(self, label: Any = None, strict: bool = True, **options: Any) -> None:
        super().__init__(label, **options)
        self.strict = strict

    @property
    def day(self) -> date | None:
        """The day that was written."""
        return arguments.day(self.data or "")

    def pre_validate(self, form: Form) -> None:
        """A day or nothing, unless the form judges by itself."""
        if self.strict and (self.data or "").strip() and self.day is None:
            raise ValidationError(words.sentence("fact.not_a_date"))


class Duration(StringField):  # type: ignore[misc]
    """A length of time: a number, and its unit from a list beside it. ``data`` is both, like ``6 month``."""

    UNITS = (("day", lazy_gettext("days")), ("month", lazy_gettext("months")), ("year", lazy_gettext("years")))

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Join the number and its unit."""
        super().process(formdata, *args, **options)
        if self.raw_data:
            number, unit = self.raw_data[0].strip(), formdata.get(f"{self.name}_unit", "day")
            self.data = f"{number} {unit}" if number else ""

    @property
    def parts(self) -> tuple[str, str]:
        """The number and its unit; months before anybody chose."""
        number, _, unit = (self.data or "").rpartition(" ")
        return number, unit or "month"


class Flag(StringField):  # type: ignore[misc]
    """Yes, no or not known, each with a button: ``data`` is ``yes``, ``no`` or empty."""


class Rows(FieldList):  # type: ignore[misc]
    """Rows of fields, named ``past-0-title``; what else begins like them is no row."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        row = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,3}})-\w+")
        return (int(match[1]) for name in formdata if (match := row.fullmatch(name)))
