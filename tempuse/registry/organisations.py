"""Use cases of organisations: add, change, end, bring back; and how to reach one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from tempuse.access import Actor, check_allowed
from tempuse.emails import tidy_email
from tempuse.errors import Invalid, Issue, NotFound, WrongState
from tempuse.fields import fields_of
from tempuse.organisations import OWN, Organisation, check_organisation
from tempuse.people import Person
from tempuse.registry.records import changing
from tempuse.store import forms, needs, permits
from tempuse.store import organisations as rows
from tempuse.store.common import add_event, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission

CHANGEABLE = frozenset(name for name, about in fields_of(Organisation).items() if not about.get("fixed"))
# What keeps an organisation from ending: each, given a connection and a ref, names what of it still runs.
RUNS: list[Callable[[Connection, str], Sequence[str]]] = [permits.live_of, needs.live_of]


class Address(NamedTuple):
    """Where a letter to an organisation goes: a contact's address, or its own."""

    person: Person | None
    email: str
    language: str


def add_organisation(
    con: Connection, actor: Actor, organisation: Organisation, now: datetime, form_token: str | None = None
) -> str:
    """Write down an organisation; its ref.

    Args:
        con: an idle connection.
        actor: who does.
        organisation: what is known of it.
        now: the instant.
        form_token: tells the form from all others; one that comes twice makes one organisation.

    Raises:
        Invalid: something is missing or does not fit.
    """
    check_allowed(actor, Permission.ORGANISATION_EDIT)
    with writing(con):
        return forms.once(
            con, "organisation", form_token, now, lambda: put_organisation(con, actor, organisation, now).ref
        )


def put_organisation(con: Connection, actor: Actor, organisation: Organisation, now: datetime) -> Organisation:
    """The same as a part of another use case, within its transaction."""
    added = replace(_tidy(organisation), created_at=now, updated_at=now, revision=1, retired_on=None)
    _check(con, added)
    added.ref = next_refs(con, "organisation")[0]
    rows.add(con, added)
    add_event(con, actor, now, "organisation", added.ref, "add")
    return added


def edit_organisation(
    con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime, revision: int | None = None
) -> Organisation:
    """Change what is known of an organisation; its contacts change what is theirs to say.

    Args:
        con: an idle connection.
        actor: who does.
        ref: which organisation.
        changes: new values by field.
        now: the instant.
        revision: what they saw; when it was changed since, nothing is written.

    Raises:
        NotFound: there is no such organisation, or no such field.
        Conflict: it was changed since.
        Invalid: a value does not fit.
    """
    if unknown := set(changes) - CHANGEABLE:
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    asked = Permission.ORGANISATION_TEND if changes and set(changes) <= OWN else Permission.ORGANISATION_EDIT
    check_allowed(actor, asked, Organisation(ref=ref))
    with (
        writing(con),
        changing(con, actor, rows.rows, ref, now, "edit", revision=revision, wanted=changes) as change,
    ):
        tidied = _tidy(replace(change.record, **changes))
        _check(con, tidied)
        for name in changes:
            setattr(change.record, name, getattr(tidied, name))
    return change.record


def retire_organisation(
    con: Connection, actor: Actor, ref: str, now: datetime, *, on: date, note: str | None = None
) -> Organisation:  # fmt: skip
    """Write down that an organisation ended; it stays, with what it did. Done twice, it stays as it is.

    Args:
        con: an idle connection.
        actor: who does.
        ref: which organisation.
        now: the instant.
        on: the day it ended.
        note: why.

    Raises:
        NotFound: there is no such organisation.
        WrongState: something of it still runs.
    """
    check_allowed(actor, Permission.ORGANISATION_EDIT, Organisation(ref=ref))
    with writing(con), changing(con, actor, rows.rows, ref, now, "retire", note=note) as change:
        if change.record.retired_on is None:
            if runs := [each for named in RUNS for each in named(con, ref)]:
                raise WrongState("organisation.runs", ref=ref, refs=", ".join(runs))
            change.record.retired_on = on
    return change.record


def reinstate_organisation(con: Connection, actor: Actor, ref: str, now: datetime) -> Organisation:
    """Take back that an organisation ended."""
    check_allowed(actor, Permission.ORGANISATION_EDIT, Organisation(ref=ref))
    with writing(con), changing(con, actor, rows.rows, ref, now, "reinstate") as change:
        change.record.retired_on = None
    return change.record


def address_of(con: Connection, ref: str) -> list[Address]:
    """Where letters to an organisation go: to its confirmed contacts; to its own address where it has none.

    Empty where it cannot be reached at all.

    Raises:
        NotFound: there is no such organisation.
    """
    organisation = rows.get(con, ref)
    contacts = [each.person for each in rows.members(con, ref) if each.is_contact]
    if contacts:
        return [Address(each, each.email, each.language) for each in contacts]
    return [Address(None, organisation.email, organisation.language)] if organisation.email else []


def _tidy(organisation: Organisation) -> Organisation:
    """Blanks at the ends go, an empty text is none, an e-mail address is as it is compared."""
    texts: dict[str, Any] = {
        name: " ".join(str(value).split()) or None
        for name, about in fields_of(Organisation).items()
        if about["kind"] == "text" and (value := getattr(organisation, name)) is not None
    }
    for name in ("ref", "name"):
        texts[name] = texts[name] or ""
    texts["language"] = texts["language"] or "en"
    if texts.get("email"):
        texts["email"] = tidy_email(str(texts["email"]))
    return replace(organisation, **texts, kinds=tuple(dict.fromkeys(organisation.kinds)))


def _check(con: Connection, organisation: Organisation) -> None:
    issues = check_organisation(organisation)
    guarantor = organisation.guarantor_ref
    if guarantor and guarantor != organisation.ref and rows.find_one(con, guarantor) is None:
        issues.append(Issue.of("guarantor_ref", guarantor, "organisation.not_found", ref=guarantor))
    if issues:
        raise Invalid("organisation.invalid", issues)
