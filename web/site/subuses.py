"""What a head permit takes with it: the forms that end one name what is given within it, and ask before it ends too."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, TextAreaField, ValidationError

from tempuse.errors import Conflict
from tempuse.store import covering
from tempuse.store import permits as permit_rows
from tempuse.store.permits import Ruled
from web import database
from web.site.forms import AtMost, Form


class EndsSubuses:
    """A part of a form that ends a permit, or some of its days; nothing of it is seen until something sticks out."""

    with_subuses = BooleanField(lazy_gettext("End these too, for the same reason"))
    _sticking: list[str] | None = None

    @contextlib.contextmanager
    def asking_for_subuses(self) -> Iterator[None]:
        """Remember what sticks out, where a use case refuses for it."""
        try:
            yield
        except Conflict as error:
            if "subuses" in error.values:
                self._sticking = list(error.values["subuses"])
            raise

    def subuses(self, head_ref: str) -> list[Ruled]:
        """What sticks out; where it was ticked before and something else is to be mended, all that is given within."""
        con, refs = database.connection(), self._sticking
        if refs is None and self.with_subuses.data:
            refs = covering.subuses_of(con, head_ref)
        return permit_rows.ruled(con, permit_rows.rows.table.c.ref.in_(refs)) if refs else []


def listing(form: Form) -> contextlib.AbstractContextManager[None]:
    """Around a use case: what sticks out is remembered by a form that asks for it."""
    return form.asking_for_subuses() if isinstance(form, EndsSubuses) else contextlib.nullcontext()


def listed(form: Form, head_ref: str) -> list[Ruled]:
    """What a form lists below itself."""
    return form.subuses(head_ref) if isinstance(form, EndsSubuses) else []


class SaysWhySubuses(EndsSubuses):
    """The same for a form that asks for no reason of its own."""

    because_subuses = TextAreaField(
        lazy_gettext("Why do these end?"), validators=[AtMost(2000)],
        description=lazy_gettext("Their groups read this."),
    )  # fmt: skip

    def validate_because_subuses(self, field: TextAreaField) -> None:
        """What ends with it ends for a reason."""
        if self.with_subuses.data and not (field.data or "").strip():
            raise ValidationError(gettext("This is needed."))

    @property
    def why_subuses(self) -> str | None:
        """What was written."""
        return (self.because_subuses.data or "").replace("\r\n", "\n").strip() or None
