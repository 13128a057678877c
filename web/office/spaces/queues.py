"""The spaces that wait for somebody, for the office's first page: to place, to verify, to check again, to offer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from tempuse.pictures import SpacePicture
from tempuse.registry.strayed import strayed
from tempuse.spaces import CHECKED, Space
from tempuse.store import pictures, space_lists, spaces
from tempuse.vocabulary import Permission, SpaceStatus
from web import database, words
from web.map import elsewhere
from web.office import names
from web.office.queue import Queue, Row, due_words

MOST = 1000
SOON_DAYS = 14
_FEW = 3
_FEW_NOTICES = 5


def _row(space: Space, why: str, button: str, due: str = "", late: bool = False) -> Row:
    return Row(names.space(space), url_for("office.space", ref=space.ref), why, button, due, late)


# ---- without a place --------------------------------------------------------------------------------------


def _count_placeless() -> int:
    return space_lists.count_placeless(database.connection())


def _placeless() -> list[Row]:
    return [
        Row(names.space(space), url_for("office.places", only=space.ref), names.where(space), gettext("Place it"))
        for _, space in space_lists.placeless(database.connection(), limit=_FEW)
    ]


def _place_all(total: int, shown: int) -> tuple[str, str] | None:
    return (gettext("Put them on the map, one after another"), url_for("office.places")) if total > 1 else None


# ---- outside the town ------------------------------------------------------------------------------------


def _outside() -> list[Space]:
    return strayed(database.connection(), MOST, elsewhere.refs())


def _outside_rows() -> list[Row]:
    why = gettext("It lies outside the town. If that is right, place it by hand.")
    return [_row(space, why, gettext("Look")) for space in _outside()[:_FEW]]


# ---- whose owners were told -------------------------------------------------------------------------------


def _notices() -> list[Space]:
    settings, today = database.settings(), database.today()
    if settings.private_rule != "objection":
        return []
    first = today - timedelta(days=settings.objection_days)
    return space_lists.notices(database.connection(), first, first + timedelta(days=SOON_DAYS), 100)


def _noticed() -> list[Row]:
    days, found = timedelta(days=database.settings().objection_days), []
    for space in _notices()[:_FEW_NOTICES]:
        if space.consent_on is not None:
            due, late = due_words(space.consent_on + days, ends=True)
            why = gettext("Unless the owner says no, everybody sees it then.")
            found.append(_row(space, why, gettext("Open"), due, late))
    return found


# ---- in a status ------------------------------------------------------------------------------------------


def _in_status(
    status: SpaceStatus, title: LazyString, permission: Permission, button: LazyString, **more: Any
) -> Queue:
    def others() -> frozenset[str]:
        """Examples from other towns, of which nothing is to be done: all are verified, none is to be offered."""
        return elsewhere.refs() if status == SpaceStatus.VERIFIED else frozenset()

    def rows() -> list[Row]:
        found = space_lists.in_status(database.connection(), status, _FEW, others())
        return [_row(space, names.where(space), str(button)) for space in found]

    def see_all(total: int, shown: int) -> tuple[str, str] | None:
        said = gettext("See all %(total)s", total=words.figure(total))
        return (said, url_for("office.spaces", status=status)) if total > shown else None

    def count() -> int:
        return space_lists.count_in_status(database.connection(), status) - len(others())

    return Queue(title, permission, count, rows, see_all, **more)


# ---- to check again ---------------------------------------------------------------------------------------


def _check_before() -> date:
    today = database.today()
    year, month = divmod(today.year * 12 + today.month - 1 - database.settings().recheck_months, 12)
    return date(year, month + 1, min(today.day, 28))


def _count_unchecked() -> int:
    return space_lists.count_unchecked(database.connection(), _check_before(), MOST, elsewhere.refs())


def _unchecked() -> list[Row]:
    def why(checked: date | None) -> str:
        if checked is None:
            return gettext("Nobody wrote down a visit")
        return gettext("Last seen on %(day)s", day=words.day(checked, year=True))

    found = space_lists.longest_unchecked(database.connection(), _check_before(), _FEW, elsewhere.refs())
    return [_row(space, why(space.checked_on), gettext("Open")) for space in found]


def _see_unchecked(total: int, shown: int) -> tuple[str, str] | None:
    statuses = [str(status) for status in CHECKED]
    return (gettext("See all"), url_for("office.spaces", status=statuses, sort="checked_on")) if total > shown else None


# ---- pictures that nobody has looked at -------------------------------------------------------------------


def _pictured() -> list[Row]:
    con = database.connection()
    waiting = pictures.waiting(con, _FEW)
    found = spaces.find(con, spaces.SpaceFilter(refs=tuple(waiting))) if waiting else []
    return [
        Row(
            names.space(space), url_for("office.space_pictures", ref=space.ref),
            _in_words(waiting[space.ref]),
            gettext("Look"),
        )
        for space in found
    ]  # fmt: skip


def _in_words(found: list[SpacePicture]) -> str:
    plans = sum(each.is_plan for each in found)
    shown = len(found) - plans
    return words.several([
        *([ngettext("%(n)s picture", "%(n)s pictures", shown, n=words.figure(shown))] if shown else []),
        *([ngettext("%(n)s plan", "%(n)s plans", plans, n=words.figure(plans))] if plans else []),
    ])  # fmt: skip


QUEUES = (
    Queue(
        lazy_gettext("Pictures and plans to look at"), Permission.SPACE_EDIT,
        lambda: pictures.count_waiting(database.connection()), _pictured,
    ),
    Queue(lazy_gettext("Spaces without a place"), Permission.SPACE_EDIT, _count_placeless, _placeless, _place_all),
    Queue(lazy_gettext("Places outside the town"), Permission.SPACE_EDIT, lambda: len(_outside()), _outside_rows),
    Queue(lazy_gettext("Owners’ notice that ends"), Permission.SPACE_EDIT, lambda: len(_notices()), _noticed),
    _in_status(
        SpaceStatus.REPORTED, lazy_gettext("Reported spaces to verify"), Permission.SPACE_VERIFY,
        lazy_gettext("Look"),
    ),
    Queue(
        lazy_gettext("Sites to check again"), Permission.SPACE_EDIT, _count_unchecked, _unchecked, _see_unchecked,
        beside=True,
    ),
    # Nothing presses here.
    _in_status(
        SpaceStatus.VERIFIED, lazy_gettext("Verified, but not offered"), Permission.SPACE_OFFER,
        lazy_gettext("Open"), beside=True, waits=False,
    ),
)  # fmt: skip
