"""The same act on several permits, with a look at what will happen and who will be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import TextAreaField

from tempuse.registry.permits import several as registry
from tempuse.registry.permits.several import ENDS_BY, REMINDABLE, DoneTo
from tempuse.store import permits as permit_rows
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission
from web import database, words
from web.office.blueprint import office
from web.office.permits import called, listing
from web.presenters import permits as stand
from web.site.forms import AtMost, Choice, Day, Form

MOST = 200
_ACTS = {
    "remind": lazy_gettext("Remind the groups"),
    "assign": lazy_gettext("Let somebody else handle them"),
    "end": lazy_gettext("End them with their space"),
}


@dataclass(slots=True)
class Ahead:
    """What an act on several permits will do: to each what, and who is told; and which stay as they are."""

    act: str
    does: list[tuple[Ruled, str]] = field(default_factory=list)
    stays: list[Ruled] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


class SeveralForm(Form):
    """What the act needs."""

    handler = Choice(lazy_gettext("Who handles them?"), look="list", strict=False)
    on = Day(lazy_gettext("Last day of those in use"))
    because = TextAreaField(
        lazy_gettext("Why?"), validators=[AtMost(4000)], description=lazy_gettext("The groups read this.")
    )

    def __init__(self, act: str) -> None:
        super().__init__()
        self.handler.choices = [("", gettext("Nobody")), *listing.handlers()]
        for name in {"remind": ("handler", "on", "because"), "assign": ("on", "because"), "end": ("handler",)}[act]:
            delattr(self, name)

    def is_whole(self) -> bool:
        """Whether everything is there; what is not is said beside its field."""
        if "because" in self and not (self.because.data or "").strip():
            self.say("because", gettext("This is needed."))
        if "on" in self and self.on.day is None and not self.on.errors:
            self.say("on", gettext("This is needed."))
        return not self.mending()


@office.post("/permits/several", Permission.PERMIT_DECIDE, endpoint="permits_several")
def several() -> ResponseReturnValue:
    """The page that says what will happen to the chosen permits; and, at its button, do it."""
    act, refs = request.form.get("act", ""), _chosen()
    if act not in _ACTS or not refs:
        flash(gettext("Choose what to do with them.") if refs else gettext("Tick the permits first."))
        return redirect(url_for("office.permits"))
    ahead, form = look_ahead(act, refs), SeveralForm(act)
    if (go := request.form.get("go")) is not None and ahead.does:
        if go != _seen(ahead):
            form.refuse(gettext("Somebody changed one of them meanwhile. Nothing was done yet. Look again."), 409)
        elif form.validate_on_submit() and form.is_whole():
            return _said(_do(act, ahead, form))
    elif act == "end" and not form.on.data:
        form.on.data = database.today().isoformat()
    return form.page(
        "office/permits/several.html", ahead=ahead, heading=str(_ACTS[act]), refs=refs, go=_seen(ahead), called=called,
        stand=stand,
    )  # fmt: skip


def _chosen() -> list[str]:
    texts = request.form.getlist("ref") + request.form.get("refs", "").split()
    return list(dict.fromkeys(texts))[:MOST]


def _seen(ahead: Ahead) -> str:
    """What the page showed: where each of them stood."""
    return " ".join(f"{each.permit.ref}:{each.permit.revision}" for each, _ in ahead.does)


def look_ahead(act: str, refs: Sequence[str]) -> Ahead:
    """What the act will do to each of these permits, and who will be told."""
    found = permit_rows.ruled(database.connection(), permit_rows.rows.table.c.ref.in_(list(refs)))
    called.warm([each.permit for each in found])
    ahead = Ahead(act)
    for each in found:
        does = _does(act, each)
        if does:
            ahead.does.append((each, does))
        else:
            ahead.stays.append(each)
    if act != "assign":
        told = [called.group(each.permit) for each, _ in ahead.does]
        if act == "end":
            told += [called.grantor(each.permit) for each, _ in ahead.does if each.permit.grantor_ref]
        ahead.told = list(dict.fromkeys(told))
    return ahead


def _does(act: str, each: Ruled) -> str:
    status = each.permit.status
    if act == "remind":
        return gettext("gets a reminder") if status in REMINDABLE else ""
    if act == "assign":
        return gettext("gets another handler")
    return {
        "refuse": gettext("is refused"),
        "revoke": gettext("is revoked"),
        "end_early": gettext("ends early; the keys still come back"),
    }.get(ENDS_BY.get(status, ""), "")


def _do(act: str, ahead: Ahead, form: Any) -> list[DoneTo]:
    con, now = database.idle(), database.now()
    refs = [each.permit.ref for each, _ in ahead.does]
    if act == "remind":
        return registry.remind_several(con, g.actor, refs, now)
    if act == "assign":
        return registry.assign_several(con, g.actor, refs, form.handler.data or None, now)
    standing = {each.permit.ref: each.permit.status for each, _ in ahead.does}
    return registry.end_with_space(con, g.actor, standing, form.on.day, form.because.data.strip(), now)


def _said(done: list[DoneTo]) -> ResponseReturnValue:
    well = sum(each.error is None for each in done)
    said = ngettext("%(n)s permit: done.", "%(n)s permits: done.", well, n=words.figure(well))
    for each in done:
        if each.error is not None:
            said += f" {each.ref}: {words.error_sentence(each.error)}"
    flash(said)
    return redirect(url_for("office.permits", show="all"))
