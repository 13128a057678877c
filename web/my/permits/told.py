"""What happened to a permit, as its parties read it: never who in the office, and only what all parties may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.permits import Permit
from tempuse.store import events
from tempuse.vocabulary import Party
from web import database

# By what was done: further parts of permits add what all parties may read of theirs.
SEEN: dict[str, LazyString] = {
    "draft": lazy_gettext("The request was written."),
    "submit": lazy_gettext("The request arrived at the city."),
    "edit": lazy_gettext("The request was changed."),
    "ask": lazy_gettext("The city asked a question."),
    "answer": lazy_gettext("The question was answered."),
    "propose_terms": lazy_gettext("The city proposed other terms."),
    "assent": lazy_gettext("The owner answered."),
    "approve": lazy_gettext("The city approved it."),
    "refuse": lazy_gettext("The city said no."),
    "reconsider": lazy_gettext("The city looks at it anew."),
    "signature": lazy_gettext("One side signed."),
    "sign": lazy_gettext("Both sides have signed."),
    "withdraw": lazy_gettext("The group took it back."),
    "call_off": lazy_gettext("The group called it off."),
    "revoke": lazy_gettext("The city took its approval back."),
    "hand_over": lazy_gettext("The keys were handed over."),
    "carry_over": lazy_gettext("It goes on from the permit before, with its keys."),
    "adopt": lazy_gettext("New terms are in force."),
    "end_early": lazy_gettext("It was said that it ends earlier."),
    "hand_back": lazy_gettext("The keys came back."),
    "handover_agreed": lazy_gettext("One side agreed to the record of the keys."),
    "handover_remarked": lazy_gettext("One side added a remark to the record of the keys."),
    "file_sent": lazy_gettext("The group sent a file."),
    "file_removed": lazy_gettext("The group took a file back."),
    "continue": lazy_gettext("It goes on in another permit."),
    "condition_kept": lazy_gettext("A condition was looked at: it is kept."),
    "condition_broken": lazy_gettext("A condition was looked at: it is not kept."),
    "afterlife": lazy_gettext("What came of it was written down."),
}
# Whose reason is for both sides; that of a refusal and of an approval is for the group alone.
_FOR_BOTH = frozenset({"call_off", "revoke", "end_early"})
_FOR_HOLDER = frozenset({"approve", "refuse", "reconsider"}) | _FOR_BOTH
_ANSWERS = (lazy_gettext("The owner said yes."), lazy_gettext("The owner said no."))


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One thing that happened, in a sentence, with the reason where it is theirs to read."""

    at: datetime
    said: str
    why: str


def told(permit: Permit, side: str) -> list[ToldEvent]:
    """What happened to a permit, the latest first."""
    mine = _FOR_HOLDER if side == Party.HOLDER else _FOR_BOTH
    found = []
    for event in events.of(database.connection(), permit.ref, "permit"):
        if event.what in SEEN:
            said = str(SEEN[event.what])
            yes = (event.changes or {}).get("says_yes")
            if event.what == "assent" and yes:
                said = str(_ANSWERS[0] if yes[1] else _ANSWERS[1])
            found.append(ToldEvent(event.at, said, (event.note or "") if event.what in mine else ""))
    return found


def of_party(party: str) -> str:
    """For which side somebody signed."""
    return gettext("for the group") if party == Party.HOLDER else gettext("for the grantor")
