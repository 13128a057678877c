"""Use cases of a space's pictures and plans: add, describe, let everybody see, put in order, remove.

Each is an entry of the space's history and one of its revisions; the space's public row follows at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, Invalid, NotFound
from tempuse.pictures import MOST_PICTURES, MOST_PLANS, SpacePicture, check_picture
from tempuse.registry import attachments
from tempuse.registry.records import changing
from tempuse.store import pictures, spaces
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission

# What is done to a picture and to a plan, as the space's history has it.
_Deed = tuple[str, str]
_ADD, _REMOVE = ("add_picture", "add_plan"), ("remove_picture", "remove_plan")
_DESCRIBE, _SHOW, _HIDE = (
    ("describe_picture", "describe_plan"), ("show_picture", "show_plan"), ("hide_picture", "hide_plan"),
)  # fmt: skip


def add_picture(con: Connection, actor: Actor, picture: SpacePicture, now: datetime) -> SpacePicture:
    """Add a picture or a plan to a space, behind the others; nobody outside the office sees it. Twice, it is one.

    Args:
        con: an idle connection.
        actor: the office.
        picture: of which space; its files are among the attachments.
        now: the instant.

    Raises:
        NotFound: there is no such space.
        Conflict: the space has as many as it may have.
        Invalid: a value does not fit.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        spaces.lock(con, picture.space_ref)
        known = [each for each in pictures.all_of_space(con, picture.space_ref) if each.is_plan == picture.is_plan]
        if same := next((each for each in known if each.name == picture.name), None):
            return same
        with _entry(con, actor, picture.space_ref, _ADD[picture.is_plan], now):
            _check_room(picture, len(known))
            place = max((each.place for each in known), default=0) + 1
            added = replace(
                picture, place=place, added_at=now, added_by=actor.name, looked_at=None, looked_by=None
            )  # fmt: skip
            _check(added)
            pictures.rows.add(con, added)
    return added


def describe_picture(
    con: Connection, actor: Actor, space_ref: str, name: str, alt: str | None, credit: str | None, now: datetime
) -> SpacePicture:  # fmt: skip
    """Say what a picture shows, for those who do not see it, or what a plan is called; and who made it.

    Raises:
        NotFound: the space has no such picture.
        Invalid: a text is too long, or everybody sees the picture and nothing is said.
    """
    return _change(con, actor, space_ref, name, _DESCRIBE, now, alt=_tidy(alt), credit=_tidy(credit))


def show_picture(
    con: Connection, actor: Actor, space_ref: str, name: str, alt: str | None, credit: str | None, now: datetime
) -> SpacePicture:  # fmt: skip
    """Let everybody see a picture or a plan where the space itself is shown exactly: the actor saw no name on it.

    Raises:
        NotFound: the space has no such picture.
        Invalid: it is not said what it shows.
    """
    return _change(
        con, actor, space_ref, name, _SHOW, now, alt=_tidy(alt), credit=_tidy(credit),
        looked_at=now, looked_by=actor.name,
    )  # fmt: skip


def hide_picture(con: Connection, actor: Actor, space_ref: str, name: str, now: datetime) -> SpacePicture:
    """Let the office alone see a picture or a plan.

    Raises:
        NotFound: the space has no such picture.
    """
    return _change(con, actor, space_ref, name, _HIDE, now, looked_at=None, looked_by=None)


def order_pictures(con: Connection, actor: Actor, space_ref: str, names: Sequence[str], now: datetime) -> None:
    """Put the pictures of a space in another order; those that are not named come behind, as they stand.

    Raises:
        NotFound: there is no such space.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        spaces.lock(con, space_ref)
        known = pictures.of_space(con, space_ref)
        wanted = sorted(known, key=lambda each: names.index(each.name) if each.name in names else len(names))
        if wanted == known:
            return
        with _entry(con, actor, space_ref, "order_pictures", now):
            for place, each in enumerate(wanted, 1):
                pictures.save(con, replace(each, place=place))


def remove_picture(con: Connection, actor: Actor, home: Path, space_ref: str, name: str, now: datetime) -> None:
    """Remove a picture or a plan; its files go where nothing else refers to them. Done twice, it stays as it is.

    Raises:
        NotFound: there is no such space.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    files: list[str] = []
    with writing(con):
        spaces.lock(con, space_ref)
        if picture := _find(con, space_ref, name):
            files = picture.files
            with _entry(con, actor, space_ref, _REMOVE[picture.is_plan], now):
                pictures.remove(con, picture)
    attachments.let_go(con, home, files)
    con.rollback()


def _change(
    con: Connection, actor: Actor, space_ref: str, name: str, what: _Deed, now: datetime, **values: object
) -> SpacePicture:  # fmt: skip
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        spaces.lock(con, space_ref)
        held = _find(con, space_ref, name)
        if held is None:
            raise NotFound("picture.not_found", ref=space_ref)
        if held.looked_at is not None and values.get("looked_at") is not None:
            values |= {"looked_at": held.looked_at, "looked_by": held.looked_by}
        changed = replace(held, **values)  # type: ignore[arg-type]
        if changed == held:
            return held
        _check(changed)
        with _entry(con, actor, space_ref, what[held.is_plan], now):
            pictures.save(con, changed)
    return changed


@contextlib.contextmanager
def _entry(con: Connection, actor: Actor, space_ref: str, what: str, now: datetime) -> Iterator[None]:
    """One entry of the space's history; what is done within it is seen as the space's rule says."""
    with changing(con, actor, spaces.rows, space_ref, now, what, only=(), always=True):
        yield


def _find(con: Connection, space_ref: str, name: str) -> SpacePicture | None:
    return next((each for each in pictures.all_of_space(con, space_ref) if each.name == name), None)


def _check_room(picture: SpacePicture, there: int) -> None:
    if picture.is_plan and there >= MOST_PLANS:
        raise Conflict("plan.space_full", ref=picture.space_ref, most=MOST_PLANS)
    if not picture.is_plan and there >= MOST_PICTURES:
        raise Conflict("picture.space_full", ref=picture.space_ref, most=MOST_PICTURES)


def _tidy(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def _check(picture: SpacePicture) -> None:
    if issues := check_picture(picture):
        raise Invalid("picture.invalid", issues)
