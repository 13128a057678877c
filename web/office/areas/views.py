"""The areas of the register: what is loaded, and loading a layer after a look at it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import MultipleFileField
from wtforms import StringField

from tempuse import geometry
from tempuse.areas import Area
from tempuse.errors import Invalid, NotFound, TempuseError
from tempuse.io import areas as area_files
from tempuse.io.read import open_source
from tempuse.io.sources.source import Source
from tempuse.registry.areas import load_areas
from tempuse.registry.importing.opening import countries_of
from tempuse.store import areas as rows
from tempuse.vocabulary import AreaKind, Permission
from web import database, words
from web.office.areas import picture
from web.office.blueprint import office
from web.office.menu import Room
from web.site import arguments, uploads
from web.site.forms import AtMost, Choice, Form

ROOM = Room(50, "office.areas", lazy_gettext("Areas"), Permission.AREA_READ)

MOST_ISSUES = 100


class UploadForm(Form):
    """A layer and what it is."""

    kind = Choice(lazy_gettext("What the file holds"), default=AreaKind.DISTRICT.value)
    files = MultipleFileField(
        lazy_gettext("File"),
        description=lazy_gettext(
            "GeoPackage, GeoJSON, Shapefile or MapInfo (zipped, or all its files together), KML, GML, FlatGeobuf or a "
            "zipped File Geodatabase. At most 200 MB."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.choices = [(kind.value, gettext(kind.label), gettext(kind.definition)) for kind in AreaKind]


class ColumnsForm(Form):
    """How the file is read; asked again with each change."""

    layer = Choice(lazy_gettext("Layer"), look="list")
    name_column = Choice(lazy_gettext("The column with the names"), look="list")
    code_column = Choice(
        lazy_gettext("The column with the codes"),
        look="list",
        description=lazy_gettext("By it, next year’s file finds the same areas again."),
    )
    crs = StringField(
        lazy_gettext("Coordinate reference system"),
        description=lazy_gettext("Only if it differs from what the file says. Like EPSG:31370."),
        validators=[AtMost(200)],
    )
    encoding = StringField(
        lazy_gettext("Its letters are written in"),
        description=lazy_gettext("Empty: found out. Like cp1252."),
        validators=[AtMost(40)],
    )
    source = StringField(
        lazy_gettext("Where it comes from"), description=lazy_gettext("For your own memory."), validators=[AtMost(200)]
    )

    def offer(self, source: Source) -> None:
        """The choices that the file gives."""
        columns = [(column, column) for column in source.columns]
        self.layer.choices = [(each, each) for each in source.layers or [source.layer]]
        self.name_column.choices = self.code_column.choices = [("", gettext("none")), *columns]
        self.layer.data = self.layer.data or source.layer


def _upload_form() -> UploadForm:
    return UploadForm(kind=arguments.choice(request.args, "kind", list(AreaKind), AreaKind.DISTRICT.value))


@office.get("/areas", Permission.AREA_READ)
def areas() -> ResponseReturnValue:
    """What is loaded by kind; and the form to load a layer."""
    return _page(_upload_form())


@office.post("/areas", Permission.AREA_EDIT, endpoint="areas_load")
def load() -> ResponseReturnValue:
    """Take a layer in, to be looked at before anything changes."""
    form = _upload_form()
    if form.validate_on_submit():
        sent = [file for file in form.files.data or [] if file and file.filename]
        if not sent:
            form.say("files", gettext("Choose a file."))
        else:
            upload = uploads.keep(sent)
            with form.saying({TempuseError: "files"}):
                here = countries_of(database.connection())
                open_source(upload.path, upload.scratch, name=upload.name, countries=here).close()
                return redirect(url_for(".areas_look", key=upload.key, kind=form.kind.data))
            uploads.forget(upload)
    return _page(form)


def _page(form: UploadForm) -> ResponseReturnValue:
    held = rows.tally(database.connection())
    counts = [(kind, gettext(kind.label), held.get(kind.value, 0)) for kind in AreaKind]
    return form.page("office/areas/index.html", counts=counts)


@office.route("/areas/<key>", Permission.AREA_EDIT, endpoint="areas_look", methods=["GET", "POST"])
def look(key: str) -> ResponseReturnValue:
    """The layer before it is loaded: its columns, a picture, what would change. A POST loads it."""
    upload = uploads.get(key)
    kind = _kind()
    form = ColumnsForm(request.values if "name_column" in request.values else None)
    source = _opened(upload, form)
    form.offer(source)
    found = None
    with form.saying({TempuseError: ""}):
        found = _read(form, source)
    if request.method == "POST" and found is not None:
        counts = load_areas(database.idle(), g.actor, kind, found.areas, database.now())
        uploads.forget(upload)
        flash(gettext("%(new)s new, %(changed)s changed, %(retired)s retired.", **counts))
        return redirect(url_for(".areas"))
    return form.page(
        "office/areas/look.html",
        upload=upload,
        kind=kind,
        source=source,
        found=found,
        effect=_effect(kind, found.areas) if found else None,
        issues=[(issue.row, words.issue_sentence(issue)) for issue in found.issues[:MOST_ISSUES]] if found else [],
        picture=picture.draw(found.areas) if found else None,
    )


def _opened(upload: uploads.Upload, form: ColumnsForm) -> Source:
    """The layer that was chosen, its letters as was told; a word that is no encoding is said, and not used."""
    encoding = arguments.text(request.values, "encoding", 40)
    asked: dict[str, Any] = {
        "name": upload.name, "layer": arguments.text(request.values, "layer") or None,
        "countries": countries_of(database.connection()),
    }  # fmt: skip
    try:
        return open_source(upload.path, upload.scratch, encoding=encoding or None, **asked)
    except Invalid as error:
        if not encoding or error.message != "file.encoding":
            raise
        form.say("encoding", words.error_sentence(error))
        return open_source(upload.path, upload.scratch, **asked)


def _kind() -> AreaKind:
    """What the layer holds: a wrong word must not make districts of it, whose old ones would be retired."""
    text = arguments.choice(request.values, "kind", list(AreaKind), "")
    if not text:
        raise NotFound("area.kind", kind=arguments.text(request.values, "kind", 40))
    return AreaKind(text)


def _read(form: ColumnsForm, source: Source) -> area_files.FoundAreas:
    asked = form.name_column.raw_data is not None and bool(form.name_column.raw_data)
    name, code = form.name_column.data or None, form.code_column.data or None
    if not asked:
        name = area_files.guess(source.columns, area_files.NAMES)
        code = area_files.guess(source.columns, area_files.CODES)
        form.name_column.data, form.code_column.data = name or "", code or ""
    elif name not in (None, *source.columns) or code not in (None, *source.columns):
        raise Invalid("area.no_column", column=name or code or "", columns=source.columns)
    return area_files.read_areas(
        source,
        name_column=name,
        code_column=code,
        crs=geometry.coded_crs(crs) if (crs := arguments.text(request.values, "crs")) else None,
        source_name=arguments.text(request.values, "source") or None,
    )


def _effect(kind: AreaKind, found: list[Area]) -> dict[str, int]:
    """How many areas are new, known already, and in the register but not in the file."""
    held = {area.code or area.name or area.ref for area in rows.find(database.connection(), kind)}
    sent = {area.code or area.name or "" for area in found}
    known = len(held & sent)
    return {"new": len(found) - known, "known": known, "gone": len(held - sent)}


@office.post("/areas/<key>/stop", Permission.AREA_EDIT, endpoint="areas_stop")
def stop(key: str) -> ResponseReturnValue:
    """Give the load of a layer up: what was uploaded is thrown away."""
    uploads.forget(uploads.get(key))
    return redirect(url_for(".areas"))
