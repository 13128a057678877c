"""The forms with which a permit goes on: by the same group, or by another one."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import lazy_gettext
from wtforms import EmailField, HiddenField, StringField, TextAreaField

from tempuse.registry.permits.requesting import Requester
from tempuse.standing import last_on
from tempuse.store.permits import Ruled
from web.site.forms import AtMost, Day, Form, Needed

_OFF = {"autocomplete": "off"}


class RenewForm(Form):
    """Until when, and what else there is to say."""

    ends_on = Day(lazy_gettext("Until which day?"), validators=[Needed()])
    private_text = TextAreaField(
        lazy_gettext("Anything else?"), validators=[AtMost(3000)],
        description=lazy_gettext("Only the city reads it. You may leave it empty."),
    )  # fmt: skip
    form_token = HiddenField()

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        super().__init__(data={"form_token": secrets.token_hex(12), **(data or {})})

    @property
    def said(self) -> str | None:
        """What else was said."""
        return (self.private_text.data or "").replace("\r\n", "\n").strip() or None

    @property
    def token(self) -> str:
        """What tells this form from all others."""
        return (self.form_token.data or "")[:80]

    def changes(self) -> dict[str, Any]:
        """The days, by the fields of terms."""
        return {"ends_on": self.ends_on.day}


class TransferForm(RenewForm):
    """Who takes it over, and from which day."""

    group = StringField(
        lazy_gettext("The group that takes it over"), validators=[Needed(), AtMost(200)], render_kw=_OFF
    )  # fmt: skip
    name = StringField(lazy_gettext("Name of its contact"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    email = EmailField(
        lazy_gettext("E-mail address of its contact"), validators=[Needed(), AtMost(254)], render_kw=_OFF,
        description=lazy_gettext("They get a letter with a link, and confirm that they want it."),
    )  # fmt: skip
    starts_on = Day(lazy_gettext("From which day is it theirs?"), validators=[Needed()])

    def __init__(self, each: Ruled) -> None:
        last = last_on(each.permit, each.terms)
        super().__init__({"ends_on": last.isoformat() if last else ""})

    def changes(self) -> dict[str, Any]:
        """The days, by the fields of terms."""
        return {"starts_on": self.starts_on.day, "ends_on": self.ends_on.day}

    @property
    def requester(self) -> Requester:
        """The group and its contact."""
        return Requester(
            name=" ".join((self.name.data or "").split()), email=(self.email.data or "").strip(),
            group=self.group.data or "",
        )  # fmt: skip
