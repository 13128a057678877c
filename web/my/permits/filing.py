"""A group sends the files that its kind of permit asks for, once its address is confirmed: strangers send none."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import ValidationError

from tempuse.access import Actor
from tempuse.permit_kinds import kind_named
from tempuse.permits import OPEN
from tempuse.registry.permits import filing
from tempuse.registry.permits.mine import PartyPermit
from tempuse.store import agreements
from tempuse.vocabulary import Permission
from web import database
from web.my.blueprint import my
from web.my.permits import acts
from web.my.permits.acts import PartyAct
from web.my.permits.changing import closed
from web.my.permits.page import PAGE, one
from web.site.forms import Form
from web.site.pictures import FILES, Paper

_MOST_MB = 10


class RequestFileForm(Form):
    """One file."""

    file = Paper(lazy_gettext("File"), most_mb=_MOST_MB)

    def validate_file(self, field: Paper) -> None:
        """There is one."""
        if not field.made:
            raise ValidationError(gettext("Choose a file."))


def _acts(mine: PartyPermit, actor: Actor) -> list[PartyAct]:
    permit = mine.permit
    asks = kind_named(database.settings().permit_kinds, permit.kind).asks
    if "files" not in asks or permit.status not in OPEN or not acts.is_asker(mine, actor):
        return []
    sent = agreements.request_files_of(database.connection(), permit.ref)
    return [PartyAct("files", gettext("Send a file"), url_for("auth.permit_files", ref=permit.ref), waits=not sent)]


acts.MORE.append(_acts)


@my.route(f"{PAGE}/files", Permission.MY_EDIT, endpoint="permit_files", methods=["GET", "POST"])
def files(ref: str) -> ResponseReturnValue:
    """Send a file, or take one back."""
    each = one(ref)
    if not any(act.name == "files" for act in acts.acts_of(each, g.actor)):
        return closed(ref)
    form, permit = RequestFileForm(), each.permit
    home = database.register().home
    if request.method == "POST" and (name := request.form.get("remove", "")):
        known = {sent.name for sent in agreements.request_files_of(database.connection(), permit.ref)}
        if name in known:
            filing.remove_file(database.idle(), g.actor, home, permit.ref, name, database.now())
            flash(gettext("The file is taken back."))
        return redirect(url_for(".permit_files", ref=permit.ref))
    if form.validate_on_submit():
        with form.saying():
            filing.add_file(
                database.idle(), g.actor, permit.ref, form.file.keep(), form.file.called, database.now()
            )  # fmt: skip
            flash(gettext("The city has your file."))
            return redirect(url_for(".permit", ref=permit.ref))
    sent = agreements.request_files_of(database.connection(), permit.ref)
    return form.page("my/permits/files.html", permit=permit, sent=sent, files=FILES)
