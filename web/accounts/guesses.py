"""Guesses of a password, counted before it is known whether they are right: a hundred at once count as a hundred.

Tightly for one person from one network, loosely for one person from everywhere: whoever guesses from one network
keeps the person out of the office nowhere else. Whoever signed in with this browser before is counted by its mark
alone, so that nobody's guesses keep them out.
"""

from __future__ import annotations

from flask import abort
from limits import RateLimitItem, parse, parse_many

from tempuse.emails import tidy_email
from tempuse.people import Person
from web.accounts import auth, known
from web.site import limits

# From one network, whoever is meant. A busy office behind one address stays well below.
NETWORK = parse_many("10 per minute;60 per hour")
PERSON_HERE = parse("10 per 15 minutes")
PERSON_ANYWHERE = parse("100 per hour")


def check(email: str, password: str) -> Person | None:
    """The person who belongs to an address and a password, None when they do not belong together.

    Raises:
        TooManyRequests: there were too many wrong ones lately; this one was not looked at.
    """
    counted = _counted(email)
    if not limits.take(counted):
        abort(429)
    person = auth.check_password(email, password)
    if person is not None:
        limits.give_back(counted)
    return person


def _counted(email: str) -> list[tuple[RateLimitItem, str]]:
    """What one guess counts for."""
    if mark := known.mark_of(email):
        return [(PERSON_HERE, limits.blurred(f"mark {mark}"))]
    person, network = f"person {tidy_email(email)}", limits.network()
    return [
        *((limit, limits.blurred(f"guesses {network}")) for limit in NETWORK),
        (PERSON_HERE, limits.blurred(f"{person} {network}")),
        (PERSON_ANYWHERE, limits.blurred(person)),
    ]
