"""A request that begins with a question: what was asked for on ``/match`` stands in the form already, and goes with it.

It comes in the address as ``match``, and with the form as a sealed text: only what we drew is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from tempuse import questions, week
from tempuse.occurrences import last_day
from tempuse.wanted import Wanted
from web import database
from web.asking.form import ROWS_OF_HOURS, SpaceRequestForm
from web.match import wording

_NAME = "match"
# Longer than any question that our form can ask, and than it can be sealed.
_LONGEST, _LONGEST_SEALED = 4000, 8000


def address(ref: str, wanted: Wanted) -> str:
    """The address of the request for a space, with what was asked for typed in already."""
    return url_for("public.request", space=ref, match=questions.text_of(wanted))


def asked(args: Mapping[str, str]) -> str:
    """The question in an address; empty where there is none, or none of ours."""
    text = args.get(_NAME, "")
    return text if len(text) <= _LONGEST else ""


def begin(form: SpaceRequestForm, args: Mapping[str, str], free_from: date | None = None) -> None:
    """Put the question of an address into a form that nobody has filled in yet.

    Args:
        form: the form of the space's request.
        args: of the address.
        free_from: from when the space is to be had, where that is known: nobody can begin earlier.
    """
    wanted, unclear = questions.read_text(asked(args))
    if wanted.is_empty:
        return
    _fill_in(form, wanted, free_from)
    if not unclear:
        form.match.data = _serializer().dumps(questions.text_of(wanted))


def sent_with(form: SpaceRequestForm) -> Wanted | None:
    """The question that a form was drawn with; None where there was none, or it is not as we sealed it."""
    sealed = form.match.data or ""
    if not sealed or len(sealed) > _LONGEST_SEALED:
        return None
    try:
        wanted, unclear = questions.read_text(str(_serializer().loads(sealed)))
    except BadSignature:
        return None
    return None if unclear or wanted.is_empty else wanted


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=_NAME)


def _fill_in(form: SpaceRequestForm, wanted: Wanted, free_from: date | None) -> None:
    if wanted.uses:
        form.use.data = wanted.uses[0]
    today = database.today()
    start = max(each for each in (wanted.starts_on or wanted.starts_by or today, free_from or today, today))
    if wanted.last_start or wanted.term_months or wanted.term_days:
        form.starts_on.data = str(start)
    if wanted.term_months:
        form.ends_on.data = str(last_day(start, wanted.term_months))
    elif wanted.term_days:
        form.ends_on.data = str(start + timedelta(days=wanted.term_days - 1))
    if wanted.persons and "persons" in form:
        form.persons.data = str(wanted.persons)
    if wanted.hours and "hours" in form:
        for row, (day, first, last) in zip(
            form.hours, list(week.stretches(wanted.hours))[:ROWS_OF_HOURS], strict=False
        ):
            row.form.weekdays.data = [str(day)]
            row.form.from_time.data, row.form.until_time.data = f"{first:02d}:00", f"{last % 24:02d}:00"
    form.private_text.data = wording.summary(wanted)[:3000]
