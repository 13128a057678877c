"""The first step: the file, what its spaces are, whose they are, and how it is to be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, StringField

from tempuse import geometry
from tempuse.errors import Invalid, TempuseError, Unusable
from tempuse.io import crosswalk as crosswalks
from tempuse.io.places import geocode
from tempuse.io.places.extents import extent_of
from tempuse.io.sources import archives
from tempuse.jobs import ImportJob, Job
from tempuse.store import imports as import_rows
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import LocationLevel, Ownership, SpaceKind, SpaceStatus
from web import database, words
from web.office.imports import jobs
from web.office.imports.request import suffix_of
from web.presenters import labels
from web.site.forms import AtMost, Choice, Form

STATUSES = (SpaceStatus.VERIFIED, SpaceStatus.OFFERED, SpaceStatus.REPORTED)
NEW = ""


class FileForm(Form):
    """A list and what is to become of it."""

    file = MultipleFileField(
        lazy_gettext("The list"),
        description=lazy_gettext(
            "Excel, OpenDocument, CSV, GeoPackage, GeoJSON, Shapefile or MapInfo (zipped, or all its files together), "
            "KML, GML, GPX, DXF, FlatGeobuf, a zipped File Geodatabase or an OpenStreetMap extract. At most 200 MB."
        ),
    )
    again = Choice(lazy_gettext("Is this a new version of a list you brought in before?"), look="list", default="")
    source = StringField(
        lazy_gettext("Name of the list"),
        description=lazy_gettext("By this name, next year’s version finds its spaces again. Empty: the file’s name."),
        validators=[AtMost(200)],
    )
    status = Choice(lazy_gettext("What the new spaces are"), default=SpaceStatus.VERIFIED.value)
    looked_on = StringField(
        lazy_gettext("When did you last look?"),
        description=lazy_gettext(
            "It counts for new spaces of which the list does not say. Without it, they all come up as sites to check."
        ),
        render_kw={"type": "date"},
    )
    ownership = Choice(lazy_gettext("Who owns the spaces that do not say"), look="list", default="")
    kind = Choice(lazy_gettext("What the spaces are that do not say"), look="list", default=SpaceKind.BUILDING.value)
    agreed_on = StringField(
        lazy_gettext("The owners agreed to publication on"),
        description=lazy_gettext("Only if you have their word. It counts for rows that do not say otherwise."),
        render_kw={"type": "date"},
    )
    location_level = Choice(lazy_gettext("How exactly everybody sees where they are"), look="list", default="")
    addresses = FileField(
        lazy_gettext("A list of addresses with their places"),
        description=lazy_gettext("Rows without coordinates get their place from it."),
    )
    parcels = FileField(
        lazy_gettext("The cadastre’s parcels"), description=lazy_gettext("Rows with a parcel’s number get its outline.")
    )
    parcel_key = StringField(
        lazy_gettext("The parcels’ column with the number"), default="CAPAKEY", validators=[AtMost(100)]
    )
    ask_geocoder = BooleanField(lazy_gettext("Ask the city’s address service for rows without a place"))
    layer = StringField(lazy_gettext("Sheet or layer"), validators=[AtMost(200)],
                        description=lazy_gettext("Empty: the one whose columns are known best."))  # fmt: skip
    profile = Choice(lazy_gettext("A known kind of list"), look="list", default="")
    licence = StringField(lazy_gettext("Licence of the list"), validators=[AtMost(200)])
    crs = StringField(lazy_gettext("Coordinates are in"), validators=[AtMost(200)],
                      description=lazy_gettext("Only if the file does not say. Like EPSG:31370."))  # fmt: skip
    within = StringField(lazy_gettext("The spaces must lie in"), validators=[AtMost(200)], description=lazy_gettext(
        "A country (BE) or west, south, east, north. Empty: the municipality, if its boundary is loaded."))  # fmt: skip
    encoding = StringField(lazy_gettext("Its letters are written in"), validators=[AtMost(40)],
                           description=lazy_gettext("Empty: found out. Like cp1252."))  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        con, settings = database.connection(), database.settings()
        self.again.choices = [
            (NEW, gettext("No, or its name says so")),
            *((each, each) for each in space_rows.sources(con)),
        ]
        self.status.choices = [(each.value, gettext(each.label), gettext(each.definition)) for each in STATUSES]
        self.ownership.choices = [
            ("", gettext("Not known")), *((each, said) for each, said in labels.choices(Ownership) if each != "unknown")
        ]  # fmt: skip
        self.kind.choices = labels.choices(SpaceKind)
        self.location_level.choices = [
            ("", gettext("As the city’s settings say")), ("exact", gettext("Exactly")),
            ("cell", gettext("As a square of 500 m")),
            *((each.value, gettext(each.label)) for each in LocationLevel if each.value not in ("exact", "cell")),
        ]  # fmt: skip
        self.profile.choices = [("", gettext("Find out from its columns"))] + [
            (name, crosswalks.load(name).about.get("title", name)) for name in ("generic", *crosswalks.PROFILES)
        ]
        self.finds = geocode.is_configured(settings)
        self.law = settings.private_rule

    def begin(self) -> Job | None:
        """Keep what was sent as a draft; None, and its errors said, when it does not fit."""
        sent = [each for each in self.file.data or [] if each and each.filename]
        if not sent:
            self.say("file", gettext("Choose a file."))
        elif len(sent) > 1 and not _belong_together(sent):
            self.say(
                "file",
                gettext(
                    "These files do not belong together. Send one list, or all files of one Shapefile or MapInfo table."
                ),
            )
        self._check_source()
        self._check_values()
        if self.errors or self.mending():
            return None
        texts: dict[str, Any] = {name: (self[name].data or "").strip() for name in _TEXTS}
        about = ImportJob(
            file_name=Path((sent[0].filename or "list").replace("\\", "/")).name,
            **texts,
            status=self.status.data, ask_geocoder=bool(self.ask_geocoder.data) and self.finds,
            source=self.again.data or (self.source.data or "").strip(),
        )  # fmt: skip
        draft = jobs.begin(g.actor, about)
        try:
            _keep(draft, sent, {name: self[name].data for name in ("addresses", "parcels")})
        except OSError as error:
            jobs.forget(draft)
            raise Unusable("attachment.not_kept", detail=error.strerror or str(error)) from error
        return draft

    def _check_source(self) -> None:
        name = (self.source.data or "").strip()
        if not self.again.data and name and import_rows.count_of(database.connection(), name):
            self.say("source", gettext("You have a list of this name. If this is its new version, choose it above."))

    def _check_values(self) -> None:
        for name in ("looked_on", "agreed_on"):
            text = (self[name].data or "").strip()
            try:
                if text and date.fromisoformat(text) > database.today():
                    self.say(name, gettext("This day is still to come."))
            except ValueError:
                self.say(name, gettext("Write a day, like 2027-03-01."))
        _say_if_wrong(self, "crs", geometry.coded_crs)
        _say_if_wrong(self, "within", extent_of)


_TEXTS = (
    "ownership", "kind", "looked_on", "agreed_on", "location_level", "parcel_key", "layer", "profile", "licence", "crs",
    "within", "encoding",
)  # fmt: skip


def _say_if_wrong(form: Form, name: str, check: Callable[[str], object]) -> None:
    text = (form[name].data or "").strip()
    try:
        if text:
            check(text)
    except TempuseError as error:
        form.say(name, words.error_sentence(error))


def _belong_together(sent: Sequence[FileStorage]) -> bool:
    names = [Path((each.filename or "").replace("\\", "/")) for each in sent]
    return len({name.stem for name in names}) == 1 and all(name.suffix.lower() in archives.PARTS for name in names)


def _keep(draft: Job, sent: Sequence[FileStorage], others: dict[str, FileStorage | None]) -> None:
    """Store the files under names of our own."""
    about, folder = draft.about, jobs.folder(draft)
    if len(sent) == 1:
        about.list = f"list{suffix_of(sent[0].filename or '')}"
        sent[0].save(folder / about.list)
        about.bytes = (folder / about.list).stat().st_size
    else:
        about.list = "list"
        (folder / "list").mkdir()
        for each in sent:
            each.save(folder / "list" / f"list{suffix_of(each.filename or '')}")
        about.bytes = sum(path.stat().st_size for path in (folder / "list").iterdir())
    for name, file in others.items():
        if file and file.filename:
            kept = folder / f"{name}-file{suffix_of(file.filename)}"
            setattr(about, name, kept.name)
            setattr(about, f"{name}_name", Path(file.filename.replace("\\", "/")).name)
            file.save(kept)
            about.bytes += kept.stat().st_size


# ---- what the later steps share -------------------------------------------------------------------------


def mine(key: str) -> Job:
    """A draft of the person who asks.

    Raises:
        NotFound: there is none (any more), or it is somebody else's.
    """
    return jobs.get(key, person_ref())


def person_ref() -> str:
    """Who is signed in."""
    return str(g.person.ref)


def was_sent_before(draft: Job) -> bool:
    """Whether this form follows an earlier step than the draft has reached: it was sent twice."""
    return request.form.get("step") != str(draft.step)


def way_on(draft: Job) -> ResponseReturnValue:
    """To wherever the draft is now."""
    there = url_for("office.import_go", key=draft.key)
    return Response(headers={"HX-Redirect": there}) if request.headers.get("HX-Request") else redirect(there)


def error_of(draft: Job) -> str:
    """Why the last piece of work could not be done, empty when it could."""
    return words.sentence(draft.problem.message, draft.problem.values) if draft.problem else ""


def error_issues(draft: Job) -> list[str]:
    """What exactly was wrong, line by line."""
    found = draft.problem.issues if draft.problem else []
    return [_issue(each["row"], words.sentence(each["message"], each["values"])) for each in found]


def issue_sentences(error: TempuseError) -> list[str]:
    """The same of an error that was just raised."""
    issues = error.issues if isinstance(error, Invalid) else []
    return [_issue(each.row, words.issue_sentence(each)) for each in issues]


def _issue(row: int | None, said: str) -> str:
    return gettext("Row %(row)s: %(said)s", row=row, said=said) if row else said
