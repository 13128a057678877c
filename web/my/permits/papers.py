"""The papers of a permit for its parties."""

from __future__ import annotations

from flask import Response

from tempuse.vocabulary import Permission
from web.my.blueprint import my
from web.my.permits.page import one
from web.presenters import permit_papers
from web.site.papers import pdf_answer


@my.get("/permits/<ref>/papers/<name>.pdf", Permission.MY_READ, endpoint="permit_paper")
def paper(ref: str, name: str) -> Response:
    """One paper as a PDF, for whoever is a party of the permit."""
    permit = one(ref).permit
    return pdf_answer(permit_papers.paper(permit, name), f"{permit.ref} {name}")
