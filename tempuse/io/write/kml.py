"""KML 2.2 as a stream of bytes, with the names and types of the columns; and KMZ."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import shapely

from tempuse.io.write import flat
from tempuse.io.write.columns import FlatColumn
from tempuse.io.write.flat import Content
from tempuse.spaces import FIELDS
from tempuse.texts import without_controls

_TYPES = {"flag": "bool", "number": "double"}
# These two have elements of their own in a placemark.
_ELEMENTS = ("name", "description")


def _type(column: FlatColumn) -> str:
    if column.kind == "whole":
        # KML's int has 32 bits.
        return "int" if (FIELDS[column.name].get("most", 0) if column.name in FIELDS else 0) < 2**31 else "double"
    return _TYPES.get(column.kind, "string")


def kml(content: Content) -> Iterator[bytes]:
    """A KML document: a placemark a feature, all its columns as typed extended data."""
    fields = "".join(
        f'<SimpleField name={quoteattr(column.name)} type="{_type(column)}"/>\n'
        for column in content.columns
        if column.name not in _ELEMENTS
    )
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        f'<Document id="root">\n<name>{escape(without_controls(content.title or content.layer))}</name>\n'
        f"{_imprint(content)}"
        # The layer is a document of its own, with its schema: only so does libkml find the schema within a KMZ.
        f'<Document id="{content.layer}">\n<name>{content.layer}</name>\n'
        f'<Schema id="{content.layer}.schema" name="{content.layer}">\n{fields}</Schema>\n'
    ).encode()
    for batch in flat.batches(content.texts):
        rows = zip(batch.properties, flat.rows(batch, content.columns), batch.places.shapes, strict=True)
        yield "".join(_placemark(content, *row) for row in rows).encode()
    yield b"</Document>\n</Document>\n</kml>\n"


def _imprint(content: Content) -> str:
    said = content.imprint.pairs(content.title)
    if not said:
        return ""
    author = (
        f"<atom:author><atom:name>{escape(said['publisher'])}</atom:name></atom:author>" if "publisher" in said else ""
    )
    link = f"<atom:link href={quoteattr(said['source'])}/>" if "source" in said else ""
    told = f"<description>{escape(said['description'])}</description>\n" if "description" in said else ""
    data = "".join(
        f"<Data name={quoteattr(name)}><value>{escape(text)}</value></Data>\n" for name, text in said.items()
    )
    return f"{author}{link}{told}<ExtendedData>\n{data}</ExtendedData>\n"


def _placemark(content: Content, shown: dict[str, Any], values: Sequence[Any], place: Any) -> str:
    title = shown.get("name") or shown.get("address") or shown.get("title") or shown["ref"]
    head = f"<Placemark id={quoteattr(shown['ref'])}>\n<name>{escape(without_controls(title))}</name>\n"
    if shown.get("description"):
        head += f"<description>{escape(without_controls(shown['description']))}</description>\n"
    data = "".join(
        f"<SimpleData name={quoteattr(column.name)}>{_text(value)}</SimpleData>\n"
        for column, value in zip(content.columns, values, strict=True)
        if value is not None and column.name not in _ELEMENTS
    )
    data = f'<ExtendedData><SchemaData schemaUrl="#{content.layer}.schema">\n{data}</SchemaData></ExtendedData>\n'
    return f"{head}{data}{'' if place is None else _shape(place)}</Placemark>\n"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"  # xsd:boolean allows both; GDAL reads only these
    return escape(without_controls(value.isoformat() if hasattr(value, "isoformat") else str(value)))


def _shape(place: Any) -> str:
    if place.geom_type == "Point":
        return f"<Point><coordinates>{place.x!r},{place.y!r}</coordinates></Point>\n"
    each = _shape if place.geom_type == "MultiPoint" else _polygon
    parts = "".join(each(part) for part in shapely.get_parts(place))
    return parts if place.geom_type == "Polygon" else f"<MultiGeometry>{parts}</MultiGeometry>\n"


def _polygon(part: Any) -> str:
    inner = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in part.interiors)
    return f"<Polygon><outerBoundaryIs>{_ring(part.exterior)}</outerBoundaryIs>{inner}</Polygon>\n"


def _ring(ring: Any) -> str:
    pairs = " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(ring).tolist())
    return f"<LinearRing><coordinates>{pairs}</coordinates></LinearRing>"


def write_kmz(path: Path, content: Content) -> None:
    """The document in an archive, as Google Earth expects it: ``doc.kml`` alone.

    It is written first and packed then: libkml does not read archives with sizes unknown at the start.
    """
    whole = path.with_name(f"{path.name}.parts") / "doc.kml"
    whole.parent.mkdir(exist_ok=True)
    with whole.open("wb") as out:
        out.writelines(kml(content))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(whole, whole.name)
