"""What a text may hold, wherever it comes from and wherever it goes: a form, a sender's file, another program."""

from __future__ import annotations

import re

# C0 controls but tab and newline, DEL, halves of UTF-16 pairs, and what Unicode says is no character: PostgreSQL
# refuses some of them, XML and spreadsheets others, and no person ever meant one.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """The text without what is no text; each line end is a newline."""
    if text.isprintable() or _NO_TEXT.search(text) is None:
        return text
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cut(text: str, most_bytes: int) -> str:
    """The text in at most so many bytes of UTF-8, never within a character; an ellipsis says that it was cut."""
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"
