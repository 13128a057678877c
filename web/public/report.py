"""The form with which everybody tells the city of an empty place, or that a page is wrong."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import shapely
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeSerializer

from tempuse.access import PUBLIC
from tempuse.errors import Invalid, Issue
from tempuse.registry import reports as registry
from tempuse.reports import Report
from tempuse.store import published
from tempuse.vocabulary import ReportKind, ReportStatus, SpaceKind, SpaceStatus
from web import database, words
from web.letters import mail
from web.map import folium_map, index
from web.presenters import cards
from web.site import arguments
from web.site.limits import limiter, may_write_to

REPORT_LIMIT = "6 per 10 minutes;30 per day"
# A person does not fill in this form faster; whoever is, is asked to press once more.
LEAST_SECONDS = 3
TRAP = "website"
_TEXTS = ("kind", "space_kind", "address", "since", "text", "contact")


def report() -> Any:
    """The form; about a space when the address names one that the public sees."""
    space = _space(request.values.get("space", ""))
    if request.method == "GET":
        return _page(space, [])
    if request.form.get(TRAP):
        return redirect(url_for("public.report_sent"))  # a robot fills in everything
    told = _told(space)
    if (again := _too_early(request.form.get("form_token", ""))) is not None:
        return _page(space, [again])
    try:
        sent, secret = registry.send_report(database.idle(), PUBLIC, told, database.now())
    except Invalid as error:
        return _page(space, error.issues)
    if not (secret and sent.contact):
        return redirect(url_for("public.report_sent", mail="1" if sent.contact else None))
    if not may_write_to(sent.contact):
        return redirect(url_for("public.report_sent", mail="0"))
    link = mail.address_of("public.report_confirm", secret=secret)
    mail.send(sent.contact, "report_confirm", sent.language, link=link)
    return redirect(url_for("public.report_sent", mail="1"))


def _space(ref: str) -> dict[str, Any] | None:
    """The published space that the report is about, None when the public sees no such space."""
    text = published.feature(database.connection(), "spaces", ref.strip().upper()) if ref else None
    if text is None:
        return None
    shown = cards.of_feature(text)
    if shown["status"] == SpaceStatus.RETIRED:
        return {"ref": shown["ref"], "title": shown["ref"]}
    return {"ref": shown["ref"], "title": cards.title(shown)}


def _told(space: dict[str, Any] | None) -> Report:
    """The report as the form tells it."""
    values = {name: request.form.get(name, "").replace("\r\n", "\n").strip() or None for name in _TEXTS}
    kind = values.pop("kind") or (ReportKind.VACANT.value if space is None else "")
    return Report(
        kind=kind, space_ref=space["ref"] if space else None, geometry=_pin(request.form),
        contact_consent=bool(request.form.get("contact_consent")), language=words.locale().language,
        form_token=request.form.get("form_token", "")[:200] or None, **values,
    )  # fmt: skip


def _pin(args: arguments.Args) -> Any:
    """A point from ``51.05,3.72`` as the map's script writes it; None when the pin was not set."""
    place = arguments.point(args, "pin")
    return None if place is None else shapely.Point(place)


# ---- the form's token: once used it is spent, and it says when the form was drawn ---------------------------


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="report")


def _new_token() -> str:
    return str(_serializer().dumps([secrets.token_urlsafe(9), database.now().isoformat()]))


def _too_early(token: str) -> Issue | None:
    """What to say to a form that nobody can have filled in, or that is not ours."""
    try:
        _, drawn = _serializer().loads(token)
        old_enough = database.now() - datetime.fromisoformat(drawn) >= timedelta(seconds=_least_seconds())
    except (BadSignature, ValueError, TypeError):
        old_enough = False
    return None if old_enough else Issue.of("send", "", "report.once_more")


def _least_seconds() -> float:
    return float(current_app.config.get("REPORT_LEAST_SECONDS", LEAST_SECONDS))


def _page(space: dict[str, Any] | None, issues: list[Issue]) -> Any:
    asked = request.values
    texts = {name: asked.get(name, "") for name in (*_TEXTS, "pin")}
    if asked.get("kind") not in set(ReportKind):
        texts["kind"] = ""
    pin = _pin(asked)
    begin = folium_map.start(index.current())
    lon, lat = (pin.x, pin.y) if pin is not None else begin.centre
    box = None if pin is not None else index.background()[0].city or begin.box
    # A spent or forged token is replaced; the words stay.
    token = _new_token() if any(issue.field == "send" for issue in issues) else asked.get("form_token", "")
    settings = database.settings()
    zoom = 16 if pin is not None else begin.zoom
    body = render_template(
        "public/report.html", space=space, texts=texts, consent=bool(asked.get("contact_consent")), trap=TRAP,
        errors={issue.field: words.issue_sentence(issue) for issue in issues}, form_token=token or _new_token(),
        map=None if space else folium_map.build("pin", lon, lat, zoom, fit=box, said=_map_words()),
        kinds=_kinds(), space_kinds=_space_kinds(), days=settings.report_answer_days,
        kept=words.duration(settings.report_contact_days),
    )  # fmt: skip
    return (body, 422) if issues else body


def _kinds() -> list[tuple[str, str]]:
    return [
        (ReportKind.WRONG.value, gettext("Something on its page is wrong")),
        (ReportKind.NOT_VACANT.value, gettext("It is not empty")),
    ]


def _space_kinds() -> list[tuple[str, str]]:
    return [
        (SpaceKind.BUILDING.value, gettext("A whole building")),
        (SpaceKind.UNIT.value, gettext("A shop, floor or room")),
        (SpaceKind.PLOT.value, gettext("A plot of land")),
    ]


def _map_words() -> dict[str, str]:
    return {
        "unset": gettext("The pin counts once you move the map."),
        "set": gettext("The pin counts. Move the map to mend it."),
        "forget": gettext("Do without the pin"),
        "here": gettext("Show where I am"),
        "nowhere": gettext("Your device does not tell where it is."),
        "map": gettext("Map with a pin in its middle. Move it with the arrow keys."),
    }


def sent() -> str:
    """What happens next, and when."""
    settings = database.settings()
    return render_template(
        "public/report_sent.html",
        mailed=arguments.choice(request.args, "mail", ("0", "1"), ""),
        days=settings.report_answer_days,
    )


def confirm(secret: str) -> Any:
    """The page behind the link in the letter; its button says that the address is the reader's."""
    if request.method == "GET":
        return render_template("public/report_confirm.html", state="ask")
    found = registry.confirm_report(database.idle(), PUBLIC, secret, database.now())
    if found is None:
        return render_template("public/report_confirm.html", state="over"), 410
    first_time = found.confirmed_at == database.now()
    if first_time and found.status != ReportStatus.SENT and found.may_be_answered and found.contact:
        mail.send(found.contact, "report_answer", found.language, report=found)
    answered = found.status != ReportStatus.SENT
    days = database.settings().report_answer_days
    return render_template("public/report_confirm.html", state="answered" if answered else "done", days=days)


def _too_often(_: Any) -> Any:
    """Too many reports from one address in a short time: the words stay on the page."""
    issue = Issue.of("send", "", "report.too_often")
    return current_app.make_response(_page(_space(request.values.get("space", "")), [issue]))


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    limited = limiter.limit(REPORT_LIMIT, methods=["POST"], on_breach=_too_often)(report)
    blueprint.add_url_rule("/report", endpoint="report", view_func=limited, methods=["GET", "POST"])
    blueprint.add_url_rule("/report/sent", endpoint="report_sent", view_func=sent)
    confirmed = limiter.limit("20 per minute", methods=["POST"])(confirm)
    blueprint.add_url_rule(
        "/report/confirm/<secret>", endpoint="report_confirm", view_func=confirmed, methods=["GET", "POST"]
    )
