"""Papers of a permit for the office: those that are made, and the scans and photos that were kept."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from tempuse.errors import NotFound
from tempuse.store.agreements import files_of
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission
from web import database
from web.office.blueprint import office
from web.office.permits import acting, sections
from web.office.permits.sections import PermitSection
from web.presenters import permit_papers
from web.site.attachments import attachment_answer
from web.site.papers import pdf_answer


def section(con: Connection, each: Ruled) -> PermitSection | None:
    """The papers and kept files of a permit; nothing while there are none."""
    made = permit_papers.links(each.permit, "office.permit_paper")
    kept = files_of(con, each.permit.ref)
    if not made and not kept:
        return None
    return PermitSection("office/permits/_papers.html", {"made": made, "kept": kept})


sections.SECTIONS.append(section)


@office.get("/permits/<ref>/papers/<name>.pdf", Permission.PERMIT_READ, endpoint="permit_paper")
def paper(ref: str, name: str) -> Response:
    """One paper as a PDF."""
    permit = acting.ruled(ref).permit
    return pdf_answer(permit_papers.paper(permit, name), f"{permit.ref} {name}")


@office.get("/permits/<ref>/files/<name>", Permission.PERMIT_READ, endpoint="permit_file")
def file(ref: str, name: str) -> ResponseReturnValue:
    """One scan or photo that was kept with the permit."""
    permit = acting.ruled(ref).permit
    if name not in {each.name for each in files_of(database.connection(), permit.ref)}:
        raise NotFound("attachment.not_found")
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, permit.ref)
