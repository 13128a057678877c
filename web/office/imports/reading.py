"""How the file of an import is read: its sheet, its coordinates, its letters; said beside its columns."""

from __future__ import annotations

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import StringField

from tempuse import geometry
from tempuse.io.places.extents import extent_of
from tempuse.io.sources.source import ALL
from tempuse.jobs import Job
from web.site.forms import Choice, Form


class ReadingForm(Form):
    """How the file is read; shown beside its columns."""

    layer = Choice(lazy_gettext("Sheet or layer"), look="list", default="")
    crs = StringField(lazy_gettext("Coordinates are in"),
                      description=lazy_gettext("Only if the file does not say. Like EPSG:31370."))  # fmt: skip
    within = StringField(lazy_gettext("The spaces must lie in"), description=lazy_gettext(
        "A country (BE) or west, south, east, north. Empty: the municipality, if its boundary is loaded."))  # fmt: skip
    encoding = StringField(lazy_gettext("Its letters are written in"),
                           description=lazy_gettext("Empty: found out. Like cp1252."))  # fmt: skip


def reading_form(draft: Job) -> ReadingForm:
    """The form with what was chosen so far."""
    about = draft.about
    chosen = {name: getattr(about, name) for name in ("crs", "within", "encoding")}
    form = ReadingForm(formdata=None, layer=about.layer or about.sheet or "", **chosen)
    form.layer.choices = [(each, each) for each in about.sheets or [about.sheet or ""]]
    if about.alike:
        names = gettext("All that are alike, as one list: %(names)s", names=", ".join(about.alike))
        form.layer.choices.append((ALL, names))
    return form


def take_reading(draft: Job) -> None:
    """Write how the file is to be read into the draft.

    Raises:
        Invalid: nobody knows such a CRS or extent.
    """
    about = draft.about
    about.opened_as = (about.layer or about.sheet or "", about.encoding)
    for name, check in (("crs", geometry.coded_crs), ("within", extent_of)):
        text = request.form.get(name, getattr(about, name)).strip()[:200]
        if text:
            check(text)
        setattr(about, name, text)
    if request.form.get("decimal") in (",", "."):
        about.decimal = request.form["decimal"]
    layer = request.form.get("layer", "")
    if layer in about.sheets or (layer == ALL and about.alike):
        about.layer = layer
    about.encoding = request.form.get("encoding", about.encoding).strip()[:40]


def must_open_again(draft: Job) -> bool:
    """Whether another sheet or encoding was chosen: other columns, which are guessed anew."""
    about = draft.about
    before, about.opened_as = about.opened_as, None
    changed = before is not None and before != (about.layer or about.sheet or "", about.encoding)
    if changed:
        about.crosswalk, about.words, about.guessed, about.by_hand = "", (), (), {}
    return changed
