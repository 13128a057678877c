"""Text as every format can hold it."""

from __future__ import annotations

import re

# What XML 1.0 has no way to write: control characters but tab and line ends, lone surrogates, two non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _UNPRINTABLE.sub("", text)


def cut(text: str, most_bytes: int) -> str:
    """The text in at most so many bytes of UTF-8, never within a character; an ellipsis says that it was cut."""
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"
