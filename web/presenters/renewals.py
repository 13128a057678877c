"""Going on after the last day, in words: until when it is asked in time, and whether it was."""

from __future__ import annotations

from flask_babel import gettext

from tempuse.registry.permits.renewing import Preference
from tempuse.standing import standing
from tempuse.store.permits import Ruled
from web import database, words


def until_when(each: Ruled) -> str:
    """The last day on which to ask in time, or that it is over."""
    by = standing(*each, database.today()).ask_renewal_by_on
    if each.permit.ended_on is not None or by is None:
        return gettext("It was ended early. Who asks to go on has no preference over others.")
    day = words.day(by, year=True)
    if by < database.today():
        return gettext(
            "The last day to ask in time was %(day)s. You can still ask; others who asked before may get the days.",
            day=day,
        )  # fmt: skip
    return gettext("Who asks until %(day)s goes before others who want the same days.", day=day)


def asked(given: Preference) -> str:
    """Whether a renewal was asked in time, in a sentence."""
    if given.by_on is None:
        return gettext("It has no preference over others who want the same days.")
    day = words.day(given.by_on, year=True)
    if given.in_time:
        return gettext("It was asked in time (the last day was %(day)s): it goes before others.", day=day)
    return gettext("It was asked too late (the last day was %(day)s): it has no preference over others.", day=day)
