"""How the letters of a file are written: what it says of that is used, checked, and not believed.

The order of belief: a mark at its beginning; UTF-8, also where a few bytes are odd; what the file declares; the code
pages of the languages that are spoken where the list lies; those of every language around. A page is judged by the
text that it makes: letters that a language has, none in capitals within a word, no sign where only a letter can be.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from tempuse.errors import Issue
from tempuse.io.sources.alphabets import COMMON, LANGUAGES, SPOKEN

_CHUNK = 1024 * 1024
_MOST_WORDS = 1500
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_WORD = re.compile(rb"[A-Za-z0-9]*[\x80-\xff][A-Za-z0-9\x80-\xff]*")
_HIGH = re.compile(rb"[\x80-\xff]")
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_CUT = re.compile(
    rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)  # the beginning of a sequence
# Signs that people write; elsewhere than between letters each speaks a little for its page.
_SIGNS = frozenset("€£§°²³´·º»«¿¡½¼¾“”‘’„‚–—…•±×µ№\u00a0")
_OPENING = frozenset("«„“‘‚¿¡–—·\u00a0")
_WITHIN_WORDS = frozenset("’‘´·-\u00ad")
_GOOD, _SURER, _BETTER = 0.6, 0.3, 0.4
_NO_LETTER, _OTHER_LETTER, _NO_SIGN = -2.0, -0.5, -1.0
_RARER, _MORE_COMMON = 0.06, 0.3


@dataclass(frozen=True, slots=True)
class Letters:
    """How a file's letters are written.

    Attributes:
        encoding: as Python calls it.
        odd: the code page of the few bytes that are not UTF-8 like the rest; empty where there are none.
        is_cut: whether texts may end within a letter, as a .dbf has so many bytes for each and no more.
    """

    encoding: str
    odd: str = ""
    is_cut: bool = False

    @property
    def errors(self) -> str:
        """What ``open`` and ``decode`` are told about bytes that do not fit."""
        return _handler(self.odd) if self.odd else "replace"

    def read(self, text: bytes) -> str:
        """A text of its own, like a cell of a .dbf."""
        return (whole(text) if self.is_cut else text).decode(self.encoding, self.errors)


def whole(text: bytes) -> bytes:
    """A text in UTF-8 without the half letter at its end."""
    return text if text.isascii() or (cut := _CUT.search(text)) is None else text[: cut.start()]


@lru_cache(maxsize=64)
def _handler(page: str) -> str:
    """The name of a way to read bytes that are not UTF-8: by a code page."""

    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(page, "replace"), error.end

    name = f"tempuse-{page}"
    codecs.register_error(name, read)
    return name


def known(name: str) -> str | None:
    """An encoding by the name that Python has for it; None where nobody knows it, or it is none of letters."""
    try:
        found = codecs.lookup(name)
        b"".decode(found.name)
    except (LookupError, ValueError):
        return None
    return found.name


def mark_of(head: bytes) -> str | None:
    """The encoding that the first bytes of a file give away: by a mark, or as every other one is empty."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    head = head[: len(head) // 4 * 4]
    if len(head) >= 8 and (half := len(head) // 2):
        odd, even = head[1::2].count(0), head[::2].count(0)
        if max(odd, even) > 0.6 * half and min(odd, even) < 0.1 * half:
            return "utf-16-le" if odd > even else "utf-16-be"
    return None


@dataclass(slots=True)
class SeenBytes:
    """What stands in a file beyond ASCII.

    Attributes:
        words: the words with such bytes.
        whole: how many letters of UTF-8.
        plausible: how many of those are letters or signs that people around write.
        odd: how many bytes belong to no letter of UTF-8.
    """

    words: Counter[bytes]
    whole: int = 0
    plausible: int = 0
    odd: int = 0

    @property
    def is_utf8(self) -> bool:
        """Whether it is UTF-8, perhaps with a few odd bytes: by chance other pages never make as many letters."""
        return not self.odd or (self.whole >= self.odd and self.plausible >= 0.8 * self.whole)


def seen_in(chunks: Iterable[bytes]) -> SeenBytes:
    """Look through the bytes of a file; each chunk is looked at by itself, so it should end where a line does."""
    seen = SeenBytes(Counter())
    for chunk in chunks:
        if chunk.isascii():
            continue
        sequences = _SEQUENCE.findall(chunk)
        seen.whole += len(sequences)
        seen.plausible += sum(_is_written(each) for each in sequences)
        seen.odd += len(_HIGH.findall(chunk)) - sum(map(len, sequences))
        if len(seen.words) < _MOST_WORDS:
            seen.words.update(_WORD.findall(chunk))
    return seen


def _is_written(sequence: bytes) -> bool:
    code = ord(sequence.decode())
    return code < 0x530 or 0x1E00 <= code < 0x2300 or code > 0xFFFF


def is_utf8(file: BinaryIO) -> bool:
    """Whether all of a file is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file in large pieces, each of which ends where a line does, if there are lines."""
    while chunk := file.read(_CHUNK):
        yield chunk + file.readline(_CHUNK)


def decide(seen: SeenBytes, declared: str, countries: Sequence[str]) -> tuple[Letters, list[Issue]]:
    """How the letters of a file are written, and what is to be said about that.

    Args:
        seen: what stands in it.
        declared: the encoding that it names, as Python calls it; empty where it names none.
        countries: where the list lies, by two letters each.
    """
    if seen.is_utf8 and seen.odd:
        odd = _best(_words(seen, odd_only=True), "", countries)
        values = {"count": seen.odd, "encoding": odd}
        return Letters("utf-8", odd), [Issue(None, "", "", "file.odd_letters", "file.odd_read_in", values)]
    if seen.is_utf8:
        return Letters("utf-8"), []
    page = _best(_words(seen), declared if declared != "utf-8" else "", countries)
    if page == declared:
        return Letters(page), []
    message = "file.encoding_wrong" if declared else "file.encoding_guessed"
    values = {"encoding": page, **({"declared": declared} if declared else {})}
    return Letters(page), [Issue(None, "", declared, message, "file.read_in_encoding", values)]


def _words(seen: SeenBytes, *, odd_only: bool = False) -> list[bytes]:
    words = list(seen.words)[:_MOST_WORDS]
    if odd_only:
        words = [word for each in words if _HIGH.search(word := _SEQUENCE.sub(b"a", each))]
    return words


def _best(words: Sequence[bytes], declared: str, countries: Sequence[str]) -> str:
    """The code page that makes the best text; the declared one, unless another is clearly better."""
    here = list(dict.fromkeys(each for country in countries for each in SPOKEN.get(country, ())))
    texts: dict[str, _Text] = {}

    def judged(languages: Iterable[str]) -> tuple[float, str]:
        best = (-9.0, "cp1252")
        for language in languages:
            letters, pages = LANGUAGES[language]
            for rarity, page in enumerate(pages):
                if page not in texts:
                    texts[page] = _Text(words, page)
                score = texts[page].score(letters, rarity)
                if score > best[0] + 0.001:
                    best = (score, page)
        return best

    score, page = judged(here)
    if score < _GOOD:
        wider, other = judged(LANGUAGES)
        if wider > score + _SURER:
            score, page = wider, other
    if declared:
        text = _Text(words, declared)
        if max(text.score(letters) for letters, _ in LANGUAGES.values()) > score - _BETTER:
            return declared
    return page


class _Text:
    """What a code page makes of the words of a file: its letters by how often, and what speaks against it."""

    def __init__(self, words: Sequence[bytes], page: str) -> None:
        self.letters: Counter[str] = Counter()
        self._signs, self._against, self._count = 0, 0.0, 0
        table = _table(page)
        for word in words:
            text = [table[byte] for byte in word]
            for i, char in enumerate(text):
                if word[i] >= 0x80:
                    self._take(char, text[i - 1] if i else "", text[i + 1] if i + 1 < len(text) else "")

    def _take(self, char: str, before: str, after: str) -> None:
        self._count += 1
        if not char.isalpha() or char in "ªº":
            within = before.isalpha() and after.isalpha()
            if within and char in _WITHIN_WORDS:
                self._signs += 2
            elif within:
                self._against += _NO_LETTER
            elif char in _SIGNS and (char in _OPENING or not after.isalpha()):
                self._signs += 1
            else:
                self._against += _NO_LETTER if not char.isprintable() else _NO_SIGN
            return
        self.letters[char] += 1
        if not _is_latin(char) and any(each.isascii() and each.isalpha() for each in (before, after)):
            self._against += _NO_LETTER
        if (before.isdigit() or after.isdigit()) and not (before.isalpha() or after.isalpha()):
            self._against += _NO_SIGN
        elif char.isupper() and before.islower():
            self._against += 2 * _NO_SIGN
        elif char.islower() and before.isupper() and after.isupper():
            self._against += _NO_SIGN

    def score(self, letters: str, rarity: int = 0) -> float:
        """How well it is a text of the language that has these letters: 1 or a little more at best.

        A page that is rarer needs better reasons, the fewer letters there are.
        """
        found = self._against + 0.5 * self._signs
        for char, often in self.letters.items():
            small = _small(char)
            found += often * (1.0 + _MORE_COMMON * (small in COMMON) if small in letters else _OTHER_LETTER)
        count = max(self._count, 1)
        return found / count - _RARER * rarity / math.sqrt(count)


def _is_latin(char: str) -> bool:
    return char < "\u0370" or "\u1e00" <= char < "\u1f00"


@lru_cache(maxsize=4096)
def _small(char: str) -> str:
    return char if char == "İ" else unicodedata.normalize("NFC", char.lower())


@lru_cache(maxsize=64)
def _table(page: str) -> tuple[str, ...]:
    """What each byte is; what is none is a control character."""
    return tuple(bytes([byte]).decode(page, "ignore") or "\x01" for byte in range(256))
