"""The public rows of areas; boundaries and names are no secret."""

from __future__ import annotations

from tempuse.areas import Area, anchor
from tempuse.geojson import feature_text
from tempuse.publication.rows import Collection, Published, Queryable, facts
from tempuse.vocabulary import AreaKind

QUERYABLES = (Queryable("kind", "choice", lambda area: area.kind, of=AreaKind),)


def publish_area(area: Area) -> Published | None:
    """The public row of an area in force; None of one that was."""
    if area.retired_on is not None:
        return None
    shown = {"ref": area.ref, "kind": area.kind, "code": area.code, "name": area.name}
    lon, lat = anchor(area)
    return Published(
        collection="areas", ref=area.ref, geometry=area.geometry,
        feature=feature_text(area.ref, area.geometry, shown), lon=lon, lat=lat, facts=facts(QUERYABLES, area),
    )  # fmt: skip


COLLECTION = Collection("areas", "area", QUERYABLES, publish=publish_area)
