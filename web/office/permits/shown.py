"""What everybody reads of a permit, and what neighbours told of it: a block of its page, and a form to change it."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, TextAreaField

from tempuse.access import is_allowed
from tempuse.permits import ENDED, Permit
from tempuse.registry.permits.carrying import chain_before
from tempuse.registry.permits.showing import show_use
from tempuse.store import published
from tempuse.store import reports as report_rows
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import LocationLevel, Permission, PermitStatus, ReportKind, ReportStatus
from web import database
from web.office import names
from web.office.blueprint import office
from web.office.permits import acting, sections
from web.office.permits.acting import ActForm, act_page
from web.office.permits.sections import PermitSection
from web.presenters import cards, labels, uses
from web.site.forms import AtMost, Choice

_LONGEST = 4000
_NEVER = tuple(status for status in ENDED if status != PermitStatus.HANDED_BACK)


class ShownForm(ActForm):
    """What everybody may read."""

    unlisted = BooleanField(
        lazy_gettext("Show nothing of it to anybody"),
        description=lazy_gettext("For a shelter, or whoever has to fear being found."),
    )
    location_level = Choice(
        lazy_gettext("How precisely?"),
        description=lazy_gettext("Its spaces may show less; then less is shown."),
    )
    purpose_released = TextAreaField(
        lazy_gettext("What everybody reads of it"), validators=[AtMost(_LONGEST)],
        description=lazy_gettext("The group’s own words are for you. Write here what may be public."),
    )  # fmt: skip

    def __init__(self, permit: Permit) -> None:
        super().__init__(data={
            "unlisted": permit.unlisted, "location_level": permit.location_level or "",
            "purpose_released": permit.purpose_released or "",
        })  # fmt: skip
        as_spaces = gettext("As precisely as its spaces")
        self.location_level.choices = labels.choices(LocationLevel, empty=as_spaces)


@office.route("/permits/<ref>/shown", Permission.PERMIT_DECIDE, endpoint="permit_show", methods=["GET", "POST"])
def show(ref: str) -> ResponseReturnValue:
    """Say what everybody reads of it."""
    form = ShownForm(acting.ruled(ref).permit)
    return act_page(
        ref, "show", form,
        lambda: show_use(
            database.idle(), g.actor, ref, database.now(), unlisted=bool(form.unlisted.data),
            location_level=form.location_level.data or None,
            purpose_released=(form.purpose_released.data or "").replace("\r\n", "\n").strip() or None,
            revision=form.seen,
        ),
        heading=gettext("What everybody reads"),
    )  # fmt: skip


def section(con: Connection, each: Ruled) -> PermitSection | None:
    """What is public of it, and what was told of it and of what it goes on from: that counts when it is to go on."""
    permit = each.permit
    chain = [permit.ref, *(earlier.ref for earlier in chain_before(con, permit))]
    told = [
        {
            "href": url_for("office.report", ref=report.ref), "name": names.report(report), "at": report.sent_at,
            "kind": labels.term(ReportKind, report.kind), "state": labels.term(ReportStatus, report.status),
            "may_open": is_allowed(g.actor, Permission.REPORT_READ),
        }
        for report in report_rows.of_uses(con, chain)
    ]  # fmt: skip
    if permit.status in _NEVER and not told:
        return None
    text = published.feature(con, "uses", permit.ref)
    shown = cards.of_feature(text) if text else None
    return PermitSection("office/permits/_shown.html", {
        "told": told, "shown": shown, "title": uses.title(shown) if shown else "", "is_over": permit.status in _NEVER,
        "level": labels.term(LocationLevel, shown["location_level"]) if shown else "",
        "may": is_allowed(g.actor, Permission.PERMIT_DECIDE, permit),
    })  # fmt: skip


sections.SECTIONS.append(section)
