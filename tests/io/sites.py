"""Sites as imports of national registers leave them, and the rows that a profile makes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely

from tempuse.io.write import profiles
from tempuse.io.write.delivery import Delivery
from tempuse.settings import Settings
from tempuse.spaces import Space
from tests.builders import a_space, an_outline

ENGLAND = {
    "OrganisationURI": "http://opendatacommunities.org/id/london-borough-council/brent", "OrganisationLabel": "Brent",
    "SiteplanURL": "https://maps.example/1", "PlanningStatus": "permissioned", "PermissionType": "other",
    "Deliverable": "yes", "NetDwellingsRangeFrom": "4", "NetDwellingsRangeTo": "6", "FirstAddedDate": "2017-12-15",
    "PlanningHistory": "https://a.example/1|https://a.example/2", "Notes": "16/4156",
}  # fmt: skip
FRANCE = {
    "comm_insee": "08105", "source_nom": "BASIAS", "site_identif_date": "2003-05-18", "urba_zaer": "non",
    "urba_zone_formdomi": "0202", "site_statut": "friche avec projet", "proprio_type": "P4a|X1a",
}  # fmt: skip


def an_english_site(**values: Any) -> Space:
    """A site as an import of a brownfield register leaves it."""
    values = {
        "ref": "SP-0007", "kind": "plot", "name": "Heron House, 109 Wembley Hill Road", "source": "brownfield register",
        "source_ref": "BR00004", "source_fields": dict(ENGLAND), "ownership": "private", "plot_area_m2": 1549.0,
        "geometry": shapely.Point(-0.2875612, 51.5572651), "checked_on": date(2019, 12, 13), **values,
    }  # fmt: skip
    return a_space(**values)


def a_french_site(**values: Any) -> Space:
    """A site as an import of a CNIG file leaves it."""
    values = {
        "ref": "SP-0008", "kind": "plot", "name": "Ferronnerie Doudoux", "source": "friches", "source_ref": "08022_01",
        "source_fields": dict(FRANCE), "locality": "Arreux", "previous_use": "industry", "ownership": "private_person",
        "geometry": an_outline(), "checked_on": date(2024, 1, 2), "plot_area_m2": 1002.4, **values,
    }  # fmt: skip
    return a_space(**values)


def rows(profile: str, *spaces: Space, office: bool = True, **constants: str) -> tuple[list[dict[str, Any]], Delivery]:
    delivery = Delivery(profiles.load(profile), Settings(), constants, "EPSG:4326", office=office)
    return [row for batch in delivery.rows([list(spaces)]) for _, row in batch], delivery


def told(delivery: Delivery) -> set[tuple[str, str, str]]:
    return {(issue.field, issue.message, issue.done) for issue in delivery.issues}
