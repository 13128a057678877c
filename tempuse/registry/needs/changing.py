"""What a group looks for is changed, confirmed, released, met, taken back, set aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tempuse.access import Actor, check_allowed, is_allowed
from tempuse.errors import Invalid, Issue, NotFound, WrongState
from tempuse.fields import check_values, fields_of
from tempuse.needs import NEED_LIFECYCLE, Need, check_need, values_for
from tempuse.registry import records
from tempuse.registry.needs.drafting import let_be_read, open_within
from tempuse.registry.needs.keeping import keep_proposed
from tempuse.registry.needs.telling import tell_group
from tempuse.registry.records import changing
from tempuse.store import needs, permits, published
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import NeedStatus, Permission

CHANGEABLE = frozenset(name for name, about in fields_of(Need).items() if not about.get("fixed"))


def allow(con: Connection, actor: Actor, permission: Permission, ref: str) -> Need:
    """The need, for whoever is allowed this towards it; afterwards the connection is idle.

    Whoever is not does not learn whether there is one of this ref.

    Raises:
        NotAllowed: they are not.
        NotFound: there is no such need.
    """
    held = needs.find_one(con, ref)
    con.rollback()
    check_allowed(actor, permission, held or Need(ref=ref))
    return held or needs.get(con, ref)


def edit_need(
    con: Connection, actor: Actor, ref: str, changes: Mapping[str, Any], now: datetime, revision: int | None = None
) -> Need:
    """Change what is looked for. What it bears in public is looked at again by the office, where its name changed.

    Args:
        con: an idle connection.
        actor: a contact of the group, or the office.
        ref: which need.
        changes: new values by field.
        now: the instant.
        revision: what they saw; when it was changed since, nothing is written.

    Raises:
        NotFound: there is no such need, or no such field.
        Conflict: it was changed since.
        Invalid: a value does not fit.
    """
    allow(con, actor, Permission.NEED_WRITE, ref)
    if unknown := set(changes) - CHANGEABLE:
        raise NotFound("field.unknown", names=", ".join(sorted(unknown)))
    with (
        writing(con),
        changing(con, actor, needs.rows, ref, now, "edit", revision=revision, wanted=changes) as change,
    ):
        need, before = change.record, change.before
        for name, value in changes.items():
            setattr(need, name, value)
        # A day that is over is no reason to refuse another change: the form tells it, who looks for it knows it.
        settings = get_settings(con)
        today = settings.today(now) if need.question != before.question else None
        issues = check_need(need, today)
        if need.status == NeedStatus.OPEN and not values_for(need)["uses"]:
            issues.append(Issue.of("uses", "", "field.needed"))
        if issues:
            raise Invalid("need.invalid", issues)
        if need.title != before.title and not is_allowed(actor, Permission.NEED_RELEASE, need):
            need.released_text = None
        if settings.moderate_needs == "never" and need.purpose != before.purpose:
            need.released_text = None
        if need.status == NeedStatus.OPEN:
            let_be_read(need, settings)
    return change.record


def move_need(
    con: Connection, actor: Actor, ref: str, move: str, now: datetime, *, revision: int | None = None,
    note: str | None = None, **details: Any,
) -> Need:  # fmt: skip
    """Make one move of NEED_LIFECYCLE.

    Args:
        con: an idle connection.
        actor: a contact of the group, or the office.
        ref: which need.
        move: its name.
        now: the instant.
        revision: what they saw; when it was changed since, nothing is written.
        note: why; for ``set_aside`` the group is told it.
        details: what the move needs: ``released_text``; ``met_how`` and perhaps ``met_by_ref``, a permit.

    Raises:
        NotFound: there is no such need, or no such permit.
        Conflict: it was changed since.
        WrongState: the move does not leave from its status.
        Invalid: a detail is missing or does not fit.
    """
    allow(con, actor, NEED_LIFECYCLE.moves[move].permission, ref)
    text = (note or "").strip() or None
    details = {name: value for name, value in details.items() if value} | ({"because": text} if text else {})
    with writing(con):
        if move == "open":
            need = needs.lock(con, ref)
            open_within(con, actor, need, now)
            return need
        with changing(
            con,
            actor,
            needs.rows,
            ref,
            now,
            move,
            revision=revision,
            note=text,
            only=("status", "met_how"),
            always=True,
        ) as change:
            need = change.record
            _check_details(con, details)
            records.move(need, NEED_LIFECYCLE, move, **values_for(need, **details))
            if move in _MADE:
                _MADE[move](con, need, now, details)
        if move == "set_aside":
            tell_group(con, need, "need_set_aside", now)
    return need


def _check_details(con: Connection, details: Mapping[str, Any]) -> None:
    values = {name: value for name, value in details.items() if name in ("released_text", "met_how")}
    if issues := check_values(Need, values):
        raise Invalid("need.invalid", issues)
    if details.get("met_by_ref"):
        permits.get(con, details["met_by_ref"])


def _still_looks(con: Connection, need: Need, now: datetime, details: Mapping[str, Any]) -> None:
    need.confirmed_on = get_settings(con).today(now)


def _release(con: Connection, need: Need, now: datetime, details: Mapping[str, Any]) -> None:
    need.released_text = details["released_text"].strip()


def _fulfil(con: Connection, need: Need, now: datetime, details: Mapping[str, Any]) -> None:
    need.met_how, need.met_by_ref = details["met_how"], details.get("met_by_ref")


def _set_aside(con: Connection, need: Need, now: datetime, details: Mapping[str, Any]) -> None:
    """What the office had released is looked at again if the search goes on some day."""
    need.released_text = None


def _reopen(con: Connection, need: Need, now: datetime, details: Mapping[str, Any]) -> None:
    need.met_how = need.met_by_ref = None
    need.opened_at = now
    _still_looks(con, need, now, details)
    let_be_read(need, get_settings(con))


# What a move changes besides the status; one that is not here changes nothing else.
_MADE = {
    "confirm": _still_looks, "release": _release, "fulfil": _fulfil, "set_aside": _set_aside, "reopen": _reopen,
}  # fmt: skip


def propose_space(con: Connection, actor: Actor, ref: str, space_ref: str, now: datetime) -> Need:
    """Tell a group of a space by letter, with what everybody reads of it and nothing else; how well it fits is kept.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which need.
        space_ref: which space.
        now: the instant.

    Raises:
        NotFound: there is no such need, or the public sees no such space.
        WrongState: nobody looks any more.
    """
    allow(con, actor, Permission.NEED_PROPOSE, ref)
    with writing(con):
        need = needs.lock(con, ref)
        if need.status != NeedStatus.OPEN:
            raise WrongState("need.not_open", ref=ref)
        if published.feature(con, "spaces", space_ref) is None:
            raise NotFound("space.not_found", ref=space_ref)
        add_event(con, actor, now, "need", ref, "propose", status=need.status, changes={"space_ref": [None, space_ref]})
        keep_proposed(con, actor, need, space_ref, now)
        tell_group(con, need, "need_proposed", now, event=space_ref, refs={"space": space_ref})
    return need
