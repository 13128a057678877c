"""Neighbours on the office's page of a permit: told by a notice, its sheet to post up, their comments answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import abort, flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import TextAreaField

from tempuse.checks import Notice, window_of
from tempuse.registry.permits import noticing
from tempuse.store import checks
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission
from web import database
from web.letters import writing
from web.office.blueprint import office
from web.office.permits import acting, called, sections
from web.office.permits.acting import ActForm, act_page
from web.office.permits.acts import may
from web.office.permits.sections import PermitSection
from web.site.forms import AtMost, Day, Needed

_DECIDE = Permission.PERMIT_DECIDE
_USUAL_DAYS = 14


class NeighboursForm(ActForm):
    """From when to when neighbours may comment, and what they read."""

    opens_on = Day(lazy_gettext("From"), validators=[Needed()])
    closes_on = Day(
        lazy_gettext("Until"), validators=[Needed()], description=lazy_gettext("This day belongs to the time.")
    )
    text = TextAreaField(
        lazy_gettext("What do the neighbours read?"), validators=[Needed(), AtMost(4000)],
        description=lazy_gettext("Whoever has the address of the page reads this. Name nobody who would not want it."),
    )  # fmt: skip


class CommentAnswerForm(ActForm):
    """An answer, and what others may read of the comment."""

    answer = TextAreaField(lazy_gettext("Your answer"), validators=[Needed(), AtMost(4000)])
    released_text = TextAreaField(
        lazy_gettext("What others may read of the comment"), validators=[AtMost(4000)],
        description=lazy_gettext("It stands on the notice’s page, with your answer. Leave out names, addresses and "
                                 "health. Empty: nobody reads it, nor the answer. The comment itself stays."),
    )  # fmt: skip


def secret_of(ref: str, opened_at: datetime) -> str:
    """What stands in the address of a notice's page; whoever holds the home's key makes it again."""
    return writing.secret_about(f"notice {ref} {opened_at:%Y%m%dT%H%M%S}")


def page_of(notice: Notice) -> str:
    """The full address of a notice's page."""
    assert notice.opened_at is not None  # each was opened
    return writing.address_of("public.notice", secret=secret_of(notice.permit_ref, notice.opened_at))


@office.route("/permits/<ref>/notice", _DECIDE, endpoint="permit_notice", methods=["GET", "POST"])
def tell(ref: str) -> ResponseReturnValue:
    """Tell the neighbours."""
    each, now, today = acting.ruled(ref), database.now(), database.today()
    days = called.kind(each.permit).notice_days or _USUAL_DAYS
    form = NeighboursForm(data={
        "opens_on": (today + timedelta(days=1)).isoformat(), "closes_on": (today + timedelta(days=days)).isoformat(),
        "text": each.permit.purpose_released or "",
    })  # fmt: skip
    notice = Notice(opens_on=form.opens_on.day, closes_on=form.closes_on.day, text=(form.text.data or "").strip())
    secret = secret_of(ref, now)
    return act_page(
        ref, "notice", form,
        lambda: noticing.open_notice(database.idle(), g.actor, ref, notice, now, secret=secret, revision=form.seen)
        and gettext("Written down. Now post the sheet up, or send its address round."),
        heading=gettext("Tell the neighbours"), verb=gettext("Tell the neighbours"),
    )  # fmt: skip


def _one(ref: str, number: int) -> Notice:
    found = next((each for each in checks.notices_of(database.connection(), ref) if each.number == number), None)
    if found is None:
        abort(404)
    return found


@office.post("/permits/<ref>/notices/<int:number>/posted", _DECIDE, endpoint="permit_notice_posted")
def posted(ref: str, number: int) -> ResponseReturnValue:
    """Write down that a sheet was posted up today."""
    noticing.note_posted(database.idle(), g.actor, ref, number, database.today(), database.now())
    flash(gettext("Written down."))
    return redirect(acting.to(ref))


@office.get("/permits/<ref>/notices/<int:number>/sheet", Permission.PERMIT_READ, endpoint="permit_notice_sheet")
def sheet(ref: str, number: int) -> ResponseReturnValue:
    """The sheet to post up: what neighbours read, both days, and the address of the page."""
    notice = _one(ref, number)
    window = window_of(checks.notices_of(database.connection(), ref))
    return render_template(
        "office/permits/sheet.html", notice=notice, window=window, address=page_of(notice),
        permit=acting.ruled(ref).permit,
    )  # fmt: skip


@office.route("/permits/<ref>/comments/<int:number>", _DECIDE, endpoint="permit_comment", methods=["GET", "POST"])
def comment(ref: str, number: int) -> ResponseReturnValue:
    """Answer a comment."""
    found = next((each for each in checks.comments_of(database.connection(), ref) if each.number == number), None)
    if found is None:
        abort(404)
    form = CommentAnswerForm(data={"answer": found.answer, "released_text": found.released_text})
    return act_page(
        ref, "comment", form,
        lambda: noticing.answer_comment(
            database.idle(), g.actor, ref, number, database.now(), form.answer.data or "",
            released_text=form.released_text.data,
        ) and gettext("Answered."),
        template="office/permits/comment.html", heading=gettext("Answer a comment"), comment=found,
    )  # fmt: skip


def section(con: Connection, each: Ruled) -> PermitSection | None:
    """The notices with their pages and sheets, and what neighbours wrote; nothing where nobody was told."""
    notices = checks.notices_of(con, each.permit.ref)
    if not notices:
        return None
    window = window_of(notices)
    return PermitSection("office/permits/_notices.html", {
        "notices": [(notice, page_of(notice)) for notice in notices], "window": window,
        "is_over": window is not None and window.is_over(database.today()),
        "comments": checks.comments_of(con, each.permit.ref), "may": may(g.actor, _DECIDE, each.permit),
    })  # fmt: skip


sections.SECTIONS.append(section)
