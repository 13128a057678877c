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
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"<!DOCTYPE html", "HTML"), (b"<html", "HTML"),
    (b"{\\rtf", "RTF"), (b"PAR1", "Parquet"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"), (b"\x1f\x8b", "GZIP"),
)  # fmt: skip


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
    if letters.mark_of(head) is not None:
        head = _text(head)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n\x1e")
    foreign = next((name for start, name in _FOREIGN if text[: len(start)].lower() == start.lower()), "")
    if not foreign and text.startswith(b"<"):
        root = _root_of(path)
        if root == "kml":
            return "kml"
        foreign = "XML" if root else ""
    if foreign:
        raise Invalid("file.foreign", name=path.name, kind=foreign)
    if text.startswith((b"{", b"[")) and (b'"type"' in head or _has_features(path)):
        return _kind_of_json(head)
    if not _is_binary(head):
        return "csv"
    raise Invalid("file.unknown_kind", name=path.name)


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
    if any(name.lower().endswith(".kml") for name in names):
        return "kmz"
    return "zip"
