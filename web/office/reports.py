"""Citizens' reports: the queue, and the page where one is judged. The sender hears what came of it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup
from wtforms import StringField, TextAreaField

from tempuse.errors import Conflict, Issue, NotFound
from tempuse.io.pictures import sized_picture
from tempuse.pictures import SIDES, SpacePicture
from tempuse.registry import pictures
from tempuse.registry import reports as registry
from tempuse.registry.owner_words import owner_of
from tempuse.registry.report_matches import likely_spaces
from tempuse.reports import REPORT_LIFECYCLE, Report, answer_by
from tempuse.spaces import Space
from tempuse.store import attachments
from tempuse.store import events as event_rows
from tempuse.store import reports as report_rows
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Occupancy, Ownership, OwnerWish, Permission, ReportKind, ReportStatus, SpaceKind
from web import database, verbs, words
from web.accounts import guard
from web.office import history, maps, names
from web.office.blueprint import office
from web.office.menu import Room
from web.office.queue import Row, Tab, due_words, list_page
from web.presenters import labels, owners
from web.site import arguments
from web.site.attachments import attachment_answer
from web.site.forms import Choice, Form
from web.site.pictures import keep_sized

ROOM = Room(30, "office.reports", lazy_gettext("Reports"), Permission.REPORT_READ)

PAGE = 50


@office.get("/reports", Permission.REPORT_READ)
def reports() -> str:
    """The queue: those that wait, the longest first; or those that are judged, the latest first."""
    con = database.connection()
    judged = request.args.get("show") == "judged"
    tally = report_rows.tally(con)
    waiting = tally.get(ReportStatus.SENT.value, 0)
    total = sum(tally.values()) - waiting if judged else waiting
    page = arguments.page(request.args, total, PAGE)
    statuses = tuple(s.value for s in ReportStatus if (s is ReportStatus.SENT) != judged)
    found = report_rows.find(con, statuses, newest_first=judged, limit=PAGE, offset=page.offset)
    judged_count = sum(tally.values()) - waiting
    rows = [_row(report, is_first=number == 0 and not judged) for number, report in enumerate(found)]
    tabs = [
        Tab(gettext("Waiting"), url_for("office.reports"), waiting, not judged),
        Tab(gettext("Judged"), url_for("office.reports", show="judged"), judged_count, judged),
    ]
    return list_page(
        "office.reports", page, gettext("Reports"), _heading(waiting, judged=judged), rows, _empty(judged=judged),
        tabs=tabs, which=gettext("Which reports"), show="judged" if judged else None,
    )  # fmt: skip


def _heading(waiting: int, *, judged: bool) -> str:
    if judged:
        return gettext("Reports that are judged")
    if not waiting:
        return gettext("No report waits")
    return ngettext("%(n)s report waits", "%(n)s reports wait", waiting, n=words.figure(waiting))


def _empty(*, judged: bool) -> str:
    if judged:
        return gettext("No report has been judged yet.")
    said, form = gettext("When somebody tells of an empty place, it stands here."), gettext("See the form")
    return Markup('{} <a href="{}">{}</a>').format(said, url_for("public.report"), form)


def _row(report: Report, *, is_first: bool) -> Row:
    """What it tells, why it is here, when it is due, whether that is late."""
    settings = database.settings()
    sent = settings.today(report.sent_at or database.now())
    name, href = names.report(report), url_for("office.report", ref=report.ref)
    parts = [labels.term(ReportKind, report.kind), names.ago(sent)]
    if report.status != ReportStatus.SENT:
        parts.append(labels.term(ReportStatus, report.status))
        return Row(name, href, ", ".join(parts), gettext("Open"))
    if report.geometry is not None:
        parts.append(gettext("with a pin"))
    if report.limit:
        parts.append(gettext("less of it is seen until you judge"))
    due, late = due_words(answer_by(report, sent, settings.report_answer_days))
    press = gettext("Judge") if guard.may(Permission.REPORT_JUDGE) else gettext("Open")
    return Row(name, href, ", ".join(parts), press, due, late, is_first)


@office.get("/reports/<ref>", Permission.REPORT_READ)
def report(ref: str) -> ResponseReturnValue:
    """One report."""
    each = report_rows.get(database.connection(), ref)
    return _page(each, JudgeForm(each))


class JudgeForm(Form):
    """What is to become of a report: words to its sender, and the space that it tells of, known or new."""

    answer = TextAreaField()
    space_ref = StringField(
        lazy_gettext("Another space"),
        description=lazy_gettext("Its reference, like SP-0117"),
        render_kw=names.SPACE_FIELD,
    )
    kind = Choice(lazy_gettext("Kind"))
    name = StringField(lazy_gettext("Name"))
    address = StringField(lazy_gettext("Street and number"))

    def __init__(self, each: Report) -> None:
        super().__init__(data={"kind": each.space_kind or SpaceKind.BUILDING.value, "address": each.address or ""})
        self.kind.choices = labels.choices(SpaceKind, hints=True)
        self.answer.label.text, self.answer.description = _on_answering(each)

    @property
    def words(self) -> str | None:
        """What the sender is told; None when nothing was written."""
        return (self.answer.data or "").replace("\r\n", "\n").strip() or None

    def space(self, each: Report) -> Space:
        """The space as the judge described it; of the sender's own words only what stands here, or an offer's."""
        is_empty = each.kind in (ReportKind.VACANT, ReportKind.OFFER)
        return Space(
            kind=self.kind.data,
            name=(self.name.data or "").strip() or None,
            address=(self.address.data or "").strip() or None,
            occupancy=(Occupancy.VACANT if is_empty else Occupancy.UNKNOWN).value,
            **(_offered(each, self.kind.data) if each.kind == ReportKind.OFFER else {}),
        )


def _offered(each: Report, kind: str) -> dict[str, Any]:
    """What an owner's offer says of the space and its owner, by field of Space."""
    size = "plot_area_m2" if kind == SpaceKind.PLOT else "floor_area_m2"
    return {
        size: each.area_m2, "available_from": each.free_from, "location_level": each.level,
        "ownership": Ownership.PRIVATE.value, "internal_note": each.text, **owner_of(each),
    }  # fmt: skip


def _on_answering(each: Report) -> tuple[str, str]:
    """What the judge's words are for, and what to know while writing them."""
    if not each.may_be_answered:
        return gettext("Note on your judgement"), gettext(
            "The sender cannot be reached. It stays here, and is sent if they confirm their address later."
        )
    foreign = ""
    if each.language != words.locale().language:
        language = words.NAMES.get(each.language, each.language)
        foreign = gettext("They read %(language)s. Write in their language if you can.", language=language)
    return gettext("Your words to the sender"), f"{foreign} " + gettext(
        "A sentence on what came of it is sent in any case."
    )


def _page(each: Report, form: JudgeForm) -> ResponseReturnValue:
    con, settings = database.connection(), database.settings()
    sent = settings.today(each.sent_at or database.now())
    about = _space(each)
    return form.page(
        "office/report.html", report=each, name=names.report(each), names=names, labels=labels,
        due=due_words(answer_by(each, sent, settings.report_answer_days)), sent=sent,
        kind=labels.term(ReportKind, each.kind), status=labels.term(ReportStatus, each.status),
        space_kind=labels.term(SpaceKind, each.space_kind), likely=likely_spaces(con, each), space=about,
        map=maps.of_report(each) or (maps.of_space(about) if about else None),
        told=[history.tell(event) for event in event_rows.of(con, each.ref, "report")],
        waits=each.status == ReportStatus.SENT,
        may_judge=guard.may(Permission.REPORT_JUDGE), verbs=dict(verbs.buttons(REPORT_LIFECYCLE)),
        is_owners=each.kind == ReportKind.OWNER, is_offer=each.kind == ReportKind.OFFER,
        photos=[(url_for("office.report_photo", ref=each.ref, name=name), name) for name in each.photos],
        may_take=bool(about) and guard.may(Permission.SPACE_EDIT),
        wish=labels.term(OwnerWish, each.wish), level=owners.level_word(each.level),
    )  # fmt: skip


def _space(each: Report) -> Space | None:
    try:
        return space_rows.get(database.connection(), each.space_ref) if each.space_ref else None
    except NotFound:
        return None


@office.post("/reports/<ref>", Permission.REPORT_JUDGE, endpoint="report_judge")
def judge(ref: str) -> ResponseReturnValue:
    """Join it to a space, make a space of it, answer it, or open it again."""
    each = report_rows.get(database.connection(), ref)
    move, _, space_ref = request.form.get("do", "").partition(" ")
    if move not in REPORT_LIFECYCLE.moves:
        return redirect(url_for("office.report", ref=ref))
    form = JudgeForm(each)
    if not form.validate_on_submit():
        return _page(each, form)
    if move == "join" and not space_ref and not (space_ref := names.full_ref(form.space_ref.data or "")):
        form.take_issues([Issue.of("space_ref", "", "report.which_space")])
        return _page(each, form)
    with form.saying({NotFound: "space_ref"}, gettext("Nothing you pressed was done.")):
        judged = registry.judge_report(
            database.idle(), g.actor, ref, move, database.now(),
            space_ref=space_ref or None, space=form.space(each) if move == "make" else None, answer=form.words,
        )  # fmt: skip
        return _judged(judged, move)
    each = report_rows.get(database.connection(), ref)
    if form.refusals and each.judged_by == g.actor.name:
        return redirect(url_for("office.reports"))  # the same form, sent twice
    return _page(each, form)


def _judged(judged: Report, move: str) -> ResponseReturnValue:
    if move == "reopen":
        flash(verbs.done("report", move))
        return redirect(url_for("office.report", ref=judged.ref))
    told = " " + gettext("The sender gets a letter.") if judged.may_be_answered else ""
    flash(verbs.done("report", move, ref=judged.space_ref) + told)
    return redirect(url_for("office.space", ref=judged.space_ref) if move == "make" else url_for("office.reports"))


# ---- photos that came with it ---------------------------------------------------------------------------------


def _with_photo(ref: str, name: str) -> Report:
    """The report that has this photo.

    Raises:
        NotFound: none has.
    """
    each = report_rows.get(database.connection(), ref)
    if name not in each.photos:
        raise NotFound("attachment.not_found")
    return each


@office.get("/reports/<ref>/photos/<name>", Permission.REPORT_READ, endpoint="report_photo")
def photo(ref: str, name: str) -> Response:
    """One photo."""
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, _with_photo(ref, name).ref)


@office.post("/reports/<ref>/photos/<name>", Permission.SPACE_EDIT, endpoint="report_photo_take")
def take_photo(ref: str, name: str) -> ResponseReturnValue:
    """Add a photo to the space that the report is about; the office describes and looks at it there."""
    each = _with_photo(ref, name)
    path = attachments.path_of(database.register().home, name)
    if path is None or not each.space_ref:
        raise NotFound("attachment.not_found")
    sizes = keep_sized(sized_picture(path, gettext("The photo"), SIDES))
    picture = SpacePicture(space_ref=each.space_ref, name=sizes[-1]["jpg"], sizes=sizes)
    try:
        pictures.add_picture(database.idle(), g.actor, picture, database.now())
    except Conflict as error:
        flash(words.error_sentence(error))
        return redirect(url_for("office.report", ref=ref))
    flash(gettext("The photo is added. Say what it shows, and whether it may be seen."))
    return redirect(url_for("office.space_pictures", ref=each.space_ref))
