"""How the letters of a Shapefile are written: by its bytes, since .cpg files are often missing and sometimes wrong."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from tempuse.errors import Issue

_LOOK_AT = 8 * 1024 * 1024
_NUMBER = re.compile(r"(?:ansi|oem|cp|ibm|dos|win|windows|ldid|ms|code ?page)?[\s_/-]*(\d{3,5})")
_ISO = re.compile(r"(?:iso)?[\s_-]*8859[\s_-]*(\d{1,2})")


def encoding_of(path: Path) -> tuple[str | None, list[Issue]]:
    """How a Shapefile's .dbf is encoded, and what is to be said about that.

    Without a .cpg GDAL takes ISO-8859-1, and quotes and dashes of Windows become control characters.
    """
    dbf, cpg = beside(path, ".dbf"), beside(path, ".cpg")
    if dbf is None:
        return None, []
    with dbf.open("rb") as file:
        head = file.read(32)
        file.seek(int.from_bytes(head[8:10], "little"))
        body = file.read(_LOOK_AT)
    declared = cpg.read_bytes()[:200].decode("utf-8", "replace").strip() if cpg else ""
    if not any(byte > 127 for byte in body):
        return None, []
    if _fits(body[: body.rfind(b" ") + 1], "utf-8"):
        return "utf-8", []
    page = code_page(declared)
    if page not in (None, "utf-8", "iso8859-1") and _fits(body, str(page)):
        return page, []
    values = {"encoding": "cp1252"}
    return "cp1252", [Issue(None, "", declared, "file.encoding_guessed", "file.read_in_encoding", values)]


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
    try:
        return codecs.lookup(text).name if text else None
    except (LookupError, ValueError):
        return None


def beside(path: Path, suffix: str) -> Path | None:
    """The part of a Shapefile with this suffix, also where it is written in capitals."""
    return next(
        (each for end in (suffix, suffix.upper(), suffix.title()) if (each := path.with_suffix(end)).exists()), None
    )


def _fits(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
