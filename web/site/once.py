"""Forms of strangers: a token that is spent once, and says when the form was drawn; too fast is no person."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField

from web import database, words
from web.site.forms import Form

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


class StrangerForm(Form):
    """A form that anybody may send, and that counts once; what is wrong with its token stands at its button, ``send``.

    Attributes:
        called: the kind of form, whose tokens are good for no other.
    """

    called: ClassVar[str]

    form_token = HiddenField()

    @property
    def sent_token(self) -> str:
        """The token that came with the form, never a long one; empty where none did."""
        return str(self.form_token.data or "")[:LONGEST_TOKEN]

    @property
    def token(self) -> str:
        """What tells this form from all others; a new one for a form that has none or whose own is spent."""
        return self.sent_token if self.sent_token and not self["send"].errors else new_token(self.called)

    def is_in_time(self) -> bool:
        """Whether somebody can have filled in this form, and it is ours; if not, it is said here."""
        in_time = is_in_time(self.called, self.sent_token)
        if not in_time:
            self.say("send", words.sentence("report.once_more"))
        return in_time
