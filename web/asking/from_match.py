"""A request that begins with a question: what was asked for on ``/match`` stands in the form already."""

from __future__ import annotations

from datetime import date, timedelta

from tempuse import week
from tempuse.occurrences import last_day
from tempuse.wanted import Wanted
from web import database
from web.asking.form import ROWS_OF_HOURS, SpaceRequestForm
from web.match import wording


def fill_in(form: SpaceRequestForm, wanted: Wanted, free_from: date | None = None) -> None:
    """Put what was asked for into a form that nobody has filled in yet.

    Args:
        form: the form of the space's request.
        wanted: the question.
        free_from: from when the space is to be had, where that is known: nobody can begin earlier.
    """
    if wanted.is_empty:
        return
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
