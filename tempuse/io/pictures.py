"""Pictures and scans that people send: taken by what they hold, never by their name, and read behind walls.

A picture is made anew, so that nothing of where and by whom it was taken stays in it; and so is a plan, a PDF that
everybody may come to see. A scan is such a picture, or a PDF that is kept byte for byte: a signature may depend on it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tempuse.errors import Invalid
from tempuse.io.confined import packed, reader, wire
from tempuse.io.confined.walls import MEGABYTE, Limits

MOST_PICTURE_MB, MOST_PAPER_MB, MOST_PLAN_MB = 15, 20, 20
MOST_PLAN_PAGES, MOST_UNFOLDED_MB = 30, 300
MOST_PIXELS = 100_000_000
LONGEST_SIDE = 2000
PICTURE, PAPER = "jpg", "pdf"
_PDF = b"%PDF-"
_LIMITS = Limits(seconds=40, memory=2048 * MEGABYTE, silence=60, file_bytes=MEGABYTE)
# What is said of any file that ends its reader, in words about lists.
_OF_LISTS = frozenset({"file.damaged", "file.reader_time", "file.reader_memory", "file.reader_ended"})


def safe_picture(path: Path, name: str = "") -> bytes:
    """A picture as we keep it: JPEG, upright, at most 2000 pixels on its longest side, without anything beside them.

    Args:
        path: the file that was sent.
        name: how its sender calls it.

    Raises:
        Invalid: it is empty, too large, no picture that we take, damaged, or has too many pixels.
    """
    shown = name or path.name
    _check_size(path, shown, "picture", MOST_PICTURE_MB)
    with _saying("picture.damaged", shown):
        return reader.make(
            "picture", path, shown, _LIMITS, MOST_PICTURE_MB * MEGABYTE, pixels=MOST_PIXELS, side=LONGEST_SIDE
        )


class Sized(NamedTuple):
    """A picture in one size: in pixels, and as JPEG and as WebP."""

    width: int
    height: int
    jpg: bytes
    webp: bytes


def sized_picture(path: Path, name: str = "", sides: Sequence[int] = ()) -> list[Sized]:
    """A picture in several sizes as we show it: upright, without anything beside its pixels.

    Args:
        path: the file that was sent.
        name: how its sender calls it.
        sides: the longest side of each size in pixels, the smallest first; a smaller picture stays as small.

    Raises:
        Invalid: it is empty, too large, no picture that we take, damaged, or has too many pixels.
    """
    shown = name or path.name
    _check_size(path, shown, "picture", MOST_PICTURE_MB)
    with _saying("picture.damaged", shown):
        made = reader.make(
            "picture", path, shown, _LIMITS, MOST_PICTURE_MB * MEGABYTE, pixels=MOST_PIXELS, sides=list(sides)
        )
    try:
        found = [Sized(*each) for each in packed.all_sized(made)]
    except wire.Odd as error:
        raise Invalid("picture.damaged", name=shown) from error
    if len(found) != len(sides):
        raise Invalid("picture.damaged", name=shown)
    return found


def safe_paper(path: Path, name: str = "") -> tuple[bytes, str]:
    """A scan as we keep it, and the ending of its name: a PDF as it is, or a picture made anew.

    Args:
        path: the file that was sent.
        name: how its sender calls it.

    Raises:
        Invalid: it is neither; it is empty, too large or damaged; a PDF has a password, programs or files within.
    """
    shown = name or path.name
    with path.open("rb") as file:
        is_pdf = file.read(len(_PDF)) == _PDF
    if not is_pdf:
        try:
            return safe_picture(path, name), PICTURE
        except Invalid as error:
            if error.message == "picture.none":
                raise Invalid("paper.none", name=shown) from error
            raise
    _check_size(path, shown, "paper", MOST_PAPER_MB)
    with _saying("paper.damaged", shown):
        reader.make("paper", path, shown, _LIMITS, 0)
    return path.read_bytes(), PAPER


class Plan(NamedTuple):
    """A plan as we show it: how many pages, and the PDF."""

    pages: int
    pdf: bytes


def safe_plan(path: Path, name: str = "") -> Plan:
    """A plan as we show it: its pages as they are drawn, without anything beside them.

    Args:
        path: the file that was sent.
        name: how its sender calls it.

    Raises:
        Invalid: it is no PDF; it is empty, too large or damaged, has a password, too many pages, or unfolds to more
            than is allowed.
    """
    shown = name or path.name
    _check_size(path, shown, "plan", MOST_PLAN_MB)
    with path.open("rb") as file:
        if file.read(len(_PDF)) != _PDF:
            raise Invalid("plan.none", name=shown)
    with _saying("paper.damaged", shown):
        made = reader.make(
            "plan", path, shown, _LIMITS, 2 * MOST_PLAN_MB * MEGABYTE, pages=MOST_PLAN_PAGES, pixels=MOST_PIXELS,
            unfolded=MOST_UNFOLDED_MB * MEGABYTE,
        )  # fmt: skip
    try:
        return Plan(*packed.read_plan(made))
    except wire.Odd as error:
        raise Invalid("paper.damaged", name=shown) from error


def _check_size(path: Path, shown: str, noun: str, most: int) -> None:
    size = path.stat().st_size
    if not size:
        raise Invalid("file.empty", name=shown)
    if size > most * MEGABYTE:
        too_large = {"picture": "picture.too_large", "paper": "paper.too_large", "plan": "plan.too_large"}[noun]
        raise Invalid(too_large, name=shown, most=most)


@contextlib.contextmanager
def _saying(message: str, shown: str) -> Iterator[None]:
    """Say in words about pictures and papers what ended their reader."""
    try:
        yield
    except Invalid as error:
        if error.message in _OF_LISTS:
            raise Invalid(message, name=shown) from error
        raise
