"""A list of who used which space: sent, looked at, brought in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import Optional

from tempuse.errors import Invalid
from tempuse.io.uses import ListedUse, crosswalk_for, read_uses
from tempuse.registry.lists import BroughtIn, SentList
from tempuse.registry.permits.importing import UseList, import_uses
from tempuse.vocabulary import Permission
from web import database
from web.office.blueprint import office
from web.office.imports.listed import MOST, ListKind
from web.site import arguments
from web.site.forms import AtMost, Form

# What a column may be, in words.
_TARGETS = {
    "source_ref": lazy_gettext("number in the list"), "space": lazy_gettext("which space"),
    "address": lazy_gettext("its address"), "municipality": lazy_gettext("in which municipality"),
    "title": lazy_gettext("what it was called"), "purpose": lazy_gettext("what happened there"),
    "organisation": lazy_gettext("which group"), "starts_on": lazy_gettext("the first day"),
    "ends_on": lazy_gettext("the last day"), "period": lazy_gettext("from when to when"),
    "hours": lazy_gettext("hours of the week"), "came": lazy_gettext("what came after"),
    "moved_to": lazy_gettext("where it moved"), "previous_use": lazy_gettext("what was there before"),
    "told_by": lazy_gettext("who says so"), "lon": lazy_gettext("longitude"), "lat": lazy_gettext("latitude"),
    "kind": lazy_gettext("what kind of space"),
}  # fmt: skip


class UsesForm(Form):
    """A list, and what it leaves open."""

    file = FileField(
        lazy_gettext("File"),
        description=lazy_gettext(
            "A table: which space, what for, who, from, until, what came after. At most %(most)s rows.", most=MOST
        ),
    )
    source = StringField(
        lazy_gettext("What the list is called"),
        description=lazy_gettext("By this name, next year’s list finds its uses again. Empty: the file’s name."),
        validators=[AtMost(200)],
    )
    make_spaces = BooleanField(lazy_gettext("Register spaces that are not known yet"))
    open_until = DateField(
        lazy_gettext("Last day of uses without an end"),
        description=lazy_gettext("Empty: a year from today."), validators=[Optional()],
    )  # fmt: skip


def _asked(form: UsesForm) -> Mapping[str, str]:
    day = form.open_until.data
    return {
        "source": form.source.data or "", "make": "1" if form.make_spaces.data else "", "until": str(day or ""),
    }  # fmt: skip


def _bring_in(rows: list[ListedUse], sent: SentList, dry_run: bool) -> BroughtIn:
    about = UseList(
        source=sent.source, file_name=sent.file_name, crosswalk=sent.crosswalk,
        make_spaces=bool(arguments.text(request.args, "make")),
        open_until=arguments.day(arguments.text(request.args, "until")),
    )  # fmt: skip
    return import_uses(database.idle(), g.actor, rows, about, database.now(), dry_run=dry_run)


LIST = ListKind(
    "uses", UsesForm, _asked, _TARGETS, crosswalk_for, read_uses, lambda: Invalid("use.too_many", most=MOST), _bring_in
)


@office.route("/import/uses", Permission.SPACE_IMPORT, endpoint="import_uses", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """Begin with a file."""
    return LIST.begin()


@office.route("/import/uses/<key>", Permission.SPACE_IMPORT, endpoint="import_uses_look", methods=["GET", "POST"])
def look(key: str) -> ResponseReturnValue:
    """What would become of the list; a POST brings it in."""
    return LIST.look(key)


@office.post("/import/uses/<key>/stop", Permission.SPACE_IMPORT, endpoint="import_uses_stop")
def stop(key: str) -> ResponseReturnValue:
    """Not after all: the file is thrown away."""
    return LIST.stop(key)
