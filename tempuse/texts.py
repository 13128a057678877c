"""What a text may hold, wherever it comes from: a form, a sender's file, another program."""

from __future__ import annotations

import re

# C0 controls but tab and newline, DEL, halves of UTF-16 pairs, and what Unicode says is no character: PostgreSQL
# refuses some of them, XML and spreadsheets others, and no person ever meant one.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """The text without what is no text; each line end is a newline."""
    if _NO_TEXT.search(text) is None:
        return text
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
