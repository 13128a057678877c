"""How pictures in several sizes, and plans, come out of the confined process: one behind the other, and looked at."""

from __future__ import annotations

import struct

from tempuse.io.confined.wire import Odd

PLAN = struct.Struct("<H")  # how many pages a plan has
SIZED = struct.Struct("<HHII")  # width and height of a picture, and the lengths of its two files


def sized(width: int, height: int, jpg: bytes, webp: bytes) -> bytes:
    """One size of a picture with its two files, ready to be sent behind others."""
    return SIZED.pack(width, height, len(jpg), len(webp)) + jpg + webp


def all_sized(made: bytes) -> list[tuple[int, int, bytes, bytes]]:
    """The sizes of a picture that were sent: width, height, JPEG, WebP.

    Raises:
        Odd: they are none.
    """
    found, at = list[tuple[int, int, bytes, bytes]](), 0
    while at < len(made):
        if at + SIZED.size > len(made):
            raise Odd
        width, height, one, other = SIZED.unpack_from(made, at)
        first = at + SIZED.size
        at = first + one + other
        jpg, webp = made[first : first + one], made[first + one : at]
        if not (width and height and at <= len(made) and jpg[:3] == b"\xff\xd8\xff" and webp[8:12] == b"WEBP"):
            raise Odd
        found.append((width, height, jpg, webp))
    return found


def plan(pages: int, pdf: bytes) -> bytes:
    """A plan, ready to be sent."""
    return PLAN.pack(pages) + pdf


def read_plan(made: bytes) -> tuple[int, bytes]:
    """A plan that was sent: how many pages, and the PDF.

    Raises:
        Odd: it is none.
    """
    if not made.startswith(b"%PDF-", PLAN.size):
        raise Odd
    return PLAN.unpack_from(made)[0], made[PLAN.size :]
