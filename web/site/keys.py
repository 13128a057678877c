"""The form of keys that change hands, for whoever writes it down: the office, or a mediator who gives a part."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import Form as PlainForm
from wtforms import FormField, StringField, TextAreaField, ValidationError

from tempuse.agreements import Handover
from web import database
from web.presenters import handovers
from web.site import arguments
from web.site.forms import AtMost, Choice, Day, Form, Rows
from web.site.pictures import Pictures

_ROWS, _MOST_ROWS, _MOST_KEYS = 3, 40, 999
_UNITS = {"power": "kWh", "water": "m³", "gas": "m³", "heat": "kWh"}


class KeyRow(PlainForm):  # type: ignore[misc]
    """Keys of one kind."""

    label = StringField(lazy_gettext("Which keys"), validators=[AtMost(200)])
    count = StringField(lazy_gettext("How many"), render_kw={"inputmode": "numeric"})


class MeterRow(PlainForm):  # type: ignore[misc]
    """What one meter shows."""

    kind = Choice(
        lazy_gettext("Meter"), look="list", strict=False, choices=[("", "–"), *handovers.METERS.items()]
    )  # fmt: skip
    number = StringField(lazy_gettext("Its number"), validators=[AtMost(60)])
    reading = StringField(lazy_gettext("What it shows"), validators=[AtMost(60)])


class HandsKeys(Form):
    """The keys' way: the day, the keys; the rest where there is something to write."""

    on = Day(lazy_gettext("On which day?"))
    keys = Rows(FormField(KeyRow), lazy_gettext("Keys"), min_entries=_ROWS, max_entries=_MOST_ROWS)
    meters = Rows(FormField(MeterRow), lazy_gettext("Meters"), min_entries=_ROWS, max_entries=_MOST_ROWS)
    present = StringField(lazy_gettext("Who was there?"), validators=[AtMost(500)])
    condition_text = TextAreaField(lazy_gettext("How is the space?"), validators=[AtMost(4000)])
    photos = Pictures(lazy_gettext("Photos"))
    remarks_grantor = TextAreaField(lazy_gettext("Remarks"), validators=[AtMost(4000)])

    def __init__(self) -> None:
        super().__init__(data={"on": database.today().isoformat()})

    def validate_keys(self, field: Rows) -> None:
        """How many keys is a number."""
        for row in field.entries:
            written = _text(row.form["count"])
            if written and _number(written) is None:
                row.form["count"].errors = [gettext("Write a whole number, like 12.")]
                raise ValidationError(gettext("Write a whole number, like 12."))

    def handover(self) -> Handover:
        """As it is written down."""
        keys = [
            {"label": _text(row.form.label), "count": _number(_text(row.form["count"])) or 1}
            for row in self.keys.entries if _text(row.form.label)
        ]  # fmt: skip
        meters = [
            {"kind": row.form.kind.data, "number": _text(row.form.number), "reading": _text(row.form.reading),
             "unit": _UNITS[row.form.kind.data]}
            for row in self.meters.entries if row.form.kind.data in _UNITS
        ]  # fmt: skip
        return Handover(
            on=self.on.day, present=_text(self.present) or None, keys=tuple(keys), meters=tuple(meters),
            condition_text=_text(self.condition_text) or None, remarks_grantor=_text(self.remarks_grantor) or None,
            photos=self.photos.keep(),
        )  # fmt: skip


def _text(field: StringField) -> str:
    return (field.data or "").replace("\r\n", "\n").strip()


def _number(text: str) -> int | None:
    return arguments.whole(arguments.Args({"n": text}), "n", 0, _MOST_KEYS, None)
