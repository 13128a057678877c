"""What a file is: by its first bytes, its root element, the tables in it; never by its name or by a word somewhere."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import zipfile
from pathlib import Path
from xml.parsers import expat

from tempuse.errors import Invalid
from tempuse.io.sources import geopackage, letters

_LOOK_FOR_FEATURES = 8 * 1024 * 1024
_MAGIC = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"fgb\x03fgb", "flatgeobuf"), (b"\x00\x00\x27\x0a", "shapefile"),
    (b"\xd0\xcf\x11\xe0", "sheet"),
)  # fmt: skip
# Kinds that we know and cannot read, so that the sentence can say what to ask the sender for.
_FOREIGN = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"), (b"<!DOCTYPE html", "HTML"), (b"<html", "HTML"), (b"{\\rtf", "RTF"), (b"PAR1", "Parquet"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"), (b"\x1f\x8b", "GZIP"), (b"AC10", "DWG"),
    (b"AutoCAD Binary DXF", "binary DXF"), (b"\0\1\0\0Standard", "Access"), (b"SIMPLE  =", "FITS"),
    (b"ARROW1", "Arrow"), (b"\xfd7zXZ", "XZ"), (b"BZh", "BZIP2"), (b"From: ", "e-mail"), (b"Return-Path:", "e-mail"),
    (b"BEGIN:VCARD", "vCard"), (b"BEGIN:VCALENDAR", "iCalendar"), (b"CREATE TABLE", "SQL"), (b"INSERT INTO", "SQL"),
    (b"-- PostgreSQL database dump", "SQL"), (b"-- MySQL dump", "SQL"), (b"BEGIN TRANSACTION", "SQL"),
)  # fmt: skip
# What an XML file is by its root element: what GDAL reads, and what to call the rest.
_ROOTS = {"kml": "kml", "gpx": "gpx", "osm": "osm", "featurecollection": "gml"}
_FOREIGN_ROOTS = {
    "workbook": "XML of Excel 2003", "html": "HTML", "table": "HTML", "body": "HTML", "head": "HTML", "meta": "HTML",
    "div": "HTML", "style": "HTML", "qgis": "QGIS project (which holds no data itself)", "svg": "SVG", "rss": "RSS",
    "qgis-layer-definition": "QGIS layer definition (which holds no data itself)", "feed": "Atom",
    "exceptionreport": "error message of a map server", "serviceexceptionreport": "error message of a map server",
    "wfs_capabilities": "description of a map server", "wms_capabilities": "description of a map server",
    "schema": "XML schema", "metadata": "XML of metadata", "md_metadata": "XML of metadata",
}  # fmt: skip
_OFFICE = (("word/", "Word"), ("ppt/", "PowerPoint"), ("Index/Document.iwa", "Numbers or Pages"))
_DXF = re.compile(rb"\s*(?:999\s*\n[^\n]*\n\s*)*0\s*\r?\n\s*SECTION\b")


def kind_by_content(path: Path) -> str:
    """The kind of a file: one that ``drivers`` or the readers of tables know, or an archive.

    Raises:
        Invalid: it is of a kind that holds no rows, damaged, or nobody knows what it is.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    for start, kind in _MAGIC:
        if head.startswith(start):
            return _kind_of_zip(path) if kind == "zip" else kind
    if head.startswith(b"SQLite format 3\x00"):
        return _kind_of_sqlite(path)
    if b"OSMHeader" in head[:64]:
        return "osm"
    if (mark := letters.mark_of(head)) is not None:
        head = _text(head)
    return _kind_of_text(path, head) or _plain_text(path, head, is_text=mark is not None)


def _kind_of_text(path: Path, head: bytes) -> str:
    """The kind of a file that says by its first words what it is; empty where it says nothing.

    Raises:
        Invalid: it is of a kind that holds no rows.
    """
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n\x1e")
    foreign = next((name for start, name in _FOREIGN if text[: len(start)].lower() == start.lower()), "")
    if not foreign and text.startswith(b"<") and (root := _root_of(path)):
        if root in _ROOTS or b"opengis.net/gml" in text:
            return _ROOTS.get(root, "gml")
        foreign = _FOREIGN_ROOTS.get(root, "XML")
    if foreign:
        raise Invalid("file.foreign", name=path.name, kind=foreign)
    if _DXF.match(head):
        return "dxf"
    if text.startswith(b"!table") or re.match(rb"Version\s+\d+\s*\r?\nCharset\b", text, re.IGNORECASE):
        return "mapinfo"
    if text.startswith((b"{", b"[")):
        if b'"type"' in head or _has_features(path):
            return _kind_of_json(head)
        if _is_json(path) or _is_json(path, text.split(b"\n", 1)[0]):
            raise Invalid("file.foreign", name=path.name, kind="JSON without places")
    return ""


def _plain_text(path: Path, head: bytes, *, is_text: bool) -> str:
    if is_text or not _is_binary(head):
        return "csv"
    raise Invalid("file.unknown_kind", name=path.name)


def is_xml(path: Path) -> bool:
    """Whether a file begins as XML does."""
    with path.open("rb") as file:
        return _text(file.read(64)).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _is_json(path: Path, line: bytes = b"") -> bool:
    with path.open("rb") as file:
        try:
            json.loads(line or file.read(_LOOK_FOR_FEATURES))
        except ValueError as error:
            return isinstance(error, json.JSONDecodeError) and error.pos >= _LOOK_FOR_FEATURES - 1
    return True


def _text(head: bytes) -> bytes:
    """The beginning of a file as UTF-8, also where it has two bytes for a letter."""
    mark = letters.mark_of(head)
    return head if mark is None else head.decode(mark, "ignore").encode("utf-8", "ignore")


def _kind_of_sqlite(path: Path) -> str:
    try:
        if geopackage.is_one(path):
            return "gpkg"
    except sqlite3.Error as error:
        raise Invalid("file.damaged", name=path.name) from error
    raise Invalid("file.foreign", name=path.name, kind="SQLite")


class _Found(Exception):
    """The root element has come."""


def _root_of(path: Path) -> str:
    """The name of an XML file's root element without its namespace, in small letters; empty where it is no XML.

    What a comment says, or an element within, is not what the file is.
    """
    names: list[str] = []

    def begin(name: str, _: dict[str, str]) -> None:
        names.append(name)
        raise _Found

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    try:
        with path.open("rb") as file:
            while chunk := file.read(65536):
                parser.Parse(chunk)
    except (_Found, expat.ExpatError):
        pass
    return names[0].rpartition(":")[2].lower() if names else ""


def _has_features(path: Path) -> bool:
    """Whether features come; whoever wrote the file may have put long descriptions before them."""
    with path.open("rb") as file:
        head = _text(file.read(_LOOK_FOR_FEATURES))
    return b'"Feature' in head or b'"features"' in head


def _kind_of_json(head: bytes) -> str:
    """Which of the ways to write features as JSON; GDAL has a driver for each."""
    lines = head.lstrip(b"\xef\xbb\xbf \t\r\n\x1e").split(b"\n", 1)
    with contextlib.suppress(ValueError):
        if len(lines) == 2 and json.loads(lines[0]).get("type") == "Feature":
            return "geojsonseq"
    if re.search(rb'"type"\s*:\s*"Topology"', head):
        return "topojson"
    if re.search(rb'"(esriGeometry\w+|esriFieldType\w+|fieldAliases)"', head) and b'"FeatureCollection"' not in head:
        return "esrijson"
    return "geojson"


def _is_binary(head: bytes) -> bool:
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return control > len(head) // 50


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and b"opendocument.spreadsheet" in archive.open("mimetype").read(200):
                return "sheet"
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:
        raise Invalid("file.damaged", name=path.name) from error
    if any(name.startswith("xl/") for name in names):
        return "sheet"
    if foreign := next((kind for part, kind in _OFFICE if any(name.startswith(part) for name in names)), ""):
        raise Invalid("file.foreign", name=path.name, kind=foreign)
    if any(name.lower().endswith(".kml") for name in names):
        return "kmz"
    return "zip"
