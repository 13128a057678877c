"""The page behind the link in a letter to an owner: what would be shown, and what they say. Looking does nothing."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import StringField, TextAreaField

from tempuse.access import PUBLIC
from tempuse.owner_letters import NOT_SHOWN
from tempuse.registry.owners import answering
from tempuse.registry.owners.answering import LetterBehind
from tempuse.spaces import Space
from tempuse.vocabulary import LocationLevel, OwnerAnswer, Permission
from web import database
from web.presenters import labels, owners
from web.public.blueprint import public
from web.site import arguments
from web.site.forms import AtMost, Choice, Form
from web.site.limits import LINK_LIMIT, limiter


class OwnerAnswerForm(Form):
    """Yes or no, how precisely, and for single spaces something else."""

    answer = Choice(lazy_gettext("What do you say?"), strict=False)
    level = Choice(lazy_gettext("How precisely may it be shown?"), strict=False)
    by = StringField(
        lazy_gettext("Your name"), validators=[AtMost(200)], render_kw={"autocomplete": "name"},
        description=lazy_gettext("Only the city reads it. You may leave it empty."),
    )  # fmt: skip
    remark = TextAreaField(
        lazy_gettext("What should we know?"), validators=[AtMost(2000)],
        description=lazy_gettext("You may leave it empty."),
    )  # fmt: skip

    def __init__(self, opened: LetterBehind) -> None:
        super().__init__()
        self._spaces = opened.spaces
        self.answer.choices = labels.choices(OwnerAnswer, hints=True)
        self.level.choices = owners.level_choices()
        if not self.level.data:
            self.level.data = LocationLevel.CELL.value

    def validate_answer(self, field: Choice) -> None:
        """One of the answers."""
        if field.data not in set(OwnerAnswer):
            self.say("answer", gettext("Choose what you say."))

    def validate_level(self, field: Choice) -> None:
        """With a yes, one of the levels."""
        if self.answer.data == OwnerAnswer.YES and field.data not in set(LocationLevel):
            self.say("level", gettext("Choose how precisely it may be shown."))

    def chosen(self, space: Space) -> str:
        """What was said of one space for itself; empty where it is as for all."""
        return arguments.choice(request.form, f"level-{space.ref}", (*LocationLevel, NOT_SHOWN), "")

    def choices(self) -> dict[str, str]:
        """What was said of each space."""
        return {each.ref: self.chosen(each) or self.level.data for each in self._spaces}


@public.route(
    "/owner/letter/<secret>", Permission.REPORT_SEND, endpoint="owner_letter", methods=["GET", "POST"]
)  # fmt: skip
@limiter.limit(LINK_LIMIT, methods=["POST"])
def letter(secret: str) -> ResponseReturnValue:
    """What would be shown of the owner's spaces at each level; an answer holds at once and ends the link."""
    opened = answering.open_letter(database.connection(), PUBLIC, secret, database.now())
    if opened is None or not (opened.is_open or opened.letter.answered_at):
        return render_template("public/owner_letter_over.html"), 410
    form = OwnerAnswerForm(opened)
    if request.method == "POST" and opened.is_open and form.validate_on_submit() and not form.mending():
        with form.saying():
            answering.answer_letter(
                database.idle(), PUBLIC, secret, OwnerAnswer(form.answer.data), database.now(), choices=form.choices(),
                by=" ".join((form.by.data or "").split()) or None, remark=(form.remark.data or "").strip() or None,
            )  # fmt: skip
            return redirect(url_for(".owner_letter", secret=secret))
    return _page(form, opened, secret)


def _page(form: OwnerAnswerForm, opened: LetterBehind, secret: str) -> ResponseReturnValue:
    said = opened.letter.choices
    answer = make_response(form.page(
        "public/owner_letter.html", letter=opened.letter, is_open=opened.is_open, levels=owners.level_choices(),
        spaces=[(each, owners.of_space(each)) for each in opened.spaces] if opened.is_open else [],
        said=[(each, owners.level_word(said.get(each.ref)) or gettext("It is not shown.")) for each in opened.spaces
              if each.ref in said],
        answer=labels.term(OwnerAnswer, opened.letter.answer), not_shown=NOT_SHOWN,
        action=url_for(".owner_letter", secret=secret),
    ))  # fmt: skip
    answer.cache_control.no_store = True  # it names what nobody else sees yet
    return answer
