"""How often one address may do one thing. Who it was is kept nowhere.

The key is a hash of the visitor's address with a secret that changes each day. It lives in memory; where several
processes serve one register, in a file that they share (``counters``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from tempuse.emails import tidy_email
from web import database

# Posts to the pages behind a link, from one network.
LINK_LIMIT = "10 per minute;60 per hour"
# Letters asked for by people who are not signed in: from one network, and to one mailbox.
LETTER_LIMIT = "5 per 10 minutes;20 per day"
LETTERS_TO_ONE = parse("10 per day")
# Words of owners that hide a space before anybody has looked, from everybody together: more is no owner's doing.
HIDING = parse("40 per hour")
# Photos of strangers that are looked at, of one network and of everybody together: each costs a second of our time.
PHOTOS_OF_ONE, PHOTOS_OF_ALL = parse("30 per hour"), parse("600 per hour")


def blurred(text: str) -> str:
    """A hash of something about a visitor, useless tomorrow and without this installation's secret key."""
    secret = f"{current_app.config['SECRET_KEY']} {database.now().date()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """What one visitor has for their own: an address of IPv4; of IPv6 the /64 that a provider gives a household."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))


def network() -> str:
    """Where the visitor of this request comes from."""
    return network_of(request.remote_addr or "")


def visitor() -> str:
    """The key of the visitor's network."""
    return blurred(network())


limiter = Limiter(visitor)


def was_sent(answer: Response) -> bool:
    """Whether a form was taken: whoever mends theirs has not sent it yet, and is not counted."""
    return answer.status_code in (302, 303)


def take(counted: Iterable[tuple[RateLimitItem, str]]) -> bool:
    """Count one more of something under each of several limits; False at the first that is reached.

    What was refused is counted under no later limit, so that one visitor cannot use up what is meant for all.

    Args:
        counted: limits, each with its key.
    """
    return not limiter.enabled or all(_counter().hit(limit, key) for limit, key in counted)


def give_back(counted: Iterable[tuple[RateLimitItem, str]]) -> None:
    """Give back what was taken of a limit: count as if it had not been."""
    for limit, key in counted if limiter.enabled else ():
        _counter().hit(limit, key, cost=-1)


def _counter() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(limiter.storage)


def may_write_to(email: str) -> bool:
    """Whether one more letter that a stranger asked for may go to a mailbox today; counted when it may.

    What follows a plus sign belongs to the same mailbox.
    """
    local, _, domain = tidy_email(email).rpartition("@")
    return take([(LETTERS_TO_ONE, blurred(f"mailbox {local.partition('+')[0]}@{domain}"))])


def may_hide() -> bool:
    """Whether a stranger's word may hide one more space at once; counted when it may."""
    return take([(HIDING, blurred("hiding"))])


def init_app(app: Flask) -> None:
    """Count as the RATELIMIT_ settings say."""
    app.config.setdefault("RATELIMIT_ENABLED", True)
    limiter.init_app(app)
