"""The form of a space, made from the table of its fields: what is declared there appears here by itself.

The form carries what it was filled from (``seen``), so that only what the person touched is judged and written.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import orjson
from flask_babel import lazy_gettext
from wtforms import FormField, HiddenField, StringField, TextAreaField

from tempuse.spaces import EDITABLE, Period, Space
from tempuse.vocabulary import Occupancy
from web import database, words
from web.office import maps
from web.office.spaces import doubts, fields, sections
from web.presenters import labels
from web.site import arguments
from web.site.forms import Choice, Form, Rows

PAST = "past"
# Nothing was ever changed so often.
MOST_REVISION = 10**9


class PeriodForm(Form):
    """A row of the past."""

    class Meta(Form.Meta):
        """The whole form's token guards its rows."""

        csrf = False

    title = StringField(lazy_gettext("Who or what"))
    starts_on = StringField(lazy_gettext("From"), description=lazy_gettext("2024-05-12, 2024-05 or 2024"))
    ends_on = StringField(lazy_gettext("Until"), description=lazy_gettext("Empty: it goes on."))
    occupancy = Choice(lazy_gettext("What it was then"), look="list", default=Occupancy.TEMPORARY_USE.value)
    what_came = TextAreaField(lazy_gettext("What became of it"))
    source = StringField(lazy_gettext("Source"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.occupancy.choices = labels.choices(Occupancy)

    @property
    def texts(self) -> fields.Texts:
        """What the row says, by field."""
        return {name: _tidy(self[name].data) for name in fields.PERIOD_FIELDS}


class SpaceForm(Form):
    """A space as texts; the inputs are added by ``form_of``.

    Attributes:
        rivals: what somebody else changed meanwhile and this person, too: field, its label, and what to say.
        others: what else somebody changed meanwhile: label, and what to say.
    """

    sent = HiddenField(default="1")
    revision = HiddenField()
    form_token = HiddenField()
    seen = HiddenField()
    sure = HiddenField()  # the place that was asked about

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rivals: list[tuple[str, str, str]] = []
        self.others: list[tuple[str, str]] = []
        self.values: dict[str, Any] = {}
        self.periods: list[Period] = []
        self.note = ""
        self.form_token.data = (self.form_token.data or "")[:60] or secrets.token_urlsafe(12)
        self.before = _texts_within(self.seen.data)
        self.seen.data = orjson.dumps(self.before).decode()
        if "suitable_uses" in self.texts:
            self["suitable_uses"].data = _in_order(self["suitable_uses"].data, self.before.get("suitable_uses", ""))

    @property
    def texts(self) -> fields.Texts:
        """What the form says, by field; a field that was not sent says nothing, and a box that is not ticked does."""
        return {name: self._text(name) for name in EDITABLE if self._is_there(name)}

    def _text(self, name: str) -> str:
        said = self[name].data
        if isinstance(said, bool):
            return "yes" if said else ""
        return ", ".join(said) if isinstance(said, list) else _tidy(said)

    def _is_there(self, name: str) -> bool:
        """In a form that was sent, not every field must be; of boxes only those that are ticked are."""
        if self.sent.raw_data is None:
            return True
        boxes = self[name].type in ("Choices", "BooleanField")
        return bool(self.sent.raw_data if boxes else self[name].raw_data)

    @property
    def rows(self) -> list[fields.Texts]:
        """The rows of the past."""
        return [entry.form.texts for entry in self[PAST]]

    @property
    def touched(self) -> fields.Texts:
        """What the person changed, as against what the form was filled from."""
        return {name: text for name, text in self.texts.items() if text != self.before.get(name, "")}

    @property
    def asked(self) -> fields.Texts:
        """What is to be judged and written: of a space that is there, only what was touched."""
        return self.touched

    @property
    def past_touched(self) -> bool:
        """Whether the rows of the past were changed."""
        return packed(self.rows) != self.before.get(PAST, "[]")

    @property
    def revision_seen(self) -> int:
        """The revision of the space that the form was filled from; 0 for a new one."""
        said = arguments.Args({"revision": self.revision.data or ""})
        return arguments.whole(said, "revision", 0, MOST_REVISION, 0)

    @property
    def status(self) -> int:
        """The status of a page with this form."""
        return 409 if self.rivals or self.others else super().status

    def validate(self, extra_validators: Any = None) -> bool:
        """Read what is to be written; what does not fit is said beside its field."""
        super().validate(extra_validators)
        asked = self.asked
        text, crs = asked.get("geometry"), database.settings().national_crs
        here = maps.extent(database.connection()) if text and self.sure.data != text else None
        self.values, issues, self.note = fields.values_of(asked, national_crs=crs, extent=here)
        self.periods, wrong = fields.past_of(self.rows)
        odd = [each for each in issues if each.message == "where.outside"]
        self.take_issues([each for each in (*issues, *wrong) if each not in odd])
        self._ask_about(text, bool(odd))
        return not self.mending()

    def _ask_about(self, text: str | None, is_far: bool) -> None:
        """Ask once whether an odd place is meant."""
        con = database.connection()
        place = doubts.read(con, text) if text and is_far else self.values.get("geometry")
        if place is not None and self.sure.data != text and (said := doubts.said(con, place)):
            self.say("geometry", said)
            self.sure.data = text

    def with_rows(self, rows: list[fields.Texts]) -> None:
        """Put other rows of the past into the form."""
        self[PAST].process(None, rows)


class NewSpaceForm(SpaceForm):
    """A space that is not there yet: all of it is written, and something must name it."""

    @property
    def asked(self) -> fields.Texts:
        """What is to be judged and written: all that the form says."""
        return self.texts

    def validate(self, extra_validators: Any = None) -> bool:
        """The same, and a name, an address or a place."""
        super().validate(extra_validators)
        if not any(self.texts.get(name) for name in ("name", "address", "geometry")):
            self.say("name", words.sentence("space.unnamed"))
        return not self.mending()


def form_of(
    base: type[SpaceForm], texts: fields.Texts | None = None, rows: list[fields.Texts] | None = None, **more: Any
) -> SpaceForm:
    """The form, as it was sent or filled with texts.

    Args:
        base: SpaceForm, or NewSpaceForm for a space that is not there yet.
        texts: by field; None for what was sent.
        rows: of the past.
        more: the hidden fields.
    """
    inputs: dict[str, Any] = {}
    for name in EDITABLE:
        kind, options = sections.input_of(name)
        inputs[name] = kind(sections.question(name), description=sections.hint(name), **options)
    inputs[PAST] = Rows(FormField(PeriodForm))
    inputs["why"] = StringField(
        lazy_gettext("Why do you change it?"), description=lazy_gettext("For the history. You may leave it empty.")
    )
    kind = type(base.__name__, (base,), inputs)
    if texts is None:
        return kind()  # type: ignore[no-any-return]
    data = {name: _data_of(name, text) for name, text in texts.items()}
    return kind(formdata=None, data={**data, PAST: rows or [], **more})  # type: ignore[no-any-return]


def form_of_space(base: type[SpaceForm], space: Space, past: Sequence[Period] = ()) -> SpaceForm:
    """The form filled with a space as the register has it, or as a new one begins."""
    texts, rows = fields.texts_of(space), fields.rows_of(list(past))
    seen = orjson.dumps({**texts, PAST: packed(rows)}).decode()
    return form_of(base, texts, rows, revision=str(space.revision), seen=seen)


def packed(rows: list[fields.Texts]) -> str:
    """The rows of the past as one text."""
    return orjson.dumps([row for row in rows if any(row[name] for name in row if name != "occupancy")]).decode()


def _data_of(name: str, text: str) -> Any:
    """A text as its input holds it."""
    kind, _ = sections.input_of(name)
    if kind.__name__ == "Choices":
        return [part for part in text.split(", ") if part]
    return text == "yes" if kind.__name__ == "BooleanField" else text


def _texts_within(seen: str | None) -> fields.Texts:
    """What the form was filled from; nothing where somebody wrote something else there."""
    try:
        found = orjson.loads(seen or "{}")
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}


def _in_order(ticked: list[str], before: str) -> list[str]:
    """Boxes come in the form's order; what was ticked before keeps its own: the first use names the space."""
    kept = [part for part in before.split(", ") if part in ticked]
    return [*kept, *(part for part in ticked if part not in kept)]


def _tidy(text: str | None) -> str:
    """A text without blanks around it; line ends are ours again."""
    return (text or "").replace("\r\n", "\n").strip()
