"""A space of a permit got another owner: the office reads what was agreed for that, and says what becomes of it."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from tempuse.registry.permits import owners
from tempuse.store import owner_changes
from tempuse.store import permits as permit_rows
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission
from web import database, words
from web.office.blueprint import office
from web.office.permits import acting, called, sections
from web.office.permits.sections import PermitSection
from web.office.queue import Queue, Row
from web.presenters import terms as terms_words

_DECIDE = Permission.PERMIT_DECIDE
_FEW, _MOST = 5, 200


@office.post("/permits/<ref>/owner-settled", _DECIDE, endpoint="permit_owner_settled")
def settle(ref: str) -> ResponseReturnValue:
    """Say that a permit goes on as it is under another owner."""
    owners.settle_owner_change(database.idle(), g.actor, ref, database.now())
    flash(gettext("It goes on as it is."))
    return redirect(acting.to(ref))


def _section(con: Connection, each: Ruled) -> PermitSection | None:
    found = owner_changes.waiting(con, each.permit.ref)
    if not found:
        return None
    return PermitSection("office/permits/_owner.html", {"changes": found, "agreed": terms_words.on_sale(each.terms)})


sections.SECTIONS.insert(0, _section)


def _waiting() -> list[owner_changes.OwnerChange]:
    return owner_changes.waiting(database.connection(), limit=_MOST)


def _rows() -> list[Row]:
    found = []
    for change in _waiting()[:_FEW]:
        permit = permit_rows.get(database.connection(), change.permit_ref)
        why = gettext("%(space)s has another owner since %(day)s", space=change.space_ref, day=words.day(change.on))
        href = f"{url_for('office.permit', ref=permit.ref)}#owner"
        found.append(Row(called.title(permit), href, why, gettext("Look")))
    return found


QUEUES = (Queue(lazy_gettext("Owners changed"), _DECIDE, lambda: len({each.permit_ref for each in _waiting()}), _rows),)
