"""Letters about what groups look for in words: judged again when they are delivered.

Whoever reads outside the office gets a link that opens the need's page without a password.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, url_for

from tempuse.access import SYSTEM
from tempuse.letters import Letter
from tempuse.needs import Need, lapses_on, state_of, wanted_of
from tempuse.people import Person
from tempuse.registry.needs import drafting
from tempuse.registry.permits.holding import OFFICE
from tempuse.store import events, needs, organisations, published
from tempuse.vocabulary import NeedState, NeedStatus
from web import database
from web.accounts import links
from web.letters import writing
from web.letters.permits import Unreachable
from web.letters.writing import Addressed, Moot
from web.presenters import cards
from web.presenters import needs as words_of


def _need(letter: Letter) -> Need:
    need = needs.find_one(database.connection(), letter.refs["need"])
    if need is None or need.title is None:
        raise Moot("no need")
    return need


def _addressed(letter: Letter, need: Need, **more: Any) -> Addressed:
    """To whoever reads a letter, with the link to its page.

    Raises:
        Moot: they have no part in it any more.
        Unreachable: there is no address.
    """
    con, page = database.connection(), url_for("auth.need", ref=need.ref)
    values = {
        "need": need, "person": None, "lasts": links.LASTS.days, "link": writing.base() + page, "for_others": "",
        "asked": words_of.asked(wanted_of(need)[0], need.near_label),
    }  # fmt: skip
    if letter.to_noun == OFFICE:
        if not (address := database.settings().contact_email):
            raise Unreachable
        group = organisations.find_one(con, need.initiative_ref or "")
        values |= {"link": f"{writing.base()}/office/needs/{need.ref}", "for_others": group.name if group else ""}
        return Addressed(address, values | more)
    if letter.to_noun == "organisation":
        group = organisations.find_one(con, letter.to_ref)
        if group is None or not group.email or group.ref != need.initiative_ref:
            raise Unreachable
        return Addressed(group.email, values | more)
    person = writing.person_of(letter)
    theirs = {each.organisation_ref for each in organisations.parts_of(con, person.ref) if each.is_contact}
    if need.initiative_ref not in theirs and (need.initiative_ref or need.contact_ref != person.ref):
        raise Moot("no part in it")
    return Addressed(person.email, values | {"person": person, "link": writing.entry_to(person, page)} | more)


# ---- what is said -------------------------------------------------------------------------------------------


def _confirm(letter: Letter) -> Addressed:
    need, person = _need(letter), writing.person_of(letter)
    if need.status != NeedStatus.DRAFT or need.contact_ref != person.ref:
        raise Moot("confirmed" if need.opened_at else "taken back")
    if need.created_at is None or drafting.is_too_old(need, database.now()):
        raise Moot("too old")
    link = writing.address_of("public.need_confirm", secret=make_secret(need, person))
    ends = database.settings().today(need.created_at + drafting.UNCONFIRMED) - timedelta(days=1)
    by_office = need.helper_ref is not None
    return _addressed(letter, need, confirm_link=link, ends=ends, by_office=by_office)


def make_secret(need: Need, person: Person) -> str:
    """What proves the contact's address; the register is told to expect it."""
    at = need.created_at and need.created_at.isoformat()
    secret = writing.secret_about(f"need_confirm {need.ref} {at} {person.ref} {person.email}")
    drafting.expect_secret(database.idle(), SYSTEM, need.ref, secret)
    return secret


def _still_looking(letter: Letter) -> Addressed:
    need, settings = _need(letter), database.settings()
    if state_of(need, settings, database.today()) not in (NeedState.ASKED, NeedState.LAPSED):
        raise Moot("said so since")
    return _addressed(letter, need, leaves=lapses_on(need, settings))


def _set_aside(letter: Letter) -> Addressed:
    need = _need(letter)
    if need.status != NeedStatus.WITHDRAWN:
        raise Moot("looks again")
    told = (each for each in events.of(database.connection(), need.ref, "need") if each.what == "set_aside")
    return _addressed(letter, need, because=next((each.note for each in told), ""))


def _proposed(letter: Letter) -> Addressed:
    need = _need(letter)
    text = published.feature(database.connection(), "spaces", letter.refs["space"])
    if need.status != NeedStatus.OPEN or text is None:
        raise Moot("no search" if text else "no space")
    shown = cards.of_feature(text)
    page = writing.address_of("public.space", ref=shown["ref"])
    by = letter.refs.get("by", "")
    return _addressed(letter, need, space=cards.title(shown), state=cards.state(shown), page=page, by=by)


def _unclear(letter: Letter) -> Addressed:
    need = _need(letter)
    unclear = [issue.value for issue in wanted_of(need)[1]]
    if not unclear:
        raise Moot("chosen anew")
    return _addressed(letter, need, unclear=unclear)


_CONTENTS: dict[str, Callable[[Letter], Addressed]] = {
    "need_confirm": _confirm,
    "need_still_looking": _still_looking,
    "need_set_aside": _set_aside,
    "need_proposed": _proposed,
    "need_unclear": _unclear,
}


def init_app(app: Flask) -> None:
    """Let letters about what groups look for be worded."""
    writing.CONTENTS.update(_CONTENTS)
