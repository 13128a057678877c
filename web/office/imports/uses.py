"""A list of who used which space: sent, looked at, brought in."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, StringField
from wtforms.validators import Optional

from tempuse.errors import Invalid, Issue, TempuseError
from tempuse.imports import Import
from tempuse.io import crosswalk
from tempuse.io.read import open_source
from tempuse.io.uses import ListedUse, crosswalk_for, read_uses
from tempuse.registry.importing.opening import countries_of
from tempuse.registry.permits.importing import UseList, UsesBroughtIn, import_uses
from tempuse.vocabulary import Permission
from web import database
from web.office.blueprint import office
from web.office.imports import check, noticed
from web.presenters import import_report
from web.site import arguments, uploads
from web.site.forms import AtMost, Form
from web.site.uploads import Upload

# Whoever waits for a page waits for so many; a longer list is brought in on the command line.
MOST = 2000
PROFILE = "uses"
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


@office.route("/import/uses", Permission.SPACE_IMPORT, endpoint="import_uses", methods=["GET", "POST"])
def begin() -> ResponseReturnValue:
    """Begin with a file."""
    form = UsesForm()
    if form.validate_on_submit():
        sent = form.file.data
        if not sent or not sent.filename:
            form.say("file", gettext("Choose a file."))
        else:
            upload = uploads.keep([sent])
            with form.saying({TempuseError: "file"}):
                _read(upload)
                return redirect(url_for(".import_uses_look", key=upload.key, **_asked(form)))
            uploads.forget(upload)
    return form.page("office/imports/uses.html")


def _asked(form: UsesForm) -> dict[str, Any]:
    """What was chosen, for the address of the next page."""
    day = form.open_until.data
    asked = {"source": form.source.data, "make": "1" if form.make_spaces.data else "", "until": str(day or "")}
    return {name: value for name, value in asked.items() if value}


@office.route("/import/uses/<key>", Permission.SPACE_IMPORT, endpoint="import_uses_look", methods=["GET", "POST"])
def look(key: str) -> ResponseReturnValue:
    """What would become of the list; a POST brings it in."""
    upload = uploads.get(key)
    uses, columns, said = _read(upload)
    until = arguments.day(arguments.text(request.args, "until"))
    about = UseList(
        source=arguments.text(request.args, "source") or Path(upload.name).stem, file_name=upload.name,
        crosswalk=said, make_spaces=bool(arguments.text(request.args, "make")), open_until=until,
    )  # fmt: skip
    is_sent = request.method == "POST"
    done = import_uses(database.idle(), g.actor, uses, about, database.now(), dry_run=not is_sent)
    if is_sent:
        uploads.forget(upload)
        flash(gettext("The list is in the register."))
        return redirect(url_for(".import_report", ref=done.ref))
    return render_template(
        "office/imports/uses_look.html", upload=upload, about=about, columns=columns, again=request.full_path,
        **_shown(done),
    )  # fmt: skip


def report(row: Import, issues: list[Issue]) -> str:
    """What a list of uses did that was brought in before."""
    done = UsesBroughtIn(row.ref, issues=issues)
    done.counts.update(row.counts)
    return render_template("office/imports/uses_report.html", row=row, **_shown(done))


def _shown(done: UsesBroughtIn) -> dict[str, Any]:
    lines = noticed.of_kept(done.issues)
    page = arguments.page(request.args, len(lines), check.PAGE)
    asked = {name: value for name, value in request.args.items() if name != "page"}
    here = {**(request.view_args or {}), **asked}
    counts = import_report.counted(dict(done.counts), of_uses=True)
    return {
        "counts": [(gettext(label), number) for label, number in counts],
        "lines": lines[page.offset :][: page.size], "noticed": len(done.issues), "page": page,
        "comes": done.counts["new"] + done.counts["changed"],
        "address": lambda number: url_for(request.endpoint or "", **{**here, "page": number}),
    }  # fmt: skip


def _read(upload: Upload) -> tuple[list[ListedUse], list[tuple[str, str]], str]:
    """The rows of a list, what each column was taken for, and the same as a file."""
    here = countries_of(database.connection())
    with contextlib.closing(open_source(upload.path, upload.scratch, name=upload.name, countries=here)) as source:
        known = crosswalk_for(source)
        held = {column.theirs: column.field for column in known.columns}
        uses: list[ListedUse] = []
        for use in read_uses(source, known):
            uses.append(use)
            if len(uses) > MOST:
                raise Invalid("use.too_many", most=MOST)
        columns = [(name, str(_TARGETS.get(held.get(name, ""), ""))) for name in source.columns]
        return uses, columns, crosswalk.write(known, source.columns)


@office.post("/import/uses/<key>/stop", Permission.SPACE_IMPORT, endpoint="import_uses_stop")
def stop(key: str) -> ResponseReturnValue:
    """Not after all: the file is thrown away."""
    uploads.forget(uploads.get(key))
    flash(gettext("Stopped. Nothing was changed."))
    return redirect(url_for(".import_uses"))
