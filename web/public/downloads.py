"""The layers for a city's GIS and everybody else's, as files at addresses that stay.

``/spaces.gpkg`` and its like take the same question as the map. A few spaces as a text are made at once; every other
file is built once, kept until the register changes, and can be read in parts. Nothing here is read but ``published``.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import orjson
from flask import Response, request

from tempuse import __version__, geometry
from tempuse.errors import Invalid
from tempuse.folding import fold_name
from tempuse.io import write
from tempuse.io.write.columns import PUBLIC_COLUMNS, space_columns
from tempuse.mapindex import Filter
from tempuse.publication import COLLECTIONS
from tempuse.store import published
from tempuse.store.common import current_state
from tempuse.vocabulary import Audience, Permission
from web import database, words
from web.map import index
from web.presenters import imprints, listing
from web.public.blueprint import public
from web.search import query, unread
from web.site import addresses, arguments, built_files, sending
from web.site.rooms import Rooms
from web.site.unchanged import conditional

SPACES = ("geojson", "gpkg", "fgb", "shp.zip", "kml", "kmz", "csv", "xlsx", "ods")
_NAMES = ",".join(f'"{name}"' for name in SPACES)
# A sheet of so many spaces takes half a minute to make; more is for a GIS.
MOST_SHEET_SPACES = 100_000
_SHEETS = ("xlsx", "ods")
# So many are made as a text in a moment, for each who asks; more is made once for all. What everybody asks for,
# the whole, is kept sooner than what somebody cut out.
MOST_AT_ONCE = 2000
MOST_CUT_AT_ONCE = 10_000
_BATCH = 2000


@public.get(f"/spaces.<any({_NAMES}):name>", Permission.PUBLIC_READ, endpoint="spaces_file")
def spaces(name: str) -> Response:
    """The published spaces that a question keeps, all without one, in a format."""
    form = write.FORMATS[name]
    crs = _crs(form)
    question, readable = query.asked(), _readable(form, "spaces")
    unread.check(question.unread)
    con = database.snapshot()
    asks = question.wanted != Filter() or question.box is not None
    # What is free depends on the day; a filter may ask for it.
    parts = [f"box={question.box}", *map(str, query.pairs(question.wanted))] if asks else []
    state, imprint = str(current_state(con)), _imprint()
    told = f"people-{language()}" if readable else ""
    key = "|".join([form.name, crs, __version__, str(imprint), told, *parts])
    etag = f"{state}-{zlib.crc32(key.encode()):08x}"

    def make() -> Response:
        keys = _keys(question) if asks else None
        count = published.count(con, "spaces") if keys is None else len(keys)
        if name in _SHEETS and count > MOST_SHEET_SPACES:
            raise Invalid("download.sheet_too_large", most=MOST_SHEET_SPACES)
        texts = published.walk(con, "spaces") if keys is None else _of_keys(con, keys)
        title = database.settings().site_name
        columns = space_columns(Audience.PUBLIC)
        legend = listing.legend(language())
        content = write.Content(texts, columns, crs=crs, title=title, imprint=imprint, legend=legend, readable=readable)
        small = count <= (MOST_CUT_AT_ONCE if asks else MOST_AT_ONCE)
        return _named(_answer(form, content, state, key, etag, small=small), form, "spaces")

    return _open_to_all(conditional(etag, make), imprint)


def whole(collection: str, name: str = "geojson") -> Response:
    """A collection in a format, all of it or those of one kind."""
    form = write.FORMATS[name]
    crs = _crs(form)
    con = database.snapshot()
    listed = next((each.of for each in COLLECTIONS[collection].queryables if each.name == "kind"), None)
    kinds = arguments.several(request.args, "kind", list(listed or ()))[:1]
    if listed and not kinds and (text := arguments.text(request.args, "kind")):
        unread.check([query.unclear("kind", text)])
    state, imprint = str(current_state(con)), _imprint()
    readable = _readable(form, collection)
    told = f"-people-{language()}" if readable else ""
    key = f"{collection}-{kinds[0] if kinds else 'all'}-{name}-{crs}-{imprint}{told}"
    etag = f"{state}-{zlib.crc32(key.encode()):08x}"

    def make() -> Response:
        if name in _SHEETS and published.count(con, collection) > MOST_SHEET_SPACES:
            raise Invalid("download.sheet_too_large", most=MOST_SHEET_SPACES)
        texts, columns = _of_kinds(con, collection, kinds), PUBLIC_COLUMNS.get(collection, ())
        content = write.Content(texts, columns, collection, crs, collection, imprint, readable=readable)
        # A few areas may be a large file: what they weigh is in their outlines.
        return _named(_answer(form, content, state, f"{key}|{__version__}", etag, small=False), form, collection)

    return _open_to_all(conditional(etag, make), imprint)


def language() -> str:
    """The language of a file: as its address says, else the city's first, since it is kept for everybody."""
    offered = database.settings().languages
    return arguments.choice(request.args, "language", offered, offered[0])


def _readable(form: write.Format, collection: str) -> write.Readable | None:
    """The table for people, where the address asks for it and the collection has one."""
    if arguments.text(request.args, "for") != "people" or collection not in ("spaces", "needs"):
        return None
    write.check_for_people(form)
    if collection == "needs":
        return listing.needs_for_people(database.settings(), language())
    return listing.for_people(database.settings(), Audience.PUBLIC, language(), database.today())


def _imprint() -> write.Imprint:
    """What a file of today says of itself."""
    return imprints.imprint(database.settings(), database.today(), language(), source=addresses.known("public.data"))


def _answer(form: write.Format, content: write.Content, state: str, key: str, etag: str, *, small: bool) -> Response:
    """The content as an answer: what is small at once, everything else from a file that is kept."""
    chunks = write.stream(form, content)
    if small and chunks is not None:
        return _streamed(chunks)
    register, suffix = database.register(), form.suffixes[0]
    try:
        packed = _takes_gzip(form)
        if chunks is not None:
            end, sent = (f"{suffix}.gz", _squeezed(chunks)) if packed else (suffix, chunks)
            path = built_files.get(register, state, key, end, lambda path: _write(path, sent))
        else:
            path = built_files.get(register, state, key, suffix, lambda path: write.write_file(path, form, content))
            if packed:
                plain = path
                path = built_files.get(
                    register, state, key, f"{suffix}.gz", lambda path: _write(path, _squeezed(_read(plain)))
                )
        file = path.open("rb")
    except (built_files.Busy, FileNotFoundError):  # or it made room for others while we looked
        return _busy()
    answer = sending.a_file(file, form.mime, etag, whole=packed)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
        answer.set_etag(etag, weak=True)
    return answer


def _crs(form: write.Format) -> str:
    """The CRS that is asked for; over the web a number or one of our names, so that nothing has to be searched for."""
    text = arguments.text(request.args, "crs")
    return write.crs_for(form, geometry.coded_crs(text) if text else "")


def _busy() -> Response:
    said = words.sentence("download.busy")
    return Response(said, 503, {"Retry-After": "60"}, mimetype="text/plain")


def _keys(question: query.Question) -> list[int]:
    held = index.current()
    keys: list[int] = held.key[held.view(question.box, question.wanted).rows].tolist()
    return keys


def _of_keys(con: database.Connection, keys: Sequence[int]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _BATCH):
        yield list(published.features(con, keys[start : start + _BATCH]).values())


def _of_kinds(con: database.Connection, collection: str, kinds: Sequence[str]) -> Iterator[list[str]]:
    for batch in published.walk(con, collection):
        yield [text for text in batch if not kinds or orjson.loads(text)["properties"]["kind"] in kinds]


def _takes_gzip(form: write.Format) -> bool:
    return not form.is_packed and request.accept_encodings.find("gzip") >= 0 and "Range" not in request.headers


def _streamed(chunks: Iterable[bytes]) -> Response:
    """An answer that is made when it leaves: its connection is given back when it has gone, or was broken off."""
    give_back = database.take()

    def passing() -> Iterator[bytes]:
        yield from chunks
        give_back()

    answer = Response(passing())
    answer.call_on_close(give_back)
    return answer


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    with write.replacing(path) as made, made.open("wb") as out:
        out.writelines(chunks)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(sending.CHUNK):
            yield chunk


def _squeezed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Gzip of level 1: a fifth of the size at the speed of the disk."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def _named(answer: Response, form: write.Format, what: str) -> Response:
    """An answer with the name that the file gets on the asker's disk; what is no file gets none."""
    if answer.status_code not in (200, 206):
        return answer
    settings = database.settings()
    place = fold_name(settings.municipality).replace(" ", "-")
    name = "-".join(part for part in (place, what) if part)
    name = "".join(char for char in name if char.isascii())
    answer.content_type = form.mime
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}{form.suffixes[0]}"'
    return answer


def _open_to_all(answer: Response, imprint: write.Imprint) -> Response:
    """Open data: scripts of other sites may read it; kept copies are asked about each time."""
    sending.say_licence(answer, imprint.licence_url)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Content-Disposition, Link"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.vary.add("Accept-Encoding")
    return answer


def add_file_of(rooms: Rooms, collection: str) -> None:
    """Give the whole of a collection its address."""
    ending = f"<any({_NAMES}):name>" if collection in PUBLIC_COLUMNS else "geojson"
    rooms.add_url_rule(
        f"/{collection}.{ending}", f"{collection}_file", whole,
        permission=Permission.PUBLIC_READ, defaults={"collection": collection}, methods=["GET"],
    )  # fmt: skip


# Spaces are asked for; every other collection is given as it is, in every format where it has columns.
for _each in COLLECTIONS:
    if _each != "spaces":
        add_file_of(public, _each)
