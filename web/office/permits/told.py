"""What happened to a permit, in words: its history, its letters, its signatures and decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext

from tempuse.store import events as event_rows
from tempuse.store import organisations, permit_lists
from tempuse.vocabulary import EarlyEnd, LetterStatus, Outcome, Party, Verdict
from web import database, words
from web.office import history
from web.office.permits import called
from web.presenters import labels


class LetterInWords(NamedTuple):
    """A letter: what it says, to whom, when, and where it stands."""

    about: str
    to: str
    at: datetime
    state: str
    failed: bool


_ABOUT = {
    "permit_confirm": lazy_gettext("Please confirm your request"),
    "permit_received": lazy_gettext("We have your request"),
    "permit_to_review": lazy_gettext("A request came in"),
    "permit_withdrawn": lazy_gettext("The request was taken back"),
    "permit_called_off": lazy_gettext("The use was called off"),
    "permit_approved": lazy_gettext("Approved"),
    "permit_refused": lazy_gettext("Refused"),
    "permit_reconsidered": lazy_gettext("In review again"),
    "permit_revoked": lazy_gettext("Revoked"),
    "permit_assent": lazy_gettext("Do you agree to these terms?"),
    "permit_assented": lazy_gettext("The owner’s word"),
    "permit_proposed": lazy_gettext("Other terms are proposed"),
    "permit_changed": lazy_gettext("Other terms rule"),
    "permit_signed": lazy_gettext("Signed by both sides"),
    "permit_handed_over": lazy_gettext("The keys were handed over"),
    "permit_handed_back": lazy_gettext("The keys are back"),
    "permit_ended_early": lazy_gettext("It ends earlier"),
    "permit_condition_broken": lazy_gettext("A condition was broken"),
    "permit_handover_remark": lazy_gettext("A remark on the record of the keys"),
    "permit_reminder": lazy_gettext("A reminder"),
    "permit_question": lazy_gettext("A question"),
    "permit_answered": lazy_gettext("A question is answered"),
    "permit_check_asked": lazy_gettext("A department is asked"),
    "permit_check_answered": lazy_gettext("A department answered"),
    "permit_comment": lazy_gettext("A neighbour commented"),
    "permit_ends_soon": lazy_gettext("It ends soon"),
    "permit_renew_by": lazy_gettext("The last day to ask for more time"),
    "permit_renewal_late": lazy_gettext("Asked too late to go before others"),
    "permit_overdue": lazy_gettext("It is over, and the keys are out"),
    "permit_sign_soon": lazy_gettext("To be signed soon"),
}
_STATES = {
    LetterStatus.WAITING: lazy_gettext("on its way"),
    LetterStatus.SENT: lazy_gettext("sent"),
    LetterStatus.FAILED: lazy_gettext("could not be sent"),
    LetterStatus.DROPPED: lazy_gettext("not sent: nothing to say any more, or nobody to say it to"),
    LetterStatus.HELD: lazy_gettext("held since the register was brought back"),
}


def letters(ref: str) -> list[LetterInWords]:
    """The letters about a permit, the latest first."""
    return [
        LetterInWords(
            str(_ABOUT.get(row.template, gettext("A letter"))), _reader(row.to_noun, row.to_ref), row.written_at,
            str(_STATES[LetterStatus(row.status)]), row.status == LetterStatus.FAILED,
        )
        for row in permit_lists.letters_of(database.connection(), ref)
    ]  # fmt: skip


def _reader(noun: str, ref: str) -> str:
    if noun == "person":
        return called.person(ref) or ref
    if noun == "organisation":
        found = organisations.find_one(database.connection(), ref)
        return found.name if found else ref
    return gettext("The office")


def events(ref: str) -> list[history.EventInWords]:
    """The history of a permit, the latest first."""
    return [
        replace(history.tell(each), details=_details(each.what, each.changes or {}))
        for each in event_rows.of(database.connection(), ref, "permit")
    ]


def _details(what: str, changes: Mapping[str, Any]) -> list[str]:
    found = []
    for name, pair in changes.items():
        if not (isinstance(pair, (list, tuple)) and len(pair) == 2) or name == "status":
            continue
        if name in _SAID:
            found.append(_SAID[name](pair[1]))
        elif what == "edit":
            found.append(gettext("changed “%(what)s”", what=words.lower_first(labels.label(name, "permit"))))
    return [each for each in found if each]


def _organisation(ref: Any) -> str:
    if not ref:
        return gettext("The city")
    found = organisations.find_one(database.connection(), str(ref))
    return found.name if found else str(ref)


_SAID: Mapping[str, Callable[[Any], str]] = {
    "terms_version": lambda value: gettext("version %(number)s of the terms", number=value),
    "handler_ref": lambda value: called.person(value) or gettext("nobody"),
    "grantor_ref": _organisation,
    "holder_ref": _organisation,
    "party": lambda value: labels.term(Party, value),
    "name": str,
    "says_yes": lambda value: gettext("yes") if value else gettext("no"),
    "on": lambda value: words.day(value, year=True),
    "ended_on": lambda value: words.day(value, year=True),
    "ended_how": lambda value: labels.term(EarlyEnd, value),
    "outcome": lambda value: labels.term(Outcome, value),
    "condition": str,
    "department": called.department,
    "verdict": lambda value: labels.term(Verdict, value),
    "due_on": lambda value: gettext("answer by %(day)s", day=words.day(value, year=True)),
    "opens_on": lambda value: gettext("from %(day)s", day=words.day(value, year=True)),
    "closes_on": lambda value: gettext("until %(day)s", day=words.day(value, year=True)),
    "posted_on": lambda value: words.day(value, year=True),
}
