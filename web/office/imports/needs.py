"""A list of groups that wait for a space: sent, looked at, brought in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import StringField

from tempuse.errors import Invalid
from tempuse.io.needs import ListedNeed, crosswalk_for, read_needs
from tempuse.registry.lists import BroughtIn, SentList
from tempuse.registry.needs.importing import import_needs
from tempuse.vocabulary import Permission
from web import database
from web.office.blueprint import office
from web.office.imports.listed import MOST, ListKind
from web.site.forms import AtMost, Form

# What a column may be, in words.
_TARGETS = {
    "source_ref": lazy_gettext("number in the list"), "organisation": lazy_gettext("which group"),
    "contact": lazy_gettext("whom to ask"), "email": lazy_gettext("their e-mail address"),
    "phone": lazy_gettext("their telephone"), "title": lazy_gettext("in a few words"),
    "purpose": lazy_gettext("what for"), "use": lazy_gettext("kind of use"), "m2": lazy_gettext("how large"),
    "least": lazy_gettext("at least how large"), "most": lazy_gettext("at most how large"),
    "people": lazy_gettext("how many people"), "from": lazy_gettext("from when"), "by": lazy_gettext("by when"),
    "until": lazy_gettext("until when"), "term": lazy_gettext("how long"), "hours": lazy_gettext("hours of the week"),
    "district": lazy_gettext("in which districts"), "near": lazy_gettext("near what"),
    "kind": lazy_gettext("what kind of space"), "musts": lazy_gettext("what must be there"),
    "wishes": lazy_gettext("what should be there"), "cost": lazy_gettext("what it can pay a month"),
    "note": lazy_gettext("a note for the office"), "since": lazy_gettext("since when it looks"),
    "state": lazy_gettext("whether it still looks"),
}  # fmt: skip


class NeedsForm(Form):
    """A list, and its name."""

    file = FileField(
        lazy_gettext("File"),
        description=lazy_gettext(
            "A table: which group, whom to ask, what for, how large, from when, where, what must be there. "
            "At most %(most)s rows.",
            most=MOST,
        ),
    )
    source = StringField(
        lazy_gettext("What the list is called"),
        description=lazy_gettext("By this name, the next list finds its rows again. Empty: the file’s name."),
        validators=[AtMost(200)],
    )


def _asked(form: Any) -> Mapping[str, str]:
    return {"source": form.source.data or ""}


def _bring_in(rows: list[ListedNeed], about: SentList, dry_run: bool) -> BroughtIn:
    return import_needs(database.idle(), g.actor, rows, about, database.now(), dry_run=dry_run)


LIST = ListKind(
    "needs", NeedsForm, _asked, _TARGETS, crosswalk_for, read_needs, lambda: Invalid("need.too_many", most=MOST),
    _bring_in,
)  # fmt: skip


@office.route("/import/needs", Permission.NEED_RELEASE, endpoint="import_needs", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """Begin with a file."""
    return LIST.begin()


@office.route("/import/needs/<key>", Permission.NEED_RELEASE, endpoint="import_needs_look", methods=["GET", "POST"])
def look(key: str) -> ResponseReturnValue:
    """What would become of the list; a POST brings it in."""
    return LIST.look(key)


@office.post("/import/needs/<key>/stop", Permission.NEED_RELEASE, endpoint="import_needs_stop")
def stop(key: str) -> ResponseReturnValue:
    """Not after all: the file is thrown away."""
    return LIST.stop(key)
