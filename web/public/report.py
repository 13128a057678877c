"""The form with which everybody tells the city of an empty place, or that a page is wrong."""

from __future__ import annotations

from typing import Any

import shapely
from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_limiter import RequestLimit
from werkzeug.datastructures import CombinedMultiDict
from wtforms import BooleanField, EmailField, HiddenField, StringField, SubmitField, TextAreaField

from tempuse.access import PUBLIC
from tempuse.registry import reports as registry
from tempuse.reports import MOST_PHOTOS, Report, due_on
from tempuse.store import published
from tempuse.vocabulary import Permission, ReportKind, ReportStatus, SpaceKind, SpaceStatus
from web import database, words
from web.map import folium_map, index
from web.presenters import cards, uses
from web.public.blueprint import public
from web.site import arguments, once
from web.site.forms import Choice
from web.site.limits import limiter, may_write_to, was_sent
from web.site.once import StrangerForm
from web.site.pictures import FILES, StrangersPictures

REPORT_LIMIT = "6 per 10 minutes;30 per day"


def photos_field() -> StrangersPictures:
    """The field for the few photos that somebody sends whom nobody knows."""
    return StrangersPictures(
        lazy_gettext("Photos"), most=MOST_PHOTOS,
        description=lazy_gettext(
            "At most three, JPEG, PNG or WebP, 20 MB together. Only the city sees them; where and by whom they were "
            "taken is removed. You may leave it empty."
        ),
    )  # fmt: skip


class ReportForm(StrangerForm):
    """What somebody tells; filled from the address, too. It is judged below, where the rules are."""

    called = "report"

    kind = Choice(lazy_gettext("What do you want to tell us?"), strict=False)
    address = StringField(lazy_gettext("Where is it?"))
    space_kind = Choice(lazy_gettext("What is it?"), strict=False)
    since = StringField(lazy_gettext("Since when, do you think?"), render_kw={"autocomplete": "off"})
    text = TextAreaField(lazy_gettext("What should we know?"))
    photos = photos_field()
    contact = EmailField(
        lazy_gettext("Your e-mail"),
        description=lazy_gettext("Only to tell you what came of it. You may leave it empty."),
        render_kw={"autocomplete": "email"},
    )
    contact_consent = BooleanField(lazy_gettext("You may write to me about this report"))
    send = SubmitField(lazy_gettext("Send it to the city"))
    pin = HiddenField()

    def __init__(self, about: dict[str, Any] | None) -> None:
        super().__init__(CombinedMultiDict([request.values, request.files]))
        self.about = about
        self.kind.choices, self.space_kind.choices = _kinds(about), space_kinds()
        kept = words.duration(database.settings().report_contact_days)
        self.contact_consent.description = gettext("We remove your address after %(time)s.", time=kept)
        if about is None:
            self.text.label.text = gettext("What else do you know?")
            self.text.description = gettext("You may leave it empty.")

    def report(self) -> Report:
        """The report as the form tells it; its photos are kept.

        Raises:
            Unusable: the disk is full.
        """
        names = ("space_kind", "address", "since", "text", "contact")
        texts: dict[str, Any] = {name: (self[name].data or "").replace("\r\n", "\n").strip() or None for name in names}
        kind = (self.kind.data or "").strip() or (ReportKind.VACANT.value if self.about is None else "")
        return Report(
            kind=kind, geometry=place_of(self.pin), space_ref=self.about.get("space") if self.about else None,
            use_ref=self.about.get("use") if self.about else None,
            contact_consent=self.contact_consent.data, language=words.locale().language,
            photos=self.photos.keep(), **texts,
        )  # fmt: skip


def _too_often(_: RequestLimit) -> Response:
    """Too many reports from one address in a short time: the words stay on the page."""
    form = _form()
    form.say("send", words.sentence("report.too_often"))
    return current_app.make_response(_page(form))


@public.route("/report", Permission.REPORT_SEND, methods=["GET", "POST"])
@limiter.limit(REPORT_LIMIT, methods=["POST"], on_breach=_too_often, deduct_when=was_sent)
def report() -> ResponseReturnValue:
    """The form; about a space when the address names one that the public sees."""
    form = _form()
    if request.form.get(once.TRAP):
        return redirect(url_for("public.report_sent"))  # a robot fills in everything
    if form.validate_on_submit() and form.is_in_time():
        with form.saying():
            sent = registry.send_report(
                database.idle(), PUBLIC, form.report(), database.now(), form.sent_token, may_write_to
            )
            mailed = ("1" if sent.told else "0") if sent.report.contact else None
            told = sent.report.kind if sent.report.use_ref or sent.report.kind == ReportKind.DANGER else None
            return redirect(url_for("public.report_sent", mail=mailed, told=told))
    return _page(form)


def _form() -> ReportForm:
    return ReportForm(_use(request.values.get("use", "")) or about_space(request.values.get("space", "")))


def _use(ref: str) -> dict[str, Any] | None:
    """The published use that the report is about, with its space where that is told; None when there is none."""
    text = published.feature(database.connection(), "uses", ref.strip().upper()) if ref else None
    if text is None:
        return None
    shown = cards.of_feature(text)
    spaces = shown.get("space_refs") or [None]
    return {"use": shown["ref"], "space": spaces[0], "title": uses.title(shown), "ref": shown["ref"]}


def about_space(ref: str) -> dict[str, Any] | None:
    """The published space that the report is about, None when the public sees no such space."""
    text = published.feature(database.connection(), "spaces", ref.strip().upper()) if ref else None
    if text is None:
        return None
    shown = cards.of_feature(text)
    if shown["status"] == SpaceStatus.RETIRED:
        return {"space": shown["ref"], "ref": shown["ref"], "title": shown["ref"]}
    return {"space": shown["ref"], "ref": shown["ref"], "title": cards.title(shown)}


def place_of(pin: HiddenField) -> shapely.Point | None:
    """The pin of a form as a point; None when it was not set."""
    place = arguments.point(arguments.Args({"pin": pin.data or ""}), "pin")
    return None if place is None else shapely.Point(place)


def pin_map(field: HiddenField) -> folium_map.RenderedMap:
    """The map under the pin of a form: where the pin was put, or the town."""
    pin = place_of(field)
    begin = folium_map.start(index.current())
    lon, lat = (pin.x, pin.y) if pin is not None else begin.centre
    box = None if pin is not None else index.background()[0].city or begin.box
    zoom = 16 if pin is not None else begin.zoom
    return folium_map.build("pin", lon, lat, zoom, fit=box, said=_map_words())


def _page(form: ReportForm) -> ResponseReturnValue:
    return form.page(
        "public/report.html", space=form.about, files=FILES, trap=once.TRAP,
        days=database.settings().report_answer_days, map=None if form.about else pin_map(form.pin),
    )  # fmt: skip


def _kinds(about: dict[str, Any] | None) -> list[tuple[str, str]]:
    danger = (ReportKind.DANGER.value, gettext("Somebody may come to harm"))
    if about and about.get("use"):
        return [
            (ReportKind.NUISANCE.value, gettext("Noise or other trouble")), danger,
            (ReportKind.WRONG.value, gettext("Something on its page is wrong")),
        ]  # fmt: skip
    return [
        (ReportKind.WRONG.value, gettext("Something on its page is wrong")),
        (ReportKind.QUESTION.value, gettext("We ask for something that its page does not say")),
        (ReportKind.NOT_VACANT.value, gettext("It is not empty")), danger,
    ]  # fmt: skip


def space_kinds() -> list[tuple[str, str]]:
    """What a place is, in everybody's words."""
    return [
        (SpaceKind.BUILDING.value, gettext("A whole building")),
        (SpaceKind.UNIT.value, gettext("A shop, floor or room")),
        (SpaceKind.PLOT.value, gettext("A plot of land")),
    ]


def _map_words() -> dict[str, str]:
    return {
        "unset": gettext("The pin counts once you press on the map or move it."),
        "set": gettext("The pin counts. Move the map to mend it."),
        "forget": gettext("Do without the pin"),
        "here": gettext("Show where I am"),
        "nowhere": gettext("Your device does not tell where it is."),
        "map": gettext("Map with a pin in its middle. Move it with the arrow keys."),
    }


@public.get("/report/sent", Permission.PUBLIC_READ, endpoint="report_sent")
def sent() -> str:
    """What happens next, and when."""
    settings = database.settings()
    return render_template(
        "public/report_sent.html",
        told=arguments.choice(request.args, "told", (ReportKind.NUISANCE.value, ReportKind.DANGER.value), ""),
        by=due_on(database.today(), settings.report_answer_days),
        mailed=arguments.choice(request.args, "mail", ("0", "1"), ""),
        days=settings.report_answer_days,
    )


@public.route("/report/confirm/<secret>", Permission.REPORT_SEND, endpoint="report_confirm", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def confirm(secret: str) -> ResponseReturnValue:
    """The page behind the link in the letter; its button says that the address is the reader's."""
    if request.method == "GET":
        return render_template("public/report_confirm.html", state="ask")
    found = registry.confirm_report(database.idle(), PUBLIC, secret, database.now())
    if found is None:
        return render_template("public/report_confirm.html", state="over"), 410
    answered = found.status != ReportStatus.SENT
    days = database.settings().report_answer_days
    return render_template("public/report_confirm.html", state="answered" if answered else "done", days=days)
