"""Files out: any format, from the same batches of feature texts, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from tempuse.errors import Invalid
from tempuse.io.write import described, for_people, kml, text
from tempuse.io.write.flat import Content, Texts
from tempuse.io.write.formats import FORMATS, Format, crs_for, format_for
from tempuse.io.write.imprint import Imprint
from tempuse.io.write.readable import Readable, ReadableColumn
from tempuse.io.write.target import replacing

__all__ = [
    "FORMATS",
    "Content",
    "Format",
    "Imprint",
    "Readable",
    "ReadableColumn",
    "Texts",
    "check_for_people",
    "crs_for",
    "format_for",
    "replacing",
    "stream",
    "write_file",
]

_STREAMS: dict[str, Callable[[Content], Iterable[bytes]]] = {
    "geojson": lambda content: text.geojson(content.texts, content.imprint.pairs(content.title)),
    "csv": lambda content: (
        for_people.comma_separated(content, content.readable) if content.readable else text.comma_separated(content)
    ),
    "kml": kml.kml,
}
# Loaded when they are needed: GDAL's door and the spreadsheets' take 70 MB that a GeoJSON export does without.
_WRITERS = {
    "gpkg": ("vector", "write_gpkg"),
    "fgb": ("vector", "write_fgb"),
    "shp": ("vector", "write_shp"),
    "shp.zip": ("vector", "write_shp_zip"),
    "kmz": ("kml", "write_kmz"),
    "xlsx": ("workbook", "write_xlsx"),
    "ods": ("sheets", "write_ods"),
}


def check_for_people(form: Format) -> None:
    """Return in silence when a table for people can be written in this format.

    Raises:
        Invalid: it is no format for tables.
    """
    if not form.is_table:
        raise Invalid("export.not_for_people", formats=[each.name for each in FORMATS.values() if each.is_table])


def stream(form: Format, content: Content) -> Iterable[bytes] | None:
    """The content as a stream of bytes, None for a format that can only be written as a file."""
    return _STREAMS[form.name](content) if form.name in _STREAMS else None


def write_file(path: Path, form: Format, content: Content) -> list[Path]:
    """Write a file whole, in place of what is there, or leave everything as it was; gives what was written.

    Raises:
        NotFound: its folder is missing.
        Unusable: its folder may not be written to, the disk is full.
        Invalid: the content does not fit the format.
    """
    with replacing(path) as made:
        chunks = stream(form, content)
        if chunks is None:
            module, name = _WRITERS[form.name]
            getattr(import_module(f"{__name__}.{module}"), name)(made, content)
        else:
            with made.open("wb") as out:
                out.writelines(chunks)
            if form.name == "csv" and content.readable:
                described.about_text(made.with_name(f"{made.stem}_about.txt"), content)
            elif form.name == "csv":
                described.beside_csv(made, content)
        return [path.parent / each.name for each in sorted(made.parent.iterdir()) if each.is_file()]
