"""The papers of a permit for its parties."""

from __future__ import annotations

from flask import Response

from tempuse.errors import NotFound
from tempuse.store import agreements
from tempuse.vocabulary import Party, Permission
from web import database
from web.my.blueprint import my
from web.my.permits.page import one
from web.presenters import permit_papers
from web.site.attachments import attachment_answer
from web.site.papers import pdf_answer


@my.get("/permits/<ref>/papers/<name>.pdf", Permission.MY_READ, endpoint="permit_paper")
def paper(ref: str, name: str) -> Response:
    """One paper as a PDF, for whoever is a party of the permit."""
    permit = one(ref).permit
    return pdf_answer(permit_papers.paper(permit, name), f"{permit.ref} {name}")


@my.get("/permits/<ref>/files/<name>", Permission.MY_READ, endpoint="permit_file")
def file(ref: str, name: str) -> Response:
    """One photo of a hand-over, for whoever is a party of the permit; what a group sent for the group alone."""
    mine, con = one(ref), database.connection()
    permit = mine.permit
    names = {photo for each in agreements.handovers_of(con, permit.ref) for photo in each.photos}
    if mine.side == Party.HOLDER:
        names |= {each.name for each in agreements.request_files_of(con, permit.ref)}
    if name not in names:
        raise NotFound("attachment.not_found")
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, permit.ref)
