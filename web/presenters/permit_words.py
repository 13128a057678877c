"""A permit in words for its parties: where it stands, whose turn it is, in which places.

Each side reads what is theirs to read: the office's remarks, other requesters, departments and an owner whom nobody has
agreed with yet stand in none of this.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.errors import NotFound
from tempuse.permit_kinds import kind_named
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.standing import PermitStanding, Stop, decide_by_on
from tempuse.store import published, spaces
from tempuse.store.engine import Connection
from tempuse.vocabulary import PermitStatus
from web import database, words
from web.presenters import cards

UNDECIDED = frozenset({*OPEN, PermitStatus.DRAFT, PermitStatus.REFUSED, PermitStatus.WITHDRAWN})
HOLDER, GRANTOR, CITY = "holder", "grantor", "office"
_S = PermitStatus

# For how long the clock of a request stood still, by its ref: each part of permits that stops it adds a function.
STOPS: list[Callable[[Connection, str], list[Stop]]] = []

_STATES: dict[str, LazyString] = {
    _S.DRAFT: lazy_gettext("It is not sent yet: the e-mail address is to be confirmed."),
    _S.SUBMITTED: lazy_gettext("The city has the request. Nobody has taken it up yet."),
    _S.UNDER_REVIEW: lazy_gettext("The city looks at the request."),
    _S.INFORMATION_REQUESTED: lazy_gettext("The city asked something and waits for the answer."),
    _S.APPROVED: lazy_gettext("It is approved. The days are kept free for it."),
    _S.SIGNED: lazy_gettext("Both sides have signed. The keys come next."),
    _S.HANDED_BACK: lazy_gettext("It is over: the keys are back."),
    _S.REFUSED: lazy_gettext("The city said no."),
    _S.WITHDRAWN: lazy_gettext("It was taken back."),
    _S.REVOKED: lazy_gettext("The city took its approval back."),
}


_ASKED = {
    "noise": lazy_gettext("What will be heard outside?"), "insurance": lazy_gettext("Insured for damage to others"),
    "budget": lazy_gettext("What can you pay, and from what?"),
}  # fmt: skip


def answers(permit: Permit) -> list[tuple[str, str]]:
    """What the kind asked besides, each with what the group said."""
    yes_no = {"yes": gettext("yes"), "no": gettext("no")}
    return [
        (str(_ASKED.get(name, name)), yes_no.get(said, said) if name == "insurance" else said)
        for name, said in permit.answers.items()
    ]


def state(permit: Permit, stands: PermitStanding) -> str:
    """Where it stands, in a sentence."""
    if permit.status != _S.HANDED_OVER:
        return str(_STATES.get(permit.status, ""))
    last = words.day(stands.last_on)
    if stands.state == "overdue":
        return gettext("It ended on %(day)s, and the keys are not back yet.", day=last)
    if stands.state == "ended":
        return gettext("It goes on in %(ref)s.", ref=permit.continued_by_ref)
    if stands.state == "upcoming":
        return gettext("The keys are handed over. The use has not begun yet.")
    return gettext("In use until %(day)s.", day=last)


def turn(permit: Permit, stands: PermitStanding, side: str) -> str:
    """Whose turn it is, as one side reads it; empty when nobody's."""
    if not stands.turn:
        return ""
    if stands.turn == side:
        return gettext("It is your turn.")
    return {
        HOLDER: gettext("It is the group’s turn."), CITY: gettext("It is the city’s turn."),
        GRANTOR: gettext("It is the owner’s turn."),
    }[stands.turn]  # fmt: skip


def answer_by(permit: Permit) -> date | None:
    """By when the city answers; None for what does not wait for an answer."""
    if permit.status not in OPEN or permit.submitted_at is None:
        return None
    settings = database.settings()
    kind = kind_named(settings.permit_kinds, permit.kind)
    stops = [stop for found in STOPS for stop in found(database.connection(), permit.ref)]
    return decide_by_on(settings.today(permit.submitted_at), kind.decision_days, stops, database.today())


def places(permit: Permit, side: str) -> list[tuple[str, str]]:
    """The spaces, as ref and name. A group reads of a space what everybody does, until it is approved."""
    knows_all = side != HOLDER or permit.status in (*CLAIMING, _S.HANDED_BACK)
    return [(ref, _name(ref, knows_all=knows_all)) for ref in permit.space_refs]


def _name(ref: str, *, knows_all: bool) -> str:
    con = database.connection()
    if knows_all:
        try:
            space = spaces.get(con, ref)
        except NotFound:
            return ref
        return ", ".join(filter(None, (space.name, space.address))) or ref
    text = published.feature(con, "spaces", ref)
    shown = cards.of_feature(text) if text else {}
    return cards.title(shown) if shown.get("kind") else ref
