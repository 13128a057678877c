"""Each side says of the record of a hand-over that it agrees, or what it adds; the record itself never changes."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import SubmitField, TextAreaField

from tempuse.access import Actor, is_allowed
from tempuse.agreements import Handover
from tempuse.registry.permits import handing
from tempuse.registry.permits.mine import PartyPermit
from tempuse.store import agreements, organisations
from tempuse.vocabulary import HandoverWay, Permission
from web import database, words
from web.my.blueprint import my
from web.my.permits import acts
from web.my.permits.acts import PartyAct
from web.my.permits.changing import closed
from web.my.permits.page import PAGE, one
from web.presenters import handovers, permit_words
from web.site.forms import AtMost, Form


class RecordForm(Form):
    """A word to the record of a hand-over: yes, a remark, or both; what was said already is not asked again."""

    remarks = TextAreaField(
        lazy_gettext("Do you want to add something?"), validators=[AtMost(4000)],
        description=lazy_gettext("Something that is not as it stands here. You can add it once."),
    )  # fmt: skip
    agree = SubmitField(lazy_gettext("I agree"))
    remark = SubmitField(lazy_gettext("Send the remark alone"))

    def __init__(self, side: str, record: Handover) -> None:
        super().__init__()
        if getattr(record, f"remarks_{side}"):
            del self.remarks, self.remark
        if getattr(record, f"agreed_by_{side}_at"):
            del self.agree

    @property
    def words(self) -> str | None:
        """What was added."""
        return (self.remarks.data or "").replace("\r\n", "\n").strip() or None if "remarks" in self else None

    @property
    def agrees(self) -> bool:
        """Whether the button was the yes."""
        return "agree" in self and bool(self.agree.data)


def _acts(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    """A record waits for a side that has said nothing; what came from a list of the past waits for nobody."""
    permit = mine.permit
    if not is_allowed(actor, Permission.PERMIT_SIGN, permit) or handing.side_of(actor, permit) != mine.side:
        return []
    found = []
    for number, each in enumerate(agreements.handovers_of(database.connection(), permit.ref), start=1):
        agreed, said = getattr(each, f"agreed_by_{mine.side}_at"), getattr(each, f"remarks_{mine.side}")
        if not (agreed and said):
            href = url_for("auth.permit_handover", ref=permit.ref, number=number)
            waits = not (agreed or said or permit.source)
            found.append(PartyAct(f"handover_{number}", _button(each, agreed=bool(agreed)), href, waits=waits))
    return found


acts.MORE.append(_acts)


def _button(record: Handover, *, agreed: bool) -> str:
    over = record.way == HandoverWay.OVER
    if agreed:
        return gettext("Add to the record of the hand-over") if over else gettext("Add to the record of the return")
    return gettext("Agree to the record of the hand-over") if over else gettext("Agree to the record of the return")


@my.route(
    f"{PAGE}/keys/<int:number>", Permission.MY_EDIT, endpoint="permit_handover", methods=["GET", "POST"]
)  # fmt: skip
def handover(ref: str, number: int) -> ResponseReturnValue:
    """One record of keys, and the word of one's own side on it."""
    each, con = one(ref), database.connection()
    permit = each.permit
    kept = agreements.handover_of(con, permit.ref, number) if number < 1000 else None
    if kept is None or not any(act.name == f"handover_{number}" for act in acts.acts_of(each, g.actor)):
        return closed(permit.ref)
    record, form = kept[1], RecordForm(each.side, kept[1])
    if form.validate_on_submit():
        with form.saying():
            handing.answer_handover(
                database.idle(), g.actor, permit.ref, number, database.now(), agrees=form.agrees, remarks=form.words
            )  # fmt: skip
            flash(gettext("You agreed to the record.") if form.agrees else gettext("Your remark stands beside it."))
            return redirect(url_for(".permit", ref=permit.ref))
    over = record.way == HandoverWay.OVER
    heading = gettext("The keys were handed over on %(day)s") if over else gettext("The keys came back on %(day)s")
    holder = organisations.find_one(database.connection(), permit.holder_ref or "")
    return form.page(
        "my/permits/handover.html", permit=permit, written=record, handover_words=handovers,
        heading=heading % {"day": words.day(record.on)}, places=permit_words.places(permit, each.side),
        group=holder.name if holder else permit.holder_name,
    )  # fmt: skip
