"""The pictures and plans of a space: added, described, looked at, put in order and removed on a page of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import StringField, TextAreaField

from tempuse.errors import NotFound
from tempuse.pictures import MOST_PICTURES, MOST_PLANS, SpacePicture
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
from web.presenters.plans import about
from web.site.attachments import attachment_answer
from web.site.forms import AtMost, Form
from web.site.pictures import FILES, EachPicture, PlanFile

_READ, _EDIT = Permission.SPACE_READ, Permission.SPACE_EDIT


class PhotosForm(Form):
    """Photos from somebody's own machine."""

    pictures = EachPicture(lazy_gettext("Photos"))


class PlanForm(Form):
    """A plan from somebody's own machine, and what it is called."""

    plan = PlanFile(lazy_gettext("Plan"))
    title = StringField(
        lazy_gettext("Which plan is it?"), validators=[AtMost(300)], description=lazy_gettext("Like: Ground floor.")
    )


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


class PlanWordsForm(Form):
    """What a plan is called, and who made it."""

    alt = StringField(
        lazy_gettext("Which plan is it?"), validators=[AtMost(300)], description=lazy_gettext("Like: Ground floor.")
    )
    credit = StringField(lazy_gettext("Who made it?"), validators=[AtMost(200)])


@dataclass(frozen=True, slots=True)
class OfficePlan:
    """A plan as the office sees it: its row, its address, how long and large it is, who sees it."""

    picture: SpacePicture
    href: str
    about: str
    state: str

    @property
    def id(self) -> str:
        """What it is called within the page."""
        return f"plan-{self.picture.name[:12]}"


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


def of_space(ref: str) -> tuple[list[OfficePicture], list[OfficePlan]]:
    """The pictures of a space in their order, and its plans."""
    con = database.connection()
    found = picture_rows.all_of_space(con, ref)
    if not found:
        return [], []
    is_exact = publishing.publisher(con, database.now()).decide(space_rows.get(con, ref)).is_exact
    pictures = [
        OfficePicture(
            each, of_sizes("office.space_picture", ref, each.sizes, each.alt, each.credit), _state(each, is_exact)
        )
        for each in found
        if not each.is_plan
    ]
    plans = [
        OfficePlan(
            each, url_for("office.space_picture", ref=ref, name=each.name), about(each.sizes[0]), _state(each, is_exact)
        )
        for each in found if each.is_plan
    ]  # fmt: skip
    return pictures, plans


def _state(picture: SpacePicture, is_exact: bool) -> str:
    if picture.looked_at is None:
        return gettext("Only the office sees it")
    return gettext("Everybody sees it") if is_exact else gettext("It may be seen once the space is shown exactly")


def _words(picture: SpacePicture, wrong: tuple[str, Form] | None) -> Form:
    """What is said of one picture or plan, as it is kept or as somebody has just written it."""
    if wrong and wrong[0] == picture.name:
        return wrong[1]
    kind = PlanWordsForm if picture.is_plan else WordsForm
    return kind(formdata=None, data={"alt": picture.alt, "credit": picture.credit})


def _page(
    each: Space, upload: PhotosForm | None = None, plan: PlanForm | None = None, wrong: tuple[str, Form] | None = None
) -> ResponseReturnValue:  # fmt: skip
    """The page; what is wrong stands beside the photos or the plan that were sent, or the words about one of them."""
    pictures, plans = of_space(each.ref)
    forms: dict[str, Form] = {}
    every: list[OfficePicture | OfficePlan] = [*pictures, *plans]
    for shown in every:
        form = forms[shown.picture.name] = _words(shown.picture, wrong)
        form.alt.id, form.credit.id = f"{shown.id}-alt", f"{shown.id}-credit"
    empty = PhotosForm(formdata=None)
    return (wrong[1] if wrong else plan or upload or empty).page(
        "office/spaces/pictures.html", space=each, name=names.space(each), pictures=pictures, plans=plans, forms=forms,
        upload=upload or empty, plan=plan or PlanForm(formdata=None), files=FILES, most=MOST_PICTURES,
        most_plans=MOST_PLANS,
    )  # fmt: skip


@office.get("/spaces/<ref>/pictures", _EDIT, endpoint="space_pictures")
def pictures(ref: str) -> ResponseReturnValue:
    """The pictures and plans of a space, each with its words, and the fields for more."""
    return _page(space_rows.get(database.connection(), ref))


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


@office.post("/spaces/<ref>/plans", _EDIT, endpoint="space_plans_add")
def add_plan(ref: str) -> ResponseReturnValue:
    """Add a plan."""
    each = space_rows.get(database.connection(), ref)
    form = PlanForm()
    if form.validate_on_submit():
        with form.saying():
            sizes = form.plan.keep()
            plan = SpacePicture(space_ref=ref, name=sizes[0]["pdf"], sizes=sizes, alt=form.title.data or None)
            registry.add_picture(database.idle(), g.actor, plan, database.now())
            flash(gettext("The plan is added."))
            return redirect(f"{url_for('office.space_pictures', ref=ref)}#plan-{plan.name[:12]}")
    return _page(each, plan=form)


@office.get("/spaces/<ref>/pictures/<name>", _READ, endpoint="space_picture")
def picture(ref: str, name: str) -> Response:
    """One file of a picture, or a plan."""
    if name not in {file for each in picture_rows.all_of_space(database.connection(), ref) for file in each.files}:
        raise NotFound("attachment.not_found")
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, ref)


@office.post("/spaces/<ref>/pictures/<name>", _EDIT, endpoint="space_picture_act")
def act(ref: str, name: str) -> ResponseReturnValue:
    """Keep the words of a picture or a plan, let everybody or nobody see it, or remove it; move a picture."""
    con, done = database.connection(), request.form.get("do", "")
    each = space_rows.get(con, ref)
    found = {known.name: known for known in picture_rows.all_of_space(con, ref)}
    if name not in found:
        if done == "remove":
            return redirect(url_for("office.space_pictures", ref=ref))  # the same form, sent twice
        raise NotFound("picture.not_found", ref=ref)
    is_plan = found[name].is_plan
    back = f"{url_for('office.space_pictures', ref=ref)}#{found[name].noun}-{name[:12]}"
    if done in ("earlier", "later"):
        order = [known.name for known in found.values() if known.is_plan == is_plan]
        at = order.index(name)
        order.insert(max(0, at + (-1 if done == "earlier" else 1)), order.pop(at))
        registry.order_pictures(database.idle(), g.actor, ref, order, database.now())
        return redirect(back)
    if done == "remove":
        registry.remove_picture(database.idle(), g.actor, database.register().home, ref, name, database.now())
        flash(gettext("The plan is removed.") if is_plan else gettext("The picture is removed."))
        return redirect(url_for("office.space_pictures", ref=ref))
    if done == "hide":
        registry.hide_picture(database.idle(), g.actor, ref, name, database.now())
        flash(gettext("Only the office sees it now."))
        return redirect(back)
    form = PlanWordsForm() if is_plan else WordsForm()
    if form.validate_on_submit():
        with form.saying():
            says: tuple[Any, ...] = (form.alt.data, form.credit.data, database.now())
            if done == "show":
                registry.show_picture(database.idle(), g.actor, ref, name, *says)
                flash(gettext("The plan may be seen.") if is_plan else gettext("The picture may be seen."))
            else:
                registry.describe_picture(database.idle(), g.actor, ref, name, *says)
                flash(gettext("Written down."))
            return redirect(back)
    return _page(each, wrong=(name, form))


@office.post("/spaces/<ref>/picture-order", _EDIT, endpoint="space_picture_order")
def reorder(ref: str) -> ResponseReturnValue:
    """Put the pictures in the order in which they were pulled."""
    order = request.form.get("order", "").split()[:MOST_PICTURES]
    registry.order_pictures(database.idle(), g.actor, ref, order, database.now())
    return redirect(url_for("office.space_pictures", ref=ref))
