"""A permit within a permit: the office gives a request to whoever holds the space, and sees what lies within one."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse.registry.permits import subletting
from tempuse.store import permits as permit_rows
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission
from web import database
from web.office.blueprint import office
from web.office.permits import called, sections
from web.office.permits.acting import ActForm, act_page
from web.office.permits.sections import PermitSection
from web.presenters import terms as terms_words
from web.site.forms import Choice


class HeadForm(ActForm):
    """Within which permit."""

    head = Choice(lazy_gettext("Who holds the space?"))

    def __init__(self, heads: list[Ruled]) -> None:
        super().__init__(data={"head": heads[0].permit.ref if heads else ""})
        self.head.choices = [
            (each.permit.ref, f"{called.group(each.permit)} ({each.permit.ref})", terms_words.period(each.terms))
            for each in heads
        ]  # fmt: skip


@office.route(
    "/permits/<ref>/give-to-holder", Permission.PERMIT_DECIDE, endpoint="permit_hand_to_head", methods=["GET", "POST"]
)
def hand_to_head(ref: str) -> ResponseReturnValue:
    """Let whoever holds the space decide about a request."""
    form = HeadForm(subletting.heads_for(database.connection(), ref))

    def give() -> str:
        subletting.hand_to_head(database.idle(), g.actor, ref, form.head.data or "", database.now())
        return gettext("Given to whoever holds the space. They decide now.")

    return act_page(
        ref, "hand_to_head", form, give, heading=gettext("Give it to whoever holds the space"),
        verb=gettext("Give it to them"),
        lead=gettext("They have these days already, and let others use the space. They decide, and you still see it."),
    )  # fmt: skip


def _section(con: Connection, each: Ruled) -> PermitSection | None:
    """What is given within a permit, or asked for there."""
    found = permit_rows.ruled(con, permit_rows.rows.table.c.head_ref == each.permit.ref)
    called.warm([one.permit for one in found])
    return PermitSection("office/permits/_within.html", {"within": found}) if found else None


sections.SECTIONS.append(_section)
