"""A tiny invented extract, as OpenStreetMap writes it: streets, numbered houses, a river, a park, a coast.

Ferry Street leads west to east through the middle; its houses stand north of it. The sea lies in the south.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

WEST, SOUTH, EAST, NORTH = 3.700, 51.040, 3.740, 51.060
HOUSES = {"1": 3.712, "3": 3.714, "3a": 3.716, "5": 3.718, "7 & <9>": 3.720}


def write(path: Path, coast: bool = True) -> Path:
    """Write it; gives the path back."""
    town = ET.Element("osm", version="0.6", generator="tempuse")
    ids = iter(range(1, 10_000))

    def tagged(kind: str, tags: dict[str, str], **more: str) -> ET.Element:
        made = ET.SubElement(town, kind, id=str(next(ids)), version="1", **more)
        for key, value in tags.items():
            ET.SubElement(made, "tag", k=key, v=value)
        return made

    def node(lon: float, lat: float, **tags: str) -> str:
        return tagged(
            "node", {key.replace("__", ":"): value for key, value in tags.items()}, lon=f"{lon}", lat=f"{lat}"
        ).get("id", "")

    ways: list[tuple[list[str], dict[str, str]]] = []

    def way(points: list[tuple[float, float]], **tags: str) -> None:
        refs = [node(*point) for point in (points[:-1] if points[0] == points[-1] else points)]
        ways.append(
            (
                refs + refs[:1] if points[0] == points[-1] else refs,
                {key.replace("__", ":"): value for key, value in tags.items()},
            )
        )

    def square(lon: float, lat: float, wide: float, high: float) -> list[tuple[float, float]]:
        return [(lon, lat), (lon + wide, lat), (lon + wide, lat + high), (lon, lat + high), (lon, lat)]

    way([(WEST, 51.050), (3.720, 51.050)], highway="secondary", name="Ferry Street")
    way([(3.720, 51.050), (EAST, 51.050)], highway="secondary", name="Ferry Street")
    way([(3.710, SOUTH), (3.710, NORTH)], highway="residential", name="Quai de l’Été")
    way([(3.715, 51.0505), (3.715, NORTH)], highway="footway")
    way([(WEST, 51.058), (EAST, 51.058)], railway="rail")
    way([(WEST, 51.056), (EAST, 51.056)], waterway="river", name="Mouth")
    way(square(3.725, 51.051, 0.006, 0.004), leisure="park", name="Gull Park")
    way(square(3.733, 51.051, 0.004, 0.003), natural="water", name="Pond")
    for number, lon in HOUSES.items():
        way(square(lon, 51.0503, 0.001, 0.0006), building="yes", addr__housenumber=number, addr__street="Ferry Street",
            addr__postcode="9000", addr__city="Rivermouth")  # fmt: skip
    node(
        3.7103,
        51.053,
        addr__housenumber="12",
        addr__street="Quai de l’Été",
        addr__postcode="9000",
        addr__city="Rivermouth",
    )
    node(3.705, 51.052, place="suburb", name="Northgate")
    if coast:  # the land lies on its left, which is north of it
        way([(WEST - 0.01, 51.043), (EAST + 0.01, 51.043)], natural="coastline")
    for refs, tags in ways:
        made = tagged("way", {})
        for ref in refs:
            ET.SubElement(made, "nd", ref=ref)
        for key, value in tags.items():
            ET.SubElement(made, "tag", k=key, v=value)
    ET.ElementTree(town).write(path, encoding="utf-8", xml_declaration=True)
    return path
