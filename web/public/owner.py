"""The owner's door: what would be shown of a space and how precisely, offering one, and saying what of it may be seen.

What takes away holds at once; what gives waits until somebody in the office has looked. Neither needs an account.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_limiter import RequestLimit
from werkzeug.datastructures import CombinedMultiDict
from wtforms import EmailField, HiddenField, StringField, SubmitField, TextAreaField

from tempuse.access import PUBLIC
from tempuse.errors import Invalid, Issue
from tempuse.io.values.cells import Style, number
from tempuse.registry import reports as registry
from tempuse.reports import Report, due_on
from tempuse.vocabulary import LocationLevel, OwnerWish, Permission, ReportKind
from web import database, words
from web.presenters import labels, owners
from web.public import report
from web.public.blueprint import public
from web.site import arguments, once
from web.site.forms import Choice, Day
from web.site.limits import limiter, may_hide, may_write_to, was_sent
from web.site.once import StrangerForm
from web.site.pictures import FILES

OWNER_LIMIT = "6 per 10 minutes;20 per day"


class _OwnersForm(StrangerForm):
    """Who speaks for an owner, and where they can be reached."""

    text = TextAreaField(lazy_gettext("What should we know?"), description=lazy_gettext("You may leave it empty."))
    sender_name = StringField(
        lazy_gettext("Your name, and for whom you speak"), render_kw={"autocomplete": "name"},
        description=lazy_gettext("Only the city reads it. It is never shown."),
    )  # fmt: skip
    contact = EmailField(lazy_gettext("Your e-mail"), render_kw={"autocomplete": "email"})

    def __init__(self) -> None:
        super().__init__(CombinedMultiDict([request.values, request.files]))
        kept = words.duration(database.settings().report_contact_days)
        self.contact.description = gettext(
            "To ask back, and to say what came of it. A letter asks you to confirm it. We remove it after %(time)s.",
            time=kept,
        )

    def told(self, names: tuple[str, ...]) -> dict[str, Any]:
        """What stands in these fields, and in those that all of these forms have."""
        every = (*names, "text", "sender_name", "contact")
        texts = {name: (self[name].data or "").replace("\r\n", "\n").strip() or None for name in every}
        return {**texts, "contact_consent": bool(texts["contact"]), "language": words.locale().language}


class OfferForm(_OwnersForm):
    """What an owner offers."""

    called = "offer"

    space_kind = Choice(lazy_gettext("What is it?"), strict=False)
    address = StringField(lazy_gettext("Where is it?"))
    area_m2 = StringField(lazy_gettext("How big is it?"), render_kw={"inputmode": "decimal"})
    free_from = Day(
        lazy_gettext("From which day can it be used?"), description=lazy_gettext("Leave it empty if it is free now.")
    )
    level = Choice(lazy_gettext("How precisely may it be shown?"), strict=False)
    photos = report.photos_field()
    send = SubmitField(lazy_gettext("Offer my space"))
    pin = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        self.space_kind.choices = report.space_kinds()
        self.level.choices = owners.level_choices()

    def report(self) -> Report:
        """The offer as a report; its photos are kept.

        Raises:
            Invalid: the size is no number.
            Unusable: the disk is full.
        """
        written = (self.area_m2.data or "").strip()
        area, wrong = number(written, Style(decimal=".")) if written else (None, "")
        if wrong:
            raise Invalid("report.invalid", [Issue.of("area_m2", written, "report.size")])
        return Report(
            kind=ReportKind.OFFER.value, geometry=report.place_of(self.pin), area_m2=area,
            free_from=self.free_from.day, photos=self.photos.keep(), **self.told(("space_kind", "address", "level")),
        )  # fmt: skip


class WordForm(_OwnersForm):
    """What somebody who speaks for the owner of a space wants of its page."""

    called = "owner"

    wish = Choice(lazy_gettext("What would you like?"), strict=False)
    level = Choice(
        lazy_gettext("How precisely may it be shown?"), strict=False,
        description=lazy_gettext("If it is to stay on the map. Otherwise leave it as it is."),
    )  # fmt: skip
    send = SubmitField(lazy_gettext("Send it to the city"))

    def __init__(self, about: dict[str, Any]) -> None:
        super().__init__()
        self.about = about
        self.wish.choices = labels.choices(OwnerWish, hints=True)
        self.level.choices = owners.level_choices()
        if not self.level.data:
            self.level.data = LocationLevel.CELL.value
        self.text.label.text = gettext("How can we see that you speak for the owner?")

    def report(self) -> Report:
        """The word as a report."""
        told = self.told(("wish", "level"))
        level = None if told["wish"] == OwnerWish.OFF else told.pop("level")
        return Report(kind=ReportKind.OWNER.value, space_ref=self.about["space"], **{**told, "level": level})


@public.get("/owner", Permission.PUBLIC_READ)
def owner() -> str:
    """The same shop, shown in four ways; and what an owner can do here."""
    return render_template("public/owner.html", examples=owners.examples())


def _offer_too_often(_: RequestLimit) -> Response:
    form = OfferForm()
    form.say("send", words.sentence("report.too_often"))
    return current_app.make_response(_offer_page(form))


@public.route("/owner/offer", Permission.REPORT_SEND, methods=["GET", "POST"], endpoint="owner_offer")
@limiter.limit(OWNER_LIMIT, methods=["POST"], on_breach=_offer_too_often, deduct_when=was_sent)
def offer() -> ResponseReturnValue:
    """Offer a space: it arrives as a report, and nobody sees it before the office has looked."""
    if request.form.get(once.TRAP):
        return redirect(url_for(".owner_sent"))  # a robot fills in everything
    form = OfferForm()
    if form.validate_on_submit() and form.is_in_time():
        with form.saying():
            return _send(form.report(), form.sent_token, "offer")
    return _offer_page(form)


def _offer_page(form: OfferForm) -> ResponseReturnValue:
    return form.page("public/owner_offer.html", trap=once.TRAP, files=FILES, map=report.pin_map(form.pin))


def _word_too_often(_: RequestLimit) -> Response:
    about = report.about_space(request.values.get("space", ""))
    if about is None:
        return redirect(url_for(".owner"))  # type: ignore[return-value]
    form = WordForm(about)
    form.say("send", words.sentence("report.too_often"))
    return current_app.make_response(_word_page(form))


@public.route("/owner/word", Permission.REPORT_SEND, methods=["GET", "POST"], endpoint="owner_word")
@limiter.limit(OWNER_LIMIT, methods=["POST"], on_breach=_word_too_often, deduct_when=was_sent)
def word() -> ResponseReturnValue:
    """Somebody speaks for the owner of a space that everybody sees: show it, show less of it, take it off."""
    if request.form.get(once.TRAP):
        return redirect(url_for(".owner_sent"))
    about = report.about_space(request.values.get("space", ""))
    if about is None:
        return redirect(url_for(".owner"))
    form = WordForm(about)
    if form.validate_on_submit() and form.is_in_time():
        with form.saying():
            told = form.report()
            if told.limit and not may_hide():
                form.say("send", words.sentence("report.many_words"))
                return _word_page(form)
            return _send(told, form.sent_token, told.wish or "")
    return _word_page(form)


def _word_page(form: WordForm) -> ResponseReturnValue:
    return form.page("public/owner_word.html", trap=once.TRAP, space=form.about)


def _send(told: Report, token: str, what: str) -> ResponseReturnValue:
    sent = registry.send_report(database.idle(), PUBLIC, told, database.now(), token, may_write_to)
    mailed = ("1" if sent.told else "0") if sent.report.contact else None
    return redirect(url_for(".owner_sent", what=what, mail=mailed, number=sent.report.ref))


@public.get("/owner/sent", Permission.PUBLIC_READ, endpoint="owner_sent")
def sent() -> str:
    """What holds already, and what happens next."""
    settings = database.settings()
    number = request.args.get("number", "")[:20].upper()
    return render_template(
        "public/owner_sent.html",
        what=arguments.choice(request.args, "what", ("offer", *OwnerWish), "offer"),
        number=number if number.startswith("RP-") and number[3:].isdecimal() else "",
        mailed=arguments.choice(request.args, "mail", ("0", "1"), ""),
        by=due_on(database.today(), settings.report_answer_days), days=settings.report_answer_days,
    )  # fmt: skip
