"""Text formats that GDAL reads as UTF-8 only: JSON and XML in other letters get a copy in UTF-8."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from tempuse.errors import Invalid, Issue
from tempuse.io import drivers
from tempuse.io.sources import encodings, letters, spelt
from tempuse.io.sources.letters import Letters

_CHUNK = 1024 * 1024
_LOOKED_AT, _MOST_TURNED = 4096, 128 * _CHUNK
_XML_KINDS = frozenset({"kml"})
# What GDAL's readers of XML understand by themselves.
_UNDERSTOOD = frozenset({"ascii", "iso8859-1"})
_LOOKED_FOR_NESTED = 64 * 1024
_NESTED = re.compile(rb'"properties"\s*+:\s*+\{(?:[^{}"\[\]]++|"(?:[^"\\]++|\\.)*+"|\[[^\[\]{}]*+\])*+\{')
_DATA = re.compile(rb"""(<(?:\w+:)?Data\b[^>]*?\sname\s*=\s*["'])([^"'<>]{1,400})(["'])""")
_DECLARATION = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"']{1,40})["']([^>]*>)""")


def in_utf8(
    path: Path, name: str, kind: str, scratch: Path, encoding: str | None, countries: Sequence[str]
) -> tuple[Path, list[Issue]]:  # fmt: skip
    """The file, or a copy of it in UTF-8, and what is to be said about its letters.

    Args:
        path: where it lies.
        name: as the sender knows it.
        kind: as ``formats`` names it; others than JSON and XML are left alone.
        scratch: a folder of our own.
        encoding: as a person told; None to find out.
        countries: where the list lies.

    Raises:
        Invalid: nobody knows the encoding that was told, or the file is not written in it.
    """
    if kind not in drivers.JSON_KINDS and kind not in _XML_KINDS:
        return path, []
    if encoding is None:
        found, issues = _letters_of(path, kind, countries)
    elif (told := letters.known(encoding)) is not None:
        found, issues = Letters(told), []
    else:
        raise Invalid("file.encoding", name=name, encoding=encoding)
    if found is None:
        return _made_plain(path, kind, scratch), []
    copy = scratch / f"letters-{path.name}"
    errors = found.errors if encoding is None else "strict"
    try:
        with path.open(encoding=found.encoding, errors=errors, newline="") as file, copy.open("wb") as out:
            first = file.read(_CHUNK)
            out.write(_DECLARATION.sub(r"\1\3", first, count=1).encode("utf-8", "replace"))
            while chunk := file.read(_CHUNK):
                out.write(chunk.encode("utf-8", "replace"))
    except UnicodeError as error:
        raise Invalid("file.encoding", name=name, encoding=encoding) from error
    return _made_plain(copy, kind, scratch), issues


def _made_plain(path: Path, kind: str, scratch: Path) -> Path:
    """The file, or a copy of it in which GDAL finds all that it holds."""
    if kind == "kml":
        return _data_named(path, scratch)
    return _properties_flat(_features_first(path, kind, scratch), kind, scratch)


def _properties_flat(path: Path, kind: str, scratch: Path) -> Path:
    """A GeoJSON whose properties hold no others: ``address: {street: ...}`` becomes ``address street``."""
    with path.open("rb") as file:
        head = file.read(_LOOKED_FOR_NESTED)
    if kind != "geojson" or not _NESTED.search(head) or path.stat().st_size > _MOST_TURNED:
        return path
    try:
        content = orjson.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
        for feature in content["features"]:
            feature["properties"] = _flat(feature.get("properties") or {})
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
        return path
    copy = scratch / f"flat-{path.name}"
    copy.write_bytes(orjson.dumps(content))
    return copy


def _flat(properties: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in properties.items():
        if isinstance(value, dict):
            for each, held in value.items():
                found.setdefault(f"{name} {each}" if f"{name} {each}" not in properties else f"{name}_{each}", held)
        else:
            found[name] = value
    return found


def _data_named(path: Path, scratch: Path) -> Path:
    """A KML whose data have names of letters and figures: of any other sign GDAL makes an underscore.

    *Fläche m²* and *Fläche m³* would be one, and only the last of them read.
    """
    if path.stat().st_size > _MOST_TURNED:
        return path
    content = path.read_bytes()
    made = _DATA.sub(lambda match: match[1] + _plain_name(match[2]) + match[3], content)
    if made == content:
        return path
    copy = scratch / f"data-{path.name}"
    copy.write_bytes(made)
    return copy


def _plain_name(name: bytes) -> bytes:
    told = html.unescape(name.decode("utf-8", "replace")).strip()
    return spelt.spelt_out(told).encode() if told else name


def _features_first(path: Path, kind: str, scratch: Path) -> Path:
    """A GeoJSON whose features come behind long descriptions, with the features first: GDAL looks no further."""
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    if kind != "geojson" or b'"Feature' in head or not len(head) < path.stat().st_size < _MOST_TURNED:
        return path
    try:
        content = orjson.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        return path
    if not isinstance(content, dict) or "features" not in content:
        return path
    copy = scratch / f"features-{path.name}"
    first = {name: content.pop(name) for name in ("type", "crs", "features") if name in content}
    copy.write_bytes(orjson.dumps({**first, **content}))
    return copy


def _letters_of(path: Path, kind: str, countries: Sequence[str]) -> tuple[Letters | None, list[Issue]]:
    """How the letters are written, None where GDAL reads them as they are."""
    with path.open("rb") as file:
        head = file.read(4096)
        if (mark := letters.mark_of(head)) is not None:
            return (None if mark == "utf-8-sig" else Letters(mark)), []
        declared = ""
        if kind in _XML_KINDS and (match := _DECLARATION.search(head.decode("latin-1"))):
            declared = encodings.code_page(match[2]) or ""
            if declared in _UNDERSTOOD:
                return None, []
        file.seek(0)
        if letters.is_utf8(file) and declared in ("", "utf-8"):
            return None, []
        file.seek(0)
        return letters.decide(letters.seen_in(letters.lines_of(file)), declared, countries)
