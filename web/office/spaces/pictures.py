"""The pictures of a space: added, described, looked at, put in order and removed on a page of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import StringField, TextAreaField

from tempuse.errors import NotFound
from tempuse.pictures import MOST_PICTURES, SpacePicture
from tempuse.registry import pictures as registry
from tempuse.registry import publishing
from tempuse.spaces import Space
from tempuse.store import pictures as picture_rows
from tempuse.store import spaces as space_rows
from tempuse.vocabulary import Permission
from web import database, words
from web.office import names
from web.office.blueprint import office
from web.presenters.pictures import ShownPicture, of_sizes
from web.site.attachments import attachment_answer
from web.site.forms import AtMost, Form
from web.site.pictures import FILES, EachPicture

_READ, _EDIT = Permission.SPACE_READ, Permission.SPACE_EDIT


class PhotosForm(Form):
    """Photos from somebody's own machine."""

    pictures = EachPicture(lazy_gettext("Photos"))


class WordsForm(Form):
    """What a picture shows, and who made it."""

    alt = TextAreaField(
        lazy_gettext("What does it show?"), validators=[AtMost(300)],
        description=lazy_gettext("For people who do not see it. Like: The hall from the street, with two gates."),
    )  # fmt: skip
    credit = StringField(
        lazy_gettext("Who made it?"), validators=[AtMost(200)],
        description=lazy_gettext("Stands below it. You may leave it empty."),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfficePicture:
    """A picture as the office sees it: its row, its addresses, who sees it."""

    picture: SpacePicture
    shown: ShownPicture
    state: str

    @property
    def id(self) -> str:
        """What it is called within the page."""
        return f"picture-{self.picture.name[:12]}"


def of_space(ref: str) -> list[OfficePicture]:
    """The pictures of a space in their order."""
    con = database.connection()
    found = picture_rows.of_space(con, ref)
    if not found:
        return []
    is_exact = publishing.publisher(con, database.now()).decide(space_rows.get(con, ref)).is_exact
    return [
        OfficePicture(
            each, of_sizes("office.space_picture", ref, each.sizes, each.alt, each.credit), _state(each, is_exact)
        )
        for each in found
    ]


def _state(picture: SpacePicture, is_exact: bool) -> str:
    if picture.looked_at is None:
        return gettext("Only the office sees it")
    return gettext("Everybody sees it") if is_exact else gettext("It may be seen once the space is shown exactly")


def _page(each: Space, upload: PhotosForm, wrong: tuple[str, WordsForm] | None = None) -> ResponseReturnValue:
    """The page; what is wrong stands beside the photos that were sent, or the words about one picture."""
    known = of_space(each.ref)
    forms = {}
    for shown in known:
        name = shown.picture.name
        form = wrong[1] if wrong and wrong[0] == name else WordsForm(
            formdata=None, data={"alt": shown.picture.alt, "credit": shown.picture.credit}
        )  # fmt: skip
        form.alt.id, form.credit.id = f"{shown.id}-alt", f"{shown.id}-credit"
        forms[name] = form
    return (wrong[1] if wrong else upload).page(
        "office/spaces/pictures.html", space=each, name=names.space(each), pictures=known, forms=forms, upload=upload,
        files=FILES, most=MOST_PICTURES,
    )  # fmt: skip


@office.get("/spaces/<ref>/pictures", _EDIT, endpoint="space_pictures")
def pictures(ref: str) -> ResponseReturnValue:
    """The pictures of a space, each with its words, and the field for more."""
    return _page(space_rows.get(database.connection(), ref), PhotosForm(formdata=None))


@office.post("/spaces/<ref>/pictures", _EDIT, endpoint="space_pictures_add")
def add(ref: str) -> ResponseReturnValue:
    """Add photos: those that fit, whatever is wrong with the others."""
    con = database.connection()
    each = space_rows.get(con, ref)
    form = PhotosForm()
    form.pictures.room = MOST_PICTURES - len(picture_rows.of_space(con, ref))
    if not form.validate_on_submit():
        return _page(each, form)
    said, added = list(form.pictures.refused), 0
    with form.saying():
        for sizes in form.pictures.keep():
            picture = SpacePicture(space_ref=ref, name=sizes[-1]["jpg"], sizes=sizes)
            registry.add_picture(database.idle(), g.actor, picture, database.now())
            added += 1
    if form.pictures.left_over:
        said.append(words.sentence("picture.space_full", {"ref": ref, "most": MOST_PICTURES}))
    if not said and not added and not form.refusals:
        said.append(gettext("Choose a picture."))
    if added:
        flash(ngettext("%(n)s picture is added.", "%(n)s pictures are added.", added, n=words.figure(added)))
    if said:
        form.say("pictures", " ".join(said))
    if form.mending() or form.refusals:
        return _page(each, form)
    return redirect(url_for("office.space_pictures", ref=ref))


@office.get("/spaces/<ref>/pictures/<name>", _READ, endpoint="space_picture")
def picture(ref: str, name: str) -> Response:
    """One file of a picture."""
    if name not in {file for each in picture_rows.of_space(database.connection(), ref) for file in each.files}:
        raise NotFound("attachment.not_found")
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, ref)


@office.post("/spaces/<ref>/pictures/<name>", _EDIT, endpoint="space_picture_act")
def act(ref: str, name: str) -> ResponseReturnValue:
    """Keep its words, let everybody or nobody see it, move it, or remove it."""
    con, done = database.connection(), request.form.get("do", "")
    each = space_rows.get(con, ref)
    order = [known.name for known in picture_rows.of_space(con, ref)]
    if name not in order:
        if done == "remove":
            return redirect(url_for("office.space_pictures", ref=ref))  # the same form, sent twice
        raise NotFound("picture.not_found", ref=ref)
    form, back = WordsForm(), f"{url_for('office.space_pictures', ref=ref)}#picture-{name[:12]}"
    if done in ("earlier", "later"):
        at = order.index(name)
        order.insert(max(0, at + (-1 if done == "earlier" else 1)), order.pop(at))
        registry.order_pictures(database.idle(), g.actor, ref, order, database.now())
        return redirect(back)
    if done == "remove":
        registry.remove_picture(database.idle(), g.actor, database.register().home, ref, name, database.now())
        flash(gettext("The picture is removed."))
        return redirect(url_for("office.space_pictures", ref=ref))
    if done == "hide":
        registry.hide_picture(database.idle(), g.actor, ref, name, database.now())
        flash(gettext("Only the office sees it now."))
        return redirect(back)
    if form.validate_on_submit():
        with form.saying():
            says: tuple[Any, ...] = (form.alt.data, form.credit.data, database.now())
            if done == "show":
                registry.show_picture(database.idle(), g.actor, ref, name, *says)
                flash(gettext("The picture may be seen."))
            else:
                registry.describe_picture(database.idle(), g.actor, ref, name, *says)
                flash(gettext("Written down."))
            return redirect(back)
    return _page(each, PhotosForm(formdata=None), (name, form))


@office.post("/spaces/<ref>/picture-order", _EDIT, endpoint="space_picture_order")
def reorder(ref: str) -> ResponseReturnValue:
    """Put the pictures in the order in which they were pulled."""
    order = request.form.get("order", "").split()[:MOST_PICTURES]
    registry.order_pictures(database.idle(), g.actor, ref, order, database.now())
    return redirect(url_for("office.space_pictures", ref=ref))
