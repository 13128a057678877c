"""The owner's word, as the office writes it down: of one space or of many, with its paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField, TextAreaField, ValidationError

from tempuse.errors import NotFound
from tempuse.registry import owner_words
from tempuse.spaces import Space
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Consent, Permission, WordHow
from web import database, words
from web.office import names
from web.office.blueprint import office
from web.office.spaces import moves
from web.presenters import labels
from web.site.attachments import attachment_answer
from web.site.forms import AtMost, Choice, Day, Form
from web.site.pictures import FILES, Paper

_LISTED = 10
# Links and the space's page write theirs down themselves.
_BY_HAND = (WordHow.PAPER, WordHow.MAIL, WordHow.SPOKEN)


class OwnersWordForm(Form):
    """What the owner said, when, and how that came."""

    consent = Choice(lazy_gettext("What did the owner say?"))
    consent_on = Day(lazy_gettext("On which day?"))
    how = Choice(lazy_gettext("How did they say it?"), strict=False)
    by = StringField(
        lazy_gettext("Who said so?"), validators=[AtMost(200)], render_kw={"autocomplete": "off"},
        description=lazy_gettext("For the office alone. You may leave it empty."),
    )  # fmt: skip
    scan = Paper(lazy_gettext("The letter or paper, if you have it as a file"))
    note = TextAreaField(lazy_gettext("Note"), validators=[AtMost(2000)])

    def __init__(self, each: Space | None = None) -> None:
        day = each.consent_on.isoformat() if each and each.consent_on else ""
        held = {"consent": each.consent, "consent_on": day, "by": each.consent_by or ""} if each else {}
        super().__init__(data={**held, "how": (each.consent_how if each else None) or ""})
        self.consent.choices = labels.choices(Consent, hints=True)
        known = [(how.value, labels.term(WordHow, how.value)) for how in WordHow
                 if how in _BY_HAND or (each and each.consent_how == how)]  # fmt: skip
        self.how.choices = [*known, ("", gettext("Nobody wrote that down"))]
        self._document = each.consent_document if each else None
        self._said = (each.consent, each.consent_on) if each else None

    def validate_consent_on(self, field: Day) -> None:
        """An answer was given on a day, and not on one that is still to come."""
        if self.consent.data == Consent.UNASKED or self.consent.errors or field.errors:
            return
        if field.day is None:
            raise ValidationError(words.sentence("consent.day"))
        if field.day > database.today() + timedelta(days=1):
            raise ValidationError(words.sentence("consent.future"))

    def write(self, refs: Sequence[str]) -> int:
        """Write it down for these spaces; of how many it was another word. The same word keeps the paper it has."""
        consent, on, how = Consent(self.consent.data), self.consent_on.day, self.how.data
        document = self.scan.keep() or (self._document if self._said == (consent, on) else None)
        return owner_words.write_word(
            database.idle(), g.actor, refs, consent, database.now(), on=on, how=WordHow(how) if how else None,
            by=" ".join((self.by.data or "").split()) or None, document=document,
            note=(self.note.data or "").strip() or None,
        )  # fmt: skip


@office.post("/spaces/word", Permission.SPACE_EDIT, endpoint="spaces_word")
def several() -> ResponseReturnValue:
    """Write down what the owner of the chosen spaces said; the page names them first."""
    asked = request.form.get("asked", "")
    refs = moves.chosen(asked)
    if not refs:
        flash(gettext("Tick the spaces first."))
        return redirect(moves.to_table(asked))
    these = [each for start in range(0, min(len(refs), moves.MOST), 500)
             for _, each in space_rows.numbered(database.connection(), refs[start : start + 500])]  # fmt: skip
    form, too_many = OwnersWordForm(), len(refs) > moves.MOST
    if "go" in request.form and these and not too_many:
        if form.validate_on_submit():
            with form.saying():
                form.write([each.ref for each in these])
                flash(gettext("Written down."))
                return redirect(moves.to_table(asked))
    elif not form.consent.data:
        form.consent.data, form.how.data = Consent.GIVEN.value, WordHow.PAPER.value
        form.consent_on.data = database.today().isoformat()
    owners = sorted({each.owner_name or gettext("Not known") for each in these})
    return form.page(
        "office/spaces/word.html", spaces=these[:_LISTED], count=len(these), owners=owners[:_LISTED],
        more_owners=len(owners) - _LISTED, names=names, refs=[each.ref for each in these], asked=asked,
        too_many=too_many, most=moves.MOST, back=moves.to_table(asked), files=FILES,
    )  # fmt: skip


@office.get("/spaces/<ref>/word/<name>", Permission.SPACE_READ, endpoint="space_word_paper")
def paper(ref: str, name: str) -> ResponseReturnValue:
    """The paper on which the owner said their word; nobody outside the office is shown it."""
    each = space_rows.get(database.connection(), ref)
    if name != each.consent_document:
        raise NotFound("attachment.not_found")
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, each.ref)
