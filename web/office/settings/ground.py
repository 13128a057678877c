"""The map's own streets and buildings: made of a file that somebody sends, at once or by a worker, and taken away."""

from __future__ import annotations

import orjson
from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField

from tempuse import files
from tempuse.access import Actor
from tempuse.errors import TempuseError
from tempuse.io.ground.making import make_ground
from tempuse.registry.ground import set_ground, town
from tempuse.store import people
from tempuse.vocabulary import Permission
from web import database, tasks, words
from web.map import ground as own
from web.office.blueprint import office
from web.site import uploads
from web.site.forms import Form

# A file of so many bytes is a small town's: it is made while the sender waits, in a few seconds.
AT_ONCE = 3_000_000
_STATE = "ground.json"


class GroundForm(Form):
    """The file that the ground is made of."""

    file = FileField(
        lazy_gettext("File"),
        description=lazy_gettext(
            "An OpenStreetMap extract (.osm.pbf), or a map in one file (.pmtiles). At most 200 MB."
        ),
    )


@office.route("/settings/ground", Permission.SETTINGS_EDIT, endpoint="setting_ground", methods=["GET", "POST"])
def ground() -> ResponseReturnValue:
    """What the map stands on, and the form to give it something else."""
    form = GroundForm()
    if request.form.get("do") == "remove" and form.validate_on_submit():
        set_ground(database.idle(), g.actor, database.register().home, None, database.now())
        flash(gettext("The map’s streets and buildings are taken away."))
        return redirect(url_for(".settings"))
    if form.validate_on_submit():
        if not (sent := form.file.data) or not sent.filename:
            form.say("file", gettext("Choose a file."))
        else:
            upload = uploads.keep([sent])
            if upload.path.stat().st_size > AT_ONCE:
                _tell({"state": "working"})
                make_later.later(g.person.ref, upload.key)
                flash(gettext("Streets and buildings are being made. It takes some minutes; you can go on meanwhile."))
                return redirect(url_for(".setting_ground"))
            with form.saying({TempuseError: "file"}):
                _make(upload, g.actor)
                flash(gettext("The map has its streets and buildings."))
                return redirect(url_for("public.home"))
            uploads.forget(upload)
    return form.page(
        "office/settings/ground.html", about=own.about(), state=_told(), has_addresses=own.knows_addresses()
    )


@tasks.job
def make_later(person_ref: str, key: str) -> None:
    """Make the ground of a large file, in a worker; what goes wrong is said on the page."""
    upload, actor = uploads.get(key), people.get(database.connection(), person_ref).actor()
    try:
        _make(upload, actor)
    except TempuseError as error:
        _tell({"state": "failed", "said": words.error_sentence(error)})
    finally:
        uploads.forget(upload)


def _make(upload: uploads.Upload, actor: Actor) -> None:
    here = town(database.connection())
    database.idle()  # nobody waits for the register while it is made
    made = make_ground(upload.path, upload.name, here)
    set_ground(database.idle(), actor, database.register().home, made, database.now())
    (database.register().home / _STATE).unlink(missing_ok=True)
    uploads.forget(upload)


def _tell(state: dict[str, str]) -> None:
    files.write_whole(database.register().home / _STATE, orjson.dumps(state))


def _told() -> dict[str, str]:
    try:
        return dict(orjson.loads((database.register().home / _STATE).read_bytes()))
    except (OSError, ValueError):
        return {}
