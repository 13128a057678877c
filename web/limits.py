"""How often one address may do one thing. Who it was is kept nowhere.

The key is a hash of the visitor's address with a secret that changes each day; it lives in memory only (or where
RATELIMIT_STORAGE_URI says, when several processes share it) and cannot be turned back.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Flask, current_app, request
from flask_limiter import Limiter

from web import database

# Sign-in, from one address and for one person. A busy office behind one address stays well below.
SIGN_IN_LIMIT = "10 per minute;60 per hour"
PERSON_LIMIT = "10 per 15 minutes"
# Letters asked for by people who are not signed in.
LETTER_LIMIT = "5 per 10 minutes;20 per day"


def blurred(text: str) -> str:
    """A hash of something about a visitor, useless tomorrow and without this installation's secret key."""
    secret = f"{current_app.config['SECRET_KEY']} {database.now().date()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def visitor() -> str:
    """The key of the visitor's address."""
    return blurred(request.remote_addr or "")


def written_email() -> str:
    """The key of the e-mail address that a form names."""
    return blurred("person " + request.form.get("email", "").strip().casefold())


limiter = Limiter(visitor)


def init_app(app: Flask) -> None:
    """Count as the RATELIMIT_ settings say."""
    app.config.setdefault("RATELIMIT_ENABLED", True)
    limiter.init_app(app)
