"""The form of a request, as the office writes one down for a group or changes it."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, EmailField, FormField, HiddenField, StringField, TextAreaField

from tempuse.errors import Invalid
from tempuse.permits import Permit
from tempuse.store.permits import Ruled
from tempuse.terms import FIELDS, Hours, Terms
from tempuse.vocabulary import UseCategory
from web import database, words
from web.office import names
from web.office.permits import called
from web.office.permits.acting import ActForm
from web.office.permits.terms_form import TermsHoursRow, hours_of, number, rows_of_hours
from web.presenters import labels
from web.site.forms import AtMost, Choice, Choices, Day, Needed, Rows

_OFF = {"autocomplete": "off"}


class RequestForm(ActForm):
    """What is asked for; the same fields as the group's own form."""

    kind = Choice(lazy_gettext("Kind of permit"), look="list")
    spaces = StringField(
        lazy_gettext("Spaces"),
        validators=[Needed()],
        description=lazy_gettext("Their references, like SP-0117."),
        render_kw=names.SPACE_FIELD,
    )
    title = StringField(lazy_gettext("What is it called?"), validators=[Needed(), AtMost(200)])
    use_categories = Choices(lazy_gettext("What for?"))
    purpose = TextAreaField(lazy_gettext("What happens there?"), validators=[AtMost(4000)])
    starts_on = Day(lazy_gettext("From"))
    ends_on = Day(lazy_gettext("Until"), description=lazy_gettext("This day belongs to it."))
    hours = Rows(
        FormField(TermsHoursRow), lazy_gettext("At which times?"), min_entries=1, max_entries=50,
        description=lazy_gettext("Empty: all day, every day."),
    )  # fmt: skip
    persons = StringField(lazy_gettext("How many people?"), render_kw={"inputmode": "numeric"})
    private_text = TextAreaField(lazy_gettext("Anything else?"), validators=[AtMost(4000)])

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data=data)
        self.kind.choices = called.kind_choices()
        if data.get("kind") and data["kind"] not in {each[0] for each in self.kind.choices}:
            self.kind.choices = [*self.kind.choices, (data["kind"], data["kind"])]
        self.use_categories.choices = labels.choices(UseCategory)

    @property
    def refs(self) -> tuple[str, ...]:
        """The spaces, each once, by their whole references."""
        written = re.split(r"[\s,;]+", (self.spaces.data or "").strip())
        return tuple(dict.fromkeys(names.full_ref(each.upper()) for each in written if each))

    def asked(self) -> dict[str, Any]:
        """What is asked, by the fields of a permit.

        Raises:
            Invalid: the number of people is none.
        """
        people = (self.persons.data or "").strip()
        if people and number(people) is None:
            self.say("persons", words.sentence("setting.number", {"value": people}))
            raise Invalid("permit.invalid")
        return {
            "kind": self.kind.data, "space_refs": self.refs, "title": (self.title.data or "").strip(),
            "use_categories": tuple(self.use_categories.data or ()), "purpose": _text(self.purpose.data),
            "persons": number(people), "private_text": _text(self.private_text.data),
        }  # fmt: skip

    def when(self) -> dict[str, Any]:
        """When, by the fields of terms.

        Raises:
            Invalid: the hours do not fit.
        """
        hours, issues = hours_of(self.hours)
        if issues:
            raise Invalid("permit.invalid", issues)
        found: tuple[Hours, ...] = tuple(hours)
        return {"starts_on": self.starts_on.day, "ends_on": self.ends_on.day, "hours": found}


def _text(written: str | None) -> str | None:
    return (written or "").replace("\r\n", "\n").strip() or None


class NewRequestForm(RequestForm):
    """A request that the office writes down for a group."""

    group = StringField(lazy_gettext("Name of the group"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    informal = BooleanField(lazy_gettext("It has no legal form"))
    name = StringField(lazy_gettext("Name of the contact"), validators=[Needed(), AtMost(200)], render_kw=_OFF)
    email = EmailField(
        lazy_gettext("E-mail address of the contact"), validators=[AtMost(254)], render_kw=_OFF,
        description=lazy_gettext("With an address, the group confirms by the link in a letter."),
    )  # fmt: skip
    language = Choice(lazy_gettext("Language of letters to it"), look="list")
    on_paper = BooleanField(
        lazy_gettext("The group agreed on paper or by telephone"),
        description=lazy_gettext("Then it is a request at once, and nothing has to be confirmed."),
    )
    form_token = HiddenField()

    def __init__(self, space_refs: str = "") -> None:
        settings = database.settings()
        super().__init__({
            "spaces": space_refs, "kind": called.kind_choices()[0][0], "language": settings.languages[0],
            "hours": rows_of_hours(()), "form_token": secrets.token_hex(12),
        })  # fmt: skip
        self.language.choices = [(code, words.NAMES.get(code, code)) for code in settings.languages]

    def permit(self) -> Permit:
        """What is asked for."""
        return Permit(language=self.language.data, **self.asked())

    def terms(self) -> Terms:
        """When."""
        return Terms(**self.when())


class EditForm(RequestForm):
    """A request that is changed before it is decided."""

    def __init__(self, each: Ruled) -> None:
        permit, terms = each
        super().__init__({
            "kind": permit.kind, "spaces": ", ".join(permit.space_refs), "title": permit.title or "",
            "use_categories": list(permit.use_categories), "purpose": permit.purpose or "",
            "starts_on": str(terms.starts_on or ""), "ends_on": str(terms.ends_on or ""),
            "hours": rows_of_hours(terms.hours), "persons": "" if permit.persons is None else str(permit.persons),
            "private_text": permit.private_text or "",
        })  # fmt: skip

    def changes(self, each: Ruled) -> dict[str, Any]:
        """New values by field, of those that differ."""
        values = {**self.asked(), **self.when()}
        return {
            name: value for name, value in values.items()
            if value != getattr(each.terms if name in FIELDS else each.permit, name)
        }  # fmt: skip
