"""Forms of strangers: a token that is spent once, and says when the form was drawn; too fast is no person."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from web import database

# A person does not fill in a form faster; whoever is, is asked to press once more.
LEAST_SECONDS = 3
# An input that only programs fill in.
TRAP = "website"
LONGEST_TOKEN = 200


def _serializer(form: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=form)


def new_token(form: str) -> str:
    """What tells a form from all others; ``form`` is the kind of form, whose tokens are good for no other."""
    return str(_serializer(form).dumps([secrets.token_urlsafe(9), database.now().isoformat()]))


def is_in_time(form: str, token: str) -> bool:
    """Whether somebody can have filled in this form, and it is ours."""
    try:
        _, drawn = _serializer(form).loads(token)
        return database.now() - datetime.fromisoformat(drawn) >= timedelta(seconds=_least_seconds())
    except (BadSignature, ValueError, TypeError):
        return False


def _least_seconds() -> float:
    return float(current_app.config.get("REPORT_LEAST_SECONDS", LEAST_SECONDS))
