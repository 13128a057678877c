"""The layers for a city's GIS and everybody else's, as files at addresses that stay.

``/spaces.gpkg`` and its like take the same question as the map. Text formats are streamed; the others are built
once, kept until the register changes, and can be read in parts. Nothing here is read but ``published``.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import orjson
from flask import Blueprint, Response, request, send_file
from flask_babel import gettext

from tempuse import __version__, geometry
from tempuse.errors import Invalid
from tempuse.io import write
from tempuse.io.fold import fold_name
from tempuse.io.write.columns import AREA_COLUMNS, space_columns
from tempuse.mapindex import Filter
from tempuse.store import published
from tempuse.store.common import current_seq
from tempuse.vocabulary import AreaKind, Audience
from web import arguments, database, index, kept_files, query

SPACES = ("geojson", "gpkg", "fgb", "shp.zip", "kml", "kmz", "csv", "xlsx", "ods")
# A sheet of so many spaces takes half a minute to make; more is for a GIS.
MOST_SHEET_SPACES = 100_000
_SHEETS = ("xlsx", "ods")
_CRS = re.compile(r"(EPSG:)?[0-9]{4,6}", re.IGNORECASE)
_BATCH = 2000
_CHUNK = 1 << 18


def spaces(name: str) -> Response:
    """The published spaces that a question keeps, all without one, in a format."""
    form = write.FORMATS[name]
    crs = _crs(form)
    question = query.read(request.args)
    con = database.snapshot()
    asks = question.wanted != Filter() or question.box is not None
    # What is free depends on the day; a filter may ask for it.
    parts = [f"box={question.box}", str(database.today()), *map(str, query.pairs(question.wanted))] if asks else []
    state = current_seq(con)
    key = "|".join([form.name, crs, __version__, *parts])
    etag = f"{state}-{zlib.crc32(key.encode()):08x}"
    if answer := _unchanged(etag):
        return answer
    keys = _keys(question) if asks else None
    if name in _SHEETS:
        _check_sheet(published.count(con, "spaces") if keys is None else len(keys))
    texts = published.walk(con, "spaces") if keys is None else _of_keys(con, keys)
    content = write.Content(texts, space_columns(Audience.PUBLIC), crs=crs, title=database.settings().site_name)
    chunks = write.stream(form, content)
    if chunks is not None:
        return _lasting(_headers(_streamed(chunks, form), form, "spaces", etag))
    try:
        path = kept_files.get(
            database.register(), state, key, form.suffixes[0], lambda path: write.write_file(path, form, content)
        )
    except kept_files.Busy:
        return _busy()
    return _headers(_sent(path, form, etag), form, "spaces", etag)


def areas() -> Response:
    """The areas, all or of one kind, as GeoJSON."""
    con = database.snapshot()
    kinds = arguments.several(request.args, "kind", list(AreaKind))[:1]
    etag = f"areas-{current_seq(con)}-{kinds[0] if kinds else 'all'}"
    if answer := _unchanged(etag):
        return answer
    form = write.FORMATS["geojson"]
    chunks = write.stream(form, write.Content(_of_kinds(con, kinds), AREA_COLUMNS, "areas")) or ()
    return _lasting(_headers(_streamed(chunks, form), form, "areas", etag))


def _crs(form: write.Format) -> str:
    """The CRS that is asked for; over the web a number or one of our names, so that nothing has to be searched for."""
    text = arguments.text(request.args, "crs")
    if text and not (_CRS.fullmatch(text) or text.lower() in geometry.CRS_NAMES):
        raise Invalid("crs.unknown", crs=text[:80])
    return write.crs_for(form, text)


def _busy() -> Response:
    said = gettext("This file is being made. Try again in a minute.")
    return _open_to_all(Response(said, 503, {"Retry-After": "60"}, mimetype="text/plain"))


def _keys(question: query.Question) -> list[int]:
    held = index.current()
    keys: list[int] = held.key[held.view(question.box, question.wanted).rows].tolist()
    return keys


def _of_keys(con: database.Connection, keys: Sequence[int]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _BATCH):
        yield list(published.features(con, keys[start : start + _BATCH]).values())


def _of_kinds(con: database.Connection, kinds: Sequence[str]) -> Iterator[list[str]]:
    for batch in published.walk(con, "areas"):
        yield [text for text in batch if not kinds or orjson.loads(text)["properties"]["kind"] in kinds]


def _check_sheet(count: int) -> None:
    if count > MOST_SHEET_SPACES:
        raise Invalid("download.sheet_too_large", most=MOST_SHEET_SPACES)


def _unchanged(etag: str) -> Response | None:
    """304 when the asker has this very state already."""
    if not request.if_none_match.contains_weak(etag):
        return None
    answer = Response(status=304)
    answer.set_etag(etag, weak=True)
    return _open_to_all(answer)


def _takes_gzip(form: write.Format) -> bool:
    return not form.is_packed and "gzip" in request.accept_encodings and "Range" not in request.headers


def _streamed(chunks: Iterable[bytes], form: write.Format) -> Response:
    """An answer that leaves while it is made."""
    packed = _takes_gzip(form)
    answer = Response(_squeezed(chunks) if packed else iter(chunks))
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _lasting(answer: Response) -> Response:
    """An answer that reads on while it leaves: its connection is given back when it has gone, or was broken off."""
    give_back, chunks = database.take(), answer.response

    def passing() -> Iterator[bytes]:
        yield from chunks
        give_back()

    answer.response = passing()
    answer.call_on_close(give_back)
    return answer


def _sent(path: Path, form: write.Format, etag: str) -> Response:
    """A file as it is, or in parts where the asker wants parts; squeezed where that helps."""
    if _takes_gzip(form):
        return _streamed(_read(path), form)
    answer = send_file(path, mimetype=form.mime, conditional=True, etag=etag)
    # The time of the file is when it was last asked for; only the tag says whether it changed.
    for name in ("Last-Modified", "Expires"):
        answer.headers.pop(name, None)
    return answer


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _squeezed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Gzip of level 1: a fifth of the size at the speed of the disk."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def _headers(answer: Response, form: write.Format, what: str, etag: str) -> Response:
    settings = database.settings()
    place = fold_name(settings.municipality).replace(" ", "-")
    name = "-".join(part for part in (place, what) if part)
    name = "".join(char for char in name if char.isascii())
    answer.content_type = form.mime
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}{form.suffixes[0]}"'
    if "ETag" not in answer.headers:
        # The same state squeezed and not: not the same bytes.
        answer.set_etag(etag, weak=True)
    return _open_to_all(answer)


def _open_to_all(answer: Response) -> Response:
    """Open data: scripts of other sites may read it; kept copies are asked about each time."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Content-Disposition"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.vary.add("Accept-Encoding")
    return answer


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
    names = ",".join(f'"{name}"' for name in SPACES)
    blueprint.add_url_rule(f"/spaces.<any({names}):name>", "spaces_file", spaces)
    blueprint.add_url_rule("/areas.geojson", "areas_file", areas)
