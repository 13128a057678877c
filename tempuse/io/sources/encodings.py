"""How the letters of a Shapefile are written: its .cpg in all spellings, the byte of its .dbf, and the letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tempuse.errors import Issue
from tempuse.io.sources import letters
from tempuse.io.sources.letters import Letters

_LOOK_AT = 8 * 1024 * 1024
_NUMBER = re.compile(r"(?:ansi|oem|cp|ibm|dos|win|windows|ldid|ms|code ?page)?[\s_/-]*(\d{3,5})")
_ISO = re.compile(r"(?:iso)?[\s_-]*8859[\s_-]*(\d{1,2})")
# What byte 29 of a .dbf means; 0x57 says "ANSI" and no more.
_LANGUAGE = {
    **dict.fromkeys((0x01, 0x09, 0x0B, 0x0D, 0x0F, 0x11, 0x15, 0x18, 0x19, 0x1B), "cp437"),
    **dict.fromkeys((0x02, 0x0A, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x1A, 0x1D, 0x25, 0x37), "cp850"),
    **dict.fromkeys((0x1F, 0x22, 0x23, 0x40, 0x64, 0x87), "cp852"), **dict.fromkeys((0x03, 0x58, 0x59), "cp1252"),
    **dict.fromkeys((0x08, 0x17, 0x66), "cp865"), **dict.fromkeys((0x26, 0x65), "cp866"),
    **dict.fromkeys((0x6A, 0x86), "cp737"), **dict.fromkeys((0x6B, 0x88), "cp857"), 0x04: "mac-roman", 0x24: "cp860",
    0x67: "cp861", 0x96: "mac-cyrillic", 0x97: "mac-latin2", 0x98: "mac-greek", 0xC8: "cp1250", 0xC9: "cp1251",
    0xCA: "cp1254", 0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip


def encoding_of(path: Path, countries: Sequence[str] = ()) -> tuple[Letters | None, list[Issue]]:
    """How a Shapefile's .dbf is encoded, None where it has no letters beyond ASCII; and what is to be said about that.

    Without a .cpg GDAL takes ISO-8859-1, and quotes and dashes of Windows become control characters.
    """
    dbf, cpg = beside(path, ".dbf"), beside(path, ".cpg")
    if dbf is None:
        return None, []
    with dbf.open("rb") as file:
        head = file.read(32)
        begins = int.from_bytes(head[8:10], "little")
        fields = file.read(max(begins - 32, 0))
        body = file.read(_LOOK_AT)
    names = [fields[at : at + 11].partition(b"\0")[0] for at in _columns(fields)]
    cells = list(_cells(fields, body))
    if all(each.isascii() for each in names) and not cells:
        return None, []
    found = letters.seen_in([*names, *(letters.whole(cell) if is_full else cell for cell, is_full in cells)])
    if found.is_utf8 and not found.odd:
        cut = sum(is_full and letters.whole(cell) != cell for cell, is_full in cells)
        said = [Issue(None, "", "", "file.letters_cut", "file.half_left_out", {"count": cut})] if cut else []
        return Letters("utf-8", is_cut=bool(cut)), said
    told = cpg.read_bytes()[:200].decode("utf-8", "replace").strip() if cpg else ""
    declared = code_page(told) or (_LANGUAGE.get(head[29], "") if len(head) == 32 else "")
    return letters.decide(letters.seen_in([*names, *(cell for cell, _ in cells)]), declared, countries)


def _columns(fields: bytes) -> Iterator[int]:
    """Where the columns are described in the head of a .dbf."""
    for at in range(0, len(fields) - 31, 32):
        if fields[at] == 0x0D:
            return
        yield at


def _cells(fields: bytes, body: bytes) -> Iterator[tuple[bytes, bool]]:
    """The texts beyond ASCII of a .dbf's rows, and whether each fills all the room that it has."""
    begin, texts = 1, []
    for at in _columns(fields):
        width = fields[at + 16]
        if fields[at + 11 : at + 12] == b"C":
            texts.append(slice(begin, begin + width))
        begin += width
    for start in range(0, len(body) - begin + 1, begin):
        row = body[start : start + begin]
        if not row.isascii():
            for each in texts:
                cell = row[each].rstrip(b" \0")
                if not cell.isascii():
                    yield cell, len(cell) == each.stop - each.start


def code_page(declared: str) -> str | None:
    """The code page that a .cpg means, by the name that Python has for it; None where nobody knows."""
    text = declared.strip().lower()
    if match := _ISO.fullmatch(text):
        text = f"iso8859-{match[1]}"
    elif match := _NUMBER.fullmatch(text):
        number = match[1]
        text = "utf-8" if number == "65001" else f"cp{number}"
        if re.fullmatch(r"2859\d|28603|28605", number):  # how Windows numbers the ISO pages
            text = f"iso8859-{int(number) - 28590}"
        elif re.fullmatch(r"8859\d{1,2}", number):
            text = f"iso8859-{number[4:]}"
    return letters.known(text) if text else None


def beside(path: Path, suffix: str) -> Path | None:
    """The part of a Shapefile with this suffix, also where it is written in capitals."""
    return next(
        (each for end in (suffix, suffix.upper(), suffix.title()) if (each := path.with_suffix(end)).exists()), None
    )
