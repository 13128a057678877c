"""How well the spaces of a request fitted what its group looked for, on the office's page of the permit."""

from __future__ import annotations

from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from web.match import kept
from web.office.permits import sections
from web.office.permits.sections import PermitSection


def section(con: Connection, each: Ruled) -> PermitSection | None:
    """What was kept with the request; nothing where it did not begin with a search."""
    found = kept.of_permit(each.permit.ref, each.permit.space_refs)
    return PermitSection("office/permits/_matched.html", {"matches": found}) if found else None


sections.SECTIONS.append(section)
