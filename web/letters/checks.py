"""Letters of questions, departments and neighbours, and reminders, in words: each judged again when it is delivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext

from tempuse.access import is_allowed
from tempuse.checks import matter
from tempuse.letters import Letter
from tempuse.permit_kinds import said
from tempuse.permits import OPEN
from tempuse.registry.permits import checking, reminding
from tempuse.registry.permits.reminding import Reminder
from tempuse.store import checks, organisations
from tempuse.vocabulary import Permission
from web import database, words
from web.accounts import links
from web.letters import permits as of_permits
from web.letters import writing
from web.letters.permits import PermitMatter
from web.letters.writing import Addressed, Moot
from web.presenters import permit_words
from web.presenters.permit_words import CITY
from web.presenters.terms import period

DEPARTMENT = "department"


def _values(about: PermitMatter, side: str) -> dict[str, Any]:
    """What every letter about a permit names."""
    permit = about.permit
    holder = organisations.find_one(database.connection(), permit.holder_ref or "")
    return {
        "permit": permit, "side": side, "person": None, "days": period(about.terms), "lasts": links.LASTS.days,
        "places": [f"{name} ({ref})" if name != ref else ref for ref, name in permit_words.places(permit, side)],
        "group": holder.name if holder else permit.holder_name or "",
    }  # fmt: skip


def _to_party(letter: Letter, about: PermitMatter, **more: Any) -> Addressed:
    reader = of_permits.reader_of(letter, about.permit)
    page = url_for("auth.permit", ref=about.permit.ref)
    if reader.side == CITY:
        link = _office_page(about)
    else:
        link = writing.entry_to(reader.person, page) if reader.person else writing.base() + page
    for_others = gettext("the group") if reader.side == CITY else ""
    values = _values(about, reader.side) | {"person": reader.person, "link": link, "for_others": for_others}
    return Addressed(reader.to, values | more)


def _to_office(about: PermitMatter, **more: Any) -> Addressed:
    address = database.settings().contact_email
    if not address:
        raise Moot("no address of the office")
    return Addressed(address, _values(about, CITY) | {"link": _office_page(about)} | more)


def _office_page(about: PermitMatter) -> str:
    return f"{writing.base()}/office/permits/{about.permit.ref}"


# ---- questions, departments, neighbours -----------------------------------------------------------------------


def _question(letter: Letter) -> Addressed:
    about = _open(letter)
    asked = [each for each in checks.asks_of(database.connection(), about.permit.ref) if each.is_open]
    if not asked:
        raise Moot("no question is open")
    return _to_party(letter, about, asked=asked)


def _open(letter: Letter) -> PermitMatter:
    about = of_permits.matter_of(letter)
    if about.permit.status not in OPEN:
        raise Moot(f"{about.permit.status} by now")
    return about


def _answered(letter: Letter) -> Addressed:
    about = _open(letter)
    answered = [each for each in checks.asks_of(database.connection(), about.permit.ref) if each.answered_at]
    return _to_office(about, answered=answered[-1:])


def _check_asked(letter: Letter) -> Addressed:
    about, con, person = of_permits.matter_of(letter), database.connection(), writing.person_of(letter)
    check = checks.find_one(con, letter.refs["check"])
    if check is None or about.permit.status not in checking.LIVE or check.waived_at is not None:
        raise Moot("no question any more")
    if not is_allowed(person.actor(), Permission.CHECK_ANSWER, checking.access_to(con, check.ref)):
        raise Moot("no reviewer any more")
    answers = checks.answers_of(con, [check.ref])[check.ref]
    if answers and answers[-1].sha256 == matter(about.newest, about.permit.space_refs):
        raise Moot("answered")
    department = checking.department_named(database.settings(), check.department)
    page = url_for("auth.check", ref=check.ref)
    return Addressed(person.email, _values(about, DEPARTMENT) | {
        "person": person, "link": writing.entry_to(person, page), "check": check,
        "department": said(department.title, words.locale().language) or check.department,
    })  # fmt: skip


def _check_answered(letter: Letter) -> Addressed:
    about = of_permits.matter_of(letter)
    if about.permit.status not in checking.LIVE:
        raise Moot(f"{about.permit.status} by now")
    return _to_office(about)


def _comment(letter: Letter) -> Addressed:
    about = of_permits.matter_of(letter)
    waiting = [
        each for each in checks.comments_of(database.connection(), about.permit.ref) if each.answered_at is None
    ]  # fmt: skip
    if not waiting:
        raise Moot("answered")
    return _to_office(about)


# ---- reminders ------------------------------------------------------------------------------------------------


def _reminder(letter: Letter) -> Addressed:
    about, today = of_permits.matter_of(letter), database.today()
    day = date.fromisoformat(letter.refs["about"])
    due = Reminder(letter.template, day, int(letter.refs["step"]))
    if not reminding.is_still_due(database.connection(), about.permit.ref, due, today):
        raise Moot("not due any more")
    return _to_party(letter, about, day=day, days_left=(day - today).days)


_CONTENTS: dict[str, Callable[[Letter], Addressed]] = {
    "permit_question": _question,
    "permit_answered": _answered,
    "permit_check_asked": _check_asked,
    "permit_check_answered": _check_answered,
    "permit_comment": _comment,
    "permit_ends_soon": _reminder,
    "permit_renew_by": _reminder,
    "permit_overdue": _reminder,
    "permit_sign_soon": _reminder,
}


def init_app(app: Flask) -> None:
    """Let these letters be worded."""
    writing.CONTENTS.update(_CONTENTS)
