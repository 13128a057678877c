"""A PDF from outside becomes one of ours: the pages as they are seen, without anything beside them.

What its pages are drawn of is taken over, and nothing else: no programs, links, forms, notes, other files, bookmarks,
or words about who made it. Notes and stamps that would be printed are drawn into their page first.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name

from tempuse.errors import Invalid
from tempuse.io.confined import packed, paper

# What is taken of a page.
_OF_PAGE = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources", "/Contents"})
# What stands beside the bytes of a picture, a font or a part of a page, and is not needed to draw it; a stream whose
# bytes lie in another file has none.
_BESIDE = (
    "/Metadata", "/PieceInfo", "/AF", "/OPI", "/Ref", "/Alternates", "/LastModified", "/StructParent", "/StructParents",
    "/Measure", "/PtData", "/ID", "/F", "/FFilter", "/FDecodeParms",
)  # fmt: skip
_ODD = (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, RecursionError, OverflowError, struct.error)


def make(request: dict[str, Any]) -> bytes:
    """The plan, packed by ``packed.plan``; the same one gives the same bytes.

    Raises:
        Invalid: it is damaged, has a password, no pages or too many, or becomes too large when it is unfolded.
    """
    shown, most = request["shown"], int(request["pages"])
    try:
        with pikepdf.open(request["path"]) as sent:
            if sent.is_encrypted:
                raise Invalid("paper.encrypted", name=shown)
            pages = len(sent.pages)
            if not pages:
                raise Invalid("paper.no_pages", name=shown)
            if pages > most:
                raise Invalid("plan.too_many_pages", name=shown, pages=pages, most=most)
            _check_unfolded(sent, shown, int(request["unfolded"]), int(request["pixels"]))
            with _drawn(sent) as made:
                return packed.plan(pages, _written(made, shown))
    except pikepdf.PasswordError as error:
        raise Invalid("paper.encrypted", name=shown) from error
    except _ODD as error:
        raise Invalid("paper.damaged", name=shown) from error


@contextlib.contextmanager
def _drawn(sent: pikepdf.Pdf) -> Iterator[pikepdf.Pdf]:
    """A new PDF with what the pages are drawn of."""
    with contextlib.suppress(*_ODD):  # without them it is still a plan
        sent.flatten_annotations("print")
    with pikepdf.new() as made:
        for page in sent.pages:
            for name in [name for name in dict(page.obj) if name not in _OF_PAGE and name != "/Parent"]:
                del page.obj[name]
            made.pages.append(page)  # with what it inherits
        yield made


def _written(made: pikepdf.Pdf, shown: str) -> bytes:
    for found in made.objects:
        if isinstance(found, pikepdf.Stream):
            for name in [name for name in _BESIDE if name in found]:
                del found[name]
            if found.get("/Subtype") == Name.Image and _filters(found) == ["/DCTDecode"]:
                said = found.get("/DecodeParms")
                said = said if isinstance(said, pikepdf.Dictionary) else None
                found.write(bare_jpeg(found.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=said)
        paper.look_at(found, shown)
    paper.look_at(made.trailer, shown)
    written = io.BytesIO()
    made.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _filters(stream: pikepdf.Stream) -> list[str]:
    named = stream.get("/Filter", pikepdf.Array())
    return [str(each) for each in ([named] if isinstance(named, pikepdf.Name) else named)]


def _check_unfolded(sent: pikepdf.Pdf, shown: str, most: int, pixels: int) -> None:
    """Refuse what is small as it is sent and large as it is looked at."""
    left = most
    for found in sent.objects:
        if not isinstance(found, pikepdf.Stream):
            continue
        if found.get("/Subtype") == Name.Image and int(found.get("/Width", 0)) * int(found.get("/Height", 0)) > pixels:
            raise Invalid("plan.too_much", name=shown)
        content = found.read_raw_bytes()
        for each in _filters(found):
            if each not in ("/FlateDecode", "/Fl"):
                break
            content = _unfolded(content, left)
        left -= len(content)
        if left < 0:
            raise Invalid("plan.too_much", name=shown)


def _unfolded(content: bytes, most: int) -> bytes:
    """What was folded, as far as it is no more than so many bytes and one."""
    unfolder = zlib.decompressobj()
    try:
        return unfolder.decompress(content, most + 1)
    except zlib.error:  # pages are drawn of what can be read of it, too
        return b""


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without what its camera wrote beside it; how its colours are meant (Adobe's mark) stays.

    Raises:
        ValueError: it is none.
    """
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    kept, at = [content[:2]], 2
    while at + 4 <= len(content):
        mark, kind = content[at], content[at + 1]
        if mark != 0xFF:
            raise ValueError("no JPEG")
        if kind == 0xFF:  # filled up
            at += 1
            continue
        if kind == 0xDA:  # from here on it is the picture
            return b"".join((*kept, content[at:]))
        (length,) = struct.unpack_from(">H", content, at + 2)
        if not (0xE1 <= kind <= 0xEF and kind != 0xEE) and kind != 0xFE:
            kept.append(content[at : at + 2 + length])
        at += 2 + length
    raise ValueError("no JPEG")
