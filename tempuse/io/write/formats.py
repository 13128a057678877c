"""The formats that can be written, known by the suffix of the file's name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tempuse import geometry
from tempuse.errors import Invalid


@dataclass(frozen=True, slots=True)
class Format:
    """A format to write.

    Attributes:
        name: what ``--format`` and the addresses call it.
        suffixes: the ends of file names that mean it, the usual one first.
        mime: its media type.
        takes_crs: whether it may be written in another CRS than EPSG:4326.
        is_packed: whether compressing it again is a waste.
        is_table: whether spreadsheets open it, so that it may be written for people.
    """

    name: str
    suffixes: tuple[str, ...]
    mime: str
    takes_crs: bool = True
    is_packed: bool = False
    is_table: bool = False


_OFFICE = "application/vnd.openxmlformats"
FORMATS = {
    each.name: each
    for each in (
        Format("geojson", (".geojson", ".json"), "application/geo+json", takes_crs=False),
        Format("gpkg", (".gpkg",), "application/geopackage+sqlite3"),
        Format("fgb", (".fgb",), "application/vnd.flatgeobuf"),
        Format("shp.zip", (".shp.zip", ".zip"), "application/zip", is_packed=True),
        Format("shp", (".shp",), "application/vnd.shp"),
        Format("kml", (".kml",), "application/vnd.google-earth.kml+xml", takes_crs=False),
        Format("kmz", (".kmz",), "application/vnd.google-earth.kmz", takes_crs=False, is_packed=True),
        Format("csv", (".csv",), "text/csv; charset=utf-8", is_table=True),
        Format("xlsx", (".xlsx",), f"{_OFFICE}-officedocument.spreadsheetml.sheet", is_packed=True, is_table=True),
        Format("ods", (".ods",), "application/vnd.oasis.opendocument.spreadsheet", is_packed=True, is_table=True),
    )
}  # fmt: skip

# Formats without a bound on rows would be promised in vain: this is what a sheet holds, with its header.
MOST_SHEET_ROWS = 1_048_575


def format_for(path: Path, name: str = "") -> Format:
    """The format of a file to be written: as named, else by its suffix.

    Raises:
        Invalid: there is no format of this name or suffix.
    """
    known = ", ".join(FORMATS)
    if name:
        if name not in FORMATS:
            raise Invalid("export.unknown_format", name=name, formats=known)
        return FORMATS[name]
    lowered = path.name.lower()
    for each in FORMATS.values():
        if lowered.endswith(each.suffixes):
            return each
    suffixes = ", ".join(each.suffixes[0] for each in FORMATS.values())
    raise Invalid("export.unknown_suffix", name=path.name, suffixes=suffixes)


def crs_for(form: Format, text: str) -> str:
    """The CRS to write, as ``EPSG:n`` or WKT; EPSG:4326 when none is asked for.

    Raises:
        Invalid: nobody knows this CRS, or the format allows none but EPSG:4326.
    """
    crs = geometry.known_crs(text) if text else geometry.LON_LAT
    if crs != geometry.LON_LAT and not form.takes_crs:
        raise Invalid("export.format_has_no_crs", format=form.name, crs=text)
    return crs
