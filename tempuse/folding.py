"""Folding: two spellings of one word become the same, for comparing names, values and addresses."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_QUOTES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'", "\u00a0": " ", "\u202f": " "}
)
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case, without accents, with plain apostrophes and single spaces; what is folded is not changed by it."""
    if text.isascii():  # nearly every one; nothing of it comes apart
        return " ".join(text.replace("`", "'").lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES).casefold().translate(_LETTERS))
    folded = " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
    # A letter may come apart into some that fold further: "🄐" into "(A)".
    return folded if folded == text else fold(folded)


@lru_cache(maxsize=65536)
def fold_name(text: str) -> str:
    """A column's name folded: also without punctuation, so that ``Site_Name`` is ``site name``."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(text)).split())
