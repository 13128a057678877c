"""A use: keys over and back, an early end, conditions looked at, and what came of it."""

from __future__ import annotations

from datetime import date

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import Form as PlainForm
from wtforms import FormField, StringField, TextAreaField, ValidationError

from tempuse.agreements import Afterlife, Handover
from tempuse.registry.permits import using
from tempuse.store.permits import Ruled
from tempuse.vocabulary import EarlyEnd, Outcome, Permission
from web import database, verbs, words
from web.office import names
from web.office.blueprint import office
from web.office.permits import acting
from web.office.permits.acting import ActForm, BecauseForm, act_page
from web.office.permits.terms_form import number
from web.presenters import labels
from web.site import arguments
from web.site.forms import AtMost, Choice, Day, Rows
from web.site.pictures import FILES, Pictures
from web.site.subuses import EndsSubuses, SaysWhySubuses

_OVER = Permission.PERMIT_HAND_OVER
_ROWS = 3


class KeyRow(PlainForm):  # type: ignore[misc]
    """Keys of one kind."""

    label = StringField(lazy_gettext("Which keys"), validators=[AtMost(200)])
    count = StringField(lazy_gettext("How many"), render_kw={"inputmode": "numeric"})


class MeterRow(PlainForm):  # type: ignore[misc]
    """What one meter shows."""

    kind = Choice(lazy_gettext("Meter"), look="list", strict=False, choices=[
        ("", "–"), ("power", lazy_gettext("Power")), ("water", lazy_gettext("Water")), ("gas", lazy_gettext("Gas")),
        ("heat", lazy_gettext("Heat")),
    ])  # fmt: skip
    number = StringField(lazy_gettext("Its number"), validators=[AtMost(60)])
    reading = StringField(lazy_gettext("What it shows"), validators=[AtMost(60)])


class HandoverForm(ActForm):
    """The keys' way: the day, the keys; the rest where there is something to write."""

    on = Day(lazy_gettext("On which day?"))
    keys = Rows(FormField(KeyRow), lazy_gettext("Keys"), min_entries=_ROWS, max_entries=40)
    meters = Rows(FormField(MeterRow), lazy_gettext("Meters"), min_entries=_ROWS, max_entries=40)
    present = StringField(lazy_gettext("Who was there?"), validators=[AtMost(500)])
    condition_text = TextAreaField(lazy_gettext("How is the space?"), validators=[AtMost(4000)])
    photos = Pictures(lazy_gettext("Photos"))
    remarks_grantor = TextAreaField(lazy_gettext("Remarks"), validators=[AtMost(4000)])

    def __init__(self) -> None:
        super().__init__(data={"on": database.today().isoformat()})

    def validate_keys(self, field: Rows) -> None:
        """How many keys is a number."""
        for row in field.entries:
            written = (row.form["count"].data or "").strip()
            if written and number(written, 999) is None:
                row.form["count"].errors = [gettext("Write a whole number, like 12.")]
                raise ValidationError(gettext("Write a whole number, like 12."))

    def handover(self) -> Handover:
        """As it is written down."""
        keys = [
            {"label": (row.form.label.data or "").strip(), "count": number(row.form["count"].data or "", 999) or 1}
            for row in self.keys.entries if (row.form.label.data or "").strip()
        ]  # fmt: skip
        meters = [
            {"kind": row.form.kind.data, "number": (row.form.number.data or "").strip(),
             "reading": (row.form.reading.data or "").strip(), "unit": _METER_UNITS.get(row.form.kind.data, "")}
            for row in self.meters.entries if row.form.kind.data in _METER_UNITS
        ]  # fmt: skip
        return Handover(
            on=self.on.day, present=(self.present.data or "").strip() or None, keys=tuple(keys), meters=tuple(meters),
            condition_text=(self.condition_text.data or "").strip() or None,
            remarks_grantor=(self.remarks_grantor.data or "").strip() or None, photos=self.photos.keep(),
        )  # fmt: skip


class HandBackForm(SaysWhySubuses, HandoverForm):
    """The keys come back, and with them those of what was given within it."""


_METER_UNITS = {"power": "kWh", "water": "m³", "gas": "m³", "heat": "kWh"}


@office.route("/permits/<ref>/hand-over", _OVER, endpoint="permit_hand_over", methods=["GET", "POST"])
def hand_over(ref: str) -> ResponseReturnValue:
    """Give the keys."""
    form = HandoverForm()
    return act_page(
        ref, "hand_over", form,
        lambda: using.hand_over(database.idle(), g.actor, ref, database.now(), form.handover()),
        enctype=FILES,
    )  # fmt: skip


@office.route("/permits/<ref>/hand-back", _OVER, endpoint="permit_hand_back", methods=["GET", "POST"])
def hand_back(ref: str) -> ResponseReturnValue:
    """Take the keys back."""
    form = HandBackForm()
    return act_page(
        ref, "hand_back", form,
        lambda: using.hand_back(
            database.idle(), g.actor, ref, database.now(), form.handover(), with_subuses=form.with_subuses.data,
            because=form.why_subuses,
        ),
        lead=gettext("The space is free from the day after."), enctype=FILES,
    )  # fmt: skip


class EarlyEndForm(EndsSubuses, BecauseForm):
    """The last day, and how it comes to end before its time."""

    ended_on = Day(lazy_gettext("What is the last day?"))
    ended_how = Choice(lazy_gettext("How does it end?"))

    def __init__(self) -> None:
        super().__init__()
        self.ended_how.choices = labels.choices(EarlyEnd, hints=True)

    def validate_ended_on(self, field: Day) -> None:
        """There is a last day."""
        if field.day is None and not field.errors:
            raise ValidationError(gettext("This is needed."))


@office.route("/permits/<ref>/end", Permission.PERMIT_END, endpoint="permit_end_early", methods=["GET", "POST"])
def end_early(ref: str) -> ResponseReturnValue:
    """Let a use end before its last day."""
    each, form = acting.ruled(ref), EarlyEndForm()
    return act_page(
        ref, "end_early", form,
        lambda: using.end_early(
            database.idle(), g.actor, ref, database.now(), ended_on=form.ended_on.day or date.max,
            ended_how=form.ended_how.data, because=form.why, with_subuses=form.with_subuses.data,
        ),
        lead=_notice(each),
    )  # fmt: skip


def _notice(each: Ruled) -> str:
    holder, grantor = each.terms.notice_days_holder, each.terms.notice_days_grantor
    return gettext(
        "Notice is %(holder)s days by the group, %(grantor)s by the grantor. Both sides get a letter; the keys still "
        "come back.", holder=words.figure(holder), grantor=words.figure(grantor),
    )  # fmt: skip


class AfterlifeForm(ActForm):
    """What became of a use."""

    outcome = Choice(lazy_gettext("What became of it?"))
    moved_to_ref = StringField(
        lazy_gettext("Moved to the space"), description=lazy_gettext("Its reference, like SP-0117")
    )
    moved_to_text = StringField(lazy_gettext("Or moved elsewhere: where?"), validators=[AtMost(500)])
    note = TextAreaField(lazy_gettext("What came of it"), validators=[AtMost(4000)])

    def __init__(self) -> None:
        super().__init__()
        self.outcome.choices = labels.choices(Outcome, hints=True)

    def afterlife(self) -> Afterlife:
        """As it is written down."""
        ref = (self.moved_to_ref.data or "").strip()
        return Afterlife(
            outcome=self.outcome.data, moved_to_ref=names.full_ref(ref) if ref else None,
            moved_to_text=(self.moved_to_text.data or "").strip() or None, note=(self.note.data or "").strip() or None,
        )  # fmt: skip


@office.route("/permits/<ref>/afterlife", _OVER, endpoint="permit_afterlife", methods=["GET", "POST"])
def afterlife(ref: str) -> ResponseReturnValue:
    """Write down what became of a use."""
    form = AfterlifeForm()
    return act_page(
        ref, "afterlife", form,
        lambda: using.write_afterlife(database.idle(), g.actor, ref, database.now(), form.afterlife()),
        lead=gettext("If everybody may see the use, everybody reads this."),
    )  # fmt: skip


@office.post("/permits/<ref>/conditions", _OVER, endpoint="permit_look")
def look(ref: str) -> ResponseReturnValue:
    """Write down whether a condition is kept."""
    number = arguments.whole(request.form, "number", 0, 999, -1)
    kept = request.form.get("kept") == "yes"
    note = arguments.text(request.form, "note", 4000) or None
    using.look_at_condition(database.idle(), g.actor, ref, database.now(), number=number, kept=kept, note=note)
    flash(verbs.done("permit", "afterlife"))
    return redirect(f"{acting.to(ref)}#conditions")
