"""The mandates of a mediator: listed on its page, given, changed, taken back; who may mediate a space, on that one's.

Nobody sees any of it before an organisation is a mediator.
"""

from __future__ import annotations

import re
import secrets
from typing import Any, NamedTuple

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField, TextAreaField

from tempuse.errors import NotFound
from tempuse.fields import fields_of
from tempuse.mandates import MOST_SPACES, Mandate
from tempuse.organisations import Organisation
from tempuse.registry import mandates as registry
from tempuse.store import events as event_rows
from tempuse.store import mandates as rows
from tempuse.store import organisations as organisation_rows
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import OrganisationKind, Permission
from web import database
from web.office import history, names
from web.office.blueprint import office
from web.presenters import mandates as mandate_words
from web.site import arguments
from web.site.attachments import attachment_answer
from web.site.forms import AtMost, Day, Form, Needed
from web.site.pictures import Paper

_EDIT = Permission.ORGANISATION_EDIT
_METHODS = ["GET", "POST"]


def _flag(name: str) -> BooleanField:
    return BooleanField(lazy_gettext(fields_of(Mandate)[name]["word"]))


class MandateForm(Form):
    """Over which spaces, from when until when, and what the mediator may do."""

    space_refs = TextAreaField(
        lazy_gettext("Over which spaces?"), validators=[Needed(), AtMost(20 * MOST_SPACES)],
        description=lazy_gettext("Their references, like SP-0117. A mandate over a building is one over what lies "
                                 "within it."),
    )  # fmt: skip
    may_visit, may_propose, may_head = map(_flag, mandate_words.ALLOWS)
    from_on = Day(lazy_gettext("From which day?"), validators=[Needed()])
    until_on = Day(
        lazy_gettext("Until which day?"),
        description=lazy_gettext("This day belongs to it. Leave it empty if it lasts until somebody takes it back."),
    )
    document = Paper(lazy_gettext("The signed paper, if you have it as a file"))
    form_token = HiddenField()
    revision = HiddenField()

    def __init__(self, mandate: Mandate | None = None) -> None:
        shown: dict[str, Any] = {"form_token": secrets.token_hex(12), "from_on": database.today().isoformat()}
        if mandate is not None:
            shown |= {name: getattr(mandate, name) for name in (*mandate_words.ALLOWS, "revision")}
            shown["space_refs"] = "\n".join(mandate.space_refs)
            for name in ("from_on", "until_on"):
                day = getattr(mandate, name)
                shown[name] = day.isoformat() if day else ""
        super().__init__(data=shown)

    def values(self) -> dict[str, Any]:
        """The fields of a mandate as they were written; the paper where one was sent."""
        told = [names.full_ref(each) for each in re.split(r"[\s,;]+", self.space_refs.data or "") if each]
        values: dict[str, Any] = {"space_refs": tuple(told), "from_on": self.from_on.day, "until_on": self.until_on.day}
        values |= {name: bool(self[name].data) for name in mandate_words.ALLOWS}
        return values | ({"document": kept} if (kept := self.document.keep()) else {})


# ---- on the page of the organisation, and on that of a space --------------------------------------------------


class MandateLine(NamedTuple):
    """A mandate on its mediator's page; ``spaces`` are pairs of ref and name."""

    mandate: Mandate
    lasts: str
    allows: list[str]
    spaces: list[tuple[str, str]]
    is_over: bool


def has_any(organisation: Organisation) -> bool:
    """Whether the page of an organisation has a part for mandates at all."""
    is_mediator = OrganisationKind.MEDIATOR in organisation.kinds
    return is_mediator or bool(rows.of_mediator(database.connection(), organisation.ref))


def lines(organisation: Organisation) -> list[MandateLine]:
    """Its mandates, those that are over among them; the latest first."""
    con, today = database.connection(), database.today()
    held = rows.of_mediator(con, organisation.ref)
    refs = list(dict.fromkeys(ref for each in held for ref in each.space_refs))
    called = {space.ref: names.space(space) for _, space in space_rows.numbered(con, refs)} if refs else {}
    return [
        MandateLine(
            each, mandate_words.lasts(each), mandate_words.allows(each),
            [(ref, called.get(ref, ref)) for ref in each.space_refs], each.is_over(today),
        )
        for each in held
    ]  # fmt: skip


def told(organisation: Organisation) -> list[history.EventInWords]:
    """What happened to an organisation and to its mandates, the latest first."""
    con = database.connection()
    found = list(event_rows.of(con, organisation.ref, "organisation"))
    for each in rows.of_mediator(con, organisation.ref):
        found += event_rows.of(con, each.ref, "mandate")
    return [history.tell(event) for event in sorted(found, key=lambda event: event.id, reverse=True)]


def of_space(ref: str) -> list[tuple[str, str, str]]:
    """Who may mediate a space today: the organisation's ref and name, and for how long."""
    con = database.connection()
    found = registry.mandates_over(con, ref, database.today())
    known = organisation_rows.by_refs(con, {each.mediator_ref for each in found})
    return [(each.mediator_ref, known[each.mediator_ref].name, mandate_words.lasts(each)) for each in found]


# ---- giving, changing, taking back ----------------------------------------------------------------------------


def _of(ref: str, mandate: str) -> Mandate:
    """A mandate of this organisation."""
    found = rows.get(database.connection(), mandate)
    if found.mediator_ref != ref:
        raise NotFound("mandate.not_found", ref=mandate[:20])
    return found


def _back(ref: str) -> str:
    return f"{url_for('office.organisation', ref=ref)}#mandates"


@office.route("/organisations/<ref>/mandates/new", _EDIT, endpoint="mandate_new", methods=_METHODS)
def new(ref: str) -> ResponseReturnValue:
    """Give a mediator a mandate."""
    organisation, form = organisation_rows.get(database.connection(), ref), MandateForm()
    if request.method == "GET" and (space := request.args.get("space")):
        form.space_refs.data = names.full_ref(space[:20])
    if form.validate_on_submit():
        with form.saying():
            given = Mandate(mediator_ref=ref, **form.values())
            registry.give_mandate(database.idle(), g.actor, given, database.now(), form.form_token.data)
            flash(gettext("Saved."))
            return redirect(_back(ref))
    return form.page("office/organisations/mandate.html", organisation=organisation, mandate=None)


@office.route("/organisations/<ref>/mandates/<mandate>", _EDIT, endpoint="mandate_edit", methods=_METHODS)
def edit(ref: str, mandate: str) -> ResponseReturnValue:
    """Change a mandate."""
    held = _of(ref, mandate)
    organisation, form = organisation_rows.get(database.connection(), ref), MandateForm(held)
    if form.validate_on_submit():
        with form.saying():
            registry.change_mandate(
                database.idle(), g.actor, mandate, form.values(), database.now(),
                revision=arguments.whole(request.form, "revision", 1, 10**9, None),
            )  # fmt: skip
            flash(gettext("Saved."))
            return redirect(_back(ref))
    return form.page("office/organisations/mandate.html", organisation=organisation, mandate=held)


@office.post("/organisations/<ref>/mandates/<mandate>/end", _EDIT, endpoint="mandate_end")
def end(ref: str, mandate: str) -> ResponseReturnValue:
    """Take a mandate back."""
    _of(ref, mandate)
    registry.end_mandate(database.idle(), g.actor, mandate, database.now())
    flash(gettext("Taken back. It allows nothing any more."))
    return redirect(_back(ref))


@office.get(
    "/organisations/<ref>/mandates/<mandate>/paper", Permission.ORGANISATION_READ, endpoint="mandate_paper"
)  # fmt: skip
def paper(ref: str, mandate: str) -> ResponseReturnValue:
    """The scan of the signed paper."""
    held = _of(ref, mandate)
    if held.document is None:
        raise NotFound("attachment.not_found")
    digest, _, ending = held.document.partition(".")
    return attachment_answer(digest, ending, held.ref)
